//! How many files a second are read, on one core:
//!
//! `speed FOLDER…`
//!
//! Files are in memory before the clock starts. Each is read twenty times.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads the folders that it is given and looks at the clock"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use spinemed_dicom::{DicomError, decode_native, read};

const TIMES: u32 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for folder in std::env::args().skip(1) {
        for entry in std::fs::read_dir(Path::new(&folder))? {
            let path = entry?.path();
            if path.is_file() {
                files.push(std::fs::read(path)?);
            }
        }
    }
    files.retain(|bytes| read(bytes).is_ok());
    let bytes: usize = files.iter().map(Vec::len).sum();
    tell("read", &files, bytes, |bytes| read(bytes).map(|_| ()));
    tell("read and decoded", &files, bytes, |bytes| {
        // What has no pixels is read all the same.
        let _ = decode_native(&read(bytes)?);
        Ok(())
    });
    Ok(())
}

fn tell(
    what: &str,
    files: &[Vec<u8>],
    bytes: usize,
    work: impl Fn(&[u8]) -> Result<(), DicomError>,
) {
    let began = Instant::now();
    for _ in 0..TIMES {
        for file in files {
            work(file).expect("it was read before");
        }
    }
    let each = began.elapsed().max(Duration::from_nanos(1)).as_secs_f64() / f64::from(TIMES);
    let (count, megabytes) = (files.len() as f64, bytes as f64 / 1e6);
    println!(
        "{what}: {:.0} files/s, {:.0} MB/s ({} files, {megabytes:.1} MB)",
        count / each,
        megabytes / each,
        files.len()
    );
}
