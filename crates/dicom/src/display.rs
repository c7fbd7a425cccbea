//! From stored values to grey: modality, values of interest, presentation (PS3.3, C.11).

use std::fmt;
use std::ops::RangeInclusive;

use dicom_object::{DefaultDicomObject, InMemDicomObject, Tag};
use spinemed_core::vocabulary::Modality;

use crate::DicomError;
use crate::attribute::{OfFrame, code_values};
use crate::geometry::modality;
use crate::grey::{self, Curve, Setting, Window};
use crate::lut::Lut;
use crate::native::Native;

const PADDING: Tag = Tag(0x0028, 0x0120);
const PADDING_LIMIT: Tag = Tag(0x0028, 0x0121);
const TRANSFORMATION: Tag = Tag(0x0028, 0x9145);
const INTERCEPT: Tag = Tag(0x0028, 0x1052);
const SLOPE: Tag = Tag(0x0028, 0x1053);
const MODALITY_LUT: Tag = Tag(0x0028, 0x3000);
const VOI_LUT: Tag = Tag(0x0028, 0x3010);
const VOI: Tag = Tag(0x0028, 0x9132);
const CENTER: Tag = Tag(0x0028, 0x1050);
const WIDTH: Tag = Tag(0x0028, 0x1051);
const FUNCTION: Tag = Tag(0x0028, 0x1056);
const SHAPE: Tag = Tag(0x2050, 0x0020);

/// How values became grey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown {
    /// Through a window.
    Window(Window),
    /// Through the table that the object states.
    Table,
}

impl Shown {
    /// The window, where there was one.
    pub fn window(self) -> Option<Window> {
        match self {
            Self::Window(window) => Some(window),
            Self::Table => None,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(window) => window.fmt(f),
            Self::Table => f.write_str("VOI lookup table"),
        }
    }
}

/// The grey values of a frame, 0 to 255.
pub fn grey(
    object: &DefaultDicomObject,
    frame: u32,
    native: &Native,
    setting: Setting,
) -> Result<(Vec<u8>, Shown), DicomError> {
    let of_frame = OfFrame::new(object, frame);
    let scale = Scale::of(object, &of_frame, native.signed);
    let stored = values(native);
    let modality = modality(object);
    let inverted = is_inverted(object, native);
    let turn = |grey: u8| if inverted { 255 - grey } else { grey };
    let stated = stated_window(&of_frame);
    // Radiographs come with the table that their maker means; elsewhere windows are usual.
    let table = (stated.is_none() || modality == Modality::Xr)
        .then(|| voi_table(&of_frame, scale.signed(native)))
        .flatten();
    if let Some(table) = table {
        let grey = |value: &i64| turn(table.grey(scale.apply(*value)));
        return Ok((stored.iter().map(grey).collect(), Shown::Table));
    }
    let window = grey::window(setting, modality, stated, || {
        let padding = padding(object, native.signed);
        let kept = stored.iter().filter(|value| {
            !padding
                .as_ref()
                .is_some_and(|padding| padding.contains(value))
        });
        kept.map(|value| scale.apply(*value)).collect()
    });
    let grey = |value: i64| turn(window.grey(scale.apply(value)));
    Ok((mapped(&stored, grey), Shown::Window(window)))
}

/// Applies a function to values. Where they are many and lie close, each is worked out once.
fn mapped(stored: &[i64], grey: impl Fn(i64) -> u8) -> Vec<u8> {
    let (Some(&least), Some(&most)) = (stored.iter().min(), stored.iter().max()) else {
        return Vec::new();
    };
    let span = usize::try_from(most - least).unwrap_or(usize::MAX);
    if span >= stored.len() {
        return stored.iter().map(|value| grey(*value)).collect();
    }
    let table: Vec<u8> = (least..=most).map(grey).collect();
    stored
        .iter()
        .map(|value| table[(value - least) as usize])
        .collect()
}

/// The modality transformation, C.11.1.
enum Scale {
    Linear { slope: f64, intercept: f64 },
    Table(Lut),
}

