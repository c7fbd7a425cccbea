//! Short descriptions (Study Description, Protocol Name, code meanings, labels of segments):
//! words of radiology stay, all else goes.
//!
//! A description is too short for the rules of prose: a name in it has no sentence around it, and
//! may be written in capitals as all other words are. So nothing stays but what a vocabulary of
//! radiology or a pattern of technique has; a number stays only as a part of technique. Known
//! identifiers win over the vocabulary: where Dr Axial works, `axial` goes. PS3.15 calls this the
//! Clean Descriptors Option (E.3.5).

mod cleaned;
mod parts;
mod technique;
mod vocabulary;

use spinemed_core::vocabulary::Language;

use super::Redacted;
use super::page::Page;
use super::span::{self, Span, Taken};
use crate::{Known, Subject};
pub(crate) use cleaned::{Cleaned, Form};
use parts::Part;

/// The most characters of a description, those of the value representation LO (PS3.5, 6.2).
const LONGEST: usize = 64;
/// The most characters of a comment, those of the value representation ST.
const LONGEST_COMMENT: usize = 1024;

/// Cleans a short description: words of body parts, sides, planes, sequences and techniques stay
/// as they are written, all else goes. None where no such word is left. The result has at most
/// 64 characters, as the value representation LO wants; what is longer is cut between words.
#[must_use]
pub fn descriptor(text: &str, subject: &Subject, known: &Known) -> Option<String> {
    descriptor_redactions(text, subject, known).map(|redacted| redacted.text)
}

/// The same with what was taken out or changed, positions in characters. Separators that were
/// made plain count as changed, by the rule `descriptor-mark`.
#[must_use]
pub fn descriptor_redactions(text: &str, subject: &Subject, known: &Known) -> Option<Redacted> {
    within(text, LONGEST, subject, known)
}

/// Cleans a comment in the same way: no sentence stays, but its words of radiology do, up to
/// 1,024 characters.
#[must_use]
pub fn comment(text: &str, subject: &Subject, known: &Known) -> Option<String> {
    within(text, LONGEST_COMMENT, subject, known).map(|redacted| redacted.text)
}

fn within(text: &str, longest: usize, subject: &Subject, known: &Known) -> Option<Redacted> {
    let page = Page::new(text);
    let mut named = Taken::new(&page);
    let spans = known.find(&page);
    spans.iter().for_each(|span| named.add(&span.range));
    let mut parts = parts::parts(&page);
    for part in &mut parts {
        if named.any(&part.range) || subject.is(page.slice(part.range.clone())) {
            part.drop_as("name", "known");
        }
    }
    vocabulary::judge(&page, &mut parts);
    shorten(&page, &mut parts, longest);
    if !parts.iter().any(|part| part.kept() && part.tells()) {
        return None;
    }
    Some(span::write(&page, &changes(&page, &parts), Language::En))
}

/// Gives up words from the end until the rest is short enough.
fn shorten(page: &Page, parts: &mut [Part], longest: usize) {
    // Every word has a character at least, so that no more than so many can stay.
    let kept = parts.iter_mut().filter(|part| part.kept());
    kept.skip(longest).for_each(Part::drop_for_length);
    while let Some(last) = parts.iter().rposition(Part::kept) {
        let spans = changes(page, parts);
        let gone: usize = spans.iter().map(|span| span.range.len()).sum();
        let put = spans.iter().filter_map(|span| span.put.as_ref());
        let put: usize = put.map(|put| put.chars().count()).sum();
        if page.chars.len() - gone + put <= longest {
            return;
        }
        parts[last].drop_for_length();
        vocabulary::drop_links(page, parts);
    }
}

/// What has to change: everything between two words that stay, where it is not plain already.
fn changes(page: &Page, parts: &[Part]) -> Vec<Span> {
    let kept: Vec<&Part> = parts.iter().filter(|part| part.kept()).collect();
    let brackets = Brackets::new(page, &kept);
    let mut spans = Vec::new();
    let mut from = 0;
    for at in 0..=kept.len() {
        let to = kept
            .get(at)
            .map_or(page.chars.len(), |part| part.range.start);
        let whole = first_gone(parts, from, to).is_none();
        let edge = (at == 0, at == kept.len());
        let put = brackets.between(page, from..to, edge, whole);
        let same = page.chars[from..to].iter().copied().eq(put.chars());
        if !same {
            let (class, rule) = reason(parts, from, to);
            spans.push(Span {
                put: Some(put),
                ..Span::new(from..to, class, rule)
            });
        }
        from = kept.get(at).map_or(to, |part| part.range.end);
    }
    spans
}

/// Why something between two words goes: the first part that went says it.
fn reason(parts: &[Part], from: usize, to: usize) -> (&'static str, &'static str) {
    first_gone(parts, from, to).map_or(("other", "descriptor-mark"), Part::reason)
}

/// The first part between two places. All parts between two that stay have gone.
fn first_gone(parts: &[Part], from: usize, to: usize) -> Option<&Part> {
    let at = parts.partition_point(|part| part.range.start < from);
    parts.get(at).filter(|part| part.range.end <= to)
}

/// Which brackets stay: pairs with a word that stays inside.
struct Brackets {
    keep: Taken,
}

impl Brackets {
    fn new(page: &Page, kept: &[&Part]) -> Self {
        let mut keep = Taken::new(page);
        let mut open = Vec::new();
        for (at, c) in page.plain.iter().enumerate() {
            match c {
                '(' => open.push(at),
                ')' => {
                    let Some(start) = open.pop() else { continue };
                    let first = kept.partition_point(|part| part.range.start < start);
                    if kept.get(first).is_some_and(|part| part.range.end <= at) {
                        keep.add(&(start..start + 1));
                        keep.add(&(at..at + 1));
                    }
                }
                _ => {}
            }
        }
        Self { keep }
    }

    /// What stands between two words in the end; `whole` where nothing went there.
    fn between(
        &self,
        page: &Page,
        range: std::ops::Range<usize>,
        (first, last): (bool, bool),
        whole: bool,
    ) -> String {
        let mut put = String::new();
        for at in range.clone() {
            let c = page.plain[at];
            let beside = at == range.start && !first;
            let before = at + 1 == range.end && !last;
            let inner = whole && !first && !last;
            let stays = match c {
                '(' | ')' => self.keep.any(&(at..at + 1)),
                '+' => inner || before || beside,
                '*' => inner || beside,
                '_' | '-' | '/' | ',' | '&' | ':' | '^' | '=' | '~' | '.' => inner,
                _ => false,
            };
            if stays {
                if c == ')' && put.ends_with(' ') {
                    put.pop();
                }
                put.push(page.plain[at]);
            } else if !(first || last || put.ends_with([' ', '('])) {
                put.push(' ');
            }
        }
        put
    }
}
