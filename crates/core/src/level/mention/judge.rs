//! Whether what looks like a level is one, from the words around it.

use super::atom::{Atom, Form};
use super::cue::{self, Cues};
use super::group::{Group, Item};
use super::token::{Kind, Token};
use crate::level::Region;

/// What the words around a group say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// Cues of the head noun after the group.
    pub head: Cues,
    /// Cues of the words just before it.
    pub before: Cues,
    /// Whether a root is named just before it (`roots of C5 and C6`).
    pub root_before: bool,
    /// Whether an operation that spans vertebrae is named just before or after it.
    pub surgical: bool,
    /// Whether the text consists of levels alone.
    pub label: bool,
    /// Whether the group opens a line and a colon follows.
    pub header: bool,
    /// Tokens to the nearest word of the spine in the sentence.
    spine_near: Option<usize>,
    /// Whether a word of the spine stands in the neighbourhood, other sentences included.
    spine_around: bool,
}

impl Setting {
    /// Whether the sentence speaks of the spine.
    pub fn is_known(&self) -> bool {
        self.spine_near.is_some()
            || (self.head | self.before) & (cue::BONE | cue::DISC | cue::LEVEL) != 0
    }

    /// Whether nothing around speaks of the spine.
    pub fn is_alone(&self) -> bool {
        !self.spine_around && self.head & (cue::BONE | cue::DISC | cue::LEVEL) == 0
    }
}

/// How far, in tokens, words of the same sentence matter.
const SENTENCE_REACH: usize = 24;
/// How far, in tokens, other sentences matter.
const TEXT_REACH: usize = 80;

/// Reads the words around a group.
pub(crate) fn setting(tokens: &[Token], group: &Group, label: bool) -> Setting {
    let written = group
        .items
        .last()
        .and_then(|item| item.atoms.last())
        .map_or(0, |atom| noun_inside(tokens, atom));
    let head = if written == 0 {
        head(tokens, group.end)
    } else {
        written
    };
    let before = before(tokens, group.first, cue::SMALL | cue::ADJECTIVE);
    let root_before = before_of(tokens, group.first);
    let interbody = head & cue::DISC != 0 || fused_between(tokens, group.first);
    Setting {
        head,
        before,
        root_before,
        surgical: (head | before) & cue::SURGERY != 0 && !interbody,
        label,
        header: tokens[group.first].starts_line
            && tokens.get(group.end).is_some_and(|token| token.is(':')),
        spine_near: nearest(tokens, group, cue::SPINE),
        spine_around: around(tokens, group),
    }
}

/// Whether a level in words names a root itself (`fifth lumbar nerve root`).
fn noun_inside(tokens: &[Token], atom: &Atom) -> Cues {
    tokens[atom.first..atom.end]
        .iter()
        .fold(0, |cues, token| cues | token.cues)
        & cue::ROOT
}

/// The cues of the first noun after a group, adjectives passed over.
fn head(tokens: &[Token], end: usize) -> Cues {
    let Some(sentence) = tokens
        .get(end.saturating_sub(1))
        .map(|token| token.sentence)
    else {
        return 0;
    };
    let mut found = 0;
    for (index, token) in tokens.iter().enumerate().skip(end).take(5) {
        if token.sentence != sentence {
            break;
        }
        let opening = index == end && (token.is('-') || token.is('('));
        if opening && token.is('-') && token.glued {
            continue;
        }
        const NOUN: Cues = cue::BONE | cue::DISC | cue::ROOT | cue::NEUROLOGICAL | cue::SURGERY;
        if token.has(NOUN) {
            // `L5 nerve root`, `L5 vertebral body`: the first word decides.
            return found | token.cues;
        }
        if !token.has(cue::ADJECTIVE) {
            if index == end {
                found |= token.cues & (cue::NEVER_AFTER | cue::MR);
            }
            break;
        }
        found |= token.cues & (cue::LEVEL | cue::SPINE);
    }
    found
}

/// The cues of the nearest noun before a group, words with `skip` passed over.
fn before(tokens: &[Token], first: usize, skip: Cues) -> Cues {
    let mut found = 0;
    for token in tokens[..first].iter().rev().take(5) {
        if token.sentence != tokens[first].sentence {
            break;
        }
        found |= token.cues;
        if !token.has(skip) && !token.is('(') {
            break;
        }
    }
    found
}

