//! What rules find, and how the clean text is written.

use std::ops::Range;

use spinemed_core::case::Redaction;
use spinemed_core::vocabulary::Language;

use super::Redacted;
use super::page::Page;

/// A place that a rule wants out.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    /// Characters.
    pub(crate) range: Range<usize>,
    /// What kind of identifier.
    pub(crate) class: &'static str,
    /// Which rule.
    pub(crate) rule: &'static str,
    /// What to write there; none: the class's placeholder.
    pub(crate) put: Option<String>,
}

impl Span {
    pub(crate) fn new(range: Range<usize>, class: &'static str, rule: &'static str) -> Self {
        Self {
            range,
            class,
            rule,
            put: None,
        }
    }
}

/// Which characters some rule has taken.
pub(crate) struct Taken(Vec<bool>);

impl Taken {
    pub(crate) fn new(page: &Page) -> Self {
        Self(vec![false; page.plain.len()])
    }

    pub(crate) fn add(&mut self, range: &Range<usize>) {
        let end = range.end.min(self.0.len());
        for taken in &mut self.0[range.start.min(end)..end] {
            *taken = true;
        }
    }

    pub(crate) fn any(&self, range: &Range<usize>) -> bool {
        let end = range.end.min(self.0.len());
        self.0[range.start.min(end)..end].contains(&true)
    }
}

/// The words that stand for what was taken out, in English and Chinese.
const PLACEHOLDERS: &[(&str, &str, &str)] = &[
    ("name", "[name]", "［姓名］"),
    ("place", "[place]", "［地点］"),
    ("phone", "[phone]", "［电话］"),
    ("id", "[id]", "［编号］"),
    ("address", "[address]", "［地址］"),
    ("institution", "[institution]", "［机构］"),
    ("date", "[date]", "［日期］"),
    ("email", "[email]", "［邮箱］"),
    ("url", "[url]", "［网址］"),
    ("age", "90 or older", "90岁以上"),
    ("other", "[removed]", "［删除］"),
];

/// Where the text already carries placeholders: they are no identifiers.
pub(crate) fn placeholders(page: &Page) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, c) in page.plain.iter().enumerate() {
        if *c != '[' {
            continue;
        }
        let here = page.right(at, 16);
        let plain = |word: &str| word.replace('［', "[").replace('］', "]");
        let word = PLACEHOLDERS
            .iter()
            .flat_map(|(_, en, zh)| [plain(en), plain(zh)])
            .find(|word| word.starts_with('[') && here.starts_with(word.as_str()));
        found.extend(word.map(|word| at..at + word.chars().count()));
    }
    found
}

fn placeholder(class: &str, language: Language) -> &'static str {
    let found = PLACEHOLDERS.iter().find(|(name, _, _)| *name == class);
    let (_, en, zh) = found.unwrap_or(&("other", "[removed]", "［删除］"));
    match language {
        Language::Zh => zh,
        _ => en,
    }
}

/// Makes spans disjoint. Overlapping ones become one that covers both; the one that was found
/// first, by the surer rule, gives its class, and its words if it covers all.
pub(crate) fn merge(spans: Vec<Span>, page: &Page) -> Vec<Span> {
    let mut ranked: Vec<(usize, Span)> = spans.into_iter().enumerate().collect();
    ranked.retain(|(_, span)| span.range.start < span.range.end.min(page.plain.len()));
    ranked.sort_by_key(|(rank, span)| (span.range.start, *rank));
    let mut merged: Vec<(usize, Span)> = Vec::new();
    for (rank, span) in ranked {
        match merged.last_mut() {
            Some((best, last)) if span.range.start < last.range.end => {
                let union = last.range.start..last.range.end.max(span.range.end);
                if rank < *best {
                    (*best, *last) = (rank, span);
                }
                if last.range != union {
                    last.put = None;
                    last.range = union;
                }
            }
            _ => merged.push((rank, span)),
        }
    }
    join(merged.into_iter().map(|(_, span)| span).collect(), page)
}

/// Parts of one name, institution or address become one placeholder.
fn join(spans: Vec<Span>, page: &Page) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        if let Some(last) = joined.last_mut() {
            let gap = page.slice(last.range.end..span.range.start);
            let one = matches!(gap, "" | " " | "-" | "'" | "." | ". " | "·")
                && (last.class == span.class && last.put.is_none() && span.put.is_none());
            if one {
                last.range.end = span.range.end;
                continue;
            }
        }
        joined.push(span);
    }
    joined
}

/// Writes the clean text.
pub(crate) fn write(page: &Page, spans: &[Span], language: Language) -> Redacted {
    let mut text = String::with_capacity(page.text.len());
    let (mut written, mut at) = (0, 0);
    let mut redactions = Vec::with_capacity(spans.len());
    for span in spans {
        text.extend(&page.chars[at..span.range.start]);
        written += span.range.start - at;
        let put = span.put.as_deref();
        let put = put.unwrap_or_else(|| placeholder(span.class, language));
        text.push_str(put);
        let end = written + put.chars().count();
        redactions.push(Redaction {
            from: [span.range.start, span.range.end],
            to: [written, end],
            class: span.class.to_owned(),
            rule: span.rule.to_owned(),
        });
        (written, at) = (end, span.range.end);
    }
    text.extend(&page.chars[at..]);
    Redacted { text, redactions }
}
