//! Writes a small made-up release into a folder: `tiny OUT`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example writes files"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use spinemed_release::Folder;

struct Directory(PathBuf);

impl Folder for Directory {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        Ok(Box::new(BufWriter::new(File::create_new(path)?)))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).ok_or("usage: tiny OUT")?;
    let corpus = support::corpus(&support::Size {
        documents: 30,
        packs: 6,
        pixels: 96,
    });
    let summary = support::release_into(&support::plan(), &corpus, &mut Directory(out.into()))?;
    println!(
        "{} instances, root {}",
        summary.counts.instances, summary.root
    );
    Ok(())
}
