//! What tests of several crates share. A development dependency only; nothing of it ships.
//!
//! [`chat_server`] is an OpenAI-compatible endpoint that misbehaves on request; [`suites`]
//! holds, for each seam, the tests that every implementation must pass; [`search`] looks for
//! words that must not be in what a program left behind; [`articles`] reads real articles.

// Tests talk to real servers, processes and files.
#![allow(clippy::disallowed_methods)]
// Suites and servers fail by panicking: that is how a test fails.
#![allow(clippy::unwrap_used)]

pub mod articles;
pub mod chat_server;
pub mod search;
pub mod suites;
