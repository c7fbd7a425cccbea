//! The demo sources of this repository, read as a build reads them.
// A test reads the repository's own files, and prints what it measured.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use spinemed_core::seam::{Ingest, Ingested, Record, Tree};
use spinemed_core::source::Manifest;
use spinemed_tables::{BankReader, KEY_IMAGES_PER_KIND, Rsna2024Reader};

struct Files(BTreeMap<String, PathBuf>);

impl Tree for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        let path = self.0.get(name).ok_or("no such file")?;
        std::fs::read(path)
            .map(Cow::Owned)
            .map_err(|error| error.to_string())
    }
}

fn gather(folder: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            gather(&path, &format!("{name}/"), files);
        } else if [".csv", ".jsonl", ".dcm"]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            files.insert(name, path);
        }
    }
}

fn ingest(source: &str, reader: &dyn Ingest) -> Ingested {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../sources")
        .join(source);
    let text = std::fs::read_to_string(folder.join("source.toml")).expect("a manifest");
    let manifest: Manifest = toml::from_str(&text).expect("a manifest");
    let mut files = BTreeMap::new();
    gather(&folder, "", &mut files);
    let read = reader.ingest(&manifest, &Files(files));
    for problem in read.rejected.iter().chain(&read.problems) {
        println!("{} {}: {}", problem.file, problem.place, problem.reason);
    }
    read
}

#[test]
fn the_demo_bank_is_read_whole() {
    let read = ingest("demo-bank", &BankReader);
    println!("{} questions", read.records.len());
    assert!(read.records.len() >= 10 && read.rejected.is_empty() && read.problems.is_empty());
}

#[test]
fn the_demo_dataset_is_read() {
    let read = ingest("demo-rsna", &Rsna2024Reader);
    println!(
        "{} studies, {} pictures",
        read.records.len(),
        read.media.len()
    );
    assert!(read.records.len() >= 10);
    for record in &read.records {
        let Record::Study(study) = record else {
            panic!("{record:?}")
        };
        println!(
            "{}: {} labels, {} missing, {} images",
            study.id,
            study.labels.len(),
            study.missing.len(),
            study.images.len()
        );
        assert_eq!(study.labels.len(), study.findings.len());
        assert!(study.labels.len() + study.missing.len() <= 25);
        assert!(study.images.len() <= 3 * KEY_IMAGES_PER_KIND);
    }
}
