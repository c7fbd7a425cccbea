//! Pictures before and after blanking, for the person who confirms or corrects it. They show
//! whatever was burned in, so they go to a private place alone.

use std::collections::BTreeMap;
use std::path::Path;

use spinemed_store::{read_file, write_private};

use super::DeidError;
use super::clean::Cleaned;
use super::journal::Journal;
use super::page::{blanked, framed, instance};
use super::picture::{outlined, small};
use super::regions::{ObjectRegions, RegionBox, RegionsFile};
use super::survey::Survey;

/// Objects on one page; there are as many pages as are needed.
const PAGE: usize = 50;
/// Frames of one object that are shown; frames with other boxes come first.
const FRAMES: usize = 4;

/// Writes `review-1.html`, … and `regions.json`, which the person edits and gives back with
/// `--regions`.
///
/// # Errors
/// [`DeidError::Store`].
pub(super) fn write(
    folder: &Path,
    survey: &Survey,
    cleaned: &Cleaned,
    journal: &Journal,
) -> Result<(), DeidError> {
    let sources: BTreeMap<&str, &Path> = survey
        .items
        .iter()
        .map(|item| (&*item.alias, item.path.as_path()))
        .collect();
    let blanked = blanked(cleaned);
    let mut regions = RegionsFile::default();
    for (_, out) in &blanked {
        let boxes = out.frames.iter().flat_map(|frame| {
            frame.regions.iter().map(|region| RegionBox {
                frame: Some(frame.frame),
                region: *region,
            })
        });
        let own = ObjectRegions {
            blank: boxes.collect(),
            ..ObjectRegions::default()
        };
        regions.objects.insert(instance(out).to_owned(), own);
    }
    let mut json = serde_json::to_vec_pretty(&regions).expect("regions serialise to JSON");
    json.push(b'\n');
    write_private(&folder.join("regions.json"), &json)?;
    for (page, part) in blanked.chunks(PAGE).enumerate() {
        let mut body = "<h1>Review of blanked pixels</h1>\n<p>Private: pictures on the left show \
                        what was burned in. Edit <code>regions.json</code> and run again with \
                        <code>--regions</code>.</p>\n"
            .to_owned();
        for (alias, out) in part {
            let before = sources.get(alias).and_then(|path| read_file(path).ok());
            let after = journal.folder.read(&out.name).ok();
            body += &format!("<h2><code>{}</code></h2>\n", instance(out));
            let mut last = None;
            let fresh = out
                .frames
                .iter()
                .filter(|frame| last.replace(&frame.regions) != Some(&frame.regions));
            for frame in fresh.take(FRAMES) {
                body += "<div class=\"pair\">";
                for (file, what) in [(&before, "before"), (&after, "after")] {
                    let shown = file.as_deref().and_then(|file| small(file, frame.frame));
                    let picture =
                        shown.map_or_else(String::new, |s| outlined(&s, &frame.regions, what));
                    body += &format!(
                        "<figure>{picture}<figcaption>{what}, frame {}</figcaption></figure>",
                        frame.frame
                    );
                }
                body += "</div>\n";
            }
        }
        let name = format!("review-{}.html", page + 1);
        let html = framed("Review of blanked pixels", &body);
        write_private(&folder.join(name), html.as_bytes())?;
    }
    Ok(())
}
