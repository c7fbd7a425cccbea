//! Age, sex, symptoms and times, in words. Age and sex come from the chart alone; where they
//! were generalised away they are not told.

use std::collections::BTreeSet;

use spinemed_core::case::{CasePart, Certified, Sex, Symptom};
use spinemed_core::date::Date;
use spinemed_core::pack::Chart;
use spinemed_core::vocabulary::{Language, Side};

use crate::general::say;
use crate::phrase;
use crate::rules::point::Grounds;

/// The age that stands for all ages from it on.
const OLDEST: u16 = 90;

/// `a 61-year-old woman`, `a patient`; `61岁女性患者`, `患者`.
pub(super) fn person(chart: &Chart, language: Language) -> String {
    let grown = chart.age.is_none_or(|age| age >= 18);
    match language {
        Language::En => {
            let noun = match (chart.sex, grown) {
                (Some(Sex::F), true) => "woman",
                (Some(Sex::M), true) => "man",
                (Some(Sex::F), false) => "girl",
                (Some(Sex::M), false) => "boy",
                _ => "patient",
            };
            match chart.age {
                None => format!("a {noun}"),
                Some(age) if age >= OLDEST => format!("a {noun} aged {OLDEST} or older"),
                Some(age) => format!("{} {age}-year-old {noun}", article(age)),
            }
        }
        Language::Zh => {
            let sex = match chart.sex {
                Some(Sex::F) => "女性",
                Some(Sex::M) => "男性",
                _ => "",
            };
            let age = match chart.age {
                None => String::new(),
                Some(age) if age >= OLDEST => format!("{OLDEST}岁及以上"),
                Some(age) => format!("{age}岁"),
            };
            format!("{age}{sex}患者")
        }
    }
}

/// The article before a number as it is spoken: an eight, an eleven, an eighteen, an eighty.
fn article(age: u16) -> &'static str {
    if age == 8 || age == 11 || age == 18 || (80..90).contains(&age) {
        "an"
    } else {
        "a"
    }
}

/// What is said of the person by the person: `I am a 61-year-old woman.` None where nothing is
/// known.
pub(super) fn myself(chart: &Chart, language: Language) -> Option<String> {
    if chart.age.is_none() && chart.sex.is_none() {
        return None;
    }
    Some(match language {
        Language::En => format!("I am {}.", person(chart, language)),
        Language::Zh => format!("我是{}。", person(chart, language)),
    })
}

/// What age and sex rest on.
pub(super) fn grounds(chart: &Chart) -> Option<Grounds> {
    chart.person.as_deref().map(Grounds::of_span)
}

/// `left sciatica`; `左侧坐骨神经痛`.
pub(super) fn symptom(symptom: &Symptom, language: Language) -> Option<String> {
    let name = phrase::concept(&symptom.concept, language)?;
    let side = symptom.side.map(|side| phrase::side(side, language));
    Some(match (language, side) {
        (_, None) => name,
        (Language::En, Some(side)) => format!("{side} {name}"),
        (Language::Zh, Some(side)) => format!("{side}{name}"),
    })
}

/// With how long it has lasted: `left sciatica for 3 months`; `左侧坐骨神经痛3个月`.
pub(super) fn lasting(said: &Symptom, language: Language) -> Option<String> {
    let words = symptom(said, language)?;
    let Some(lasts) = said.duration.as_deref().and_then(|d| duration(d, language)) else {
        return Some(words);
    };
    Some(match language {
        Language::En => format!("{words} for {lasts}"),
        Language::Zh => format!("{words}{lasts}"),
    })
}

/// In the patient's own words: `I have had sciatica on the left side for 3 months.`
pub(super) fn complaint(said: &Certified<Symptom>, language: Language) -> Option<String> {
    let symptom = &said.what;
    let name = phrase::concept(&symptom.concept, language)?;
    let lasts = symptom
        .duration
        .as_deref()
        .and_then(|d| duration(d, language));
    let side = symptom.side.map(|side| on(side, language));
    Some(match language {
        Language::En => {
            let side = side.map(|side| format!(" {side}")).unwrap_or_default();
            match lasts {
                Some(lasts) => format!("I have had {name}{side} for {lasts}."),
                None => format!("I have {name}{side}."),
            }
        }
        Language::Zh => {
            let side = side.unwrap_or_default();
            let lasts = lasts.map(|l| format!("，已有{l}")).unwrap_or_default();
            format!("我有{side}{name}{lasts}。")
        }
    })
}

