//! Chinese names without a cue: a surname, and behind it characters that no words of prose explain.
//!
//! The reading that words explain wins. A name may begin where a clause begins, or behind a word
//! or a particle; no word of the dictionary may begin at its surname, or reach over its end; what
//! follows must be a word, a particle or a mark. Surnames that are words themselves, and given
//! names of everyday characters, need more of this than others. A name that is a word itself is
//! not found, unless the dictionary left it out for being as likely a name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::han;
use super::lexicon;
use super::page::{Page, is_han};
use super::span::Span;

/// The characters, and pairs of characters, that follow a first one in a word.
type Tails = (BTreeSet<char>, BTreeSet<[char; 2]>);

static WORDS: LazyLock<BTreeMap<char, Tails>> = LazyLock::new(|| {
    let mut words: BTreeMap<char, Tails> = BTreeMap::new();
    let lines = include_str!("words/han-words.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let mut parts = line.split(' ');
        let Some(first) = parts.next().and_then(|part| part.chars().next()) else {
            continue;
        };
        let (pairs, triples) = words.entry(first).or_default();
        pairs.extend(parts.next().unwrap_or_default().chars());
        let tails: Vec<char> = parts.next().unwrap_or_default().chars().collect();
        triples.extend(tails.chunks_exact(2).map(|two| [two[0], two[1]]));
    }
    for word in lexicon::load(include_str!("words/han-clinical.txt")) {
        let word: Vec<char> = word.chars().collect();
        match word[..] {
            [a, b] => _ = words.entry(a).or_default().0.insert(b),
            [a, b, c] => _ = words.entry(a).or_default().1.insert([b, c]),
            _ => {}
        }
    }
    words
});
static FREQUENT: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| characters(include_str!("words/han-frequent.txt")));
static BOTH: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| characters(include_str!("words/given-both.txt")));
static NEVER: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| characters(include_str!("words/not-in-names.txt")));

fn characters(text: &'static str) -> BTreeSet<char> {
    let words = lexicon::load(text);
    words.into_iter().flat_map(str::chars).collect()
}

/// Particles and verbs that names stand behind.
const BEFORE: &str = "由请经与和及者给向对为令嘱让叫被是在将把予";
/// Particles and verbs that stand behind names.
const AFTER: &str = "的因于在与和及等诉称述说将已曾并来入出行经为被是能可未无不有系自从由向再又仍也均现今术拟需要愿带骑服";

/// What a name has to reach.
const ENOUGH: i32 = 4;

/// Every name that no word explains.
pub(crate) fn find(page: &Page) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < page.plain.len() {
        let name = name(page, at);
        at = name.map_or(at + 1, |end| {
            spans.push(Span::new(at..end, "name", "han-uncued"));
            end
        });
    }
    spans
}

/// Where a name ends that begins here.
fn name(page: &Page, at: usize) -> Option<usize> {
    let (length, common) = han::surname(page, at)?;
    if word(page, at) || han::is_plain(page, at) || !enters(page, at) {
        return None;
    }
    let clause = page.before(at).is_none_or(|c| !is_han(c));
    let own = if common { 0 } else { 2 } + i32::from(length > 1) + i32::from(clause);
    (1..=2).rev().find_map(|given| {
        let end = at + length + given;
        let mut sum = own;
        for place in at + length..end {
            sum += given_name(page.at(place)?)?;
        }
        // Between two words of the dictionary nothing else is left that it could be.
        sum += i32::from(!clause && word(page, end));
        (sum >= ENOUGH && leaves(page, end)).then_some(end)
    })
}

/// How much a character speaks for a given name; none where it speaks against it.
fn given_name(c: char) -> Option<i32> {
    if BOTH.contains(&c) {
        return Some(1);
    }
    // Diseases, the body and its bones are written with these parts.
    let body =
        matches!(c, '\u{7592}'..='\u{7672}' | '\u{8089}'..='\u{81e2}' | '\u{9aa8}'..='\u{9ad4}');
    let gas = matches!(c, '\u{6c14}'..='\u{6c32}' | '\u{9178}'..='\u{91c7}');
    let prose = FREQUENT.contains(&c) || NEVER.contains(&c) || body || gas;
    (is_han(c) && !prose).then_some(2)
}

/// Whether a word of the dictionary begins at a place.
fn word(page: &Page, at: usize) -> bool {
    let Some(tails) = page.at(at).and_then(|first| WORDS.get(&first)) else {
        return false;
    };
    let (second, third) = (page.at(at + 1), page.at(at + 2));
    second.is_some_and(|second| {
        tails.0.contains(&second) || third.is_some_and(|third| tails.1.contains(&[second, third]))
    })
}

/// Whether a name may begin here: behind a mark, a particle or the end of a word, and not
/// within a word.
fn enters(page: &Page, at: usize) -> bool {
    let Some(before) = page.before(at).filter(|c| is_han(*c)) else {
        return true;
    };
    let ends = |many: usize| at >= many && ends_at(page, at - many, at);
    let within = at >= 1 && (ends_at(page, at - 1, at + 1) || ends_at(page, at - 1, at + 2))
        || at >= 2 && ends_at(page, at - 2, at + 1);
    !within && (BEFORE.contains(before) || ends(2) || ends(3))
}

/// Whether a word is exactly these characters.
fn ends_at(page: &Page, start: usize, end: usize) -> bool {
    let tails = page.at(start).and_then(|first| WORDS.get(&first));
    let (Some((pairs, triples)), Some(second)) = (tails, page.at(start + 1)) else {
        return false;
    };
    match (end - start, page.at(start + 2)) {
        (2, _) => pairs.contains(&second),
        (3, Some(third)) => triples.contains(&[second, third]),
        _ => false,
    }
}

/// Whether a name may end here: no word reaches over its end, and something plain follows.
fn leaves(page: &Page, end: usize) -> bool {
    let over = ends_at(page, end - 1, end + 1) || ends_at(page, end - 1, end + 2);
    let next = page.at(end).filter(|c| is_han(*c));
    !over && next.is_none_or(|c| AFTER.contains(c) || word(page, end) || han::follows(page, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let page = Page::new(text);
        let found = find(&page).into_iter().map(|span| page.slice(span.range));
        assert_eq!(found.collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn names_stand_between_words() {
        check("昨日裴昱霖步行良好", &["裴昱霖"]);
        check("郝梓晴感觉疼痛减轻。", &["郝梓晴"]);
        check("术后钟离婧活动自如", &["钟离婧"]);
    }

    #[test]
    fn words_are_no_names() {
        for text in [
            "黄韧带肥厚，马尾神经受压。",
            "高血压病史，金属内固定。",
            "左侧髂嵴取骨，向后突出。",
            "时有疼痛，于全麻下行手术。",
            "方向正常，石膏固定，白细胞升高。",
        ] {
            check(text, &[]);
        }
    }
}
