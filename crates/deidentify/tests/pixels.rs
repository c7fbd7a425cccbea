//! Burned-in text that was drawn here is found, clean pictures are mostly kept.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "the tests read pictures of this repository and print what they measured"
)]

#[path = "pixels/drawing.rs"]
mod drawing;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use drawing::{Canvas, Pen, Random, Scene, scene};
use proptest::prelude::*;
use spinemed_deidentify::pixels::{Grey, Suspicion, find, prove};

const SCENES: [Scene; 4] = [Scene::Flat, Scene::Column, Scene::Ribs, Scene::Hills];
/// Text must differ from the ground by this many grey values…
const CONTRAST: f32 = 24.0;
/// …and by this many times the noise.
const NOISE: f32 = 10.0;
/// Capitals must be this many pixels high; in a line of three letters…
const HEIGHT: f32 = 7.0;
/// …this many, for soft letters of 7 pixels touch and leave too little to compare.
const SHORT_HEIGHT: f32 = 12.0;

fn judge(canvas: &Canvas) -> Result<(), Suspicion> {
    judge_pixels(canvas.width, &canvas.pixels())
}

fn judge_pixels(width: usize, pixels: &[u8]) -> Result<(), Suspicion> {
    prove(&Grey {
        width: width as u32,
        height: (pixels.len() / width) as u32,
        pixels,
    })
}

/// All pens of the matrix.
fn pens() -> Vec<Pen> {
    let mut pens = Vec::new();
    for dark in [false, true] {
        for contrast in [CONTRAST, 60.0, 95.0] {
            for (height, share) in [
                (HEIGHT, 0.15),
                (10.0, 0.12),
                (16.0, 0.18),
                (32.0, 0.12),
                (64.0, 0.15),
            ] {
                for turns in 0..4 {
                    let index = pens.len() as u32;
                    pens.push(Pen {
                        height,
                        stroke: (height * share).max(1.0),
                        slant: if index % 3 == 1 { 0.2 } else { 0.0 },
                        turns,
                        soft: index.is_multiple_of(2),
                        contrast,
                        dark,
                    });
                }
            }
        }
    }
    pens
}

/// The texts whose drawings the search was fitted on, among others.
const KNOWN_TEXTS: [&str; 6] = ["LEN", "1973-04", "HANDS", "Roan", "王田李", "中木山 81"];
/// Texts that no fit has seen, on grounds that no fit has seen.
const HELD_OUT_TEXTS: [&str; 6] = ["SKM", "7390-54", "WALTERS", "Mona", "小中田", "山李木 45"];

/// What became of the lines of a matrix.
#[derive(Default)]
struct Tally {
    drawn: usize,
    left_out: usize,
    /// Pictures that passed.
    missed: Vec<String>,
    /// Pictures refused for a box that does not overlap the line.
    beside: Vec<String>,
    /// The same where the ground is refused without the line too.
    refused_bare: usize,
    /// Pictures whose boxes were compared with the ink.
    compared: usize,
    /// Those with ink outside of the boxes.
    uncovered: Vec<String>,
    /// What the boxes took to find.
    spent: Duration,
}

#[test]
fn every_planted_line_is_found() {
    let tally = plant(&pens(), &KNOWN_TEXTS, 0);
    println!(
        "{} lines of text drawn, {} missed, {} refused for a box beside them, {} on grounds \
         refused bare; {} did not fit into the picture or its grey values; floor: {HEIGHT} pixels \
         ({SHORT_HEIGHT} for three letters), contrast {CONTRAST} and {NOISE} times the noise",
        tally.drawn,
        tally.missed.len(),
        tally.beside.len(),
        tally.refused_bare,
        tally.left_out
    );
    assert!(tally.drawn > 2_000, "{}", tally.drawn);
    assert!(tally.missed.is_empty(), "{:#?}", tally.missed);
    // One box lies a pixel below the ink of its line.
    assert!(tally.beside.len() <= 1, "{:#?}", tally.beside);
    assert!(tally.refused_bare <= 3, "{}", tally.refused_bare);
}

