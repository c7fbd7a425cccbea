//! Labels cited in running text.

use super::number::{self, Number, skip_panels, skip_spaces};
use super::word::{self, Head};
use super::{Label, Series};

/// One citation: a word and one or more numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Characters of the text, `[start, end)`.
    pub range: [usize; 2],
    /// What is cited, in order, ranges written out.
    pub labels: Vec<Label>,
    /// Whether the words around say that it stands in another publication or a supplement
    /// file: `Figure 2 of [12]`, `their Fig. 3`.
    pub foreign: bool,
}

/// The citations of a text, in order. `compound` says how the document numbers: whether
/// `3-2` is one number (chapter 3, figure 2) or the range from 3 to 2.
#[must_use]
pub fn citations(text: &str, compound: bool) -> Vec<Citation> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match citation(&chars, at, compound) {
            Some(citation) => {
                at = citation.range[1];
                found.push(citation);
            }
            None => at += 1,
        }
    }
    found
}

fn citation(chars: &[char], at: usize, compound: bool) -> Option<Citation> {
    let head = word::head(chars, at)?;
    let (mut first, mut end) = match &head.number {
        Some(number) => (number.clone(), head.end),
        None => number::read(chars, head.end, compound)?,
    };
    first.supplement(head.supplement);
    let mut numbers = vec![first];
    if head.number.is_none() {
        end = skip_panels(chars, end);
        while let Some((more, next)) = continuation(chars, end, &head, &numbers, compound) {
            numbers.extend(more);
            end = next;
        }
    }
    let series: Series = head.series;
    Some(Citation {
        range: [at, end],
        labels: numbers
            .into_iter()
            .map(|number| Label { series, number })
            .collect(),
        foreign: foreign_after(chars, end) || foreign_before(chars, at),
    })
}

/// What joins two numbers of one citation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Comma,
    And,
    To,
}

/// Joints in words and signs, longest first. Words need a space on both sides.
const JOINTS: &[(&str, Joint)] = &[
    (", and ", Joint::And),
    (" through ", Joint::To),
    (" and ", Joint::And),
    (" to ", Joint::To),
    (" or ", Joint::And),
    ("和", Joint::And),
    ("及", Joint::And),
    ("与", Joint::And),
    ("至", Joint::To),
    ("到", Joint::To),
    ("、", Joint::And),
    ("，", Joint::Comma),
    (",", Joint::Comma),
    ("&", Joint::And),
    ("-", Joint::To),
    ("–", Joint::To),
    ("—", Joint::To),
    ("‑", Joint::To),
    ("−", Joint::To),
    ("~", Joint::To),
    ("～", Joint::To),
];

fn joint(chars: &[char], at: usize) -> Option<(Joint, usize)> {
    JOINTS.iter().find_map(|(sign, joint)| {
        let start = if sign.starts_with(' ') {
            at
        } else {
            skip_spaces(chars, at)
        };
        let mut end = start;
        for want in sign.chars() {
            let have = *chars.get(end)?;
            let same = if want == ' ' {
                have.is_whitespace()
            } else {
                have == want
            };
            if !same {
                return None;
            }
            end += 1;
        }
        Some((*joint, skip_spaces(chars, end)))
    })
}

fn continuation(
    chars: &[char],
    at: usize,
    head: &Head,
    so_far: &[Number],
    compound: bool,
) -> Option<(Vec<Number>, usize)> {
    let (joint, next) = joint(chars, at)?;
    let last = so_far.last()?;
    // `Fig. 2 to Fig. 4`: the word may stand again inside a range.
    let again = if joint == Joint::To {
        word::head(chars, next)
    } else {
        None
    };
    let start = match &again {
        Some(again) if again.series == head.series && again.number.is_none() => again.end,
        Some(_) => return None,
        None => next,
    };
    let (mut number, end) = number::read(chars, start, compound)?;
    number.supplement(head.supplement);
    let end = skip_panels(chars, end);
    if joint == Joint::To {
        let row = last.to(&number)?;
        return Some((row.into_iter().skip(1).collect(), end));
    }
    let sure = joint == Joint::And && head.plural;
    let fits = number.depth() == last.depth() && (sure || ends_label(chars, end));
    fits.then_some((vec![number], end))
}

