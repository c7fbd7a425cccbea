//! Dates, times of day and offsets: what of them may stand, and moved dates.

use dicom_core::VR;
use dicom_object::mem::InMemElement;
use spinemed_core::date::Date;
use spinemed_core::vocabulary::TimesOfDay;

use super::rules::Rule;
use super::value::written;
use crate::Subject;

/// Dates, moved. The time of day after a date (PS3.5, 6.2: DT) stays where `times` is kept.
pub(super) fn shift(
    rule: &Rule,
    element: &InMemElement,
    subject: &Subject,
    times: TimesOfDay,
) -> Option<InMemElement> {
    dates(rule, element, times, |day| subject.shift(day))
}

/// Dates as they are, where they are dates of the calendar.
pub(super) fn unmoved(
    rule: &Rule,
    element: &InMemElement,
    times: TimesOfDay,
) -> Option<InMemElement> {
    dates(rule, element, times, Some)
}

fn dates(
    rule: &Rule,
    element: &InMemElement,
    times: TimesOfDay,
    moved: impl Fn(Date) -> Option<Date>,
) -> Option<InMemElement> {
    written(element.header().tag, rule, element, |text| {
        let mut day = moved(date(text)?)?.to_string().replace('-', "");
        if rule.vr == VR::DT && times == TimesOfDay::Keep {
            day.push_str(text.get(8..).filter(|rest| timed(rest)).unwrap_or(""));
        }
        Some(day)
    })
}

/// Times of day, where they are some (PS3.5, 6.2: TM).
pub(super) fn times(rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
    written(element.header().tag, rule, element, |text| {
        let (clock, _) = text.split_once('.').unwrap_or((text, ""));
        // A month or a minute cannot be told from it, so only hours, minutes and seconds pass.
        let whole = !clock.is_empty() && !text.contains(['+', '-']) && timed(text);
        whole.then(|| text.to_owned())
    })
}

/// Offsets from UTC (PS3.3, C.12.1.1.8).
pub(super) fn zone(rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
    written(element.header().tag, rule, element, |text| {
        offset(text).then(|| text.to_owned())
    })
}

/// Hours, minutes, seconds and a fraction, and an offset from UTC, each if the one before.
fn timed(text: &str) -> bool {
    let at = text.find(['+', '-']).unwrap_or(text.len());
    let (clock, rest) = text.split_at(at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let pairs: Vec<u32> = clock
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok()?.parse().ok())
        .map(|number: Option<u32>| number.unwrap_or(u32::MAX))
        .collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    digits(clock)
        && clock.len().is_multiple_of(2)
        && pairs.len() <= 3
        && pairs.iter().zip([24, 60, 61]).all(|(n, limit)| *n < limit)
        && (1..=6).contains(&fraction.len())
        && digits(fraction)
        && (rest.is_empty() || offset(rest))
}

fn offset(text: &str) -> bool {
    let (Some(sign), Some(hours), Some(minutes)) = (text.get(..1), text.get(1..3), text.get(3..))
    else {
        return false;
    };
    let below = |text: &str, limit: u32| {
        text.len() == 2
            && text.bytes().all(|b| b.is_ascii_digit())
            && text.parse::<u32>().is_ok_and(|n| n < limit)
    };
    matches!(sign, "+" | "-") && below(hours, 15) && below(minutes, 60)
}

/// The day of a DA or DT value, as the standard writes it or as ACR-NEMA did, with full stops.
fn date(text: &str) -> Option<Date> {
    let (day, rest) = match text.as_bytes() {
        [_, _, _, _, b'.', _, _, b'.', _, _] => (text.replace('.', ""), ""),
        _ => {
            let (day, rest) = text.split_at_checked(8)?;
            (day.to_owned(), rest)
        }
    };
    let digits = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
    let time = |b: u8| b.is_ascii_digit() || b"+-.".contains(&b);
    if !digits || rest.len() > 18 || !rest.bytes().all(time) {
        return None;
    }
    Date::new(
        day[..4].parse().ok()?,
        day[4..6].parse().ok()?,
        day[6..].parse().ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use dicom_core::Tag;

    use super::*;
    use crate::object::value;

    fn rule(vr: VR) -> Rule {
        Rule::kept(vr.to_string(), "4", "-").unwrap()
    }

    #[test]
    fn times_of_day_are_times() {
        for (text, expect) in [
            ("113000", true),
            ("113000.123456", true),
            ("11", true),
            ("", false),
            ("246000", false),
            ("11300", false),
            ("113000.1234567", false),
            ("113000+0800", false),
            ("Quenby", false),
            ("１１３０００", false),
        ] {
            let rule = rule(VR::TM);
            let element = value::text(Tag(0x0008, 0x0030), VR::TM, text);
            let kept = times(&rule, &element).filter(|e| !e.to_str().unwrap().is_empty());
            assert_eq!(kept.is_some(), expect, "{text}");
        }
    }

    #[test]
    fn offsets_from_utc_are_offsets() {
        for (text, expect) in [
            ("+0800", true),
            ("-0330", true),
            ("0800", false),
            ("+08:00", false),
            ("+9900", false),
            ("+08", false),
            ("+时间", false),
        ] {
            assert_eq!(offset(text), expect, "{text}");
        }
    }

    #[test]
    fn dates_with_times_keep_the_time_where_times_are_kept() {
        let tag = Tag(0x0008, 0x002A);
        for (text, times, expect) in [
            (
                "20240229113000.5+0800",
                TimesOfDay::Keep,
                Some("20240229113000.5+0800"),
            ),
            (
                "20240229113000.5+0800",
                TimesOfDay::Remove,
                Some("20240229"),
            ),
            ("20240229", TimesOfDay::Keep, Some("20240229")),
            ("20240229 Quenby", TimesOfDay::Keep, None),
            ("20240229999999", TimesOfDay::Keep, Some("20240229")),
            ("20230229", TimesOfDay::Keep, None),
        ] {
            let element = value::text(tag, VR::DT, text);
            let kept = unmoved(&rule(VR::DT), &element, times);
            let kept = kept.map(|e| e.to_str().unwrap().into_owned());
            assert_eq!(kept.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for (text, expect) in [
            ("20240229", Some("2024-02-29")),
            ("1996.12.02", Some("1996-12-02")),
            ("20240229113000.123456+0800", Some("2024-02-29")),
            ("20230229", None),
            ("2024", None),
            ("20240229 somebody", None),
            ("二〇二四", None),
        ] {
            let found = date(text).map(|d| d.to_string());
            assert_eq!(found.as_deref(), expect, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", vr in 0_usize..3) {
            let vr = [VR::DA, VR::DT, VR::TM][vr];
            let (rule, element) = (rule(vr), value::text(Tag(0x0008, 0x0030), vr, &text));
            let _ = (zone(&rule, &element), times(&rule, &element));
            let _ = unmoved(&rule, &element, TimesOfDay::Keep);
        }
    }
}
