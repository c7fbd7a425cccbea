//! Parts with codes: symptoms, reports, findings, diagnoses, treatments, key images.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::case::{
    CaseFinding, Complaint, Diagnosis, ImagingReport, KeyImage, Symptom, Treatment,
};
use spinemed_core::clinical::Concept;
use spinemed_core::date::Date;
use spinemed_core::finding::{Grade, Measure};
use spinemed_core::level::Level;
use spinemed_core::vocabulary::{LevelCertainty, Modality, NumberingMethod, Side};

use super::person::date;
use super::words::in_order;
use super::{LONGEST_NOTE, LONGEST_TEXT, kept, optional};
use crate::cursor::Cursor;
use crate::fault::{Fault, Reason};
use crate::term::{self, Kinds};
use crate::value;

/// Why the patient came. Its text must be there; a wrong symptom is left out.
pub(super) fn complaint(from: &Cursor, faults: &mut Vec<Fault>) -> Result<Complaint, Fault> {
    from.strict(&["text", "symptoms"])?;
    let text = from.required("text")?.text(LONGEST_NOTE)?;
    let symptoms = kept(from, "symptoms", faults, symptom);
    Ok(Complaint {
        text,
        symptoms: values(symptoms),
    })
}

fn symptom(from: &Cursor) -> Result<Symptom, Fault> {
    from.strict(&["concept", "side", "duration"])?;
    let concept = concept(from, Kinds::STATE)?;
    let duration = |from: &Cursor| {
        let text = from.text(LONGEST_NOTE)?;
        let right = value::is_duration(&text).then_some(text);
        right.ok_or_else(|| from.fault(Reason::NoDuration))
    };
    Ok(Symptom {
        concept: concept.id.to_owned(),
        side: side(from, concept)?,
        duration: optional(from, "duration", duration)?,
    })
}

/// Imaging reports, by unique ids.
pub(super) fn imaging(
    root: &Cursor,
    birth: Option<Date>,
    faults: &mut Vec<Fault>,
) -> Vec<ImagingReport> {
    let reports = kept(root, "imaging", faults, |from| report(from, birth));
    values(unique(reports, |report| &report.id, faults))
}

fn report(from: &Cursor, birth: Option<Date>) -> Result<ImagingReport, Fault> {
    from.strict(&["id", "modality", "date", "study_uid", "text", "impression"])?;
    let day = |from: &Cursor| {
        let day = date(from)?;
        let late = birth.is_none_or(|birth| birth <= day).then_some(day);
        late.ok_or_else(|| from.fault(Reason::BeforeBirth))
    };
    Ok(ImagingReport {
        id: id(&from.required("id")?, 'i')?,
        modality: modality(&from.required("modality")?)?,
        date: optional(from, "date", day)?,
        study_uid: optional(from, "study_uid", uid)?,
        text: from.required("text")?.text(LONGEST_TEXT)?,
        impression: optional(from, "impression", |text| text.text(LONGEST_TEXT))?,
    })
}

/// How the patient was examined: drawings and charts examine nobody.
fn modality(from: &Cursor) -> Result<Modality, Fault> {
    let allowed = "`CT`, `MR`, `DX`, `NM`, `US`, `other`";
    let modality = from.parsed(Reason::NotOneOf { allowed })?;
    let examines = !matches!(
        modality,
        Modality::Drawing | Modality::Chart | Modality::Photograph | Modality::Text
    );
    let right = examines.then_some(modality);
    right.ok_or_else(|| from.fault(Reason::NotOneOf { allowed }))
}

/// Key images, by unique ids.
pub(super) fn key_images(root: &Cursor, faults: &mut Vec<Fault>) -> Vec<KeyImage> {
    let images = kept(root, "key_images", faults, key_image);
    values(unique(images, |image| &image.id, faults))
}

fn key_image(from: &Cursor) -> Result<KeyImage, Fault> {
    from.strict(&["id", "series_uid", "instance_uid", "frame"])?;
    let frame = |from: &Cursor| from.number(1, u64::from(u32::MAX));
    let frame = optional(from, "frame", frame)?.unwrap_or(1);
    Ok(KeyImage {
        id: id(&from.required("id")?, 'k')?,
        series_uid: uid(&from.required("series_uid")?)?,
        instance_uid: optional(from, "instance_uid", uid)?,
        frame: u32::try_from(frame).expect("the range is that of the type"),
    })
}

/// Findings whose references lead to what was kept.
pub(super) fn findings(
    root: &Cursor,
    reports: &[ImagingReport],
    images: &[KeyImage],
    faults: &mut Vec<Fault>,
) -> Vec<CaseFinding> {
    let reports: BTreeSet<&str> = reports.iter().map(|report| report.id.as_str()).collect();
    let images: BTreeSet<&str> = images.iter().map(|image| image.id.as_str()).collect();
    let read = |from: &Cursor| {
        let finding = finding(from)?;
        if let Some(report) = from.get("imaging") {
            known(&report, &reports)?;
        }
        let mut shown = from.items("shown").into_iter();
        shown.try_for_each(|image| known(&image, &images))?;
        Ok(finding)
    };
    values(kept(root, "findings", faults, read))
}

fn known(reference: &Cursor, ids: &BTreeSet<&str>) -> Result<(), Fault> {
    let found = reference.str().is_some_and(|id| ids.contains(id));
    found
        .then_some(())
        .ok_or_else(|| reference.fault(Reason::UnknownId))
}

