//! The rules, as data: Table E.1-1 and the list of what is kept beside it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use dicom_core::{Tag, VR};
use spinemed_core::profile::Profile;

/// PS3.15, Table E.1-1, with its edition in the header.
const TABLE: &str = include_str!("table.tsv");
/// What is kept, with a reason for each group.
const KEEP: &str = include_str!("keep.tsv");

/// What happens to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Removed.
    Remove,
    /// Emptied, by the table.
    Zero,
    /// Replaced by a value without information.
    Dummy,
    /// Kept, if the value is of the expected kind.
    Keep,
    /// Emptied, by the keep list.
    Empty,
    /// UIDs, mapped.
    Uid,
    /// Dates, moved.
    Shift,
    /// An age, capped.
    Age,
    /// What stands for the patient.
    Pseudonym,
    /// A sequence, cleaned inside.
    Clean,
    /// A sequence of codes, those that are listed.
    Codes,
    /// Tables of numbers that belong to the pixels.
    Bulk,
    /// The pixel data.
    Pixels,
}

/// The rule for one tag.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) action: Action,
    /// What the data dictionary says the value representation is.
    pub(super) vr: VR,
    /// How many values there may be.
    pub(super) most: usize,
    /// The terms that pass, where the value is text.
    pub(super) terms: Vec<&'static str>,
    /// Whether a value that fails is emptied rather than removed, as Type 2 demands.
    pub(super) empties: bool,
}

/// What the rules say of a tag.
pub(super) enum Found {
    /// An odd group.
    Private,
    /// A pattern of the table removes it: curves and overlays.
    Family,
    /// No rule knows it.
    Unlisted,
    /// A rule of its own.
    Rule(&'static Rule),
}

/// The rules of one profile, made once and shared.
pub(super) struct Rules {
    profile: Profile,
}

/// Where an element stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The object's SOP class.
    pub(super) class: &'a str,
    /// The sequence whose item holds the element; none for the object itself.
    pub(super) parent: Option<Tag>,
}

impl Rules {
    /// The rules of a profile.
    pub(super) fn of(profile: &Profile) -> Arc<Self> {
        Arc::new(Self {
            profile: profile.clone(),
        })
    }

    /// The profile that they follow.
    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The rule for a tag. Patterns come before rows, as they name no single tag.
    pub(super) fn find(&self, tag: Tag, _place: Place<'_>) -> Found {
        if tag.group() % 2 == 1 {
            return Found::Private;
        }
        if matches!(tag.group() >> 8, 0x50 | 0x60) {
            return Found::Family;
        }
        match RULES.get(&tag) {
            Some(rule) => Found::Rule(rule),
            None => Found::Unlisted,
        }
    }
}

/// Whether a tag is a person's name by the data dictionary.
pub(super) fn names_a_person(tag: Tag) -> bool {
    RULES.get(&tag).is_some_and(|rule| rule.vr == VR::PN)
}

static RULES: LazyLock<BTreeMap<Tag, Rule>> = LazyLock::new(|| {
    // The keep list comes second: where both know a tag, it states the exception.
    let table = rows(TABLE).filter_map(table_rule);
    let keep = rows(KEEP).map(|row| keep_rule(&row).expect("each row of the keep list is a rule"));
    table.chain(keep).collect()
});

pub(super) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// A row of Table E.1-1; none for a pattern.
fn table_rule(row: Vec<&'static str>) -> Option<(Tag, Rule)> {
    let tag = row[0].parse().ok()?;
    // Rows of the newest edition may lack a value representation: they only remove.
    let vr = row[2].parse().unwrap_or(VR::UN);
    let (basic, options) = (row[3], row[5]);
    let rule = Rule {
        action: resolve(basic, vr, options),
        vr,
        most: 64,
        terms: Vec::new(),
        empties: basic.contains(['Z', 'D']),
    };
    Some((tag, rule))
}

