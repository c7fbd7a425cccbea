//! Real files, where `SPINEMED_REAL_DATA` points at them: none panics, each gives a picture
//! or a typed error, and lossless encodings of one picture give the same picture.
// A test reads files and one environment variable, and prints what it measured.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::collections::BTreeMap;

use spinemed_dicom::series::{assemble, choose};
use spinemed_dicom::{DicomError, Plane, Setting, frame_png, picture, read};

/// Files of the collection that are shown; JPEG 2000, JPEG-LS, palettes, deep colours and
/// dose grids are the rest.
const SHOWN: usize = 42;

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

#[test]
fn lossless_encodings_agree() {
    let files: BTreeMap<String, Vec<u8>> = files("WG04").into_iter().collect();
    for picture in ["CT1", "MR3", "XA1"] {
        let of = |kind: &str| {
            files
                .get(&format!("{picture}_{kind}.dcm"))
                .map(|b| frame_png(b, 1))
        };
        let (Some(rle), Some(jpeg)) = (of("RLE"), of("JPLL")) else {
            continue;
        };
        let bytes =
            |frame: Result<spinemed_dicom::Frame, DicomError>| frame.expect("a frame").media.bytes;
        assert!(bytes(rle) == bytes(jpeg), "{picture}");
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
