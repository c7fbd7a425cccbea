//! `spinemed completions`.

use clap::CommandFactory;

use crate::args::Cli;
use crate::exit;
use crate::failure::Failure;

/// Prints completions for a shell.
pub fn run(shell: clap_complete::Shell) -> Result<u8, Failure> {
    clap_complete::generate(
        shell,
        &mut Cli::command(),
        "spinemed",
        &mut std::io::stdout(),
    );
    Ok(exit::DONE)
}
