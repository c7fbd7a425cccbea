//! The sentences in which pooled analyses compare two treatments.

use super::forms;
use super::statistics::{self, without_brackets};
use crate::text::small;

/// How the first treatment compares with the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The outcome is lower with the first.
    Lower,
    /// The outcome is higher with the first.
    Higher,
    /// No significant difference.
    Same,
}

/// A comparison, with abbreviations as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The treatment that is spoken of.
    pub first: String,
    /// The treatment that it is compared with.
    pub second: String,
    /// What is compared.
    pub outcome: String,
    /// How they compare.
    pub direction: Direction,
    /// The statement as it stands, without statistics at its end.
    pub clause: String,
    /// Statistics at its end, one by one.
    pub statistics: Vec<String>,
    /// Whether the statement itself says that it pools studies.
    pub pooled: bool,
}

impl Comparison {
    /// The statement with its statistics, as a sentence.
    pub fn sentence(&self) -> String {
        let clause = crate::text::capital(&self.clause);
        if self.statistics.is_empty() {
            return format!("{clause}.");
        }
        format!("{clause} ({}).", self.statistics.join("; "))
    }

    /// Every statistic that the statement gives: within the clause, then at its end.
    pub fn numbers(&self) -> Vec<String> {
        let inner = without_brackets(&self.clause)
            .map(|bare| statistics::statements(&bare.brackets))
            .unwrap_or_default();
        [inner, self.statistics.clone()].concat()
    }

    /// Whether significance, or its absence, is stated.
    pub fn is_significant(&self) -> bool {
        let said = self.clause.contains("significant");
        self.direction == Direction::Same
            || said
            || statistics::significant(&self.statistics) == Some(true)
    }
}

/// Words that tie a sentence to other authors, to a part of the patients, to a plan or to
/// what stands around it.
pub(crate) const FOREIGN: &[&str] = &[
    " et al",
    " that ",
    " which ",
    "results showed",
    " we ",
    " our ",
    "previous",
    "hypothes",
    "whether",
    " may ",
    " might ",
    "could",
    "appear",
    "investigat",
    "aim",
    " they ",
    " their ",
    " its ",
    " these ",
    " those ",
    "respectively",
    "preoperative",
    "baseline",
    "2 groups",
    "two groups",
    "subgroup",
    " other ",
    " study",
    "studies",
    " trial",
    "author",
    "literature",
    "report",
    "publication bias",
    "conversely",
    " would ",
    " should ",
    " not ",
    " except",
];

const OPENINGS: &[&str] = &[
    "However, ",
    "Moreover, ",
    "Furthermore, ",
    "In addition, ",
    "And, ",
    "What's more, ",
    "What’s more, ",
];

/// A sentence as a comparison of two treatments by one outcome; none where anything else
/// could be meant.
pub(crate) fn parse(sentence: &str) -> Option<Comparison> {
    if sentence.chars().count() > 450 {
        return None;
    }
    let body = OPENINGS
        .iter()
        .find_map(|opening| sentence.strip_prefix(opening))
        .unwrap_or(sentence)
        .strip_suffix('.')?;
    let (body, lead) = led(body);
    let (clause, tail) = parted(body)?;
    if is_foreign(clause) {
        return None;
    }
    let statistics = statistics::statements(&tail);
    // `Meta-analysis showed that` without numbers may be anyone's.
    if lead == Lead::Bare && statistics.is_empty() {
        return None;
    }
    let bare = without_brackets(clause)?;
    let inner = statistics::statements(&bare.brackets);
    let (first, second, outcome, direction) = forms::parts_of(&bare.words)?;
    let verdict = statistics::significant(&[inner, statistics.clone()].concat());
    let denied = match direction {
        Direction::Same => verdict == Some(true),
        Direction::Lower | Direction::Higher => verdict == Some(false),
    };
    let found = Comparison {
        first: arm(&first),
        second: arm(&second),
        // Only the first word of a sentence has a capital that is not its own.
        outcome: match clause.starts_with(outcome.trim()) {
            true => small(tidy(&outcome)),
            false => tidy(&outcome).to_owned(),
        },
        direction,
        clause: clause.to_owned(),
        statistics,
        pooled: lead != Lead::None,
    };
    (!denied && fits(&found)).then_some(found)
}

pub(crate) fn is_foreign(body: &str) -> bool {
    let lower = format!(" {} ", body.to_lowercase());
    FOREIGN.iter().any(|word| lower.contains(word))
}

/// Who says it, where a sentence begins with that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Nobody is named.
    None,
    /// `Meta-analysis showed that`.
    Bare,
    /// `This meta-analysis showed that`.
    Own,
}

