//! Prints what is understood of PDF files, and how fast: `cargo run -p spinemed-pdf --example
//! show -- FILE...`. With `--time` only the time is printed, the best of five passes in one
//! process, pictures included.
#![allow(
    clippy::disallowed_methods,
    reason = "an example for people reads files and the clock"
)]
#![allow(clippy::print_stdout, reason = "printing is its purpose")]

use std::time::Instant;

use spinemed_core::locator::FileRef;
use spinemed_core::{Digest, DocumentId};
use spinemed_pdf::{PdfError, Reading};

fn main() -> std::io::Result<()> {
    let (options, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let files: Vec<(String, Vec<u8>)> = names
        .into_iter()
        .map(|name| std::fs::read(&name).map(|bytes| (name, bytes)))
        .collect::<Result<_, _>>()?;
    if options.iter().any(|o| o == "--time") {
        let passes = (0..5).map(|_| time(&files));
        let best = passes
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0, 1.0));
        println!(
            "{} pages in {:.3} s: {:.0} pages/s",
            best.0,
            best.1,
            f64::from(best.0) / best.1
        );
    } else {
        for (name, bytes) in &files {
            match read(name, bytes) {
                Ok(reading) => show(&reading),
                Err(error) => println!("{name}: {error}"),
            }
        }
    }
    Ok(())
}

fn read(name: &str, bytes: &[u8]) -> Result<Reading, PdfError> {
    let file = FileRef {
        path: name.to_owned(),
        sha256: Digest::of(bytes),
    };
    spinemed_pdf::read(bytes, &DocumentId::new(format!("show/{name}")), file)
}

fn time(files: &[(String, Vec<u8>)]) -> (u32, f64) {
    let start = Instant::now();
    let pages = files
        .iter()
        .filter_map(|(n, b)| read(n, b).ok())
        .map(|(d, _, _)| d.pages)
        .sum();
    (pages, start.elapsed().as_secs_f64())
}

fn show((document, media, faults): &Reading) {
    println!(
        "{} {:?} {:?}",
        document.id, document.title, document.identifier
    );
    for b in &document.blocks {
        let label = b.page_label.as_deref().unwrap_or("-");
        let bbox = b.bbox.unwrap_or_default().map(|v| v.round());
        println!(
            "{} {:?} p{} [{label}] {bbox:?} depth {:?} in {:?}\n    {}",
            b.id,
            b.kind,
            b.page.unwrap_or(0),
            b.depth,
            b.section,
            b.text
        );
        b.cells
            .iter()
            .for_each(|row| println!("    | {}", row.join(" | ")));
    }
    for f in &document.figures {
        println!(
            "{} {:?} p{:?} {:?} caption {:?} score {} {:?}",
            f.id, f.label, f.page, f.bbox, f.caption, f.score, f.reasons
        );
        for m in &f.media {
            println!(
                "    {} {}×{} {}",
                m.media_type, m.width, m.height, m.transform
            );
        }
    }
    faults
        .iter()
        .for_each(|f| println!("{}: {}", f.place(), f.reason));
    println!(
        "{} blocks, {} figures, {} pictures",
        document.blocks.len(),
        document.figures.len(),
        media.len()
    );
}
