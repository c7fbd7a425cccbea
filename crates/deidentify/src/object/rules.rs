//! The rules, as data: Table E.1-1 under the options of a profile, what is kept beside it, and
//! the Types of the IODs.

mod rows;
mod types;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use dicom_core::{Tag, VR};
use spinemed_core::profile::Profile;
use spinemed_core::vocabulary::{ProfileOption, TimesOfDay};

pub(super) use rows::rows;
pub(super) use types::{Type, of as type_of};

/// PS3.15, Table E.1-1, with its edition in the header.
const TABLE: &str = include_str!("table.tsv");
/// What is kept, with a reason for each group.
const KEEP: &str = include_str!("keep.tsv");
/// What is kept of the imaging modules; made by `make-types.py`.
const MODULES: &str = include_str!("modules.tsv");
/// Terms of the standard that name nobody, for attributes of `MODULES`.
const TERMS: &str = include_str!("terms.txt");

/// What happens to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// What the Basic Profile says, by the attribute's Type: see [`Rules::blank`].
    Basic,
    /// Kept, if the value is of the expected kind.
    Keep,
    /// Emptied, by the keep list.
    Empty,
    /// UIDs, mapped.
    Uid,
    /// UIDs, kept, if they are well formed and hold no identifier.
    UidKept,
    /// Dates, moved.
    Shift,
    /// Dates, as they are.
    Date,
    /// A time of day, as it is.
    Time,
    /// An offset from UTC, as it is.
    Zone,
    /// An age, capped.
    Age,
    /// What names a device, unless it holds a known identifier.
    Device,
    /// What names an institution, unless it holds a known identifier of persons.
    Institution,
    /// A short description, cleaned.
    Descriptor,
    /// What stands for the patient.
    Pseudonym,
    /// A sequence, cleaned inside.
    Clean,
    /// Items of a content tree (PS3.3, C.17.3).
    Content,
    /// A sequence of codes, those that are listed.
    Codes,
    /// Tables of numbers that belong to the pixels.
    Bulk,
    /// The pixel data.
    Pixels,
}

impl Action {
    /// By the name that the lists use.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "keep" => Self::Keep,
            "empty" => Self::Empty,
            "uid" => Self::Uid,
            "age" => Self::Age,
            "descriptor" => Self::Descriptor,
            "pseudonym" => Self::Pseudonym,
            "clean" => Self::Clean,
            "codes" => Self::Codes,
            "bulk" => Self::Bulk,
            "pixels" => Self::Pixels,
            _ => return None,
        })
    }
}

/// What stands where a value may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// Nothing: the element is removed.
    Remove,
    /// The element without a value.
    Zero,
    /// A value that says nothing.
    Dummy,
}

/// A cell of the Basic Profile's column: which of its letters it offers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cell {
    remove: bool,
    zero: bool,
    dummy: bool,
    uid: bool,
}

impl Cell {
    fn parse(text: &str) -> Self {
        Self {
            remove: text.contains('X'),
            zero: text.contains('Z'),
            dummy: text.contains('D'),
            uid: text.contains('U'),
        }
    }

    /// What the cell means for an attribute of a Type. An attribute that needs a value gets a
    /// dummy also where the cell offers none, so that the object stays valid; where the Type
    /// is not known the cell's most careful letter for validity counts: D before Z before X.
    fn blank(self, of: Type) -> Blank {
        let only_dummy = self.dummy && !self.zero && !self.remove;
        match of {
            Type::One => Blank::Dummy,
            Type::Two | Type::Three if only_dummy => Blank::Dummy,
            Type::Two => Blank::Zero,
            Type::Three if self.zero && !self.remove => Blank::Zero,
            Type::Three => Blank::Remove,
            Type::Unknown if self.dummy => Blank::Dummy,
            Type::Unknown if self.zero => Blank::Zero,
            Type::Unknown => Blank::Remove,
        }
    }
}

/// The rule for one tag.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) action: Action,
    /// What the Basic Profile offers where the action cannot be done.
    pub(super) cell: Cell,
    /// What the data dictionary says the value representation is.
    pub(super) vr: VR,
    /// How many values there may be.
    pub(super) most: usize,
    /// The terms that pass, where the value is text.
    pub(super) terms: Vec<&'static str>,
}

