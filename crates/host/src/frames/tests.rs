use std::collections::BTreeMap;
use std::io::Cursor;
use std::thread;

use proptest::prelude::*;
use spinemed_core::Problem;
use spinemed_core::locator::FileRef;
use spinemed_core::source::Format;

use super::*;
use crate::made::{Files, manifest};

/// A reader that gives each file as a document without blocks and a picture of its bytes.
struct Plain;

impl Reading for Plain {
    fn identity(&self) -> String {
        String::new()
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        let mut out = Ingested::default();
        let problem = |name: &str, reason: String| Problem {
            source: manifest.id.to_string(),
            file: name.to_owned(),
            place: "file".to_owned(),
            reason,
        };
        for name in tree.names() {
            match (tree.read(&name), tree.digest(&name)) {
                (Ok(bytes), Ok(sha256)) => {
                    assert_eq!(Digest::of(&bytes), sha256);
                    let path = name.clone();
                    out.records
                        .push(crate::made::document(FileRef { path, sha256 }));
                    let media = Media::new(bytes.into_owned(), "image/png", (1, 1), "original");
                    out.media.push(media);
                    out.problems.push(problem(&name, "a scratch".to_owned()));
                }
                (Err(cause), _) | (_, Err(cause)) => out.rejected.push(problem(&name, cause)),
            }
        }
        out
    }
}

/// Everything that a child would write when it reads these files, and what the parent makes
/// of some other bytes in their place.
fn dialogue(files: &Files, damage: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<Ingested, Broken> {
    let manifest = manifest(Format::Pdf);
    let mut script = Vec::new();
    let hello = Hello {
        manifest: manifest.clone(),
        names: files.names(),
    };
    put(&mut script, b'H', &json(&hello)).expect("in memory");
    for name in files.names() {
        reply(&mut script, files.read(&name)).expect("in memory");
        let digest = files.digest(&name);
        reply(
            &mut script,
            digest.map(|d| d.to_string().into_bytes().into()),
        )
        .expect("in memory");
    }
    let mut said = Vec::new();
    serve(&Plain, Cursor::new(script), &mut said).expect("in memory");
    let said = damage(said);
    ask(&manifest, files, io::sink(), Cursor::new(said), 1 << 20)
}

fn files() -> Files {
    Files(BTreeMap::from([
        ("a.pdf".to_owned(), Some(b"%PDF-".to_vec())),
        ("b.png".to_owned(), Some(vec![0, 255, 7])),
    ]))
}

#[test]
fn an_answer_is_what_the_reader_gave() {
    let files = files();
    let here = Plain.ingest(&manifest(Format::Pdf), &files);
    assert_eq!(here.records.len(), 2);
    assert_eq!(dialogue(&files, |said| said), Ok(here));
}

#[test]
fn files_that_cannot_be_read_are_told_so() {
    let (to_child, from_parent) = io::pipe().expect("a pipe");
    let (to_parent, from_child) = io::pipe().expect("a pipe");
    let child = thread::spawn(move || serve(&Plain, to_child, from_child));
    let files = Files(BTreeMap::from([("gone.pdf".to_owned(), None)]));
    let read = ask(
        &manifest(Format::Pdf),
        &files,
        from_parent,
        to_parent,
        1 << 20,
    );
    child.join().expect("no panic").expect("pipes hold");
    let read = read.expect("an answer");
    assert_eq!(read.rejected.len(), 1);
    assert_eq!(read.rejected[0].reason, "it is gone");
}

#[test]
fn a_frame_that_says_it_is_long_takes_no_memory() {
    let mut said = vec![b'R'];
    said.extend_from_slice(&u64::MAX.to_le_bytes());
    let read = dialogue(&files(), |_| said.clone());
    assert_eq!(read, Err(Broken::Long));
    said[1..].copy_from_slice(&1_000_000_u64.to_le_bytes());
    assert_eq!(dialogue(&files(), |_| said), Err(Broken::Off));
}

#[test]
fn a_picture_with_other_bytes_spoils_all() {
    let read = dialogue(&files(), |mut said| {
        let at = said
            .windows(5)
            .rposition(|w| w == b"%PDF-")
            .expect("the picture");
        said[at] ^= 1;
        said
    });
    assert_eq!(read, Err(Broken::Wrong));
}

proptest! {
    #[test]
    fn nothing_of_half_an_answer_is_used(cut in 0_usize..2_000) {
        let mut whole = 0;
        let read = dialogue(&files(), |mut said| {
            whole = said.len();
            said.truncate(cut);
            said
        });
        prop_assert_eq!(read.is_ok(), cut >= whole);
    }

    #[test]
    fn a_damaged_answer_is_refused_or_has_the_same_parts(at in 0_usize..2_000, bit in 0_u8..8) {
        let here = Plain.ingest(&manifest(Format::Pdf), &files());
        let read = dialogue(&files(), |mut said| {
            let at = at % said.len();
            said[at] ^= 1 << bit;
            said
        });
        if let Ok(read) = read {
            prop_assert_eq!(counts(&read), counts(&here));
        }
    }

    #[test]
    fn noise_is_no_answer(said in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(dialogue(&files(), |_| said).is_err());
    }

    #[test]
    fn a_question_that_is_none_is_refused(asked in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(serve(&Plain, Cursor::new(asked), io::sink()).is_err());
    }
}
