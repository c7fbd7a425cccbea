//! Files in memory and manifests, for tests.

use std::borrow::Cow;
use std::collections::BTreeMap;

use spinemed_core::seam::Tree;
use spinemed_core::source::Manifest;

/// Files in memory.
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    /// Names and contents.
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        Self(
            files
                .iter()
                .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
                .collect(),
        )
    }
}

impl Tree for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        self.0
            .get(name)
            .map(|b| Cow::Borrowed(&b[..]))
            .ok_or_else(|| "no such file".to_owned())
    }
}

/// A manifest of a format, with a label map where `labels` is set.
pub fn manifest(format: &str, labels: bool) -> Manifest {
    let mut json = serde_json::json!({
        "id": "set", "title": "t", "format": format, "language": "en", "licence": "CC-BY-4.0",
        "redistribution": "full", "egress": "any", "subjects": "none", "citation": "c",
    });
    if labels {
        json["labels"] = serde_json::json!({
            "version": "1", "level_certainty": "annotated", "numbering_method": "reporter",
        });
    }
    serde_json::from_value(json).expect("a manifest")
}
