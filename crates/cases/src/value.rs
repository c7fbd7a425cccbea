//! Values with rules of their own: UIDs, durations, grades, quantities, ids.

use spinemed_core::finding::{Grade, Measure};

use crate::fault::Reason;

/// Whether a text is a DICOM UID: at most 64 characters, components of digits without a
/// leading zero, parted by full stops (PS3.5 section 9.1). The first arc is 0, 1 or 2.
pub(crate) fn is_uid(text: &str) -> bool {
    let component = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit())
            && !part.is_empty()
            && (part.len() == 1 || !part.starts_with('0'))
    };
    let root = matches!(text.split('.').next(), Some("0" | "1" | "2"));
    text.len() <= 64 && text.contains('.') && root && text.split('.').all(component)
}

/// Whether a text is a duration of whole days or longer, as ISO 8601 writes it: years,
/// months and days in this order, or weeks alone.
pub(crate) fn is_duration(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix('P') else {
        return false;
    };
    let mut units: &[u8] = b"YMD";
    if rest.ends_with('W') {
        units = b"W";
    }
    let mut parts = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest.as_bytes().get(digits);
        let place = units.iter().position(|known| Some(known) == unit);
        let Some(place) = place.filter(|_| (1..=4).contains(&digits)) else {
            return false;
        };
        units = &units[place + 1..];
        rest = &rest[digits + 1..];
        parts += 1;
    }
    parts > 0
}

