//! Levels made of vertebrae: discs, ranges, craniocervical joints; and nerve roots.

use super::BadLevel;
use super::vertebra::{Region, Vertebra};

/// An intervertebral disc, or the motion segment around it, between two vertebrae that
/// are neighbours in usual or in variant anatomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Disc {
    upper: Vertebra,
    lower: Vertebra,
}

impl Disc {
    /// The disc between two neighbours, upper vertebra first.
    ///
    /// Usual anatomy has the discs `C2/C3` to `L5/S1`, and `S1/S2` as a remnant. Variants
    /// add those of `T13` and `L6`, `T11/L1` (eleven thoracic vertebrae) and `L4/S1` (four
    /// lumbar vertebrae).
    ///
    /// # Errors
    /// [`BadLevel::NoSuchDisc`] for any other pair, such as `C1/C2`, which has a joint and
    /// no disc.
    pub fn new(upper: Vertebra, lower: Vertebra) -> Result<Self, BadLevel> {
        let disc = Self { upper, lower };
        if disc.is_usual() || disc.is_variant() {
            Ok(disc)
        } else {
            Err(BadLevel::NoSuchDisc { upper, lower })
        }
    }

    /// The vertebra above.
    #[must_use]
    pub fn upper(self) -> Vertebra {
        self.upper
    }

    /// The vertebra below.
    #[must_use]
    pub fn lower(self) -> Vertebra {
        self.lower
    }

    /// Whether the disc exists in variant anatomy only.
    #[must_use]
    pub fn is_variant(self) -> bool {
        let pair = (place(self.upper), place(self.lower));
        matches!(
            pair,
            ((Region::Thoracic, 12), (Region::Thoracic, 13))
                | ((Region::Thoracic, 11 | 13), (Region::Lumbar, 1))
                | ((Region::Lumbar, 5), (Region::Lumbar, 6))
                | ((Region::Lumbar, 4 | 6), (Region::Sacral, 1))
        )
    }

    fn is_usual(self) -> bool {
        let (region, number) = place(self.upper);
        let has_disc_below = match region {
            Region::Cervical => number >= 2,
            Region::Thoracic | Region::Lumbar => true,
            Region::Sacral => number == 1,
            Region::Coccygeal => false,
        };
        has_disc_below && !self.upper.is_variant() && self.upper.below() == Some(self.lower)
    }
}

/// Region and number, for matching.
fn place(vertebra: Vertebra) -> (Region, u8) {
    (vertebra.region(), vertebra.number())
}

/// A joint of the craniocervical junction, where there is no disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Joint {
    /// Occiput and atlas, `C0/C1`.
    AtlantoOccipital,
    /// Atlas and axis, `C1/C2`.
    AtlantoAxial,
}

/// Two vertebrae and all between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    first: Vertebra,
    last: Vertebra,
}

impl Range {
    /// The vertebrae from `first` down to `last`, both included.
    ///
    /// # Errors
    /// [`BadLevel::EmptyRange`] unless `first` lies above `last`.
    pub fn new(first: Vertebra, last: Vertebra) -> Result<Self, BadLevel> {
        if first < last {
            Ok(Self { first, last })
        } else {
            Err(BadLevel::EmptyRange { first, last })
        }
    }

    /// The uppermost vertebra.
    #[must_use]
    pub fn first(self) -> Vertebra {
        self.first
    }

    /// The lowest vertebra.
    #[must_use]
    pub fn last(self) -> Vertebra {
        self.last
    }

    /// The vertebrae of usual anatomy in the range, and variants that it names.
    #[must_use]
    pub fn vertebrae(self) -> Vec<Vertebra> {
        Vertebra::all()
            .filter(|v| self.contains(*v))
            .filter(|v| !v.is_variant() || *v == self.first || *v == self.last)
            .collect()
    }

    pub(super) fn contains(self, vertebra: Vertebra) -> bool {
        (self.first..=self.last).contains(&vertebra)
    }
}

/// A spinal nerve root. Eight leave the neck, so `C8` is a root and no vertebra.
///
/// Cervical roots leave above the vertebra of their number, `C8` between `C7` and `T1`,
/// all others below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NerveRoot {
    region: Region,
    number: u8,
}

impl NerveRoot {
    /// The root of a region by its number, from 1.
    ///
    /// # Errors
    /// [`BadLevel::NoSuchRoot`] when the region has no root of that number.
    pub fn new(region: Region, number: u8) -> Result<Self, BadLevel> {
        let is_c8 = region == Region::Cervical && number == 8;
        if is_c8 || Vertebra::new(region, number).is_ok() {
            Ok(Self { region, number })
        } else {
            Err(BadLevel::NoSuchRoot {
                region: region.letter(),
                number,
            })
        }
    }

    /// The region.
    #[must_use]
    pub fn region(self) -> Region {
        self.region
    }

    /// The number inside the region, from 1.
    #[must_use]
    pub fn number(self) -> u8 {
        self.number
    }

    /// The vertebra above the foramen by which the root leaves; none for `C1`, which
    /// leaves above the atlas.
    #[must_use]
    pub fn leaves_below(self) -> Option<Vertebra> {
        let number = if self.region == Region::Cervical {
            self.number - 1
        } else {
            self.number
        };
        Vertebra::new(self.region, number).ok()
    }

    /// Whether the root exists in variant anatomy only.
    #[must_use]
    pub fn is_variant(self) -> bool {
        Vertebra::new(self.region, self.number).is_ok_and(Vertebra::is_variant)
    }

    /// Every root of usual anatomy, from head to tail.
    pub(super) fn usual() -> impl Iterator<Item = Self> {
        Region::ALL
            .into_iter()
            .flat_map(|region| (1..=13).filter_map(move |number| Self::new(region, number).ok()))
            .filter(|root| !root.is_variant())
    }
}
