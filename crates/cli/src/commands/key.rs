//! `spinemed key`: keys of patients' records.

use std::io::Read;

use spinemed_deidentify::Key;
use spinemed_run::custody;
use spinemed_store::{make_secret, names_in, read_secret};

use crate::args::{Format, KeyCommand};
use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::output::{json, say, table};

/// Makes or lists keys.
pub fn run(context: &Context, command: KeyCommand) -> Result<u8, Failure> {
    match command {
        KeyCommand::Create { name } => create(&name),
        KeyCommand::List => list(context),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn create(name: &str) -> Result<u8, Failure> {
    let wrong = |no_key: custody::NoKey| Failure::usage(no_key.cause).hint(no_key.hint);
    let path = custody::file(name, &variable).map_err(wrong)?;
    make_secret(&path, &Key::file(random()?)).map_err(|error| {
        Failure::new(exit::USAGE, error).hint("a key is never written over; choose another name")
    })?;
    say!("key written to `{}`", path.display());
    say!("keep a copy of it in a safe place: without it, records of patients can be neither");
    say!("built on nor traced back; whoever has it can link pseudonyms to patients");
    say!("name it in the pipeline:\n\n[deidentify]\nkey = {{ name = \"{name}\" }}");
    Ok(exit::DONE)
}

/// 32 bytes of the system's random numbers.
///
/// # Errors
/// A failure when the system gives none.
pub fn random() -> Result<[u8; 32], Failure> {
    let mut random = [0; 32];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .map_err(|e| Failure::usage(format!("no random numbers: {e}")))?;
    Ok(random)
}

fn list(context: &Context) -> Result<u8, Failure> {
    let folder = custody::folder(&variable)
        .ok_or_else(|| Failure::usage("neither SPINEMED_KEYS nor HOME is set"))?;
    let mut rows = Vec::new();
    for file in names_in(&folder) {
        let Some(name) = file.strip_suffix(".key") else {
            continue;
        };
        let state = match read_secret(&folder.join(&file), false) {
            Ok(text) => Key::parse(&text).map_or_else(|e| e.to_string(), |key| key.name()),
            Err(error) => error.to_string(),
        };
        rows.push(vec![name.to_owned(), state]);
    }
    if context.format == Format::Json {
        let keys: Vec<_> = rows
            .iter()
            .map(|row| serde_json::json!({"name": row[0], "public_name": row[1]}))
            .collect();
        json(&serde_json::json!({ "folder": folder, "keys": keys }));
    } else {
        say!("keys in `{}`", folder.display());
        say!("{}", table(&["name", "public name"], &rows));
    }
    Ok(exit::DONE)
}