/// Whether a text is the id of a part: its letter and a number from 1 to 9999.
pub(crate) fn is_id(text: &str, letter: char) -> bool {
    text.strip_prefix(letter).is_some_and(|number| {
        (1..=4).contains(&number.len())
            && !number.starts_with('0')
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A scale: its name, its values in the spelling that records use, and what else a value is
/// called, in the same order.
struct Scale {
    name: &'static str,
    values: &'static [&'static str],
    also: &'static [&'static str],
    allowed: &'static str,
}

const ROMAN: &[&str] = &["I", "II", "III", "IV", "V"];
const DIGITS: &[&str] = &["1", "2", "3", "4", "5"];

/// The scales. Spellings are those that facts from text have, so that a finding from a code
/// and the same from a report are equal.
const SCALES: &[Scale] = &[
    Scale {
        name: "severity",
        values: &[
            "Normal/Mild",
            "mild",
            "moderate",
            "severe",
            "mild to moderate",
            "moderate to severe",
            "mild to severe",
        ],
        also: &[],
        allowed: "`Normal/Mild`, `mild`, `moderate`, `severe`, `mild to moderate`, `moderate to severe`, `mild to severe`",
    },
    // Pfirrmann et al., Spine 2001;26:1873.
    Scale {
        name: "pfirrmann",
        values: DIGITS,
        also: ROMAN,
        allowed: "`1` to `5` (`I` to `V`)",
    },
    // Meyerding, Surg Gynecol Obstet 1932;54:371; V is spondyloptosis.
    Scale {
        name: "meyerding",
        values: ROMAN,
        also: DIGITS,
        allowed: "`I` to `V` (`1` to `5`)",
    },
    // Modic et al., Radiology 1988;166:193.
    Scale {
        name: "modic",
        values: &["1", "2", "3"],
        also: ROMAN,
        allowed: "`1` to `3` (`I` to `III`)",
    },
    // Genant et al., J Bone Miner Res 1993;8:1137.
    Scale {
        name: "genant",
        values: &["0", "1", "2", "3"],
        also: &[],
        allowed: "`0` to `3`",
    },
    // Kellgren and Lawrence, Ann Rheum Dis 1957;16:494.
    Scale {
        name: "kellgren",
        values: &["0", "1", "2", "3", "4"],
        also: &[],
        allowed: "`0` to `4`",
    },
    // Bilsky et al., J Neurosurg Spine 2010;13:324.
    Scale {
        name: "bilsky",
        values: &["0", "1a", "1b", "1c", "2", "3"],
        also: &[],
        allowed: "`0`, `1a`, `1b`, `1c`, `2`, `3`",
    },
    // RSNA 2024 Lumbar Spine Degenerative Classification, the dataset's own words.
    Scale {
        name: "rsna-2024-stenosis",
        values: &["Normal/Mild", "Moderate", "Severe"],
        also: &[],
        allowed: "`Normal/Mild`, `Moderate`, `Severe`",
    },
];

const SCALE_NAMES: &str = "`severity`, `pfirrmann`, `meyerding`, `modic`, `genant`, `kellgren`, `bilsky`, `rsna-2024-stenosis`";

/// A grade in the spelling of records; letter case and Roman numerals are forgiven.
pub(crate) fn grade(scale: &str, value: &str) -> Result<Grade, Reason> {
    let Some(scale) = SCALES.iter().find(|known| known.name == scale) else {
        let allowed = SCALE_NAMES;
        return Err(Reason::NoScale { allowed });
    };
    let at = |values: &[&str]| values.iter().position(|v| v.eq_ignore_ascii_case(value));
    let place = at(scale.values).or_else(|| at(scale.also));
    let found = place.and_then(|place| scale.values.get(place));
    let value = found.ok_or(Reason::NoGrade {
        scale: scale.name,
        allowed: scale.allowed,
    })?;
    Ok(Grade {
        scale: scale.name.to_owned(),
        value: (*value).to_owned(),
    })
}

const UNITS: &[&str] = &["mm", "cm", "mm2", "cm2", "mL", "deg", "%", "[hnsf'U]"];
const UNIT_NAMES: &str = "`mm`, `cm`, `mm2`, `cm2`, `mL`, `deg`, `%`, `[hnsf'U]`";

/// A quantity: up to six digits, up to four decimals, a unit of the spine's pictures in UCUM's
/// spelling (`[hnsf'U]` is the Hounsfield unit). Longer numbers are no measures, but could be
/// numbers of persons.
pub(crate) fn measure(value: &str, unit: &str) -> Result<Measure, Reason> {
    let number = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if digits(whole, 6) && digits(part, 4) && UNITS.contains(&unit) {
        return Ok(Measure {
            value: value.to_owned(),
            unit: unit.to_owned(),
        });
    }
    let allowed = UNIT_NAMES;
    Err(Reason::NoMeasure { allowed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids() {
        let check = |text: &str, expect: bool| assert_eq!(is_uid(text), expect, "{text}");
        check("1.2.840.10008.1.2", true);
        check("2.25.329800735698586629295641978511506172918", true);
        check("1.2.0.3", true);
        check(&format!("1.{}", "2".repeat(62)), true);
        check(&format!("1.{}", "2".repeat(63)), false);
        for wrong in [
            "", "1", "1.", ".1", "1..2", "1.02", "1.2a", "3.1", "1.2 ", "１.2",
        ] {
            check(wrong, false);
        }
    }

    #[test]
    fn durations() {
        let check = |text: &str, expect: bool| assert_eq!(is_duration(text), expect, "{text}");
        for right in ["P3M", "P2W", "P5D", "P1Y", "P1Y6M", "P1Y2M3D", "P0D"] {
            check(right, true);
        }
        for wrong in [
            "",
            "P",
            "3M",
            "P3",
            "PM",
            "PT6H",
            "P6M1Y",
            "P1M1M",
            "P1W2D",
            "P1.5Y",
            "P12345D",
            "P-1D",
            "three months",
            "P３M",
        ] {
            check(wrong, false);
        }
    }

    #[test]
    fn ids() {
        let check = |text: &str, expect: bool| assert_eq!(is_id(text, 'i'), expect, "{text}");
        check("i1", true);
        check("i9999", true);
        for wrong in ["", "i", "i0", "i01", "k1", "i12345", "i1a", "1", "I1"] {
            check(wrong, false);
        }
    }

    #[test]
    fn grades() {
        let check = |scale: &str, value: &str, expect: Option<&str>| {
            let read = grade(scale, value).ok().map(|grade| grade.value);
            assert_eq!(read.as_deref(), expect, "{scale} {value}");
        };
        check("severity", "Moderate", Some("moderate"));
        check("severity", "moderate to severe", Some("moderate to severe"));
        check("severity", "Normal/Mild", Some("Normal/Mild"));
        check("severity", "awful", None);
        check("pfirrmann", "IV", Some("4"));
        check("pfirrmann", "4", Some("4"));
        check("pfirrmann", "VI", None);
        check("meyerding", "2", Some("II"));
        check("meyerding", "II", Some("II"));
        check("modic", "2", Some("2"));
        check("modic", "IV", None);
        check("rsna-2024-stenosis", "Severe", Some("Severe"));
        check("Pfirrmann", "4", None);
    }

    #[test]
    fn measures() {
        let check = |value: &str, unit: &str, expect: bool| {
            assert_eq!(measure(value, unit).is_ok(), expect, "{value} {unit}");
        };
        check("8.5", "mm", true);
        check("-12", "deg", true);
        check("35", "%", true);
        for wrong in ["", ".5", "5.", "1e3", "1,5", "13800138000", "1.2.3", "--1"] {
            check(wrong, "mm", false);
        }
        check("5", "miles", false);
    }
}
