//! HTTP/1.1 over plain threads: one per connection.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use spinemed_core::Digest;

use super::answer::{answer, prompt_of};
use super::{Answerer, Script, Step};

/// Serves until told to stop (`POST /stop`) or killed.
///
/// # Errors
/// When the listener fails.
pub fn serve(listener: &TcpListener, script: Script) -> io::Result<()> {
    serve_with(listener, script, Arc::new(answer))
}

/// As [`serve`], with answers of the caller's own.
///
/// # Errors
/// As [`serve`].
pub fn serve_with(
    listener: &TcpListener,
    script: Script,
    answerer: Arc<Answerer>,
) -> io::Result<()> {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let stopped = Arc::new(AtomicBool::new(false));
    let address = listener.local_addr()?;
    for stream in listener.incoming() {
        if stopped.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut connection = Connection {
            stream: stream?,
            script: script.clone(),
            answerer: Arc::clone(&answerer),
            seen: Arc::clone(&seen),
        };
        let stopped = Arc::clone(&stopped);
        // A broken connection ends its own thread alone.
        std::thread::Builder::new()
            .stack_size(512 << 10)
            .spawn(move || {
                if let Ok(End::Stop) = connection.run() {
                    stopped.store(true, Ordering::SeqCst);
                    let _ = connection.stream.shutdown(Shutdown::Both);
                    let _ = TcpStream::connect(address);
                }
            })?;
    }
    Ok(())
}

#[derive(Default)]
struct Seen {
    requests: u64,
    bodies: BTreeMap<Digest, Body>,
    open: u64,
    peak: u64,
    last: BTreeMap<String, String>,
}

#[derive(Default)]
struct Body {
    sent: u64,
    answered: u64,
}

impl Seen {
    fn to_json(&self) -> Value {
        json!({
            "requests": self.requests,
            "bodies": self.bodies.len(),
            "most_repeated": self.bodies.values().map(|body| body.sent).max().unwrap_or(0),
            "paid_twice": self.bodies.values().filter(|body| body.answered > 1).count(),
            "peak": self.peak,
        })
    }
}

enum End {
    Closed,
    Stop,
}

struct Message {
    line: String,
    fields: BTreeMap<String, String>,
    body: Vec<u8>,
}

struct Connection {
    stream: TcpStream,
    script: Script,
    answerer: Arc<Answerer>,
    seen: Arc<Mutex<Seen>>,
}

impl Connection {
    fn run(&mut self) -> io::Result<End> {
        self.stream.set_nodelay(true)?;
        let mut reader = BufReader::with_capacity(64 << 10, self.stream.try_clone()?);
        while let Some(message) = read(&mut reader)? {
            let close = message
                .fields
                .get("connection")
                .is_some_and(|word| word == "close");
            if message.line.starts_with("POST /stop") {
                self.reply("200 OK", "", b"{}")?;
                return Ok(End::Stop);
            }
            if message.line.starts_with("GET /stats") {
                let stats = self.seen.lock().unwrap().to_json().to_string();
                self.reply("200 OK", "", stats.as_bytes())?;
            } else if message.line.starts_with("GET /last") {
                let last = json!(self.seen.lock().unwrap().last).to_string();
                self.reply("200 OK", "", last.as_bytes())?;
            } else if message.line.starts_with("POST /v1/chat/completions ") {
                if !self.complete(message.fields, &message.body)? {
                    self.stream.shutdown(Shutdown::Both)?;
                    return Ok(End::Closed);
                }
            } else {
                self.reply(
                    "404 Not Found",
                    "",
                    br#"{"error": {"message": "no such path"}}"#,
                )?;
            }
            if close {
                self.stream.shutdown(Shutdown::Both)?;
                return Ok(End::Closed);
            }
        }
        Ok(End::Closed)
    }

