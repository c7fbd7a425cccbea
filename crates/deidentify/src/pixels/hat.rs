//! How far each pixel stands out from its surroundings, as thin strokes do.

/// The width and height of the square that must not fit into a stroke, in pixels. Strokes of
/// glyphs up to 24 pixels high are narrower; larger glyphs are found in halved pictures.
const SQUARE: usize = 7;

/// A grey picture that owns its pixels, row by row from the top left.
pub(super) struct Plane {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` grey values.
    pub pixels: Vec<u8>,
}

impl Plane {
    /// The picture at half the size: each pixel is the mean of four. An odd last row or
    /// column is left out, for no stroke that only a halved picture shows is that thin.
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for pair in self.pixels.chunks_exact(2 * self.width.max(1)).take(height) {
            let (upper, lower) = pair.split_at(self.width);
            for (a, b) in upper.chunks_exact(2).zip(lower.chunks_exact(2)) {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                pixels.push(sum.div_ceil(4).min(255) as u8);
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The negative.
    pub fn inverted(&self) -> Self {
        Self {
            width: self.width,
            height: self.height,
            pixels: self.pixels.iter().map(|value| 255 - value).collect(),
        }
    }
}

/// The white top-hat: the picture less its opening by a square. Smooth ground and everything
/// broader than the square becomes nearly zero; brighter strokes keep their contrast.
///
/// Only squares that lie wholly inside the picture count, so that strokes on the border stand
/// out as others do.
pub(super) fn hat(plane: &Plane) -> Vec<u8> {
    let (width, height) = (plane.width, plane.height);
    let (across, down) = (SQUARE.min(width), SQUARE.min(height));
    if across == 0 || down == 0 {
        return Vec::new();
    }
    let (inner_width, inner_height) = (width - across + 1, height - down + 1);

    let mut eroded = Vec::with_capacity(inner_width * height);
    let mut row = vec![0; width];
    for source in plane.pixels.chunks_exact(width) {
        row.copy_from_slice(source);
        slide(&mut row, 1, across, u8::min);
        eroded.extend_from_slice(&row[..inner_width]);
    }
    slide(&mut eroded, inner_width, down, u8::min);
    eroded.truncate(inner_width * inner_height);

    // Padding with black makes the dilation cover the rim again.
    let mut opened = vec![0; (height + down - 1) * inner_width];
    let start = (down - 1) * inner_width;
    opened[start..start + eroded.len()].copy_from_slice(&eroded);
    slide(&mut opened, inner_width, down, u8::max);

    let mut padded = vec![0; width + across - 1];
    let mut out = Vec::with_capacity(width * height);
    for (source, opening) in plane
        .pixels
        .chunks_exact(width)
        .zip(opened.chunks_exact(inner_width))
    {
        padded.fill(0);
        padded[across - 1..across - 1 + inner_width].copy_from_slice(opening);
        slide(&mut padded, 1, across, u8::max);
        out.extend(
            source
                .iter()
                .zip(&padded)
                .map(|(value, low)| value.saturating_sub(*low)),
        );
    }
    out
}

/// Replaces each value by the extreme of `span` values, `step` apart, that begin with it. The
/// last ones, which lack successors, are meaningless afterwards.
fn slide(values: &mut [u8], step: usize, span: usize, extreme: impl Fn(u8, u8) -> u8 + Copy) {
    let mut done = 1;
    while done < span {
        let shift = done.min(span - done);
        let offset = shift * step;
        let count = values.len().saturating_sub(offset);
        if step > 1 {
            // Whole rows at a time: the borrow is split once per row.
            let mut start = 0;
            while start < count {
                let length = offset.min(count - start);
                let (head, tail) = values.split_at_mut(start + offset);
                let target = &mut head[start..start + length];
                for (value, other) in target.iter_mut().zip(&tail[..length]) {
                    *value = extreme(*value, *other);
                }
                start += length;
            }
        } else {
            for index in 0..count {
                values[index] = extreme(values[index], values[index + offset]);
            }
        }
        done += shift;
    }
}
