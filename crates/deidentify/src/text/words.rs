//! The last rule: a word that no vocabulary has may be a name, and goes.

use std::ops::Range;

use spinemed_core::vocabulary::Language;

use super::lexicon;
use super::page::{Page, Word, is_han, is_mark};
use super::persons;
use super::span::{Span, Taken};

/// Every word that is left and that no vocabulary allows.
pub(crate) fn find(page: &Page, language: Language, clinical: &Taken, taken: &Taken) -> Vec<Span> {
    let mut gone = vec![false; page.words.len()];
    for (at, word) in page.words.iter().enumerate() {
        gone[at] =
            !taken.any(&word.range) && !clinical.any(&word.range) && strange(page, at, language);
    }
    extend(page, clinical, taken, &mut gone);
    particles(page, taken, &mut gone);
    let words = page.words.iter().zip(&gone).filter(|(_, gone)| **gone);
    let mut spans: Vec<Span> = words
        .map(|(word, _)| Span::new(word.range.clone(), "name", "unknown-word"))
        .collect();
    if language != Language::Zh {
        spans.extend(han_runs(page));
    }
    spans
}

/// Whether a word is in no vocabulary where it stands.
fn strange(page: &Page, at: usize, language: Language) -> bool {
    let word = &page.words[at];
    if !word.text.chars().any(char::is_alphabetic) {
        return false;
    }
    if !word
        .text
        .chars()
        .all(|c| is_latin(c) || is_mark(c) || c.is_ascii_digit())
    {
        // One Greek letter is a symbol; a word of another script cannot be judged.
        return word.text.chars().filter(|c| c.is_alphabetic()).count() > 1;
    }
    let lower = word.text.to_lowercase();
    if !word.is_capital() {
        if lexicon::is_name(&lower) && !lexicon::is_capital(&word.text) && alone(page, word) {
            return true;
        }
        let short = word.text.chars().count() < 3;
        return language == Language::Zh
            && !short
            && !lexicon::is_word(&lower)
            && !lexicon::is_capital(&word.text);
    }
    if word.text.chars().count() == 1 {
        return single(page, at);
    }
    if persons::is_title(page, word, &lower) && starts_title(&lower) {
        return false;
    }
    if lexicon::is_ambiguous(&lower) {
        return !plainly(page, at, &lower);
    }
    if lexicon::is_capital(&word.text) {
        return false;
    }
    if word.is_shouted() {
        return !lexicon::is_word(&lower);
    }
    let free = lexicon::is_function(&lower) || lexicon::is_clinical(&lower);
    !(free || lexicon::is_prose(&lower) && starts_sentence(page, at))
}

/// Whether a word is no part of a longer one, such as `sacro-iliac`, or of an address.
fn alone(page: &Page, word: &Word) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| "-_/@.".contains(c));
    let after = page.at(word.range.end);
    let ends = after == Some('.')
        && !page
            .at(word.range.end + 1)
            .is_some_and(char::is_alphanumeric);
    !joins(page.before(word.range.start)) && (!joins(after) || ends)
}

/// Titles that are no surname at the same time.
fn starts_title(lower: &str) -> bool {
    [
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "professor",
        "doctor",
        "nurse",
    ]
    .contains(&lower)
}

fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | 'µ' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | 'ª' | 'º')
}

/// Letters that stand alone in reports.
const LETTERS: &str = "AICTLSVXDPRHNBMK";

/// A single capital letter: an initial where it has a full stop and no sentence ends.
fn single(page: &Page, at: usize) -> bool {
    let word = &page.words[at];
    // The shape of a thing: C-arm, O-arm, T-handle, J-wire.
    let shape = page
        .words
        .get(at + 1)
        .filter(|_| page.at(word.range.end) == Some('-'));
    if shape.is_some_and(|thing| {
        ["arm", "handle", "wire", "ray", "plate", "pouch"].contains(&thing.text.as_str())
    }) {
        return false;
    }
    let dot = page.at(word.range.end) == Some('.');
    let next = page.words.get(at + 1);
    let glued =
        next.is_some_and(|next| next.range.start <= word.range.end + 2 && next.is_capital());
    let initial = dot && glued && !(word.text.as_str() <= "F" && starts_line(page, at) && at > 0);
    initial || !word.text.chars().all(|c| LETTERS.contains(c))
}

