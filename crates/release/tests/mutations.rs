//! A small release, broken in many ways. Every way is found, and the intact one is clean.
//!
//! A *clumsy* change leaves `SHA256SUMS` as it was. A *forged* one repairs it, so that only
//! the contents can tell. Parquet files are forged by taking them from a release of a
//! different corpus.

mod support;

#[path = "mutations/root.rs"]
mod root;
#[path = "mutations/views.rs"]
mod views;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use spinemed_core::Digest;
use spinemed_core::instance::{Instance, Item};
use spinemed_core::vocabulary::{Redistribution, Split};
use spinemed_release::DamageKind::{self, *};
use spinemed_release::{Absent, Inputs, MemoryFolder, verify, write};
use support::{Corpus, Size, TINY, corpus, plan, release};

type Files = BTreeMap<String, Vec<u8>>;

const DATA: &str = "data/mcq/train/part-0.parquet";
const OTHER_DATA: &str = "data/mcq/test/part-0.parquet";
const LINES: &str = "jsonl/mcq/train.jsonl";
const OTHER_LINES: &str = "jsonl/mcq/test.jsonl";
const TRACE: &str = "trace/part-0.parquet";
const ABSENT: &str = "trace/absent.parquet";
const EXTRA: &str = "pipelines/tiny.toml";
const TOP: [&str; 4] = ["README.md", "LICENSE", "release.json", "balance.json"];

fn intact() -> Files {
    static INTACT: OnceLock<Files> = OnceLock::new();
    INTACT
        .get_or_init(|| release(&plan(), &corpus(&TINY)).0.files())
        .clone()
}

/// As few files and rows as there are kinds, splits and terms.
fn few() -> Files {
    static FEW: OnceLock<Files> = OnceLock::new();
    let size = Size {
        documents: 1,
        packs: 1,
        pixels: 4,
    };
    FEW.get_or_init(|| release(&plan(), &corpus(&size)).0.files())
        .clone()
}

/// A release of a changed corpus.
fn of(change: impl FnOnce(&mut Corpus)) -> Files {
    let mut corpus = corpus(&TINY);
    change(&mut corpus);
    release(&plan(), &corpus).0.files()
}

fn edited() -> Files {
    of(|corpus| edit(mcq_of_training(&mut corpus.instances)))
}

fn mcq_of_training(instances: &mut [Instance]) -> &mut Instance {
    let found = instances
        .iter_mut()
        .find(|i| i.key.as_str().starts_with("articles/doc0/f1#mcq") && i.split == Split::Train);
    found.expect("the corpus has it")
}

fn edit(instance: &mut Instance) {
    if let Item::Mcq { correct, .. } = &mut instance.item {
        *correct = 0;
    }
}

fn picture(files: &Files) -> String {
    files
        .keys()
        .find(|name| name.starts_with("images/"))
        .expect("a picture")
        .clone()
}

fn replace(files: &mut Files, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[name].clone()).expect("UTF-8");
    assert!(text.contains(from), "`{name}` has `{from}`");
    files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
}

fn lines(files: &mut Files, name: &str, change: impl FnOnce(&mut Vec<String>)) {
    let text = String::from_utf8(files[name].clone()).expect("UTF-8");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    files.insert(name.to_owned(), text.into_bytes());
}

fn rename(files: &mut Files, from: &str, to: &str) {
    let bytes = files.remove(from).expect("the file");
    files.insert(to.to_owned(), bytes);
}

fn take(files: &mut Files, other: &Files, names: &[&str]) {
    for name in names {
        files.insert((*name).to_owned(), other[*name].clone());
    }
}

fn flip(files: &mut Files, name: &str, place: usize) {
    let bytes = files.get_mut(name).expect("the file");
    let place = place % bytes.len();
    bytes[place] ^= 1;
}

fn cut(files: &mut Files, name: &str) {
    files.get_mut(name).expect("the file").pop();
}

fn repair(files: &mut Files) {
    files.remove("SHA256SUMS");
    let sums: String = files
        .iter()
        .map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes)))
        .collect();
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
}

#[track_caller]
fn found(name: &str, files: Files, expect: DamageKind) {
    let verification = verify(&MemoryFolder::of(files), None);
    assert!(!verification.ok, "{name}: not found");
    let kinds: Vec<DamageKind> = verification
        .damage
        .iter()
        .map(|damage| damage.kind)
        .collect();
    assert!(
        kinds.contains(&expect),
        "{name}: {expect:?} not in {:#?}",
        verification.damage
    );
}

#[track_caller]
fn clumsy(name: &str, expect: DamageKind, change: impl FnOnce(&mut Files)) {
    let mut files = few();
    change(&mut files);
    found(name, files, expect);
}

#[track_caller]
fn forged(name: &str, expect: DamageKind, change: impl FnOnce(&mut Files)) {
    let mut files = intact();
    let before = files.clone();
    change(&mut files);
    assert_ne!(files, before, "{name} changes something");
    repair(&mut files);
    found(name, files, expect);
}

