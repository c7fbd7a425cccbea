//! What a release holds, in numbers. The writer and the verifier count with the same code.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use spinemed_core::instance::Instance;
use spinemed_core::vocabulary::{Kind, Language, Modality, Redistribution, Split};
use spinemed_core::{Digest, SourceId};

/// Numbers of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Instances.
    pub instances: u64,
    /// Instances that show a picture, embedded or by recipe.
    pub with_images: u64,
    /// Distinct pictures that the release carries.
    pub images: u64,
    /// Distinct pictures that it describes by a recipe alone.
    pub recipes: u64,
    /// Instances per kind, language, modality and split, in this order.
    pub cells: Vec<Cell>,
    /// Instances and documents per source.
    pub by_source: BTreeMap<SourceId, SourceCount>,
    /// Instances per level; an instance counts once for each level it speaks of.
    pub by_level: BTreeMap<String, u64>,
    /// Instances per condition.
    pub by_condition: BTreeMap<String, u64>,
}

/// Instances of one kind, language, modality and split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The kind.
    pub kind: Kind,
    /// The language.
    pub language: Language,
    /// The modality.
    pub modality: Modality,
    /// The split.
    pub split: Split,
    /// How many.
    pub instances: u64,
}

/// What a release holds of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceCount {
    /// Instances.
    pub instances: u64,
    /// Documents, studies or questions that an instance came of.
    pub documents: u64,
    /// Licences of its instances: the source's, or stricter ones of single documents.
    pub licences: BTreeSet<String>,
}

/// Counts instance by instance.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Counts,
    cells: BTreeMap<(Kind, Language, Modality, Split), u64>,
    images: BTreeSet<Digest>,
    recipes: BTreeSet<Digest>,
    documents: BTreeSet<(SourceId, String)>,
}

impl Tally {
    /// Counts an instance.
    pub fn add(&mut self, instance: &Instance) {
        let counts = &mut self.counts;
        counts.instances += 1;
        counts.with_images += u64::from(!instance.images.is_empty());
        let cell = (
            instance.kind,
            instance.language,
            instance.modality,
            instance.split,
        );
        *self.cells.entry(cell).or_default() += 1;
        let pictures = if carries_pictures(instance) {
            &mut self.images
        } else {
            &mut self.recipes
        };
        pictures.extend(instance.images.iter().map(|image| image.media.sha256));
        let source = counts.by_source.entry(instance.source.clone()).or_default();
        source.instances += 1;
        source
            .licences
            .insert(instance.terms.licence.as_str().to_owned());
        let document = instance.document.to_string();
        self.documents.insert((instance.source.clone(), document));
        let levels: BTreeSet<String> = instance
            .levels
            .iter()
            .map(|level| level.level.to_string())
            .collect();
        for level in levels {
            *counts.by_level.entry(level).or_default() += 1;
        }
        if let Some(condition) = &instance.condition {
            *counts.by_condition.entry(condition.clone()).or_default() += 1;
        }
    }

    /// Adds what another tally counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        let (counts, more) = (&mut self.counts, other.counts);
        counts.instances += more.instances;
        counts.with_images += more.with_images;
        for (source, count) in more.by_source {
            let all = counts.by_source.entry(source).or_default();
            all.instances += count.instances;
            all.licences.extend(count.licences);
        }
        add(&mut counts.by_level, more.by_level);
        add(&mut counts.by_condition, more.by_condition);
        add(&mut self.cells, other.cells);
        self.images.extend(other.images);
        self.recipes.extend(other.recipes);
        self.documents.extend(other.documents);
    }

    /// The numbers.
    pub fn finish(mut self) -> Counts {
        for (source, _) in &self.documents {
            self.counts
                .by_source
                .entry(source.clone())
                .or_default()
                .documents += 1;
        }
        self.counts.images = self.images.len() as u64;
        self.counts.recipes = self.recipes.len() as u64;
        self.counts.cells = self
            .cells
            .into_iter()
            .map(|((kind, language, modality, split), instances)| Cell {
                kind,
                language,
                modality,
                split,
                instances,
            })
            .collect();
        self.counts
    }
}

fn add<K: Ord>(all: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (key, count) in more {
        *all.entry(key).or_default() += count;
    }
}

/// Whether a release carries an instance's pictures, not only recipes to obtain them.
pub(crate) fn carries_pictures(instance: &Instance) -> bool {
    instance.terms.redistribution == Redistribution::Full
}