/// Nouns that follow an eponym.
const THINGS: &[&str] = &[
    "sign",
    "signs",
    "test",
    "tests",
    "frame",
    "table",
    "fracture",
    "fractures",
    "classification",
    "disease",
    "criteria",
    "grade",
    "score",
    "scale",
    "angle",
    "line",
    "method",
    "syndrome",
    "system",
    "index",
    "node",
    "nodes",
    "tube",
    "type",
    "procedure",
    "approach",
    "osteotomy",
    "brace",
    "collar",
    "solution",
    "stain",
    "coma",
    "reflex",
    "manoeuvre",
    "maneuver",
    "sequence",
    "technique",
    "retractor",
    "positive",
    "negative",
    "exact",
    "rongeur",
    "tongs",
    "dissector",
    "column",
    "graft",
    "clamp",
    "fixation",
    "tumour",
    "tumor",
    "device",
    "cage",
    "implant",
    "thyroiditis",
    "serology",
    "virus",
    "features",
    "forceps",
    "needle",
    "pins",
    "stage",
    "ratio",
];
/// What people do, and what stands between or after names.
const DOINGS: &[&str] = &[
    "reported",
    "reports",
    "said",
    "says",
    "called",
    "calls",
    "stated",
    "states",
    "presented",
    "presents",
    "came",
    "comes",
    "visited",
    "was",
    "is",
    "has",
    "had",
    "denies",
    "denied",
    "complained",
    "complains",
    "underwent",
    "wrote",
    "told",
    "asked",
    "felt",
    "feels",
    "returned",
    "lives",
    "lived",
    "works",
    "worked",
    "and",
    "who",
    "will",
    "did",
    "does",
    "also",
    "then",
    "agreed",
    "accompanied",
    "drove",
    "lifted",
    "slipped",
    "fell",
    "walked",
    "noticed",
    "noted",
    "noticed",
    "recovered",
    "suffered",
    "developed",
    "consented",
    "signed",
    "reviewed",
    "performed",
    "examined",
    "operated",
    "saw",
    "seen",
    "describes",
    "described",
    "requested",
    "requests",
    "wants",
    "wanted",
    "declined",
    "tolerated",
    "attended",
    "admitted",
    "discharged",
    "with",
    "for",
    "to",
    "from",
    "on",
    "at",
    "in",
    "by",
    "s",
    "can",
    "could",
    "would",
    "may",
    "now",
    "remains",
    "gave",
    "takes",
    "took",
    "went",
    "gets",
    "got",
    "began",
    "started",
    "continues",
    "continued",
];

/// A word that is a name too, where it is plainly none: an eponym before its thing, or the first
/// word of a sentence before a plain word that is nothing people do.
fn plainly(page: &Page, at: usize, lower: &str) -> bool {
    if eponym(page, at) || graded(page, at) {
        return true;
    }
    let Some(next) = page.words.get(at + 1) else {
        return false;
    };
    let mut follower = next;
    let mut gap = page.slice(page.words[at].range.end..next.range.start);
    if gap == "'" && next.text == "s" {
        let Some(after) = page.words.get(at + 2) else {
            return false;
        };
        gap = page.slice(next.range.end..after.range.start);
        follower = after;
    }
    let after = follower.text.to_lowercase();
    if gap != " " && gap != "-" {
        return false;
    }
    if lexicon::is_capital(&page.words[at].text) && is_thing(&after) {
        return true;
    }
    let plain = follower.text.chars().all(char::is_lowercase) && lexicon::is_word(&after);
    starts_sentence(page, at)
        && (lexicon::is_word(lower) || lexicon::is_function(lower))
        && plain
        && !DOINGS.contains(&after.as_str())
}

/// Whether an eponym of the list stands before its thing in Chinese (Cobb角), or in a listed pair
/// before its thing (Smith-Petersen osteotomy).
fn eponym(page: &Page, at: usize) -> bool {
    let word = &page.words[at];
    let next = page.at(word.range.end);
    if lexicon::is_capital(&word.text) && next.is_some_and(|c| "角征型氏级度分线法".contains(c))
    {
        return true;
    }
    let hyphen = |left: usize| {
        page.words
            .get(left)
            .and_then(|word| page.at(word.range.end))
            == Some('-')
    };
    let first = if at > 0 && hyphen(at - 1) { at - 1 } else { at };
    let (Some(left), Some(right)) = (page.words.get(first), page.words.get(first + 1)) else {
        return false;
    };
    let pair = format!("{}-{}", left.text, right.text);
    let thing = page
        .words
        .get(first + 2)
        .map(|word| word.text.to_lowercase());
    hyphen(first) && lexicon::is_capital(&pair) && thing.is_some_and(|thing| is_thing(&thing))
}

