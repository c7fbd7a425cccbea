//! A workspace in a folder of its own, and the program run in it as a user runs it.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test program uses its own part of this module"
)]

mod outside;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use spinemed_core::Digest;

use outside::copy;
pub use outside::{damage, files_below, finish, signal};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_spinemed");

/// A workspace that vanishes with the test.
pub struct Workshop {
    folder: tempfile::TempDir,
    place: PathBuf,
    variables: BTreeMap<String, String>,
}

/// What a command came to.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Demands an exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            excerpt(&self.stdout),
            excerpt(&self.stderr)
        );
        self
    }

    /// The object on the last line of standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_default();
        serde_json::from_str(last)
            .unwrap_or_else(|e| panic!("{e}: {}\nstderr:\n{}", excerpt(last), self.stderr))
    }

    /// Exit code, standard output and standard error, with what differs from run to run
    /// replaced: the workspace's folder, digests, process ids.
    pub fn show(&self, shop: &Workshop) -> String {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        let text = format!(
            "code {code}\n--- stdout\n{}--- stderr\n{}",
            self.stdout, self.stderr
        );
        let text = text.replace(&shop.folder().display().to_string(), "[workspace]");
        digests_out(&text)
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(4000).collect()
}

/// Replaces runs of 8 or 64 hexadecimal digits by `[digest]`.
fn digests_out(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        let hex = word
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let digest = matches!(word.len(), 8 | 64) && word.bytes().any(|b| b.is_ascii_digit());
        if hex && digest {
            out += "[digest]";
        } else {
            out += &word;
        }
        word.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

/// A committed fixture.
pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(repository().join("tests/fixtures").join(name)).expect("a fixture")
}

impl Workshop {
    /// A workspace without sources and pipelines.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().canonicalize().expect("a folder");
        let shop = Self {
            folder,
            place,
            variables: BTreeMap::new(),
        };
        shop.lay_out();
        shop
    }

    /// A workspace in a given folder, kept beside one that vanishes.
    pub fn at(place: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let shop = Self {
            folder,
            place: place.to_owned(),
            variables: BTreeMap::new(),
        };
        shop.lay_out();
        shop
    }

    fn lay_out(&self) {
        for part in ["sources", "pipelines"] {
            fs::create_dir_all(self.place.join(part)).expect("a folder");
        }
    }

    /// The whole demo.
    pub fn demo() -> Self {
        let shop = Self::empty();
        for id in [
            "demo-bank",
            "demo-cases",
            "demo-guideline",
            "demo-guideline-zh",
            "demo-rsna",
            "demo-textbook",
        ] {
            shop.take_source(id);
        }
        let pipeline = fs::read_to_string(repository().join("pipelines/demo.toml"));
        shop.write(
            "pipelines/demo.toml",
            pipeline.expect("the demo's pipeline"),
        );
        shop
    }

    /// The demo's question bank and its English guideline: small, with text, a table and
    /// pictures. The pipeline is called `small`.
    pub fn small() -> Self {
        let shop = Self::empty();
        shop.take_source("demo-bank");
        shop.take_source("demo-guideline");
        shop.pipeline("small", &["demo-bank", "demo-guideline"], RELEASE);
        shop
    }

    /// A copy of a workspace, everything kept included.
    pub fn copy_of(other: &Self) -> Self {
        let shop = Self::empty();
        copy(&other.place, &shop.place);
        shop
    }

    /// The workspace's folder.
    pub fn folder(&self) -> &Path {
        &self.place
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    /// Sets an environment variable for every later command.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Copies one of the repository's sources, without the scripts that drew it.
    pub fn take_source(&self, id: &str) {
        copy(
            &repository().join("sources").join(id),
            &self.path("sources").join(id),
        );
    }

    /// Writes a pipeline over sources, with whatever else it should say.
    pub fn pipeline(&self, name: &str, sources: &[&str], rest: &str) {
        let text = format!("title = \"{name}\"\n{rest}\n[sources]\nuse = {sources:?}\n");
        self.write(&format!("pipelines/{name}.toml"), text);
    }

    /// Declares a source without digests; its files are written apart.
    pub fn source(&self, id: &str, format: &str, rest: &str) {
        let mut text = format!("id = \"{id}\"\ntitle = \"{id}\"\nformat = \"{format}\"\n");
        for (key, value) in [
            ("language", "en"),
            ("licence", "CC-BY-4.0"),
            ("redistribution", "full"),
            ("egress", "any"),
            ("subjects", "none"),
            ("citation", "a citation"),
        ] {
            if !rest.contains(&format!("{key} =")) {
                text += &format!("{key} = \"{value}\"\n");
            }
        }
        self.write(&format!("sources/{id}/source.toml"), text + rest);
    }

    /// Declares a question bank of one file with the demo bank's lines from `first` to
    /// before `last`.
    pub fn bank(&self, id: &str, first: usize, last: usize) {
        self.source(id, "question-bank", "include = [\"*.jsonl\"]\n");
        self.write(
            &format!("sources/{id}/questions.jsonl"),
            demo_questions(first, last),
        );
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    /// Reads a file's text.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text file")
    }

    /// Replaces words that stand in a file exactly once.
    #[track_caller]
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {name}");
        self.write(name, text.replace(from, to));
    }

    /// Takes the declared digests out of a source's manifest.
    pub fn unpin(&self, source: &str) {
        let name = format!("sources/{source}/source.toml");
        let text = self.text(&name);
        let end = text.find("[files]").expect("declared digests");
        self.write(&name, &text[..end]);
    }

    /// The program with these arguments, ready to start in the workspace.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(&self.place)
            .env_remove("SPINEMED_REAL_DATA")
            .env_remove("SPINEMED_LOG")
            .env("SPINEMED_OPERATOR", "a tester")
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self
            .command(arguments)
            .output()
            .expect("the program starts");
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Starts the program and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("the program starts")
    }

    /// Builds a pipeline to its end; the report.
    #[track_caller]
    pub fn build(&self, pipeline: &str) -> Value {
        self.run(&["build", pipeline, "--format", "json"])
            .expect(0)
            .json()
    }

    /// The root of a build that must be complete.
    #[track_caller]
    pub fn root(&self, pipeline: &str) -> String {
        root_of(&self.build(pipeline))
    }

    /// Every instance of the last release, as its JSON Lines say, by record key.
    pub fn released(&self, report: &Value) -> BTreeMap<String, Value> {
        let folder = self.path(report["release"].as_str().expect("a release"));
        let mut instances = BTreeMap::new();
        for file in files_below(&folder)
            .iter()
            .filter(|f| f.extension().is_some_and(|e| e == "jsonl"))
        {
            for line in fs::read_to_string(file).expect("a text file").lines() {
                let instance: Value = serde_json::from_str(line).expect("JSON");
                if let Some(key) = instance["key"].as_str().or(instance["id"].as_str()) {
                    instances.insert(key.to_owned(), instance.clone());
                }
            }
        }
        instances
    }

    /// What `audit trace` says of an instance.
    #[track_caller]
    pub fn trace(&self, key: &str) -> Value {
        self.run(&["audit", "trace", key, "--format", "json"])
            .expect(0)
            .json()
    }

    /// The action key of every unit behind these instances, by step and unit.
    pub fn actions_behind<'k>(
        &self,
        keys: impl Iterator<Item = &'k String>,
    ) -> BTreeMap<String, String> {
        let mut actions = BTreeMap::new();
        // Instances of one pack rest on the same units.
        let packs: BTreeMap<&str, &String> = keys
            .map(|key| (key.split_once('#').expect("a record key").0, key))
            .collect();
        for key in packs.values() {
            let why = self
                .run(&["audit", "why", key, "--format", "json"])
                .expect(0)
                .json();
            for worked in list(&why["worked"]) {
                let name = format!("{} {}", text(&worked["step"]), text(&worked["unit"]));
                actions.insert(name, text(&worked["key"]).to_owned());
            }
        }
        actions
    }
}