/// What a cell of the table means where the attribute's Type in the object's IOD is not
/// known: D before Z before X, which keeps the object valid. Sequences are never made up:
/// where the cell allows a dummy they are emptied. Dates follow the option with modified
/// dates (PS3.15, E.3.6); times of day follow the Basic Profile.
fn resolve(basic: &str, vr: VR, options: &str) -> Action {
    let dates = options.split(',').any(|option| option == "dates=C");
    match vr {
        VR::DA | VR::DT if dates => Action::Shift,
        VR::SQ if basic.contains('U') => Action::Clean,
        VR::SQ if basic.contains(['Z', 'D']) => Action::Zero,
        VR::UI if basic.contains(['U', 'D']) => Action::Uid,
        _ if basic.contains('D') => Action::Dummy,
        _ if basic.contains('Z') => Action::Zero,
        _ => Action::Remove,
    }
}

/// A row of the keep list.
pub(super) fn keep_rule(row: &[&'static str]) -> Option<(Tag, Rule)> {
    let [tag, _, vr, most, action, terms] = *row else {
        return None;
    };
    let action = match action {
        "keep" => Action::Keep,
        "empty" => Action::Empty,
        "uid" => Action::Uid,
        "age" => Action::Age,
        "pseudonym" => Action::Pseudonym,
        "clean" => Action::Clean,
        "codes" => Action::Codes,
        "bulk" => Action::Bulk,
        "pixels" => Action::Pixels,
        _ => return None,
    };
    let most = match most {
        "n" => 1 << 16,
        number => number.parse().ok()?,
    };
    let terms = if terms == "-" {
        Vec::new()
    } else {
        terms.split('|').collect()
    };
    let rule = Rule {
        action,
        vr: vr.parse().ok()?,
        most,
        terms,
        empties: false,
    };
    Some((tag.parse().ok()?, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: Tag, expect: Option<Action>) {
        let place = Place {
            class: "",
            parent: None,
        };
        let found = match Rules::of(&Profile::default()).find(tag, place) {
            Found::Rule(rule) => Some(rule.action),
            Found::Family => Some(Action::Remove),
            Found::Private | Found::Unlisted => None,
        };
        assert_eq!(found, expect, "{tag}");
    }

    #[test]
    fn both_files_are_read_whole() {
        let patterns = rows(TABLE).filter(|row| row[0].contains('x')).count();
        assert_eq!((rows(TABLE).count(), patterns), (656, 4));
        assert!(rows(TABLE).all(|row| row.len() == 7));
        assert_eq!(rows(TABLE).filter_map(table_rule).count(), 652);
        assert!(rows(KEEP).all(|row| keep_rule(&row).is_some()));
    }

    #[test]
    fn text_is_kept_as_a_term_or_not_at_all() {
        for row in rows(KEEP) {
            let (tag, rule) = keep_rule(&row).unwrap();
            let numbers = !matches!(
                rule.vr,
                VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::AT | VR::DS | VR::IS
            );
            assert!(
                rule.action != Action::Keep || !numbers || !rule.terms.is_empty(),
                "{tag}"
            );
        }
    }

    #[test]
    fn cells_are_resolved_to_the_valid_side() {
        check(Tag(0x0008, 0x0018), Some(Action::Uid));
        check(Tag(0x0008, 0x0020), Some(Action::Shift));
        check(Tag(0x0008, 0x0030), Some(Action::Zero));
        check(Tag(0x0008, 0x0033), Some(Action::Dummy));
        check(Tag(0x0008, 0x0050), Some(Action::Zero));
        check(Tag(0x0008, 0x1030), Some(Action::Remove));
        check(Tag(0x0008, 0x1140), Some(Action::Clean));
        check(Tag(0x0008, 0x0082), Some(Action::Zero));
        check(Tag(0x0010, 0x0010), Some(Action::Pseudonym));
        check(Tag(0x0010, 0x0030), Some(Action::Zero));
        check(Tag(0x0010, 0x1010), Some(Action::Age));
        check(Tag(0x0088, 0x0200), Some(Action::Remove));
        check(Tag(0x0400, 0x0561), Some(Action::Remove));
        check(Tag(0x6002, 0x3000), Some(Action::Remove));
        check(Tag(0x0008, 0x1301), Some(Action::Remove));
        check(Tag(0x0009, 0x0010), None);
        check(Tag(0x0018, 0x9999), None);
    }
}
