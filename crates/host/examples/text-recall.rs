//! Reads all PGM pictures of a folder with this project's readers of text, and writes the boxes
//! of each, with margins, to `boxes-NAME.tsv` there: picture, seconds, boxes.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example that reads a folder, measures time and writes tables"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use spinemed_deidentify::Grey;
use spinemed_deidentify::pixels::{TextReader, find};
use spinemed_host::Tesseract;

type Boxes = Vec<[u32; 4]>;

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).context("which folder?")?;
    let folder = Path::new(&folder);
    let mut pictures: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    pictures.retain(|file| file.extension().is_some_and(|end| end == "pgm"));
    pictures.sort();
    write(folder, "ours", &pictures, &|picture| Ok(find(picture)))?;
    if let Some(reader) = Tesseract::installed() {
        write(folder, "tesseract", &pictures, &|picture| {
            let words = reader.words(picture)?;
            let padded = words.into_iter().map(|word| {
                let [x0, y0, x1, y1] = word.region;
                let margin = (x1 - x0).min(y1 - y0).div_ceil(3) + 2;
                let low = |edge: u32| edge.saturating_sub(margin);
                [low(x0), low(y0), x1 + margin, y1 + margin]
            });
            Ok(padded.collect())
        })?;
    }
    Ok(())
}

fn write(
    folder: &Path,
    name: &str,
    pictures: &[PathBuf],
    read: &dyn Fn(&Grey<'_>) -> Result<Boxes>,
) -> Result<()> {
    let mut table = String::new();
    for file in pictures {
        let bytes = std::fs::read(file)?;
        let picture = pgm(&bytes).context("not a binary PGM of 8 bits")?;
        let start = Instant::now();
        let boxes = read(&picture)?;
        let seconds = start.elapsed().as_secs_f64();
        let listed: Vec<String> = boxes
            .iter()
            .map(|edges| edges.map(|edge| edge.to_string()).join(","))
            .collect();
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        table += &format!("{stem}\t{seconds:.4}\t{}\n", listed.join(" "));
    }
    std::fs::write(folder.join(format!("boxes-{name}.tsv")), table)?;
    println!("{name}: {} pictures", pictures.len());
    Ok(())
}

fn pgm(bytes: &[u8]) -> Option<Grey<'_>> {
    let mut fields = bytes.splitn(5, |byte| byte.is_ascii_whitespace());
    let magic = fields.next()?;
    let mut number = || {
        std::str::from_utf8(fields.next()?)
            .ok()?
            .parse::<u32>()
            .ok()
    };
    let (width, height, most) = (number()?, number()?, number()?);
    let pixels = fields.next()?;
    (magic == b"P5" && most == 255).then_some(Grey {
        width,
        height,
        pixels,
    })
}
