//! Finds a figure's picture files in the tree and reads their size.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};
use spinemed_core::media::Media;
use spinemed_core::seam::Tree;

use crate::article::Read;

/// Pixels of one side.
const MAX_SIDE: u32 = 20_000;
/// Bytes that a decoded picture may take.
const MAX_DECODED: u64 = 1 << 30;
/// Endings that articles leave out, or that the packager changed.
const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "tif", "tiff", "gif"];

/// Gives figures their pictures and returns the pictures, each once.
///
/// An article whose pictures are all absent was delivered as words alone, which is no
/// damage; where some are there, each missing one is a problem.
pub fn attach(read: &mut Read, tree: &dyn Tree, names: &[String]) -> Vec<Media> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut missing = Vec::new();
    let mut any = false;
    let folder = folder(&read.document.file.path);
    for (figure, hrefs) in read.document.figures.iter_mut().zip(&read.hrefs) {
        let place = figure.label.clone().unwrap_or_else(|| figure.id.clone());
        for href in hrefs {
            let Some(name) = locate(href, folder, names) else {
                missing.push((
                    place.clone(),
                    format!("picture `{href}` is not in the source"),
                ));
                continue;
            };
            any = true;
            match load(tree, name) {
                Ok(media) => {
                    figure.media.push(media.reference.clone());
                    if seen.insert(media.reference.sha256) {
                        out.push(media);
                    }
                }
                Err(cause) => read
                    .problems
                    .push((place.clone(), format!("picture `{name}`: {cause}"))),
            }
        }
    }
    if any {
        read.problems.extend(missing);
    }
    out
}

/// The tree's name for what the markup calls `href`: beside the article, with an ending
/// added or changed, or in a folder below it.
fn locate<'a>(href: &str, folder: &str, names: &'a [String]) -> Option<&'a str> {
    let href = href.strip_prefix("./").unwrap_or(href);
    if href.contains("..") || href.contains(':') || href.starts_with('/') {
        return None;
    }
    let base = href.rsplit_once('.').map_or(href, |(base, _)| base);
    let mut wanted = vec![href.to_owned()];
    wanted.extend(ENDINGS.iter().map(|ending| format!("{href}.{ending}")));
    wanted.extend(ENDINGS.iter().map(|ending| format!("{base}.{ending}")));
    let beside = |want: &String| {
        names
            .iter()
            .find(|n| n.strip_prefix(folder) == Some(want.as_str()))
    };
    let below = |want: &String| {
        let inside = |n: &&String| {
            let rest = n.strip_prefix(folder)?;
            rest.strip_suffix(want.as_str())?
                .ends_with('/')
                .then_some(())
        };
        names.iter().find(|n| inside(n).is_some())
    };
    let found = wanted
        .iter()
        .find_map(beside)
        .or_else(|| wanted.iter().find_map(below));
    found
        .map(String::as_str)
        .filter(|name| !name.ends_with('/'))
}

fn folder(file: &str) -> &str {
    file.rfind('/').map_or("", |at| &file[..=at])
}

/// Reads a picture and decodes it once, so that a damaged one is found here.
fn load(tree: &dyn Tree, name: &str) -> Result<Media, String> {
    let bytes = tree.read(name)?;
    let mut reader = ImageReader::new(Cursor::new(&bytes[..]))
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    let media_type = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::Jpeg) => "image/jpeg",
        _ => return Err("neither PNG nor JPEG; other formats are not read".to_owned()),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    let picture = reader
        .decode()
        .map_err(|error| format!("it does not decode: {error}"))?;
    let size = (picture.width(), picture.height());
    Ok(Media::new(bytes.into_owned(), media_type, size, "original"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(href: &str, expect: Option<&str>) {
        let names = [
            "a/fig1.jpg",
            "a/p/fig2.png",
            "a/x.nxml",
            "b/fig3.jpg",
            "a/fig4.tif",
        ];
        let names: Vec<String> = names.map(str::to_owned).into();
        assert_eq!(locate(href, folder("a/x.nxml"), &names), expect, "{href}");
    }

    #[test]
    fn pictures_are_found_beside_the_article() {
        check("fig1.jpg", Some("a/fig1.jpg"));
        check("fig1", Some("a/fig1.jpg"));
        check("fig1.tif", Some("a/fig1.jpg"));
        check("./fig1", Some("a/fig1.jpg"));
        check("fig2", Some("a/p/fig2.png"));
        check("fig4", Some("a/fig4.tif"));
        check("fig3", None);
        check("../b/fig3.jpg", None);
        check("https://example.org/fig1.jpg", None);
        check("ig1", None);
    }
}
