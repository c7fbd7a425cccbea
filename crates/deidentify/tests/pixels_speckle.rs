//! Speckle, as ultrasound has it, is told from text that is drawn on it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the tests stop where they are and print what they measured"
)]

#[path = "pixels/drawing.rs"]
#[allow(dead_code, reason = "another test uses the rest")]
mod drawing;
#[path = "pixels/object.rs"]
#[allow(dead_code, reason = "another test uses the rest")]
mod object;

use drawing::{Canvas, Pen, Random};
use object::{Form, SIZE, ULTRASOUND, object, pixel_bytes};
use spinemed_deidentify::pixels::{Suspicion, Wanted, blank};

const GREY: Form = Form {
    photometric: "MONOCHROME2",
    allocated: 8,
    stored: 8,
    signed: false,
    planar: false,
};

/// How the grain of a picture looks: its width along and across the beam in pixels, and the
/// grey values of ten decibels.
#[derive(Debug, Clone, Copy)]
struct Grain {
    along: f32,
    across: f32,
    contrast: f32,
}

const GRAINS: [Grain; 4] = [
    grain(0.7, 1.0, 40.0),
    grain(1.0, 1.6, 45.0),
    grain(1.3, 2.6, 50.0),
    grain(2.0, 3.4, 55.0),
];

const fn grain(along: f32, across: f32, contrast: f32) -> Grain {
    Grain {
        along,
        across,
        contrast,
    }
}

/// A sector of fully developed speckle on black: the magnitude of complex Gaussian noise,
/// smoothed by the beam, in decibels (Burckhardt, IEEE Trans. Sonics Ultrason. 1978).
fn speckle(grain: Grain, seed: u64) -> Canvas {
    let (width, height) = SIZE;
    let mut random = Random(seed * 7_919 + 1);
    let mut part = || {
        let noise: Vec<f32> = (0..width * height).map(|_| random.normal()).collect();
        smoothed(&noise, grain)
    };
    let (real, imaginary) = (part(), part());
    let power = |place: usize| real[place].powi(2) + imaginary[place].powi(2);
    let mean = (0..width * height).map(power).sum::<f32>() / (width * height) as f32;
    let values = (0..width * height).map(|place| {
        let (x, y) = (
            (place % width) as f32 - 120.0,
            (place / width) as f32 + 30.0,
        );
        let inside = x.abs() < 0.8 * y && (40.0..200.0).contains(&x.hypot(y));
        let tissue = 120.0 + 30.0 * (x / 23.0).sin() * (y / 31.0).cos();
        let decibels = 10.0 * (power(place) / mean).max(1e-4).log10();
        if inside {
            (tissue + grain.contrast * decibels / 10.0).clamp(0.0, 255.0)
        } else {
            0.0
        }
    });
    Canvas {
        width,
        height,
        values: values.collect(),
    }
}

fn smoothed(noise: &[f32], grain: Grain) -> Vec<f32> {
    let pass = |values: &[f32], sigma: f32, step: usize| -> Vec<f32> {
        let reach = (3.0 * sigma).ceil() as i64;
        let sum = |place: usize| {
            (-reach..=reach)
                .map(|at| {
                    let from = (place as i64 + at * step as i64).rem_euclid(values.len() as i64);
                    values[from as usize] * (-0.5 * (at as f32 / sigma).powi(2)).exp()
                })
                .sum::<f32>()
        };
        (0..values.len()).map(sum).collect()
    };
    pass(&pass(noise, grain.across, 1), grain.along, SIZE.0)
}

/// What became of frames: the share of pixels without ink that changed, in percent, and how
/// many pixels of ink did not.
fn blanked(frames: &[(Vec<u8>, Vec<bool>)]) -> Result<(f64, usize), Suspicion> {
    let data: Vec<u8> = frames
        .iter()
        .flat_map(|(pixels, _)| pixels.clone())
        .collect();
    let mut object = object(ULTRASOUND, GREY, frames.len(), data);
    let wanted = Wanted {
        confirmed: true,
        ..Wanted::default()
    };
    blank(&mut object, &wanted, &[])?;
    let after = pixel_bytes(&object);
    let before = frames
        .iter()
        .flat_map(|(pixels, ink)| pixels.iter().zip(ink));
    let (mut others, mut changed, mut left) = (0, 0, 0);
    for ((old, ink), new) in before.zip(&after) {
        if *ink {
            left += usize::from(*new != 0);
        } else {
            others += 1;
            changed += usize::from(old != new);
        }
    }
    Ok((100.0 * changed as f64 / f64::from(others), left))
}

