//! Blanking of what is found and of what is asked for.

use std::collections::{BTreeMap, BTreeSet};

use dicom_object::{FileDicomObject, InMemDicomObject};
use sha2::{Digest, Sha256};

use super::boxes::{Region, clipped, distinct, holds, merged, outside};
use super::evidence::settled_frames;
use super::likely::{text_is_likely, ultrasound_regions};
use super::patches;
use super::raster::Raster;
use super::search::{self, Line};
use super::still::{self, Stands};
use super::views::Eye;
use super::{Blanked, FrameBox, FrameRegions, Grey, Suspicion, TextReader, Wanted};

/// How often the pictures are searched, before and after blanking.
const ROUNDS: u32 = 6;
/// The greatest share of a frame, in percent, that blanking of finds may change.
const COVERED: u64 = 60;
/// How many frames of an object readers look at in each round, evenly spread.
const READ_FRAMES: usize = 16;

/// Finds all text in all frames of an object and blanks it in the stored samples.
///
/// **Where it looks.** Grey frames in the middle 99 % of their values, in the windows of the
/// header, and in all values; colour frames as luma and channel by channel; palettes as colours
/// and as indices; and the bits that are allocated but not stored, where they differ. `readers`
/// look at the first of these views, in up to sixteen frames of an object.
///
/// **What it does.** Boxes of finds, with a margin, and those of `wanted` are set to the
/// background: the brightest stored value of `MONOCHROME1`, the darkest of `MONOCHROME2`, black
/// elsewhere. What stands still in a cine is blanked on all its frames. Then it looks again,
/// until nothing is found. Burned In Annotation (0028,0301) is neither believed nor changed.
///
/// **What it leaves.** All other samples. If none changes, the object is not touched at all; a
/// compressed object that is touched becomes native, Explicit VR Little Endian. Frames behind
/// the stated number and bytes behind the last frame are not looked at.
///
/// # Errors
/// [`Suspicion::Text`] if something is still found after six rounds; [`Suspicion::Covered`] if
/// finds change more than 60 % of the pixels of a frame, for such a picture is of no use (boxes of
/// `wanted` do not count, and background does not change); [`Suspicion::Unread`] if text is likely by the header, nothing was found, no
/// reader is at hand, and `wanted` confirms nothing; [`Suspicion::Reader`]; and for pixels that
/// cannot be looked at [`Suspicion::Size`], [`Suspicion::Bits`], [`Suspicion::Photometric`],
/// [`Suspicion::Samples`] and [`Suspicion::Undecodable`]. The object is then unchanged.
pub fn blank(
    object: &mut FileDicomObject<InMemDicomObject>,
    wanted: &Wanted,
    readers: &[&dyn TextReader],
) -> Result<Blanked, Suspicion> {
    let Some(raster) = Raster::open(object)? else {
        return if has_other_pixels(object) {
            Err(Suspicion::Bits)
        } else {
            Ok(Blanked::default())
        };
    };
    let mut work = Work::new(object, raster, wanted, readers);
    work.search_and_fill()?;
    let unread = readers.is_empty() && !wanted.confirmed && !work.found;
    if unread && text_is_likely(object) {
        return Err(Suspicion::Unread);
    }
    work.check_share()?;
    let Work {
        raster,
        mut blanked,
        filled,
        ..
    } = work;
    blanked.frames = told(filled);
    if blanked.changed {
        blanked.decoded = raster.decoded;
        raster.store(object);
    }
    Ok(blanked)
}

/// Whether there are pixels of floating point (PS3.3, C.7.6.24), which are not looked at.
fn has_other_pixels(object: &InMemDicomObject) -> bool {
    use dicom_core::Tag;
    [Tag(0x7FE0, 0x0008), Tag(0x7FE0, 0x0009)]
        .into_iter()
        .any(|tag| object.get(tag).is_some())
}

/// Boxes by frame, counted from 0.
type ByFrame = BTreeMap<u32, Vec<Region>>;