/// Takes `This meta-analysis showed that` off a sentence.
pub(crate) fn led(body: &str) -> (&str, Lead) {
    const OWN: &[&str] = &[
        "This meta-analysis",
        "The present meta-analysis",
        "The current meta-analysis",
        "Current meta-analysis",
        "Our meta-analysis",
        "The pooled results",
        "Pooled results",
        "Pooled analysis",
        "The pooled analysis",
    ];
    const BARE: &[&str] = &[
        "Meta-analysis result",
        "Meta-analysis results",
        "Meta-analysis",
    ];
    const VERBS: &[&str] = &[
        " showed that ",
        " indicated that ",
        " revealed that ",
        " demonstrated that ",
        " found that ",
    ];
    let after = |leads: &[&str]| {
        leads.iter().find_map(|lead| {
            let rest = body.strip_prefix(lead)?;
            VERBS.iter().find_map(|verb| rest.strip_prefix(verb))
        })
    };
    match (after(OWN), after(BARE)) {
        (Some(rest), _) => (rest, Lead::Own),
        (None, Some(rest)) => (rest, Lead::Bare),
        (None, None) => (body, Lead::None),
    }
}

/// The statement, and the brackets at its end; a remark on heterogeneity after these says
/// nothing of the result.
fn parted(body: &str) -> Option<(&str, Vec<String>)> {
    let body = match body.rsplit_once(", with ") {
        Some((before, remark)) if remark.contains("heterogeneity") => before,
        _ => body,
    };
    let body = body.trim_end();
    if !body.ends_with(')') {
        let lower = body.to_lowercase();
        return (!lower.contains("fig") && !lower.contains("table")).then(|| (body, Vec::new()));
    }
    let mut depth = 0u32;
    let open = body.char_indices().rev().find_map(|(at, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let clause = body[..open].trim_end();
    let inner = clause.to_lowercase();
    let pointed = inner.contains("fig.") || inner.contains("figure") || inner.contains("table");
    (!pointed).then(|| (clause, vec![body[open + 1..body.len() - 1].to_owned()]))
}

/// Whether a word is an abbreviation: two capitals at least.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() >= 2
}

/// A treatment without article and without the word for its group.
pub(super) fn arm(text: &str) -> String {
    let text = tidy(text);
    [" groups", " group", " patients"]
        .iter()
        .find_map(|word| text.strip_suffix(word))
        .unwrap_or(text)
        .to_owned()
}

fn tidy(text: &str) -> &str {
    let text = text.trim();
    ["the ", "The ", "mean "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
}

/// One treatment against one, and one outcome: a list or a number has no single direction.
fn fits(found: &Comparison) -> bool {
    const JOINING: &[&str] = &[
        "and", "or", "by", "than", "with", "we", "it", "no", "nor", "both", "between", "was",
        "were", "is", "are", "had", "but", "while",
    ];
    // `less invasive`, `more effective` compare qualities, not amounts.
    const QUALITIES: &[&str] = &[
        "effective",
        "invasive",
        "safe",
        "efficient",
        "likely",
        "similar",
        "severe",
    ];
    let plain = |text: &str, most: usize| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (1..=most).contains(&words.len())
            && !text.contains([',', ';', ':', '%', '='])
            && !words.iter().any(|word| JOINING.contains(word))
            && !text.contains(|c: char| c.is_ascii_digit())
    };
    let quality = |text: &str| {
        text.split(' ')
            .next()
            .is_some_and(|word| QUALITIES.contains(&word))
    };
    plain(&found.first, 6)
        && plain(&found.second, 6)
        && plain(&found.outcome, 8)
        && !quality(&found.outcome)
        && found.first != found.second
}

#[cfg(test)]
mod tests {
    use super::Direction::{Higher, Lower, Same};
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<(&str, &str, &str, Direction)>) {
        let found = parse(text);
        let found = found.as_ref().map(|c| {
            (
                c.first.as_str(),
                c.second.as_str(),
                c.outcome.as_str(),
                c.direction,
            )
        });
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn comparisons_are_read_whole() {
        check(
            "Compared with O-TLIF, MI-TLIF was associated with significantly less blood loss (P < 0.05).",
            Some(("MI-TLIF", "O-TLIF", "blood loss", Lower)),
        );
        check(
            "However, ADF was associated with an increase of the operation time than LAMP.",
            Some(("ADF", "LAMP", "operation time", Higher)),
        );
        check(
            "Compared with LAMP group, ADF was associated with an increase of the operation time by 120.78 min (WMD = 120.78, P = .000, Fig. 10), with significant heterogeneity across studies (P = .000).",
            Some(("ADF", "LAMP", "operation time", Higher)),
        );
        check(
            "The LF group provided a significantly greater canal area than the LP group (P = 0.01).",
            Some(("LF", "LP", "canal area", Higher)),
        );
        check(
            "Blood loss was significantly lower in the MI-TLIF group than in the O-TLIF group.",
            Some(("MI-TLIF", "O-TLIF", "blood loss", Lower)),
        );
    }

    #[test]
    fn results_of_the_analysis_itself_are_read() {
        check(
            "This meta-analysis showed that MI-TLIF was associated with an increase of the fluroscopic time than O-TLIF (WMD = 35.79; P = 0.000; Fig. 9).",
            Some(("MI-TLIF", "O-TLIF", "fluroscopic time", Higher)),
        );
        check(
            "Meta-analysis showed that MI-TLIF was associated with a reduction of the total blood loss than O-TLIF (P = 0.000).",
            Some(("MI-TLIF", "O-TLIF", "total blood loss", Lower)),
        );
        check(
            "Meta-analysis showed that MI-TLIF was associated with a reduction of the total blood loss than O-TLIF.",
            None,
        );
        check(
            "A meta-analysis carried out in 2015 concluded that A-TLIF was associated with less pain than O-TLIF (P < 0.05).",
            None,
        );
        check(
            "Previous meta-analysis showed that ADF was associated with less pain than LAMP (P < 0.05).",
            None,
        );
    }

    #[test]
    fn equal_outcomes_are_read() {
        check(
            "There was no significant difference between the ADF and LAMP group in terms of the total blood loss.",
            Some(("ADF", "LAMP", "total blood loss", Same)),
        );
        check(
            "This meta-analysis showed that there was no significant difference between the postoperative VAS after MI-TLIF and O-TLIF (P = 0.389; Fig. 7).",
            Some(("MI-TLIF", "O-TLIF", "postoperative VAS", Same)),
        );
        check(
            "This meta-analysis showed that there was no significant difference between the ODI between MI-TLIF and O-TLIF groups (P = 0.778).",
            Some(("MI-TLIF", "O-TLIF", "ODI", Same)),
        );
        check(
            "Meta-analysis result showed that there was no significant differences for operating time in MI-TLIF group and O-TLIF group (P = 0.425; Fig. 6).",
            Some(("MI-TLIF", "O-TLIF", "operating time", Same)),
        );
        check(
            "No significant difference was found between the DR and SB repairs with regard to the retear rate.",
            Some(("DR repairs", "SB repairs", "retear rate", Same)),
        );
        check(
            "There was no significant difference between the length of hospital stay, postoperative VAS, and ODI.",
            None,
        );
        check(
            "There was no significant difference between the ADF and LAMP groups in terms of the complication rate (P = .343) and reoperation rate (P = .297).",
            None,
        );
    }

    #[test]
    fn what_its_own_numbers_deny_is_left_out() {
        check(
            "ADF was associated with less pain than LAMP (P = 0.21).",
            None,
        );
        check(
            "ADF was associated with less pain than LAMP (P > .05).",
            None,
        );
        check(
            "There was no significant difference between the ADF and LAMP groups in terms of pain (P = .003).",
            None,
        );
    }

    #[test]
    fn other_voices_and_other_forms_are_left_out() {
        check(
            "ADF was not associated with a reduction of pain than LAMP.",
            None,
        );
        check(
            "Liu et al revealed that ADF was associated with less pain than LAMP.",
            None,
        );
        check(
            "We found that ADF was associated with less pain than LAMP.",
            None,
        );
        check(
            "Results showed that ACCF was associated with less pain than LAMP.",
            None,
        );
        check("ADF was less invasive with LAMP than LAMP.", None);
        check("ADF had more effective relief than LAMP (P < 0.05).", None);
        check("ADF provided a similar lordosis than LAMP.", None);
        check(
            "ADF was associated with less pain and bleeding than LAMP.",
            None,
        );
        check("ADF could be associated with less pain than LAMP.", None);
        check(
            "There was a significant difference in mean score between ADF and LAMP groups (P = .749).",
            None,
        );
    }

    proptest! {
        #[test]
        fn any_sentence_is_read(
            text in "(ADF |LAMP |Compared with |, |was |associated with |less |no significant difference |between |and |than |in |[(]P = 0.1|[)]|\\PC){0,24}[.]"
        ) {
            let _ = parse(&text);
        }
    }
}
