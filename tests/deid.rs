//! `spinemed deid` through the program: nothing of the input leaves, nothing is lost, and
//! neither workers nor kills change a byte.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make folders and read files, and fail by panicking"
)]

mod common;
#[path = "deid/made.rs"]
mod made;
#[path = "deid/pixels.rs"]
mod pixels;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use common::{Run, Workshop, files_below, list, number, text};
use dicom_core::Tag;
use made::{Image, PLANTED};
use serde_json::Value;
use spinemed_testkit::search::{leaks, leaks_in};

/// A place with a key, an input, and room for an output; no workspace.
struct Place {
    shop: Workshop,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = Workshop::empty();
        let keys = folder.path().join("keys").display().to_string();
        shop.set("SPINEMED_KEYS", &keys);
        fs::create_dir_all(folder.path().join("keys")).unwrap();
        let hex = "0123456789abcdef".repeat(4);
        for (name, text) in [
            ("keys/k.key", format!("spinemed-key-1 {hex}\n")),
            (
                "keys/other.key",
                format!("spinemed-key-1 {}\n", hex.replace('0', "1")),
            ),
            ("public.key", format!("spinemed-public-key-1 {hex}\n")),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            private(&path);
        }
        Self { shop, folder }
    }

    fn made() -> Self {
        let place = Self::new();
        made::folder(&place.at("in"));
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `deid`; words that begin with `@` are places.
    fn run(&self, words: &[&str]) -> Run {
        self.shop.run(
            &self
                .words(words)
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
        )
    }

    fn words(&self, words: &[&str]) -> Vec<String> {
        let place = |word: &&str| match word.strip_prefix('@') {
            Some(name) => self.at(name).display().to_string(),
            None => (*word).to_owned(),
        };
        std::iter::once("deid".to_owned())
            .chain(words.iter().map(place))
            .collect()
    }

    fn json(&self, words: &[&str], code: i32) -> Value {
        let words = [words, &["--format", "json"]].concat();
        self.run(&words).expect(code).json()
    }

    /// What people see, places and figures of time left out.
    fn show(&self, run: &Run) -> String {
        let text = format!("--- stdout\n{}--- stderr\n{}", run.stdout, run.stderr);
        let text = text.replace(&self.folder.path().display().to_string(), "[place]");
        text.lines()
            .map(|line| match line.find(" objects in ") {
                Some(at) if line.ends_with("a second") => {
                    format!("{} objects in […]\n", &line[..at])
                }
                _ => format!("{line}\n"),
            })
            .collect()
    }
}

#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn planted() -> Vec<String> {
    PLANTED.iter().map(|word| (*word).to_owned()).collect()
}

/// Every file below a folder with its bytes.
fn bytes(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = files_below(root).into_iter();
    let inner = |path: &PathBuf| path.strip_prefix(root).unwrap().to_owned();
    files
        .filter(|p| !p.ends_with("lock"))
        .map(|p| (inner(&p), fs::read(&p).unwrap()))
        .collect()
}

#[test]
fn nothing_of_the_input_leaves_and_nothing_is_lost() {
    let place = Place::made();
    let run = place.run(&["@in", "@out", "--key", "k"]).expect(7);
    insta::assert_snapshot!("deid_people", place.show(&run));
    let report = place.json(&["@in", "@out", "--key", "k"], 7);
    let objects = &report["objects"];
    let count = |name: &str| number(&objects[name]);
    assert_eq!((count("in"), count("out"), count("rejected")), (10, 6, 4));
    assert_eq!(number(&report["other_files"]), 1);
    assert_eq!(list(&report["problems"]).len(), 5);
    assert_eq!(report["run"]["reused"], 6);
    assert_eq!(report["run"]["worked"], 0);
    assert!(report["profile"]["claimed"]["113100"] == 6, "{report}");
    assert!(number(&report["actions_by_rule"]["X"]) > 0);
    let told = run.stdout + &run.stderr + &report.to_string();
    assert_eq!(leaks_in(&told, &planted()), BTreeSet::new());
    assert_eq!(
        leaks(&place.at("out"), &planted(), &|_| false),
        BTreeSet::new()
    );
    // The search finds what is there.
    let there = leaks(&place.at("in"), &planted(), &|_| false);
    assert!(there.len() >= PLANTED.len(), "{there:?}");
    let written = fs::read_to_string(place.at("out/report/report.json")).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["objects"], report["objects"]);
    assert_eq!(written.get("run"), None);
}

