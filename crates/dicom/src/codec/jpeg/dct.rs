//! The sequential processes with Huffman coding (T.81, annexes A and F).

use super::bits::Bits;
use super::frame::{Component, Frame, UNIT};
use super::scan::{Part, Scan};
use crate::codec::{Fault, Result};

/// The order in which coefficients are coded, as places in rows of a unit (A.3.6).
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Decodes a scan into the planes of its components.
pub fn decode(scan: &Scan<'_>, frame: &Frame, planes: &mut [Vec<u16>]) -> Result<()> {
    let cosines = cosines();
    let mut bits = scan.bits();
    let mut before = vec![0i32; scan.components.len()];
    let (across, down) = match scan.components.as_slice() {
        [one] => {
            let (width, height) = frame.size(&frame.components[one.component]);
            (width.div_ceil(UNIT), height.div_ceil(UNIT))
        }
        _ => (
            frame.columns.div_ceil(UNIT * frame.most.0),
            frame.rows.div_ceil(UNIT * frame.most.1),
        ),
    };
    for unit in 0..across * down {
        if scan.restart > 0 && unit > 0 && unit % scan.restart == 0 {
            bits.restart()?;
            before.fill(0);
        }
        let (row, column) = (unit / across, unit % across);
        for (part, before) in scan.components.iter().zip(&mut before) {
            let component = &frame.components[part.component];
            // A scan of one component has one unit at a time, whatever its factors.
            let (h, v) = if scan.components.len() == 1 {
                (1, 1)
            } else {
                component.factors
            };
            for place in 0..h * v {
                let coefficients = coefficients(&mut bits, part, before)?;
                let at = (row * v + place / h, column * h + place % h);
                let samples = transform(&coefficients, &cosines, frame.precision);
                put(&samples, at, component, &mut planes[part.component]);
            }
        }
    }
    Ok(())
}

/// The coefficients of a unit, times their steps, in rows (F.2.2).
fn coefficients(bits: &mut Bits<'_>, part: &Part<'_>, before: &mut i32) -> Result<[f32; 64]> {
    let others = part.others.ok_or(Fault::Damaged)?;
    let steps = part.steps.ok_or(Fault::Damaged)?;
    let mut out = [0.0; 64];
    let length = part.first.decode(bits)?;
    if length > 15 {
        return Err(Fault::Damaged);
    }
    *before = before.wrapping_add(bits.number(length.into())?);
    out[0] = *before as f32 * f32::from(steps[0]);
    let mut at = 1;
    while at < 64 {
        let code = others.decode(bits)?;
        let (zeros, length) = (usize::from(code >> 4), code & 15);
        if length == 0 {
            // Sixteen zeros, or the end.
            if zeros < 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += zeros;
        let place = *ZIGZAG.get(at).ok_or(Fault::Damaged)?;
        let value = bits.number(length.into())?;
        out[usize::from(place)] = value as f32 * f32::from(steps[at]);
        at += 1;
    }
    Ok(out)
}

/// `cosines()[x][u]`: the weight of frequency `u` at place `x` (A.3.3).
fn cosines() -> [[f32; UNIT]; UNIT] {
    let weight = |x: usize, u: usize| {
        let scale = if u == 0 { 0.5f64.sqrt() } else { 1.0 };
        let angle = (2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0;
        (scale * angle.cos() / 2.0) as f32
    };
    std::array::from_fn(|x| std::array::from_fn(|u| weight(x, u)))
}

/// The inverse transform, by rows and then by columns.
fn transform(coefficients: &[f32; 64], cosines: &[[f32; UNIT]; UNIT], precision: u8) -> [u16; 64] {
    let mut rows = [0.0f32; 64];
    for v in 0..UNIT {
        let row = &coefficients[v * UNIT..(v + 1) * UNIT];
        for (x, weights) in cosines.iter().enumerate() {
            rows[v * UNIT + x] = row.iter().zip(weights).map(|(c, w)| c * w).sum();
        }
    }
    let (middle, most) = (
        (1u32 << (precision - 1)) as f32,
        ((1u32 << precision) - 1) as f32,
    );
    std::array::from_fn(|at| {
        let (y, x) = (at / UNIT, at % UNIT);
        let sum: f32 = (0..UNIT).map(|v| rows[v * UNIT + x] * cosines[y][v]).sum();
        (sum + middle).round().clamp(0.0, most) as u16
    })
}

fn put(
    samples: &[u16; 64],
    (row, column): (usize, usize),
    component: &Component,
    plane: &mut [u16],
) {
    for (line, samples) in samples.as_chunks::<UNIT>().0.iter().enumerate() {
        let at = (row * UNIT + line) * component.width + column * UNIT;
        if let Some(places) = plane.get_mut(at..at + UNIT) {
            places.copy_from_slice(samples);
        }
    }
}
