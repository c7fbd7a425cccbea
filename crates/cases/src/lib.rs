//! Reads hospital cases: `case.json` in our own format, or bundles of HL7 FHIR R4.
//!
//! What comes out is a [`CaseFile`] with everything that identifies the patient still in it;
//! only `deidentify` may make a record of it. So nothing here prints, logs or returns in an
//! error any value of the input: problems name file, place and rule. A part that cannot be
//! used is left out and said aloud; a case whose patient, consent or approval cannot be read
//! is rejected whole, because what is not understood there cannot be cleaned or permitted.
//!
//! ```
//! use spinemed_core::seam::Tree;
//! # struct Empty;
//! # impl Tree for Empty {
//! #     fn names(&self) -> Vec<String> { Vec::new() }
//! #     fn read(&self, _: &str) -> Result<std::borrow::Cow<'_, [u8]>, String> { Err(String::new()) }
//! # }
//! let read = spinemed_cases::read(&Empty);
//! assert_eq!(read.case.unwrap_err(), spinemed_cases::CaseError::NoRecord);
//! ```

mod cursor;
mod fault;
mod fhir;
mod file;
mod folder;
mod json;
mod term;
mod value;

pub use fault::{At, CaseError, CaseProblem, Place, Reason};
pub use folder::{ReadCase, read};
/// What [`read`] makes.
pub use spinemed_core::case::CaseFile;