#[test]
fn references_resolve_and_files_lie_where_their_uids_say() {
    let place = Place::made();
    place
        .run(&["@in", "@out", "--key", "k", "--quiet"])
        .expect(7);
    let mut instances = BTreeSet::new();
    let mut referenced = BTreeSet::new();
    for path in files_below(&place.at("out")) {
        if path.extension().is_none_or(|e| e != "dcm") {
            continue;
        }
        let object = dicom_object::open_file(&path).unwrap();
        let uid = |tag| object.get(tag).unwrap().to_str().unwrap().into_owned();
        let instance = uid(Tag(0x0008, 0x0018));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(&*instance));
        let folders = [
            uid(Tag(0x0010, 0x0020)),
            uid(Tag(0x0020, 0x000D)),
            uid(Tag(0x0020, 0x000E)),
        ];
        assert!(path.parent().unwrap().ends_with(folders.join("/")));
        let items = object
            .get(Tag(0x0008, 0x1140))
            .and_then(|e| e.items())
            .unwrap_or_default();
        for item in items {
            let uid = item.get(Tag(0x0008, 0x1155)).unwrap().to_str().unwrap();
            referenced.insert(uid.into_owned());
        }
        instances.insert(instance);
    }
    assert_eq!(instances.len(), 6);
    assert!(!referenced.is_empty() && referenced.is_subset(&instances));
}

#[test]
fn the_number_of_workers_changes_no_byte() {
    let place = Place::made();
    for instance in 20..60 {
        let path = place.at(&format!("in/more/{instance}.dcm"));
        Image::numbered(instance).write(&path);
    }
    place
        .run(&["@in", "@one", "--key", "k", "--jobs", "1"])
        .expect(7);
    place
        .run(&["@in", "@four", "--key", "k", "--jobs", "4"])
        .expect(7);
    let (one, four) = (bytes(&place.at("one")), bytes(&place.at("four")));
    assert!(one.len() > 46);
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        four.keys().collect::<Vec<_>>()
    );
    assert!(one == four);
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let place = Place::new();
    for instance in 1..=400 {
        Image::numbered(instance).write(&place.at(&format!("in/{instance}.dcm")));
    }
    place.run(&["@in", "@whole", "--key", "k"]).expect(0);
    let words = place.words(&["@in", "@killed", "--key", "k", "--jobs", "1"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let journal = place.at("killed/.spinemed-deid/journal");
    let mut process = place.shop.start(&words);
    let lines = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    while lines() < 20 && process.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
    let _ = process.kill();
    let _ = process.wait();
    let done = lines().saturating_sub(1);
    assert!(
        (1..400).contains(&done),
        "{done} objects were done when it was killed"
    );
    let report = place.json(&["@in", "@killed", "--key", "k"], 0);
    let reused = number(&report["run"]["reused"]);
    assert!(reused > 0 && reused as usize <= done, "{reused} of {done}");
    assert_eq!(number(&report["objects"]["out"]), 400);
    assert!(bytes(&place.at("whole")) == bytes(&place.at("killed")));
}

#[test]
fn what_was_spoilt_or_taken_out_is_done_again() {
    let place = Place::made();
    place.run(&["@in", "@out", "--key", "k"]).expect(7);
    let before = bytes(&place.at("out"));
    let objects: Vec<PathBuf> = files_below(&place.at("out"))
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "dcm"))
        .collect();
    fs::write(&objects[0], b"spoilt").unwrap();
    fs::remove_file(&objects[1]).unwrap();
    let report = place.json(&["@in", "@out", "--key", "k"], 7);
    assert_eq!(report["run"]["worked"], 2);
    assert!(bytes(&place.at("out")) == before);
    // An input that is rejected now takes its output with it.
    let input = place.at("in/secret-folder/Quenbridge_T/1.dcm");
    let mut nobody = Image::numbered(1).object();
    nobody.remove_element(Tag(0x0010, 0x0020));
    made::write(nobody, &input);
    let report = place.json(&["@in", "@out", "--key", "k"], 7);
    assert_eq!(number(&report["objects"]["out"]), 5);
    let left = files_below(&place.at("out"));
    assert_eq!(
        left.iter()
            .filter(|p| p.extension().is_some_and(|e| e == "dcm"))
            .count(),
        5
    );
}

