//! Reads every file below folders and tells what became of it, to be compared with other
//! readers:
//!
//! `survey [--samples OUT] FOLDER…`
//!
//! One line per file: its path, `opened` or `refused`, why, and of pixels the layout and a
//! digest of all frames. With `--samples`, samples are written as numbers of 32 bits below
//! `OUT`. Paths are printed: it is no tool for patients' files.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads and writes the folders that it is given"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use spinemed_dicom::{Native, decode_native, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut folders: Vec<String> = std::env::args().skip(1).collect();
    let mut out = None;
    if folders.first().is_some_and(|first| first == "--samples") {
        out = folders.get(1).cloned();
        folders.drain(..2);
    }
    let mut paths = Vec::new();
    for folder in &folders {
        below(Path::new(folder), &mut paths)?;
    }
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path)?;
        let began = Instant::now();
        let told = match read(&bytes) {
            Err(error) => format!("refused\t{error}"),
            Ok(object) => {
                let syntax = object.meta().transfer_syntax().to_owned();
                let elements = object.iter().count();
                match decode_native(&object) {
                    Ok(native) => {
                        if let Some(out) = &out {
                            keep(Path::new(out), &path, &native)?;
                        }
                        format!("opened\t{syntax}\t{elements}\t{}", told(&native))
                    }
                    Err(error) => format!("opened\t{syntax}\t{elements}\t{error}"),
                }
            }
        };
        println!(
            "{}\t{told}\t{} ms",
            path.display(),
            began.elapsed().as_millis()
        );
    }
    Ok(())
}

fn told(native: &Native) -> String {
    let Native {
        frames,
        rows,
        columns,
        samples,
        bits_allocated,
        bits_stored,
        signed,
        photometric,
        ..
    } = native;
    let digest = spinemed_core::Digest::of(&native.data);
    format!(
        "{frames}x{rows}x{columns}x{samples} {bits_stored}/{bits_allocated} signed {signed} \
         {photometric} {digest}"
    )
}

/// Samples of 8 or 16 bits as little-endian numbers of 32 bits.
fn keep(out: &Path, path: &Path, native: &Native) -> std::io::Result<()> {
    std::fs::create_dir_all(out)?;
    let name = path.display().to_string().replace('/', "!");
    let (words, _) = native.data.as_chunks::<2>();
    let wide = |word: [u8; 2]| {
        if native.signed {
            i32::from(i16::from_le_bytes(word))
        } else {
            i32::from(u16::from_le_bytes(word))
        }
    };
    let numbers: Vec<i32> = match native.bits_allocated {
        8 if native.signed => native.data.iter().map(|b| i32::from(*b as i8)).collect(),
        8 => native.data.iter().map(|b| i32::from(*b)).collect(),
        16 => words.iter().map(|word| wide(*word)).collect(),
        _ => {
            let (words, _) = native.data.as_chunks::<4>();
            words.iter().map(|word| i32::from_le_bytes(*word)).collect()
        }
    };
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    std::fs::write(out.join(name), bytes)
}

/// Every file below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
