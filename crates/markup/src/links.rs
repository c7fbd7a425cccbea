//! From cross references to figures, ranges included.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::document::{Block, Figure};

/// Figures of one range; a longer one is taken for a slip of the pen.
const MAX_RANGE: usize = 50;

/// A cross reference inside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Whether the markup says that it points to a figure.
    pub to_figure: bool,
    /// The ids it points to.
    pub targets: Vec<String>,
    /// Its own words.
    pub words: String,
    /// The words between the reference before it and this one.
    pub before: String,
    /// Where its words end in the text as the markup has it, in bytes.
    pub end: usize,
}

/// A document's figures as cross references name them.
#[derive(Debug, Default)]
pub struct Targets {
    /// Positions in the list of figures, by the XML id of a figure or group.
    ids: BTreeMap<String, Vec<usize>>,
    /// Positions by the number in the label; absent where two labels share it.
    numbers: BTreeMap<u32, Option<usize>>,
}

impl Targets {
    /// Enters a figure under an XML id of its own or of its group.
    pub fn add_id(&mut self, id: &str, figure: usize) {
        self.ids.entry(id.to_owned()).or_default().push(figure);
    }

    /// Enters a figure's printed label.
    pub fn add_label(&mut self, label: &str, figure: usize) {
        if let Some(number) = first_number(label) {
            self.numbers
                .entry(number)
                .and_modify(|n| *n = None)
                .or_insert(Some(figure));
        }
    }

    /// Figures of one id. A panel's id (`Fig2a`) that is nobody's stands for its figure's.
    fn of(&self, id: &str) -> &[usize] {
        let exact = self.ids.get(id);
        let panel = || {
            self.ids
                .get(id.trim_end_matches(|c: char| c.is_ascii_alphabetic()))
        };
        exact.or_else(panel).map_or(&[], Vec::as_slice)
    }
}

/// What a text's references point to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Positions in the list of figures, each once, in order of mention.
    pub figures: Vec<usize>,
    /// Ids that should be figures and are not.
    pub dangling: Vec<String>,
}

/// The figures that references link to. `Figs. 2–4`, marked up as its two ends or as one
/// reference, links to all between.
pub fn resolve(references: &[Reference], targets: &Targets) -> Linked {
    let mut linked = Linked::default();
    let mut last: Option<usize> = None;
    let mut seen = BTreeSet::new();
    for reference in references {
        let mut found: Vec<usize> = Vec::new();
        for id in &reference.targets {
            found.extend(targets.of(id));
            if reference.to_figure && targets.of(id).is_empty() {
                linked.dangling.push(id.clone());
            }
        }
        if let (Some(from), Some(&to)) = (last, found.first())
            && is_dash(&reference.before)
        {
            let between = (from + 1..to).take(MAX_RANGE + 1);
            if between.len() <= MAX_RANGE {
                found.splice(0..0, between);
            }
        }
        if !found.is_empty() {
            found.extend(range_in_words(&reference.words, targets));
        }
        last = found.last().copied();
        for figure in found {
            if seen.insert(figure) {
                linked.figures.push(figure);
            }
        }
    }
    linked
}

/// Words that stand between the two ends of a range.
fn is_dash(between: &str) -> bool {
    matches!(
        between,
        "-" | "–" | "—" | "‐" | "‑" | "−" | "to" | "through" | "~" | "～" | "至"
    )
}

/// Figures of a range that stands inside one reference's words: `Figs 2-4`.
fn range_in_words(words: &str, targets: &Targets) -> Vec<usize> {
    let ends = words
        .split(['-', '–', '—', '‑', '~', '至'])
        .collect::<Vec<_>>();
    let [first, second] = ends.as_slice() else {
        return Vec::new();
    };
    let (Some(first), Some(second)) = (last_number(first), first_number(second)) else {
        return Vec::new();
    };
    // Both ends must be known figures: `Figure 3-1` is the label of one.
    let known = |n: u32| targets.numbers.get(&n).copied().flatten();
    match (known(first), known(second)) {
        (Some(_), Some(_)) if first < second => {
            let between = targets
                .numbers
                .range(first..=second)
                .filter_map(|(_, figure)| *figure);
            between.take(MAX_RANGE).collect()
        }
        _ => Vec::new(),
    }
}

fn first_number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn last_number(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = digits.rfind(|c: char| !c.is_ascii_digit());
    let start = start.map_or(0, |at| {
        at + digits[at..].chars().next().map_or(0, char::len_utf8)
    });
    digits[start..].parse().ok()
}

/// Tells figures which blocks link to them. A caption is no mention of its own figure.
pub fn mentions<'f>(blocks: &[Block], figures: impl Iterator<Item = &'f mut Figure>) {
    let mut by_id: BTreeMap<String, &mut Figure> =
        figures.map(|figure| (figure.id.clone(), figure)).collect();
    for block in blocks {
        for link in &block.links {
            if let Some(figure) = by_id.get_mut(link)
                && figure.caption.as_ref() != Some(&block.id)
            {
                figure.mentions.push(block.id.clone());
            }
        }
    }
}
