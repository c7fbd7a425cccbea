//! Vertebral levels: parsed once, one canonical spelling.
//!
//! A level is a vertebra (`L4`), a disc with its motion segment (`L4/L5`), a joint of the
//! craniocervical junction (`C1/C2`), a range (`T11..L2`) or a nerve root (`C8 root`).
//! Roots and bones are never mixed: a `C5 palsy` says nothing about the vertebra C5.
//!
//! ```
//! use spinemed_core::level::{self, Level};
//!
//! let found = level::mentions("Disc herniation at L4-5 with compression of the L5 root.");
//! let levels: Vec<String> = found.iter().map(|mention| mention.level.to_string()).collect();
//! assert_eq!(levels, ["L4/L5", "L5 root"]);
//! assert_eq!("L4/L5".parse::<Level>().unwrap().snomed(), Some("84020006"));
//! ```

mod codes;
mod label;
mod mention;
mod neighbours;
mod parts;
mod vertebra;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::vocabulary::Language;

pub(crate) use mention::{fold, token};

pub use label::parse_label;
pub use mention::{Mention, Unit, mentions};
pub use parts::{Disc, Joint, NerveRoot, Range};
pub use vertebra::{Region, Vertebra};

/// Why parts do not make a level.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum BadLevel {
    /// No vertebra has this region and number.
    #[error("no vertebra `{region}{number}`")]
    NoSuchVertebra {
        /// The region's letter.
        region: &'static str,
        /// The number asked for.
        number: u8,
    },
    /// No nerve root has this region and number.
    #[error("no nerve root `{region}{number}`")]
    NoSuchRoot {
        /// The region's letter.
        region: &'static str,
        /// The number asked for.
        number: u8,
    },
    /// There is no disc between the two vertebrae.
    #[error("no disc between `{upper}` and `{lower}`")]
    NoSuchDisc {
        /// The vertebra named first.
        upper: Vertebra,
        /// The vertebra named second.
        lower: Vertebra,
    },
    /// A range must go down the spine.
    #[error("`{first}` does not lie above `{last}`")]
    EmptyRange {
        /// The vertebra named first.
        first: Vertebra,
        /// The vertebra named second.
        last: Vertebra,
    },
    /// The text is no canonical spelling.
    #[error("`{0}` is no level: write `L4`, `L4/L5`, `C1/C2`, `T11..L2` or `C8 root`")]
    Unknown(String),
}

/// A level of the spine. Ordered from head to tail; stored as its canonical spelling.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Level {
    /// A vertebra, `L4`.
    Vertebra(Vertebra),
    /// A disc or motion segment, `L4/L5`.
    Disc(Disc),
    /// A craniocervical joint, `C0/C1` or `C1/C2`.
    Joint(Joint),
    /// Several vertebrae, `T11..L2`.
    Range(Range),
    /// A nerve root, `C8 root`.
    NerveRoot(NerveRoot),
}

impl Level {
    /// The vertebra of a region by its number.
    ///
    /// # Errors
    /// [`BadLevel::NoSuchVertebra`].
    pub fn vertebra(region: Region, number: u8) -> Result<Self, BadLevel> {
        Vertebra::new(region, number).map(Self::Vertebra)
    }

    /// The disc between two neighbours, or their joint where there is no disc (`C1/C2`).
    ///
    /// # Errors
    /// [`BadLevel::NoSuchDisc`] when the vertebrae are no neighbours.
    pub fn between(upper: Vertebra, lower: Vertebra) -> Result<Self, BadLevel> {
        if upper.rank() == 0 && lower.rank() == 1 {
            return Ok(Self::Joint(Joint::AtlantoAxial));
        }
        Disc::new(upper, lower).map(Self::Disc)
    }

    /// The vertebrae from `first` down to `last`.
    ///
    /// # Errors
    /// [`BadLevel::EmptyRange`].
    pub fn range(first: Vertebra, last: Vertebra) -> Result<Self, BadLevel> {
        Range::new(first, last).map(Self::Range)
    }