impl Scale {
    fn of(object: &InMemDicomObject, frame: &OfFrame<'_>, signed: bool) -> Self {
        let item = object.get(MODALITY_LUT).and_then(|e| e.items()?.first());
        if let Some(lut) = item.and_then(|item| Lut::of(item, signed)) {
            return Self::Table(lut);
        }
        let slope = frame.number(TRANSFORMATION, SLOPE);
        Self::Linear {
            slope: slope.filter(|slope| *slope != 0.0).unwrap_or(1.0),
            intercept: frame.number(TRANSFORMATION, INTERCEPT).unwrap_or(0.0),
        }
    }

    fn apply(&self, value: i64) -> f64 {
        match self {
            Self::Linear { slope, intercept } => value as f64 * slope + intercept,
            Self::Table(lut) => f64::from(lut.entry(value as f64)),
        }
    }

    /// Whether values may be negative afterwards.
    fn signed(&self, native: &Native) -> bool {
        match self {
            Self::Linear { intercept, .. } => native.signed || *intercept < 0.0,
            Self::Table(_) => false,
        }
    }
}

/// Black and white change places where low values are bright: C.7.6.3.1.2, C.11.6.
fn is_inverted(object: &InMemDicomObject, native: &Native) -> bool {
    let shape = code_values(object, SHAPE);
    native.photometric == "MONOCHROME1" || shape.first().is_some_and(|s| s == "INVERSE")
}

/// The stored values: bits up to High Bit, Bits Stored of them.
pub fn values(native: &Native) -> Vec<i64> {
    let unused = 32 - u32::from(native.bits_stored.min(32));
    let shift = u32::from((native.high_bit + 1).saturating_sub(native.bits_stored));
    let value = |wide: u32| {
        let top = wide.checked_shr(shift).unwrap_or(0) << unused;
        if native.signed {
            i64::from(top as i32 >> unused)
        } else {
            i64::from(top >> unused)
        }
    };
    let data = &native.data;
    match native.bits_allocated {
        8 => data.iter().map(|byte| value(u32::from(*byte))).collect(),
        16 => {
            let (words, _) = data.as_chunks::<2>();
            words
                .iter()
                .map(|word| value(u16::from_le_bytes(*word).into()))
                .collect()
        }
        _ => {
            let (words, _) = data.as_chunks::<4>();
            words
                .iter()
                .map(|word| value(u32::from_le_bytes(*word)))
                .collect()
        }
    }
}

/// Stored values that stand for no measurement (PS3.3 C.7.5.1.1.2): Pixel Padding Value, and
/// all up to Pixel Padding Range Limit.
fn padding(object: &DefaultDicomObject, signed: bool) -> Option<RangeInclusive<i64>> {
    let value = |tag: Tag| {
        let wide = object.get(tag)?.to_int::<i32>().ok()?;
        // Writers have been met that give a signed value as an unsigned one.
        let bits = wide as u16;
        Some(if signed {
            i64::from(bits as i16)
        } else {
            i64::from(bits)
        })
    };
    match (value(PADDING), value(PADDING_LIMIT)) {
        (Some(one), Some(other)) => Some(one.min(other)..=one.max(other)),
        (Some(one), None) => Some(one..=one),
        (None, _) => None,
    }
}

/// The first window that the frame states; PS3.3 C.11.2, in functional groups C.7.6.16.2.10.
fn stated_window(frame: &OfFrame<'_>) -> Option<Window> {
    let (center, width) = (frame.number(VOI, CENTER)?, frame.number(VOI, WIDTH)?);
    let function = frame.codes(VOI, FUNCTION);
    let curve = match function.first().map(String::as_str) {
        Some("LINEAR_EXACT") => Curve::LinearExact,
        Some("SIGMOID") => Curve::Sigmoid,
        _ => Curve::Linear,
    };
    Window::of_file(center, width, curve)
}

/// The first table of values of interest, C.11.2.1.1.
fn voi_table(frame: &OfFrame<'_>, signed: bool) -> Option<Lut> {
    let item = frame.element(VOI, VOI_LUT)?.items()?.first()?;
    Lut::of(item, signed)
}
