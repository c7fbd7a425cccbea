//! Where in a source's bytes a piece of evidence stands (I1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A box `[x0, y0, x1, y1]` in points (1/72 inch) of the page's crop box as it is shown
/// (rotation applied), origin at the top left.
pub type PageBox = [f64; 4];

/// A file of a source: its name inside the source, with `/`, and its digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// The path inside the source.
    pub path: String,
    /// The digest of its bytes.
    pub sha256: Digest,
}

/// A place in a source file. Every part that is known is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Locator {
    /// The file.
    pub file: FileRef,
    /// The block or figure of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// The page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The page's printed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_label: Option<String>,
    /// The box on the page.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub bbox: Option<PageBox>,
    /// Characters (Unicode scalar values) of the block's text, `[start, end)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[usize; 2]>,
    /// An element path in XML (`/article/body/sec[2]/p[1]`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The row of a table, from 1, header rows not counted; the line of a JSON Lines file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The column of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The study, as its source names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<String>,
    /// The series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The instance of the series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The frame, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
}

impl Locator {
    /// The whole of a file.
    #[must_use]
    pub fn of_file(file: FileRef) -> Self {
        Self {
            file,
            block: None,
            page: None,
            page_label: None,
            bbox: None,
            range: None,
            path: None,
            row: None,
            column: None,
            study: None,
            series: None,
            instance: None,
            frame: None,
        }
    }
}
