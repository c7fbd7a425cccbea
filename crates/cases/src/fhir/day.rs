//! FHIR's dates, which may lack day and month.

use spinemed_core::date::Date;

use crate::cursor::Cursor;

/// The day of a `date`, `dateTime` or `instant`; none where it is partial. The day is that of
/// the place where it was written: the hospital's.
pub(super) fn full(text: &str) -> Option<Date> {
    let day = text.get(..10)?.parse().ok()?;
    matches!(text.as_bytes().get(10), None | Some(b'T')).then_some(day)
}

/// The first day that a possibly partial date can mean.
pub(super) fn earliest(text: &str) -> Option<Date> {
    match text.len() {
        4 => full(&format!("{text}-01-01")),
        7 => full(&format!("{text}-01")),
        _ => full(text),
    }
}

/// Completed years between a possibly partial birth date and a day; none where the missing
/// part decides.
pub(super) fn age(birth: &str, day: Date) -> Option<u16> {
    let first = earliest(birth)?;
    let (month, last_day) = match birth.len() {
        4 => return None,
        7 if first.month() == day.month() => return None,
        _ => (first.month(), first.day()),
    };
    let before = (day.month(), day.day()) < (month, last_day);
    let years = i32::from(day.year()) - i32::from(first.year()) - i32::from(before);
    u16::try_from(years).ok()
}

/// The first full day among members of a resource, periods by their start.
pub(super) fn first_of(body: &Cursor, keys: &[&'static str]) -> Option<Date> {
    keys.iter().find_map(|key| {
        let member = body.get(key)?;
        let text = member.str().or_else(|| member.str_of("start"))?;
        full(text)
    })
}

/// Whether a day is before the birth of a Patient.
pub(super) fn is_before_birth(day: Option<Date>, patient: &Cursor) -> bool {
    let birth = patient.str_of("birthDate").and_then(full);
    day.zip(birth).is_some_and(|(day, birth)| day < birth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(
                full(text).map(|day| day.to_string()).as_deref(),
                expect,
                "{text}"
            );
        };
        check("2024-03-31", Some("2024-03-31"));
        check("2024-03-31T23:30:00+08:00", Some("2024-03-31"));
        for wrong in [
            "2024",
            "2024-03",
            "2024-03-31 10:00",
            "2024-02-30",
            "",
            "二零二四年三月",
        ] {
            check(wrong, None);
        }
        assert_eq!(earliest("2027").unwrap().to_string(), "2027-01-01");
        assert_eq!(earliest("2027-06").unwrap().to_string(), "2027-06-01");
    }

    #[test]
    fn ages() {
        let check = |birth: &str, day: &str, expect: Option<u16>| {
            assert_eq!(age(birth, day.parse().unwrap()), expect, "{birth} {day}");
        };
        check("1960-05-10", "2024-05-09", Some(63));
        check("1960-05-10", "2024-05-10", Some(64));
        check("1960-05", "2024-06-01", Some(64));
        check("1960-05", "2024-04-30", Some(63));
        check("1960-05", "2024-05-20", None);
        check("1960", "2024-05-20", None);
        check("2025-01-01", "2024-05-20", None);
    }
}
