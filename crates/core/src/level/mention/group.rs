//! Levels joined into discs, ranges and lists.

use super::atom::{self, Atom, Form, atom};
use super::cue;
use super::token::{Kind, Token};

/// How the atoms of an item are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    /// One atom.
    Not,
    /// `L4/5`, `L4L5`.
    Slash,
    /// `L4-5`, `L4 to L5`.
    Dash,
}

/// One or more atoms that make one level (or, in a chain, neighbouring ones).
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// The atoms.
    pub atoms: Vec<Atom>,
    /// How they are joined.
    pub joined: Joined,
    /// Whether the item before is joined to this by `and`.
    pub after_and: bool,
}

impl Item {
    fn one(atom: Atom) -> Self {
        Self {
            atoms: vec![atom],
            joined: Joined::Not,
            after_and: false,
        }
    }

    /// Tokens `[first, end)`.
    pub fn tokens(&self) -> (usize, usize) {
        (self.atoms[0].first, self.atoms[self.atoms.len() - 1].end)
    }

    /// Whether it has two atoms or more.
    pub fn is_pair(&self) -> bool {
        self.atoms.len() > 1
    }
}

/// Items joined by a list.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The items.
    pub items: Vec<Item>,
    /// Tokens `[first, end)`.
    pub first: usize,
    /// See `first`.
    pub end: usize,
}

/// A longer list is read as two, which bounds the work that each level costs.
const LONGEST_LIST: usize = 40;

/// The group that starts at a token.
pub(crate) fn group(tokens: &[Token], at: usize) -> Option<Group> {
    let mut items = starting_items(tokens, at)?;
    while items.len() < LONGEST_LIST {
        let last = items.last()?;
        let Some((item, after_and)) = continued(tokens, last) else {
            break;
        };
        let (_, end) = item.last()?.tokens();
        if end <= last.tokens().1 {
            break;
        }
        items.extend(item.into_iter().enumerate().map(|(index, mut item)| {
            item.after_and = after_and && index == 0;
            item
        }));
    }
    let end = items.last()?.tokens().1;
    Some(Group {
        items,
        first: at,
        end,
    })
}

fn starting_items(tokens: &[Token], at: usize) -> Option<Vec<Item>> {
    if let Some(item) = item(tokens, at) {
        return Some(vec![item]);
    }
    let (atoms, is_range) = atom::counted(tokens, at)?;
    if is_range && atoms.len() == 2 {
        return Some(vec![Item {
            atoms,
            joined: Joined::Dash,
            after_and: false,
        }]);
    }
    let after_and = |index: usize, atom: &Atom| index > 0 && tokens[atom.first - 1].has(cue::AND);
    Some(
        atoms
            .into_iter()
            .enumerate()
            .map(|(index, atom)| Item {
                after_and: after_and(index, &atom),
                ..Item::one(atom)
            })
            .collect(),
    )
}

/// An item that starts with a full atom.
fn item(tokens: &[Token], at: usize) -> Option<Item> {
    Some(chain(tokens, atom(tokens, at)?))
}

/// Joins to an atom those that follow it by `/`, `-`, `to` or directly.
fn chain(tokens: &[Token], first: Atom) -> Item {
    let mut item = Item::one(first);
    while item.atoms.len() < 8 {
        let last = item.atoms[item.atoms.len() - 1];
        let Some((next, joined)) = joined_atom(tokens, &last) else {
            break;
        };
        if item.is_pair() && starts_pair(tokens, &item, &next) {
            break;
        }
        if item.joined == Joined::Not {
            item.joined = joined;
        }
        item.atoms.push(next);
    }
    item
}

/// Whether a pair followed by another (`L2/3 to L4/5`, `C3/4-C6/7`) ends before it.
fn starts_pair(tokens: &[Token], item: &Item, next: &Atom) -> bool {
    let sign = &tokens[next.first - 1];
    let dash = sign.is('-') || sign.is('~');
    let other = if item.joined == Joined::Slash {
        dash
    } else {
        sign.is('/')
    };
    let parts = sign.has(cue::TO) || other;
    parts && joined_atom(tokens, next).is_some()
}

fn joined_atom(tokens: &[Token], last: &Atom) -> Option<(Atom, Joined)> {
    let sign = tokens.get(last.end)?;
    let Some((start, joined)) = joint(tokens, last.end) else {
        let next = atom(tokens, last.end)?;
        let glued = sign.glued
            && matches!(
                next.form,
                Form::Letter | Form::Words | Form::Lower | Form::Th
            );
        return glued.then_some((next, Joined::Slash));
    };
    if let Some(next) = atom(tokens, start) {
        return Some((next, joined));
    }
    if let Some(next) = sacrum_letter(tokens, start, last) {
        return Some((next, joined));
    }
    bare(tokens, start, last).map(|next| (next, joined))
}