/// Whether what follows a number lets it be a label's rather than a count (`and 25 patients`).
fn ends_label(chars: &[char], at: usize) -> bool {
    match chars.get(skip_spaces(chars, at)) {
        None => true,
        Some('-' | '–' | '—' | '&' | '/') => true,
        Some(c) if ")].;:,，。；：、）".contains(*c) => true,
        Some(_) => joint(chars, at)
            .is_some_and(|(_, next)| chars.get(next).is_some_and(|c| c.is_ascii_digit())),
    }
}

fn foreign_after(chars: &[char], at: usize) -> bool {
    let rest: String = chars[at..].iter().take(60).collect();
    let rest = rest.trim_start();
    if [", ref", ", in ref", "，文献"]
        .iter()
        .any(|w| rest.starts_with(w))
    {
        return true;
    }
    let Some(rest) = ["of ", "in ", "from ", "by "]
        .iter()
        .find_map(|w| rest.strip_prefix(w))
    else {
        return false;
    };
    const OWNERS: &[&str] = &[
        "[",
        "ref.",
        "refs.",
        "reference ",
        "their ",
        "his ",
        "her ",
        "that study",
        "that paper",
        "the study by",
        "the study of",
        "the paper by",
        "the article by",
        "the work of",
        "the work by",
        "the report by",
        "the original",
        "the supplement",
        "supplement",
        "the online",
        "additional file",
        "the appendix",
        "appendix",
        "s1 ",
        "s2 ",
    ];
    let lower = rest.to_lowercase();
    if OWNERS.iter().any(|owner| lower.starts_with(owner)) {
        return true;
    }
    // `Figure 2 in Smith et al.`, `Fig. 3 of Smith and Jones [4]`.
    let named = rest.starts_with(|c: char| c.is_uppercase());
    let clause: &str = lower.split([')', ';', '.', ',']).next().unwrap_or_default();
    named && (clause.contains(" et al") || clause.contains('['))
}

