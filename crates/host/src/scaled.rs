//! Pictures made larger and put into a container that every reader takes.

use spinemed_deidentify::Grey;

/// The picture as binary PGM (Netpbm), `times` as wide and high, with values between its pixels
/// interpolated linearly, and a rim of `rim` pixels of its corner's value, since readers miss
/// letters at the edge.
pub(crate) fn pgm(picture: &Grey<'_>, times: u32, rim: u32) -> Vec<u8> {
    let (width, height) = (
        picture.width * times + 2 * rim,
        picture.height * times + 2 * rim,
    );
    let mut out = format!("P5\n{width} {height}\n255\n").into_bytes();
    out.reserve(width as usize * height as usize);
    let columns: Vec<Sample> = samples(picture.width, times, rim);
    for row in samples(picture.height, times, rim) {
        let start = |line: u32| line as usize * picture.width as usize;
        let (upper, lower) = (start(row.first), start(row.second));
        for column in &columns {
            let at = |line: usize, x: u32| u32::from(picture.pixels[line + x as usize]);
            let across = |line: usize| {
                at(line, column.first) * (column.parts - column.part)
                    + at(line, column.second) * column.part
            };
            let sum = across(upper) * (row.parts - row.part) + across(lower) * row.part;
            let whole = column.parts * row.parts;
            out.push(((sum + whole / 2) / whole) as u8);
        }
    }
    out
}

/// Between which two pixels a new one lies, and how near to the second.
struct Sample {
    first: u32,
    second: u32,
    part: u32,
    parts: u32,
}

fn samples(length: u32, times: u32, rim: u32) -> Vec<Sample> {
    let parts = 2 * times;
    let last = length.saturating_sub(1);
    (0..length * times + 2 * rim)
        .map(|place| {
            // In units of half a new pixel, from the middle of the first old one.
            let middle = (2 * place + 1).saturating_sub(2 * rim + times);
            let first = (middle / parts).min(last);
            Sample {
                first,
                second: (first + 1).min(last),
                part: if first == last { 0 } else { middle % parts },
                parts,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: u32, pixels: &[u8], times: u32, rim: u32, expect: &[u8]) {
        let picture = Grey {
            width,
            height: pixels.len() as u32 / width,
            pixels,
        };
        let bytes = pgm(&picture, times, rim);
        assert_eq!(&bytes[bytes.len() - expect.len()..], expect);
    }

    #[test]
    fn values_between_are_linear() {
        check(2, &[0, 100], 1, 0, &[0, 100]);
        check(2, &[0, 100], 2, 0, &[0, 25, 75, 100, 0, 25, 75, 100]);
        check(1, &[9], 3, 1, &[9; 25]);
        check(2, &[0, 200], 1, 1, &[0, 0, 200, 200]);
    }

    #[test]
    fn the_header_tells_the_size() {
        let picture = Grey {
            width: 2,
            height: 3,
            pixels: &[1; 6],
        };
        assert!(pgm(&picture, 2, 5).starts_with(b"P5\n14 16\n255\n"));
    }
}
