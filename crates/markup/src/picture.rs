//! Finds a figure's picture files among other files and reads their size.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Cursor;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use image::{ImageFormat, ImageReader, Limits};
use spinemed_core::media::Media;
use spinemed_core::seam::Tree;

use crate::reader::Read;
use crate::text::shortened;

/// Pixels of one side.
const MAX_SIDE: u32 = 20_000;
/// Bytes that a decoded picture may take.
const MAX_DECODED: u64 = 1 << 30;
/// Characters of a picture that a document holds itself.
const MAX_INLINE: usize = 64 << 20;
/// Endings that articles leave out, or that the packager changed.
const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "tif", "tiff", "gif"];

/// Where pictures are found.
pub trait Shelf {
    /// Their names, with `/` between folders.
    fn names(&self) -> &[String];

    /// One's bytes.
    ///
    /// # Errors
    /// A message without the file's name when it cannot be read.
    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String>;
}

/// The files beside a document.
pub struct Among<'a> {
    /// The files.
    pub tree: &'a dyn Tree,
    /// Their names.
    pub names: &'a [String],
}

impl Shelf for Among<'_> {
    fn names(&self) -> &[String] {
        self.names
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        self.tree.read(name)
    }
}

/// Gives figures their pictures and returns the pictures, each once. `folder` is the
/// document's own, with its slash.
///
/// A document whose pictures are all absent was delivered as words alone, which is no
/// damage; where some are there, each missing one is a problem.
pub fn attach(read: &mut Read, shelf: &dyn Shelf, folder: &str) -> Vec<Media> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut missing = Vec::new();
    let mut any = false;
    for (figure, hrefs) in read.document.figures.iter_mut().zip(&read.hrefs) {
        let place = figure.label.clone().unwrap_or_else(|| figure.id.clone());
        let panels = figure.panels.len() == hrefs.len() && !hrefs.is_empty();
        for (position, href) in hrefs.iter().enumerate() {
            let loaded = match locate(href, folder, shelf.names()) {
                Place::Inline(data) => inline(data),
                Place::Named(name) => shelf.read(name).and_then(load),
                Place::Nowhere => {
                    let told = format!("picture `{}` is not in the source", shortened(href));
                    missing.push((place.clone(), told));
                    continue;
                }
            };
            any = true;
            match loaded {
                Ok(media) => {
                    if panels {
                        figure.panels[position].medium = Some(figure.media.len());
                    }
                    figure.media.push(media.reference.clone());
                    if seen.insert(media.reference.sha256) {
                        out.push(media);
                    }
                }
                Err(cause) => {
                    let told = format!("picture `{}`: {cause}", shortened(href));
                    read.problems.push((place.clone(), told));
                }
            }
        }
    }
    if any {
        read.problems.extend(missing);
    }
    out
}

