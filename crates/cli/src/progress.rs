//! Progress on standard error: bars on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use spinemed_run::progress::{Progress, Silent};

/// The progress that fits the place: none when quiet, bars on a terminal, else lines.
#[must_use]
pub fn choose(quiet: bool) -> Box<dyn Progress> {
    if quiet {
        Box::new(Silent)
    } else if std::io::stderr().is_terminal() {
        Box::new(Bars::default())
    } else {
        Box::new(Lines)
    }
}

#[derive(Default)]
struct Bars(Mutex<Option<ProgressBar>>);

impl Progress for Bars {
    fn stage(&self, name: &str, to_do: usize, of: usize) {
        if to_do == 0 {
            return;
        }
        let style = ProgressStyle::with_template(
            "{prefix:>16} {bar:32} {pos}/{len} ({per_sec}, {eta} left){msg}",
        )
        .expect("the template is valid");
        let bar = ProgressBar::new(to_do as u64)
            .with_style(style)
            .with_prefix(name.to_owned());
        if of > to_do {
            bar.set_message(format!(", {} reused", of - to_do));
        }
        bar.tick();
        *self.0.lock().expect("no holder panics") = Some(bar);
    }

    fn advance(&self, units: usize) {
        if let Some(bar) = &*self.0.lock().expect("no holder panics") {
            bar.inc(units as u64);
        }
    }

    fn end(&self) {
        if let Some(bar) = self.0.lock().expect("no holder panics").take() {
            bar.abandon();
        }
    }

    fn note(&self, line: &str) {
        eprintln!("{line}");
    }
}

struct Lines;

impl Progress for Lines {
    fn stage(&self, name: &str, to_do: usize, of: usize) {
        if to_do > 0 {
            eprintln!("{name}: {to_do} of {of} to do");
        }
    }
    fn advance(&self, _: usize) {}
    fn end(&self) {}
    fn note(&self, line: &str) {
        eprintln!("{line}");
    }
}
