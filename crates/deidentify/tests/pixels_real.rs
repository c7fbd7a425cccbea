//! Blanking of real objects, where they are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "the test reads real objects if told where, and prints what it measured"
)]

use std::path::{Path, PathBuf};

use dicom_object::DefaultDicomObject;
use spinemed_deidentify::pixels::{Blanked, Wanted, blank};
use spinemed_dicom::{Native, decode_native, read};

#[test]
fn real_objects_are_blanked_within_boxes_alone() {
    let Ok(root) = std::env::var("SPINEMED_REAL_DATA") else {
        println!("skipped: SPINEMED_REAL_DATA is not set");
        return;
    };
    let wanted = Wanted {
        confirmed: true,
        ..Wanted::default()
    };
    let (mut kept, mut changed, mut refused) = (0, 0, 0);
    for file in files(&Path::new(&root).join("dicom")) {
        let Ok(object) = read(&std::fs::read(&file).unwrap()) else {
            continue;
        };
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let mut after = object.clone();
        match blank(&mut after, &wanted, &[]) {
            Err(suspicion) => {
                refused += 1;
                println!("{name}: {suspicion}");
                assert!(bytes(&after) == bytes(&object), "{name}");
            }
            Ok(blanked) if blanked.changed => {
                changed += 1;
                println!("{name}: {:?}", blanked.frames);
                let (before, native) = (
                    decode_native(&object).unwrap(),
                    decode_native(&after).unwrap(),
                );
                check(&before, &native, &blanked, &name);
                let again = blank(&mut after, &wanted, &[]).unwrap();
                assert!(!again.changed, "{name}");
            }
            Ok(_) => {
                kept += 1;
                assert!(bytes(&after) == bytes(&object), "{name}");
            }
        }
    }
    println!("real objects: {kept} kept, {changed} blanked, {refused} refused");
    assert!(changed >= 6 && kept >= 30, "{kept} kept, {changed} blanked");
}

/// Asserts that samples outside of the boxes are what they were.
fn check(before: &Native, after: &Native, blanked: &Blanked, name: &str) {
    assert_eq!(
        (before.rows, before.columns, before.frames),
        (after.rows, after.columns, after.frames)
    );
    let width = usize::from(before.samples) * usize::from(before.bits_allocated / 8);
    let pixels = before.rows as usize * before.columns as usize;
    assert_eq!(before.data.len(), after.data.len(), "{name}");
    let old = colours(before, &after.photometric);
    let pairs = old.chunks_exact(width).zip(after.data.chunks_exact(width));
    for (place, (old, new)) in pairs.enumerate() {
        let frame = (place / pixels + 1) as u32;
        let at = place % pixels;
        let (x, y) = (
            (at % before.columns as usize) as u32,
            (at / before.columns as usize) as u32,
        );
        // Neighbours of halved chroma share it, so that a box may be a column wider.
        let inside = blanked
            .frames
            .iter()
            .filter(|one| one.frame == frame)
            .any(|one| {
                one.regions.iter().any(|[x0, y0, x1, y1]| {
                    (x0.saturating_sub(1)..x1 + 1).contains(&x) && (*y0..*y1).contains(&y)
                })
            });
        assert!(inside || old == new, "{name}: {x} {y} of frame {frame}");
    }
}

/// The samples of 8 bits as RGB, pixel by pixel, where they are colours and that is asked for
/// (PS3.3, C.7.6.3.1.2).
fn colours(native: &Native, photometric: &str) -> Vec<u8> {
    if photometric != "RGB" || native.bits_allocated != 8 {
        return native.data.clone();
    }
    let pixels = native.rows as usize * native.columns as usize;
    let (step, apart) = if native.planar == 1 {
        (1, pixels)
    } else {
        (3, 1)
    };
    let frames = native.data.chunks_exact(3 * pixels);
    let pixel = |frame: &[u8], at: usize| {
        let [a, b, c] = [0, 1, 2].map(|channel| f64::from(frame[at * step + channel * apart]));
        let values = if native.photometric.starts_with("YBR_FULL") {
            let (cb, cr) = (b - 128.0, c - 128.0);
            let green = a - 0.344_136 * cb - 0.714_136 * cr;
            [a + 1.402 * cr, green, a + 1.772 * cb]
        } else {
            [a, b, c]
        };
        values.map(|value| value.round().clamp(0.0, 255.0) as u8)
    };
    frames
        .flat_map(|frame| (0..pixels).flat_map(move |at| pixel(frame, at)))
        .collect()
}

fn bytes(object: &DefaultDicomObject) -> Vec<u8> {
    let mut bytes = Vec::new();
    object.write_all(&mut bytes).unwrap();
    bytes
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
