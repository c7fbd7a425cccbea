//! How fast free text is cleaned, and whether the time grows with the text alone:
//!
//! `text-speed FILE en|zh`
//!
//! The file is cleaned as a whole, repeated 1, 2, 4 and 8 times. It prints sizes and speeds, and
//! nothing of the text.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads the file that it is given and measures"
)]

use std::time::Instant;

use spinemed_core::vocabulary::Language;
use spinemed_deidentify::{Key, Known, Subject, redact};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, language] = arguments.as_slice() else {
        return Err("usage: text-speed FILE en|zh".into());
    };
    let text = std::fs::read_to_string(file)?;
    let language = match language.as_str() {
        "zh" => Language::Zh,
        _ => Language::En,
    };
    let key = Key::parse(&Key::file(std::array::from_fn(|i| i as u8 * 7 + 3)))?;
    let subject = Subject::new(&key, "measured")?;
    let mut known = Known::default();
    known.add("name", "Measured^Patient");
    let _ = redact("The lists load with it.", language, &subject, &known);
    for times in [1, 2, 4, 8] {
        let long = text.repeat(times);
        let start = Instant::now();
        let done = redact(&long, language, &subject, &known);
        let seconds = start.elapsed().as_secs_f64();
        let size = long.len() as f64 / 1e6;
        println!(
            "{size:.2} MB in {seconds:.2} s, {:.2} MB/s, {} redactions",
            size / seconds,
            done.redactions.len()
        );
    }
    Ok(())
}
