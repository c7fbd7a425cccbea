//! The reader as a whole.

use proptest::prelude::*;
use spinemed_core::study::Study;

use super::*;
use crate::testing::{Files, manifest};

fn header() -> String {
    let columns = labels::columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    format!("study_id,{}\n", names.join(","))
}

/// A row with grades in the first columns and blanks after.
fn row(study: &str, grades: &[&str]) -> String {
    let cells: Vec<&str> = (0..25)
        .map(|i| grades.get(i).copied().unwrap_or_default())
        .collect();
    format!("{study},{}\n", cells.join(","))
}

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::GrayImage::from_pixel(4, 3, image::Luma([shade]));
    let format = image::ImageFormat::Png;
    picture
        .write_to(&mut std::io::Cursor::new(&mut bytes), format)
        .expect("PNG");
    bytes
}

fn ingest(files: &[(&str, &[u8])]) -> Ingested {
    let (manifest, files) = (manifest("rsna2024-lumbar", true), Files::new(files));
    let read = Rsna2024Reader.ingest(&manifest, &files);
    assert_eq!(
        read,
        Rsna2024Reader.ingest(&manifest, &files),
        "the same twice"
    );
    read
}

fn studies(read: &Ingested) -> Vec<&Study> {
    fn study(record: &Record) -> &Study {
        match record {
            Record::Study(study) => study,
            other => panic!("{other:?}"),
        }
    }
    read.records.iter().map(study).collect()
}

fn reasons(problems: &[spinemed_core::Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|p| format!("{} {}: {}", p.file, p.place, p.reason))
        .collect()
}

const COORDINATES: &str = "study_id,series_id,instance_number,condition,level,x,y\n";
const DESCRIPTIONS: &str =
    "study_id,series_id,series_description\n7,70,Sagittal T2/STIR\n7,71,Axial T2\n";

#[test]
fn a_study_with_labels_and_pictures() {
    let train = header()
        + &row(
            "7",
            &["Normal/Mild", "", "Severe", "Moderate", "", "Moderate"],
        );
    let marks = format!(
        "{COORDINATES}7,70,8,Spinal Canal Stenosis,L1/L2,1.5,2\n7,70,9,Spinal Canal Stenosis,L3/L4,1,2\n\
         7,70,9,Spinal Canal Stenosis,L4/L5,1,2\n7,70,9,Spinal Canal Stenosis,L2/L3,1,2\n\
         7,71,3,Left Neural Foraminal Narrowing,L1/L2,1,2\n"
    );
    let read = ingest(&[
        (TRAIN, train.as_bytes()),
        (MARKS, marks.as_bytes()),
        (SERIES, DESCRIPTIONS.as_bytes()),
        ("train_images/7/70/8.png", &png(8)),
        ("train_images/7/70/9.png", &png(9)),
        ("train_images/7/71/3.png", &png(9)),
    ]);
    assert_eq!(
        (reasons(&read.rejected), reasons(&read.problems)),
        (vec![], vec![])
    );
    let study = studies(&read)[0];
    assert_eq!((study.id.as_str(), study.patient.as_str()), ("set/7", "7"));
    assert_eq!((study.labels.len(), study.missing.len()), (4, 21));
    assert!(
        study
            .missing
            .contains(&"spinal_canal_stenosis_l2_l3".to_owned())
    );
    let label = &study.labels[1];
    assert_eq!(label.text, "spinal_canal_stenosis_l3_l4 = Severe");
    assert_eq!(
        (label.place.row, label.place.column.as_deref()),
        (Some(1), Some("spinal_canal_stenosis_l3_l4"))
    );
    let finding = &study.findings[3];
    assert_eq!(
        (finding.concept.as_str(), finding.span.as_str()),
        ("neural-foraminal-narrowing", "l4")
    );
    assert_eq!(
        finding.level.map(|level| level.to_string()).as_deref(),
        Some("L1/L2")
    );
    assert_eq!(finding.side, Some(spinemed_core::vocabulary::Side::Left));
    assert!(
        study
            .findings
            .iter()
            .all(|finding| !finding.negated && finding.grade.is_some())
    );
    let images: Vec<_> = study
        .images
        .iter()
        .map(|image| {
            let place = &image.place;
            (
                image.series_description.as_deref().expect("a kind"),
                place.instance.as_deref().expect("one"),
                image.shows.join(" "),
            )
        })
        .collect();
    // The instance with most marks comes first; a mark of a blank label shows nothing.
    assert_eq!(
        images,
        [
            ("Axial T2", "3", "l4".to_owned()),
            ("Sagittal T2/STIR", "9", "l2 l3".to_owned()),
            ("Sagittal T2/STIR", "8", "l1".to_owned()),
        ]
    );
    assert_eq!(read.media.len(), 2, "equal bytes once");
}

#[test]
fn values_outside_the_vocabulary_cost_their_label_alone() {
    let train = header()
        + &row("1", &["Severe", "mild"])
        + &row("2", &["bad"])
        + &row("3", &[])
        + &row("1", &["Severe"])
        + &row("../x", &["Severe"])
        + "4,Severe\n";
    let read = ingest(&[(TRAIN, train.as_bytes())]);
    assert_eq!(studies(&read).len(), 1);
    assert_eq!(
        reasons(&read.rejected),
        [
            "train.csv row 2: no label survives: 24 are blank, 1 outside the vocabulary",
            "train.csv row 3: no label survives: 25 are blank, 0 outside the vocabulary",
            "train.csv row 4, column study_id: study `1` stands already in row 1",
            "train.csv row 5, column study_id: `../x` is no study's name",
            "train.csv row 6: 2 cells, but the header has 26",
        ]
    );
    let problems = reasons(&read.problems);
    assert!(
        problems[0]
            .starts_with("train.csv row 1, column spinal_canal_stenosis_l2_l3: `mild` is none of")
    );
    assert!(
        problems
            .iter()
            .any(|p| p.starts_with("train_label_coordinates.csv file: not in the source"))
    );
    assert!(
        problems
            .iter()
            .any(|p| p.starts_with("train_images/1 study: no picture"))
    );
}

