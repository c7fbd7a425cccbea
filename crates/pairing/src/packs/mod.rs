//! Records to evidence packs.

mod case;
mod context;
mod definition;
mod evidence;
mod figure;
mod key;
mod passage;
mod question;
mod scanned;
mod study;
mod table;

use spinemed_core::document::Document;
use spinemed_core::ids::{DocumentId, GroupKey, PackKey};
use spinemed_core::licence::Terms;
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::seam::Record;
use spinemed_core::source::Manifest;
use spinemed_core::vocabulary::{Language, Modality};

use crate::{Job, PairingSettings};

pub(crate) use case::of_case;
pub(crate) use question::of_question;
pub(crate) use study::of_study;

/// The terms of a record: its source's, and the licence that a document itself states where
/// the two differ; the strictest of both.
pub(crate) fn terms(job: &Job) -> Terms {
    let declared = job.manifest.terms();
    let stated = match &job.record {
        Record::Document(document) => document.licence.clone(),
        _ => None,
    };
    match stated {
        Some(licence) => declared.strictest(&Terms {
            licence,
            ..declared.clone()
        }),
        None => declared,
    }
}

/// The packs of a paired document: figures, tables, passages, each with the sentences that
/// say what its abbreviations stand for.
pub(crate) fn of_document(
    document: &Document,
    manifest: &Manifest,
    terms: &Terms,
    settings: &PairingSettings,
) -> Vec<EvidencePack> {
    let blank = |kind| {
        blank(
            &document.id,
            &own_name(&document.id, manifest),
            kind,
            manifest,
            terms,
            document.language,
        )
    };
    let mut packs = figure::packs(document, settings, &blank(PackKind::Figure));
    packs.extend(table::packs(document, settings, &blank(PackKind::Table)));
    packs.extend(passage::packs(
        document,
        settings.passage_words,
        &blank(PackKind::Text),
    ));
    definition::add(&mut packs, document);
    packs
}

/// A pack without evidence: what all packs of one record share.
fn blank(
    record: &DocumentId,
    group: &str,
    kind: PackKind,
    manifest: &Manifest,
    terms: &Terms,
    language: Language,
) -> EvidencePack {
    EvidencePack {
        key: PackKey::new(record.as_str()),
        source: manifest.id.clone(),
        document: record.clone(),
        group: GroupKey::new(format!("{}:{group}", manifest.id)),
        kind,
        language,
        subjects: manifest.subjects,
        terms: terms.clone(),
        title: None,
        section: Vec::new(),
        spans: Vec::new(),
        images: Vec::new(),
        facts: Vec::new(),
        missing: Vec::new(),
        levels: Vec::new(),
        modality: Modality::Text,
        condition: None,
        question: None,
        chart: None,
        entities: Vec::new(),
        link: None,
    }
}

/// A record's name without its source's.
fn own_name(record: &DocumentId, manifest: &Manifest) -> String {
    let name = record.as_str();
    let own = name
        .strip_prefix(manifest.id.as_str())
        .and_then(|rest| rest.strip_prefix('/'));
    own.unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests;
