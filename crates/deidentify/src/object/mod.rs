//! One DICOM object: what of its header may stay.
//!
//! The rules are data. `table.tsv` is Table E.1-1 of DICOM PS3.15 (Basic Application Level
//! Confidentiality Profile), edition 2024b with the additions of 2026c. `keep.tsv` states what
//! stays although the table does not list it, with a reason for each group, and `codes.tsv`
//! which codes. **Default deny**: an element that no file knows is removed, and so are
//! private groups, curves, overlays, icons, signatures, original attributes and padding. This
//! holds at every nesting depth, because one function handles an object and an item.
//!
//! * The options of the profile (PS3.15, E.3) change what their columns of the table say.
//! * Cells such as `X/Z/D` follow the attribute's Type in the object's IOD (`types.tsv`); where
//!   the class is not known, D comes before Z before X. Other attributes of Type 2 are emptied
//!   rather than removed, and text of Type 1 gets a dummy. A dummy says nothing (`REMOVED`,
//!   `19000101`, `000000`, `0`). Sequences are never made up, and nothing that was not there.
//! * Numbers, UIDs and terms of imaging modules stay by `modules.tsv`, which is generated as the
//!   Types are. Private elements go, but for numbers that `private.tsv` lists, if they are asked
//!   for.
//! * Text stays as a listed term or not at all; numbers must be numbers, and none of the
//!   object's identifiers. What its rule does not expect counts as `unknown-value` and goes.
//! * UIDs are mapped under the key, references included; those of the standard itself stay.
//! * Dates (DA and DT) stay, move by the patient's days, so that intervals stay, or go, as the
//!   profile says. Times of day, in DT too, stay only where the profile wants them and dates.
//! * Sex and age stay where the profile says so, ages above 89 as `090Y`; name and identifier
//!   are the pseudonym.
//! * The pixel data is copied in its transfer syntax, and its samples are never coded anew.
//!   Bytes behind the last frame are dropped, and so are comments inside compressed streams.
//!   Among all objects ([`Scope::Objects`]) bits outside of the picture are cleared. Lookup
//!   tables are as long as they say. Whether text is burned in is not judged here.
//! * Sequences of unknown representation are taken apart as in Implicit VR Little Endian.
//! * [`Scope::Objects`] passes reports, presentation states, segmentations, registrations, maps
//!   and radiotherapy objects as well: `kinds.tsv` states what stays of them, `concepts.tsv`
//!   which codes. Text in content trees and annotations is redacted. Encapsulated documents,
//!   photographs, waveforms, raw data and private classes are refused with a reason.
//! * Text is written in UTF-8, and the object says so (`ISO_IR 192`).
//!
//! What is known of people is collected into [`Known`] first, so that texts can be searched.

mod claim;
mod class;
mod codes;
mod concepts;
mod content;
mod harvest;
mod identities;
mod kinds;
mod moments;
mod numbers;
mod overlay;
mod pixels;
mod private;
mod refusal;
mod rules;
mod special;
mod streams;
mod survey;
mod tables;
mod unknown;
mod value;
mod walk;

use std::collections::BTreeMap;
use std::fmt;

use dicom_core::Tag;
use dicom_object::meta::FileMetaTableBuilder;
use dicom_object::{FileDicomObject, InMemDicomObject};

pub use claim::{BurnedIn, Features, claim_pixels};
pub use identities::Identities;
pub use refusal::ObjectRefusal;
pub use survey::{patient_id, survey};

use crate::{Known, Policy, Scope, Subject};
use rules::Rules;
use walk::Walk;

/// Real objects nest fewer than ten deep.
const MAX_DEPTH: usize = 32;
/// What headers take in bytes, mostly; none needs to be so short.
const HEADER: usize = 8_192;

const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);
const PATIENT_ID: Tag = Tag(0x0010, 0x0020);
const IDENTITY_REMOVED: Tag = Tag(0x0012, 0x0062);
const METHOD: Tag = Tag(0x0012, 0x0063);
const METHOD_CODES: Tag = Tag(0x0012, 0x0064);
const TEMPORAL: Tag = Tag(0x0028, 0x0303);

/// What is written anew, whatever the object said.
const WRITTEN: [Tag; 5] = [
    CHARACTER_SET,
    IDENTITY_REMOVED,
    METHOD,
    METHOD_CODES,
    TEMPORAL,
];

const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";

/// This implementation's own UID, made from a random UUID (PS3.5, B.2).
const IMPLEMENTATION: &str = "2.25.277334227454256153823680873377670233802";
const IMPLEMENTATION_NAME: &str = "SPINEMED";

/// An object that says nothing of whom it shows, but for what the profile keeps.
#[derive(Clone)]
pub struct CleanObject {
    object: FileDicomObject<InMemDicomObject>,
    /// How often each rule was used, by the rule's name: the table's letters `X`, `Z`, `D`,
    /// `U`; `shift`, `pseudonym`, `keep`, `empty`, `private`, `default-deny`, `written`
    /// (anew), `unknown-value` (removed because its rule knows no such value), `surplus`
    /// (bytes behind the last frame), `overlay-bits` (bits of the pixels outside the picture
    /// cleared), `comments` (frames whose compressed stream had comments), `content` and
    /// `content-removed` (items of content trees), `graphics`.
    pub actions: BTreeMap<String, u64>,
    identities: Identities,
}

impl CleanObject {
    /// The clean object.
    #[must_use]
    pub fn object(&self) -> &FileDicomObject<InMemDicomObject> {
        &self.object
    }

    /// What UIDs became. It names the patient's studies: it belongs beside the key, or nowhere.
    #[must_use]
    pub fn identities(&self) -> &Identities {
        &self.identities
    }