    /// The nerve root of a region by its number.
    ///
    /// # Errors
    /// [`BadLevel::NoSuchRoot`].
    pub fn root(region: Region, number: u8) -> Result<Self, BadLevel> {
        NerveRoot::new(region, number).map(Self::NerveRoot)
    }

    /// Whether the level exists in variant anatomy only (`T13`, `L6`, `L4/S1` …). A range is
    /// one when an end is.
    #[must_use]
    pub fn is_variant(&self) -> bool {
        match self {
            Self::Vertebra(vertebra) => vertebra.is_variant(),
            Self::Disc(disc) => disc.is_variant(),
            Self::Joint(_) => false,
            Self::Range(range) => range.first().is_variant() || range.last().is_variant(),
            Self::NerveRoot(root) => root.is_variant(),
        }
    }

    /// Whether all of `other` lies within this level. A range covers its vertebrae, the
    /// discs and joints between them and narrower ranges; no bone covers a nerve root.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let Self::Range(range) = self else {
            return self == other;
        };
        match other {
            Self::Vertebra(vertebra) => range.contains(*vertebra),
            Self::Disc(disc) => range.contains(disc.upper()) && range.contains(disc.lower()),
            Self::Joint(Joint::AtlantoAxial) => range.first().rank() == 0,
            Self::Range(inner) => range.contains(inner.first()) && range.contains(inner.last()),
            Self::Joint(Joint::AtlantoOccipital) | Self::NerveRoot(_) => false,
        }
    }

    /// The region; for a disc or range that of its upper vertebra.
    #[must_use]
    pub fn region(&self) -> Region {
        match self {
            Self::Vertebra(vertebra) => vertebra.region(),
            Self::Disc(disc) => disc.upper().region(),
            Self::Joint(_) => Region::Cervical,
            Self::Range(range) => range.first().region(),
            Self::NerveRoot(root) => root.region(),
        }
    }

    /// The level's name in prose: `L4/L5`, `C8 nerve root`; `腰4/5`, `颈8神经根`. Words such
    /// as "disc" or "椎体" are left to the sentence around it.
    #[must_use]
    pub fn name(&self, language: Language) -> String {
        match language {
            Language::En => english_name(*self),
            Language::Zh => chinese_name(*self),
        }
    }

    /// Levels of the same kind, nearest first, the one above before the one below at equal
    /// distance; variants and the level itself left out.
    #[must_use]
    pub fn neighbours(&self) -> Vec<Self> {
        neighbours::neighbours(*self)
    }

    /// The SNOMED CT code of a vertebra or disc, from the subset that DICOM uses (PS3.16,
    /// CID 7603 and CID 7604); none where that subset has none (`L6`, ranges, roots …).
    #[must_use]
    pub fn snomed(&self) -> Option<&'static str> {
        codes::snomed(*self)
    }

    /// The level that a SNOMED CT code names, "level of … disc" concepts (CID 1003) and the
    /// older concept of the L5 disc included.
    #[must_use]
    pub fn from_snomed(code: &str) -> Option<Self> {
        codes::from_snomed(code)
    }

    /// What orders levels: place from head to tail in quarter vertebrae, then kind, then end.
    fn key(self) -> (u8, u8, u8) {
        let at = |vertebra: Vertebra| 4 * vertebra.rank() + 4;
        match self {
            Self::Joint(Joint::AtlantoOccipital) => (2, 0, 0),
            Self::Vertebra(vertebra) => (at(vertebra), 1, 0),
            Self::Range(range) => (at(range.first()), 2, range.last().rank()),
            Self::Joint(Joint::AtlantoAxial) => (6, 0, 0),
            Self::Disc(disc) => (at(disc.upper()) + 2, 3, disc.lower().rank()),
            Self::NerveRoot(root) => (root.leaves_below().map_or(3, |v| at(v) + 3), 4, 0),
        }
    }
}

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl From<Vertebra> for Level {
    fn from(vertebra: Vertebra) -> Self {
        Self::Vertebra(vertebra)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vertebra(vertebra) => fmt::Display::fmt(vertebra, f),
            Self::Disc(disc) => f.pad(&format!("{}/{}", disc.upper(), disc.lower())),
            Self::Joint(Joint::AtlantoOccipital) => f.pad("C0/C1"),
            Self::Joint(Joint::AtlantoAxial) => f.pad("C1/C2"),
            Self::Range(range) => f.pad(&format!("{}..{}", range.first(), range.last())),
            Self::NerveRoot(root) => f.pad(&format!("{} root", root_label(*root))),
        }
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl FromStr for Level {
    type Err = BadLevel;

    /// Parses the canonical spelling alone; texts go through [`mentions`] and datasets'
    /// labels through [`parse_label`].
    fn from_str(text: &str) -> Result<Self, BadLevel> {
        let unknown = || BadLevel::Unknown(text.to_owned());
        if text == "C0/C1" {
            return Ok(Self::Joint(Joint::AtlantoOccipital));
        }
        if let Some(root) = text.strip_suffix(" root") {
            return parse_root(root).ok_or_else(unknown);
        }
        if let Some((first, last)) = text.split_once("..") {
            return Self::range(first.parse()?, last.parse()?);
        }
        if let Some((upper, lower)) = text.split_once('/') {
            return Self::between(upper.parse()?, lower.parse()?);
        }
        text.parse().map(Self::Vertebra).map_err(|_| unknown())
    }
}

impl TryFrom<String> for Level {
    type Error = BadLevel;

    fn try_from(text: String) -> Result<Self, BadLevel> {
        text.parse()
    }
}

impl From<Level> for String {
    fn from(level: Level) -> Self {
        level.to_string()
    }
}

impl schemars::JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        const BONE: &str = "(C[1-7]|T([1-9]|1[0-3])|L[1-6]|S[1-5]|Co)";
        let pattern = format!("^({BONE}|C0/C1|{BONE}/{BONE}|{BONE}\\.\\.{BONE}|(C8|{BONE}) root)$");
        schemars::json_schema!({
            "type": "string",
            "description": "A level of the spine: `L4`, `L4/L5`, `C1/C2`, `T11..L2` or `C8 root`.",
            "pattern": pattern,
        })
    }
}

