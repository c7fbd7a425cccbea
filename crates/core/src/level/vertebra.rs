//! Single vertebrae and the regions they belong to.

use std::fmt;
use std::str::FromStr;

use super::BadLevel;

/// A region of the spine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Seven cervical vertebrae.
    Cervical,
    /// Twelve thoracic vertebrae; a thirteenth is a variant.
    Thoracic,
    /// Five lumbar vertebrae; a sixth is a variant.
    Lumbar,
    /// Five sacral vertebrae.
    Sacral,
    /// The coccyx, taken as one.
    Coccygeal,
}

impl Region {
    /// The regions from head to tail.
    pub const ALL: [Self; 5] = [
        Self::Cervical,
        Self::Thoracic,
        Self::Lumbar,
        Self::Sacral,
        Self::Coccygeal,
    ];

    /// The letter (or, for the coccyx, the letters) of the region's levels.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Cervical => "C",
            Self::Thoracic => "T",
            Self::Lumbar => "L",
            Self::Sacral => "S",
            Self::Coccygeal => "Co",
        }
    }

    /// The Chinese character that clinical texts put before a level's number.
    #[must_use]
    pub fn han(self) -> &'static str {
        match self {
            Self::Cervical => "颈",
            Self::Thoracic => "胸",
            Self::Lumbar => "腰",
            Self::Sacral => "骶",
            Self::Coccygeal => "尾骨",
        }
    }

    /// The highest number, variants included.
    fn highest(self) -> u8 {
        match self {
            Self::Cervical => 7,
            Self::Thoracic => 13,
            Self::Lumbar => 6,
            Self::Sacral => 5,
            Self::Coccygeal => 1,
        }
    }

    /// The rank of the region's first vertebra.
    fn first_rank(self) -> u8 {
        match self {
            Self::Cervical => 0,
            Self::Thoracic => 7,
            Self::Lumbar => 20,
            Self::Sacral => 26,
            Self::Coccygeal => 31,
        }
    }
}

/// One vertebra: `C1`…`C7`, `T1`…`T13`, `L1`…`L6`, `S1`…`S5`, `Co`.
///
/// `T13` and `L6` exist in variant anatomy only, see [`Vertebra::is_variant`].
/// Vertebrae are ordered from head to tail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vertebra {
    rank: u8,
}

impl Vertebra {
    /// The coccyx.
    pub const COCCYX: Self = Self { rank: 31 };
    /// The sixth lumbar vertebra, a variant.
    const L6: Self = Self { rank: 25 };
    /// The thirteenth thoracic vertebra, a variant.
    const T13: Self = Self { rank: 19 };

    /// The vertebra of a region by its number, from 1; the coccyx has number 1.
    ///
    /// # Errors
    /// [`BadLevel::NoSuchVertebra`] when the region has no vertebra of that number.
    pub fn new(region: Region, number: u8) -> Result<Self, BadLevel> {
        if number == 0 || number > region.highest() {
            return Err(BadLevel::NoSuchVertebra {
                region: region.letter(),
                number,
            });
        }
        Ok(Self {
            rank: region.first_rank() + number - 1,
        })
    }

    /// Every vertebra from head to tail, variants included.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=Self::COCCYX.rank).map(|rank| Self { rank })
    }

    /// The region.
    #[must_use]
    pub fn region(self) -> Region {
        match self.rank {
            0..7 => Region::Cervical,
            7..20 => Region::Thoracic,
            20..26 => Region::Lumbar,
            26..31 => Region::Sacral,
            _ => Region::Coccygeal,
        }
    }

    /// The number inside the region, from 1.
    #[must_use]
    pub fn number(self) -> u8 {
        self.rank - self.region().first_rank() + 1
    }

    /// Whether the vertebra exists in variant anatomy only (`T13`, `L6`).
    #[must_use]
    pub fn is_variant(self) -> bool {
        self == Self::T13 || self == Self::L6
    }

    /// The next vertebra towards the tail in usual anatomy; none below the coccyx.
    #[must_use]
    pub fn below(self) -> Option<Self> {
        Self::all().find(|other| *other > self && !other.is_variant())
    }

    /// The next vertebra towards the head in usual anatomy; none above `C1`.
    #[must_use]
    pub fn above(self) -> Option<Self> {
        Self::all()
            .rev()
            .find(|other| *other < self && !other.is_variant())
    }

    /// The place from head to tail, from 0.
    pub(super) fn rank(self) -> u8 {
        self.rank
    }
}

impl fmt::Display for Vertebra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.region() == Region::Coccygeal {
            return f.pad("Co");
        }
        f.pad(&format!("{}{}", self.region().letter(), self.number()))
    }
}

impl fmt::Debug for Vertebra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Vertebra {
    type Err = BadLevel;

    /// Parses the canonical spelling alone; texts go through [`super::mentions`].
    fn from_str(text: &str) -> Result<Self, BadLevel> {
        let unknown = || BadLevel::Unknown(text.to_owned());
        if text == "Co" {
            return Ok(Self::COCCYX);
        }
        let (region, number) = split(text).ok_or_else(unknown)?;
        Self::new(region, number).map_err(|_| unknown())
    }
}

/// Splits `L4` into region and number; no sign, blank or leading zero is allowed.
pub(super) fn split(text: &str) -> Option<(Region, u8)> {
    let region = Region::ALL[..4]
        .iter()
        .find(|region| text.starts_with(region.letter()))?;
    let digits = &text[1..];
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if !plain {
        return None;
    }
    Some((*region, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_round_trips_and_orders() {
        let all: Vec<_> = Vertebra::all().collect();
        assert_eq!(all.len(), 32);
        for vertebra in &all {
            assert_eq!(vertebra.to_string().parse(), Ok(*vertebra));
        }
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn refuses_what_no_spine_has() {
        for text in [
            "C8", "C0", "T14", "L7", "S6", "L04", "l4", "L", "", "L+4", "Co1", "X2", "L４",
        ] {
            assert!(text.parse::<Vertebra>().is_err(), "{text}");
        }
    }

    #[test]
    fn usual_neighbours_pass_over_variants() {
        let below = |text: &str| {
            text.parse::<Vertebra>()
                .unwrap()
                .below()
                .map(|v| v.to_string())
        };
        assert_eq!(below("T12").as_deref(), Some("L1"));
        assert_eq!(below("L5").as_deref(), Some("S1"));
        assert_eq!(below("S5").as_deref(), Some("Co"));
        assert_eq!(below("Co"), None);
        assert_eq!(
            "L1".parse::<Vertebra>()
                .unwrap()
                .above()
                .map(|v| v.to_string())
                .as_deref(),
            Some("T12")
        );
        assert!("L6".parse::<Vertebra>().unwrap().is_variant());
    }
}
