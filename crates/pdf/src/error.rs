//! Why a file or a part of it could not be read.

/// What helps where no engine reads scanned pages.
pub(crate) const NO_ENGINE: &str = "no engine that reads scans is in use (`spinemed doctor` \
    tells what is there; the packages are `tesseract-ocr`, `tesseract-ocr-eng` and \
    `tesseract-ocr-chi-sim`)";

/// Why a file gives no document at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// Zero bytes.
    #[error("the file is empty")]
    Empty,
    /// Something else than a PDF.
    #[error("not a PDF: there is no `%PDF-` header")]
    NotPdf,
    /// A user password is set, or the encryption is unknown.
    #[error("encrypted: {0}")]
    Encrypted(&'static str),
    /// The cross-reference table and every fallback failed.
    #[error("damaged: no page can be found{}", if *truncated { " (the file is cut off)" } else { "" })]
    Damaged {
        /// Whether the end-of-file mark is missing.
        truncated: bool,
    },
    /// There are no words: pages are blank, or pictures without any.
    #[error("none of {pages} pages carries text")]
    NoText {
        /// How many pages there are.
        pages: usize,
    },
    /// Pages are scans, and no engine reads them.
    #[error("none of {pages} pages carries text, and {scans} are scans: {NO_ENGINE}")]
    NotRead {
        /// How many pages there are.
        pages: usize,
        /// How many of them are scans.
        scans: usize,
    },
    /// No page could be interpreted.
    #[error("none of {pages} pages could be read: {cause}")]
    NoPage {
        /// How many pages there are.
        pages: usize,
        /// What was wrong with the first.
        cause: String,
    },
}

/// Something wrong at a place of a document that survived.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The page, from 1; `None` for the whole file.
    pub page: Option<u32>,
    /// What is wrong.
    pub reason: String,
}

impl Fault {
    /// The place as problems spell it: `page 3`, or `file`.
    #[must_use]
    pub fn place(&self) -> String {
        self.page
            .map_or_else(|| "file".to_owned(), |page| format!("page {page}"))
    }
}