    /// Serves one completion; false when the connection is to be closed.
    fn complete(&mut self, fields: BTreeMap<String, String>, body: &[u8]) -> io::Result<bool> {
        let digest = Digest::of(body);
        let sending = {
            let mut seen = self.seen.lock().unwrap();
            seen.requests += 1;
            seen.last = fields;
            seen.open += 1;
            seen.peak = seen.peak.max(seen.open);
            let counted = seen.bodies.entry(digest).or_default();
            counted.sent += 1;
            counted.sent - 1
        };
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let prompt = prompt_of(&request);
        let own = prompt
            .split_once("[[script:")
            .and_then(|(_, rest)| rest.split_once("]]"));
        let own = own.and_then(|(script, _)| script.parse::<Script>().ok());
        let step = own.as_ref().unwrap_or(&self.script).step(sending);
        let served = self.act(step, &digest, &request, &prompt);
        let mut seen = self.seen.lock().unwrap();
        seen.open -= 1;
        if matches!(step, Step::Ok | Step::Slow(_) | Step::Fenced) {
            seen.bodies.entry(digest).or_default().answered += 1;
        }
        served
    }

    fn act(
        &mut self,
        step: Step,
        digest: &Digest,
        request: &Value,
        prompt: &str,
    ) -> io::Result<bool> {
        let answer = |fenced| completion(&self.answerer, digest, request, fenced);
        match step {
            Step::Ok => self.reply("200 OK", "", answer(false).as_bytes())?,
            Step::Fenced => self.reply("200 OK", "", answer(true).as_bytes())?,
            Step::Slow(ms) => {
                std::thread::sleep(Duration::from_millis(ms));
                self.reply("200 OK", "", answer(false).as_bytes())?;
            }
            Step::Status(code) => {
                let error = json!({"error": {"message": format!("scripted failure of: {prompt}"), "code": "scripted"}});
                self.reply(
                    &format!("{code} Scripted"),
                    "",
                    error.to_string().as_bytes(),
                )?;
            }
            Step::Busy(seconds) => {
                let fields = format!("Retry-After: {seconds}\r\n");
                let error =
                    br#"{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}"#;
                self.reply("429 Too Many Requests", &fields, error)?;
            }
            Step::BusyDate(seconds) => {
                // A fixed clock of the server's own: clients must measure by `Date`.
                let fields = format!(
                    "Date: Sun, 06 Nov 1994 08:49:00 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:{:02} GMT\r\n",
                    seconds.min(59)
                );
                self.reply("503 Service Unavailable", &fields, b"{}")?;
            }
            Step::Nonsense => self.reply("200 OK", "", b"<html><body>Welcome!</body></html>")?,
            Step::Half => {
                let whole = answer(false);
                self.reply("200 OK", "", &whole.as_bytes()[..whole.len() / 2])?;
            }
            Step::Cut => {
                self.stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"id\": \"chat")?;
                return Ok(false);
            }
            Step::Empty => self.reply("200 OK", "", b"")?,
            Step::Nothing => return Ok(false),
            Step::Flood => {
                self.stream
                    .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                while self.stream.write_all(&[b' '; 64 << 10]).is_ok() {}
                return Ok(false);
            }
            Step::Redirect => {
                let fields = "Location: http://127.0.0.2:9/v1/chat/completions\r\n";
                self.reply("307 Temporary Redirect", fields, b"")?;
            }
        }
        Ok(true)
    }

    fn reply(&mut self, status: &str, fields: &str, body: &[u8]) -> io::Result<()> {
        let mut bytes = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{fields}Content-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        self.stream.write_all(&bytes)
    }
}

/// One request from the wire; none when the client is done.
fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Message>> {
    let mut message = Message {
        line: String::new(),
        fields: BTreeMap::new(),
        body: Vec::new(),
    };
    if reader.read_line(&mut message.line)? == 0 {
        return Ok(None);
    }
    loop {
        let mut field = String::new();
        if reader.read_line(&mut field)? == 0 || field.trim().is_empty() {
            break;
        }
        let (name, value) = field.split_once(':').unwrap_or((&field, ""));
        message
            .fields
            .insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = message
        .fields
        .get("content-length")
        .and_then(|text| text.parse().ok());
    message.body.resize(length.unwrap_or(0), 0);
    reader.read_exact(&mut message.body)?;
    Ok(Some(message))
}

fn completion(answerer: &Arc<Answerer>, digest: &Digest, request: &Value, fenced: bool) -> String {
    let mut text = answerer(request);
    if fenced {
        text = format!("Here is the answer:\n```json\n{text}\n```\nDoes this help?");
    }
    let prompt_tokens = prompt_of(request).chars().count() / 4;
    let completion_tokens = text.chars().count() / 4;
    json!({
        "id": format!("chatcmpl-{}", digest.short()),
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
        },
    })
    .to_string()
}
