//! Fuzzes a page in HTML.

#![no_main]
// libFuzzer's entry point writes a file where it is asked to.
#![allow(clippy::disallowed_methods)]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spinemed_fuzz::readers::html(data));
