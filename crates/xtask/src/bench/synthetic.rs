//! A workspace of invented studies and questions, the same for the same size.
//!
//! Studies come in the layout of the RSNA 2024 lumbar dataset, without pictures, in sources of
//! 2,000 (the real one has 1,975): graded cells of five conditions at five discs. Grades are
//! drawn as unevenly as there, but the last thirteen cells count the study, so that no two
//! studies are the same and none is left out as a duplicate.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

const STUDIES_OF_A_SOURCE: u64 = 2_000;
const CONDITIONS: [&str; 5] = [
    "spinal_canal_stenosis",
    "left_neural_foraminal_narrowing",
    "right_neural_foraminal_narrowing",
    "left_subarticular_stenosis",
    "right_subarticular_stenosis",
];
const DISCS: [&str; 5] = ["l1_l2", "l2_l3", "l3_l4", "l4_l5", "l5_s1"];
const GRADES: [&str; 3] = ["Normal/Mild", "Moderate", "Severe"];
/// Cells that count the study, base three: enough for 1.5 million.
const COUNTING: u32 = 13;

/// Writes the workspace. The folder is made.
pub fn write(folder: &Path, packs: u64, release: bool) -> Result<()> {
    let sources = packs.div_ceil(STUDIES_OF_A_SOURCE);
    let mut used: Vec<String> = Vec::new();
    for source in 0..sources {
        let id = format!("bench-studies-{source:04}");
        let first = source * STUDIES_OF_A_SOURCE;
        let studies = first..packs.min(first + STUDIES_OF_A_SOURCE);
        put(
            folder,
            &format!("sources/{id}/source.toml"),
            &manifest(&id, "rsna2024-lumbar", "*.csv"),
        )?;
        put(
            folder,
            &format!("sources/{id}/train.csv"),
            &labels(studies.clone()),
        )?;
        put(
            folder,
            &format!("sources/{id}/train_series_descriptions.csv"),
            &series(studies),
        )?;
        let head = "study_id,series_id,instance_number,condition,level,x,y\n";
        put(
            folder,
            &format!("sources/{id}/train_label_coordinates.csv"),
            head,
        )?;
        used.push(id);
    }
    let id = "bench-questions";
    put(
        folder,
        &format!("sources/{id}/source.toml"),
        &manifest(id, "question-bank", "*.jsonl"),
    )?;
    put(
        folder,
        &format!("sources/{id}/questions.jsonl"),
        &questions(packs / 10),
    )?;
    used.push(id.to_owned());
    put(folder, "pipelines/bench.toml", &pipeline(&used, release))
}

fn put(folder: &Path, name: &str, text: &str) -> Result<()> {
    let file = folder.join(name);
    let above = file.parent().expect("every file has a folder");
    fs::create_dir_all(above).with_context(|| format!("cannot make `{}`", above.display()))?;
    fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

fn manifest(id: &str, format: &str, include: &str) -> String {
    let labels = if format == "rsna2024-lumbar" {
        "[labels]\nversion = \"1\"\nlevel_certainty = \"annotated\"\nnumbering_method = \"reporter\"\n"
    } else {
        ""
    };
    format!(
        "id = \"{id}\"\ntitle = \"Synthetic records\"\nformat = \"{format}\"\nlanguage = \"en\"\n\
         licence = \"CC0-1.0\"\nredistribution = \"full\"\negress = \"any\"\nsubjects = \"none\"\n\
         citation = \"Invented for a benchmark\"\ninclude = [\"{include}\"]\n{labels}"
    )
}

fn pipeline(used: &[String], release: bool) -> String {
    let release = if release {
        "[release]\nname = \"bench\"\nversion = \"0.1.0\"\n"
    } else {
        ""
    };
    format!(
        "title = \"Benchmark\"\n[sources]\nuse = {used:?}\n\
         [tasks]\nkinds = [\"mcq\", \"open-qa\", \"consultation\", \"report\"]\n\
         languages = [\"en\", \"zh\"]\nvariants = 1\n{release}"
    )
}

fn labels(studies: std::ops::Range<u64>) -> String {
    let mut text = "study_id".to_owned();
    for condition in CONDITIONS {
        for disc in DISCS {
            let _ = write!(text, ",{condition}_{disc}");
        }
    }
    text.push('\n');
    for study in studies {
        let _ = write!(text, "{}", name(study));
        for cell in cells(study) {
            let _ = write!(text, ",{cell}");
        }
        text.push('\n');
    }
    text
}

fn name(study: u64) -> u64 {
    1_000_000 + study
}

/// The 25 graded cells of a study; few are blank, as in the real table.
fn cells(study: u64) -> Vec<&'static str> {
    let total = (CONDITIONS.len() * DISCS.len()) as u32;
    let mut cells: Vec<&str> = (0..total - COUNTING)
        .map(|cell| match draw(study, cell) % 100 {
            0..=74 => GRADES[0],
            75..=89 => GRADES[1],
            90..=97 => GRADES[2],
            _ => "",
        })
        .collect();
    // A step that shares no factor with the number of patterns meets each of them once.
    let patterns = 3_u64.pow(COUNTING);
    let mut pattern = study.wrapping_mul(611_953) % patterns;
    for _ in 0..COUNTING {
        cells.push(GRADES[(pattern % 3) as usize]);
        pattern /= 3;
    }
    cells
}

