//! `cargo xtask bench documents`: the reader of PDF beside articles' own markup and beside
//! other readers of PDF.
//!
//! `documents.py` scores (it says what counts as body text, and how); here the parts are put
//! together: accuracy, speed on one core, memory over many documents in one process and in
//! children. The other readers are installed apart (`documents.txt`); PyMuPDF is AGPL and is a
//! measured peer alone, never a dependency.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::measure;
use crate::repository;

const SCORER: &str = "crates/xtask/src/bench/documents.py";

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with articles, each as `X.pdf` and as `X.xml` (JATS).
    #[arg(long, value_name = "DIR")]
    articles: PathBuf,
    /// A Python with `documents.txt` installed; without it the others are not measured.
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
    /// Documents for the part about memory.
    #[arg(long, value_name = "N", default_value_t = 216)]
    documents: usize,
    /// How often speed is measured; the fastest counts.
    #[arg(long, value_name = "N", default_value_t = 5)]
    repeat: usize,
    /// The program and its examples were built with `--release`; measure those.
    #[arg(long)]
    release: bool,
    /// Leave a part out: `scores`, `speed`, `memory`.
    #[arg(long, value_name = "PART", value_parser = ["scores", "speed", "memory"])]
    without: Vec<String>,
    /// Scores in full, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures and prints Markdown tables.
pub fn run(args: &Args) -> Result<bool> {
    let root = repository::root();
    let built = Built::new(&root, args.release)?;
    let with = |part: &str| !args.without.iter().any(|w| w == part);
    if with("scores") {
        println!("## Accuracy\n\n{}", scores(&root, args, &built)?);
    }
    if with("speed") {
        println!("## Speed on one core\n\n{}", speed(&root, args, &built)?);
    }
    if with("memory") {
        println!("## Memory\n\n{}", memory(args, &built)?);
    }
    Ok(true)
}

/// The programs that are measured.
struct Built {
    program: PathBuf,
    example: PathBuf,
}

impl Built {
    fn new(root: &Path, release: bool) -> Result<Self> {
        let profile = release.then_some("--release");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // All of the workspace, so that features, and with them dependencies, stay as they are.
        cargo
            .current_dir(root)
            .args(["build", "--quiet", "--workspace", "--bin", "spinemed"])
            .args([
                "--example",
                "reading",
                "--message-format=json-render-diagnostics",
            ])
            .args(profile)
            .stderr(Stdio::inherit());
        let built = cargo.output().context("cannot run cargo")?;
        if !built.status.success() {
            bail!("the programs do not build");
        }
        let messages = String::from_utf8_lossy(&built.stdout);
        let find = |name: &str| {
            let found = repository::executable(&messages, name);
            found.with_context(|| format!("cargo named no executable for `{name}`"))
        };
        Ok(Self {
            program: find("spinemed")?,
            example: find("reading")?,
        })
    }
}

fn scores(root: &Path, args: &Args, built: &Built) -> Result<String> {
    let fallback = PathBuf::from("python3");
    let mut command = Command::new(args.python.as_ref().unwrap_or(&fallback));
    command
        .arg(root.join(SCORER))
        .arg(&args.articles)
        .arg("--program")
        .arg(&built.program)
        .args(args.python.as_ref().map(|_| "--peers"));
    if let Some(json) = &args.json {
        command.arg("--json").arg(json);
    }
    said(command.stderr(Stdio::inherit()))
}

fn speed(root: &Path, args: &Args, built: &Built) -> Result<String> {
    let repeat = args.repeat.max(1).to_string();
    let mut text =
        "| reader | what it does | pages | s | pages/s |\n|---|---|--:|--:|--:|\n".to_owned();
    // Ours before and after the others tells whether the machine was quiet.
    let ours = || -> Result<String> {
        let mut command = Command::new(&built.example);
        said(command.args(["--speed", &repeat]).arg(&args.articles))
    };
    text += &ours()?;
    if let Some(python) = &args.python {
        let mut command = Command::new(python);
        command.arg(root.join(SCORER)).arg(&args.articles);
        text += &said(command.args(["--speed", &repeat]).stderr(Stdio::inherit()))?;
        text += &ours()?;
    }
    Ok(text)
}

