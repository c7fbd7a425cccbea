//! Captions told from sentences that start with a label.

use spinemed_core::document::{Block, BlockKind};

use crate::label::{self, Leading};

/// A block that may be a caption.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// Its position among the document's blocks.
    pub(crate) block: usize,
    /// The label it starts with.
    pub(crate) leading: Leading,
    /// How likely it is a caption, 0 to 1.
    pub(crate) score: f64,
}

/// The blocks that look like captions of figures and tables, in order.
pub(crate) fn candidates(blocks: &[Block]) -> Vec<Candidate> {
    let read = |(at, block): (usize, &Block)| {
        let least = match block.kind {
            BlockKind::Caption => 0.3,
            BlockKind::Paragraph | BlockKind::Heading | BlockKind::List | BlockKind::Footnote => {
                0.7
            }
            _ => return None,
        };
        let leading = label::leading(&block.text)?;
        let score = score(&block.text, leading.end);
        let score = if block.kind == BlockKind::Caption {
            score.max(0.95)
        } else {
            score
        };
        (score >= least).then_some(Candidate {
            block: at,
            leading,
            score,
        })
    };
    blocks.iter().enumerate().filter_map(read).collect()
}

/// How likely a text that starts with a label (which ends at `end`) is a caption: by the sign
/// after the label, and by the word after that. Captions put a stop or a capital there;
/// sentences put a verb.
pub(crate) fn score(text: &str, end: usize) -> f64 {
    let rest: Vec<char> = text.chars().skip(end).collect();
    let Some(first) = rest.first() else {
        return 0.75;
    };
    if ".:|．：。".contains(*first) {
        return 0.95;
    }
    if "),;]）、，；".contains(*first) {
        return 0.05;
    }
    let words: String = rest
        .iter()
        .skip_while(|c| c.is_whitespace())
        .take(24)
        .collect();
    if words.starts_with(['—', '–', '-', '|', '•']) {
        return 0.9;
    }
    if VERBS_ZH.iter().any(|verb| words.starts_with(verb)) {
        return 0.1;
    }
    let word: String = words
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .collect();
    match words.chars().next() {
        _ if VERBS.contains(&word.to_ascii_lowercase().as_str()) => 0.1,
        None => 0.75,
        Some(c) if c.is_lowercase() => 0.4,
        Some(_) => 0.85,
    }
}

const VERBS: &[&str] = &[
    "also",
    "and",
    "are",
    "as",
    "can",
    "compares",
    "confirms",
    "contains",
    "demonstrate",
    "demonstrated",
    "demonstrates",
    "depict",
    "depicted",
    "depicts",
    "describes",
    "display",
    "displayed",
    "displays",
    "for",
    "gives",
    "has",
    "have",
    "highlights",
    "illustrate",
    "illustrated",
    "illustrates",
    "in",
    "indicate",
    "indicated",
    "indicates",
    "is",
    "list",
    "lists",
    "of",
    "or",
    "outlines",
    "plots",
    "present",
    "presented",
    "presents",
    "provide",
    "provides",
    "report",
    "reports",
    "represents",
    "reveal",
    "revealed",
    "reveals",
    "show",
    "showed",
    "shown",
    "shows",
    "suggests",
    "summarises",
    "summarizes",
    "to",
    "was",
    "were",
    "which",
    "with",
];

const VERBS_ZH: &[&str] = &[
    "显示", "所示", "示", "可见", "可以", "为", "表明", "中", "是", "给出", "展示", "说明", "描述",
    "总结", "列出", "和", "与", "及", "的", "提示", "反映",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_told_from_sentences() {
        let check = |text: &str, caption: bool| {
            let end = label::leading(text).expect("a label").end;
            assert_eq!(score(text, end) >= 0.7, caption, "{text}");
        };
        check("Figure 2. Sagittal T2 image of the lumbar spine.", true);
        check("Fig. 2 Sagittal T2 image", true);
        check("Fig. 2: axial image", true);
        check("FIGURE 2 | Axial image", true);
        check("Figure 2A–C. Views", true);
        check("Figure 2 shows that the disc is narrow.", false);
        check("Figure 2A and B are sagittal images.", false);
        check("Figs. 2 and 3 illustrate the method.", false);
        check("Fig. 2) were excluded", false);
        check("Figure 2, the disc", false);
        check("图2 腰椎侧位片", true);
        check("图2显示腰椎间盘突出", false);
        check("图2 所示为术前影像", false);
        check("Table 1", true);
        check("Table 2 lists the patients.", false);
    }
}
