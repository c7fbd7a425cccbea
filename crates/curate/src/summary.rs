//! What the step over the whole set must know of one pack.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use spinemed_core::digest::{Digest, KeyHasher};
use spinemed_core::ids::{GroupKey, PackKey};
use spinemed_core::outcome::DropReason;
use spinemed_core::pack::{EvidencePack, PackKind, PackQuestion, Span, SpanRole};

use crate::normal::text_digest;
use crate::{CurateSettings, Traits, boilerplate, judge, normalised};

/// The fewest characters of a paragraph or caption that two groups do not share by chance.
const LONG_ENOUGH_TO_JOIN: usize = 160;

/// The smallest side in pixels of a picture that joins groups: icons and logos do not.
const LARGE_ENOUGH_TO_JOIN: u32 = 64;

/// A pack reduced to what deduplication and splits need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackSummary {
    /// The pack's name.
    pub key: PackKey,
    /// What a split may not tear apart.
    pub group: GroupKey,
    /// Equal for packs with the same words and pictures.
    pub identity: Digest,
    /// The rule that an equal `identity` stands for.
    pub rule: SameRule,
    /// Texts and pictures that join groups when two share them, in order, without repeats.
    pub links: Vec<Digest>,
    /// Why the pack's own rules leave it out.
    pub drop: Option<DropReason>,
    /// The patient's traits, for small cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<Box<Traits>>,
}

/// What makes two packs the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameRule {
    /// Equal normalised words and equal pictures.
    ExactTextAndPictures,
    /// Equal stem, options (in any order) and answer.
    SameQuestion,
}

impl SameRule {
    /// The rule's name in drop reasons.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExactTextAndPictures => "exact-text-and-pictures",
            Self::SameQuestion => "same-question",
        }
    }
}

/// Reduces a pack, and judges it by its own rules.
#[must_use]
pub fn summarise(pack: &EvidencePack, settings: &CurateSettings) -> PackSummary {
    let (identity, rule) = match &pack.question {
        Some(question) if pack.kind == PackKind::Question => {
            (question_identity(pack, question), SameRule::SameQuestion)
        }
        _ => (identity(pack), SameRule::ExactTextAndPictures),
    };
    PackSummary {
        key: pack.key.clone(),
        group: pack.group.clone(),
        identity,
        rule,
        links: links(pack, &identity),
        drop: judge(pack, settings),
        traits: Traits::of(pack).map(Box::new),
    }
}

fn identity(pack: &EvidencePack) -> Digest {
    let texts = text_digest(own_spans(pack).map(|span| span.text.as_str()));
    pictures(pack)
        .iter()
        .fold(
            KeyHasher::new("spinemed/same-pack/1").digest("texts", &texts),
            |hasher, picture| hasher.digest("picture", picture),
        )
        .finish()
}

/// The spans that make a pack what it is: sentences that explain its abbreviations do not.
pub(crate) fn own_spans(pack: &EvidencePack) -> impl Iterator<Item = &Span> {
    pack.spans
        .iter()
        .filter(|span| span.role != SpanRole::Definition)
}

fn question_identity(pack: &EvidencePack, question: &PackQuestion) -> Digest {
    let mut options: Vec<String> = question.options.iter().map(|o| normalised(o)).collect();
    options.sort_unstable();
    let texts = [question.stem.as_str(), question.answer.as_str()]
        .into_iter()
        .chain(options.iter().map(String::as_str));
    pictures(pack)
        .iter()
        .fold(
            KeyHasher::new("spinemed/same-question/1").digest("texts", &text_digest(texts)),
            |hasher, picture| hasher.digest("picture", picture),
        )
        .finish()
}

fn pictures(pack: &EvidencePack) -> BTreeSet<Digest> {
    pack.images.iter().map(|image| image.media.sha256).collect()
}

