//! One case folder on its way through the gate: record, objects, pictures, clean case.
//!
//! Objects are read twice: once all of them, for what they say of people and for the order of
//! their slices, without keeping pixels; once the few that are shown. So memory holds one
//! object's pixels at a time, however long the series are.

use dicom_object::DefaultDicomObject;
use spinemed_cases::CaseFile;
use spinemed_core::ids::DocumentId;
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::media::Media;
use spinemed_core::seam::{Record, Tree};
use spinemed_core::source::Manifest;
use spinemed_core::study::StudyImage;
use spinemed_core::vocabulary::ProfileOption;
use spinemed_core::{DropReason, Problem};
use spinemed_deidentify::{
    CleanObject, Deidentified, Grey, Key, Known, Policy, Proven, Refusal, Subject, Surroundings,
    pixels,
};
use spinemed_dicom::series::{Assembled, Chosen, KeyFrame, adapted_limit, assemble, choose};
use spinemed_dicom::{DicomError, Setting};
use spinemed_store::{Output, UnitOutcome};

use super::case::CaseMeta;
use super::faces::Faces;
use super::{ShardCx, WorkError};
use crate::report::InOut;

/// A case's folder, as its veil shows it.
pub(super) struct Folder<'a> {
    /// The unit: `source/case-…`.
    pub name: &'a str,
    pub manifest: &'a Manifest,
    pub tree: &'a dyn Tree,
    pub key: &'a Key,
    /// The most pictures; none: by what the case has.
    pub pictures: Option<usize>,
}

/// What is found on the way.
#[derive(Default)]
struct Found {
    known: Known,
    meta: CaseMeta,
    withheld: Vec<(String, DropReason)>,
    problems: Vec<Problem>,
}

/// A clean object without its pixels, and the file that it came from.
struct Header {
    file: String,
    object: DefaultDicomObject,
}

