//! An OpenAI-compatible chat server that behaves, or misbehaves, as a script says.
//!
//! A script is a comma-separated list of [`Step`]s: `status:500,busy:1,ok` fails the first
//! sending of a request, asks the second to come back in a second, and answers the third and
//! all later ones. Requests are told apart by the SHA-256 of their bodies. A request whose
//! prompt contains `[[script: half,ok]]` follows that script instead of the server's.
//!
//! Answers are a function of the request alone: the text between `[[answer]]` and
//! `[[/answer]]` of the prompt, where there is one; else a value that meets the JSON Schema of
//! `response_format`, its texts drawn from the prompt's sentences; else one such sentence.
//!
//! `GET /stats` tells how often each body came and how many requests were served at once,
//! `GET /last` the header fields of the last completion asked for.
//! [`spawn`] runs the server as a process of its own, [`start`] on a thread of this one.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::SystemTime;

use serde_json::Value;

pub use answer::answer;
pub use serving::{serve, serve_with};
pub use step::{Script, Step};

mod answer;
mod serving;
mod step;

/// Makes the answer's text from a request's body.
pub type Answerer = dyn Fn(&Value) -> String + Send + Sync;

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct ChatServer {
    url: String,
    address: SocketAddr,
    process: Option<Child>,
}

/// What a server has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Completions asked for, repeats included.
    pub requests: u64,
    /// Different bodies among them.
    pub bodies: u64,
    /// How often the most repeated body came.
    pub most_repeated: u64,
    /// Bodies answered well (a `200` with a completion) more than once: paid twice.
    pub paid_twice: u64,
    /// The most requests served at the same time.
    pub peak: u64,
}

/// Starts a server on a thread of this process.
///
/// # Panics
/// When the script is none or no port is free.
#[must_use]
pub fn start(script: &str) -> ChatServer {
    start_with(script, Arc::new(answer))
}

/// As [`start`], with answers of the test's own.
///
/// # Panics
/// As [`start`].
#[must_use]
pub fn start_with(script: &str, answerer: Arc<Answerer>) -> ChatServer {
    let script: Script = script.parse().expect("a script");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    std::thread::spawn(move || serve_with(&listener, script, answerer));
    ChatServer {
        url: format!("http://{address}/v1"),
        address,
        process: None,
    }
}

/// Starts a server as a process of its own, building the program first where it is missing
/// or older than its source.
///
/// # Panics
/// When the program cannot be built or started.
#[must_use]
pub fn spawn(script: &str) -> ChatServer {
    let mut process = Command::new(program())
        .arg(script)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the chat server starts");
    let mut url = String::new();
    let out = process.stdout.take().expect("its output is piped");
    BufReader::new(out)
        .read_line(&mut url)
        .expect("it prints its address");
    let url = url.trim().to_owned();
    let address = url.trim_start_matches("http://").trim_end_matches("/v1");
    let address = address.parse().expect("an address");
    ChatServer {
        url,
        address,
        process: Some(process),
    }
}

impl ChatServer {
    /// The base URL: `http://127.0.0.1:PORT/v1`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it has seen so far.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream
            .write_all(b"GET /stats HTTP/1.1\r\nConnection: close\r\n\r\n")
            .expect("asked");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("answered");
        let body = reply.split_once("\r\n\r\n").expect("a body").1;
        let stats: Value = serde_json::from_str(body).expect("JSON");
        let count = |name: &str| stats[name].as_u64().expect("a count");
        Stats {
            requests: count("requests"),
            bodies: count("bodies"),
            most_repeated: count("most_repeated"),
            paid_twice: count("paid_twice"),
            peak: count("peak"),
        }
    }

    /// The header fields of the last completion asked for, names in lower case.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn last_fields(&self) -> BTreeMap<String, String> {
        serde_json::from_value(self.look_up("/last")).expect("fields")
    }

    fn look_up(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        let asked = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).expect("asked");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("answered");
        let body = reply.split_once("\r\n\r\n").expect("a body").1;
        serde_json::from_str(body).expect("JSON")
    }

    /// Ends the server now.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        } else if let Ok(mut stream) = TcpStream::connect(self.address) {
            let _ = stream.write_all(b"POST /stop HTTP/1.1\r\nConnection: close\r\n\r\n");
            let _ = stream.read(&mut [0; 64]);
        }
    }
}

impl Drop for ChatServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The server's program, beside the tests' programs in cargo's target folder.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().expect("a running program");
        let folder = test.parent().expect("programs lie in folders");
        let folder = match folder.file_name().and_then(|name| name.to_str()) {
            Some("deps" | "examples") => folder.parent().expect("inside the target folder"),
            _ => folder,
        };
        let program = folder.join(format!("chat-server{}", std::env::consts::EXE_SUFFIX));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        if modified(&program) <= newest(&source) {
            build(folder);
        }
        program
    })
}

fn build(folder: &Path) {
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| cargo.into()))
        .args([
            "build",
            "--quiet",
            "-p",
            "spinemed-testkit",
            "--bin",
            "chat-server",
        ])
        .args(["--profile", profile])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env(
            "CARGO_TARGET_DIR",
            folder.parent().expect("profiles lie in the target folder"),
        )
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the chat server does not build");
    // Cargo leaves the old time stamp where nothing had to be built.
    let program = folder.join(format!("chat-server{}", std::env::consts::EXE_SUFFIX));
    let file = std::fs::File::options().append(true).open(program);
    let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
}

fn modified(path: &Path) -> SystemTime {
    std::fs::metadata(path)
        .and_then(|meta| meta.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// When anything under a folder was last changed.
fn newest(folder: &Path) -> SystemTime {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let times = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => newest(&entry.path()),
        _ => modified(&entry.path()),
    });
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}
