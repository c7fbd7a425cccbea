//! Runs the program and measures it from outside: wall time, and the peak of resident memory
//! as the kernel tells it (`VmHWM` of proc(5)).

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How often a running program's memory is looked at. The kernel keeps the peak, so that only
/// what grows in the very last moment can be missed.
const LOOK: Duration = Duration::from_millis(5);

/// What one build took and came to.
#[derive(Debug, Clone)]
pub struct Run {
    /// From start to end of the process.
    pub wall: Duration,
    /// The peak of resident memory in bytes; 0 where the kernel does not tell.
    pub peak: u64,
    /// Instances in the corpus.
    pub instances: u64,
    /// Actions that ran.
    pub actions: u64,
    /// The corpus's root.
    pub root: String,
}

/// Builds the benchmark's pipeline.
pub fn build(program: &Path, workspace: &Path, threads: usize) -> Result<Run> {
    // Into a file, because a full pipe would stop the program.
    let output = workspace.join("output.json");
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(["build", "bench", "--quiet", "--format", "json", "--threads"])
        .arg(threads.to_string())
        .arg("--workspace")
        .arg(workspace)
        .stdout(File::create(&output).context("cannot write the program's output")?)
        .spawn()
        .context("cannot run the program")?;
    let (code, peak) = watch(&mut child)?;
    let wall = started.elapsed();
    if code != Some(0) {
        bail!(
            "the build ended with exit code {code:?}; see `{}`",
            output.display()
        );
    }
    let text = fs::read_to_string(&output).context("cannot read the program's output")?;
    let (instances, actions, root) =
        came_to(&text).context("the program's report is not as documented")?;
    Ok(Run {
        wall,
        peak,
        instances,
        actions,
        root,
    })
}

/// Waits for the end, looking at the memory meanwhile.
fn watch(child: &mut Child) -> Result<(Option<i32>, u64)> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(found) = fs::read_to_string(&status)
            .ok()
            .as_deref()
            .and_then(high_water)
        {
            peak = peak.max(found);
        }
        if let Some(ended) = child.try_wait().context("cannot wait for the program")? {
            return Ok((ended.code(), peak));
        }
        sleep(LOOK);
    }
}

/// What was seen of a program and the children that it had.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// From start to end.
    pub wall: Duration,
    /// The peak of resident memory of the largest of its processes, in bytes.
    pub peak: u64,
    /// What it wrote to standard output.
    pub output: String,
}

impl Seen {
    /// For people.
    pub fn line(&self) -> String {
        format!(
            "{:.1} s, {:.0} MiB",
            self.wall.as_secs_f64(),
            self.peak as f64 / (1 << 20) as f64
        )
    }
}

/// Runs a program on a file, looking at the memory of its children as well.
pub fn watch_all(program: &Path, arguments: &[&str], file: &Path, scratch: &Path) -> Result<Seen> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let output = scratch.join(format!("{name}.json"));
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .arg(file)
        .stdout(File::create(&output).context("cannot write the program's output")?)
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run the program")?;
    let mut peak = 0;
    let ended = loop {
        peak = peak.max(largest(child.id()));
        if let Some(ended) = child.try_wait().context("cannot wait for the program")? {
            break ended;
        }
        sleep(LOOK);
    };
    let wall = started.elapsed();
    let text = fs::read(&output).context("cannot read the program's output")?;
    fs::remove_file(&output).context("cannot remove the program's output")?;
    Ok(Seen {
        code: ended.code(),
        wall,
        peak,
        output: String::from_utf8_lossy(&text).into_owned(),
    })
}

/// What was seen of a program while it ran.
#[derive(Debug, Clone)]
pub struct Over {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// From start to end.
    pub wall: Duration,
    /// Its resident memory, in bytes, at equal intervals.
    pub resident: Vec<u64>,
    /// The peak of its resident memory, in bytes.
    pub peak: u64,
    /// The highest peak of a child, in bytes.
    pub children: u64,
}

/// Runs a program, looking at its memory and its children's at equal intervals.
pub fn watch_over_time(command: &mut Command) -> Result<Over> {
    let started = Instant::now();
    let mut child = command.spawn().context("cannot run the program")?;
    let (mut resident, mut peak, mut children) = (Vec::new(), 0, 0);
    let ended = loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.unwrap_or_default();
        resident.extend(figure(&status, "VmRSS:"));
        peak = peak.max(high_water(&status).unwrap_or(0));
        children = children.max(below(child.id()));
        if let Some(ended) = child.try_wait().context("cannot wait for the program")? {
            break ended;
        }
        sleep(LOOK);
    };
    Ok(Over {
        code: ended.code(),
        wall: started.elapsed(),
        resident,
        peak,
        children,
    })
}

/// The highest peak of a process and all below it.
fn largest(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    high_water(&status).unwrap_or(0).max(below(process))
}

/// The highest peak of all below a process (`children` of proc(5)).
fn below(process: u32) -> u64 {
    let mut peak = 0;
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    for thread in threads.into_iter().flatten().flatten() {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|id| id.parse().ok());
        peak = children.map(largest).fold(peak, u64::max);
    }
    peak
}

/// `VmHWM` in bytes.
fn high_water(status: &str) -> Option<u64> {
    figure(status, "VmHWM:")
}

/// A figure of a process's status in bytes.
fn figure(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Instances, actions run and root, from the report on the last line.
fn came_to(output: &str) -> Option<(u64, u64, String)> {
    let report: Value = serde_json::from_str(output.trim_end().lines().next_back()?).ok()?;
    let instances = report["instances"].as_u64()?;
    let actions = report["actions"]["run"].as_u64()?;
    Some((
        instances,
        actions,
        report["release_root"].as_str()?.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_s_figures_are_read() {
        let status = "Name:\tspinemed\nVmPeak:\t  900 kB\nVmHWM:\t  512 kB\nVmRSS:\t 100 kB\n";
        assert_eq!(high_water(status), Some(512 * 1024));
        assert_eq!(high_water("Name:\tspinemed\n"), None);
    }

    #[test]
    fn the_report_is_the_last_line() {
        let output = "a line\n{\"instances\": 7, \"actions\": {\"run\": 3, \"reused\": 1}, \"release_root\": \"ab\"}\n";
        assert_eq!(came_to(output), Some((7, 3, "ab".to_owned())));
        assert_eq!(came_to("{\"instances\": 7}"), None);
        assert_eq!(came_to(""), None);
    }
}
