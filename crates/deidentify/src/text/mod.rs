//! Free text of hospital cases, English and Chinese, without identifiers; failing closed.
//!
//! Three kinds of rules work together. Known identifiers of the case are looked for in every
//! spelling ([`crate::Known`]). Patterns find what identifies by its form: dates, numbers,
//! addresses, institutions, persons after titles and roles, the identifiers of 45 CFR
//! 164.514(b)(2)(i). What is left must be plain language: a Latin word with a capital, or a code
//! of letters and digits, that no vocabulary of this crate has is taken out. Dates move by the
//! patient's own number of days; intervals and times of day stay.
//!
//! What this cannot find: a name in lower case that no census has, without a cue beside it, and a
//! Chinese name that is a word of the dictionary (成功术后), unless the case file, a header or a
//! [`crate::Recogniser`] names it. `tests/text_heldout` says how much that is on sentences written
//! apart from these rules.

mod clinical;
mod dates;
mod descriptor;
mod han;
pub(crate) mod lexicon;
mod numbers;
pub(crate) mod page;
mod persons;
mod places;
mod rule;
pub(crate) mod span;
mod strangers;
mod uncued;
mod words;

pub(crate) use descriptor::{Cleaned, Form};
pub use descriptor::{comment, descriptor, descriptor_redactions};

use spinemed_core::case::Redaction;
use spinemed_core::vocabulary::Language;

use crate::{Known, Subject};
use page::Page;
use span::{Span, Taken};

/// A text without identifiers, and what was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The clean text: placeholders such as `[name]` or `［姓名］`, dates of the patient's own
    /// calendar.
    pub text: String,
    /// What was taken out or changed, in order and disjoint; positions are in characters.
    pub redactions: Vec<Redaction>,
}

/// Cleans a text. `language` says how placeholders are written and what a word must be; the
/// rules of both languages work on every text. It never fails: what no rule can keep goes.
#[must_use]
pub fn redact(text: &str, language: Language, subject: &Subject, known: &Known) -> Redacted {
    let page = Page::new(text);
    let mut clinical = Taken::new(&page);
    clinical::protected(&page)
        .iter()
        .for_each(|range| clinical.add(range));

    let mut spans = known.find(&page);
    spans.extend(sure_spans(&page));
    // What looks like a telephone may be a date: dates come first and win over digits.
    let (dates, others) = dates::find(&page, subject, known, &clinical);
    let mut days = Taken::new(&page);
    dates.iter().for_each(|span| days.add(&span.range));
    let weak = numbers::weak(&page, &clinical);
    spans.extend(weak.into_iter().filter(|span| !days.any(&span.range)));
    spans.extend(dates);
    spans.extend(others);

    let mut taken = Taken::new(&page);
    spans.iter().for_each(|span| taken.add(&span.range));
    let codes = numbers::codes(&page, &clinical);
    codes.iter().for_each(|span| taken.add(&span.range));
    spans.extend(codes);
    spans.extend(words::find(&page, language, &clinical, &taken));

    let placed = span::placeholders(&page);
    let mut done = Taken::new(&page);
    placed.iter().for_each(|range| done.add(range));
    spans.retain(|span: &Span| !done.any(&span.range));
    span::write(&page, &span::merge(spans, &page), language)
}

/// What is found by its form or by a cue beside it, whatever else is known.
pub(crate) fn sure_spans(page: &Page) -> Vec<Span> {
    let mut spans = numbers::sure(page);
    spans.extend(persons::find(page));
    spans.extend(han::persons(page));
    spans.extend(strangers::find_all(page));
    spans.extend(places::find(page));
    spans.extend(uncued::find(page));
    spans
}
