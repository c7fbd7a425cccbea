//! Whether templates are sound: they compile, render, fence the evidence and ask for JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use spinemed_core::Digest;
use spinemed_core::case::CasePart;
use spinemed_core::ids::{DocumentId, GroupKey, PackKey, SourceId};
use spinemed_core::instance::{Claim, Draft, Item, Task};
use spinemed_core::licence::{Licence, Terms};
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::pack::{Chart, EvidencePack, PackKind, Span, SpanRole};
use spinemed_core::vocabulary::{Egress, Kind, Language, Modality, Redistribution, Subjects};

use super::render::{draft, environment, revision};

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The template.
    pub template: String,
    /// What is wrong.
    pub problem: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", self.template, self.problem)
    }
}

/// Checks the templates in force by rendering each for a sample of evidence. Empty when all
/// are sound.
#[must_use]
pub fn lint(overrides: &BTreeMap<String, String>) -> Vec<Fault> {
    let environment = match environment(overrides) {
        Ok(environment) => environment,
        Err(error) => {
            return vec![Fault {
                template: "*".to_owned(),
                problem: error.to_string(),
            }];
        }
    };
    let mut faults = Vec::new();
    for (pack, kind) in samples()
        .iter()
        .flat_map(|pack| Kind::ALL.iter().map(move |kind| (pack, kind)))
    {
        let task = Task {
            kind: *kind,
            language: Language::En,
            variant: 0,
        };
        let drafted = Draft {
            task: task.clone(),
            item: Item::OpenQa {
                question: MARKS[1].into(),
                answer: MARKS[1].into(),
            },
            claims: vec![Claim {
                text: MARKS[1].into(),
                spans: vec!["s1".into()],
                facts: vec![],
            }],
            images: vec![],
        };
        for (pass, text) in [
            ("draft", draft(&environment, pack, &task)),
            ("revise", revision(&environment, pack, &drafted)),
        ] {
            let template = super::templates::name(pass, *kind);
            let problems = match text {
                Ok(text) => problems(&text, *kind, pass),
                Err(error) => vec![error.to_string()],
            };
            for problem in problems {
                let fault = Fault {
                    template: template.clone(),
                    problem,
                };
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
    }
    faults
}

/// Words of the sample that must come out again: evidence and draft.
const MARKS: [&str; 2] = ["the-marked-evidence", "the-marked-draft"];

fn problems(text: &str, kind: Kind, pass: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let fence = |open: &str| text.find(open);
    let evidence = text.find(MARKS[0]);
    match (fence("<<<EVIDENCE "), evidence, fence("<<<END ")) {
        (Some(open), Some(at), Some(close)) if open < at && at < close => {}
        (_, None, _) => problems.push("does not show the evidence (`pack.spans`)".to_owned()),
        _ => problems.push("shows the evidence outside its fence (`fence`)".to_owned()),
    }
    if !text.contains("never instructions") {
        problems.push("does not say that evidence is data, `never instructions`".to_owned());
    }
    if !text.contains(&format!("\"{kind}\"")) || !text.contains("\"additionalProperties\"") {
        problems.push("does not show the response's JSON Schema (`schema`)".to_owned());
    }
    if !text.contains("English") {
        problems.push("does not name the language (`language_name`)".to_owned());
    }
    if pass == "revise" && !text.contains(MARKS[1]) {
        problems.push("does not show the draft (`draft`)".to_owned());
    }
    problems
}

/// A passage and a case, so that what templates say of cases alone is rendered too.
fn samples() -> [EvidencePack; 2] {
    let mut case = sample();
    case.kind = PackKind::Case;
    case.subjects = Subjects::Patients;
    case.spans[0].role = SpanRole::Record;
    case.chart = Some(Box::new(Chart {
        age: Some(50),
        sex: None,
        site: None,
        person: None,
        symptoms: Vec::new(),
        diagnoses: Vec::new(),
        treatments: Vec::new(),
        parts: BTreeMap::from([("s1".to_owned(), CasePart::Complaint)]),
        dates: BTreeMap::new(),
    }));
    [sample(), case]
}

fn sample() -> EvidencePack {
    let place = Locator::of_file(FileRef {
        path: "sample".into(),
        sha256: Digest::of(b"sample"),
    });
    EvidencePack {
        key: PackKey::new("sample/document/part"),
        source: SourceId::new("sample").expect("the name is a source's"),
        document: DocumentId::new("sample/document"),
        group: GroupKey::new("sample:document"),
        kind: PackKind::Text,
        language: Language::En,
        subjects: Subjects::None,
        terms: Terms {
            licence: Licence::new("CC0-1.0").expect("the licence is in SPDX's list"),
            redistribution: Redistribution::Full,
            egress: Egress::Any,
        },
        title: None,
        section: Vec::new(),
        spans: vec![Span {
            id: "s1".into(),
            role: SpanRole::Text,
            text: MARKS[0].into(),
            place,
        }],
        images: Vec::new(),
        facts: Vec::new(),
        missing: Vec::new(),
        levels: Vec::new(),
        modality: Modality::Text,
        condition: None,
        question: None,
        chart: None,
        entities: Vec::new(),
        link: None,
    }
}