/// Resident memory over many documents: in one process by the example, in children by a build.
fn memory(args: &Args, built: &Built) -> Result<String> {
    let count = args.documents.to_string();
    let mut command = Command::new(&built.example);
    let mut text = said(command.args(["--memory", &count]).arg(&args.articles))?;
    let workspace = std::env::temp_dir().join(format!("spinemed-bench-{}", std::process::id()));
    let source = workspace.join("sources/articles");
    fs::create_dir_all(&source).context("cannot make a workspace")?;
    fs::create_dir_all(workspace.join("pipelines")).context("cannot make a workspace")?;
    copies(&args.articles, &source, args.documents)?;
    let declared = "id = \"articles\"\ntitle = \"a\"\nformat = \"pdf\"\nlanguage = \"en\"\n\
        licence = \"CC-BY-4.0\"\nredistribution = \"full\"\negress = \"any\"\nsubjects = \"none\"\n\
        citation = \"c\"\ninclude = [\"*.pdf\"]\n";
    fs::write(source.join("source.toml"), declared).context("cannot make a workspace")?;
    let pipeline = "title = \"a\"\n[sources]\nuse = [\"articles\"]\n";
    fs::write(workspace.join("pipelines/bench.toml"), pipeline)
        .context("cannot make a workspace")?;
    let built = built_in_children(&built.program, &workspace);
    fs::remove_dir_all(&workspace).context("cannot clear the workspace")?;
    let (parent, child, seconds) = built?;
    text += &format!(
        "\n{} documents in children, `build --only ingest --threads 1`, {seconds:.0} s: the \
         program {parent} MiB after a quarter, a half, three quarters and at the end; its largest \
         child {child} MiB.\n",
        args.documents
    );
    Ok(text)
}

fn copies(from: &Path, to: &Path, count: usize) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(from).context("cannot list the articles")? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "pdf") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("there are no articles");
    }
    for n in 0..count {
        let file = &files[n % files.len()];
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        fs::copy(file, to.join(format!("{stem}-{n}.pdf"))).context("cannot copy an article")?;
    }
    Ok(())
}

/// The parent's resident memory at four moments in MiB, the largest child's peak, and seconds.
fn built_in_children(program: &Path, workspace: &Path) -> Result<(String, u64, f64)> {
    let mut command = Command::new(program);
    command
        .args([
            "build",
            "bench",
            "--quiet",
            "--only",
            "ingest",
            "--threads",
            "1",
        ])
        .arg("--workspace")
        .arg(workspace)
        .stdout(File::create(workspace.join("output")).context("cannot write output")?)
        .stderr(Stdio::null());
    let seen = measure::watch_over_time(&mut command)?;
    if !matches!(seen.code, Some(0 | 7)) {
        bail!("the build ended with exit code {:?}", seen.code);
    }
    let last = seen.resident.len().saturating_sub(1);
    let at = |part: usize| {
        seen.resident
            .get(last * part / 4)
            .map_or(0, |b| b >> 20)
            .to_string()
    };
    // The last look may come while the program gives its memory back.
    let quarters: Vec<String> = (1..4).map(at).collect();
    let peak = seen.peak >> 20;
    let parent = format!("{}, peak {peak}", quarters.join(", "));
    Ok((parent, seen.children >> 20, seen.wall.as_secs_f64()))
}

/// What a command says on standard output.
fn said(command: &mut Command) -> Result<String> {
    let done = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let done = done.spawn().and_then(std::process::Child::wait_with_output);
    let done = done.with_context(|| format!("cannot run {:?}", command.get_program()))?;
    if !done.status.success() {
        bail!("{:?} failed: {}", command.get_program(), done.status);
    }
    String::from_utf8(done.stdout).context("what was said is not UTF-8")
}