/// Where a picture is.
enum Place<'a> {
    /// In the reference itself (RFC 2397): the part after the comma, base64.
    Inline(&'a str),
    /// Under this name.
    Named(&'a str),
    Nowhere,
}

/// The name of what the markup calls `href`: beside the document, with an ending added or
/// changed, or in a folder below it; where the reference leaves the document's folder and
/// leads nowhere, the only file anywhere of that name.
fn locate<'a>(href: &'a str, folder: &str, names: &'a [String]) -> Place<'a> {
    if let Some(data) = href.strip_prefix("data:image/") {
        return data
            .split_once(";base64,")
            .map_or(Place::Nowhere, |(_, data)| Place::Inline(data));
    }
    let href = decoded(href.split(['?', '#']).next().unwrap_or_default());
    if href.contains(':') || href.starts_with("//") || href.contains('\\') {
        return Place::Nowhere;
    }
    let full = resolved(folder, &href);
    let base = |name: &str| {
        name.rsplit_once('.')
            .map_or(name, |(base, _)| base)
            .to_owned()
    };
    let wanted = |href: &str| {
        let mut wanted = vec![href.to_owned()];
        wanted.extend(ENDINGS.iter().map(|ending| format!("{href}.{ending}")));
        wanted.extend(ENDINGS.iter().map(|e| format!("{}.{e}", base(href))));
        wanted
    };
    let exact = |want: String| names.iter().find(|name| **name == want);
    let below = |want: String| {
        names.iter().find(|name| {
            let rest = name.strip_prefix(folder).unwrap_or_default();
            rest.strip_suffix(want.as_str())
                .is_some_and(|before| before.ends_with('/'))
        })
    };
    let last = href.rsplit('/').next().unwrap_or_default();
    let alone = || {
        let mut same = names
            .iter()
            .filter(|name| name.rsplit('/').next() == Some(last));
        same.next().filter(|_| same.next().is_none())
    };
    let found = full
        .as_deref()
        .and_then(|full| wanted(full).into_iter().find_map(exact))
        .or_else(|| {
            let inside = href.strip_prefix("./").unwrap_or(&href);
            let low = !inside.starts_with(['.', '/']);
            low.then(|| wanted(inside).into_iter().find_map(below))?
        })
        .or_else(|| href.starts_with("..").then(alone)?);
    match found {
        Some(name) if !name.ends_with('/') => Place::Named(name),
        _ => Place::Nowhere,
    }
}

/// A relative reference from a folder (RFC 3986, section 5.2.4); none where it leaves the
/// uppermost folder.
#[must_use]
pub fn resolved(folder: &str, href: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let start = if href.starts_with('/') { "" } else { folder };
    for part in start.split('/').chain(href.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A reference with its percent signs undone (RFC 3986, section 2.1); as it stands where
/// that gives no text.
#[must_use]
pub fn decoded(href: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let bytes = href.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).expect("two digits of 16"));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| href.to_owned())
}

/// A picture that the document holds itself.
fn inline(data: &str) -> Result<Media, String> {
    if data.len() > MAX_INLINE {
        return Err(format!(
            "more than {MAX_INLINE} characters inside the document"
        ));
    }
    let compact: String = decoded(data).split_whitespace().collect();
    let lenient =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
    let bytes = engine
        .decode(compact)
        .map_err(|error| format!("its base64 does not decode: {error}"))?;
    load(Cow::Owned(bytes))
}

/// Reads a picture and decodes it once, so that a damaged one is found here.
fn load(bytes: Cow<'_, [u8]>) -> Result<Media, String> {
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

    fn check(href: &str, folder: &str, expect: Option<&str>) {
        let names = [
            "a/f1.png",
            "a/pics/f2.jpg",
            "media/x y.jpg",
            "other/f1.png",
            "top.png",
        ];
        let names: Vec<String> = names.map(str::to_owned).into();
        let found = match locate(href, folder, &names) {
            Place::Named(name) => Some(name.to_owned()),
            _ => None,
        };
        assert_eq!(found.as_deref(), expect, "{href}");
    }

    #[test]
    fn pictures_are_found_by_name() {
        check("f1", "a/", Some("a/f1.png"));
        check("f1.tif", "a/", Some("a/f1.png"));
        check("f2.jpg", "a/", Some("a/pics/f2.jpg"));
        check("./pics/f2.jpg?size=2#x", "a/", Some("a/pics/f2.jpg"));
        check("../media/x%20y.jpg", "a/", Some("media/x y.jpg"));
        check(
            "../../media/x%20y.jpg",
            "modules/m1/",
            Some("media/x y.jpg"),
        );
        check(
            "../../elsewhere/x%20y.jpg",
            "modules/m1/",
            Some("media/x y.jpg"),
        );
        check("../../../f1.png", "b/", None);
        check("../../../etc/passwd", "a/", None);
        check("/top.png", "a/", Some("top.png"));
        check("https://example.org/f1.png", "a/", None);
        check("C:\\f1.png", "a/", None);
    }

    #[test]
    fn pictures_inside_the_document() {
        let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg";
        let media = inline(dot).expect("a PNG");
        assert_eq!((media.reference.width, media.reference.height), (1, 1));
        assert!(inline("####").is_err_and(|cause| cause.contains("base64")));
        assert!(inline("AAAA").is_err_and(|cause| cause.contains("neither")));
    }
}
