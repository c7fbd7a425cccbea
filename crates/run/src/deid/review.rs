//! Pictures before and after blanking, for the person who confirms or corrects it. They show
//! whatever was burned in, so they go to a private place alone.

use std::collections::BTreeMap;
use std::path::Path;

use spinemed_store::{read_file, write_private};

use super::DeidError;
use super::clean::Cleaned;
use super::journal::{Done, Frame, Journal, Written};
use super::page::{blanked, framed, instance, safe};
use super::picture::{outlined, small};
use super::regions::{ObjectRegions, RegionBox, RegionsFile};
use super::survey::{Found, Item, Survey};

/// Objects on one page; there are as many pages as are needed.
const PAGE: usize = 50;
/// Frames of one object that are shown; frames with other boxes come first.
const FRAMES: usize = 4;

const HEAD: &str = "<h1>Review of blanked pixels</h1>\n<p>Private: pictures on the left show what \
was burned in. Edit <code>regions.json</code> and run again with <code>--regions</code>: move a \
box without text from <code>blank</code> to <code>keep</code>, add a box that was missed to \
<code>blank</code>, and set <code>confirmed</code> where you looked at every frame.</p>\n";

/// An object that a person should look at.
struct Shown<'a> {
    instance: &'a str,
    source: &'a Path,
    outcome: Outcome<'a>,
}

enum Outcome<'a> {
    Blanked(&'a Written),
    /// Not passed on because of its pixels, and why.
    Withheld(&'a str),
}

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
    let shown = shown(survey, cleaned);
    let mut regions = RegionsFile::default();
    for object in &shown {
        let own = proposed(&object.outcome);
        regions.objects.insert(object.instance.to_owned(), own);
    }
    let mut json = serde_json::to_vec_pretty(&regions).expect("regions serialise to JSON");
    json.push(b'\n');
    write_private(&folder.join("regions.json"), &json)?;
    for (page, part) in shown.chunks(PAGE).enumerate() {
        let mut body = HEAD.to_owned();
        for object in part {
            body += &section(object, journal);
        }
        let name = format!("review-{}.html", page + 1);
        let html = framed("Review of blanked pixels", &body);
        write_private(&folder.join(name), html.as_bytes())?;
    }
    Ok(())
}

/// Objects that were blanked, in order of their names, then those that were withheld.
fn shown<'a>(survey: &'a Survey, cleaned: &'a Cleaned) -> Vec<Shown<'a>> {
    let items: BTreeMap<&str, &Item> = survey.items.iter().map(|i| (&*i.alias, i)).collect();
    let out = blanked(cleaned).into_iter().filter_map(|(alias, out)| {
        Some(Shown {
            instance: instance(out),
            source: &items.get(alias)?.path,
            outcome: Outcome::Blanked(out),
        })
    });
    let withheld = cleaned.lines.iter().filter_map(|line| {
        let Done::Rejected { place, reason } = &line.done else {
            return None;
        };
        let item = items.get(&*line.file)?;
        match &item.found {
            Found::Object { instance, .. } if place == "pixels" && !instance.is_empty() => {
                Some(Shown {
                    instance,
                    source: &item.path,
                    outcome: Outcome::Withheld(reason),
                })
            }
            _ => None,
        }
    });
    out.chain(withheld).collect()
}

/// What the run would do again: the person edits it.
fn proposed(outcome: &Outcome<'_>) -> ObjectRegions {
    let Outcome::Blanked(out) = outcome else {
        return ObjectRegions::default();
    };
    let boxes = out.frames.iter().flat_map(|frame| {
        frame.regions.iter().map(|region| RegionBox {
            frame: Some(frame.frame),
            region: *region,
        })
    });
    ObjectRegions {
        blank: boxes.collect(),
        ..ObjectRegions::default()
    }
}

fn section(object: &Shown<'_>, journal: &Journal) -> String {
    let mut html = format!("<h2><code>{}</code></h2>\n", safe(object.instance));
    let before = read_file(object.source).ok();
    let out = match object.outcome {
        Outcome::Withheld(reason) => {
            html += &format!("<p>Withheld: {}.</p>\n", safe(reason));
            let shown = figure(before.as_deref(), 1, &[], "withheld");
            return html + &format!("<div class=\"pair\">{shown}</div>\n");
        }
        Outcome::Blanked(out) => out,
    };
    let after = journal.folder.read(&out.name).ok();
    let mut last = None;
    let fresh = |frame: &&Frame| last.replace(frame.regions.clone()) != Some(frame.regions.clone());
    for frame in out.frames.iter().filter(fresh).take(FRAMES) {
        html += "<div class=\"pair\">";
        for (file, what) in [(&before, "before"), (&after, "after")] {
            html += &figure(file.as_deref(), frame.frame, &frame.regions, what);
        }
        html += "</div>\n";
    }
    html
}

fn figure(file: Option<&[u8]>, frame: u32, regions: &[[u32; 4]], what: &str) -> String {
    let shown = file.and_then(|file| small(file, frame));
    let picture = shown.map_or_else(
        || "<p>It cannot be shown.</p>".to_owned(),
        |shown| outlined(&shown, regions, what),
    );
    format!("<figure>{picture}<figcaption>{what}, frame {frame}</figcaption></figure>")
}