/// Whether strength is graded here: "Power is 4/5".
fn graded(page: &Page, at: usize) -> bool {
    let right = page.right(page.words[at].range.end, 12);
    let mut parts = right.split_whitespace();
    let is = matches!(parts.next(), Some("is" | "was" | "of"));
    let grade = parts.next().unwrap_or_default();
    is && page.words[at].text == "Power"
        && grade
            .split_once('/')
            .is_some_and(|(power, _)| power.parse::<u8>().is_ok_and(|power| power < 6))
}

fn is_thing(word: &str) -> bool {
    THINGS.contains(&word)
        || word
            .strip_suffix('s')
            .is_some_and(|one| THINGS.contains(&one))
}

/// A particle between two parts of a name goes with them.
fn particles(page: &Page, taken: &Taken, gone: &mut [bool]) {
    for at in 1..page.words.len().saturating_sub(1) {
        let name = |other: usize| gone[other] || taken.any(&page.words[other].range);
        let near = |left: usize| {
            page.slice(page.words[left].range.end..page.words[left + 1].range.start) == " "
        };
        let (word, next) = (&page.words[at], &page.words[at + 1]);
        gone[at] |= persons::PARTICLES.contains(&word.text.as_str())
            && next.is_capital()
            && near(at - 1)
            && near(at)
            && name(at - 1)
            && name(at + 1);
    }
}

/// A capitalised word beside one that goes belongs to the same name, unless it is clinical.
fn extend(page: &Page, clinical: &Taken, taken: &Taken, gone: &mut [bool]) {
    let joins = |left: &Word, right: &Word| {
        matches!(
            page.slice(left.range.end..right.range.start),
            " " | "-" | "'"
        )
    };
    let free = |word: &Word| !taken.any(&word.range) && !clinical.any(&word.range);
    for at in 1..page.words.len() {
        let (left, right) = (&page.words[at - 1], &page.words[at]);
        if !joins(left, right) {
            continue;
        }
        let hyphen = page.before(right.range.start) == Some('-');
        if gone[at - 1] && !gone[at] && free(right) && part(right, hyphen) {
            gone[at] = true;
        }
        if gone[at]
            && !gone[at - 1]
            && free(left)
            && part(left, false)
            && !persons::is_title(page, left, &left.text.to_lowercase())
        {
            gone[at - 1] = true;
        }
    }
}

fn part(word: &Word, hyphen: bool) -> bool {
    let lower = word.text.to_lowercase();
    let clinical = lexicon::is_function(&lower)
        || lexicon::is_clinical(&lower)
        || lexicon::is_capital(&word.text);
    let capital = word.is_capital() && word.is_letters();
    capital && (hyphen || !clinical || lexicon::is_ambiguous(&lower)) && !word.is_shouted()
}

/// Whether a word begins a sentence, an entry of a list, or what follows a colon.
pub(crate) fn starts_sentence(page: &Page, at: usize) -> bool {
    let start = page.words[at].range.start;
    let mut place = start;
    while let Some(c) = page.before(place) {
        if c == '\n' || c == '\r' {
            return true;
        }
        if !(c.is_whitespace() || "\"'([*-•·".contains(c)) {
            break;
        }
        place -= 1;
    }
    match page.before(place) {
        None => true,
        Some('.') => !abbreviated(page, at),
        Some(c) => "!?。！？;:；：])>".contains(c) || is_han(c),
    }
}

fn starts_line(page: &Page, at: usize) -> bool {
    let start = page.words[at].range.start;
    let before = page.left(start, 4);
    before.trim_end_matches(' ').is_empty()
        || before.trim_end_matches(' ').ends_with(['\n', ')', ':'])
}

/// Whether the full stop before a word belongs to an abbreviation.
fn abbreviated(page: &Page, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| page.words.get(at)) else {
        return false;
    };
    let lower = before.text.to_lowercase();
    let short = [
        "dr", "mr", "mrs", "ms", "prof", "vs", "approx", "eg", "ie", "st", "resp", "sr", "jr",
        "dept",
    ];
    let initial = before.text.chars().count() == 1 && before.is_capital();
    short.contains(&lower.as_str()) || (initial && !"IVXCLTSD".contains(before.text.as_str()))
}

/// Han characters in an English text cannot be judged.
fn han_runs(page: &Page) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut run: Option<Range<usize>> = None;
    for (at, c) in page.plain.iter().enumerate() {
        run = match (run, is_han(*c)) {
            (Some(range), true) => Some(range.start..at + 1),
            (None, true) => Some(at..at + 1),
            (Some(range), false) => {
                spans.push(Span::new(range, "name", "other-script"));
                None
            }
            (None, false) => None,
        };
    }
    spans.extend(run.map(|range| Span::new(range, "name", "other-script")));
    spans
}