/// A number that looks random, by the finaliser of SplitMix64 (Steele et al., 2014).
fn draw(study: u64, cell: u32) -> u64 {
    let mut z = (study * 64 + u64::from(cell)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn series(studies: std::ops::Range<u64>) -> String {
    let mut text = "study_id,series_id,series_description\n".to_owned();
    for study in studies {
        let _ = writeln!(text, "{0},{0}01,Sagittal T2/STIR", name(study));
    }
    text
}

/// Questions whose stems differ in age, sex, duration, side and root.
fn questions(count: u64) -> String {
    const ROOTS: [(&str, &str, &str); 4] = [
        (
            "L3",
            "L2/L3",
            "weak hip flexion and numbness of the front of the thigh",
        ),
        (
            "L4",
            "L3/L4",
            "a weak knee jerk and numbness of the inner leg",
        ),
        (
            "L5",
            "L4/L5",
            "weak great toe extension and numbness of the back of the foot",
        ),
        (
            "S1",
            "L5/S1",
            "an absent ankle jerk and numbness of the outer foot",
        ),
    ];
    let mut text = String::new();
    for question in 0..count {
        let mut rest = question;
        let mut next = |below: u64| {
            let digit = rest % below;
            rest /= below;
            digit
        };
        let right = next(4) as usize;
        let side = ["left", "right"][next(2) as usize];
        let person = ["man", "woman"][next(2) as usize];
        let (age, weeks) = (20 + next(70), 1 + next(200));
        let (root, disc, signs) = ROOTS[right];
        let letter = ["A", "B", "C", "D"][right];
        let line = json!({
            "id": format!("q{question}"),
            "group": format!("q{question}"),
            "language": "en",
            "stem": format!(
                "A {age}-year-old {person} has had pain in the {side} leg for {weeks} weeks, with {signs}. \
                 A posterolateral herniation of which lumbar disc explains this best?"
            ),
            "options": ROOTS.map(|(_, disc, _)| disc),
            "answer": letter,
            "explanation": format!(
                "A posterolateral disc herniation at {disc} compresses the traversing {root} nerve root."
            ),
            "topic": "disc herniation",
        });
        let _ = writeln!(text, "{line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_studies_are_alike() {
        let all: BTreeSet<Vec<&str>> = (0..20_000).map(cells).collect();
        assert_eq!(all.len(), 20_000);
        assert!(all.iter().all(|cells| cells.len() == 25));
    }

    #[test]
    fn no_two_questions_are_alike() {
        let text = questions(10_000);
        let stems: BTreeSet<String> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|question| question["stem"].to_string())
            .collect();
        assert_eq!(stems.len(), 10_000);
    }

    #[test]
    fn a_table_has_as_many_cells_in_each_row() {
        let text = labels(5..8);
        let widths: BTreeSet<usize> = text.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(widths, BTreeSet::from([26]));
        assert_eq!(text.lines().count(), 4);
        assert!(text.contains("\n1000005,"));
    }

    #[test]
    fn sources_are_cut_and_named() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 4_100, true).unwrap();
        let pipeline = fs::read_to_string(folder.path().join("pipelines/bench.toml")).unwrap();
        let table: toml::Table = toml::from_str(&pipeline).unwrap();
        assert_eq!(table["sources"]["use"].as_array().unwrap().len(), 4);
        let last = folder.path().join("sources/bench-studies-0002/train.csv");
        assert_eq!(fs::read_to_string(last).unwrap().lines().count(), 101);
        assert!(table.contains_key("release"));
    }
}