fn on(side: Side, language: Language) -> &'static str {
    match (side, language) {
        (Side::Left, Language::En) => "on the left side",
        (Side::Right, Language::En) => "on the right side",
        (Side::Bilateral, Language::En) => "on both sides",
        (Side::Central, Language::En) => "in the midline",
        (Side::Central, Language::Zh) => "正中",
        (side, Language::Zh) => phrase::side(side, language),
    }
}

/// An ISO 8601 duration of whole years, months, weeks and days, in words: `3 months`, `3个月`.
/// None where it is another one.
pub(super) fn duration(iso: &str, language: Language) -> Option<String> {
    let parts = parts(iso)?;
    let words: Vec<String> = parts
        .into_iter()
        .map(|(number, unit)| unit_words(number, unit, language))
        .collect();
    Some(match language {
        Language::En => words.join(" and "),
        Language::Zh => words.concat(),
    })
}

/// The numbers and unit letters of a duration.
pub(crate) fn parts(iso: &str) -> Option<Vec<(u32, char)>> {
    let mut rest = iso.strip_prefix('P')?;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u32 = rest[..end].parse().ok()?;
        let unit = rest[end..].chars().next().filter(|c| "YMWD".contains(*c))?;
        found.push((number, unit));
        rest = &rest[end + 1..];
    }
    (!found.is_empty()).then_some(found)
}

fn unit_words(number: u32, unit: char, language: Language) -> String {
    let names = match unit {
        'Y' => ["year", "年"],
        'M' => ["month", "个月"],
        'W' => ["week", "周"],
        _ => ["day", "天"],
    };
    let name = say(names, language);
    match language {
        Language::En if number == 1 => format!("{number} {name}"),
        Language::En => format!("{number} {name}s"),
        Language::Zh => format!("{number}{name}"),
    }
}

/// `12 days after the first imaging`; none where a day is not known.
pub(super) fn interval(
    from: Option<Date>,
    to: Option<Date>,
    anchor: [&'static str; 2],
    language: Language,
) -> Option<String> {
    let days = from?.days_until(to?);
    let anchor = say(anchor, language);
    let count = u32::try_from(days.unsigned_abs()).ok()?;
    let words = unit_words(count, 'D', language);
    Some(match (language, days.signum()) {
        (Language::En, 0) => format!("on the day of {anchor}"),
        (Language::En, 1) => format!("{words} after {anchor}"),
        (Language::En, _) => format!("{words} before {anchor}"),
        (Language::Zh, 0) => format!("{anchor}当天"),
        (Language::Zh, 1) => format!("{anchor}后{words}"),
        (Language::Zh, _) => format!("{anchor}前{words}"),
    })
}

/// The day of the first imaging report, the nearest to presentation that the chart dates.
pub(super) fn first_imaging(chart: &Chart) -> Option<Date> {
    let imaging = |id: &String| {
        matches!(
            chart.parts.get(id),
            Some(CasePart::Imaging | CasePart::Impression)
        )
    };
    let days = chart.dates.iter().filter(|(id, _)| imaging(id));
    days.map(|(_, date)| *date).min()
}

/// The day of the first treatment.
pub(super) fn first_treatment(chart: &Chart) -> Option<Date> {
    chart.treatments.iter().filter_map(|t| t.what.date).min()
}

/// All intervals in days between dated parts of a chart: what an item may count.
pub(crate) fn intervals(chart: &Chart) -> BTreeSet<i64> {
    let treatments = chart.treatments.iter().filter_map(|t| t.what.date);
    let days: Vec<Date> = chart.dates.values().copied().chain(treatments).collect();
    let pairs = days
        .iter()
        .flat_map(|a| days.iter().map(|b| a.days_until(*b)));
    pairs.filter(|days| *days >= 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told() {
        let check = |iso: &str, expect: Option<[&str; 2]>| {
            let told = [duration(iso, Language::En), duration(iso, Language::Zh)];
            let expect = expect.map_or([None, None], |e| e.map(|w| Some(w.to_owned())));
            assert_eq!(told, expect, "{iso}");
        };
        check("P3M", Some(["3 months", "3个月"]));
        check("P1Y6M", Some(["1 year and 6 months", "1年6个月"]));
        check("P2W", Some(["2 weeks", "2周"]));
        check("P5D", Some(["5 days", "5天"]));
        for wrong in [
            "",
            "P",
            "3M",
            "PT5H",
            "P-1D",
            "P1.5Y",
            "P99999999999D",
            "P月",
        ] {
            check(wrong, None);
        }
    }
}