fn root_label(root: NerveRoot) -> String {
    match root.region() {
        Region::Coccygeal => "Co".to_owned(),
        region => format!("{}{}", region.letter(), root.number()),
    }
}

fn parse_root(text: &str) -> Option<Level> {
    if text == "Co" {
        return Level::root(Region::Coccygeal, 1).ok();
    }
    let (region, number) = vertebra::split(text)?;
    Level::root(region, number).ok()
}

fn english_name(level: Level) -> String {
    match level {
        Level::Vertebra(Vertebra::COCCYX) => "coccyx".to_owned(),
        Level::Range(range) => format!("{}–{}", range.first(), range.last()),
        Level::NerveRoot(root) => format!("{} nerve root", root_label(root)),
        other => other.to_string(),
    }
}

fn chinese_name(level: Level) -> String {
    let bone = |vertebra: Vertebra| match vertebra.region() {
        Region::Coccygeal => "尾骨".to_owned(),
        region => format!("{}{}", region.han(), vertebra.number()),
    };
    match level {
        Level::Vertebra(vertebra) => bone(vertebra),
        Level::Disc(disc) if disc.upper().region() == disc.lower().region() => {
            format!("{}/{}", bone(disc.upper()), disc.lower().number())
        }
        Level::Disc(disc) => format!("{}/{}", bone(disc.upper()), bone(disc.lower())),
        Level::Joint(Joint::AtlantoOccipital) => "寰枕关节".to_owned(),
        Level::Joint(Joint::AtlantoAxial) => "寰枢关节".to_owned(),
        Level::Range(range) => format!("{}至{}", bone(range.first()), bone(range.last())),
        Level::NerveRoot(root) if root.region() == Region::Coccygeal => "尾神经根".to_owned(),
        Level::NerveRoot(root) => format!("{}{}神经根", root.region().han(), root.number()),
    }
}

#[cfg(test)]
mod tests;
