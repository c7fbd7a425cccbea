//! I3: after any sequence of edits, stops and resumes the root equals that of a clean build.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make folders and files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use proptest::prelude::*;
use spinemed_core::Digest;
use spinemed_core::date::Date;
use spinemed_core::vocabulary::Split;
use spinemed_generate::rules::Rules;
use spinemed_run::Models;
use spinemed_run::opened::open;
use spinemed_run::pipeline::{Options, World, build};
use spinemed_run::progress::Progress;
use spinemed_run::project::load;
use spinemed_run::report::BuildReport;
use spinemed_store::Workspace;

/// One thing that people do to a corpus.
#[derive(Debug, Clone)]
enum Edit {
    /// Puts a question with this wording into a file.
    Put {
        file: usize,
        id: usize,
        wording: usize,
    },
    /// Takes a question out.
    Remove { file: usize, id: usize },
    /// Turns the order of a file's questions around.
    Reverse { file: usize },
    /// Changes how many variants are wanted.
    Variants(u32),
    /// Takes the second source out of the pipeline, or puts it back.
    Toggle,
    /// Withdraws a question.
    Retract { file: usize, id: usize },
    /// Builds, but stops after so many units.
    BuildUntil(usize),
    /// Builds to the end.
    Build,
}

fn edit() -> impl Strategy<Value = Edit> {
    let (file, id) = (0..3_usize, 0..5_usize);
    prop_oneof![
        4 => (file.clone(), id.clone(), 0..4_usize).prop_map(|(file, id, wording)| Edit::Put { file, id, wording }),
        1 => (file.clone(), id.clone()).prop_map(|(file, id)| Edit::Remove { file, id }),
        1 => file.clone().prop_map(|file| Edit::Reverse { file }),
        1 => (1..3_u32).prop_map(Edit::Variants),
        1 => Just(Edit::Toggle),
        1 => (file, id).prop_map(|(file, id)| Edit::Retract { file, id }),
        2 => (0..12_usize).prop_map(Edit::BuildUntil),
        1 => Just(Edit::Build),
    ]
}

/// The state of the inputs: what a clean build sees.
#[derive(Debug, Clone, Default)]
struct Inputs {
    files: [Vec<(usize, usize)>; 3],
    variants: u32,
    one_source: bool,
    retracted: Vec<String>,
}

const WORDINGS: [(&str, [&str; 4], usize, &str); 4] = [
    (
        "Which nerve root does a posterolateral disc herniation at L4/L5 usually compress?",
        ["L3 root", "L4 root", "L5 root", "S1 root"],
        2,
        "A posterolateral disc herniation at L4/L5 compresses the traversing L5 nerve root.",
    ),
    (
        "At which level is degenerative spondylolisthesis of the lumbar spine most common?",
        ["L1/L2", "L2/L3", "L4/L5", "L5/S1"],
        2,
        "Degenerative spondylolisthesis of the lumbar spine is most common at L4/L5.",
    ),
    (
        "Which Pfirrmann grade describes a collapsed lumbar intervertebral disc space?",
        ["Grade II", "Grade III", "Grade IV", "Grade V"],
        3,
        "Pfirrmann grade V describes a lumbar disc with a collapsed disc space.",
    ),
    (
        "At which cervical level does the vertebral artery usually enter the transverse foramen?",
        ["C4", "C5", "C6", "C7"],
        2,
        "The vertebral artery usually enters the transverse foramen of the C6 vertebra.",
    ),
];

impl Inputs {
    fn apply(&mut self, edit: &Edit) {
        match *edit {
            Edit::Put { file, id, wording } => {
                self.files[file].retain(|(known, _)| *known != id);
                self.files[file].push((id, wording));
            }
            Edit::Remove { file, id } => self.files[file].retain(|(known, _)| *known != id),
            Edit::Reverse { file } => self.files[file].reverse(),
            Edit::Variants(n) => self.variants = n,
            Edit::Toggle => self.one_source = !self.one_source,
            Edit::Retract { file, id } => self
                .retracted
                .push(format!("bank-{}/q{file}-{id}", file / 2)),
            Edit::BuildUntil(_) | Edit::Build => {}
        }
    }

    fn write(&self, root: &Path) {
        let used = if self.one_source {
            "[\"bank-0\"]"
        } else {
            "[\"bank-0\", \"bank-1\"]"
        };
        let pipeline = format!(
            "title = \"t\"\n[sources]\nuse = {used}\n[tasks]\nvariants = {}\n[split]\ntest_permille = 300\n",
            self.variants.max(1)
        );
        put(&root.join("pipelines/p.toml"), &pipeline);
        for source in 0..2 {
            let manifest = format!(
                "id = \"bank-{source}\"\ntitle = \"b\"\nformat = \"question-bank\"\nlanguage = \"en\"\n\
                 licence = \"CC0-1.0\"\nredistribution = \"full\"\negress = \"any\"\nsubjects = \"none\"\n\
                 citation = \"c\"\ninclude = [\"*.jsonl\"]\n"
            );
            put(
                &root.join(format!("sources/bank-{source}/source.toml")),
                &manifest,
            );
        }
        for (file, questions) in self.files.iter().enumerate() {
            let lines: String = questions
                .iter()
                .map(|&(id, wording)| line(file, id, wording))
                .collect();
            put(
                &root.join(format!("sources/bank-{}/f{file}.jsonl", file / 2)),
                &lines,
            );
        }
    }
}

