//! Reads question banks and labelled imaging datasets.
//!
//! - [`BankReader`]: multiple choice and open questions in JSON Lines or CSV.
//! - [`Rsna2024Reader`]: studies in the layout of the RSNA 2024 lumbar spine dataset.
//!
//! A row that cannot be used is rejected with its line or row and column; the rest of the
//! file goes on. A file whose columns are not what they should be is rejected whole.

mod answer;
mod bank;
mod cells;
mod rsna;

pub use bank::BankReader;
pub use rsna::{KEY_IMAGES_PER_KIND, Rsna2024Reader};

#[cfg(test)]
mod testing;
