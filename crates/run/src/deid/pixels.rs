//! Pixels: text is looked for and blanked, and the object says so.

use dicom_object::{FileDicomObject, InMemDicomObject, Tag};
use spinemed_core::vocabulary::ProfileOption;
use spinemed_deidentify::pixels::{Face, FrameBox, TextReader, Wanted, blank, face};
use spinemed_deidentify::{BurnedIn, Features};

use super::journal::Frame;
use super::regions::{ObjectRegions, RegionBox};
use super::{Options, World};

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// What was done to the pixels of an object, and what may be said of them.
pub(super) struct Pixels {
    /// What was blanked.
    pub(super) frames: Vec<Frame>,
    /// What is known of text.
    pub(super) text: BurnedIn,
    /// What is known of faces.
    pub(super) features: Features,
}

/// Blanks text where the profile says so. Headers must still be as they were: descriptions tell
/// the body part.
///
/// # Errors
/// The reason why the pixels cannot be called clean.
pub(super) fn clean(
    raw: &mut FileDicomObject<InMemDicomObject>,
    said: Option<&ObjectRegions>,
    options: &Options,
    world: &World<'_>,
) -> Result<Pixels, String> {
    let face = face(raw);
    if !options.profile.has(ProfileOption::CleanPixelData) || raw.get(PIXEL_DATA).is_none() {
        return Ok(Pixels {
            frames: Vec::new(),
            text: BurnedIn::Unknown,
            // Nothing good is said of pixels that nobody looked at.
            features: match face {
                Face::Possible(_) => Features::Possible,
                Face::Impossible(_) => Features::Unknown,
            },
        });
    }
    let readers: Vec<&dyn TextReader> = world.readers.iter().map(|(_, r)| &**r).collect();
    let wanted = said.map(wanted).unwrap_or_default();
    let blanked = blank(raw, &wanted, &readers).map_err(|suspicion| suspicion.to_string())?;
    Ok(Pixels {
        frames: blanked.frames.iter().map(Frame::from).collect(),
        text: BurnedIn::Cleaned,
        features: match face {
            Face::Possible(_) => Features::Possible,
            Face::Impossible(_) => Features::Impossible,
        },
    })
}

/// What a person said, as the search for text takes it.
fn wanted(said: &ObjectRegions) -> Wanted {
    let boxes = |list: &[RegionBox]| {
        let each = list.iter().map(|own| FrameBox {
            frame: own.frame,
            region: own.region,
        });
        each.collect()
    };
    Wanted {
        regions: boxes(&said.blank),
        cleared: boxes(&said.keep),
        outside_regions: said.outside_ultrasound_regions,
        confirmed: said.confirmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_heard() {
        let said = ObjectRegions {
            blank: vec![RegionBox {
                frame: Some(2),
                region: [0, 1, 2, 3],
            }],
            confirmed: true,
            ..ObjectRegions::default()
        };
        let wanted = wanted(&said);
        assert!(wanted.confirmed && wanted.cleared.is_empty());
        assert_eq!(wanted.regions[0].frame, Some(2));
        assert_eq!(wanted.regions[0].region, [0, 1, 2, 3]);
    }
}
