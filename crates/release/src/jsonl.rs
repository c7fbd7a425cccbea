//! JSON Lines: one instance per line, pictures by relative file name.
//!
//! A line is the instance's canonical JSON with two changes, both undone without loss:
//! `images` holds the names of picture files, as training frameworks read them, and what the
//! instance knows of its pictures stands in `pictures`; `digest` is the content digest of the
//! instance. Where pictures may not be redistributed `images` is empty, and `pictures` is the
//! recipe: the source's file and place, and how the picture was made from it.

use serde_json::Value;
use spinemed_core::Digest;
use spinemed_core::digest::canonical_value;
use spinemed_core::instance::Instance;
use spinemed_core::media::MediaRef;

use crate::counts::carries_pictures;

/// The file of a picture: `images/<sha256>.png` or `.jpg`.
pub(crate) fn picture_name(media: &MediaRef) -> String {
    let extension = extension(&media.media_type).unwrap_or("bin");
    format!("images/{}.{extension}", media.sha256)
}

/// The extension of a media type that releases carry.
pub(crate) fn extension(media_type: &str) -> Option<&'static str> {
    match media_type {
        "image/png" => Some("png"),
        "image/jpeg" => Some("jpg"),
        _ => None,
    }
}

/// An instance as a line, without the line feed, and its content digest.
pub(crate) fn encode(instance: &Instance) -> (Vec<u8>, Digest) {
    let mut tree = serde_json::to_value(instance).expect("records serialise to JSON");
    let digest = Digest::of(&canonical_value(&tree));
    let names = if carries_pictures(instance) {
        instance
            .images
            .iter()
            .map(|image| Value::String(picture_name(&image.media)))
            .collect()
    } else {
        Vec::new()
    };
    let record = tree.as_object_mut().expect("an instance is an object");
    let pictures = record.insert("images".to_owned(), Value::Array(names));
    record.insert(
        "pictures".to_owned(),
        pictures.expect("an instance has images"),
    );
    record.insert("digest".to_owned(), Value::String(digest.to_string()));
    (canonical_value(&tree), digest)
}

/// The instance that a line holds, and its content digest.
///
/// # Errors
/// What is wrong with the line: it is read back only if [`encode`] would write the very same.
pub(crate) fn decode(line: &[u8]) -> Result<(Instance, Digest), String> {
    let mut tree: Value = serde_json::from_slice(line).map_err(|cause| cause.to_string())?;
    let record = tree.as_object_mut().ok_or("the line is no object")?;
    let claimed = record.remove("digest").ok_or("the line has no `digest`")?;
    let pictures = record
        .remove("pictures")
        .ok_or("the line has no `pictures`")?;
    record.insert("images".to_owned(), pictures);
    let instance: Instance = serde_json::from_value(tree).map_err(|cause| cause.to_string())?;
    let (again, digest) = encode(&instance);
    if claimed.as_str() != Some(digest.to_string().as_str()) {
        return Err(format!(
            "`{}` has digest {digest}, not {claimed}",
            instance.key
        ));
    }
    if again != line {
        return Err(format!(
            "`{}` is not written as this format writes it",
            instance.key
        ));
    }
    Ok((instance, digest))
}