#[test]
fn without_a_key_nothing_is_written() {
    let place = Place::made();
    for (words, code, hint) in [
        (&["@in", "@out"][..], 4, "spinemed key create"),
        (
            &["@in", "@out", "--key", "none"],
            4,
            "spinemed key create none",
        ),
        (&["@in", "@out", "--key", "../k"], 2, "hint"),
        (
            &["@in", "@out", "--public-key", "@public.key"],
            2,
            "--made-data",
        ),
        (
            &["@in", "@out", "--public-key", "@keys/k.key", "--made-data"],
            4,
            "other sort",
        ),
    ] {
        let run = place.run(words).expect(code);
        assert!(run.stderr.contains(hint), "{words:?}: {}", run.stderr);
        assert!(!place.at("out").exists(), "{words:?}");
    }
    place
        .run(&["@in", "@out", "--public-key", "@public.key", "--made-data"])
        .expect(7);
}

#[test]
fn private_files_go_to_private_places_alone() {
    let place = Place::made();
    let inside = place.shop.path("private").display().to_string();
    for mapping in ["@out/map", "@out", &inside] {
        let run = place
            .run(&["@in", "@out", "--key", "k", "--mapping", mapping])
            .expect(4);
        assert!(
            run.stderr.contains("hint: name a private folder"),
            "{}",
            run.stderr
        );
        assert!(!place.at("out").exists());
    }
    place.run(&["@in", "@in/out", "--key", "k"]).expect(2);
    place
        .run(&["@in", "@out", "--key", "k", "--review", "@review"])
        .expect(2);
    place
        .run(&["@in", "@out", "--key", "k", "--mapping", "@map"])
        .expect(7);
    for name in ["uids.csv", "patients.csv", "aliases.csv"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(place.at("map").join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let read = |name: &str| fs::read_to_string(place.at("map").join(name)).unwrap();
    let patients = read("patients.csv");
    assert!(
        patients.starts_with("id_old,id_new\nMRN-880-1,"),
        "{patients}"
    );
    let uids = read("uids.csv");
    assert!(
        uids.starts_with("id_old,id_new\n1.2.3.880.1,2.25."),
        "{uids}"
    );
    assert_eq!(uids.lines().count(), 1 + 2 + 2 + 6);
    assert!(read("aliases.csv").contains("nobody.dcm"));
    // A run that has nothing to do tells the same.
    fs::remove_dir_all(place.at("map")).unwrap();
    place
        .run(&["@in", "@out", "--key", "k", "--mapping", "@map"])
        .expect(7);
    assert_eq!(read("uids.csv"), uids);
    assert_eq!(
        leaks(&place.at("out"), &planted(), &|_| false),
        BTreeSet::new()
    );
}

#[test]
fn an_output_has_one_setting() {
    let place = Place::made();
    fs::create_dir_all(place.at("theirs")).unwrap();
    fs::write(place.at("theirs/x"), b"x").unwrap();
    let foreign = place.run(&["@in", "@theirs", "--key", "k"]).expect(2);
    assert!(
        foreign.stderr.contains("empty or missing"),
        "{}",
        foreign.stderr
    );
    place.run(&["@in", "@out", "--key", "k"]).expect(7);
    for (words, what) in [
        (&["--key", "other"][..], "the key"),
        (&["--key", "k", "--times", "keep"], "`--times`"),
        (&["--key", "k", "--option", "retain-uids"], "`--option`"),
    ] {
        let run = place.run(&[&["@in", "@out"], words].concat()).expect(2);
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
    let empty = place.at("nothing");
    fs::create_dir_all(&empty).unwrap();
    place.run(&["@nothing", "@new", "--key", "k"]).expect(3);
    let unknown = place
        .run(&["@in", "@new", "--key", "k", "--option", "keep-all"])
        .expect(2);
    assert!(unknown.stderr.contains("retain-uids"), "{}", unknown.stderr);
    let both = ["@in", "@new", "--key", "k", "--option", "retain-full-dates"];
    let both = place.run(&both).expect(2);
    assert!(both.stderr.contains("--without"), "{}", both.stderr);
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::made();
    let report = place.json(&["@in", "@out", "--key", "k", "--dry-run"], 7);
    assert_eq!(number(&report["objects"]["in"]), 10);
    assert_eq!(number(&report["objects"]["rejected"]), 4);
    assert_eq!(number(&report["run"]["pending"]), 6);
    assert!(!place.at("out").exists());
}

#[test]
fn several_inputs_and_single_files() {
    let place = Place::made();
    Image::numbered(77).write(&place.at("other/77.dcm"));
    let words = ["@in/secret-folder/b/1", "@other", "@out", "--key", "k"];
    let report = place.json(&words, 0);
    assert_eq!(number(&report["objects"]["out"]), 2);
    assert_eq!(number(&report["patients"]), 2);
}

#[test]
fn names_of_one_object_are_looked_for_in_texts_of_another() {
    let place = Place::made();
    let mut other = Image::numbered(30);
    other.patient.0 = "Anonymized";
    other.description = "CT LUMBAR SPINE Quenbridge";
    other.write(&place.at("in/30.dcm"));
    fs::write(place.at("names.txt"), "# staff\nZerubbabel\n").unwrap();
    let mut staff = Image::numbered(31);
    staff.description = "CT LUMBAR SPINE Zerubbabel";
    staff.write(&place.at("in/31.dcm"));
    place
        .run(&["@in", "@out", "--key", "k", "--names", "@names.txt"])
        .expect(7);
    let words = [planted(), vec!["Zerubbabel".to_owned()]].concat();
    assert_eq!(leaks(&place.at("out"), &words, &|_| false), BTreeSet::new());
}

#[test]
fn the_self_test_reads_keys_of_the_challenge() {
    let place = Place::made();
    let base = rusqlite::Connection::open(place.at("answers.db")).unwrap();
    base.execute_batch("CREATE TABLE answer_data (SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, AnswerData)")
        .unwrap();
    let record = |action: &str, tag: &str, text: &str| {
        serde_json::json!({"action": format!("<{action}>"), "tag_ds": format!("<({tag})>"),
            "action_text": format!("<{text}>"), "value": format!("<{text}>"),
            "answer_category_v2": {"hipaa": {"z": "HIPAA-A"}}})
    };
    let checks = serde_json::json!({
        "0": record("text_removed", "0010,0010", "Quenbridge^Thorvalda"),
        "1": record("uid_changed", "0008,0018", "1.2.3.880.1.1.1"),
        "2": record("uid_consistent", "0020,000d", "1.2.3.880.1"),
        "3": record("patid_consistent", "0010,0020", "MRN-880-1"),
        "4": record("date_shifted", "0008,0020", "20240229"),
        "5": record("tag_retained", "0008,0060", "CT"),
        "6": record("text_notnull", "0008,0060", "CT"),
        "7": record("text_retained", "0008,0060", "CT"),
        "8": record("text_removed", "0008,0060", "CT"),
    });
    let rows = [
        ("1.2.3.880.1.1.1", checks.to_string()),
        ("1.2.3.880.9.9.9", checks.to_string()),
    ];
    for (instance, checks) in rows {
        base.execute(
            "INSERT INTO answer_data VALUES (?1, '', '', ?2)",
            (instance, checks),
        )
        .unwrap();
    }
    drop(base);
    let words = [
        "@in",
        "@out",
        "--key",
        "k",
        "--mapping",
        "@map",
        "--self-test",
        "@answers.db",
    ];
    let report = place.json(&words, 7);
    let score = &report["self_test"];
    assert_eq!(number(&score["total"]), 18);
    assert_eq!(number(&score["missing_instances"]), 1);
    // Of the missing instance four checks pass: nothing of it is left.
    assert_eq!(number(&score["passed"]), 8 + 4, "{score}");
    let leaks = list(&score["leaks"]);
    assert_eq!(leaks.len(), 1);
    assert_eq!(text(&leaks[0]["path"]), "(0008,0060)");
    assert!(!score.to_string().contains("Quenbridge"));
    let people = place.run(&words).expect(7);
    assert!(
        people.stdout.contains("category hipaa"),
        "{}",
        people.stdout
    );
    let without = ["@in", "@out", "--key", "k", "--self-test", "@answers.db"];
    place.run(&without).expect(2);
}
