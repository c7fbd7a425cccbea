//! `spinemed init`: a workspace with a commented pipeline and one example source.

use std::path::Path;

use spinemed_store::write_durably;

use crate::exit;
use crate::failure::Failure;
use crate::output::say;

/// The files of a new workspace.
const FILES: [(&str, &str); 5] = [
    (
        "pipelines/first.toml",
        include_str!("../../init/first.toml"),
    ),
    (
        "sources/example-bank/source.toml",
        include_str!("../../init/source.toml"),
    ),
    (
        "sources/example-bank/questions.jsonl",
        include_str!("../../init/questions.jsonl"),
    ),
    (
        "sources/example-bank/README.md",
        include_str!("../../init/README.md"),
    ),
    (".gitignore", ".spinemed/\nreleases/\n"),
];

/// Makes a workspace; what is there already stays as it is.
pub fn run(dir: &Path) -> Result<u8, Failure> {
    for (name, text) in FILES {
        let path = dir.join(name);
        if path.exists() {
            say!("kept   {name}");
            continue;
        }
        write_durably(&path, text.as_bytes())?;
        say!("wrote  {name}");
    }
    say!("now: cd {} && spinemed build first", dir.display());
    Ok(exit::DONE)
}
