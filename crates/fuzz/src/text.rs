//! Parsers of running text.

use spinemed_core::Level;
use spinemed_core::level::{mentions, parse_label};
use spinemed_core::{clinical, vocabulary::Language};
use spinemed_pairing::label::{Series, citations, leading, parse};

/// Finds the levels that a text names, and reads it as a dataset's spelling of one.
pub fn levels(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let length = text.chars().count();
    let mut last = 0;
    for mention in mentions(text) {
        let [start, end] = mention.range;
        assert!(
            start < end && end <= length,
            "{:?} lies outside the text",
            mention.range
        );
        assert!(start >= last, "mentions come in order");
        last = start;
        reads_back(&mention.level);
    }
    if let Some(level) = parse_label(text) {
        reads_back(&level);
    }
    if let Ok(level) = text.parse::<Level>() {
        reads_back(&level);
    }
}

/// One canonical spelling, and a name in each language.
fn reads_back(level: &Level) {
    let printed = level.to_string();
    assert_eq!(
        printed.parse::<Level>().as_ref(),
        Ok(level),
        "`{printed}` reads back"
    );
    for language in Language::ALL {
        assert!(!level.name(*language).is_empty(), "`{printed}` has a name");
    }
    for neighbour in level.neighbours() {
        assert_ne!(&neighbour, level, "no level is its own neighbour");
    }
    if let Some(code) = level.snomed() {
        assert_eq!(
            Level::from_snomed(code).as_ref(),
            Some(level),
            "code {code} is unique"
        );
    }
}

/// Binds facts in clauses, and surveys a text.
pub fn clinical(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let length = text.chars().count();
    let mut last = 0;
    for [start, end] in clinical::clauses(text) {
        assert!(
            last <= start && start <= end && end <= length,
            "clauses lie in the text in order"
        );
        last = end;
    }
    for fact in clinical::facts(text, "s1") {
        assert_eq!(fact.span, "s1");
        assert!(
            clinical::concept(&fact.concept).is_some(),
            "no concept `{}`",
            fact.concept
        );
    }
    let found = clinical::relevance(text);
    assert!(
        found.spine <= found.words,
        "no more words of the spine than words"
    );
    let _ = clinical::modality(text);
    if let Some(condition) = clinical::condition(text) {
        assert!(
            clinical::concept(condition).is_some(),
            "no concept `{condition}`"
        );
    }
}

/// Reads labels of figures and tables, and citations of them.
pub fn labels(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = leading(text);
    let _ = parse(text, Series::Figure);
    for compound in [false, true] {
        let _ = citations(text, compound);
    }
}
