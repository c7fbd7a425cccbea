//! The 8-bit grey pictures in which a frame is searched.

use dicom_object::InMemDicomObject;

use super::layout::Colours;
use super::palette::Palette;
use super::raster::Raster;
use super::voi;

/// What the samples of an object look like.
pub(super) struct Eye<'a> {
    object: &'a InMemDicomObject,
    palette: Option<Palette>,
}

impl<'a> Eye<'a> {
    /// An eye for the frames of an object.
    pub fn new(object: &'a InMemDicomObject) -> Self {
        Self {
            object,
            palette: Palette::of(object),
        }
    }

    /// The pictures of a frame (counted from 0), all different. The first is the one that a
    /// person sees.
    pub fn views(&self, raster: &Raster, frame: u32) -> Vec<Vec<u8>> {
        let channel = |channel| raster.channel(frame, channel);
        let mut views = match raster.layout.colours {
            Colours::Monochrome1 | Colours::Monochrome2 => self.grey(&channel(0), frame),
            Colours::Palette => self.indexed(&channel(0), frame),
            Colours::Rgb => rgb(&scaled([channel(0), channel(1), channel(2)], raster)),
            Colours::Ybr { partial, .. } => {
                let [y, cb, cr] = scaled([channel(0), channel(1), channel(2)], raster);
                let mut views = rgb(&to_rgb([&y, &cb, &cr], partial));
                views.insert(0, y);
                views
            }
        };
        views.extend(spare(raster, frame));
        let mut kept: Vec<Vec<u8>> = Vec::new();
        for view in views {
            if !kept.contains(&view) {
                kept.push(view);
            }
        }
        kept
    }

    fn grey(&self, values: &[i32], frame: u32) -> Vec<Vec<u8>> {
        voi::ranges(self.object, frame, values)
            .into_iter()
            .map(|(low, high)| {
                let scale = 255.0 / (high - low);
                let shown = |value: &i32| ((f64::from(*value) - low) * scale).round() as u8;
                values.iter().map(shown).collect()
            })
            .collect()
    }

    /// The colours, and the indices themselves: two of them may have one colour.
    fn indexed(&self, values: &[i32], frame: u32) -> Vec<Vec<u8>> {
        let mut views = self.palette.as_ref().map_or_else(Vec::new, |palette| {
            let of = |at: usize| {
                values
                    .iter()
                    .map(|index| palette.colour(*index)[at])
                    .collect()
            };
            rgb(&[of(0), of(1), of(2)])
        });
        views.extend(self.grey(values, frame));
        views
    }

    /// The stored values of the picture's background, one for each channel: the darkest there
    /// are in the object. Extremes that no sample has would change what windows show.
    pub fn background(&self, raster: &Raster) -> Vec<i32> {
        let stored = raster.layout.stored;
        match raster.layout.colours {
            Colours::Monochrome1 => vec![extreme(raster, i32::max).unwrap_or(0)],
            Colours::Monochrome2 => vec![extreme(raster, i32::min).unwrap_or(0)],
            Colours::Palette => vec![self.palette.as_ref().map_or(0, Palette::darkest)],
            Colours::Rgb => vec![0; 3],
            Colours::Ybr { partial, .. } => {
                let part =
                    |share: u32| 1_i32.checked_shl(stored.saturating_sub(share)).unwrap_or(0);
                let black = if partial { part(4) } else { 0 };
                vec![black, part(1), part(1)]
            }
        }
    }
}

/// The extreme of all stored values.
fn extreme(raster: &Raster, of: impl Fn(i32, i32) -> i32) -> Option<i32> {
    (0..raster.layout.frames)
        .filter_map(|frame| raster.channel(frame, 0).into_iter().reduce(&of))
        .reduce(&of)
}

/// Channels in 8 bits: as they are if they have 8, else as the range of all three demands.
fn scaled(channels: [Vec<i32>; 3], raster: &Raster) -> [Vec<u8>; 3] {
    let shift = if raster.layout.signed {
        1_i64 << (raster.layout.stored - 1)
    } else {
        0
    };
    let most = channels.iter().flatten().copied().max().unwrap_or(0);
    let most = (i64::from(most) + shift).max(255);
    let ybr = matches!(raster.layout.colours, Colours::Ybr { .. });
    // Chromas have their zero in the middle of the range, so that it must not be cut.
    let whole = (1_i64 << raster.layout.stored.min(31)) - 1;
    let most = if ybr { whole.max(1) } else { most };
    channels.map(|values| {
        let shown = |value: &i32| ((i64::from(*value) + shift) * 255 / most).clamp(0, 255) as u8;
        values.iter().map(shown).collect()
    })
}

/// The luma of a colour picture, and each channel, unless all are grey.
fn rgb([red, green, blue]: &[Vec<u8>; 3]) -> Vec<Vec<u8>> {
    let pixels = || red.iter().zip(green).zip(blue);
    // ITU-R BT.601, as YBR_FULL has it (PS3.3, C.7.6.3.1.2).
    let luma = |((r, g), b): ((&u8, &u8), &u8)| {
        let sum = 299 * u32::from(*r) + 587 * u32::from(*g) + 114 * u32::from(*b);
        ((sum + 500) / 1_000) as u8
    };
    let mut views = vec![pixels().map(luma).collect()];
    let is_grey = pixels().all(|((r, g), b)| r.abs_diff(*g) <= 2 && g.abs_diff(*b) <= 2);
    if !is_grey {
        views.extend([red.clone(), green.clone(), blue.clone()]);
    }
    views
}

/// From luma and chromas to red, green and blue (PS3.3, C.7.6.3.1.2).
fn to_rgb([y, cb, cr]: [&[u8]; 3], partial: bool) -> [Vec<u8>; 3] {
    let (black, light, colour) = if partial {
        (16.0, 255.0 / 219.0, 255.0 / 224.0)
    } else {
        (0.0, 1.0, 1.0)
    };
    let of = |red: f32, blue: f32| {
        let pixels = y.iter().zip(cb).zip(cr);
        let shown = pixels.map(|((y, cb), cr)| {
            let (y, cb, cr) = (f32::from(*y), f32::from(*cb), f32::from(*cr));
            let chroma = blue * (cb - 128.0) + red * (cr - 128.0);
            (light * (y - black) + colour * chroma).round() as u8
        });
        shown.collect()
    };
    [of(1.402, 0.0), of(-0.714_136, -0.344_136), of(0.0, 1.772)]
}

/// The bits that are allocated but not stored, where they differ from pixel to pixel: overlays
/// were once put there (PS3.3, C.9.2, retired).
fn spare(raster: &Raster, frame: u32) -> Vec<Vec<u8>> {
    if raster.layout.stored >= raster.layout.allocated {
        return Vec::new();
    }
    let of = |channel| {
        let bits = raster.spare(frame, channel);
        let most = bits.iter().copied().max().unwrap_or(0);
        let least = bits.iter().copied().min().unwrap_or(0);
        let scale = f64::from(most - least).max(1.0) / 255.0;
        let shown = |bits: &u32| (f64::from(bits - least) / scale).round() as u8;
        (most > least).then(|| bits.iter().map(shown).collect())
    };
    (0..raster.layout.samples).filter_map(of).collect()
}
