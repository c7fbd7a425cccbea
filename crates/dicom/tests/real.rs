//! Real files, where `SPINEMED_REAL_DATA` points at them: none panics, each gives a picture
//! or a typed error, and lossless encodings of one picture give the same picture.
// A test reads files and one environment variable, and prints what it measured.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::collections::BTreeMap;

use spinemed_dicom::series::{assemble, choose};
use spinemed_dicom::{Native, Plane, Setting, decode_native, frame_png, picture, read};

/// Files of the collection that are shown; the rest have no pixels, or end early.
const SHOWN: usize = 94;

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(root) = std::env::var("SPINEMED_REAL_DATA") else {
        println!("skipped: SPINEMED_REAL_DATA is not set");
        return Vec::new();
    };
    let entries = std::fs::read_dir(format!("{root}/dicom/{folder}")).expect("the folder");
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            (
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                path,
            )
        })
        .map(|(name, path)| (name, std::fs::read(path).expect("a file")))
        .collect();
    files.sort();
    files
}

#[test]
fn each_file_gives_a_picture_or_a_reason() {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut shown, mut all) = (0, 0);
    for (name, bytes) in ["pydicom", "WG04"].into_iter().flat_map(files) {
        all += 1;
        match frame_png(&bytes, 1) {
            Ok(frame) => {
                shown += 1;
                let picture = image::load_from_memory(&frame.media.bytes).expect("a PNG");
                assert_eq!(
                    (picture.width(), picture.height()),
                    (frame.columns, frame.rows)
                );
                let last = frame_png(&bytes, frame.frames);
                println!(
                    "{name}: {} {:?} last: {}",
                    frame.media.reference.transform,
                    frame.plane,
                    last.is_ok()
                );
            }
            Err(error) => reasons.entry(error.to_string()).or_default().push(name),
        }
    }
    for (reason, names) in &reasons {
        println!("{} x {reason}: {}", names.len(), names.join(" "));
    }
    println!("{shown} of {all} shown");
    // What was measured when the reader was written; fewer is a step back.
    assert!(all == 0 || shown >= SHOWN, "{shown}");
}

#[test]
fn byte_orders_agree() {
    let files: BTreeMap<String, Vec<u8>> = files("pydicom").into_iter().collect();
    for (one, other) in [
        ("MR_small.dcm", "MR_small_expb.dcm"),
        ("MR_small.dcm", "MR_small_implicit.dcm"),
        ("SC_rgb.dcm", "SC_rgb_expb.dcm"),
        ("emri_small_RLE.dcm", "emri_small_big_endian.dcm"),
    ] {
        let (Some(one), Some(other)) = (files.get(one), files.get(other)) else {
            continue;
        };
        assert!(
            frame_png(one, 1).expect("a frame").media
                == frame_png(other, 1).expect("a frame").media
        );
    }
}

/// The sample values of all frames, as many bits as are stored.
fn values(native: &Native) -> Vec<i32> {
    let unused = 16 - native.bits_stored.min(16);
    let value = |word: u16| {
        let top = word << unused;
        if native.signed {
            i32::from(top as i16 >> unused)
        } else {
            i32::from(top >> unused)
        }
    };
    if native.bits_allocated == 8 {
        return native.data.iter().map(|byte| i32::from(*byte)).collect();
    }
    let (words, _) = native.data.as_chunks::<2>();
    words
        .iter()
        .map(|word| value(u16::from_le_bytes(*word)))
        .collect()
}

#[test]
fn encodings_of_one_picture_agree() {
    let files: BTreeMap<String, Vec<u8>> = files("WG04").into_iter().collect();
    for picture in ["CT1", "MR3", "XA1"] {
        let of = |kind: &str| {
            let bytes = files.get(&format!("{picture}_{kind}.dcm"))?;
            let object = read(bytes).expect("an object");
            Some(values(&decode_native(&object).expect("samples")))
        };
        let Some(original) = of("RLE") else {
            continue;
        };
        for lossless in ["JPLL", "JLSL", "J2KR"] {
            if let Some(found) = of(lossless) {
                assert!(found == original, "{picture} {lossless}");
            }
        }
        for (lossy, bound) in [("JLSN", 10), ("J2KI", 400), ("JPLY", 400)] {
            let Some(found) = of(lossy) else {
                continue;
            };
            assert_eq!(found.len(), original.len());
            let off = found.iter().zip(&original).map(|(a, b)| (a - b).abs());
            let (most, sum) = off.fold((0, 0i64), |(most, sum), d| {
                (most.max(d), sum + i64::from(d))
            });
            let mean = sum as f64 / original.len() as f64;
            println!("{picture} {lossy}: at most {most}, on average {mean:.3}");
            assert!(most <= bound, "{picture} {lossy}: {most}");
        }
    }
}

#[test]
fn objects_make_series() {
    let files = ["pydicom", "WG04"].into_iter().flat_map(files);
    let objects: Vec<_> = files.filter_map(|(_, bytes)| read(&bytes).ok()).collect();
    let all = assemble(&objects.iter().collect::<Vec<_>>());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for series in &all.series {
        for stack in &series.stacks {
            let plane = stack.view.plane().map_or("no plane", Plane::as_str);
            let kind = format!("{} {plane} {:?}", series.modality, stack.weighting);
            *kinds.entry(kind).or_default() += stack.slices.len();
        }
    }
    println!(
        "{} objects, {} series, frames {kinds:#?}",
        objects.len(),
        all.series.len()
    );
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (_, reason) in &all.left_out {
        *reasons.entry(reason.to_string()).or_default() += 1;
    }
    println!("left out {reasons:#?}");
    let shown: std::collections::BTreeSet<usize> = all
        .series
        .iter()
        .flat_map(|series| &series.stacks)
        .flat_map(|stack| &stack.slices)
        .map(|slice| slice.object)
        .collect();
    assert_eq!(shown.len() + all.left_out.len(), objects.len());
    for chosen in choose(&all.series, &[], 1000) {
        let object = &objects[chosen.object];
        match picture(object, chosen.frame, Setting::Usual) {
            Ok(picture) => println!("{:?} {}", chosen.title, picture.media.reference.transform),
            Err(error) => println!("{:?} {error}", chosen.title),
        }
    }
}