/// Whether `root of`, `nerve` or `roots` stands before a group.
fn before_of(tokens: &[Token], first: usize) -> bool {
    tokens[..first]
        .iter()
        .rev()
        .take(4)
        .take_while(|token| token.sentence == tokens[first].sentence)
        .find(|token| !(token.has(cue::OF) || token.is('(') || token.is(':')))
        .is_some_and(|token| token.has(cue::ROOT))
}

/// Whether the fusion named before a group is one between bodies.
fn fused_between(tokens: &[Token], first: usize) -> bool {
    tokens[..first]
        .iter()
        .rev()
        .take(4)
        .any(|token| token.has(cue::DISC) && token.sentence == tokens[first].sentence)
}

/// Tokens to the nearest token with one of the cues in the group's sentence.
fn nearest(tokens: &[Token], group: &Group, cues: Cues) -> Option<usize> {
    let sentence = tokens[group.first].sentence;
    let near = |token: &Token| token.sentence == sentence;
    let after = tokens[group.end..]
        .iter()
        .take(SENTENCE_REACH)
        .take_while(|token| near(token));
    let before = tokens[..group.first]
        .iter()
        .rev()
        .take(SENTENCE_REACH)
        .take_while(|token| near(token));
    let forward = after
        .enumerate()
        .find(|(_, token)| token.has(cues))
        .map(|(distance, _)| distance);
    let backward = before
        .enumerate()
        .find(|(_, token)| token.has(cues))
        .map(|(distance, _)| distance);
    forward.into_iter().chain(backward).min()
}

fn around(tokens: &[Token], group: &Group) -> bool {
    let before = tokens[..group.first].iter().rev().take(TEXT_REACH);
    let after = tokens[group.end..].iter().take(TEXT_REACH);
    before.chain(after).any(|token| token.has(cue::SPINE))
}

/// Whether an item of a group names a level.
pub(crate) fn accepts(tokens: &[Token], group: &Group, item: &Item, setting: &Setting) -> bool {
    if is_named(tokens, group) || setting.head & cue::NEVER_AFTER != 0 || is_neurological(setting) {
        return false;
    }
    if is_followed_by_name(tokens, group) || is_power(tokens, group) || is_equation(tokens, group) {
        return false;
    }
    let is_root = setting.root_before || setting.head & cue::ROOT != 0;
    let first = item.atoms[0];
    let strong = is_strong(tokens, group, setting, first.region, is_root);
    if let Some(sure) = by_form(item, setting, strong) {
        return sure;
    }
    let regions = mixed(group);
    if regions && !is_only_small_talk(group) {
        return !worse(tokens, group, setting, cue::NOT_L | cue::NOT_C) || strong;
    }
    if is_root && !matches!(first.form, Form::Lower) {
        return true;
    }
    match first.region {
        Region::Lumbar => strong || lumbar(tokens, group, item, setting),
        Region::Thoracic => thoracic(tokens, group, setting, strong),
        Region::Cervical => cervical(tokens, group, item, setting, strong),
        Region::Sacral => sacral(tokens, group, item, setting, strong),
        Region::Coccygeal => false,
    }
}

/// Figures, samples, types: the word before names the label.
fn is_named(tokens: &[Token], group: &Group) -> bool {
    let before = &tokens[..group.first];
    let last = before
        .iter()
        .rev()
        .find(|token| !token.is('.') && !token.is('('));
    let same = last.is_some_and(|token| token.sentence == tokens[group.first].sentence);
    same && last.is_some_and(|token| token.has(cue::NAMED))
        && !before.last().is_some_and(|token| token.is('('))
}

/// `the T3 group`: single labels of groups, samples and the like.
fn is_followed_by_name(tokens: &[Token], group: &Group) -> bool {
    let next = tokens
        .get(group.end)
        .is_some_and(|token| token.has(cue::NAMED) && !token.starts_line);
    let same = tokens
        .get(group.end)
        .is_some_and(|token| token.sentence == tokens[group.first].sentence);
    next && same && group.items.iter().all(|item| !item.is_pair())
}