struct Work<'a> {
    raster: Raster,
    eye: Eye<'a>,
    wanted: &'a Wanted,
    readers: &'a [&'a dyn TextReader],
    background: Vec<i32>,
    /// What is asked for.
    asked: ByFrame,
    /// Pixels of frames that finds changed.
    lost: BTreeMap<u32, u64>,
    /// Whether anything was found.
    found: bool,
    /// What was blanked.
    filled: ByFrame,
    blanked: Blanked,
}

impl<'a> Work<'a> {
    fn new(
        object: &'a InMemDicomObject,
        raster: Raster,
        wanted: &'a Wanted,
        readers: &'a [&'a dyn TextReader],
    ) -> Self {
        let size = raster.layout.size();
        let mut asked = ByFrame::new();
        let regions = if wanted.outside_regions {
            ultrasound_regions(object, size)
        } else {
            Vec::new()
        };
        for frame in 0..raster.layout.frames {
            let mut boxes = demanded(&wanted.regions, frame, size);
            if !regions.is_empty() {
                boxes.extend(outside(&regions, size));
            }
            if !boxes.is_empty() {
                asked.insert(frame, boxes);
            }
        }
        let eye = Eye::new(object);
        Self {
            background: eye.background(&raster),
            eye,
            raster,
            wanted,
            readers,
            asked,
            lost: BTreeMap::new(),
            found: false,
            filled: ByFrame::new(),
            blanked: Blanked {
                outside_regions: !regions.is_empty(),
                ..Blanked::default()
            },
        }
    }

    /// Searches all frames, blanks, and searches those again that were blanked, until nothing
    /// is found.
    fn search_and_fill(&mut self) -> Result<(), Suspicion> {
        let mut open: BTreeSet<u32> = (0..self.raster.layout.frames).collect();
        for round in 0..ROUNDS {
            let seen = self.look(&open)?;
            let lines = settled_frames(&self.raster.layout, seen);
            self.found |= !lines.is_empty();
            let fresh = self.spread(&lines);
            let asked = if round == 0 {
                std::mem::take(&mut self.asked)
            } else {
                ByFrame::new()
            };
            open = self.fill(asked, false);
            open.extend(self.fill(fresh, true));
            match lines.values().flatten().next() {
                // Finds on what is blank already cannot be blanked again.
                Some(line) if open.is_empty() || round + 1 == ROUNDS => {
                    return Err(Suspicion::Text {
                        region: line.region,
                    });
                }
                None if open.is_empty() => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The lines in some frames; those that a person cleared left out.
    fn look(&mut self, frames: &BTreeSet<u32>) -> Result<BTreeMap<u32, Vec<Line>>, Suspicion> {
        let step = frames.len().div_ceil(READ_FRAMES).max(1);
        let mut seen: BTreeMap<Vec<u8>, (bool, Vec<Line>)> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for (place, frame) in frames.iter().enumerate() {
            let reads = place % step == 0 && !self.readers.is_empty();
            let key = self
                .raster
                .frame(*frame)
                .map(|bytes| Sha256::digest(bytes).to_vec());
            let known = key.as_ref().and_then(|key| seen.get(key));
            let lines = match known.filter(|(read, _)| *read || !reads) {
                Some((_, lines)) => lines.clone(),
                None => {
                    let lines = self.look_at(*frame, reads)?;
                    if let Some(key) = key {
                        seen.insert(key, (reads, lines.clone()));
                    }
                    lines
                }
            };
            let size = self.raster.layout.size();
            let cleared = demanded(&self.wanted.cleared, *frame, size);
            let is_open = |line: &Line| !cleared.iter().any(|region| holds(*region, line.region));
            let lines: Vec<Line> = lines.into_iter().filter(is_open).collect();
            if !lines.is_empty() {
                found.insert(*frame, lines);
            }
        }
        Ok(found)
    }

    fn look_at(&mut self, frame: u32, reads: bool) -> Result<Vec<Line>, Suspicion> {
        let (width, height) = self.raster.layout.size();
        let mut views = self.eye.views(&self.raster, frame);
        let solid = patches::solid(&self.raster.equals(frame, &self.background), width as usize);
        self.blanked.searched += 1;
        let mut lines = Vec::new();
        for (place, pixels) in views.iter_mut().enumerate() {
            if place == 0 && reads {
                let picture = Grey {
                    width,
                    height,
                    pixels,
                };
                for reader in self.readers {
                    self.blanked.read += 1;
                    let words = reader.words(&picture).map_err(Suspicion::Reader)?;
                    let inside = words
                        .iter()
                        .filter_map(|word| clipped(word.region, (width, height)));
                    lines.extend(inside.map(|region| Line {
                        region,
                        height: (region[2] - region[0]).min(region[3] - region[1]),
                        votes: f32::INFINITY,
                        grain: 0.0,
                        halvings: 0,
                    }));
                }
            }
            if let Some(solid) = &solid {
                patches::patch(pixels, solid, width as usize);
            }
            lines.extend(search::lines(
                &Grey {
                    width,
                    height,
                    pixels,
                },
                true,
            )?);
        }
        Ok(lines)
    }

    /// The boxes of lines with their margins, on all frames on which they stand.
    fn spread(&self, lines: &BTreeMap<u32, Vec<Line>>) -> ByFrame {
        let size = self.raster.layout.size();
        let frames = self.raster.layout.frames;
        let mut boxes = ByFrame::new();
        let mut everywhere = Vec::new();
        for (frame, own) in lines {
            for line in own {
                let region = line.padded(size);
                match still::frames(&self.raster, lines, *frame, line) {
                    Stands::Everywhere => everywhere.push(region),
                    Stands::On(some) => {
                        for other in some {
                            boxes.entry(other).or_default().push(region);
                        }
                    }
                }
            }
        }
        let everywhere = merged(everywhere);
        if !everywhere.is_empty() {
            for frame in 0..frames {
                boxes.entry(frame).or_default().extend(&everywhere);
            }
        }
        boxes
    }

    /// Blanks boxes, which were asked for or found. Says on which frames a sample changed.
    fn fill(&mut self, boxes: ByFrame, found: bool) -> BTreeSet<u32> {
        let mut changed = BTreeSet::new();
        if boxes.is_empty() {
            return changed;
        }
        for (frame, regions) in boxes {
            let regions = merged(regions);
            for region in &regions {
                if found {
                    let lost = self.raster.others(frame, *region, &self.background);
                    *self.lost.entry(frame).or_default() += lost;
                }
                if self.raster.fill(frame, *region, &self.background) {
                    changed.insert(frame);
                }
            }
            self.filled.entry(frame).or_default().extend(regions);
        }
        self.blanked.changed |= !changed.is_empty();
        changed
    }

    /// Refuses a picture of which finds leave too little.
    fn check_share(&self) -> Result<(), Suspicion> {
        let (width, height) = self.raster.layout.size();
        let all = u64::from(width) * u64::from(height);
        let worst = self
            .lost
            .iter()
            .find(|(_, lost)| 100 * **lost > COVERED * all);
        if let Some((frame, _)) = worst {
            return Err(Suspicion::Covered { frame: frame + 1 });
        }
        Ok(())
    }
}

/// The boxes that are meant for a frame (counted from 0).
fn demanded(boxes: &[FrameBox], frame: u32, size: (u32, u32)) -> Vec<Region> {
    let own = boxes.iter().filter(|one| one.is_on(frame + 1));
    own.filter_map(|one| clipped(one.region, size)).collect()
}

/// All boxes, for the caller.
fn told(filled: ByFrame) -> Vec<FrameRegions> {
    let regions = |(frame, boxes)| FrameRegions {
        frame: frame + 1,
        regions: distinct(boxes),
    };
    filled.into_iter().map(regions).collect()
}