    /// Writes into the object what became of its pixels, which other rules look at: see
    /// [`claim_pixels`].
    pub fn claim_pixels(&mut self, text: BurnedIn, features: Features) {
        claim_pixels(&mut self.object, text, features);
    }

    /// The clean object as a file (PS3.10, 7.1), with a preamble of zeros.
    ///
    /// # Errors
    /// [`ObjectRefusal::Unwritable`] when the transfer syntax cannot be written.
    pub fn bytes(&self) -> Result<Vec<u8>, ObjectRefusal> {
        // Pixels are most of an object: room for them at once saves copying them over and over.
        let pixels = self.object.get(pixels::PIXEL_DATA);
        let samples = pixels.and_then(|element| element.value().primitive());
        let length = samples.map_or(0, |samples| samples.calculate_byte_len());
        let mut bytes = Vec::with_capacity(HEADER + length);
        // The library's error may quote values, so it is not passed on.
        self.object
            .write_all(&mut bytes)
            .map_err(|_| ObjectRefusal::Unwritable)?;
        Ok(bytes)
    }
}

impl fmt::Debug for CleanObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CleanObject").field(&self.actions).finish()
    }
}

/// Cleans one object of a patient. What it says of people is added to `known` first, also
/// where it is then refused.
///
/// ```
/// use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
/// use spinemed_core::profile::Profile;
/// use spinemed_deidentify::{Key, Known, ObjectRefusal, Policy, Subject, object};
///
/// let key = Key::parse(&Key::file(std::array::from_fn(|at| at as u8))).unwrap();
/// let subject = Subject::new(&key, "MRN 12").unwrap();
/// let meta = FileMetaTableBuilder::new().transfer_syntax("1.2.840.10008.1.2.1").build();
/// let raw = InMemDicomObject::new_empty().with_exact_meta(meta.unwrap());
/// let policy = Policy::pictures(Profile::default());
/// let refused = object(&raw, &subject, &mut Known::default(), &policy).unwrap_err();
/// assert_eq!(refused, ObjectRefusal::NoPatientId);
/// ```
///
/// # Errors
/// [`ObjectRefusal`], where a rule cannot be applied. It carries no value of the object.
pub fn object(
    raw: &FileDicomObject<InMemDicomObject>,
    subject: &Subject,
    known: &mut Known,
    policy: &Policy,
) -> Result<CleanObject, ObjectRefusal> {
    let identifiers = harvest::harvest(raw, known)?;
    let class = admit(raw, subject, policy)?;
    let syntax = match trimmed(raw.meta().transfer_syntax()) {
        // Deflating is undone by the reader; the pixels are those of the plain encoding.
        DEFLATED => EXPLICIT_LITTLE,
        syntax => syntax,
    };
    let rules = Rules::of(&policy.profile);
    let cleaned = std::mem::take(&mut known.cleaned);
    let mut walk = Walk {
        subject,
        known,
        cleaned,
        rules: &rules,
        scope: policy.scope,
        class: &class,
        parents: Vec::new(),
        identifiers: &identifiers,
        identities: Identities::default(),
        actions: BTreeMap::new(),
    };
    let mut clean = walk.object(raw, 0, &WRITTEN);
    for rule in pixels::copy(raw, &mut clean, syntax, policy.scope)? {
        walk.count(rule);
    }
    claim::write(&mut clean, &rules, &class);
    let instance =
        one_text(&clean, SOP_INSTANCE).ok_or(ObjectRefusal::Attribute { tag: SOP_INSTANCE })?;
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(class.as_str())
        .media_storage_sop_instance_uid(instance)
        .transfer_syntax(syntax)
        .implementation_class_uid(IMPLEMENTATION)
        .implementation_version_name(IMPLEMENTATION_NAME)
        .build()
        .map_err(|_| ObjectRefusal::Unwritable)?;
    let made = CleanObject {
        object: clean.with_exact_meta(meta),
        actions: counts(walk.actions),
        identities: walk.identities,
    };
    known.cleaned = walk.cleaned;
    Ok(made)
}

fn counts(actions: BTreeMap<&'static str, u64>) -> BTreeMap<String, u64> {
    let named = actions
        .into_iter()
        .map(|(rule, count)| (rule.to_owned(), count));
    named.collect()
}

/// Whether the object is an image of this patient. Returns its class.
fn admit(
    raw: &FileDicomObject<InMemDicomObject>,
    subject: &Subject,
    policy: &Policy,
) -> Result<String, ObjectRefusal> {
    if raw.tags().any(|tag| tag.group() == 0x0004) {
        return Err(ObjectRefusal::Directory);
    }
    let class = one_text(raw, SOP_CLASS);
    if let Some(class) = &class {
        class::admit(class, policy)?;
    }
    let id = raw.get(PATIENT_ID).ok_or(ObjectRefusal::NoPatientId)?;
    let ids = value::texts(id).ok_or(ObjectRefusal::Undecodable { tag: PATIENT_ID })?;
    if ids.is_empty() {
        return Err(ObjectRefusal::NoPatientId);
    }
    // An identifier may hold a backslash by mistake; the parts together are what was typed.
    if !subject.is(&ids.join("\\")) {
        return Err(ObjectRefusal::OtherPatient);
    }
    if policy.scope == Scope::Pictures && overlay::embedded(raw) {
        return Err(ObjectRefusal::EmbeddedOverlay);
    }
    class.ok_or(ObjectRefusal::Attribute { tag: SOP_CLASS })
}

/// The single text of an element, if it has one.
fn one_text(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    match value::texts(object.get(tag)?)?.as_slice() {
        [one] if !one.is_empty() => Some(one.clone()),
        _ => None,
    }
}

fn trimmed(uid: &str) -> &str {
    uid.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}