#[test]
fn nearly_every_held_out_line_is_found() {
    let tally = plant(&pens(), &HELD_OUT_TEXTS, 5_000);
    let missed = tally.missed.len() + tally.beside.len();
    println!(
        "{} held-out lines drawn, {missed} missed: {:#?}",
        tally.drawn, tally.missed
    );
    assert!(tally.drawn > 2_000, "{}", tally.drawn);
    let megapixels = tally.compared as f64 * 288.0 * 288.0 / 1e6;
    println!(
        "{} pictures searched for boxes, {:.0} ms a megapixel, {} with ink outside: {:#?}",
        tally.compared,
        1_000.0 * tally.spent.as_secs_f64() / megapixels,
        tally.uncovered.len(),
        tally.uncovered
    );
    assert!(tally.compared > 500, "{}", tally.compared);
    assert!(
        tally.uncovered.len() * 100 <= tally.compared,
        "{:#?}",
        tally.uncovered
    );
    assert!(
        missed * 1_000 <= tally.drawn * 3,
        "{missed} of {}",
        tally.drawn
    );
}

/// Draws every text with every pen on every ground. A line is found if the picture is refused
/// for a box that overlaps the line; other refusals are told apart by what becomes of the ground
/// without the line.
fn plant(pens: &[Pen], texts: &[&str], salt: u32) -> Tally {
    let mut tally = Tally::default();
    for (index, pen) in pens.iter().copied().enumerate() {
        for ground in SCENES {
            for noise in [0.0, pen.contrast.min(50.0) / NOISE] {
                for (number, text) in texts.iter().enumerate() {
                    let short = text.chars().count() == 3 || !text.is_ascii();
                    if short && pen.height < SHORT_HEIGHT {
                        continue; // Below the floor; Chinese characters cannot be read there.
                    }
                    let mut canvas = scene(ground, 288, noise, (index + number) as u32 + salt);
                    let place = place(text, pen, index, number, u64::from(salt));
                    let bare = canvas.pixels();
                    let fits = place.is_some_and(|place| canvas.write(text, place, pen));
                    let Some((x, y)) = place.filter(|_| fits) else {
                        tally.left_out += 1;
                        continue;
                    };
                    tally.drawn += 1;
                    if tally.drawn % 4 == 0 {
                        compare(
                            &mut tally,
                            &canvas,
                            &bare,
                            &format!("{text} {ground:?} {pen:?}"),
                        );
                    }
                    let (width, height) = Canvas::extent(text, pen);
                    if is_found(&canvas, [x, y, x + width, y + height]) {
                        continue;
                    }
                    let line = format!("{text} {ground:?} noise {noise} at {x} {y} {pen:?}");
                    if judge(&canvas).is_ok() {
                        tally.missed.push(line);
                    } else if judge_pixels(288, &bare).is_ok() {
                        tally.beside.push(line);
                    } else {
                        tally.refused_bare += 1;
                    }
                }
            }
        }
    }
    tally
}

/// Whether the boxes that would be blanked hold all ink that differs from the ground by a sixth
/// of the line's contrast, which is more than a trace.
fn compare(tally: &mut Tally, canvas: &Canvas, bare: &[u8], line: &str) {
    let pixels = canvas.pixels();
    let start = Instant::now();
    let boxes = find(&Grey {
        width: canvas.width as u32,
        height: canvas.height as u32,
        pixels: &pixels,
    });
    tally.spent += start.elapsed();
    tally.compared += 1;
    let most = pixels.iter().zip(bare).map(|(a, b)| a.abs_diff(*b)).max();
    let least = most.unwrap_or(0) / 6;
    let outside = |place: usize| {
        let (x, y) = ((place % canvas.width) as u32, (place / canvas.width) as u32);
        let inside =
            |[x0, y0, x1, y1]: &[u32; 4]| (*x0..*x1).contains(&x) && (*y0..*y1).contains(&y);
        !boxes.iter().any(inside)
    };
    let ink = |place: &usize| pixels[*place].abs_diff(bare[*place]) > least;
    let (all, left) = (0..pixels.len())
        .filter(ink)
        .fold((0, 0), |(all, left), place| {
            (all + 1, left + usize::from(outside(place)))
        });
    if left > 0 {
        tally
            .uncovered
            .push(format!("{left} of {all} pixels of {line}"));
    }
}

