//! A study's key pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};
use spinemed_core::Problem;
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::media::Media;
use spinemed_core::seam::Tree;
use spinemed_core::source::Manifest;
use spinemed_core::study::StudyImage;
use spinemed_core::vocabulary::Modality;
use spinemed_dicom::frame_png;

use super::Read;
use super::marks::{Descriptions, Mark};
use crate::cells::problem;

/// Key pictures of a study are the instances that carry marks, at most this many of each
/// kind of series (`Sagittal T1` …): one per disc. Of a kind's instances the one that shows
/// most labels not yet shown comes first, until every marked label is shown.
pub const KEY_IMAGES_PER_KIND: usize = 5;

/// Endings of instances, the first that is there wins.
const ENDINGS: [&str; 4] = ["dcm", "png", "jpg", "jpeg"];
const MAX_SIDE: u32 = 20_000;

/// What choosing pictures needs to know.
pub struct Context<'a> {
    /// The source's declaration.
    pub manifest: &'a Manifest,
    /// Its files.
    pub tree: &'a dyn Tree,
    /// Its files' names.
    pub names: &'a BTreeSet<String>,
    /// What each series is.
    pub series: &'a Descriptions,
}

/// A series' description, the series and the instance.
type Key<'a> = (&'a str, u32);

/// Gives a study its key pictures and returns them. Pictures that are missing or damaged are
/// problems, and the next best take their place.
pub fn choose(
    cx: &Context<'_>,
    study: &mut Read,
    marks: &[Mark],
    problems: &mut Vec<Problem>,
) -> Vec<Media> {
    let mut kinds: BTreeMap<Option<&str>, BTreeMap<Key<'_>, BTreeSet<&str>>> = BTreeMap::new();
    for mark in marks {
        let kind = cx
            .series
            .get(&(study.name.clone(), mark.series.clone()))
            .map(String::as_str);
        let labels = kinds
            .entry(kind)
            .or_default()
            .entry((&mark.series, mark.instance))
            .or_default();
        labels.extend(mark.label.as_deref());
    }
    let mut media = Vec::new();
    for (kind, candidates) in kinds {
        choose_of_kind(cx, study, kind, candidates, &mut media, problems);
    }
    if media.is_empty() {
        let why = if marks.is_empty() {
            "no instance carries a mark"
        } else {
            "none can be read"
        };
        let file = format!("train_images/{}", study.name);
        problems.push(problem(
            cx.manifest,
            &file,
            "study",
            format!("no picture: {why}"),
        ));
    }
    media
}

fn choose_of_kind(
    cx: &Context<'_>,
    study: &mut Read,
    kind: Option<&str>,
    mut candidates: BTreeMap<Key<'_>, BTreeSet<&str>>,
    media: &mut Vec<Media>,
    problems: &mut Vec<Problem>,
) {
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut kept = 0;
    while kept < KEY_IMAGES_PER_KIND {
        let gain = |labels: &BTreeSet<&str>| labels.difference(&shown).count();
        // `max_by_key` takes the last of equals; reversed, the lowest series and instance.
        let best = candidates
            .iter()
            .rev()
            .max_by_key(|(_, labels)| gain(labels));
        let Some((&key, labels)) = best.filter(|(_, labels)| gain(labels) > 0) else {
            return;
        };
        let labels = labels.clone();
        candidates.remove(&key);
        match load(cx, study, key) {
            Ok((place, picture)) => {
                study.study.images.push(StudyImage {
                    media: picture.reference.clone(),
                    series_description: kind.map(str::to_owned),
                    place,
                    shows: in_order(study, &labels),
                });
                media.push(picture);
                shown.extend(labels);
                kept += 1;
            }
            Err((file, reason)) => problems.push(problem(cx.manifest, &file, "file", reason)),
        }
    }
}

/// Label ids in the order of the study's labels.
fn in_order(study: &Read, labels: &BTreeSet<&str>) -> Vec<String> {
    let all = study.study.labels.iter().map(|label| &label.id);
    all.filter(|id| labels.contains(id.as_str()))
        .cloned()
        .collect()
}

/// Reads an instance's file.
fn load(
    cx: &Context<'_>,
    study: &Read,
    (series, instance): Key<'_>,
) -> Result<(Locator, Media), (String, String)> {
    let stem = format!("train_images/{}/{series}/{instance}", study.name);
    let file = |ending: &&str| cx.names.get(&format!("{stem}.{ending}"));
    let Some(name) = ENDINGS.iter().find_map(file) else {
        let reason = "the marked instance is not in the source".to_owned();
        return Err((format!("{stem}.dcm"), reason));
    };
    let told = |reason: String| (name.clone(), reason);
    let bytes = cx.tree.read(name).map_err(told)?;
    let sha256 = cx.tree.digest(name).map_err(told)?;
    let dicom = name.ends_with(".dcm");
    let media = if dicom {
        slice(&bytes)
    } else {
        picture(&bytes)
    }
    .map_err(told)?;
    let place = Locator {
        study: Some(study.name.clone()),
        series: Some(series.to_owned()),
        instance: Some(instance.to_string()),
        frame: dicom.then_some(1),
        ..Locator::of_file(FileRef {
            path: name.clone(),
            sha256,
        })
    };
    Ok((place, media))
}

fn slice(bytes: &[u8]) -> Result<Media, String> {
    let frame = frame_png(bytes, 1).map_err(|error| error.to_string())?;
    match frame.modality {
        Modality::Mr | Modality::Other => Ok(frame.media),
        other => Err(format!("modality {other} in a dataset of MR")),
    }
}

/// Decodes a picture once, so that a damaged one is found here.
fn picture(bytes: &[u8]) -> Result<Media, String> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|error| error.to_string())?;
    let media_type = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::Jpeg) => "image/jpeg",
        _ => return Err("neither PNG nor JPEG".to_owned()),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    reader.limits(limits);
    let picture = reader
        .decode()
        .map_err(|error| format!("it does not decode: {error}"))?;
    Ok(Media::new(
        bytes.to_vec(),
        media_type,
        (picture.width(), picture.height()),
        "original",
    ))
}
