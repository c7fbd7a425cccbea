//! Small cells: traits that so few patients share that they could point at one.
//!
//! A cell is a combination of age band, sex, level, condition and site. Cells below the
//! smallest number that a pipeline allows are reported; its setting says whether the packs of
//! their patients stay, are generalised, or are left out (compare 45 CFR 164.514(b)(1): the
//! risk that a recipient could identify a person must be very small).

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::case::Sex;
use spinemed_core::ids::{GroupKey, PackKey};
use spinemed_core::level::Level;
use spinemed_core::pack::{EvidencePack, SpanRole};

/// What is done with packs of patients in a small cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmallCells {
    /// They stay, and are reported.
    Report,
    /// Age, sex and free text are taken out; where the coded rest is still in a small cell,
    /// the pack is left out.
    Generalise,
    /// They are left out.
    Suppress,
}

/// The traits of one pack's patient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Traits {
    /// `60-69`; `90 or older`.
    pub age_band: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Levels of the diagnoses, else of the findings that are there.
    pub levels: Vec<Level>,
    /// Diagnoses.
    pub conditions: Vec<String>,
    /// The site's pseudonym.
    pub site: Option<String>,
}

impl Traits {
    /// The traits of a pack that speaks of a patient.
    #[must_use]
    pub fn of(pack: &EvidencePack) -> Option<Self> {
        let chart = pack.chart.as_ref()?;
        let diagnosed: BTreeSet<Level> = chart
            .diagnoses
            .iter()
            .filter_map(|d| d.what.level)
            .collect();
        let found = || {
            let there = pack.facts.iter().filter(|f| !f.negated);
            there.filter_map(|f| f.level).collect::<BTreeSet<Level>>()
        };
        let levels = if diagnosed.is_empty() {
            found()
        } else {
            diagnosed
        };
        let conditions: BTreeSet<String> = chart
            .diagnoses
            .iter()
            .map(|d| d.what.concept.clone())
            .collect();
        Some(Self {
            age_band: chart.age.map(band),
            sex: chart.sex,
            levels: levels.into_iter().collect(),
            conditions: conditions.into_iter().collect(),
            site: chart.site.clone(),
        })
    }

    /// The traits that are left when a pack is generalised.
    fn coded(&self) -> Self {
        Self {
            age_band: None,
            sex: None,
            site: None,
            ..self.clone()
        }
    }
}

fn band(age: u16) -> String {
    if age >= 90 {
        return "90 or older".to_owned();
    }
    let from = age / 10 * 10;
    format!("{from}-{}", from + 9)
}

/// A cell with fewer patients than allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SmallCell {
    /// The traits.
    pub traits: Traits,
    /// How many patients share them.
    pub patients: u64,
}

/// What becomes of a pack in a small cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays as it is.
    Stay,
    /// It goes on without age, sex and free text.
    Generalise,
    /// It is left out; so many patients share its traits.
    Suppress(u64),
}

/// The small cells of a set, and the fate of each pack in one. Packs not named stay.
#[must_use]
pub fn small_cells(
    packs: &[(PackKey, GroupKey, Traits)],
    least: u64,
    setting: SmallCells,
) -> (Vec<SmallCell>, BTreeMap<PackKey, Fate>) {
    let whole = count(
        packs
            .iter()
            .map(|(_, group, traits)| (traits.clone(), group)),
    );
    let coded = count(
        packs
            .iter()
            .map(|(_, group, traits)| (traits.coded(), group)),
    );
    let mut fates = BTreeMap::new();
    for (key, _, traits) in packs {
        let patients = whole[traits];
        if patients >= least {
            continue;
        }
        let left = coded[&traits.coded()];
        let fate = match setting {
            SmallCells::Report => Fate::Stay,
            SmallCells::Generalise if left >= least => Fate::Generalise,
            SmallCells::Generalise => Fate::Suppress(left),
            SmallCells::Suppress => Fate::Suppress(patients),
        };
        fates.insert(key.clone(), fate);
    }
    let cells = whole
        .into_iter()
        .filter(|(_, patients)| *patients < least)
        .map(|(traits, patients)| SmallCell { traits, patients })
        .collect();
    (cells, fates)
}

fn count<'a>(packs: impl Iterator<Item = (Traits, &'a GroupKey)>) -> BTreeMap<Traits, u64> {
    let mut patients: BTreeMap<Traits, BTreeSet<&GroupKey>> = BTreeMap::new();
    for (traits, group) in packs {
        patients.entry(traits).or_default().insert(group);
    }
    patients
        .into_iter()
        .map(|(traits, groups)| (traits, groups.len() as u64))
        .collect()
}

/// A pack without age, sex, site and free text: coded findings, diagnoses, treatments and
/// pictures are what is left.
#[must_use]
pub fn generalise(mut pack: EvidencePack) -> EvidencePack {
    let Some(mut chart) = pack.chart.take() else {
        return pack;
    };
    let person = chart.person.take();
    chart.age = None;
    chart.sex = None;
    chart.site = None;
    chart.parts.clear();
    chart.dates.clear();
    let kept = |id: &str| person.as_deref() != Some(id);
    pack.spans
        .retain(|span| span.role != SpanRole::Record && kept(&span.id));
    let spans: BTreeSet<String> = pack.spans.iter().map(|span| span.id.clone()).collect();
    pack.facts.retain(|fact| spans.contains(&fact.span));
    pack.chart = Some(chart);
    pack
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits(age: u16, level: &str) -> Traits {
        Traits {
            age_band: Some(band(age)),
            sex: Some(Sex::F),
            levels: vec![level.parse().unwrap()],
            conditions: vec!["radiculopathy".into()],
            site: Some("a".into()),
        }
    }

    fn set(of: &[(&str, &str, Traits)]) -> Vec<(PackKey, GroupKey, Traits)> {
        of.iter()
            .map(|(pack, group, t)| (PackKey::new(*pack), GroupKey::new(*group), t.clone()))
            .collect()
    }

    #[test]
    fn patients_are_counted_not_packs() {
        let packs = set(&[
            ("1", "p", traits(61, "L4/L5")),
            ("2", "p", traits(62, "L4/L5")),
            ("3", "q", traits(65, "L4/L5")),
        ]);
        let (cells, fates) = small_cells(&packs, 3, SmallCells::Report);
        assert_eq!(cells.len(), 1);
        assert_eq!(cells[0].patients, 2);
        assert!(fates.values().all(|fate| *fate == Fate::Stay));
        assert!(small_cells(&packs, 2, SmallCells::Suppress).0.is_empty());
    }

    #[test]
    fn generalising_helps_where_only_the_person_is_rare() {
        let packs = set(&[
            ("1", "p", traits(61, "L4/L5")),
            ("2", "q", traits(45, "L4/L5")),
            ("3", "r", traits(61, "T12")),
        ]);
        let (_, fates) = small_cells(&packs, 2, SmallCells::Generalise);
        assert_eq!(fates[&PackKey::new("1")], Fate::Generalise);
        assert_eq!(fates[&PackKey::new("2")], Fate::Generalise);
        assert_eq!(fates[&PackKey::new("3")], Fate::Suppress(1));
        let (_, fates) = small_cells(&packs, 2, SmallCells::Suppress);
        assert_eq!(fates[&PackKey::new("1")], Fate::Suppress(1));
    }

    #[test]
    fn ages_are_banded() {
        assert_eq!(band(60), "60-69");
        assert_eq!(band(9), "0-9");
        assert_eq!(band(90), "90 or older");
    }
}