#[test]
fn clumsy_changes_of_every_file() {
    let names: Vec<String> = few().into_keys().collect();
    for name in names.iter().filter(|name| *name != "SHA256SUMS") {
        for place in [0, 7, 1_000, usize::MAX / 2] {
            clumsy(&format!("a bit of {name}"), Altered, |f| {
                flip(f, name, place)
            });
        }
        clumsy(&format!("half of {name}"), Altered, |f| {
            let bytes = f.get_mut(name).expect("the file");
            bytes.truncate(bytes.len() / 2);
        });
        clumsy(&format!("nothing in {name}"), Altered, |f| {
            f.get_mut(name).expect("it").clear()
        });
        clumsy(&format!("no {name}"), Missing, |f| drop(f.remove(name)));
    }
    clumsy("a file more", Extra, |f| {
        drop(f.insert("notes.txt".into(), b"x".to_vec()))
    });
}

#[test]
fn changes_of_the_sums() {
    let sums = "SHA256SUMS";
    clumsy("no sums", Missing, |f| drop(f.remove(sums)));
    clumsy("a line less", Extra, |f| {
        lines(f, sums, |l| drop(l.remove(3)))
    });
    clumsy("a line more", Missing, |f| {
        lines(f, sums, |l| l.push(format!("{}  z", Digest::of(b""))));
    });
    clumsy("swapped lines", Order, |f| lines(f, sums, |l| l.swap(0, 1)));
    clumsy("no digest", Malformed, |f| {
        lines(f, sums, |l| l[0] = "x".into())
    });
    clumsy("capitals", Malformed, |f| {
        lines(f, sums, |l| l[0] = l[0].to_uppercase())
    });
    clumsy("a digest of another file", Altered, |f| {
        lines(f, sums, |l| {
            l[0] = format!("{}{}", &l[1][..64], &l[0][64..])
        });
    });
    clumsy("no last line feed", Malformed, |f| cut(f, sums));
}

#[test]
fn forged_lines() {
    forged("a word", Digest, |f| {
        replace(f, LINES, "Moderate", "Severe")
    });
    forged("the digest too", Content, |f| take(f, &edited(), &[LINES]));
    forged("a line less", Content, |f| {
        lines(f, LINES, |l| drop(l.pop()))
    });
    forged("a line more", Content, |f| {
        let mut other = String::new();
        lines(f, OTHER_LINES, |l| other.clone_from(&l[0]));
        lines(f, LINES, |l| l.push(other));
    });
    forged("swapped", Order, |f| lines(f, LINES, |l| l.swap(0, 1)));
    forged("twice", Duplicate, |f| {
        lines(f, LINES, |l| l.push(l[0].clone()))
    });
    forged("a space", Digest, |f| replace(f, LINES, ",\"", ", \""));
    forged("a key twice", Digest, |f| {
        replace(f, LINES, "{\"", "{\"v\":1,\"v\":1,\"")
    });
    forged("an unknown key", Digest, |f| {
        replace(f, LINES, "{\"", "{\"aa\":1,\"")
    });
    forged("no line feed", Malformed, |f| cut(f, LINES));
    forged("carriage returns", Digest, |f| {
        replace(f, LINES, "\n", "\r\n")
    });
    forged("an empty line", Digest, |f| {
        lines(f, LINES, |l| l.insert(1, String::new()))
    });
    forged("no JSON", Digest, |f| {
        lines(f, LINES, |l| l[0] = "{".repeat(100_000))
    });
    forged("not UTF-8", Digest, |f| {
        f.get_mut(LINES).expect("it")[10] = 0xff
    });
    forged("another picture's name", Digest, |f| {
        replace(f, LINES, "images/", "images/0")
    });
}

#[test]
fn forged_splits() {
    forged("swapped lines files", Split, |f| {
        let (train, test) = (f[LINES].clone(), f[OTHER_LINES].clone());
        f.insert(LINES.into(), test);
        f.insert(OTHER_LINES.into(), train);
    });
    forged("swapped Parquet files", Content, |f| {
        let (train, test) = (f[DATA].clone(), f[OTHER_DATA].clone());
        f.insert(DATA.into(), test);
        f.insert(OTHER_DATA.into(), train);
    });
    forged("a torn group", Split, |f| {
        let moved = of(|corpus| {
            let of_group = corpus.instances.iter_mut();
            of_group
                .filter(|i| i.group.as_str() == "articles:doc0")
                .for_each(|i| i.split = Split::Test);
        });
        take(f, &moved, &[OTHER_LINES, OTHER_DATA]);
    });
    forged("a split less", Root, |f| {
        f.remove(LINES);
        f.remove(DATA);
    });
    forged("a split less in Parquet", Missing, |f| drop(f.remove(DATA)));
    forged("a split less in JSON Lines", Missing, |f| {
        drop(f.remove(LINES))
    });
}

