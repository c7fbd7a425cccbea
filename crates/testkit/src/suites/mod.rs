//! One suite of tests per seam, run on every implementation of it.

pub use model::{ModelCase, model_suite};

mod model;