fn is_neurological(setting: &Setting) -> bool {
    let bone = setting.head & (cue::BONE | cue::DISC | cue::ROOT) != 0;
    setting.head & cue::NEUROLOGICAL != 0 || (setting.before & cue::NEUROLOGICAL != 0 && !bone)
}

/// `L5 4/5`: a myotome's power.
fn is_power(tokens: &[Token], group: &Group) -> bool {
    let mut next = group.end;
    if tokens.get(next).is_some_and(|token| token.is(':')) {
        next += 1;
    }
    let grade = tokens
        .get(next)
        .is_some_and(|token| token.number.is_some_and(|number| number <= 5));
    let slash = (1..3).find(|step| tokens.get(next + step).is_some_and(|token| token.is('/')));
    let of_five = slash.is_some_and(|step| {
        tokens
            .get(next + step + 1)
            .is_some_and(|token| token.number == Some(5))
    });
    grade && of_five && group.items.iter().all(|item| !item.is_pair())
}

/// `S2 = 0.45`.
fn is_equation(tokens: &[Token], group: &Group) -> bool {
    tokens.get(group.end).is_some_and(|token| token.is('='))
        && tokens
            .get(group.end + 1)
            .is_some_and(|token| token.kind == Kind::Number)
}

/// Whether the words next to the group leave no doubt.
fn is_strong(
    tokens: &[Token],
    group: &Group,
    setting: &Setting,
    region: Region,
    is_root: bool,
) -> bool {
    let noun = (setting.head | setting.before) & (cue::BONE | cue::DISC) != 0;
    let laminectomy = (setting.head | setting.before) & cue::SURGERY != 0;
    let level = (setting.head | setting.before) & cue::LEVEL != 0;
    let other = others(region, group);
    noun || laminectomy || is_root || (level && nearest(tokens, group, other).is_none())
}

/// The cues that speak for another meaning of a region's letter.
fn others(region: Region, group: &Group) -> Cues {
    let highest = group
        .items
        .iter()
        .flat_map(|item| &item.atoms)
        .map(|atom| atom.number)
        .max()
        .unwrap_or(0);
    match region {
        Region::Cervical => cue::NOT_C,
        Region::Thoracic if highest <= 2 => cue::MR | cue::STAGE,
        Region::Thoracic if highest <= 4 => cue::STAGE | cue::THYROID,
        Region::Thoracic => 0,
        Region::Lumbar => cue::NOT_L,
        Region::Sacral | Region::Coccygeal => cue::NOT_S,
    }
}

/// What special spellings demand; none when the region's own rule decides.
fn by_form(item: &Item, setting: &Setting, strong: bool) -> Option<bool> {
    let near = setting.spine_near.is_some();
    match item.atoms[0].form {
        Form::Words => Some(true),
        Form::Hyphen => Some(strong || (near && item.atoms[0].region == Region::Lumbar)),
        Form::Spaced if !item.is_pair() => Some(strong && near),
        Form::Lower if item.is_pair() => {
            Some(setting.spine_around || setting.label || setting.header || crosses(item))
        }
        Form::Lower => {
            Some(strong && !matches!(item.atoms[0].region, Region::Thoracic | Region::Sacral))
        }
        Form::Dorsal | Form::Th if crosses(item) => Some(true),
        _ => None,
    }
}

/// Whether an item joins two regions (`C7/T1`).
fn crosses(item: &Item) -> bool {
    item.atoms
        .iter()
        .any(|atom| atom.region != item.atoms[0].region)
}

/// Whether a group has levels of two regions.
fn mixed(group: &Group) -> bool {
    let mut atoms = group.items.iter().flat_map(|item| &item.atoms);
    let first = atoms.next().map(|atom| atom.region);
    atoms.any(|atom| Some(atom.region) != first)
}

/// Whether a mixed group could still be something else (`C1, S1` of a table of labels).
fn is_only_small_talk(group: &Group) -> bool {
    let regions = |wanted: Region| {
        group
            .items
            .iter()
            .flat_map(|item| &item.atoms)
            .any(|atom: &Atom| atom.region == wanted)
    };
    regions(Region::Cervical)
        && regions(Region::Sacral)
        && group.items.iter().all(|item| !item.is_pair())
}

