//! A conversation with a child process: it asks, it is answered, and it ends or is ended.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How often a child is asked whether it has ended: at first, and when it takes long.
const PAUSES: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(20)];
/// How long a child may take to end when everything is said.
const GRACE: Duration = Duration::from_secs(10);
/// The last so many bytes of what a child complains of are looked at.
const WORDS: usize = 4 << 10;
/// Processor seconds between the signal that tells of the limit and the one that kills.
const AFTER: u64 = 5;

/// What a conversation may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Processor time of the child, in seconds; bounded on Unix alone.
    pub seconds: u64,
    /// Wall-clock time.
    pub wall: Duration,
    /// Address space in bytes; bounded on Unix alone.
    pub memory: u64,
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself, with success.
    Done,
    /// It could not be started.
    NotStarted,
    /// It used up its processor time.
    Processor,
    /// It was ended because it was late.
    Late,
    /// It asked for more memory than it may have.
    Memory,
    /// Its stack was not deep enough.
    Stack,
    /// Somebody else ended it: the system that was short of memory, or a person.
    Killed,
    /// In any other way.
    Failed,
}

/// Starts a program and talks to it on the calling thread; `talk` owns the pipes' ends. Of the
/// environment the child gets PATH and the locale `C` alone. It is a process group of its own,
/// so that a Ctrl-C for this program does not end what is in flight.
///
/// The child does not outlive the call.
pub(crate) fn talk<T>(
    program: &Path,
    arguments: &[OsString],
    bounds: Bounds,
    talk: impl FnOnce(ChildStdin, ChildStdout) -> T,
) -> (Option<T>, End) {
    let Ok(mut child) = command(program, arguments, bounds).spawn() else {
        return (None, End::NotStarted);
    };
    let (Some(input), Some(output), Some(words)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        drop(child.kill());
        drop(child.wait());
        return (None, End::NotStarted);
    };
    let said = AtomicBool::new(false);
    thread::scope(|scope| {
        let words = scope.spawn(move || last(words));
        let watch = scope.spawn(|| watch(child, bounds.wall, &said));
        let answer = talk(input, output);
        said.store(true, Ordering::Relaxed);
        let ended = watch.join().unwrap_or(None);
        let words = words.join().unwrap_or_default();
        (Some(answer), ended.map_or(End::Late, |s| end(s, &words)))
    })
}

#[cfg(unix)]
fn command(program: &Path, arguments: &[OsString], bounds: Bounds) -> Command {
    use std::os::unix::process::CommandExt;
    // The library can bound a child only through code that this workspace forbids; a shell can.
    // Who is bounded more tightly already may not set a bound, and needs none.
    let script = format!(
        "ulimit -c 0
        ulimit -v {} 2>/dev/null || [ \"$(ulimit -v)\" != unlimited ] || exit 126
        ulimit -S -t {} 2>/dev/null || [ \"$(ulimit -t)\" != unlimited ] || exit 126
        ulimit -H -t {} 2>/dev/null
        exec \"$0\" \"$@\"",
        bounds.memory / 1024,
        bounds.seconds,
        bounds.seconds.saturating_add(AFTER),
    );
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(script).arg(program).process_group(0);
    fenced(command, arguments)
}

#[cfg(not(unix))]
fn command(program: &Path, arguments: &[OsString], _bounds: Bounds) -> Command {
    fenced(Command::new(program), arguments)
}

fn fenced(mut command: Command, arguments: &[OsString]) -> Command {
    command
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C")
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Waits for the end; `None` when it had to be brought about because of the time.
fn watch(mut child: Child, wall: Duration, said: &AtomicBool) -> Option<ExitStatus> {
    let began = Instant::now();
    let mut end = began + wall;
    let mut over = false;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if !over && said.load(Ordering::Relaxed) {
            over = true;
            end = end.min(Instant::now() + GRACE);
        }
        if Instant::now() >= end {
            // It may have ended in between; either way it is gone after `wait`.
            drop(child.kill());
            drop(child.wait());
            return None;
        }
        let pause = PAUSES[usize::from(began.elapsed() > Duration::from_secs(2))];
        thread::sleep(pause);
    }
}

/// The end of what a child complains of. All of it is read, lest the child wait for a reader.
fn last(mut pipe: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; WORDS];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..count]);
        let surplus = kept.len().saturating_sub(WORDS);
        kept.drain(..surplus);
    }
    kept
}

/// What a status means. The words of Rust's run-time are looked for, since it ends by the same
/// signal for all its causes; they are told to nobody.
fn end(status: ExitStatus, words: &[u8]) -> End {
    let complains = |of: &str| words.windows(of.len()).any(|w| w == of.as_bytes());
    if status.success() {
        return End::Done;
    }
    match (signal(status), status.code()) {
        (Some(24), _) => End::Processor,
        (Some(1 | 2 | 9 | 15), _) => End::Killed,
        // A shell that cannot start the program says so with these.
        (_, Some(126 | 127)) => End::NotStarted,
        _ if complains("memory allocation of") => End::Memory,
        _ if complains("overflowed its stack") => End::Stack,
        _ => End::Failed,
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt;
    status.signal()
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write;

    use super::*;

    const BOUNDS: Bounds = Bounds {
        seconds: 20,
        wall: Duration::from_secs(30),
        memory: 1 << 30,
    };

    /// A shell script that is told `abc`: what it says, and how it ends.
    fn check(script: &str, bounds: Bounds, expect: (&str, End)) {
        let arguments = ["-c".into(), script.into()];
        let (said, end) = talk(
            Path::new("/bin/sh"),
            &arguments,
            bounds,
            |mut to, mut from| {
                // Nobody may be there to hear it.
                drop(to.write_all(b"abc\n"));
                drop(to);
                let mut said = String::new();
                from.read_to_string(&mut said).map(|_| said)
            },
        );
        let said = said.map(|s| s.expect("text")).unwrap_or_default();
        assert_eq!((said.as_str(), end), expect, "{script}");
    }

    #[test]
    fn ends_are_told_apart() {
        check("cat", BOUNDS, ("abc\n", End::Done));
        check("exit 3", BOUNDS, ("", End::Failed));
        check("kill -9 $$", BOUNDS, ("", End::Killed));
        check("exec /no/such/program", BOUNDS, ("", End::NotStarted));
        let alloc = "echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$";
        check(alloc, BOUNDS, ("", End::Memory));
        let stack = "echo 'thread main has overflowed its stack' >&2; kill -ABRT $$";
        check(stack, BOUNDS, ("", End::Stack));
        check("kill -ABRT $$", BOUNDS, ("", End::Failed));
        check("echo $HOME$CARGO", BOUNDS, ("\n", End::Done));
        // Complaints without end hold nobody up.
        check(
            "yes 2>/dev/null | head -c 1000000 >&2",
            BOUNDS,
            ("", End::Done),
        );
    }

    #[test]
    fn time_is_bounded_by_both_clocks() {
        let soon = Bounds {
            wall: Duration::from_millis(200),
            ..BOUNDS
        };
        check("exec sleep 30", soon, ("", End::Late));
        let short = Bounds {
            seconds: 1,
            ..BOUNDS
        };
        check("while :; do :; done", short, ("", End::Processor));
    }

    #[test]
    fn a_program_that_is_not_there_is_not_started() {
        let (_, end) = talk(Path::new("/no/such"), &[], BOUNDS, |to, from| {
            drop((to, from));
        });
        assert_eq!(end, End::NotStarted);
    }
}
