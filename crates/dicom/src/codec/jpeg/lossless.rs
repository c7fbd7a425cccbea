//! The lossless process with Huffman coding (T.81, annex H).

use super::frame::Frame;
use super::scan::Scan;
use crate::codec::{Fault, Result};

/// Decodes a scan into the planes of its components.
pub fn decode(scan: &Scan<'_>, frame: &Frame, planes: &mut [Vec<u16>]) -> Result<()> {
    let depth = frame.precision.checked_sub(scan.transform);
    let depth = depth.filter(|depth| *depth > 0).ok_or(Fault::Damaged)?;
    if !(1..=7).contains(&scan.selection) || frame.most != (1, 1) {
        return Err(Fault::Unsupported);
    }
    let middle = 1i32 << (depth - 1);
    let mut bits = scan.bits();
    // Units since the start or a restart: the first line of them has no line above.
    let mut since = 0usize;
    for row in 0..frame.rows {
        for column in 0..frame.columns {
            if scan.restart > 0 && since == scan.restart {
                bits.restart()?;
                since = 0;
            }
            for part in &scan.components {
                let width = frame.components[part.component].width;
                let plane = &mut planes[part.component];
                let at = row * width + column;
                let guess = if since == 0 {
                    middle
                } else if since <= column {
                    i32::from(plane[at - 1])
                } else if column == 0 {
                    i32::from(plane[at - width])
                } else {
                    predict(scan.selection, plane, at, width)
                };
                let length = part.first.decode(&mut bits)?;
                let difference = match length {
                    0..=15 => bits.number(length.into())?,
                    16 => 32_768,
                    _ => return Err(Fault::Damaged),
                };
                // Modulo 2^16, H.1.2.1.
                plane[at] = (guess + difference) as u16;
            }
            since += 1;
        }
    }
    if scan.transform > 0 {
        for part in &scan.components {
            let samples = planes[part.component].iter_mut();
            samples.for_each(|sample| *sample <<= scan.transform);
        }
    }
    Ok(())
}

/// The prediction from the neighbours to the left, above, and above left; table H.1.
fn predict(selection: u8, plane: &[u16], at: usize, width: usize) -> i32 {
    let sample = |at: usize| i32::from(plane[at]);
    let (a, b, c) = (sample(at - 1), sample(at - width), sample(at - width - 1));
    match selection {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    }
}
