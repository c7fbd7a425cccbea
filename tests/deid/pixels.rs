//! Pixels through the program: what a person says of regions, and pages to look at.

use std::path::Path;

use super::*;

/// Made objects with text burned in, with the words that lie in header or pixels.
const PLANTED_OBJECTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../deidentify/tests/planted/objects"
);
const CLEAN: [&str; 6] = ["--key", "k", "--option", "clean-pixel-data", "--ocr", "off"];

/// A place with a radiograph that has letters in it, and a CT slice that has none.
fn place() -> Place {
    let place = Place::new();
    fs::create_dir_all(place.at("in")).unwrap();
    for name in ["dx-burned.dcm", "ct-1.dcm"] {
        let from = Path::new(PLANTED_OBJECTS).join(name);
        fs::copy(from, place.at("in").join(name)).unwrap();
    }
    place
}

/// The one object of a modality in the output: its new SOP Instance UID and its 16-bit pixels,
/// row by row.
fn picture(place: &Place, modality: &str) -> (String, Vec<Vec<u16>>) {
    let objects = files_below(&place.at("out")).into_iter();
    let mut found = objects
        .filter(|path| path.extension().is_some_and(|e| e == "dcm"))
        .map(|path| dicom_object::open_file(path).unwrap())
        .filter(|object| {
            let own = object.get(Tag(0x0008, 0x0060)).unwrap().to_str().unwrap();
            own.trim() == modality
        });
    let object = found.next().expect("the object is there");
    assert!(found.next().is_none());
    let instance = object.get(Tag(0x0008, 0x0018)).unwrap().to_str().unwrap();
    (instance.into_owned(), rows(&object))
}

fn rows(object: &dicom_object::DefaultDicomObject) -> Vec<Vec<u16>> {
    let bytes = object.get(Tag(0x7FE0, 0x0010)).unwrap().to_bytes().unwrap();
    let columns = object.get(Tag(0x0028, 0x0011)).unwrap();
    let columns: usize = columns.to_int().unwrap();
    let pixels: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    pixels.chunks_exact(columns).map(<[u16]>::to_vec).collect()
}

fn source(name: &str) -> Vec<Vec<u16>> {
    rows(&dicom_object::open_file(Path::new(PLANTED_OBJECTS).join(name)).unwrap())
}

fn says(place: &Place, objects: &Value) {
    let text = serde_json::json!({ "objects": objects }).to_string();
    fs::write(place.at("regions.json"), text).unwrap();
}

fn run(place: &Place, more: &[&str], code: i32) -> Value {
    place.json(&[&["@in", "@out"], &CLEAN[..], more].concat(), code)
}

#[test]
fn a_person_blanks_a_box_and_nothing_else() {
    let place = place();
    let report = run(&place, &[], 0);
    assert_eq!(report["pixels"]["objects_blanked"], 1, "{report}");
    assert_eq!(
        report["pixels"]["readers"],
        serde_json::json!(["search for strokes"])
    );
    let before = source("ct-1.dcm");
    let (instance, untouched) = picture(&place, "CT");
    assert_eq!(untouched, before);
    says(
        &place,
        &serde_json::json!({ &instance: {"blank": [{"frame": 1, "region": [20, 30, 44, 40]}]} }),
    );
    let report = run(&place, &["--regions", "@regions.json"], 0);
    assert_eq!(report["run"]["worked"], 1, "{}", report["run"]);
    assert_eq!(report["pixels"]["objects_blanked"], 2);
    let (_, after) = picture(&place, "CT");
    let mut inside = BTreeSet::new();
    for (y, (old, new)) in before.iter().zip(&after).enumerate() {
        for (x, (old, new)) in old.iter().zip(new).enumerate() {
            if (20..44).contains(&x) && (30..40).contains(&y) {
                inside.insert(*new);
            } else {
                assert_eq!(old, new, "{x}, {y}");
            }
        }
    }
    assert_eq!(inside.len(), 1, "one tone");
    let old: BTreeSet<u16> = before[30..40]
        .iter()
        .flat_map(|row| &row[20..44])
        .copied()
        .collect();
    assert!(old.len() > 1, "there was something to blank");
}

#[test]
fn a_person_clears_a_box_and_it_stays() {
    let place = place();
    let report = run(&place, &["--review", "@review"], 0);
    assert!(number(&report["pixels"]["regions"]) > 0);
    let (instance, blanked) = picture(&place, "DX");
    let before = source("dx-burned.dcm");
    assert_ne!(blanked, before);
    let proposed = fs::read_to_string(place.at("review/regions.json")).unwrap();
    let proposed: Value = serde_json::from_str(&proposed).unwrap();
    let boxes = &proposed["objects"][&instance]["blank"];
    assert!(!list(boxes).is_empty(), "{proposed}");
    // Given back as it is, the file changes no pixel.
    fs::write(place.at("regions.json"), proposed.to_string()).unwrap();
    run(&place, &["--regions", "@regions.json"], 0);
    assert_eq!(picture(&place, "DX").1, blanked);
    says(
        &place,
        &serde_json::json!({ &instance: {"keep": boxes, "confirmed": true} }),
    );
    let report = run(&place, &["--regions", "@regions.json"], 0);
    assert_eq!(report["pixels"]["regions"], 0, "{report}");
    assert_eq!(picture(&place, "DX").1, before);
    // Without the file the person has said nothing.
    run(&place, &[], 0);
    assert_eq!(picture(&place, "DX").1, blanked);
}

