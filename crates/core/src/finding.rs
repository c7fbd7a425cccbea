//! Findings as bound facts: one finding, level, side, grade and negation from one clause or
//! label. Parts are never joined across clauses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::level::Level;
use crate::vocabulary::{LevelCertainty, NumberingMethod, Side};

/// A bound fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The finding's identifier in [`crate::clinical`]'s lexicon, such as `spinal-canal-stenosis`.
    pub concept: String,
    /// The level it is bound to.
    pub level: Option<Level>,
    /// How sure the level is.
    pub level_certainty: LevelCertainty,
    /// How the level was numbered.
    pub numbering_method: NumberingMethod,
    /// The patient's side.
    pub side: Option<Side>,
    /// The grade on a named scale.
    pub grade: Option<Grade>,
    /// A measured quantity.
    pub measure: Option<Measure>,
    /// Whether the finding is said to be absent.
    pub negated: bool,
    /// The span (by id) whose clause, or whose label cell, says so.
    pub span: String,
    /// Characters of that span's text, `[start, end)`; none for a label cell.
    pub range: Option<[usize; 2]>,
}

/// A value on a named scale.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// The scale: `rsna-2024-stenosis`, `pfirrmann`, `meyerding`, `modic`, `severity` …
    pub scale: String,
    /// The value, as the scale spells it: `Moderate`, `4`, `II`.
    pub value: String,
}

/// A quantity as written; no float, so that equality is exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The digits as written, `.` as the decimal sign.
    pub value: String,
    /// The unit, UCUM where one exists (`mm`, `deg`, `%`).
    pub unit: String,
}
