//! Colours of decoded samples, brought to red, green and blue (DICOM PS3.3, C.7.6.3.1.2).

use super::layout::{Colours, Layout};

/// Brings decoded samples of three channels to RGB, pixel by pixel (Planar Configuration 0).
/// Ultrasound images without compression may be `MONOCHROME2`, `PALETTE COLOR` or `RGB` alone
/// (PS3.3, C.8.5.6.1.2), so that luma and chromas must not stay. Values are rounded and cut to
/// the stored range. Grey, palettes, and samples with a sign, of which the standard knows no
/// colours, stay as they are.
pub(super) fn to_rgb(layout: Layout, data: Vec<u8>) -> (Layout, Vec<u8>) {
    let partial = match layout.colours {
        Colours::Ybr { partial, .. } => Some(partial),
        Colours::Rgb => None,
        _ => return (layout, data),
    };
    let width = (layout.allocated / 8) as usize;
    let done = partial.is_none() && !layout.planar;
    let short = layout.bytes().is_none_or(|bytes| data.len() < bytes);
    if done || short || layout.signed || !matches!(width, 1 | 2) {
        return (layout, data);
    }
    let mut out = Vec::with_capacity(data.len());
    let sample = |frame, channel, x, y| {
        let at = layout.place(frame, channel, x, y) * width;
        let raw = (0..width).fold(0, |raw, byte| {
            raw | u32::from(data[at + byte]) << (8 * byte)
        });
        layout.value(raw)
    };
    for frame in 0..layout.frames {
        for (x, y) in (0..layout.rows).flat_map(|y| (0..layout.columns).map(move |x| (x, y))) {
            let pixel = [0, 1, 2].map(|channel| sample(frame, channel, x, y));
            let pixel = partial.map_or(pixel, |partial| rgb(pixel, layout.stored, partial));
            for value in pixel {
                out.extend_from_slice(&layout.encode(value).to_le_bytes()[..width]);
            }
        }
    }
    let layout = Layout {
        planar: false,
        colours: Colours::Rgb,
        ..layout
    };
    (layout, out)
}

/// One pixel of luma and chromas as red, green and blue; `stored` bits a sample.
fn rgb(pixel: [i32; 3], stored: u32, partial: bool) -> [i32; 3] {
    let unit = f64::from(1_u32 << (stored.clamp(1, 16) - 1)) / 128.0;
    let most = f64::from((1_u32 << stored.clamp(1, 16)) - 1);
    let (black, light, colour) = if partial {
        (16.0 * unit, 255.0 / 219.0, 255.0 / 224.0)
    } else {
        (0.0, 1.0, 1.0)
    };
    let [y, cb, cr] = pixel.map(f64::from);
    let (y, cb, cr) = (
        light * (y - black),
        colour * (cb - 128.0 * unit),
        colour * (cr - 128.0 * unit),
    );
    [
        y + 1.402 * cr,
        y - 0.344_136 * cb - 0.714_136 * cr,
        y + 1.772 * cb,
    ]
    .map(|value| value.round().clamp(0.0, most) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        rows: 1,
        columns: 2,
        frames: 1,
        samples: 3,
        allocated: 8,
        stored: 8,
        shift: 0,
        signed: false,
        planar: false,
        colours: Colours::Ybr {
            partial: false,
            halved: false,
        },
    };

    fn check(layout: Layout, data: &[u8], expect: &[u8]) {
        let (told, made) = to_rgb(layout, data.to_vec());
        assert_eq!(made, expect, "{layout:?}");
        assert!(!told.planar && told.colours == Colours::Rgb);
    }

    #[test]
    fn luma_and_chromas_become_red_green_and_blue() {
        // Grey, and pure red (PS3.3, C.7.6.3.1.2).
        check(
            LAYOUT,
            &[90, 128, 128, 76, 85, 255],
            &[90, 90, 90, 254, 0, 0],
        );
        let planar = Layout {
            planar: true,
            ..LAYOUT
        };
        check(
            planar,
            &[90, 76, 128, 85, 128, 255],
            &[90, 90, 90, 254, 0, 0],
        );
        let partial = Layout {
            colours: Colours::Ybr {
                partial: true,
                halved: false,
            },
            ..LAYOUT
        };
        check(
            partial,
            &[16, 128, 128, 235, 128, 128],
            &[0, 0, 0, 255, 255, 255],
        );
        let rgb = Layout {
            colours: Colours::Rgb,
            ..planar
        };
        check(rgb, &[1, 4, 2, 5, 3, 6], &[1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn words_keep_their_range() {
        let wide = Layout {
            allocated: 16,
            stored: 12,
            ..LAYOUT
        };
        let words = |values: [u16; 6]| values.map(u16::to_le_bytes).concat();
        check(
            wide,
            &words([1_440, 2_048, 2_048, 4_095, 2_048, 4_095]),
            &words([1_440, 1_440, 1_440, 4_095, 2_633, 4_095]),
        );
    }

    #[test]
    fn other_samples_stay() {
        let grey = Layout {
            samples: 1,
            colours: Colours::Monochrome2,
            ..LAYOUT
        };
        assert_eq!(to_rgb(grey, vec![1, 2]), (grey, vec![1, 2]));
        assert_eq!(to_rgb(LAYOUT, vec![1, 2]), (LAYOUT, vec![1, 2]));
    }
}
