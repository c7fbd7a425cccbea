use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::made::{Files, manifest};

const SMALL: DocumentLimits = DocumentLimits {
    seconds: 20,
    memory: 512,
};

/// Reading in this process gives nothing, which tells it from a child's rejection.
struct Nothing;

impl Reading for Nothing {
    fn identity(&self) -> String {
        "engine 1".to_owned()
    }

    fn ingest(&self, _: &Manifest, _: &dyn Tree) -> Ingested {
        Ingested::default()
    }
}

fn script(script: &str, limits: DocumentLimits) -> Isolated<Nothing> {
    let arguments = vec!["-c".into(), script.into()];
    Isolated::new(Path::new("/bin/sh").into(), arguments, limits, Nothing)
}

fn files() -> Files {
    Files(BTreeMap::from([
        ("Z.NXML".to_owned(), Some(b"<article/>".to_vec())),
        ("a.jpg".to_owned(), Some(vec![1])),
    ]))
}

/// What becomes of a document whose reader is this shell script: one rejection, for a reason.
fn check(text: &str, limits: DocumentLimits, expect: &str) {
    let read = script(text, limits).ingest(&manifest(Format::Jats), &files());
    let [problem] = &read.rejected[..] else {
        panic!("{text}: {read:?}");
    };
    assert!(read.records.is_empty() && read.media.is_empty() && read.problems.is_empty());
    let at = (problem.file.as_str(), problem.place.as_str());
    assert_eq!(at, ("Z.NXML", LIMITS), "{text}");
    assert!(
        problem.reason.contains(expect),
        "{text}: {}",
        problem.reason
    );
}

#[test]
fn whatever_a_child_does_costs_one_document() {
    check("exit 1", SMALL, "broke down");
    check("exit 0", SMALL, "broke down");
    check("cat", SMALL, "broke down");
    check("printf 'R\\001\\0\\0\\0\\0\\0\\0\\0{'", SMALL, "broke down");
    check("kill -9 $$", SMALL, "from outside, twice");
    check("exec /no/such/program", SMALL, "could not be started");
    check(
        "printf 'R\\377\\377\\377\\377\\377\\377\\377\\177'; cat",
        SMALL,
        "a quarter of the memory",
    );
    let short = DocumentLimits {
        seconds: 1,
        ..SMALL
    };
    check("while :; do :; done", short, "`seconds` in `[limits]`");
}

#[test]
fn an_answer_counts_only_with_a_good_end() {
    let whole = "printf 'Z\\011\\0\\0\\0\\0\\0\\0\\0[0,0,0,0]'";
    let read = script(whole, SMALL).ingest(&manifest(Format::Pdf), &files());
    assert_eq!(read, Ingested::default());
    check(&format!("{whole}; exit 9"), SMALL, "broke down");
}

#[test]
fn a_program_that_cannot_start_is_no_fault_of_a_document() {
    let missing = Isolated::new("/no/such/program".into(), vec![], SMALL, Nothing);
    let read = missing.attempt(&manifest(Format::Pdf), &files());
    assert!(read.is_err_and(|cause| cause.contains("could not be started")));
}

#[test]
fn only_documents_are_read_apart() {
    for (format, apart) in [
        (Format::Pdf, true),
        (Format::Jats, true),
        (Format::QuestionBank, false),
        (Format::Rsna2024Lumbar, false),
        (Format::Case, false),
    ] {
        let read = script("exit 1", SMALL).ingest(&manifest(format), &files());
        assert_eq!(!read.rejected.is_empty(), apart, "{format:?}");
    }
    assert_eq!(script("", SMALL).identity(), "engine 1");
}

#[test]
fn what_came_of_a_limit_stands_while_the_limits_do() {
    let read = script("exit 1", SMALL).ingest(&manifest(Format::Pdf), &files());
    let problem = &read.rejected[0];
    assert!(script("", SMALL).stands(problem));
    let more = DocumentLimits {
        memory: 1_024,
        ..SMALL
    };
    assert!(!script("", more).stands(problem));
    // Other problems come of the file alone.
    let mut other = problem.clone();
    other.place = "file".to_owned();
    assert!(script("", more).stands(&other));
}
