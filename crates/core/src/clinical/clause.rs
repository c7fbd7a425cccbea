//! Clauses, and the level headers that scope them.

use super::lexeme::{Kind, Lexeme};
use crate::level::Mention;

/// A clause: lexemes `[first, end)`, and the levels of the header above it.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// The first lexeme of the clause's own words.
    pub first: usize,
    /// One past the last.
    pub end: usize,
    /// Whether a header (`L4/5:`) scopes the clause.
    pub header: Option<Header>,
}

/// A header's lexemes and mentions.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Its first lexeme.
    pub first: usize,
    /// Its mentions.
    pub mentions: Vec<Mention>,
}

/// The clauses of a text, given its level mentions.
pub(super) fn split(lexemes: &[Lexeme], mentions: &[Mention]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut header: Option<Header> = None;
    let mut first = 0;
    let mut next_mention = 0;
    while first < lexemes.len() {
        let end = end_of(lexemes, first);
        while mentions
            .get(next_mention)
            .is_some_and(|mention| mention.range[0] < lexemes[first].start)
        {
            next_mention += 1;
        }
        let mut own = first;
        match header_end(lexemes, first, end, &mentions[next_mention..]) {
            HeaderEnd::Levels(colon, named) => {
                header = Some(Header {
                    first,
                    mentions: named,
                });
                own = colon + 1;
            }
            HeaderEnd::Words => header = None,
            HeaderEnd::None if lexemes[first].after_gap && first > 0 => header = None,
            HeaderEnd::None => {}
        }
        if own < end {
            clauses.push(Clause {
                first: own,
                end,
                header: header.clone(),
            });
        }
        first = end;
    }
    clauses
}

/// The end of the clause that starts at a lexeme.
fn end_of(lexemes: &[Lexeme], first: usize) -> usize {
    (first + 1..lexemes.len())
        .find(|at| ends_before(lexemes, *at))
        .unwrap_or(lexemes.len())
}

fn ends_before(lexemes: &[Lexeme], at: usize) -> bool {
    let (last, next) = (&lexemes[at - 1], &lexemes[at]);
    if next.start < last.end {
        // Two lexemes of one character, as `‼` folds to: a clause does not end inside it.
        return false;
    }
    let stop = match last.text.as_str() {
        ";" | "。" | "!" | "?" => true,
        "." => !next.glued,
        _ => false,
    };
    let line = next.starts_line && (next.capital || next.kind != Kind::Word || next.after_gap);
    stop || line
}

enum HeaderEnd {
    None,
    Levels(usize, Vec<Mention>),
    Words,
}

/// Whether a clause opens with levels and a colon, or with other words and a colon.
fn header_end(lexemes: &[Lexeme], first: usize, end: usize, mentions: &[Mention]) -> HeaderEnd {
    const LONGEST: usize = 24;
    let Some(colon) = (first..end.min(first + LONGEST)).find(|at| lexemes[*at].is(":")) else {
        return HeaderEnd::None;
    };
    let stop = lexemes[colon].start;
    let named: Vec<Mention> = mentions
        .iter()
        .take_while(|mention| mention.range[1] <= stop)
        .copied()
        .collect();
    let is_level = |lexeme: &Lexeme| {
        named
            .iter()
            .any(|mention| mention.range[0] <= lexeme.start && lexeme.end <= mention.range[1])
    };
    const AMONG: [&str; 10] = [
        ",", "、", "and", "&", "level", "disc", "和", "及", "at", "-",
    ];
    let only = lexemes[first..colon]
        .iter()
        .all(|lexeme| is_level(lexeme) || AMONG.contains(&lexeme.text.as_str()));
    if !named.is_empty() && only {
        HeaderEnd::Levels(colon, named)
    } else if lexemes[first].starts_line && named.is_empty() && colon < first + 5 {
        HeaderEnd::Words
    } else {
        HeaderEnd::None
    }
}
