//! What went wrong, once, for the screen: the message, its chain of causes, a hint, a code.

use std::fmt;

use spinemed_run::project::ProjectError;
use spinemed_store::Held;

use crate::exit;

/// A command that cannot go on.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// What went wrong, with its causes.
    pub cause: anyhow::Error,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure with a code.
    pub fn new(code: u8, cause: impl Into<anyhow::Error>) -> Self {
        Self {
            code,
            cause: cause.into(),
            hint: None,
        }
    }

    /// Wrong usage or configuration, in words.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(exit::USAGE, anyhow::anyhow!("{message}"))
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.cause)?;
        for cause in self.cause.chain().skip(1) {
            write!(f, "\n  because: {cause}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let cause = error.into();
        let code = match cause.downcast_ref::<ProjectError>() {
            Some(ProjectError::Settings { .. }) => exit::USAGE,
            Some(ProjectError::Policy { .. }) => exit::POLICY,
            None => exit::FAULT,
        };
        let hint = cause.downcast_ref::<ProjectError>().and_then(|e| match e {
            ProjectError::Settings { hint, .. } | ProjectError::Policy { hint, .. } => hint.clone(),
        });
        let hint = hint.or_else(|| of_full_disk(&cause));
        Self { code, cause, hint }
    }
}

/// What to do when the disk is full. SQLite calls it an I/O error where its index of the
/// write-ahead log cannot grow.
fn of_full_disk(cause: &anyhow::Error) -> Option<String> {
    let signs = ["No space left", "disk is full", "disk I/O error"];
    let full = cause
        .chain()
        .any(|c| signs.iter().any(|sign| c.to_string().contains(sign)));
    full.then(|| {
        "make room on the disk and try again: everything entered so far is kept".to_owned()
    })
}

/// The failure of a workspace that another process holds.
#[must_use]
pub fn held(held: &Held) -> Failure {
    let who = if held.pid.is_empty() {
        "another process".to_owned()
    } else {
        format!("process {}", held.pid)
    };
    Failure::new(
        exit::HELD,
        anyhow::anyhow!("{who} is building in this workspace"),
    )
    .hint("wait for it, or use another `--workspace`")
}