fn foreign_before(chars: &[char], at: usize) -> bool {
    let before: String = chars[at.saturating_sub(24)..at].iter().collect();
    let lower = before.to_lowercase();
    let lower = lower.trim_end();
    if ["their", "his", "her", "whose", "'s", "’s"]
        .iter()
        .any(|w| {
            lower.strip_suffix(w).is_some_and(|rest| {
                w.starts_with(['\'', '’']) || !rest.ends_with(|c: char| c.is_alphabetic())
            })
        })
    {
        return true;
    }
    // `adapted from Fig. 2`, `原文图2`, `文献[12]的图2`.
    const OTHERS: &[&str] = &[
        "adapted from",
        "modified from",
        "reproduced from",
        "reprinted from",
        "原文",
        "原文的",
        "原书",
        "原著",
        "]中",
        "]的",
        "]中的",
        "］中",
        "］的",
        "等的",
        "等人的",
    ];
    let cited = lower.ends_with(']') && lower.contains("文献");
    if cited || OTHERS.iter().any(|words| lower.ends_with(words)) {
        return true;
    }
    // `[12, Fig. 2]` and `(Smith 2010, Fig. 2)`.
    let Some(list) = lower.strip_suffix(',') else {
        return false;
    };
    let digits = list.chars().rev().take_while(char::is_ascii_digit).count();
    let open = list[..list.len() - digits].chars().next_back();
    (digits > 0 && open == Some('[')) || (digits == 4 && lower.contains('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<String> = citations(text, false)
            .iter()
            .flat_map(|c| {
                let mark = if c.foreign { "foreign " } else { "" };
                c.labels
                    .iter()
                    .map(move |label| format!("{mark}{}", label.slug()))
            })
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn single_labels() {
        check("as shown in Figure 2.", &["fig-2"]);
        check("(Fig.\u{a0}3)", &["fig-3"]);
        check("(Fig 2A)", &["fig-2"]);
        check("(Figs. 2A–C)", &["fig-2"]);
        check("(Fig. 2a, b)", &["fig-2"]);
        check("(Fig. 2(a, b))", &["fig-2"]);
        check("Figure 3.2 and Table II", &["fig-3-2", "table-2"]);
        check("(S1 Fig)", &["fig-s1"]);
        check("(Supplementary Table 3)", &["table-s3"]);
        check("P=0.01; Fig. 4). This", &["fig-4"]);
        check("如图2所示，表1列出", &["fig-2", "table-1"]);
        check("FIGURE 7 shows", &["fig-7"]);
    }

    #[test]
    fn a_range_may_be_cut_off_by_the_end() {
        // Found by the fuzz target `labels`.
        check("(Figs. 2-", &["fig-2"]);
        check("见图3-", &["fig-3"]);
        check("Fig. 2 and ", &["fig-2"]);
    }

    #[test]
    fn lists_and_ranges() {
        check("Figs. 2 and 3 show", &["fig-2", "fig-3"]);
        check("(Figures 2–4)", &["fig-2", "fig-3", "fig-4"]);
        check(
            "Figs. 1, 2, and 3, no significant",
            &["fig-1", "fig-2", "fig-3"],
        );
        check("Figs. 5 & 6.", &["fig-5", "fig-6"]);
        check("Figs 7–10", &["fig-7", "fig-8", "fig-9", "fig-10"]);
        check("(Figures 4A,B)", &["fig-4"]);
        check("(Fig. 7a–c and 8b)", &["fig-7", "fig-8"]);
        check("Figs. S1–3", &["fig-s1", "fig-s2", "fig-s3"]);
        check("图2、3和5", &["fig-2", "fig-3", "fig-5"]);
        check("图2～图4", &["fig-2", "fig-3", "fig-4"]);
        check("Tables 1 to 3", &["table-1", "table-2", "table-3"]);
        check("图 2~4", &["fig-2", "fig-3", "fig-4"]);
        check("Figures 3A and 5", &["fig-3", "fig-5"]);
        check("Fig. 3.2a–c", &["fig-3-2"]);
        check("Fig. 2 to Fig. 4", &["fig-2", "fig-3", "fig-4"]);
        check(
            "Figure 3, Table 1 and Fig. 5",
            &["fig-3", "table-1", "fig-5"],
        );
    }

    #[test]
    fn counts_are_no_labels() {
        check("Figure 2 and 3 patients", &["fig-2"]);
        check("Table 1, 25 patients were", &["table-1"]);
        check("(Fig. 6; 1 year, WMD 0.36)", &["fig-6"]);
        check("(Fig. 3, 0.26)", &["fig-3"]);
        check("Fig. 2, 95% CI", &["fig-2"]);
        check("the table 2019", &[]);
        check("on the operating table with", &[]);
        check("stable 2", &[]);
        check("代表2例", &[]);
        check("the S1 vertebra", &[]);
    }

    #[test]
    fn other_papers_figures_are_foreign() {
        check("(see Figure 2 of [12])", &["foreign fig-2"]);
        check("Fig. 3 in Smith et al.", &["foreign fig-3"]);
        check("[12, Fig. 2]", &["foreign fig-2"]);
        check("(Smith 2010, Fig. 2)", &["foreign fig-2"]);
        check("their Fig. 2", &["foreign fig-2"]);
        check("Figure 2 in the article by Lee", &["foreign fig-2"]);
        check("Figure 2 in patients with", &["fig-2"]);
        check("adapted from Fig. 2", &["foreign fig-2"]);
        check("(Fig. 2, ref. 12)", &["foreign fig-2"]);
        check("见文献[12]图2", &["foreign fig-2"]);
        check("文献[12]中的图2", &["foreign fig-2"]);
        check("与原文图3相同", &["foreign fig-3"]);
        check("患者[12]见图2", &["fig-2"]);
        check("other Fig. 2", &["fig-2"]);
        check("Smith et al. (Fig. 2)", &["fig-2"]);
    }

    #[test]
    fn chapters_may_be_joined_by_a_hyphen() {
        let found = citations("Figure 3-2 and Fig. 3-4", true);
        let slugs: Vec<String> = found
            .iter()
            .flat_map(|c| c.labels.iter().map(Label::slug))
            .collect();
        assert_eq!(slugs, ["fig-3-2", "fig-3-4"]);
    }
}
