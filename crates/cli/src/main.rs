//! The `spinemed` program: parses flags, runs a command, prints one error, sets the exit code.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the program's edge: flags, environment, clock, screen"
)]

mod args;
mod commands;
mod context;
mod exit;
mod failure;
#[macro_use]
mod output;
mod progress;
mod reading;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                exit::USAGE
            } else {
                exit::DONE
            });
        }
    };
    std::panic::set_hook(Box::new(|fault| {
        // Decoders are fed with patients' bytes, and what they panic with may quote them.
        let place = fault
            .location()
            .map_or_else(String::new, |l| format!(" at {l}"));
        eprintln!("a part of the program failed{place}");
    }));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(log_filter())
        .without_time()
        .init();
    let context = Context {
        named: cli.workspace,
        format: cli.format,
        quiet: cli.quiet,
        ocr: cli.ocr,
    };
    match run(&context, cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code)
        }
    }
}

/// What is logged: as `SPINEMED_LOG` says, but never what the DICOM libraries say, because they
/// quote values of headers.
fn log_filter() -> tracing_subscriber::EnvFilter {
    const SILENT: [&str; 6] = [
        "dicom_core=off",
        "dicom_encoding=off",
        "dicom_object=off",
        "dicom_parser=off",
        "dicom_pixeldata=off",
        "dicom_transfer_syntax_registry=off",
    ];
    SILENT.iter().fold(
        tracing_subscriber::EnvFilter::from_env("SPINEMED_LOG"),
        |filter, silent| filter.add_directive(silent.parse().expect("a directive")),
    )
}

fn run(context: &Context, command: Command) -> Result<u8, Failure> {
    match command {
        Command::Init { dir } => commands::init::run(&dir),
        Command::Source(command) => commands::source::run(context, command),
        Command::Build(args) => commands::build::run(context, &args),
        Command::Status { pipeline } => commands::status::run(context, pipeline.as_deref()),
        Command::Inspect { file, html, limits } => {
            commands::inspect::run(context, &file, html.as_deref(), &limits)
        }
        Command::Read { pages } => commands::read::run(context, pages),
        Command::Prompt(command) => commands::prompt::run(context, command),
        Command::Worker { plan, stage, index } => {
            commands::worker::run(context, &plan, stage, index)
        }
        Command::Audit(command) => commands::audit::run(context, command),
        Command::Release(command) => commands::release::run(context, command),
        Command::Retract { scope, id, reason } => {
            commands::retract::run(context, scope, id, reason)
        }
        Command::Key(command) => commands::key::run(context, command),
        Command::Deid(args) => commands::deid::run(context, &args),
        Command::Gc { forget } => commands::gc::run(context, &forget),
        Command::Schema { name } => commands::schema::run(name.as_deref()),
        Command::Doctor => commands::doctor::run(context),
        Command::Completions { shell } => commands::completions::run(shell),
    }
}
