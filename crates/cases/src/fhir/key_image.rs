//! Media: key images.

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
    let mut all: Vec<KeyImage> = Vec::new();
    for read in reports {
        let report = index.at(read.resource);
        for media in report.body.items("media") {
            let Some(uid) = media
                .get("link")
                .and_then(|link| object(index, read.resource, &link))
            else {
                problems.push(report.problem_at(&media, Reason::Unresolved));
                continue;
            };
            let Some(series_uid) = series_of(index, &uid) else {
                problems.push(report.problem_at(&media, Reason::Unresolved));
                continue;
            };
            let instance_uid = Some(uid);
            if all.iter().all(|image| image.instance_uid != instance_uid) {
                let id = format!("k{}", all.len() + 1);
                all.push(KeyImage {
                    id,
                    series_uid,
                    instance_uid,
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

/// The Series Instance UID (0020,000E) of the series that lists an object.
fn series_of(index: &Index, object: &str) -> Option<String> {
    let mut studies = index.of("ImagingStudy");
    studies.find_map(|(_, study)| {
        let all = study.body.items("series");
        let series = all.iter().find(|series| {
            let objects = series.items("instance");
            objects.iter().any(|own| own.str_of("uid") == Some(object))
        })?;
        let uid = series.str_of("uid")?;
        is_uid(uid).then(|| uid.to_owned())
    })
}