#[test]
fn a_file_that_says_nonsense_is_refused() {
    let place = place();
    for wrong in [
        r#"{"objects": {"1.2": {"blank": [{"region": [4, 4, 4, 9]}]}}}"#,
        r#"{"objects": {"1.2": {"erase": []}}}"#,
        "[]",
    ] {
        fs::write(place.at("regions.json"), wrong).unwrap();
        let words = [
            &["@in", "@out"],
            &CLEAN[..],
            &["--regions", "@regions.json"],
        ]
        .concat();
        let run = place.run(&words).expect(2);
        assert!(
            run.stderr.contains("spinemed schema deid-regions"),
            "{}",
            run.stderr
        );
        assert!(!place.at("out").exists());
    }
}

#[test]
fn the_report_shows_frames_after_blanking_and_names_nobody() {
    let place = place();
    run(&place, &["--review", "@review"], 0);
    let page = fs::read_to_string(place.at("out/report/report.html")).unwrap();
    let review = fs::read_to_string(place.at("review/review-1.html")).unwrap();
    let pictures = |html: &str| -> Vec<String> {
        let parts = html.split("<image href=\"").skip(1);
        parts
            .map(|part| part.split('"').next().unwrap().to_owned())
            .collect()
    };
    let (told, reviewed) = (pictures(&page), pictures(&review));
    let [after] = &told[..] else {
        panic!("{} pictures", told.len());
    };
    assert!(after.starts_with("data:image/png;base64,"));
    let [before, same] = &reviewed[..] else {
        panic!("{} pictures", reviewed.len());
    };
    assert_eq!(after, same);
    assert_ne!(
        after, before,
        "the picture with the letters is not in the report"
    );
    assert!(page.contains("<rect x="));
    assert!(page.contains("by search for strokes"));
    for closed in ["<script", "http://", "https://", "src=", "url("] {
        assert!(!page.contains(closed), "{closed}");
    }
    let words = identifiers(&place);
    assert!(words.len() > 20, "{}", words.len());
    assert_eq!(leaks_in(&page, &words), BTreeSet::new());
    let written = fs::read_to_string(place.at("out/report/report.json")).unwrap();
    assert_eq!(leaks_in(&written, &words), BTreeSet::new());
}

/// Names, numbers, dates and UIDs of the inputs, and how their files are called.
fn identifiers(place: &Place) -> Vec<String> {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for path in files_below(&place.at("in")) {
        let name = path.file_stem().unwrap().to_string_lossy();
        words.insert(name.into_owned());
        let object = dicom_object::open_file(path).unwrap();
        for element in object.iter() {
            let tag = element.header().tag;
            let vr = element.vr().to_string();
            let told = matches!(tag.group(), 0x0010) || matches!(vr, "PN" | "DA" | "DT");
            let own = vr == "UI" && !matches!(tag.element(), 0x0016);
            if !(told || own) {
                continue;
            }
            let value = element.to_str().unwrap_or_default();
            let parts = value.split(['^', '\\', '\0']).map(str::trim);
            words.extend(parts.filter(|part| part.len() > 5).map(str::to_owned));
        }
    }
    words.into_iter().collect()
}

#[test]
fn pages_with_burned_in_text_lie_nowhere_near_the_output() {
    let place = place();
    let inside = place.shop.path("review").display().to_string();
    for (folder, code) in [
        ("@out/review", 4),
        ("@out", 4),
        (inside.as_str(), 4),
        ("@in/review", 2),
    ] {
        let words = [&["@in", "@out"], &CLEAN[..], &["--review", folder]].concat();
        let run = place.run(&words).expect(code);
        assert!(run.stderr.contains("--review"), "{}", run.stderr);
        assert!(!place.at("out").exists(), "{folder}");
    }
}

#[test]
fn what_is_withheld_for_its_pixels_is_shown_to_the_person() {
    let place = place();
    // It says that letters are burned in, and none are found.
    let mut doubtful = Image::numbered(1).object();
    let burned = Tag(0x0028, 0x0301);
    doubtful.put(dicom_core::DataElement::new(
        burned,
        dicom_core::VR::CS,
        "YES",
    ));
    made::write(doubtful, &place.at("in/doubtful.dcm"));
    let report = run(&place, &["--review", "@review"], 7);
    let problems = list(&report["problems"]);
    assert_eq!(problems.len(), 1, "{report}");
    assert_eq!(text(&problems[0]["place"]), "pixels");
    let review = fs::read_to_string(place.at("review/review-1.html")).unwrap();
    assert!(review.contains("Withheld: "));
    let proposed = fs::read_to_string(place.at("review/regions.json")).unwrap();
    let proposed: Value = serde_json::from_str(&proposed).unwrap();
    assert_eq!(proposed["objects"].as_object().unwrap().len(), 2);
}
