//! How documents are read: each by this program again, as a child with limits.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use spinemed_core::seam::{PagePicture, PageReader, PageWord};
use spinemed_host::{DocumentLimits, Isolated, ScanReader};
use spinemed_run::settings::LimitsSection;
use spinemed_run::{Here, MostPages};

use crate::args::Ocr;
use crate::failure::Failure;

/// Reading in children, each as `here` would do it.
///
/// # Errors
/// A failure when the system does not tell which program this is.
pub fn isolated(here: &Here, limits: &LimitsSection) -> Result<Isolated<Here>, Failure> {
    let here = Here {
        most: MostPages(usize::try_from(limits.pages).unwrap_or(usize::MAX)),
        ..here.clone()
    };
    let pages = limits.pages.to_string();
    let ocr = if here.pages.is_some() { "auto" } else { "off" };
    let arguments = ["read", "--pages", &pages, "--ocr", ocr];
    let arguments = arguments.into_iter().map(Into::into).collect();
    let bounds = DocumentLimits {
        seconds: limits.seconds,
        memory: limits.memory,
    };
    Ok(Isolated::new(program()?, arguments, bounds, here))
}

/// Reading in such a child. Its parent knows the engine for scanned pages already; here it is
/// looked for when the first such page comes, because most documents have none.
pub fn here(pages: usize, ocr: Ocr) -> Here {
    Here {
        pages: match ocr {
            Ocr::Off => None,
            Ocr::Auto => Some(Arc::new(Later::default())),
        },
        most: MostPages(pages),
    }
}

/// This program. Where the system has a name for what a process runs, it is used: it stays
/// right when the file is replaced while a build runs.
fn program() -> Result<PathBuf, Failure> {
    let running = format!("/proc/{}/exe", std::process::id());
    if Path::new(&running).exists() {
        return Ok(running.into());
    }
    std::env::current_exe().map_err(Failure::from)
}

/// The installed engine, once it is needed.
#[derive(Default)]
struct Later(OnceLock<Option<ScanReader>>);

impl Later {
    fn engine(&self) -> Option<&ScanReader> {
        self.0.get_or_init(ScanReader::installed).as_ref()
    }
}

impl PageReader for Later {
    fn identity(&self) -> String {
        self.engine().map(PageReader::identity).unwrap_or_default()
    }

    fn words(&self, page: &PagePicture<'_>) -> Result<Vec<PageWord>, String> {
        match self.engine() {
            Some(engine) => engine.words(page),
            None => Err("the engine is not installed any more".to_owned()),
        }
    }
}