fn finding(from: &Cursor) -> Result<CaseFinding, Fault> {
    from.strict(&[
        "concept",
        "level",
        "level_certainty",
        "numbering_method",
        "side",
        "grade",
        "measure",
        "negated",
        "imaging",
        "shown",
    ])?;
    let concept = concept(from, Kinds::STATE)?;
    let certainty = Reason::NotOneOf {
        allowed: "`annotated`, `stated`, `inferred_by_position`, `unknown`",
    };
    let numbering = Reason::NotOneOf {
        allowed: "`c2_count`, `rib_count`, `sacrum_up`, `reporter`, `none`",
    };
    let shown = |from: &Cursor| from.list()?.iter().map(|item| id(item, 'k')).collect();
    Ok(CaseFinding {
        concept: concept.id.to_owned(),
        level: level(from)?,
        level_certainty: optional(from, "level_certainty", |word| word.parsed(certainty))?
            .unwrap_or(LevelCertainty::Stated),
        numbering_method: optional(from, "numbering_method", |word| word.parsed(numbering))?
            .unwrap_or(NumberingMethod::Reporter),
        side: side(from, concept)?,
        grade: optional(from, "grade", grade)?,
        measure: optional(from, "measure", measure)?,
        negated: optional(from, "negated", Cursor::bool)?.unwrap_or(false),
        imaging: optional(from, "imaging", |from| id(from, 'i'))?,
        shown: optional(from, "shown", shown)?.unwrap_or_default(),
    })
}

/// Diagnoses.
pub(super) fn diagnoses(root: &Cursor, faults: &mut Vec<Fault>) -> Vec<Diagnosis> {
    let read = |from: &Cursor| {
        from.strict(&["concept", "level", "side"])?;
        let concept = concept(from, Kinds::STATE)?;
        Ok(Diagnosis {
            concept: concept.id.to_owned(),
            level: level(from)?,
            side: side(from, concept)?,
        })
    };
    values(kept(root, "diagnoses", faults, read))
}

/// Treatments, in order of time.
pub(super) fn treatments(
    root: &Cursor,
    birth: Option<Date>,
    faults: &mut Vec<Fault>,
) -> Vec<Treatment> {
    let read = |from: &Cursor| {
        from.strict(&["concept", "level", "side", "date", "text"])?;
        let concept = concept(from, Kinds::ACT)?;
        Ok(Treatment {
            concept: concept.id.to_owned(),
            level: level(from)?,
            side: side(from, concept)?,
            date: optional(from, "date", date)?,
            text: optional(from, "text", |text| text.text(LONGEST_TEXT))?,
        })
    };
    let all = kept(root, "treatments", faults, read);
    values(in_order(all, birth, |treatment| treatment.date, faults))
}

fn values<T>(kept: Vec<(T, Cursor<'_>)>) -> Vec<T> {
    kept.into_iter().map(|(value, _)| value).collect()
}

/// Leaves out every part whose id is not its own: a reference to it has two readings.
fn unique<'a, T>(
    parts: Vec<(T, Cursor<'a>)>,
    id: impl Fn(&T) -> &String,
    faults: &mut Vec<Fault>,
) -> Vec<(T, Cursor<'a>)> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (part, _) in &parts {
        *times.entry(id(part).clone()).or_default() += 1;
    }
    let (alone, shared): (Vec<_>, Vec<_>) = parts
        .into_iter()
        .partition(|(part, _)| times[id(part)] == 1);
    faults.extend(
        shared
            .iter()
            .map(|(_, from)| from.fault(Reason::RepeatedId)),
    );
    alone
}

fn concept(of: &Cursor, kinds: Kinds) -> Result<&'static Concept, Fault> {
    let from = of.required("concept")?;
    let id = from.text(LONGEST_NOTE)?;
    term::concept(&id, kinds).map_err(|reason| from.fault(reason))
}

fn level(of: &Cursor) -> Result<Option<Level>, Fault> {
    optional(of, "level", |from| from.parsed(Reason::NoLevel))
}

fn side(of: &Cursor, concept: &Concept) -> Result<Option<Side>, Fault> {
    let allowed = "`left`, `right`, `bilateral`, `central`";
    let read = |from: &Cursor| {
        let side = from.parsed(Reason::NotOneOf { allowed })?;
        let sided = concept.sided.then_some(side);
        sided.ok_or_else(|| from.fault(Reason::NotSided))
    };
    optional(of, "side", read)
}

fn grade(from: &Cursor) -> Result<Grade, Fault> {
    from.strict(&["scale", "value"])?;
    let scale = from.required("scale")?;
    let value = from.required("value")?;
    let written = (scale.text(LONGEST_NOTE)?, value.text(LONGEST_NOTE)?);
    value::grade(&written.0, &written.1).map_err(|reason| match reason {
        Reason::NoScale { .. } => scale.fault(reason),
        other => value.fault(other),
    })
}

fn measure(from: &Cursor) -> Result<Measure, Fault> {
    from.strict(&["value", "unit"])?;
    let value = from.required("value")?.text(LONGEST_NOTE)?;
    let unit = from.required("unit")?.text(LONGEST_NOTE)?;
    value::measure(&value, &unit).map_err(|reason| from.fault(reason))
}

fn id(from: &Cursor, letter: char) -> Result<String, Fault> {
    let right = from.str().filter(|text| value::is_id(text, letter));
    let id = right.ok_or_else(|| from.fault(Reason::NoId { letter }))?;
    Ok(id.to_owned())
}

fn uid(from: &Cursor) -> Result<String, Fault> {
    let right = from.str().filter(|text| value::is_uid(text));
    let uid = right.ok_or_else(|| from.fault(Reason::NoUid))?;
    Ok(uid.to_owned())
}