/// Where a line is drawn: in a corner, or anywhere. Nothing if it does not fit.
fn place(text: &str, pen: Pen, index: usize, number: usize, salt: u64) -> Option<(f32, f32)> {
    let (width, height) = Canvas::extent(text, pen);
    let room = (288.0 - width, 288.0 - height);
    if room.0 <= 2.0 || room.1 <= 2.0 {
        return None;
    }
    let mut random = Random(index as u64 * 31 + number as u64 + 1 + salt);
    Some(match (index + number) % 4 {
        0 => (1.0, 1.0),
        1 => (room.0 - 1.0, room.1 - 1.0),
        _ => (
            (room.0 * random.unit()).floor(),
            (room.1 * random.unit()).floor(),
        ),
    })
}

fn is_found(canvas: &Canvas, line: [f32; 4]) -> bool {
    let Err(Suspicion::Text { region }) = judge(canvas) else {
        return false;
    };
    let [x0, y0, x1, y1] = region.map(|edge| edge as f32);
    x0 < line[2] && x1 > line[0] && y0 < line[3] && y1 > line[1]
}

#[test]
fn faint_text_on_still_ground_is_found() {
    for contrast in [3.0, 5.0, 8.0] {
        for (ground, dark) in [(0.0, false), (128.0, false), (128.0, true), (255.0, true)] {
            for height in [7.0, 14.0, 40.0] {
                let mut canvas = scene(Scene::Flat, 256, 0.0, 1);
                canvas.values.fill(ground);
                let pen = Pen {
                    height,
                    stroke: height / 7.0,
                    slant: 0.0,
                    turns: 0,
                    soft: false,
                    contrast,
                    dark,
                };
                assert!(canvas.write("MANN 52", (20.0, 30.0), pen));
                let found = judge(&canvas);
                assert!(
                    matches!(found, Err(Suspicion::Text { .. })),
                    "{ground} {pen:?}"
                );
            }
        }
    }
}

#[test]
fn the_box_lies_on_the_text() {
    let mut canvas = scene(Scene::Hills, 400, 2.0, 3);
    let pen = Pen {
        height: 20.0,
        stroke: 3.0,
        slant: 0.0,
        turns: 0,
        soft: true,
        contrast: 90.0,
        dark: false,
    };
    assert!(canvas.write("HANDS", (150.0, 220.0), pen));
    let Err(Suspicion::Text {
        region: [x0, y0, x1, y1],
    }) = judge(&canvas)
    else {
        panic!("no text found");
    };
    assert!(
        x0 >= 140 && y0 >= 210 && x1 <= 290 && y1 <= 250,
        "{x0} {y0} {x1} {y1}"
    );
    assert!(x1 - x0 >= 40 && y1 - y0 >= 15, "{x0} {y0} {x1} {y1}");
}

#[test]
fn made_anatomy_is_mostly_kept() {
    let (mut kept, mut all) = (0, 0);
    for ground in SCENES {
        for seed in 0..12 {
            for noise in [0.0, 1.0, 3.0, 6.0] {
                all += 1;
                kept += u32::from(judge(&scene(ground, 320, noise, seed)).is_ok());
            }
        }
    }
    println!("made anatomy: {kept} of {all} pictures kept");
    assert!(kept * 100 >= all * 97, "{kept} of {all}");
}

#[test]
fn made_slices_of_the_repository_are_mostly_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sources/demo-rsna/train_images");
    let (mut kept, mut all) = (0, 0);
    for file in files(&folder) {
        let Some(grey) = first_frame(&file) else {
            continue;
        };
        all += 1;
        let picture = Grey {
            width: grey.width,
            height: grey.height,
            pixels: &grey.pixels,
        };
        kept += u32::from(prove(&picture).is_ok());
    }
    println!("made slices: {kept} of {all} pictures kept");
    assert!(all >= 70 && kept * 100 >= all * 97, "{kept} of {all}");
}

