//! Parts in words.

use spinemed_core::case::{FollowUp, Treatment};
use spinemed_core::date::Date;

use super::person::date;
use super::{LONGEST_NOTE, LONGEST_TEXT, kept, optional};
use crate::cursor::Cursor;
use crate::fault::{Fault, Reason};

/// An optional text of the case.
pub(super) fn text(root: &Cursor, key: &'static str, faults: &mut Vec<Fault>) -> Option<String> {
    optional(root, key, |text| text.text(LONGEST_TEXT)).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    })
}

/// A list of short texts.
pub(super) fn notes(root: &Cursor, key: &'static str, faults: &mut Vec<Fault>) -> Vec<String> {
    kept(root, key, faults, |note| note.text(LONGEST_NOTE))
        .into_iter()
        .map(|(note, _)| note)
        .collect()
}

/// Visits, in order of time. One before the first treatment is kept, and said.
pub(super) fn follow_up(
    root: &Cursor,
    birth: Option<Date>,
    treatments: &[Treatment],
    faults: &mut Vec<Fault>,
) -> Vec<FollowUp> {
    let visits = kept(root, "follow_up", faults, visit);
    let visits = in_order(visits, birth, |visit| visit.date, faults);
    let first = treatments.iter().find_map(|treatment| treatment.date);
    let early = |visit: &FollowUp| {
        visit
            .date
            .zip(first)
            .is_some_and(|(day, first)| day < first)
    };
    for (visit, from) in &visits {
        if early(visit) {
            let place = from.get("date").unwrap_or_else(|| from.clone());
            faults.push(place.fault(Reason::BeforeTreatment));
        }
    }
    visits.into_iter().map(|(visit, _)| visit).collect()
}

fn visit(from: &Cursor) -> Result<FollowUp, Fault> {
    from.strict(&["date", "text"])?;
    Ok(FollowUp {
        date: optional(from, "date", date)?,
        text: from.required("text")?.text(LONGEST_NOTE)?,
    })
}

/// Leaves out entries dated before the one above them or before birth: one of the two dates
/// is wrong, and intervals would be too.
pub(super) fn in_order<'a, T>(
    entries: Vec<(T, Cursor<'a>)>,
    birth: Option<Date>,
    date: impl Fn(&T) -> Option<Date>,
    faults: &mut Vec<Fault>,
) -> Vec<(T, Cursor<'a>)> {
    let mut last: Option<Date> = None;
    let mut all = Vec::new();
    for (entry, from) in entries {
        let day = date(&entry);
        if let Some(reason) = misplaced(day, last, birth) {
            let place = from.get("date").unwrap_or(from);
            faults.push(place.fault(reason));
            continue;
        }
        last = day.or(last);
        all.push((entry, from));
    }
    all
}

fn misplaced(day: Option<Date>, last: Option<Date>, birth: Option<Date>) -> Option<Reason> {
    let day = day?;
    if birth.is_some_and(|birth| day < birth) {
        return Some(Reason::BeforeBirth);
    }
    last.filter(|last| day < *last).map(|_| Reason::OutOfOrder)
}
