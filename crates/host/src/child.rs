//! A child process with limits.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a child is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// What a child may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time.
    pub time: Duration,
    /// Address space in bytes; bounded on Unix alone.
    pub memory: u64,
    /// Bytes of output.
    pub output: usize,
}

/// Why a child gave no output. What it printed is not told: it may quote its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChildFault {
    /// It could not be started.
    #[error("the program could not be started")]
    Start,
    /// It ended with an error or by a signal.
    #[error("the program failed")]
    Failed,
    /// It did not end in time, and was ended.
    #[error("the program did not end in time")]
    Late,
    /// It wrote more than is taken.
    #[error("the program wrote more than is taken")]
    Output,
}

/// The first executable file of this name on PATH.
#[must_use]
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let extension = std::env::consts::EXE_SUFFIX;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(format!("{name}{extension}")))
        .find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

/// Runs a program with `input` on its standard input and returns what it writes to its standard
/// output. Its standard error is thrown away. Of the environment it gets PATH, the locale `C`
/// and `environment` alone.
///
/// # Errors
/// [`ChildFault`]. The child does not outlive the call; children of its own may, if it starts
/// any.
pub fn run<A: AsRef<OsStr>>(
    program: &Path,
    arguments: &[A],
    environment: &[(&str, &str)],
    input: Vec<u8>,
    limits: Limits,
) -> Result<Vec<u8>, ChildFault> {
    let mut command = limited(program, limits.memory);
    command
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C")
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| ChildFault::Start)?;
    let writer = write(&mut child, input);
    let reader = read(&mut child, limits.output);
    let ended = wait(&mut child, limits.time);
    // The pipes close when the child ends, so that neither thread waits for long.
    if let Some(writer) = writer {
        // A child that ends before it read everything is judged by its status alone.
        drop(writer.join());
    }
    let output = reader.and_then(|reader| reader.join().ok()).flatten();
    match (output, ended) {
        // Who writes too much meets a closed pipe, and ends of that.
        (Some(output), _) if output.len() > limits.output => Err(ChildFault::Output),
        (_, Err(fault)) => Err(fault),
        (Some(output), Ok(())) => Ok(output),
        (None, Ok(())) => Err(ChildFault::Failed),
    }
}

/// The program, with its address space bounded by the shell that starts it: the library can
/// bound a child's memory only through code that this workspace forbids.
#[cfg(unix)]
fn limited(program: &Path, memory: u64) -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(format!(
            // Who is bounded more tightly already may not set a bound, and needs none.
            "ulimit -v {} 2>/dev/null || [ \"$(ulimit -v)\" != unlimited ] && exec \"$0\" \"$@\"",
            memory / 1024
        ))
        .arg(program);
    command
}

#[cfg(not(unix))]
fn limited(program: &Path, _memory: u64) -> Command {
    Command::new(program)
}

fn write(child: &mut Child, input: Vec<u8>) -> Option<JoinHandle<()>> {
    let mut pipe = child.stdin.take()?;
    Some(thread::spawn(move || {
        // A broken pipe says that the child ended early, which its status tells better.
        drop(pipe.write_all(&input));
    }))
}

fn read(child: &mut Child, limit: usize) -> Option<JoinHandle<Option<Vec<u8>>>> {
    let pipe = child.stdout.take()?;
    Some(thread::spawn(move || {
        let mut output = Vec::new();
        // One byte more than is taken tells that there is more; the rest meets a closed pipe.
        let mut pipe = pipe.take(limit as u64 + 1);
        pipe.read_to_end(&mut output).ok().map(|_| output)
    }))
}

/// Waits for the end, and brings it about when time is up.
fn wait(child: &mut Child, time: Duration) -> Result<(), ChildFault> {
    let end = Instant::now() + time;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => return Err(ChildFault::Failed),
            Ok(None) if Instant::now() < end => thread::sleep(PAUSE),
            late => {
                // It may have ended in between; either way it is gone after `wait`.
                drop(child.kill());
                drop(child.wait());
                return Err(late.map_or(ChildFault::Failed, |_| ChildFault::Late));
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(20),
        memory: 1 << 30,
        output: 1_000,
    };

    fn check(script: &str, input: &[u8], limits: Limits, expect: Result<&[u8], ChildFault>) {
        let shell = program("sh").expect("a shell");
        let output = run(&shell, &["-c", script], &[], input.to_vec(), limits);
        assert_eq!(output.as_deref(), expect.as_ref().copied(), "{script}");
    }

    #[test]
    fn output_and_status_are_told() {
        check("cat", b"abc", LIMITS, Ok(b"abc"));
        check("exit 3", b"", LIMITS, Err(ChildFault::Failed));
        check("kill -9 $$", b"", LIMITS, Err(ChildFault::Failed));
        // Input that nobody reads is no trouble.
        check("echo no", &vec![7; 1 << 20], LIMITS, Ok(b"no\n"));
    }

    #[test]
    fn limits_hold() {
        let soon = Limits {
            time: Duration::from_millis(200),
            ..LIMITS
        };
        check("exec sleep 30", b"", soon, Err(ChildFault::Late));
        let endless = "while echo 0123456789; do :; done 2>/dev/null; exit 0";
        check(endless, b"", LIMITS, Err(ChildFault::Output));
        let small = Limits {
            memory: 64 << 20,
            ..LIMITS
        };
        let greedy = "x=0123456789abcdef; while :; do x=$x$x; done";
        check(greedy, b"", small, Err(ChildFault::Failed));
    }

    #[test]
    fn the_environment_is_not_passed_on() {
        check("printf %s \"$HOME$CARGO\"", b"", LIMITS, Ok(b""));
    }

    #[test]
    fn absent_programs_are_not_found() {
        assert_eq!(program("no-such-program-7f3a"), None);
        let fault = run(
            Path::new("/no/such/program"),
            &[""; 0],
            &[],
            Vec::new(),
            LIMITS,
        );
        assert!(fault.is_err());
    }
}
