//! An OpenAI-compatible chat server for tests: `chat-server [SCRIPT] [PORT]`.
//!
//! Prints its address on the first line of standard output and serves until it is killed.
//! `SCRIPT` is described at `spinemed_testkit::chat_server`; the default is `ok`.

// It is a server: the network and its arguments are what it is about.
#![allow(clippy::disallowed_methods)]

use std::io::Write as _;
use std::net::TcpListener;
use std::process::ExitCode;

use spinemed_testkit::chat_server::{Script, serve};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let script = arguments
        .first()
        .map_or("ok", String::as_str)
        .parse::<Script>();
    let port = arguments.get(1).map_or(Ok(0), |text| text.parse::<u16>());
    let (Ok(script), Ok(port)) = (script, port) else {
        let _ = writeln!(std::io::stderr(), "usage: chat-server [SCRIPT] [PORT]");
        return ExitCode::from(2);
    };
    let started = TcpListener::bind(("127.0.0.1", port)).and_then(|listener| {
        let mut out = std::io::stdout();
        writeln!(out, "http://{}/v1", listener.local_addr()?)?;
        out.flush()?;
        serve(&listener, script)
    });
    match started {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
