//! What tests of this crate share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use spinemed_core::document::Document;
use spinemed_core::licence::Licence;
use spinemed_core::locator::FileRef;
use spinemed_core::profile::Profile;
use spinemed_core::seam::{Record, Tree};
use spinemed_core::source::{Format, Manifest};
use spinemed_core::vocabulary::{Egress, Language, Redistribution, Subjects};
use spinemed_core::{DocumentId, SourceId};

/// Files in memory; one without bytes cannot be read.
pub struct Files(pub BTreeMap<String, Option<Vec<u8>>>);

impl Tree for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        match self.0.get(name) {
            Some(Some(bytes)) => Ok(bytes.into()),
            Some(None) => Err("it is gone".to_owned()),
            None => Err("no such file".to_owned()),
        }
    }
}

/// A source's declaration.
pub fn manifest(format: Format) -> Manifest {
    Manifest {
        id: SourceId::new("made").expect("a valid name"),
        title: "made".into(),
        format,
        language: Language::En,
        licence: Licence::new("CC0-1.0").expect("a valid expression"),
        redistribution: Redistribution::Full,
        egress: Egress::Any,
        subjects: Subjects::None,
        citation: "none".into(),
        doi: None,
        homepage: None,
        root: ".".into(),
        include: vec![],
        exclude: vec![],
        files: BTreeMap::new(),
        labels: None,
        privacy_basis: None,
        deidentify: Profile::default(),
    }
}

/// A document without content.
pub fn document(file: FileRef) -> Record {
    Record::Document(Document {
        id: DocumentId::new(format!("made/{}", file.path)),
        file,
        title: None,
        identifier: None,
        kind: None,
        licence: None,
        language: Language::En,
        pages: 1,
        blocks: vec![],
        figures: vec![],
        supplements: vec![],
    })
}
