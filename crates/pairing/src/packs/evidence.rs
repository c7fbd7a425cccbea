//! Spans, and what they say: facts, levels, condition.

use std::collections::BTreeMap;

use spinemed_core::clinical;
use spinemed_core::document::{Block, Document};
use spinemed_core::finding::Finding;
use spinemed_core::level::{self, Level};
use spinemed_core::locator::Locator;
use spinemed_core::pack::{EvidencePack, PackEntity, PackLevel, Span, SpanRole};
use spinemed_core::vocabulary::{LevelCertainty, NumberingMethod};

use super::scanned;

/// Where a block stands, the whole of its text.
pub(super) fn place(document: &Document, block: &Block, text: &str) -> Locator {
    Locator {
        block: Some(block.id.clone()),
        page: block.page,
        page_label: block.page_label.clone(),
        bbox: block.bbox,
        range: Some([0, text.chars().count()]),
        path: block.path.clone(),
        ..Locator::of_file(document.file.clone())
    }
}

/// Adds a block's words to a pack as its next span. Empty blocks add nothing. On scanned pages,
/// sentences with words that were not read surely are left out, and what is between them
/// becomes a span each.
pub(super) fn add(pack: &mut EvidencePack, document: &Document, block: &Block, role: SpanRole) {
    add_part(pack, document, block, role, None);
}

/// Adds a part of a block's words, in characters; the whole where no part is given. What was
/// not read surely is left out as by [`add`].
pub(super) fn add_part(
    pack: &mut EvidencePack,
    document: &Document,
    block: &Block,
    role: SpanRole,
    part: Option<[usize; 2]>,
) {
    let [from, to] = part.unwrap_or([0, usize::MAX]);
    for ([start, end], text) in scanned::sure(block) {
        let range = [start.max(from), end.min(to)];
        let length = range[1].saturating_sub(range[0]);
        let text: String = text
            .chars()
            .skip(range[0].saturating_sub(start))
            .take(length)
            .collect();
        if text.trim().is_empty() {
            continue;
        }
        let id = format!("s{}", pack.spans.len() + 1);
        pack.spans.push(Span {
            id,
            role,
            place: Locator {
                range: Some(range),
                ..place(document, block, &text)
            },
            text,
        });
    }
}

/// Fills facts, levels and condition from the pack's spans. Table spans are read row by row:
/// what two rows say is never joined.
pub(super) fn read(pack: &mut EvidencePack) {
    let mut levels = BTreeMap::new();
    for span in &pack.spans {
        let facts = match span.role {
            SpanRole::Table => rows(&span.text, &span.id),
            SpanRole::Text | SpanRole::Caption | SpanRole::Mention => {
                clinical::facts(&span.text, &span.id)
            }
            // Label cells come with their facts; of a question not every word is true; cases
            // are read on their own way.
            SpanRole::Label | SpanRole::Question | SpanRole::Record | SpanRole::Definition => {
                Vec::new()
            }
        };
        pack.facts.extend(facts);
        if !matches!(span.role, SpanRole::Label | SpanRole::Question) {
            stated(&mut levels, &span.text);
        }
    }
    of_facts(&mut levels, &pack.facts);
    pack.levels = in_order(levels);
    let words: Vec<&str> = pack
        .title
        .iter()
        .chain(pack.spans.iter().map(|s| &s.text))
        .map(String::as_str)
        .collect();
    pack.condition = clinical::condition(&words.join("\n")).map(str::to_owned);
    pack.entities = pack
        .spans
        .iter()
        .filter(|span| !matches!(span.role, SpanRole::Label | SpanRole::Question))
        .flat_map(named)
        .collect();
}

/// What a span names, and where.
fn named(span: &Span) -> impl Iterator<Item = PackEntity> {
    clinical::entities(&span.text)
        .into_iter()
        .map(|entity| PackEntity {
            kind: entity.kind,
            id: entity.id,
            span: span.id.clone(),
            range: entity.range,
        })
}

/// The facts of a table's rows, with ranges in characters of the whole text.
fn rows(text: &str, span: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut start = 0;
    for row in text.split('\n') {
        found.extend(
            clinical::facts(row, span)
                .into_iter()
                .map(|fact| shifted(fact, start)),
        );
        start += row.chars().count() + 1;
    }
    found
}

/// A fact of a part of a span, as one of the whole span.
pub(super) fn shifted(mut fact: Finding, by: usize) -> Finding {
    fact.range = fact.range.map(|[start, end]| [start + by, end + by]);
    fact
}

/// How sure a level is, the surer the smaller, and how it was numbered.
pub(super) type Levels = BTreeMap<Level, (LevelCertainty, NumberingMethod)>;

/// Adds the levels that a text names.
pub(super) fn stated(levels: &mut Levels, text: &str) {
    for mention in level::mentions(text) {
        surer(
            levels,
            mention.level,
            (LevelCertainty::Stated, NumberingMethod::Reporter),
        );
    }
}

/// Adds the levels that facts are bound to.
pub(super) fn of_facts(levels: &mut Levels, facts: &[Finding]) {
    for fact in facts {
        if let Some(level) = fact.level {
            surer(levels, level, (fact.level_certainty, fact.numbering_method));
        }
    }
}

fn surer(levels: &mut Levels, level: Level, how: (LevelCertainty, NumberingMethod)) {
    let held = levels.entry(level).or_insert(how);
    *held = (*held).min(how);
}

/// The levels from head to tail.
pub(super) fn in_order(levels: Levels) -> Vec<PackLevel> {
    levels
        .into_iter()
        .map(|(level, (certainty, numbering_method))| PackLevel {
            level,
            certainty,
            numbering_method,
        })
        .collect()
}