impl Rule {
    /// A rule that keeps values of a representation, by the cells of a list.
    pub(super) fn kept(vr: &str, most: &str, terms: &'static str) -> Option<Self> {
        Some(Self {
            action: Action::Keep,
            cell: Cell::default(),
            vr: vr.parse().ok()?,
            most: rows::most_of(most)?,
            terms: rows::terms_of(terms),
        })
    }
}

/// What the rules say of a tag.
pub(super) enum Found<'a> {
    /// An odd group.
    Private,
    /// A pattern of the table removes it: curves and overlays.
    Family,
    /// No rule knows it.
    Unlisted,
    /// A rule of its own.
    Rule(&'a Rule),
}

/// Where an element stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The object's SOP class.
    pub(super) class: &'a str,
    /// The sequence whose item holds the element; none for the object itself.
    pub(super) parent: Option<Tag>,
}

/// The rules of one profile, made once and shared.
pub(super) struct Rules {
    profile: Profile,
    rules: HashMap<Tag, Rule>,
}

type Made = BTreeMap<(BTreeSet<ProfileOption>, TimesOfDay), Arc<Rules>>;

static MADE: Mutex<Made> = Mutex::new(BTreeMap::new());

impl Rules {
    /// The rules of a profile.
    pub(super) fn of(profile: &Profile) -> Arc<Self> {
        let key = (profile.options.clone(), profile.times);
        // Rules that were put in stay right whatever happened to who held the lock.
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            made.entry(key)
                .or_insert_with(|| Arc::new(Self::make(profile))),
        )
    }

    fn make(profile: &Profile) -> Self {
        let keep = |text| {
            rows(text).filter_map(|row| {
                rows::keep_rule(&row, profile).expect("each row of what is kept is a rule")
            })
        };
        let table = rows(TABLE).filter_map(|row| rows::table_rule(&row, profile));
        let mut rules: HashMap<Tag, Rule> = keep(MODULES).chain(table).collect();
        // The keep list comes last: where the table knows a tag too, it states the exception.
        for (tag, mut rule) in keep(KEEP) {
            if let Some(listed) = rules.get(&tag) {
                rule.cell = listed.cell;
            }
            rules.insert(tag, rule);
        }
        Self {
            profile: profile.clone(),
            rules,
        }
    }

    /// The profile that they follow.
    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The rule for a tag. Patterns come before rows, as they name no single tag.
    pub(super) fn find(&self, tag: Tag) -> Found<'_> {
        if tag.group() % 2 == 1 {
            return Found::Private;
        }
        if matches!(tag.group() >> 8, 0x50 | 0x60) {
            return Found::Family;
        }
        match self.rules.get(&tag) {
            Some(rule) => Found::Rule(rule),
            None => Found::Unlisted,
        }
    }
}

/// What is left of an element whose value may not stay: by what the Basic Profile offers and by
/// the attribute's Type in the object. Sequences are never made up, and neither are numbers,
/// terms and UIDs: a made value would say something untrue of the picture.
pub(super) fn blank(cell: Cell, tag: Tag, vr: VR, place: Place<'_>) -> Blank {
    match cell.blank(types::of(tag, place)) {
        // An empty sequence is as little a value as none. Where IODs disagree whether it may be
        // empty the stricter Type is at hand, so it stays unless the table removes it.
        Blank::Dummy if vr == VR::SQ && (cell.zero || cell.dummy || !cell.remove) => Blank::Zero,
        Blank::Dummy if cell.dummy || has_dummy(vr) => Blank::Dummy,
        Blank::Dummy if cell.zero => Blank::Zero,
        Blank::Dummy => Blank::Remove,
        blank => blank,
    }
}

/// Whether a value exists that is valid and says nothing.
fn has_dummy(vr: VR) -> bool {
    matches!(
        vr,
        VR::LO | VR::SH | VR::ST | VR::LT | VR::UT | VR::UC | VR::PN | VR::DA | VR::DT | VR::TM
    )
}

/// Whether a tag is a person's name by the data dictionary.
pub(super) fn names_a_person(tag: Tag) -> bool {
    static NAMES: LazyLock<BTreeSet<Tag>> = LazyLock::new(|| {
        rows(TABLE)
            .filter(|row| row[2] == "PN")
            .filter_map(|row| row[0].parse().ok())
            .collect()
    });
    NAMES.contains(&tag)
}

/// A rule of a further list in the form of the keep list, under the default profile.
pub(super) fn keep_rule(row: &[&'static str]) -> Option<(Tag, Rule)> {
    rows::keep_rule(row, &Profile::default()).ok().flatten()
}

#[cfg(test)]
mod tests;