/// A complete build's root.
#[track_caller]
pub fn root_of(report: &Value) -> String {
    assert_eq!(report["complete"], true, "{report}");
    text(&report["release_root"]).to_owned()
}

/// Makes a release; goes before a pipeline's tables.
pub const RELEASE: &str = "[release]\nname = \"corpus\"\nversion = \"0.1.0\"\n";

/// Lines of the demo's question bank.
pub fn demo_questions(first: usize, last: usize) -> String {
    let path = repository().join("sources/demo-bank/questions.jsonl");
    let text = fs::read_to_string(path).expect("the demo's questions");
    text.lines()
        .skip(first)
        .take(last - first)
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The digest of a file's bytes.
pub fn sha256(path: &Path) -> String {
    Digest::of(&fs::read(path).expect("a file")).to_string()
}

/// A JSON text.
#[track_caller]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// A JSON number.
#[track_caller]
pub fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

/// A JSON list.
#[track_caller]
pub fn list(value: &Value) -> &Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("no list: {value}"))
}

/// The account of a report: every stage balances, and what one emits comes into the next.
#[track_caller]
pub fn assert_balanced(report: &Value) {
    let stages = list(&report["stages"]);
    assert!(stages.len() >= 7, "{stages:?}");
    for stage in stages {
        let ways = ["passed", "rejected", "failed", "pending"];
        let out: u64 = ways.iter().map(|way| number(&stage[way])).sum();
        assert_eq!(number(&stage["in"]), out, "{stage}");
    }
    for pair in stages.windows(2) {
        assert_eq!(
            pair[0]["emitted"], pair[1]["in"],
            "{} to {}",
            pair[0]["name"], pair[1]["name"]
        );
    }
}

/// A stage of a report.
#[track_caller]
pub fn stage<'r>(report: &'r Value, name: &str) -> &'r Value {
    let found = list(&report["stages"]).iter().find(|s| s["name"] == name);
    found.unwrap_or_else(|| panic!("no stage {name}: {report}"))
}

/// The ledger's chain holds, and nothing that shards left lies about.
#[track_caller]
pub fn assert_tidy(shop: &Workshop) {
    shop.run(&["doctor"]).expect(0);
    let left = files_below(&shop.path(".spinemed/results"));
    assert!(left.is_empty(), "{left:?}");
    let staged: Vec<PathBuf> = files_below(&shop.path("releases"))
        .into_iter()
        .filter(|f| {
            f.components()
                .any(|c| c.as_os_str().to_string_lossy().ends_with(".tmp"))
        })
        .collect();
    assert!(staged.is_empty(), "{staged:?}");
}
