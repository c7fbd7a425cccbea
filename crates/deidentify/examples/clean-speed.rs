//! How fast the rules are: cleans all files of a folder a number of times, with one thread and
//! nothing written, and prints files and megabytes in a second.
//!
//! ```text
//! cargo run --release -p spinemed-deidentify --example clean-speed -- FOLDER 20
//! ```
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads files and the clock"
)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use spinemed_core::profile::Profile;
use spinemed_deidentify::{Key, Known, Policy, Subject, object, patient_id};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let rounds: u32 = arguments.next().map_or(Ok(1), |rounds| rounds.parse())?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(Path::new(&folder))? {
        let path = entry?.path();
        if path.is_file() {
            files.push(std::fs::read(path)?);
        }
    }
    let key = Key::parse(&Key::file(std::array::from_fn(|at| at as u8)))?;
    let policy = Policy::objects(Profile::default());
    let (start, mut bytes, mut clean, mut refused) = (Instant::now(), 0, 0_u32, 0_u32);
    for _ in 0..rounds {
        for file in &files {
            bytes += file.len();
            match one(file, &key, &policy) {
                Some(_) => clean += 1,
                None => refused += 1,
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let files = f64::from(clean + refused) / seconds;
    let megabytes = bytes as f64 / 1e6 / seconds;
    println!("{clean} cleaned, {refused} refused: {files:.0} files/s, {megabytes:.0} MB/s");
    Ok(())
}

/// The size of the clean file.
fn one(file: &[u8], key: &Key, policy: &Policy) -> Option<usize> {
    let raw = spinemed_dicom::read(file).ok()?;
    let subject = Subject::new(key, &patient_id(&raw).ok()?).ok()?;
    let clean = object(&raw, &subject, &mut Known::default(), policy).ok()?;
    Some(clean.bytes().ok()?.len())
}
