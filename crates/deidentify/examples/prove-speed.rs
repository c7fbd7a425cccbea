//! How many pictures of 512 by 512 pixels one core searches for text in a second.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example that measures time and prints it"
)]

use std::time::Instant;

use spinemed_deidentify::pixels::{Grey, prove};

const SIDE: u32 = 512;
const PICTURES: u32 = 100;

fn main() {
    for noise in [0, 4, 16] {
        let pixels: Vec<u8> = (0..SIDE * SIDE).map(|place| pixel(place, noise)).collect();
        let picture = Grey {
            width: SIDE,
            height: SIDE,
            pixels: &pixels,
        };
        let start = Instant::now();
        let kept = (0..PICTURES).filter(|_| prove(&picture).is_ok()).count();
        let each = f64::from(PICTURES) / start.elapsed().as_secs_f64();
        println!("noise of {noise:2} grey values: {each:.0} pictures/s, {kept} of {PICTURES} kept");
    }
}

/// Soft hills with evenly distributed noise.
fn pixel(place: u32, noise: u32) -> u8 {
    let (x, y) = ((place % SIDE) as f32, (place / SIDE) as f32);
    let hills = 110.0 + 50.0 * (x / 37.0).sin() * (y / 41.0).cos();
    let mixed = place.wrapping_mul(2_654_435_761) ^ (place >> 3);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 16;
    (hills + (mixed % (noise + 1)) as f32) as u8
}
