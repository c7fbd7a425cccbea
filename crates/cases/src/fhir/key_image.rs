//! Media: key images.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::case::KeyImage;

use super::imaging::{Read, oid};
use super::index::Index;
use crate::cursor::Cursor;
use crate::fault::{CaseProblem, Reason};
use crate::value::is_uid;

/// Key images: objects that a report's `media` link to and a study of the bundles lists.
pub(super) fn key_images(
    index: &Index,
    reports: &[Read],
    problems: &mut Vec<CaseProblem>,
) -> Vec<KeyImage> {
    let series = series(index);
    let mut seen = BTreeSet::new();
    let mut all: Vec<KeyImage> = Vec::new();
    for read in reports {
        let report = index.at(read.resource);
        for media in report.body.items("media") {
            let link = media.get("link");
            let object = link.and_then(|link| object(index, read.resource, &link));
            let listed = object.and_then(|uid| Some((series.get(uid.as_str())?, uid)));
            let Some((series_uid, instance_uid)) = listed else {
                problems.push(report.problem_at(&media, Reason::Unresolved));
                continue;
            };
            if seen.insert(instance_uid.clone()) {
                all.push(KeyImage {
                    id: format!("k{}", all.len() + 1),
                    series_uid: (*series_uid).to_owned(),
                    instance_uid: Some(instance_uid),
                    frame: 1,
                });
            }
        }
    }
    all
}

/// The SOP Instance UID (0008,0018) that a Media has as its identifier.
fn object<'a>(index: &Index<'a>, from: usize, link: &Cursor<'a>) -> Option<String> {
    let media = index.at(index.resolve(from, link)?);
    media.body.items("identifier").iter().find_map(oid)
}

/// The Series Instance UID (0020,000E) of every object that a study lists.
fn series<'a>(index: &Index<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut all = BTreeMap::new();
    for (_, study) in index.of("ImagingStudy") {
        for series in study.body.items("series") {
            let Some(uid) = series.str_of("uid").filter(|uid| is_uid(uid)) else {
                continue;
            };
            for object in series.items("instance") {
                all.extend(object.str_of("uid").map(|object| (object, uid)));
            }
        }
    }
    all
}