fn links(pack: &EvidencePack, identity: &Digest) -> Vec<Digest> {
    let mut links = BTreeSet::from([*identity]);
    for image in &pack.images {
        if image.media.width.min(image.media.height) >= LARGE_ENOUGH_TO_JOIN {
            links.insert(image.media.sha256);
        }
    }
    // Label cells repeat in every study and case; pictures and identity speak for them.
    if !matches!(pack.kind, PackKind::Study | PackKind::Case) {
        for span in own_spans(pack) {
            let normal = normalised(&span.text);
            let long = normal.chars().nth(LONG_ENOUGH_TO_JOIN).is_some();
            if long && !boilerplate::is_notice(&normal) {
                links.insert(text_digest([normal.as_str()]));
            }
        }
    }
    links.into_iter().collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use spinemed_core::ids::{DocumentId, SourceId};
    use spinemed_core::licence::{Licence, Terms};
    use spinemed_core::locator::{FileRef, Locator};
    use spinemed_core::media::MediaRef;
    use spinemed_core::pack::PackImage;
    use spinemed_core::vocabulary::{Egress, Language, Modality, Redistribution, Subjects};

    fn place() -> Locator {
        Locator::of_file(FileRef {
            path: "a.xml".to_owned(),
            sha256: Digest::of(b"a"),
        })
    }

    pub(crate) fn text_pack(key: &str, text: &str) -> EvidencePack {
        EvidencePack {
            key: PackKey::new(key),
            source: SourceId::new("a").unwrap(),
            document: DocumentId::new("a/b"),
            group: GroupKey::new("a:b"),
            kind: PackKind::Text,
            language: Language::En,
            subjects: Subjects::None,
            terms: Terms {
                licence: Licence::new("CC-BY-4.0").unwrap(),
                redistribution: Redistribution::Full,
                egress: Egress::Any,
            },
            title: None,
            section: Vec::new(),
            spans: vec![Span {
                id: "s1".to_owned(),
                role: SpanRole::Text,
                text: text.to_owned(),
                place: place(),
            }],
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

    fn question_pack(options: &[&str], answer: &str) -> EvidencePack {
        let mut pack = text_pack("a/q/question", "Which nerve root leaves at L4/L5?");
        pack.kind = PackKind::Question;
        pack.question = Some(PackQuestion {
            stem: "Which nerve root leaves at L4/L5?".to_owned(),
            options: options.iter().map(|&o| o.to_owned()).collect(),
            correct: Some(0),
            answer: answer.to_owned(),
            explanation: None,
        });
        pack
    }

    fn picture(bytes: &[u8], side: u32) -> PackImage {
        PackImage {
            media: MediaRef {
                sha256: Digest::of(bytes),
                media_type: "image/png".to_owned(),
                width: side,
                height: side,
                transform: "original".to_owned(),
            },
            place: place(),
            modality: Modality::Mr,
            title: None,
            spans: Vec::new(),
            panel: None,
        }
    }

    fn summary(pack: &EvidencePack) -> PackSummary {
        summarise(pack, &CurateSettings::default())
    }

    #[test]
    fn same_words_and_pictures_are_the_same() {
        let one = summary(&text_pack("a/b/1", "Disc  herniation."));
        let two = summary(&text_pack("a/c/9", "disc herniation."));
        assert_eq!(one.identity, two.identity);
        let mut seen = text_pack("a/b/1", "Disc herniation.");
        seen.images.push(picture(b"mr", 512));
        assert_ne!(one.identity, summary(&seen).identity);
    }

    #[test]
    fn sentences_that_explain_abbreviations_do_not_count() {
        let plain = text_pack("a/b/1", "The LF of L4/L5 thickens in old age.");
        let mut explained = plain.clone();
        explained.spans.push(Span {
            id: "s2".to_owned(),
            role: SpanRole::Definition,
            text: "The ligamentum flavum (LF) joins the laminae. ".repeat(9),
            place: place(),
        });
        assert_eq!(summary(&plain), summary(&explained));
    }

    #[test]
    fn questions_are_the_same_in_any_order_of_options() {
        let one = summary(&question_pack(&["L5", "L4"], "L5"));
        assert_eq!(
            one.identity,
            summary(&question_pack(&["L4", "L5"], "L5")).identity
        );
        assert_ne!(
            one.identity,
            summary(&question_pack(&["L5", "L4"], "L4")).identity
        );
        assert_eq!(one.rule, SameRule::SameQuestion);
    }

    #[test]
    fn icons_short_texts_and_notices_join_nothing() {
        let mut pack = text_pack("a/b/1", "Short.");
        pack.images.push(picture(b"logo", 24));
        assert_eq!(summary(&pack).links.len(), 1);
        pack.images.push(picture(b"mr", 512));
        assert_eq!(summary(&pack).links.len(), 2);
        let notice = "Distributed under the Creative Commons licence. ".repeat(6);
        assert_eq!(summary(&text_pack("a/b/1", &notice)).links.len(), 1);
        let long = "The disc of L4/L5 bulges to the left side. ".repeat(6);
        assert_eq!(summary(&text_pack("a/b/1", &long)).links.len(), 2);
    }
}
