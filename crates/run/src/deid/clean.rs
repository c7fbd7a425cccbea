//! The second pass: objects are cleaned and written.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use dicom_object::{FileDicomObject, InMemDicomObject, Tag};
use rayon::prelude::*;
use spinemed_core::Digest;
use spinemed_deidentify::{CleanObject, Known, Policy, Subject, object};
use spinemed_dicom::read;
use spinemed_store::read_file;

use super::journal::{Done, Journal, Line, Written};
use super::regions::RegionsFile;
use super::survey::{Found, Item, Patient, Survey, trimmed};
use super::{DeidError, Options, World, mapping, pixels};

const STUDY: Tag = Tag(0x0020, 0x000D);
const SERIES: Tag = Tag(0x0020, 0x000E);
const INSTANCE: Tag = Tag(0x0008, 0x0018);
const METHOD_CODES: Tag = Tag(0x0012, 0x0064);
const CODE_VALUE: Tag = Tag(0x0008, 0x0100);

/// Objects of one patient that one worker takes at a time: what is known of the patient is
/// copied once for all of them.
const GROUP: usize = 16;

/// The pass, with what it needs.
pub(super) struct Cleaning<'a> {
    pub(super) options: &'a Options,
    pub(super) world: &'a World<'a>,
    pub(super) survey: &'a Survey,
    pub(super) regions: &'a RegionsFile,
    pub(super) journal: &'a Journal,
}

/// What the pass came to.
#[derive(Default)]
pub(super) struct Cleaned {
    /// A line for each object that was reached, in order of patients and names.
    pub(super) lines: Vec<Line>,
    /// Old UID to new; filled where a mapping is asked for.
    pub(super) uids: BTreeMap<String, String>,
    /// How many objects an earlier run had done.
    pub(super) reused: u64,
    /// Whether some objects were not reached.
    pub(super) interrupted: bool,
}

/// An object's way through.
struct Way {
    line: Line,
    uids: BTreeMap<String, String>,
    reused: bool,
}

impl Cleaning<'_> {
    /// Cleans all objects.
    ///
    /// # Errors
    /// [`DeidError::Store`], the first that a worker met.
    pub(super) fn all(&self) -> Result<Cleaned, DeidError> {
        let groups = self.groups();
        let of = groups.iter().map(|(_, items)| items.len()).sum();
        self.world.progress.stage("cleaning", of, of);
        let broken: Mutex<Option<DeidError>> = Mutex::default();
        let ways: Vec<Vec<Way>> = groups
            .par_iter()
            .map(
                |(patient, items)| match self.group(patient, items, &broken) {
                    Ok(ways) => ways,
                    Err(error) => {
                        let mut first = broken.lock().expect("no holder of this lock panics");
                        first.get_or_insert(error);
                        Vec::new()
                    }
                },
            )
            .collect();
        self.world.progress.end();
        if let Some(error) = broken.into_inner().expect("no holder of this lock panics") {
            return Err(error);
        }
        let mut cleaned = Cleaned::default();
        for way in ways.into_iter().flatten() {
            cleaned.reused += u64::from(way.reused);
            cleaned.uids.extend(way.uids);
            cleaned.lines.push(way.line);
        }
        cleaned.interrupted = self.survey.interrupted || cleaned.lines.len() < of;
        Ok(cleaned)
    }

    /// Objects by patient, in small groups.
    fn groups(&self) -> Vec<(&Patient, Vec<&Item>)> {
        let mut by_patient: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in &self.survey.items {
            if let Found::Object { patient, .. } = &item.found {
                by_patient.entry(patient).or_default().push(item);
            }
        }
        let mut groups = Vec::new();
        for (pseudonym, items) in by_patient {
            let patient = &self.survey.patients[pseudonym];
            groups.extend(items.chunks(GROUP).map(|part| (patient, part.to_vec())));
        }
        groups
    }

    fn group(
        &self,
        patient: &Patient,
        items: &[&Item],
        broken: &Mutex<Option<DeidError>>,
    ) -> Result<Vec<Way>, DeidError> {
        let mut known = None;
        let mut ways = Vec::new();
        for item in items {
            let failed = broken
                .lock()
                .expect("no holder of this lock panics")
                .is_some();
            if failed || self.world.stop.load(Ordering::Relaxed) {
                break;
            }
            ways.push(self.one(patient, item, &mut known)?);
            self.world.progress.advance(1);
        }
        Ok(ways)
    }

    /// One object: from an earlier run, or anew. For a mapping it is cleaned again, because
    /// old UIDs are kept nowhere.
    fn one(
        &self,
        patient: &Patient,
        item: &Item,
        known: &mut Option<Known>,
    ) -> Result<Way, DeidError> {
        let with = self.with(patient, item);
        let earlier = self.journal.reuse(&item.alias, &with);
        if let (Some(done), None) = (&earlier, &self.options.mapping) {
            return Ok(self.way(item, with, done.clone(), BTreeMap::new(), true));
        }
        let known = known.get_or_insert_with(|| patient.known.clone());
        let reused = earlier.is_some();
        let object = Object {
            cleaning: self,
            item,
            subject: &patient.subject,
        };
        // Decoders are fed with hostile bytes. An object that a fault comes of is rejected.
        let cleaned = catch_unwind(AssertUnwindSafe(|| object.clean(known)));
        let cleaned = cleaned.unwrap_or_else(|_| {
            *known = patient.known.clone();
            Err(("object".into(), "a part of the program failed on it".into()))
        });
        let (done, uids) = match cleaned {
            Err((place, reason)) => (Done::Rejected { place, reason }, BTreeMap::new()),
            Ok((written, bytes, uids)) => {
                if !reused {
                    self.journal.folder.put(&written.name, &bytes)?;
                }
                (Done::Out(written), uids)
            }
        };
        let done = earlier.unwrap_or(done);
        let way = self.way(item, with, done, uids, reused);
        if !reused {
            self.journal.enter(&way.line)?;
        }
        Ok(way)
    }

    fn way(
        &self,
        item: &Item,
        with: Digest,
        done: Done,
        uids: BTreeMap<String, String>,
        reused: bool,
    ) -> Way {
        let file = item.alias.clone();
        Way {
            line: Line { file, with, done },
            uids,
            reused,
        }
    }

    /// Everything that the result depends on, beside the settings: the object, all objects of
    /// the patient, and what a person said.
    fn with(&self, patient: &Patient, item: &Item) -> Digest {
        let Found::Object {
            input, instance, ..
        } = &item.found
        else {
            return patient.inputs;
        };
        let said = self.regions.objects.get(instance);
        Digest::of_json(&(input, patient.inputs, said))
    }
}

