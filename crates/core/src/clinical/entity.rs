//! Where a text names levels, modalities and conditions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::survey;
use crate::level;

/// What kind of thing a word names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A level of the spine.
    Level,
    /// A way of making pictures.
    Modality,
    /// A condition or finding that the text does not deny.
    Condition,
}

/// A word that names something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entity {
    /// Characters of the text, `[start, end)`.
    pub range: [usize; 2],
    /// What kind of thing.
    pub kind: EntityKind,
    /// The level as it is written, the modality, or the condition's identifier in the lexicon.
    pub id: String,
}

/// What a text names, in order.
#[must_use]
pub fn entities(text: &str) -> Vec<Entity> {
    let levels = level::mentions(text).into_iter().map(|mention| Entity {
        range: mention.range,
        kind: EntityKind::Level,
        id: mention.level.to_string(),
    });
    let modalities = survey::modalities(text)
        .into_iter()
        .map(|(modality, range)| Entity {
            range,
            kind: EntityKind::Modality,
            id: modality.as_str().to_owned(),
        });
    let conditions = survey::conditions(text)
        .into_iter()
        .map(|(id, range)| Entity {
            range,
            kind: EntityKind::Condition,
            id: id.to_owned(),
        });
    let mut found: Vec<Entity> = levels.chain(modalities).chain(conditions).collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand() {
        let check = |text: &str, expect: &[(EntityKind, &str)]| {
            let chars: Vec<char> = text.chars().collect();
            let found: Vec<(EntityKind, String)> = entities(text)
                .into_iter()
                .map(|e| (e.kind, chars[e.range[0]..e.range[1]].iter().collect()))
                .collect();
            let found: Vec<(EntityKind, &str)> = found
                .iter()
                .map(|(kind, words)| (*kind, words.as_str()))
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "Sagittal MRI: disc herniation at L4/L5, no spondylolisthesis.",
            &[
                (EntityKind::Modality, "MRI"),
                (EntityKind::Condition, "disc herniation"),
                (EntityKind::Level, "L4/L5"),
            ],
        );
        check(
            "磁共振示腰4/5椎管狭窄。",
            &[
                (EntityKind::Modality, "磁共振"),
                (EntityKind::Level, "腰4/5"),
                (EntityKind::Condition, "椎管狭窄"),
            ],
        );
        check("", &[]);
    }
}