#[test]
fn files_are_rejected_whole() {
    let check = |train: &str, expect: &str| {
        let read = ingest(&[(TRAIN, train.as_bytes())]);
        assert!(read.records.is_empty());
        assert!(
            reasons(&read.rejected)[0].starts_with(expect),
            "{:?}",
            read.rejected
        );
    };
    let cut = header().replace(
        ",right_subarticular_stenosis_l5_s1",
        ",right_subarticular_l5_s1",
    );
    check(
        &cut,
        "train.csv header: missing column `right_subarticular_stenosis_l5_s1`; found `study_id`",
    );
    check("", "train.csv file: the file is empty");
    let none = Rsna2024Reader.ingest(
        &manifest("rsna2024-lumbar", true),
        &Files::new(&[("x", b"")]),
    );
    assert_eq!(
        reasons(&none.rejected),
        ["train.csv file: `train.csv` is not in the source"]
    );
    let train = header() + &row("1", &["Severe"]);
    let files = Files::new(&[(TRAIN, train.as_bytes())]);
    let unmapped = Rsna2024Reader.ingest(&manifest("rsna2024-lumbar", false), &files);
    assert!(unmapped.records.is_empty() && unmapped.rejected[0].reason.contains("[labels]"));
}

#[test]
fn bad_marks_and_pictures_are_problems_of_a_study_that_survives() {
    let train = header() + &row("7", &["Severe", "Moderate"]);
    let marks = format!(
        "{COORDINATES}7,70,8,Spinal Canal Stenosis,L1/L2,1,2\n7,70,9,Spinal Canal Stenosis,L2/L3,1,2\n\
         8,70,9,Spinal Canal Stenosis,L2/L3,1,2\n7,70,x,Spinal Canal Stenosis,L2/L3,1,2\n\
         7,70,9,Canal Stenosis,L2/L3,1,2\n7,70,9,Spinal Canal Stenosis,T2/T3,1,2\n\
         7,70,9,Spinal Canal Stenosis,L2/L3,NaN,2\n"
    );
    let series = DESCRIPTIONS.replace("Axial T2", "Axial");
    let read = ingest(&[
        (TRAIN, train.as_bytes()),
        (MARKS, marks.as_bytes()),
        (SERIES, series.as_bytes()),
        ("train_images/7/70/8.dcm", b"no DICOM"),
    ]);
    assert_eq!(studies(&read)[0].images, []);
    assert_eq!(
        reasons(&read.problems),
        [
            "train_label_coordinates.csv row 3, column study_id: `8` is no study that was read",
            "train_label_coordinates.csv row 4, column instance_number: `x` is no instance's number",
            "train_label_coordinates.csv row 5, column condition: `Canal Stenosis` is not in the dataset's vocabulary",
            "train_label_coordinates.csv row 6, column level: `T2/T3` is not in the dataset's vocabulary",
            "train_label_coordinates.csv row 7, column x: `NaN` is no position in pixels",
            "train_series_descriptions.csv row 2, column series_description: `Axial` is no series description; did you mean `Axial T2`?",
            "train_images/7/70/8.dcm file: not a DICOM file",
            "train_images/7/70/9.dcm file: the marked instance is not in the source",
            "train_images/7 study: no picture: none can be read",
        ]
    );
}

/// Columns read `<condition>_<upper>_<lower>`.
fn condition_and_level(column: &str) -> (String, String) {
    let mut words: Vec<&str> = column.split('_').collect();
    let level = words.split_off(words.len() - 2).join("/");
    (words.join(" "), level)
}

#[test]
fn at_most_so_many_pictures_of_a_kind() {
    let grades = ["Severe"; 25];
    let train = header() + &row("7", &grades);
    let mut marks = COORDINATES.to_owned();
    for (i, column) in labels::columns().iter().enumerate() {
        let (condition, level) = condition_and_level(&column.name);
        marks.push_str(&format!("7,70,{},{condition},{level},1,1\n", i + 1));
    }
    let pictures: Vec<(String, Vec<u8>)> = (1..=25)
        .map(|i| (format!("train_images/7/70/{i}.png"), png(i)))
        .collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        (TRAIN, train.as_bytes()),
        (MARKS, marks.as_bytes()),
        (SERIES, DESCRIPTIONS.as_bytes()),
    ];
    files.extend(
        pictures
            .iter()
            .map(|(name, bytes)| (name.as_str(), &bytes[..])),
    );
    let read = ingest(&files);
    assert_eq!(reasons(&read.problems), Vec::<String>::new());
    assert_eq!(studies(&read)[0].images.len(), KEY_IMAGES_PER_KIND);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_tables_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
        which in 0usize..3,
    ) {
        let train = header() + &row("7", &["Severe", "Moderate"]) + &row("8", &["Severe"]);
        let marks = format!("{COORDINATES}7,70,8,Spinal Canal Stenosis,L1/L2,1,2\n");
        let mut files = [train.into_bytes(), marks.into_bytes(), DESCRIPTIONS.as_bytes().to_vec()];
        for (at, byte) in changes {
            let at = at.index(files[which].len());
            files[which][at] = byte;
        }
        let [train, marks, series] = &files;
        ingest(&[(TRAIN, train), (MARKS, marks), (SERIES, series), ("train_images/7/70/8.png", &png(1))]);
    }
}