/// Place and reason of a rejection.
type Rejection = (String, String);
/// What is written, its bytes, and old UIDs with their new ones.
type Made = (Written, Vec<u8>, BTreeMap<String, String>);

struct Object<'a> {
    cleaning: &'a Cleaning<'a>,
    item: &'a Item,
    subject: &'a Subject,
}

impl Object<'_> {
    fn clean(&self, known: &mut Known) -> Result<Made, Rejection> {
        let options = self.cleaning.options;
        let mut raw = self.read()?;
        let said = match &self.item.found {
            Found::Object { instance, .. } => self.cleaning.regions.objects.get(instance),
            _ => None,
        };
        let pixels = pixels::clean(&mut raw, said, options, self.cleaning.world)
            .map_err(|reason| ("pixels".to_owned(), reason))?;
        let policy = Policy::objects(options.profile.clone());
        let mut clean = object(&raw, self.subject, known, &policy)
            .map_err(|refusal| ("header".to_owned(), refusal.to_string()))?;
        let uids = match options.mapping {
            Some(_) => mapping::uids(&raw, clean.object(), self.subject),
            None => BTreeMap::new(),
        };
        drop(raw);
        clean.claim_pixels(pixels.text, pixels.features);
        let bytes = clean
            .bytes()
            .map_err(|refusal| ("object".to_owned(), refusal.to_string()))?;
        let written = Written {
            name: self.name(clean.object()),
            sha256: Digest::of(&bytes),
            claims: claims(&clean),
            actions: clean.actions,
            frames: pixels.frames,
        };
        Ok((written, bytes, uids))
    }

    fn read(&self) -> Result<FileDicomObject<InMemDicomObject>, Rejection> {
        let file = |reason: &str| ("file".to_owned(), reason.to_owned());
        let bytes = read_file(&self.item.path).map_err(|_| file("cannot be read"))?;
        let now = self.cleaning.world.key.commitment(&Digest::of(&bytes));
        match &self.item.found {
            Found::Object { input, .. } if *input == now => {}
            _ => return Err(file("it changed while the run was going on")),
        }
        read(&bytes).map_err(|error| file(&error.to_string()))
    }

    /// Where the object goes: patient, study, series, instance. Only what is a UID may be part
    /// of a path.
    fn name(&self, clean: &InMemDicomObject) -> String {
        let part = |tag: Tag| {
            let value = clean.get(tag).and_then(|e| e.to_str().ok());
            let value = value.map(|v| trimmed(&v).to_owned()).unwrap_or_default();
            if value.is_empty() {
                "none".to_owned()
            } else if is_uid(&value) {
                value
            } else {
                self.subject.uid(&value)
            }
        };
        let [study, series, instance] = [STUDY, SERIES, INSTANCE].map(part);
        let patient = self.subject.pseudonym();
        format!("{patient}/{study}/{series}/{instance}.dcm")
    }
}

/// PS3.5, 9.1: at most 64 digits and dots, no component empty.
fn is_uid(value: &str) -> bool {
    let component = |c: &str| !c.is_empty() && c.bytes().all(|b| b.is_ascii_digit());
    value.len() <= 64 && value.split('.').all(component)
}

/// The codes of the profile and its options that the object says it was cleaned with.
fn claims(clean: &CleanObject) -> BTreeSet<String> {
    let codes = clean.object().get(METHOD_CODES).and_then(|e| e.items());
    let values = codes.into_iter().flatten().filter_map(|item| {
        let value = item.get(CODE_VALUE)?.to_str().ok()?;
        Some(trimmed(&value).to_owned())
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uids_become_folders() {
        for good in ["1.2.840", "2.25.77"] {
            assert!(is_uid(good));
        }
        for bad in ["", "..", "1..2", "../1", "1.2/3", "1.a", &"1".repeat(65)] {
            assert!(!is_uid(bad), "{bad}");
        }
    }
}