/// The token after the words or sign that join two atoms, and how they join.
fn joint(tokens: &[Token], at: usize) -> Option<(usize, Joined)> {
    let sign = tokens.get(at)?;
    let second = tokens.get(at + 1)?;
    if sign.is('/') {
        return Some((at + 1, Joined::Slash));
    }
    let dash = sign.is('-') || sign.is('~');
    if dash && second.has(cue::TO) && tokens.get(at + 2).is_some_and(|token| token.is('-')) {
        return Some((at + 3, Joined::Dash));
    }
    if dash && second.is('-') && second.glued {
        return Some((at + 2, Joined::Dash));
    }
    if dash || sign.has(cue::TO) {
        return Some((at + 1, Joined::Dash));
    }
    None
}

/// `S` alone after `L5-`.
fn sacrum_letter(tokens: &[Token], at: usize, last: &Atom) -> Option<Atom> {
    use crate::level::Region;
    let token = tokens.get(at)?;
    let is_letter = matches!(
        token.role,
        cue::Role::Letter(Region::Sacral, cue::Letter::Upper)
    );
    let alone = tokens.get(at + 1).is_none_or(|next| {
        !next.glued || matches!(next.kind, Kind::Sign(',' | '.' | ';' | ':' | ')'))
    });
    let after_lumbar = last.region == Region::Lumbar && last.number >= 5;
    let makes = is_letter && alone && after_lumbar && token.glued;
    makes.then_some(Atom {
        region: Region::Sacral,
        number: 1,
        first: at,
        end: at + 1,
        form: Form::Bare,
    })
}

/// A number alone, of the region of the atom before.
fn bare(tokens: &[Token], at: usize, last: &Atom) -> Option<Atom> {
    let token = tokens.get(at)?;
    let number = token
        .number
        .filter(|number| (1..=atom::highest(last.region)).contains(number))?;
    let next = tokens.get(at + 1);
    let fits = next.is_none_or(|next| fits_after(next, tokens.get(at + 2)));
    let same_line = !token.starts_line;
    (fits && same_line).then_some(Atom {
        region: last.region,
        number,
        first: at,
        end: at + 1,
        form: Form::Bare,
    })
}

/// Whether a bare number may be followed so.
fn fits_after(next: &Token, after: Option<&Token>) -> bool {
    if atom::spoils(next, after) {
        return false;
    }
    match next.kind {
        Kind::Sign('-') => !next.glued || after.is_some_and(|after| !after.has(cue::COUNTED)),
        Kind::Sign('+') => false,
        _ => true,
    }
}

/// The items that a list goes on with after an item.
fn continued(tokens: &[Token], last: &Item) -> Option<(Vec<Item>, bool)> {
    let (_, end) = last.tokens();
    let mut next = end;
    let mut after_and = false;
    let mut signs = 0;
    while let Some(token) = tokens.get(next).filter(|_| signs < 2) {
        let is_and = token.has(cue::AND);
        let sign = ['-', '~', '/'].iter().any(|sign| token.is(*sign));
        let is_range_of_pairs = last.is_pair() && (token.has(cue::TO) || sign);
        if !(token.is(',') || is_and || is_range_of_pairs) || (is_and && after_and) {
            break;
        }
        after_and |= is_and;
        next += 1;
        signs += 1;
    }
    if next == end {
        return None;
    }
    if let Some(items) = starting_items(tokens, next) {
        return Some((items, after_and));
    }
    let before = *last.atoms.last()?;
    let number = bare(tokens, next, &before)?;
    if last.is_pair() {
        let pair = chain(tokens, number);
        return (pair.atoms.len() == 2 && continues(last, &pair)).then(|| (vec![pair], after_and));
    }
    let alone = number.number > before.number && list_number_fits(tokens, number.end);
    alone.then(|| (vec![Item::one(number)], after_and))
}

/// Whether a bare pair goes on from the pair before: `L3/4, 4/5`, `L4/5, 5/S1`.
fn continues(last: &Item, pair: &Item) -> bool {
    let before = last.atoms[0];
    let [upper, lower] = pair.atoms[..] else {
        return false;
    };
    let follows = upper.region == before.region && upper.number > before.number;
    let adjacent = if lower.region == upper.region {
        lower.number == upper.number + 1
    } else {
        lower.form != Form::Bare
    };
    follows && adjacent
}

/// Whether a number alone in a list (`L4, 5`) may be followed so.
fn list_number_fits(tokens: &[Token], end: usize) -> bool {
    let Some(next) = tokens.get(end) else {
        return true;
    };
    match next.kind {
        Kind::Sign(',') => true,
        Kind::Sign('.' | ';' | '。' | ')' | ']') => true,
        Kind::Word => {
            next.has(cue::AND)
                || next.has(cue::BONE | cue::DISC | cue::ROOT | cue::LEVEL)
                || (next.has(cue::ADJECTIVE)
                    && tokens
                        .get(end + 1)
                        .is_some_and(|t| t.has(cue::BONE | cue::DISC | cue::ROOT)))
                || next.has(cue::SMALL)
        }
        Kind::Han(_) => !next.has(cue::COUNTED),
        _ => false,
    }
}
