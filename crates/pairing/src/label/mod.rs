//! The grammar of figure and table labels, in English and Chinese.
//!
//! A *label* is a series (figure, table, plate …) and a number: `Fig. 3.2`, `Table II`,
//! `Supplementary Figure 1`, `S1 Table`, `图 4`. A *citation* is a label or several inside
//! running text: `Figs. 2A–C and 4`, `Tables 1 to 3`, `图2、3`. Panels (`2a`) are read over:
//! the figure is the unit. Positions count characters (Unicode scalar values).
//!
//! ```
//! use spinemed_pairing::label;
//!
//! let found = label::citations("Sagittal images (Figs. 2A–C and 4; 图5) show it.", false);
//! let labels: Vec<String> =
//!     found.iter().flat_map(|citation| &citation.labels).map(|label| label.to_string()).collect();
//! assert_eq!(labels, ["Figure 2", "Figure 4", "Figure 5"]);
//! ```

mod citation;
mod number;
mod word;

use std::fmt;

pub use citation::{Citation, citations};
pub use number::Number;

/// What is numbered. Each series counts by itself: `Scheme 1` is not `Figure 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// `Figure`, `Fig.`, `图`.
    Figure,
    /// `Plate`.
    Plate,
    /// `Scheme`.
    Scheme,
    /// `Table`, `表`.
    Table,
}

impl Series {
    /// A short name for keys.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Figure => "fig",
            Self::Plate => "plate",
            Self::Scheme => "scheme",
            Self::Table => "table",
        }
    }
}

/// A series and a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// What is numbered.
    pub series: Series,
    /// The number.
    pub number: Number,
}

impl Label {
    /// The label as part of a key: `fig-2`, `fig-3-2`, `table-s1`.
    #[must_use]
    pub fn slug(&self) -> String {
        format!(
            "{}-{}",
            self.series.slug(),
            self.number.to_string().replace('.', "-")
        )
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.series {
            Series::Figure => "Figure",
            Series::Plate => "Plate",
            Series::Scheme => "Scheme",
            Series::Table => "Table",
        };
        write!(f, "{word} {}", self.number)
    }
}

/// A label at the head of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leading {
    /// The label.
    pub label: Label,
    /// Where it ends, panels included, in characters of the text.
    pub end: usize,
    /// Where its number ends, panels not included, in characters of the text.
    pub number_end: usize,
    /// The label as printed.
    pub printed: String,
    /// Whether the text says that it continues an earlier figure or table.
    pub continued: bool,
}

/// The label that a text starts with, as a caption does.
#[must_use]
pub fn leading(text: &str) -> Option<Leading> {
    let chars: Vec<char> = text.chars().collect();
    let start = chars.iter().position(|c| !c.is_whitespace())?;
    let head = word::head(&chars, start)?;
    let read = match head.number {
        Some(number) => (number, head.end),
        None => number::read(&chars, head.end, true)?,
    };
    let (mut number, end) = read;
    number.supplement(head.supplement);
    let rest: String = chars[end..]
        .iter()
        .take(24)
        .collect::<String>()
        .to_lowercase();
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "(（[.,:—-".contains(c));
    let continued = ["continued", "cont.", "cont'd", "cont’d", "续"]
        .iter()
        .any(|w| rest.starts_with(w));
    let number_end = end;
    let end = number::skip_panels(&chars, end);
    Some(Leading {
        number_end,
        label: Label {
            series: head.series,
            number,
        },
        end,
        printed: chars[start..end].iter().collect(),
        continued,
    })
}

/// A label as a reader or its markup gives it: `Figure 2`, `Fig. 3.1.`, `图 4`, or a bare
/// number, which is then of the series given.
#[must_use]
pub fn parse(text: &str, bare: Series) -> Option<Label> {
    if let Some(leading) = leading(text) {
        return Some(leading.label);
    }
    let chars: Vec<char> = text.trim().chars().collect();
    let (number, end) = number::read(&chars, 0, true)?;
    let end = number::skip_panels(&chars, end);
    chars[end..]
        .iter()
        .all(|c| ".:".contains(*c))
        .then_some(Label {
            series: bare,
            number,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<&str>) {
        let found = leading(text).map(|l| {
            format!(
                "{}{}",
                l.label.slug(),
                if l.continued { " continued" } else { "" }
            )
        });
        assert_eq!(found.as_deref(), expect, "{text}");
    }

    #[test]
    fn captions_start_with_a_label() {
        check("Figure 2. Sagittal T2 image", Some("fig-2"));
        check("FIG. 3.2 Axial image", Some("fig-3-2"));
        check("Fig 3-2: Axial image", Some("fig-3-2"));
        check("Fig.12", Some("fig-12"));
        check("Figure S1 Flow chart", Some("fig-s1"));
        check("Supplementary Figure 1. Flow chart", Some("fig-s1"));
        check("S1 Table. Search terms", Some("table-s1"));
        check("Table II. Outcomes", Some("table-2"));
        check("TABLE IV Outcomes", Some("table-4"));
        check("Plate 7. Dissection", Some("plate-7"));
        check("Scheme 1. Synthesis", Some("scheme-1"));
        check("图 4 腰椎侧位片", Some("fig-4"));
        check("图3-2 腰椎侧位片", Some("fig-3-2"));
        check("表1 患者资料", Some("table-1"));
        check("Figure 2 (continued). More views", Some("fig-2 continued"));
        check("图2（续） 术后影像", Some("fig-2 continued"));
        check("Figure 1A–C. Views", Some("fig-1"));
        check("Figures show that", None);
        check("Configuration 2", None);
        check("The figure 2", None);
        check("Figure 2nd", None);
        check("代表2例", None);
        check("", None);
    }

    #[test]
    fn bare_numbers_take_the_series_given() {
        assert_eq!(
            parse("2", Series::Figure).map(|l| l.slug()).as_deref(),
            Some("fig-2")
        );
        assert_eq!(
            parse("Fig. 3.1.", Series::Table)
                .map(|l| l.slug())
                .as_deref(),
            Some("fig-3-1")
        );
        assert_eq!(parse("2 patients", Series::Figure), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}|(Figs?\\.? ?|图|S)[0-9A-Ca-c.,–\\- ]{0,12}(and|、|\\)|of)?.{0,4}") {
            let length = text.chars().count();
            if let Some(found) = leading(&text) {
                prop_assert!(found.end <= length);
            }
            for found in citations(&text, false) {
                prop_assert!(found.range[0] < found.range[1] && found.range[1] <= length);
            }
        }
    }
}
