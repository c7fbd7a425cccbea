//! The verifier, on a release with some bytes changed.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use spinemed_core::Digest;
use spinemed_release::{MemoryFolder, verify};

#[path = "../../release/tests/support/mod.rs"]
mod support;

struct Good {
    files: BTreeMap<String, Vec<u8>>,
    root: Digest,
}

/// A small release, written once.
fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let size = support::Size {
            documents: 1,
            packs: 1,
            pixels: 4,
        };
        let (folder, summary) = support::release(&support::plan(), &support::corpus(&size));
        Good {
            files: folder.files(),
            root: summary.root,
        }
    })
}

/// Changes a release as the bytes say, five for each change, and verifies it. Whatever was
/// changed must be found, and nothing may be found where nothing was.
pub fn edited(data: &[u8]) {
    let good = good();
    let mut files = good.files.clone();
    for change in data.chunks_exact(5).take(16) {
        apply(&mut files, change);
    }
    let changed = files != good.files;
    let found = verify(&MemoryFolder::of(files), Some(&good.root));
    assert_eq!(
        found.ok, !changed,
        "changed: {changed}, found: {:?}",
        found.damage
    );
    assert_eq!(found.ok, found.damage.is_empty());
}

/// One change: which file, what, where, with what.
fn apply(files: &mut BTreeMap<String, Vec<u8>>, change: &[u8]) {
    let [which, what, high, low, value] = *change else {
        return;
    };
    let names: Vec<String> = files.keys().cloned().collect();
    let Some(name) = names.get(usize::from(which) % names.len().max(1)) else {
        return;
    };
    let Some(bytes) = files.get_mut(name) else {
        return;
    };
    let at = (usize::from(high) << 8 | usize::from(low)) % (bytes.len() + 1);
    match what % 6 {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= value;
            }
        }
        1 => bytes.insert(at, value),
        2 => bytes.truncate(at),
        3 => {
            let end = bytes.len().min(at + usize::from(value));
            bytes.drain(at..end);
        }
        4 => {
            files.remove(name);
        }
        _ => {
            let copy = bytes.clone();
            files.insert(format!("{name}{}", char::from(b'a' + value % 26)), copy);
        }
    }
}