fn line(file: usize, id: usize, wording: usize) -> String {
    let (stem, options, correct, explanation) = &WORDINGS[wording];
    let letter = char::from(b'A' + u8::try_from(*correct).unwrap());
    let object = serde_json::json!({
        "id": format!("q{file}-{id}"), "language": "en", "stem": stem, "options": options,
        "answer": letter.to_string(), "explanation": explanation,
    });
    format!("{object}\n")
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Sets the stop flag after so many units.
struct StopAfter<'a> {
    left: AtomicUsize,
    stop: &'a AtomicBool,
}

impl Progress for StopAfter<'_> {
    fn stage(&self, _: &str, _: usize, _: usize) {}
    fn advance(&self, units: usize) {
        let left = self.left.load(Ordering::Relaxed).saturating_sub(units);
        self.left.store(left, Ordering::Relaxed);
        if left == 0 {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
    fn end(&self) {}
    fn note(&self, _: &str) {}
}

fn run(
    root: &Path,
    stop_after: Option<usize>,
    pins: Option<&BTreeMap<String, Split>>,
    retracted: &[String],
) -> BuildReport {
    run_on(root, 2, stop_after, pins, retracted)
}

fn run_on(
    root: &Path,
    threads: usize,
    stop_after: Option<usize>,
    pins: Option<&BTreeMap<String, Split>>,
    retracted: &[String],
) -> BuildReport {
    let workspace = Workspace::at(root.to_owned());
    let project = load(&workspace, "p", &|_| None).unwrap();
    let mut opened = open(&workspace, "test", Digest::of(b"test")).unwrap();
    if let Some(pins) = pins {
        opened.ledger.set_pins("p", pins).unwrap();
    }
    for id in retracted {
        let what = spinemed_core::review::RetractionScope::Document(id.clone());
        let retraction = spinemed_core::review::Retraction {
            what,
            reason: "test".into(),
        };
        if !opened.ledger.retractions().unwrap().contains(&retraction) {
            opened.ledger.retract(&retraction).unwrap();
        }
    }
    let stop = AtomicBool::new(stop_after == Some(0));
    let progress = StopAfter {
        left: AtomicUsize::new(stop_after.unwrap_or(usize::MAX)),
        stop: &stop,
    };
    let world = World {
        workspace: &workspace,
        reading: &spinemed_run::Here::default(),
        models: &Models::new(),
        generator: &Rules,
        progress: &progress,
        stop: &stop,
        today: Date::new(2026, 1, 1).expect("a day"),
        price: &|_, _| 0,
        binary: Digest::of(b"test"),
        version: "0",
    };
    let options = Options {
        rehash: true,
        threads,
        ..Options::default()
    };
    build(&project, &options, &mut opened, &world)
        .unwrap()
        .report
}

fn pins(root: &Path) -> BTreeMap<String, Split> {
    open(&Workspace::at(root.to_owned()), "test", Digest::of(b"test"))
        .unwrap()
        .ledger
        .pins("p")
        .unwrap()
}

fn clean_root(inputs: &Inputs, pins: &BTreeMap<String, Split>) -> BuildReport {
    let folder = tempfile::tempdir().unwrap();
    inputs.write(folder.path());
    run(folder.path(), None, Some(pins), &inputs.retracted)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn incremental_equals_clean(edits in proptest::collection::vec(edit(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let mut inputs = Inputs { variants: 2, ..Inputs::default() };
        for edit in &edits {
            inputs.apply(edit);
            inputs.write(folder.path());
            match edit {
                Edit::BuildUntil(units) => {
                    run(folder.path(), Some(*units), None, &inputs.retracted);
                }
                Edit::Build => {
                    run(folder.path(), None, None, &inputs.retracted);
                }
                _ => {}
            }
        }
        let incremental = run(folder.path(), None, None, &inputs.retracted);
        // Pinned test membership is an input, so the clean build is given it.
        let clean = clean_root(&inputs, &pins(folder.path()));
        prop_assert_eq!(incremental.release_root, clean.release_root);
        prop_assert_eq!(&incremental.stages, &clean.stages);
        let again = run(folder.path(), None, None, &inputs.retracted);
        prop_assert_eq!(again.actions.run, 0);
        prop_assert_eq!(again.release_root, incremental.release_root);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let inputs = Inputs {
        files: [vec![(0, 0), (1, 1)], vec![(0, 2)], vec![(0, 3)]],
        variants: 2,
        ..Inputs::default()
    };
    let roots: Vec<_> = [1, 2, 5]
        .into_iter()
        .map(|threads| {
            let folder = tempfile::tempdir().unwrap();
            inputs.write(folder.path());
            let report = run_on(folder.path(), threads, None, None, &[]);
            assert!(report.instances > 0, "the sample gives instances");
            report.release_root
        })
        .collect();
    assert_eq!(roots[0], roots[1]);
    assert_eq!(roots[0], roots[2]);
}
