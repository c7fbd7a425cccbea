//! Language models behind [`spinemed_core::seam::Model`].
//!
//! [`http::HttpModel`] asks an OpenAI-compatible endpoint (hosted, vLLM, llama.cpp, Ollama);
//! [`recorded::Recorded`] answers from responses that were kept before. Both obey I4: a
//! response is in the journal before anyone sees it. [`endpoint::Endpoint`] is what a pipeline
//! declares about an endpoint, its prices included.
//!
//! Prompts, answers and keys appear in no error and no log: an error carries a status, the
//! endpoint's error code and a short reason that repeats nothing of the prompt.
//!
//! ```
//! use spinemed_model::endpoint::Endpoint;
//!
//! let endpoint = Endpoint::new("desk", "http://user:secret@localhost:8000/v1/", "qwen-vl");
//! assert_eq!(endpoint.identity().endpoint, "desk http://localhost:8000/v1");
//! ```

// The network, the clock that `Retry-After` dates are measured against, and cassettes: the
// endpoints of this crate are outside the program, so it may touch the outside.
#![allow(clippy::disallowed_methods)]

pub mod counting;
pub mod endpoint;
pub mod http;
pub mod json;
pub mod recorded;

pub use json::json_of;