fn bare(grain: Grain, seed: u64) -> (Vec<u8>, Vec<bool>) {
    let pixels = speckle(grain, seed).pixels();
    let ink = vec![false; pixels.len()];
    (pixels, ink)
}

fn written(grain: Grain, seed: u64, text: &str, place: (f32, f32), pen: Pen) -> Frame {
    let mut canvas = speckle(grain, seed);
    // Machines write in their brightest tone, also over bright speckle.
    canvas.values.iter_mut().for_each(|value| *value *= 0.8);
    let before = canvas.values.clone();
    let (x, y) = place;
    let (width, height) = Canvas::extent(text, pen);
    let under = |place: usize| {
        let (column, row) = ((place % SIZE.0) as f32, (place / SIZE.0) as f32);
        (x - 6.0..x + width + 6.0).contains(&column) && (y - 6.0..y + height + 6.0).contains(&row)
    };
    let brightest = (0..before.len())
        .filter(|place| under(*place))
        .map(|place| before[place])
        .fold(0.0, f32::max);
    let contrast = 250.0 - brightest;
    assert!(canvas.write(text, place, Pen { contrast, ..pen }), "{text}");
    let ink = before.iter().zip(&canvas.values).map(|(a, b)| a != b);
    (canvas.pixels(), ink.collect())
}

type Frame = (Vec<u8>, Vec<bool>);

#[test]
fn clean_stills_are_kept() {
    let (mut kept, mut all, mut changed) = (0, 0, 0.0);
    for grain in GRAINS {
        let mut own = 0;
        for seed in 0..24 {
            let (share, _) = blanked(&[bare(grain, seed)]).unwrap_or((100.0, 0));
            all += 1;
            own += usize::from(share == 0.0);
            changed += share;
        }
        println!("{grain:?}: {own} of 24 stills kept");
        kept += own;
    }
    println!(
        "clean stills: {kept} of {all} kept, {:.2} % changed",
        changed / all as f64
    );
    assert!(kept * 100 >= all * 90, "{kept} of {all}");
}

#[test]
fn clean_clips_are_kept() {
    let (mut kept, mut all, mut changed) = (0, 0, 0.0);
    for grain in GRAINS {
        let mut own = 0;
        for clip in 0..6 {
            let frames: Vec<Frame> = (0..8)
                .map(|at| bare(grain, 1_000 + 8 * clip + at))
                .collect();
            let (share, _) = blanked(&frames).unwrap_or((100.0, 0));
            all += 1;
            own += usize::from(share == 0.0);
            changed += share;
        }
        println!("{grain:?}: {own} of 6 clips kept");
        kept += own;
    }
    println!(
        "clean clips: {kept} of {all} kept, {:.2} % changed",
        changed / all as f64
    );
    assert!(kept * 100 >= all * 90, "{kept} of {all}");
}

#[test]
fn lines_on_speckle_are_blanked() {
    let (mut covered, mut all, mut changed) = (0, 0, 0.0);
    for grain in GRAINS {
        let mut own = 0;
        for seed in 0..24_u64 {
            let height = [9.0, 11.0, 14.0, 18.0][seed as usize % 4];
            let pen = Pen {
                height,
                stroke: (height / 7.0).max(1.2),
                slant: 0.0,
                turns: 0,
                soft: seed % 8 < 4,
                contrast: 0.0,
                dark: false,
            };
            let text = ["HANDS 72", "1973-04", "ROAN 5", "MARK 12-4"][seed as usize / 4 % 4];
            // In the black corner, half in the sector, and within it.
            let place = [(3.0, 3.0), (16.0, 100.0), (90.0, 60.0)][seed as usize % 3];
            let place = (place.0 + (seed % 5) as f32, place.1 + (seed % 7) as f32);
            let count = if seed % 2 == 0 { 1 } else { 5 };
            let frames: Vec<Frame> = (0..count)
                .map(|at| written(grain, 2_000 + 8 * seed + at, text, place, pen))
                .collect();
            all += 1;
            if let Ok((share, left)) = blanked(&frames) {
                own += usize::from(left == 0);
                changed += share;
            }
        }
        println!("{grain:?}: {own} of 24 lines blanked");
        covered += own;
    }
    println!(
        "lines on speckle: {covered} of {all} blanked, {:.2} % of other pixels changed",
        changed / all as f64
    );
    assert!(covered * 100 >= all * 90, "{covered} of {all}");
}