/// Whether another meaning of the letter is nearer than the spine.
fn worse(tokens: &[Token], group: &Group, setting: &Setting, others: Cues) -> bool {
    let Some(other) = nearest(tokens, group, others) else {
        return false;
    };
    setting.spine_near.is_none_or(|spine| other <= spine)
}

/// Lumbar levels are seldom anything else; `L1` and `L2` alone may be languages or norms.
fn lumbar(tokens: &[Token], group: &Group, item: &Item, setting: &Setting) -> bool {
    let known = setting.spine_around || setting.label || setting.header;
    let plain = item.is_pair() || group.items.len() > 2 || item.atoms[0].number > 2;
    (known || plain) && !worse(tokens, group, setting, cue::NOT_L)
}

fn thoracic(tokens: &[Token], group: &Group, setting: &Setting, strong: bool) -> bool {
    let highest = group
        .items
        .iter()
        .flat_map(|item| &item.atoms)
        .map(|atom| atom.number)
        .max()
        .unwrap_or(0);
    let dorsal = group
        .items
        .iter()
        .flat_map(|item| &item.atoms)
        .any(|atom| atom.form == Form::Dorsal);
    let immune = group
        .items
        .iter()
        .flat_map(|item| &item.atoms)
        .any(|atom| atom.form == Form::Th);
    let extra = if dorsal { cue::NOT_D } else { 0 } | if immune { cue::NOT_TH } else { 0 };
    if extra != 0 && (setting.spine_near.is_none() || worse(tokens, group, setting, extra)) {
        return false;
    }
    if highest <= 2 {
        return upper_thoracic(tokens, group, setting, strong);
    }
    if highest <= 4 {
        let near = setting.spine_near.is_some() || (setting.label && highest > 2);
        let pairs = group.items.iter().all(Item::is_pair);
        let others = if pairs {
            cue::THYROID
        } else {
            cue::STAGE | cue::THYROID
        };
        return strong || (near && !worse(tokens, group, setting, others));
    }
    strong
        || setting.spine_near.is_some()
        || setting.spine_around
        || nearest(tokens, group, cue::SKELETAL).is_some()
        || setting.label
        || setting.header
        || group.items.len() > 1
        || group.items.iter().any(Item::is_pair)
}

/// `T1` and `T2` are MR weightings unless a bone stands next to them; a pair also when the
/// sentence speaks of the spine and of no picture.
fn upper_thoracic(tokens: &[Token], group: &Group, setting: &Setting, strong: bool) -> bool {
    let end = tokens.len().min(group.end + 4);
    let signal = tokens[group.end..end]
        .iter()
        .any(|token| token.has(cue::SIGNAL));
    if signal || setting.head & cue::MR != 0 {
        return false;
    }
    let pair = group.items.iter().all(Item::is_pair);
    let disc_alone = (setting.head | setting.before) & cue::DISC != 0
        && (setting.head | setting.before) & (cue::BONE | cue::SURGERY | cue::ROOT) == 0;
    let other = nearest(tokens, group, cue::MR | cue::STAGE).is_some();
    (strong && (pair || !disc_alone)) || (pair && setting.spine_near.is_some() && !other)
}

fn cervical(tokens: &[Token], group: &Group, item: &Item, setting: &Setting, strong: bool) -> bool {
    if worse(tokens, group, setting, cue::NOT_C) {
        return strong && setting.spine_near.is_some_and(|near| near <= 2);
    }
    let known = strong || setting.spine_near.is_some() || setting.spine_around;
    known
        || setting.label
        || (setting.header && nearest(tokens, group, cue::NOT_C).is_none())
        || is_sure_pair(item)
}

/// `C0/C1` and `C5/6`, a lone digit after the sign, need no words around them.
fn is_sure_pair(item: &Item) -> bool {
    let first = item.atoms[0].number;
    let short =
        item.is_pair() && item.atoms[1].form == Form::Bare && item.atoms[1].number == first + 1;
    first == 0 || (short && first > 2)
}

fn sacral(tokens: &[Token], group: &Group, item: &Item, setting: &Setting, strong: bool) -> bool {
    let near = setting.spine_near.is_some_and(|near| near <= 12);
    let other = worse(tokens, group, setting, cue::NOT_S);
    (strong && !other)
        || (near && !other && (item.is_pair() || nearest(tokens, group, cue::NAMED).is_none()))
}