impl Folder<'_> {
    /// Reads and cleans the case. What cannot be used is told; nothing raw is kept.
    pub fn clean(&self, cx: &mut ShardCx<'_>) -> Result<UnitOutcome, WorkError> {
        let read = spinemed_cases::read(self.tree);
        let mut found = Found::default();
        for problem in &read.problems {
            let place = problem.place.to_string();
            found
                .problems
                .push(self.problem(&problem.file, &place, &problem.reason.to_string()));
        }
        let cleaned = match read.case {
            Ok((file, name)) => self.case(&file, &name, &read.others, &mut found, cx),
            Err(error) if error.lacks_permission() => Err(DropReason::Consent {
                detail: error.to_string(),
            }),
            Err(error) => Err(DropReason::BadInput {
                problem: self.problem(self.name, "case", &error.to_string()),
            }),
        };
        let mut outcome = UnitOutcome {
            problems: found.problems,
            skipped: found.withheld,
            ..UnitOutcome::default()
        };
        match cleaned {
            Ok((case, media)) => {
                found.meta.until = case.until;
                for (rule, times) in spinemed_deidentify::redactions(&case) {
                    found.meta.actions.insert(rule, times);
                }
                outcome.media = self.keep(media, cx)?;
                outcome.passed = 1;
                let record = case.map(|case| Record::Case(Box::new(case)));
                let (digest, clearance) = cx.keep_cleared(&record)?;
                outcome.outputs.push(Output {
                    name: self.name.to_owned(),
                    digest,
                    meta: serde_json::to_value(&found.meta).expect("summaries serialise"),
                    clearance,
                });
            }
            Err(reason) => outcome.rejected.push((self.name.to_owned(), reason)),
        }
        Ok(outcome)
    }

    fn keep(
        &self,
        media: Vec<Media>,
        cx: &ShardCx<'_>,
    ) -> Result<Vec<spinemed_core::Digest>, WorkError> {
        let mut kept = Vec::new();
        for picture in media {
            cx.blobs.put(&picture.bytes)?;
            kept.push(picture.reference.sha256);
        }
        Ok(kept)
    }

    fn problem(&self, file: &str, place: &str, reason: &str) -> Problem {
        Problem {
            source: self.manifest.id.to_string(),
            file: file.to_owned(),
            place: place.to_owned(),
            reason: reason.to_owned(),
        }
    }

    fn case(
        &self,
        file: &CaseFile,
        name: &str,
        others: &[String],
        found: &mut Found,
        _: &ShardCx<'_>,
    ) -> Result<(Deidentified<spinemed_core::case::Case>, Vec<Media>), DropReason> {
        let refused = |refusal: Refusal| DropReason::from(&refusal);
        let subject = Subject::new(self.key, &file.patient.id).map_err(refused)?;
        spinemed_deidentify::harvest(file, &mut found.known).map_err(refused)?;
        let headers = self.headers(others, &subject, found);
        let objects: Vec<&DefaultDicomObject> = headers.iter().map(|h| &h.object).collect();
        let assembled = assemble(&objects);
        for (at, reason) in &assembled.left_out {
            self.withhold(&headers[*at].file, &reason.to_string(), found);
        }
        let keys = keys(file, &subject);
        let most = self.pictures;
        let most = most.unwrap_or_else(|| adapted_limit(&assembled.series));
        let chosen = choose(&assembled.series, &keys, most);
        let mut faces = Faces::new(self.manifest.redistribution);
        let mut images = Vec::new();
        let mut media = Vec::new();
        for choice in &chosen {
            found.meta.pictures.entered += 1;
            let header = &headers[choice.object];
            if let Err(reason) = faces.let_out(choice, &header.object) {
                found.meta.pictures.rejected += 1;
                let part = format!("{} frame {}", header.file, choice.frame);
                self.withhold(&part, &reason, found);
                continue;
            }
            match self.picture(choice, &assembled, header, file, &subject) {
                Ok((image, picture)) => {
                    found.meta.pictures.out += 1;
                    images.push(image);
                    media.push(picture);
                }
                Err(reason) => {
                    found.meta.pictures.rejected += 1;
                    let part = format!("{} frame {}", header.file, choice.frame);
                    self.withhold(&part, &reason, found);
                }
            }
        }
        let surroundings = Surroundings {
            id: DocumentId::new(self.name),
            file: self.file(name),
            images,
        };
        let case = spinemed_deidentify::case(file, &subject, &found.known, surroundings);
        Ok((case.map_err(refused)?, media))
    }

    /// Every object that may leave, without pixels. What the others say of people is known
    /// from here on as well.
    fn headers(&self, others: &[String], subject: &Subject, found: &mut Found) -> Vec<Header> {
        let mut headers = Vec::new();
        for name in others {
            found.meta.objects.entered += 1;
            match self.object(name, subject, &mut found.known) {
                Ok(clean) => {
                    found.meta.objects.out += 1;
                    for (rule, times) in &clean.actions {
                        let entry = found.meta.actions.entry(format!("header: {rule}"));
                        *entry.or_default() += times;
                    }
                    headers.push(Header {
                        file: name.clone(),
                        object: spinemed_dicom::without_pixels(clean.object()),
                    });
                }
                Err(Stopped::Withheld(reason)) => {
                    found.meta.objects.rejected += 1;
                    self.withhold(name, &reason, found);
                }
                Err(Stopped::Damaged(reason)) => {
                    found.meta.objects.rejected += 1;
                    found.problems.push(self.problem(name, "object", &reason));
                    self.withhold(name, &reason, found);
                }
            }
        }
        headers
    }

    fn object(
        &self,
        name: &str,
        subject: &Subject,
        known: &mut Known,
    ) -> Result<CleanObject, Stopped> {
        let bytes = self.tree.read(name).map_err(Stopped::Damaged)?;
        let raw = spinemed_dicom::read(&bytes).map_err(|error| match error {
            DicomError::NotDicom => {
                Stopped::Withheld("no DICOM object, so no rule cleans it".into())
            }
            // The identifier stands in the object's header, and might be anything.
            DicomError::TransferSyntax { .. } => {
                Stopped::Withheld("its transfer syntax is not supported".into())
            }
            error => Stopped::Damaged(error.to_string()),
        })?;
        let policy = Policy::pictures(self.manifest.deidentify.clone());
        spinemed_deidentify::object(&raw, subject, known, &policy)
            .map_err(|refusal| Stopped::Withheld(refusal.to_string()))
    }

    fn picture(
        &self,
        choice: &Chosen,
        assembled: &Assembled,
        header: &Header,
        file: &CaseFile,
        subject: &Subject,
    ) -> Result<(Proven<StudyImage>, Media), String> {
        let clean = self
            .object(&header.file, subject, &mut Known::default())
            .map_err(|stopped| stopped.reason())?;
        let clean = self.without_text(clean.object().clone())?;
        let picture =
            spinemed_dicom::picture(&clean, choice.frame, Setting::Usual).map_err(|error| {
                match error {
                    DicomError::TransferSyntax { .. } => {
                        "its transfer syntax is not supported".into()
                    }
                    error => error.to_string(),
                }
            })?;
        let series = &assembled.series[choice.series];
        let slice = &series.stacks[choice.stack].slices[choice.slice];
        let mut place = Locator::of_file(self.file(&header.file));
        place.study = Some(series.study_uid.clone());
        place.series = Some(series.series_uid.clone());
        place.instance = Some(slice.instance_uid.clone());
        place.frame = Some(choice.frame);
        let image = StudyImage {
            media: picture.media.reference.clone(),
            series_description: choice.title.clone(),
            place,
            shows: Vec::new(),
        };
        let ids = choice.keys.iter().map(|at| file.key_images[*at].id.clone());
        let grey = Grey {
            width: picture.grey.width,
            height: picture.grey.height,
            pixels: &picture.grey.pixels,
        };
        let proven = spinemed_deidentify::picture(image, ids.collect(), &grey, &clean);
        Ok((proven.map_err(|s| s.to_string())?, picture.media))
    }

    /// The object with burned-in text blanked, where the source asks for it. What is rendered of
    /// it must be proven clean all the same.
    fn without_text(&self, mut object: DefaultDicomObject) -> Result<DefaultDicomObject, String> {
        if self.manifest.deidentify.has(ProfileOption::CleanPixelData) {
            let wanted = pixels::Wanted::default();
            pixels::blank(&mut object, &wanted, &[]).map_err(|found| found.to_string())?;
        }
        Ok(object)
    }

    fn file(&self, name: &str) -> FileRef {
        FileRef {
            path: name.to_owned(),
            sha256: self
                .tree
                .digest(name)
                .expect("the name comes from this tree"),
        }
    }

    fn withhold(&self, part: &str, reason: &str, found: &mut Found) {
        let detail = reason.to_owned();
        let name = format!("{}/{part}", self.manifest.id);
        found.withheld.push((name, DropReason::Privacy { detail }));
    }
}

/// Why an object goes no further.
enum Stopped {
    /// A rule forbids it.
    Withheld(String),
    /// It cannot be read.
    Damaged(String),
}

impl Stopped {
    fn reason(self) -> String {
        match self {
            Self::Withheld(reason) | Self::Damaged(reason) => reason,
        }
    }
}

/// The case file's key images, under the UIDs that stand for theirs.
fn keys(file: &CaseFile, subject: &Subject) -> Vec<KeyFrame> {
    file.key_images
        .iter()
        .map(|key| KeyFrame {
            series_uid: subject.uid(&key.series_uid),
            instance_uid: key.instance_uid.as_deref().map(|uid| subject.uid(uid)),
            frame: key.frame,
        })
        .collect()
}

impl InOut {
    /// Whether in = out + rejected.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.entered == self.out + self.rejected
    }
}
