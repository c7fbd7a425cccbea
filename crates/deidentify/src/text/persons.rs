//! English names after titles, roles and relations.

use super::lexicon;
use super::page::{Page, Word};
use super::span::Span;

const TITLES: &[&str] = &[
    "dr",
    "drs",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "prof",
    "professor",
    "doctor",
    "sir",
    "rev",
    "reverend",
    "madam",
    "messrs",
    "lady",
    "father",
    "sister",
    "nurse",
    "herr",
    "frau",
];
/// Abbreviations of techniques and diseases in capitals, not titles.
const TECHNIQUES: &[&str] = &["MR", "MS", "DR"];

const ROLES: &[&str] = &[
    "by",
    "wife",
    "husband",
    "spouse",
    "partner",
    "daughter",
    "daughters",
    "son",
    "sons",
    "mother",
    "father",
    "brother",
    "sister",
    "friend",
    "neighbor",
    "neighbour",
    "caregiver",
    "carer",
    "guardian",
    "colleague",
    "aunt",
    "uncle",
    "cousin",
    "niece",
    "nephew",
    "grandson",
    "granddaughter",
    "grandmother",
    "grandfather",
    "fiance",
    "fiancee",
    "boyfriend",
    "girlfriend",
    "surgeon",
    "physician",
    "radiologist",
    "attending",
    "resident",
    "registrar",
    "consultant",
    "anaesthetist",
    "anesthetist",
    "anaesthesiologist",
    "anesthesiologist",
    "physiotherapist",
    "therapist",
    "technologist",
    "technician",
    "secretary",
    "assistant",
    "neurosurgeon",
    "neurologist",
    "orthopaedist",
    "practitioner",
    "gp",
    "nurse",
    "matron",
    "patient",
    "name",
    "named",
    "called",
    "surname",
    "contact",
    "signed",
    "signature",
    "dictated",
    "transcribed",
    "reported",
    "verified",
    "approved",
    "operator",
    "interpreter",
    "employer",
    "dear",
    "regards",
    "sincerely",
    "cc",
    "attn",
    "author",
    "examiner",
    "mother-in-law",
    "kin",
    "reader",
    "counsellor",
];
const LINKS: &[&str] = &[
    "is",
    "was",
    "named",
    "called",
    "by",
    "name",
    "names",
    "a",
    "mr",
    "dr",
    "of",
    "to",
    "from",
    "with",
    "electronically",
];
pub(super) const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el",
    "al", "bin", "ibn", "bint", "ben", "zu", "ter", "ten", "y", "e", "af", "st",
];
const CREDENTIALS: &[&str] = &[
    "MD", "PhD", "DO", "RN", "FRCS", "FRCR", "FACS", "MBBS", "MSc", "BSc", "Jr", "Sr", "DPT",
];

/// Every name after a title or role.
pub(crate) fn find(page: &Page) -> Vec<Span> {
    let mut spans = Vec::new();
    for (at, word) in page.words.iter().enumerate() {
        let lower = word.text.to_lowercase();
        if is_title(page, word, &lower) {
            spans.extend(after_title(page, at));
        } else if ROLES.contains(&lower.as_str()) {
            spans.extend(after_role(page, at));
        }
    }
    spans
}

/// Whether a word before a name is a title; also asked for words that might be a name.
pub(crate) fn is_title(page: &Page, word: &Word, lower: &str) -> bool {
    let dot = page.at(word.range.end) == Some('.');
    TITLES.contains(&lower) && (dot || !TECHNIQUES.contains(&word.text.as_str()))
}

fn after_title(page: &Page, at: usize) -> Option<Span> {
    let (left, first) = (&page.words[at], page.words.get(at + 1)?);
    let gap = page.slice(left.range.end..first.range.start);
    if gap.chars().count() > 3 || gap.contains(['\n', ',', ';', ':', '(']) {
        return None;
    }
    let lower = first.text.to_lowercase();
    let weak = ["nurse", "sister", "father", "doctor", "lady", "sir"].contains(&left.text.as_str());
    let plain = lexicon::is_word(&lower) || lexicon::is_capital(&first.text);
    let surely = !weak && gap.contains('.') && !lexicon::is_function(&lower);
    if !first.is_letters()
        || (plain && !first.is_capital() && !surely)
        || (weak && !first.is_capital())
    {
        return None;
    }
    Some(name(page, at + 1, "title"))
}

fn after_role(page: &Page, at: usize) -> Option<Span> {
    let mut left = at;
    for next in at + 1..page.words.len().min(at + 5) {
        let (before, word) = (&page.words[left], &page.words[next]);
        let gap = page.slice(before.range.end..word.range.start);
        if !linked(gap) || !word.is_letters() {
            return None;
        }
        let lower = word.text.to_lowercase();
        if is_title(page, word, &lower) {
            return None;
        }
        if LINKS.contains(&lower.as_str()) || ROLES.contains(&lower.as_str()) {
            left = next;
            continue;
        }
        return starts_name(word, &lower).then(|| name(page, next, "role"));
    }
    None
}

/// What may stand between a role and a name: no full stop, and a line's end after a colon alone.
fn linked(gap: &str) -> bool {
    let marks = gap.trim_matches(|c: char| c.is_whitespace() || "\"'_-".contains(c));
    gap.chars().count() <= 8
        && matches!(
            marks,
            "" | ":" | "," | "(" | ": (" | "/" | "'s" | ":," | "="
        )
        && (!gap.contains('\n') || gap.contains([':', ',']))
}

fn starts_name(word: &Word, lower: &str) -> bool {
    if word.is_capital() {
        let known = lexicon::is_function(lower)
            || lexicon::is_clinical(lower)
            || lexicon::is_capital(&word.text);
        return lexicon::is_ambiguous(lower) || !known;
    }
    lower.chars().count() > 2 && !lexicon::is_word(lower) && !lexicon::is_capital(lower)
}

/// The name that begins at a word: capitalised words, initials and particles.
fn name(page: &Page, first: usize, rule: &'static str) -> Span {
    let words = &page.words;
    let mut end = first;
    let mut seen = first;
    while seen + 1 < words.len() && seen - first < 5 {
        let next = &words[seen + 1];
        let gap = page.slice(words[seen].range.end..next.range.start);
        let lower = next.text.to_lowercase();
        let initial = words[seen].text.chars().count() == 1;
        let joined =
            matches!(gap, " " | "-" | "'" | "  ") || (gap == ". " || gap == ".") && initial;
        if !joined {
            break;
        }
        let particle = PARTICLES.contains(&lower.as_str()) && gap == " ";
        let plain = lexicon::is_function(&lower)
            || CREDENTIALS.contains(&next.text.as_str())
            || (gap != "-" && (lexicon::is_clinical(&lower) || lexicon::is_capital(&next.text)));
        let single = next.text.chars().count() == 1 && next.is_capital();
        let part = (gap == "-" || gap == "'") && lower != "s" && next.is_letters();
        let hidden = !next.is_capital() && !lexicon::is_word(&lower) && !words[first].is_capital();
        let named = next.is_capital() && (!plain || lexicon::is_ambiguous(&lower) || single);
        if !(particle || named || part || hidden) {
            break;
        }
        seen += 1;
        if !particle {
            end = seen;
        }
    }
    Span::new(words[first].range.start..words[end].range.end, "name", rule)
}
