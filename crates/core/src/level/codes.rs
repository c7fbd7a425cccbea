//! SNOMED CT codes of levels, as DICOM PS3.16 lists them.
//!
//! Vertebrae: CID 7603. Discs: CID 7604. "Level of … intervertebral disc": CID 1003.
//! The subset has no concept for `T13` and `L6`.

use super::{Level, Vertebra};

/// A vertebra, its code, that of the disc below it and that of that disc's level.
type Row = (&'static str, &'static str, Option<[&'static str; 2]>);

const ROWS: [Row; 27] = [
    ("C1", "14806007", None),
    ("C2", "39976000", Some(["1078209008", "243902007"])),
    ("C3", "113205007", Some(["58820006", "243903002"])),
    ("C4", "5329002", Some(["49400002", "243904008"])),
    ("C5", "36978003", Some(["73959003", "243905009"])),
    ("C6", "36054005", Some(["75095006", "243906005"])),
    ("C7", "87391001", Some(["37414007", "243925008"])),
    ("T1", "64864005", Some(["40908007", "243908006"])),
    ("T2", "53733008", Some(["6004007", "243909003"])),
    ("T3", "1626008", Some(["2620004", "243910008"])),
    ("T4", "73071006", Some(["82965004", "243911007"])),
    ("T5", "56401006", Some(["72692000", "243912000"])),
    ("T6", "45296009", Some(["74401007", "243913005"])),
    ("T7", "62487009", Some(["28693002", "243914004"])),
    ("T8", "11068009", Some(["9188009", "243915003"])),
    ("T9", "82687006", Some(["113209001", "243916002"])),
    ("T10", "7610001", Some(["34959001", "243917006"])),
    ("T11", "12989004", Some(["1537001", "243918001"])),
    ("T12", "23215003", Some(["76206002", "243926009"])),
    ("L1", "66794005", Some(["80064006", "243920003"])),
    ("L2", "14293000", Some(["67459009", "243921004"])),
    ("L3", "36470004", Some(["62551000", "243922006"])),
    ("L4", "11994002", Some(["84020006", "243923001"])),
    ("L5", "49668003", Some(["715056000", "243927000"])),
    ("S1", "65985001", None),
    ("Co", "64688005", None),
    // The older concept "intervertebral disc of fifth lumbar vertebra", read and never written.
    ("L5", "", Some(["75782005", ""])),
];

/// The code of a vertebra or of a disc of usual anatomy.
pub(super) fn snomed(level: Level) -> Option<&'static str> {
    let row = |vertebra: Vertebra| {
        let label = vertebra.to_string();
        ROWS.iter().find(|row| row.0 == label)
    };
    match level {
        Level::Vertebra(vertebra) => row(vertebra).map(|row| row.1),
        Level::Disc(disc) if !disc.is_variant() => row(disc.upper())?.2.map(|codes| codes[0]),
        _ => None,
    }
}

/// The level of a code.
pub(super) fn from_snomed(code: &str) -> Option<Level> {
    if code.is_empty() {
        return None;
    }
    ROWS.iter().find_map(|(label, bone, below)| {
        let vertebra: Vertebra = label.parse().ok()?;
        if *bone == code {
            return Some(Level::Vertebra(vertebra));
        }
        let is_below = below.is_some_and(|codes| codes.contains(&code));
        if is_below {
            Level::between(vertebra, vertebra.below()?).ok()
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        let mut seen = 0;
        for upper in Vertebra::all() {
            let below = upper
                .below()
                .and_then(|lower| Level::between(upper, lower).ok());
            for level in [Some(Level::Vertebra(upper)), below].into_iter().flatten() {
                if let Some(code) = snomed(level) {
                    assert_eq!(from_snomed(code), Some(level));
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 26 + 23);
    }

    #[test]
    fn older_and_level_of_concepts_map_in() {
        let check = |code: &str, expect: &str| {
            assert_eq!(from_snomed(code), Some(expect.parse().unwrap()), "{code}");
        };
        check("75782005", "L5/S1");
        check("715056000", "L5/S1");
        check("243927000", "L5/S1");
        check("243902007", "C2/C3");
        assert_eq!(from_snomed(""), None);
        assert_eq!(from_snomed("421060004"), None);
        assert_eq!(snomed("L6/S1".parse().unwrap()), None);
    }
}
