//! Settings as pipelines write them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is left out before anything is generated. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CurateSettings {
    /// The fewest characters, spaces aside, that a passage of text must have. A Chinese
    /// character counts as three, for it says about as much as three Latin letters.
    pub minimum_chars: u32,
    /// The fewest for a figure, table or question, all its words together.
    pub minimum_caption_chars: u32,
    /// The least relevance: words of the spine plus half the words of orthopaedics, in a
    /// thousand words. 0 keeps every topic. Labelled studies are not measured.
    pub minimum_relevance: u32,
    /// The most digits and symbols in a thousand characters of a passage, spaces aside.
    /// Tables and studies are not measured.
    pub maximum_symbols: u32,
    /// The most traces of bibliography (`et al`, `doi`, `12:345`) in a thousand words.
    pub maximum_references: u32,
}

impl Default for CurateSettings {
    fn default() -> Self {
        Self {
            minimum_chars: 120,
            minimum_caption_chars: 40,
            // Measured on 18 open-access articles: passages on oils, batteries and bacteria
            // score 0 or 1, abstracts on the spine 7 and more.
            minimum_relevance: 5,
            maximum_symbols: 350,
            maximum_references: 60,
        }
    }
}

/// How groups are dealt to splits. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SplitSettings {
    /// Groups in a thousand that go to validation.
    pub validation_permille: u32,
    /// Groups in a thousand that go to test.
    pub test_permille: u32,
    /// Another seed deals groups anew; pinned test groups stay.
    pub seed: u64,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self {
            validation_permille: 50,
            test_permille: 100,
            seed: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_errors() {
        assert!(toml::from_str::<CurateSettings>("minimum_chars = 10").is_ok());
        assert!(toml::from_str::<CurateSettings>("minimum_char = 10").is_err());
        assert!(toml::from_str::<SplitSettings>("seed = 3\ntest_permille = 0").is_ok());
        assert!(toml::from_str::<SplitSettings>("tests = 3").is_err());
    }
}
