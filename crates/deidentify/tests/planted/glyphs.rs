//! Burned-in letters: a leak is ink that is left, not a string that OCR reads.

use dicom_object::DefaultDicomObject;
use spinemed_dicom::{Native, decode_native};

use super::key::{Entry, Glyph};

/// Ink that may be left of a line: rims of letters that compression has washed out.
const RIM: f64 = 0.01;
/// How far a sample of a lossy picture may be from what it was and still count as the same.
const LOSS: i64 = 6;

/// For each glyph line whether it is hidden on every frame; and the share of samples outside of
/// all lines that were changed.
pub fn hidden(
    entry: &Entry,
    before: &DefaultDicomObject,
    after: &DefaultDicomObject,
) -> (Vec<bool>, f64) {
    let (old, new) = (
        decode_native(before).unwrap(),
        decode_native(after).unwrap(),
    );
    assert_eq!((old.rows, old.columns), (new.rows, new.columns));
    let lossy = before
        .meta()
        .transfer_syntax()
        .starts_with("1.2.840.10008.1.2.4.5");
    let tolerance = if lossy { LOSS } else { 0 };
    let lines = entry.glyphs.iter();
    let lines = lines.map(|glyph| {
        let mut frames = glyph.frames.iter();
        frames.all(|frame| hidden_on(glyph, *frame as usize - 1, &old, &new, tolerance))
    });
    (
        lines.collect(),
        changed_outside(entry, &old, &new, tolerance),
    )
}

fn hidden_on(glyph: &Glyph, frame: usize, old: &Native, new: &Native, tolerance: i64) -> bool {
    let [x0, y0, x1, y1] = glyph.area;
    let ink = glyph.ink();
    let spots = (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y)));
    let spots: Vec<((usize, usize), bool)> = spots.zip(ink).collect();
    if let Some(bit) = glyph.bit {
        return spots
            .iter()
            .all(|((x, y), _)| pixel(new, frame, *x, *y)[0] >> bit & 1 == 0);
    }
    let same = |(x, y): (usize, usize)| {
        let (old, new) = (pixel(old, frame, x, y), pixel(new, frame, x, y));
        old.iter()
            .zip(&new)
            .all(|(a, b)| (a - b).abs() <= tolerance)
    };
    let inked: Vec<(usize, usize)> = spots.iter().filter(|s| s.1).map(|s| s.0).collect();
    let left = inked.iter().filter(|spot| same(**spot)).count();
    // Letters that were painted over in their own colour show no more than the paint.
    let mut shown = spots.iter().map(|((x, y), _)| pixel(new, frame, *x, *y));
    let first = shown.next();
    let flat = shown.all(|pixel| Some(pixel) == first);
    flat || (left as f64) <= RIM * inked.len() as f64
}

fn changed_outside(entry: &Entry, old: &Native, new: &Native, tolerance: i64) -> f64 {
    let (mut changed, mut count) = (0_u64, 0_u64);
    for frame in 0..old.frames as usize {
        for y in 0..old.rows as usize {
            for x in 0..old.columns as usize {
                let inside = entry.glyphs.iter().any(|glyph| {
                    let [x0, y0, x1, y1] = glyph.area;
                    glyph.frames.contains(&(frame as u32 + 1))
                        && (x0..x1).contains(&x)
                        && (y0..y1).contains(&y)
                });
                if inside {
                    continue;
                }
                count += 1;
                let (a, b) = (pixel(old, frame, x, y), pixel(new, frame, x, y));
                let differs = a.iter().zip(&b).any(|(a, b)| (a - b).abs() > tolerance);
                changed += u64::from(differs);
            }
        }
    }
    changed as f64 / count.max(1) as f64
}

/// The samples of one pixel as stored, whatever the planar configuration.
fn pixel(native: &Native, frame: usize, x: usize, y: usize) -> Vec<i64> {
    let (rows, columns) = (native.rows as usize, native.columns as usize);
    let samples = native.samples as usize;
    let width = native.bits_allocated as usize / 8;
    let start = frame * rows * columns * samples;
    let at = y * columns + x;
    let index = |sample: usize| match native.planar {
        1 => start + sample * rows * columns + at,
        _ => start + at * samples + sample,
    };
    (0..samples)
        .map(|sample| {
            let at = index(sample) * width;
            let bytes = native.data.get(at..at + width).unwrap_or(&[]);
            bytes
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | i64::from(*byte))
        })
        .collect()
}