#[test]
fn forged_parquet() {
    forged("a word", Content, |f| take(f, &edited(), &[DATA]));
    forged("a row less", Content, |f| {
        take(
            f,
            &of(|c| {
                c.instances
                    .retain(|i| i.key.as_str() != "articles/doc0/f1#mcq.en.0")
            }),
            &[DATA],
        );
    });
    forged("a row more", Content, |f| {
        let other = of(|c| {
            let mut more = mcq_of_training(&mut c.instances).clone();
            more.key = spinemed_core::RecordKey::new("articles/doc0/f1#mcq.en.1");
            c.instances.push(more);
            c.instances.sort_by(|a, b| a.key.cmp(&b.key));
        });
        take(f, &other, &[DATA]);
    });
    forged("another row", Content, |f| {
        let other = of(|c| {
            let key = spinemed_core::RecordKey::new("articles/doc0/f1#mcq.en.1");
            mcq_of_training(&mut c.instances).key = key;
        });
        take(f, &other, &[DATA]);
    });
    forged("another licence", Content, |f| {
        let other = of(|c| {
            let licence = spinemed_core::licence::Licence::new("CC0-1.0").expect("SPDX");
            mcq_of_training(&mut c.instances).terms.licence = licence;
        });
        take(f, &other, &[DATA]);
    });
    forged("pictures that may not be there", Content, |f| {
        let mut open = plan();
        open.sources
            .iter_mut()
            .for_each(|s| s.redistribution = Redistribution::Full);
        let mut corpus = corpus(&TINY);
        corpus.instances.retain(|i| i.source.as_str() != "hospital");
        corpus
            .instances
            .iter_mut()
            .for_each(|i| i.terms.redistribution = Redistribution::Full);
        take(f, &release(&open, &corpus).0.files(), &[DATA]);
    });
    forged("a file more", Duplicate, |f| {
        let copy = f[DATA].clone();
        f.insert("data/mcq/train/part-1.parquet".into(), copy);
    });
    forged("a renamed file", Missing, |f| {
        rename(f, DATA, "data/mcq/train/part-1.parquet")
    });
    forged("half a file", Malformed, |f| {
        let bytes = f.get_mut(DATA).expect("it");
        bytes.truncate(bytes.len() / 2);
    });
    forged("an empty file", Malformed, |f| {
        f.get_mut(DATA).expect("it").clear()
    });
    forged("zeros", Malformed, |f| {
        f.get_mut(DATA).expect("it")[4..4_000].fill(0)
    });
    forged("other columns", Malformed, |f| {
        let trace = f[TRACE].clone();
        f.insert(DATA.into(), trace);
    });
}

#[test]
fn forged_consistently_but_for_the_root() {
    forged("lines and Parquet", Root, |f| {
        take(f, &edited(), &[LINES, DATA])
    });
    forged("lines and Parquet, the trace knows", Trace, |f| {
        take(f, &edited(), &[LINES, DATA])
    });
    forged("the trace too", Root, |f| {
        take(f, &edited(), &[LINES, DATA, TRACE])
    });
    let other = edited();
    let root = release(&plan(), &corpus(&TINY)).1.root;
    let verification = verify(&MemoryFolder::of(other), Some(&root));
    assert_eq!(verification.damage.len(), 1);
    assert_eq!(verification.damage[0].kind, Root);
}

#[test]
fn the_intact_release_is_clean_and_its_copy_too() {
    let mut files = intact();
    assert_eq!(verify(&MemoryFolder::of(files.clone()), None).damage, []);
    repair(&mut files);
    assert_eq!(files, intact());
}

/// Bits of Parquet files with repaired sums: a decoder may meet anything. What it reads as
/// the same rows is no damage; everything else is, and nothing panics or runs away.
#[test]
fn damaged_parquet_never_panics() {
    let intact = few();
    for name in [DATA, TRACE, ABSENT] {
        let size = intact[name].len();
        let places: Vec<usize> = (0..size).step_by((size / 400).max(1)).collect();
        let mut unnoticed = 0;
        for (turn, place) in places.iter().enumerate() {
            let mut files = intact.clone();
            files.get_mut(name).expect("it")[*place] ^= 1 << (turn % 8);
            repair(&mut files);
            unnoticed += usize::from(verify(&MemoryFolder::of(files), None).ok);
        }
        println!("{name}: {unnoticed} of {} bits change no row", places.len());
        assert!(
            unnoticed * 2 < places.len(),
            "{name}: {unnoticed} unnoticed"
        );
        for size in (0..size).step_by((size / 40).max(1)) {
            let mut files = intact.clone();
            files.get_mut(name).expect("it").truncate(size);
            repair(&mut files);
            assert!(
                !verify(&MemoryFolder::of(files), None).ok,
                "{name} cut at {size}"
            );
        }
    }
}
