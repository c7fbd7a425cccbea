//! Chores of the repository, run as `cargo xtask`: generated schemas, checks that no compiler
//! makes, and the benchmark of the built-in generator.
//!
//! ```text
//! cargo xtask schemas --check    the committed schemas are those of the code
//! cargo xtask checks             style.md's rules that a machine can hold
//! cargo xtask bench              synthetic packs through `rules`
//! ```

// A tool for developers: it reads the repository, starts cargo and the built program, and
// measures with the clock.
#![allow(clippy::disallowed_methods)]
// Its results are text on standard output, its progress text on standard error.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod checks;
mod repository;
mod schemas;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the repository.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write `schemas/` from the program, or compare it.
    Schemas {
        /// Compare, and write nothing.
        #[arg(long)]
        check: bool,
    },
    /// Check the rules of the repository that no compiler checks.
    Checks,
    /// Build synthetic packs with the `rules` generator, and measure.
    Bench(Box<bench::Args>),
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Schemas { check } => schemas::run(check),
        Chore::Checks => checks::run(),
        Chore::Bench(args) => bench::run(&args),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
