//! The key of a run: a secret one by its name, or a public one for made data.

use std::path::Path;

use spinemed_deidentify::Key;
use spinemed_run::custody;

use crate::args::DeidArgs;
use crate::exit;
use crate::failure::Failure;

/// Finds the key.
///
/// # Errors
/// A failure that repeats nothing of a key.
pub fn find(args: &DeidArgs) -> Result<Key, Failure> {
    match (&args.key, &args.public_key) {
        (Some(name), _) => secret(name, args),
        (None, Some(path)) => read(
            path,
            true,
            "name a file that begins with `spinemed-public-key-1`",
        ),
        (None, None) => Err(
            refused("there is no key: what is written could not be traced back")
                .hint("make one with `spinemed key create NAME`, then give `--key NAME`"),
        ),
    }
}

fn refused(message: impl std::fmt::Display) -> Failure {
    Failure::new(exit::POLICY, anyhow::anyhow!("{message}"))
}

fn secret(name: &str, args: &DeidArgs) -> Result<Key, Failure> {
    let variable = |name: &str| std::env::var(name).ok();
    let path = custody::file(name, &variable)
        .map_err(|no_key| Failure::usage(no_key.cause).hint(no_key.hint))?;
    let whole = |path: &Path| {
        path.canonicalize()
            .or_else(|_| std::path::absolute(path))
            .ok()
    };
    let place = whole(&path);
    let data = args
        .inputs
        .iter()
        .chain([&args.out])
        .filter_map(|p| whole(p));
    if data
        .into_iter()
        .any(|data| place.as_ref().is_some_and(|p| p.starts_with(data)))
    {
        return Err(
            refused(format!("key `{name}` lies with the data that it protects"))
                .hint("move the folder of keys elsewhere and set SPINEMED_KEYS"),
        );
    }
    read(
        &path,
        false,
        &format!("make one with `spinemed key create {name}`, or bring it back"),
    )
}

fn read(path: &Path, public: bool, missing: &str) -> Result<Key, Failure> {
    let other = "a secret key is named with `--key`, a public one with `--public-key`";
    custody::read(path, public, missing, other)
        .map_err(|no_key| refused(no_key.cause).hint(no_key.hint))
}