#[test]
fn made_cases_of_the_repository_are_mostly_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sources/demo-cases/cases");
    let (mut kept, mut all, mut written) = (0, 0, 0);
    for file in files(&folder) {
        let Some(grey) = first_frame(&file) else {
            continue;
        };
        let verdict = prove(&Grey {
            width: grey.width,
            height: grey.height,
            pixels: &grey.pixels,
        });
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // The two pictures into which text was drawn: an AP radiograph and a screen capture.
        if name.ends_with("_AP.dcm") || name.starts_with("截图") {
            written += 1;
            assert!(verdict.is_err(), "text missed in {name}");
        } else {
            all += 1;
            kept += u32::from(verdict.is_ok());
        }
    }
    println!("made cases: {kept} of {all} clean pictures kept, {written} with text refused");
    assert_eq!(written, 2);
    assert!(all >= 30 && kept * 100 >= all * 93, "{kept} of {all}");
}

#[test]
fn real_frames_are_listed() {
    let Ok(root) = std::env::var("SPINEMED_REAL_DATA") else {
        println!("skipped: SPINEMED_REAL_DATA is not set");
        return;
    };
    // Ultrasound and screen captures that a person saw text in.
    let with_text = [
        "US1_J2KI",
        "US1_J2KR",
        "OBXXXX1A",
        "gdcm-US-ALOKA",
        "mlut_18",
        "JPGLosslessP14SV1",
    ];
    let (mut kept, mut refused) = (0, 0);
    for file in files(&Path::new(&root).join("dicom")) {
        let Some(grey) = first_frame(&file) else {
            continue;
        };
        let verdict = prove(&Grey {
            width: grey.width,
            height: grey.height,
            pixels: &grey.pixels,
        });
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        println!("{name}: {}x{} {verdict:?}", grey.width, grey.height);
        let counter = if verdict.is_ok() {
            &mut kept
        } else {
            &mut refused
        };
        *counter += 1;
        let readable = with_text.iter().any(|start| name.starts_with(start));
        assert!(!readable || verdict.is_err(), "text missed in {name}");
    }
    println!("real frames: {kept} kept, {refused} refused");
    assert!(kept >= 37, "{kept} kept, {refused} refused");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

fn first_frame(file: &Path) -> Option<spinemed_dicom::Grey> {
    let object = spinemed_dicom::read(&std::fs::read(file).ok()?).ok()?;
    let picture = spinemed_dicom::picture(&object, 1, spinemed_dicom::Setting::default()).ok()?;
    Some(picture.grey)
}

#[test]
fn odd_sizes_are_no_trouble() {
    for (width, height) in [
        (0, 0),
        (0, 9),
        (1, 1),
        (1, 5_000),
        (5_000, 1),
        (2, 2_000),
        (16_384, 3),
        (6, 6),
        (7, 8),
    ] {
        let pixels: Vec<u8> = (0..width * height)
            .map(|place: u32| (place % 251) as u8)
            .collect();
        let verdict = prove(&Grey {
            width,
            height,
            pixels: &pixels,
        });
        assert_ne!(verdict, Err(Suspicion::Size), "{width}x{height}");
    }
    let wrong = |width, height, pixels: &[u8]| {
        prove(&Grey {
            width,
            height,
            pixels,
        })
    };
    assert_eq!(wrong(2, 2, &[0; 5]), Err(Suspicion::Size));
    assert_eq!(wrong(u32::MAX, u32::MAX, &[]), Err(Suspicion::Size));
    assert_eq!(wrong(16_385, 1, &[0; 16_385]), Err(Suspicion::Size));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn never_panics(width in 0_u32..70, height in 0_u32..70, levels in 1_u8..=255, seed in any::<u64>()) {
        let mut random = Random(seed | 1);
        let pixels: Vec<u8> = (0..width * height)
            .map(|_| (random.unit() * f32::from(levels)) as u8)
            .collect();
        let verdict = prove(&Grey { width, height, pixels: &pixels });
        if let Err(Suspicion::Text { region: [x0, y0, x1, y1] }) = verdict {
            prop_assert!(x0 < x1 && y0 < y1 && x1 <= width && y1 <= height);
        }
    }
}
