//! Fuzz targets: one function for each thing that reads what others wrote.
//!
//! The functions live in a library, so that the programs that libFuzzer drives are one line
//! each and an ordinary test runs every committed seed through its target. A target panics
//! when a promise is broken that must hold for every input; what is merely bad input must come
//! back as a problem, a rejection or an error.

pub mod model;
pub mod readers;
pub mod release;
pub mod settings;
pub mod text;

/// A target: takes any bytes, panics where a promise is broken.
pub type Target = fn(&[u8]);

/// Every target by the name of its program and of its folder of seeds.
pub const TARGETS: &[(&str, Target)] = &[
    ("bank-csv", readers::bank_csv),
    ("bank-jsonl", readers::bank_jsonl),
    ("case", readers::case),
    ("clinical", text::clinical),
    ("cnxml", readers::cnxml),
    ("dicom", readers::dicom),
    ("epub", readers::epub),
    ("fhir", readers::fhir),
    ("html", readers::html),
    ("jats", readers::jats),
    ("labels", text::labels),
    ("levels", text::levels),
    ("markdown", readers::markdown),
    ("model", model::answer),
    ("pdf", readers::pdf),
    ("release", release::edited),
    ("rsna2024", readers::rsna2024),
    ("settings", settings::settings),
];
