//! The data files, row by row.

use dicom_core::{Tag, VR};
use spinemed_core::profile::Profile;
use spinemed_core::vocabulary::{ProfileOption, TimesOfDay};

use super::{Action, Cell, Rule};

/// A row's cells, for each row that is no comment.
pub(in crate::object) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// A row of Table E.1-1 under a profile; none for a pattern.
pub(super) fn table_rule(row: &[&'static str], profile: &Profile) -> Option<(Tag, Rule)> {
    let tag = row[0].parse().ok()?;
    // Rows of the newest edition may lack a value representation: they only remove.
    let vr = row[2].parse().unwrap_or(VR::UN);
    let cell = Cell::parse(row[3]);
    let option = |name: &str| {
        let chosen = option_of(name).is_some_and(|option| profile.has(option));
        chosen && row[5].split(',').any(|o| o.split('=').next() == Some(name))
    };
    let coded = row[1].contains("Code Sequence");
    let rule = Rule {
        action: chosen(tag, vr, coded, option, profile.times).unwrap_or(match vr {
            VR::SQ if cell.uid => Action::Clean,
            VR::UI if cell.uid || cell.dummy => Action::Uid,
            _ => Action::Basic,
        }),
        cell,
        vr,
        most: 64,
        terms: Vec::new(),
    };
    Some((tag, rule))
}

/// The option of a column of the table, by the column's name in the file.
pub(super) fn option_of(name: &str) -> Option<ProfileOption> {
    Some(match name {
        "private" => ProfileOption::RetainSafePrivate,
        "uids" => ProfileOption::RetainUids,
        "device" => ProfileOption::RetainDeviceIdentity,
        "institution" => ProfileOption::RetainInstitutionIdentity,
        "patient" => ProfileOption::RetainPatientCharacteristics,
        "full-dates" => ProfileOption::RetainFullDates,
        "dates" => ProfileOption::RetainModifiedDates,
        "descriptors" => ProfileOption::CleanDescriptors,
        "structured" => ProfileOption::CleanStructuredContent,
        "graphics" => ProfileOption::CleanGraphics,
        _ => return None,
    })
}

/// What the chosen options make of an attribute; none where the Basic Profile stands. Where
/// two options speak of one attribute, the one that cleans comes before the one that keeps.
fn chosen(
    tag: Tag,
    vr: VR,
    coded: bool,
    option: impl Fn(&str) -> bool,
    times: TimesOfDay,
) -> Option<Action> {
    let timed = times == TimesOfDay::Keep;
    let text = matches!(
        vr,
        VR::LO | VR::SH | VR::ST | VR::LT | VR::UT | VR::UC | VR::CS
    );
    if option("structured") {
        // Specimen Preparation Sequence holds its content items one level deeper.
        let content = tag != Tag(0x0040, 0x0610);
        return Some(if content {
            Action::Content
        } else {
            Action::Clean
        });
    }
    if option("graphics") {
        return Some(Action::Clean);
    }
    if option("descriptors") {
        match vr {
            VR::SQ if coded => return Some(Action::Codes),
            VR::SQ => return Some(Action::Clean),
            VR::CS | VR::OB => {}
            _ => return Some(Action::Descriptor),
        }
    }
    if option("dates") || option("full-dates") {
        let moved = option("dates");
        return match vr {
            VR::DA | VR::DT if moved => Some(Action::Shift),
            VR::DA | VR::DT => Some(Action::Date),
            VR::TM if timed => Some(Action::Time),
            VR::SH if timed => Some(Action::Zone),
            _ => None,
        };
    }
    if option("uids") {
        return Some(if vr == VR::SQ {
            Action::Clean
        } else {
            Action::UidKept
        });
    }
    if option("patient") {
        return match vr {
            VR::AS => Some(Action::Age),
            VR::DS | VR::US => Some(Action::Keep),
            VR::LO | VR::SH => Some(Action::Descriptor),
            // Terms are stated in the keep list.
            _ => None,
        };
    }
    let device = option("device");
    if device || option("institution") {
        return match vr {
            VR::SQ if coded => Some(Action::Codes),
            VR::SQ => Some(Action::Clean),
            VR::UI => Some(Action::UidKept),
            VR::DS => Some(Action::Keep),
            VR::DA | VR::DT => Some(Action::Date),
            VR::TM => Some(Action::Time),
            // Titles of application entities are to be cleaned: what is left is a dummy.
            _ if text && device => Some(Action::Device),
            _ if text => Some(Action::Institution),
            _ => None,
        };
    }
    None
}

/// A row of a list of what is kept. None where the row asks for an option that is not chosen.
///
/// # Errors
/// The row, where it is no rule.
pub(super) fn keep_rule(
    row: &[&'static str],
    profile: &Profile,
) -> Result<Option<(Tag, Rule)>, String> {
    let bad = || row.join(" ");
    let [tag, _, vr, most, action, terms] = *row else {
        return Err(bad());
    };
    let action = match action.split_once('=') {
        Some((option, action)) => {
            let option = option_of(option).ok_or_else(bad)?;
            if !profile.has(option) {
                return Ok(None);
            }
            action
        }
        None => action,
    };
    let mut action = Action::named(action).ok_or_else(bad)?;
    if action == Action::Uid && profile.has(ProfileOption::RetainUids) {
        action = Action::UidKept;
    }
    if action == Action::Descriptor && !profile.has(ProfileOption::CleanDescriptors) {
        action = Action::Basic;
    }
    let rule = Rule {
        action,
        cell: Cell::default(),
        vr: vr.parse().map_err(|_| bad())?,
        most: most_of(most).ok_or_else(bad)?,
        terms: terms_of(terms),
    };
    Ok(Some((tag.parse().map_err(|_| bad())?, rule)))
}

/// How many values there may be.
pub(super) fn most_of(cell: &str) -> Option<usize> {
    match cell {
        "n" => Some(1 << 20),
        number => number.parse().ok(),
    }
}

/// The terms of a row: none, or those between the bars; a star stands for the general ones.
pub(super) fn terms_of(cell: &'static str) -> Vec<&'static str> {
    match cell.split_once('*') {
        None if cell == "-" => Vec::new(),
        None => cell.split('|').collect(),
        // Words of the standard that name nobody, whatever attribute they stand in.
        Some((_, more)) => super::TERMS
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .flat_map(|line| line.split('|'))
            .chain(more.split('|').filter(|term| !term.is_empty()))
            .collect(),
    }
}
