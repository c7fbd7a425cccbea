//! JSON Schemas of responses (draft 2020-12, the part that constrained decoding supports:
//! every property required, none beyond them), and the types that read them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spinemed_core::instance::{Change, Claim, Item};
use spinemed_core::vocabulary::Kind;

/// The schema of a draft of a kind.
#[must_use]
pub fn draft_schema(kind: Kind) -> Value {
    object(&[
        ("item", item(kind)),
        ("claims", array(claim())),
        ("images", array(json!({ "type": "integer" }))),
    ])
}

/// The schema of a revision of a kind.
#[must_use]
pub fn revision_schema(kind: Kind) -> Value {
    let change = object(&[("part", text()), ("reason", text())]);
    object(&[
        ("derivation", text()),
        ("item", item(kind)),
        ("claims", array(claim())),
        ("images", array(json!({ "type": "integer" }))),
        ("changes", array(change)),
    ])
}

fn item(kind: Kind) -> Value {
    let name = ("kind", json!({ "type": "string", "enum": [kind.as_str()] }));
    match kind {
        Kind::Mcq => object(&[
            name,
            ("stem", text()),
            ("options", array(text())),
            ("correct", json!({ "type": "integer" })),
            ("explanation", text()),
        ]),
        Kind::OpenQa => object(&[name, ("question", text()), ("answer", text())]),
        Kind::Consultation => {
            let role = json!({ "type": "string", "enum": ["user", "assistant"] });
            object(&[
                name,
                ("turns", array(object(&[("role", role), ("text", text())]))),
            ])
        }
        Kind::Report => {
            const SECTIONS: [&str; 7] = [
                "imaging_findings",
                "diagnosis",
                "treatment_patient",
                "treatment_clinician",
                "risk_prognosis",
                "postoperative",
                "basis",
            ];
            let sections: Vec<(&str, Value)> = SECTIONS.map(|name| (name, text())).to_vec();
            object(&[name, ("request", text()), ("sections", object(&sections))])
        }
    }
}

fn claim() -> Value {
    object(&[("text", text()), ("spans", array(text()))])
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn array(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn object(properties: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let map: serde_json::Map<String, Value> = properties
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": map,
        "required": required,
        "additionalProperties": false,
    })
}

/// A draft as the reviser sees it.
#[derive(Debug, Serialize)]
pub(super) struct Drafted<'a> {
    pub item: &'a Item,
    pub claims: Vec<Said>,
    pub images: &'a [usize],
}

/// A claim as models write it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Said {
    pub text: String,
    pub spans: Vec<String>,
}

impl Said {
    /// A claim without its positions of facts, which models do not see.
    pub fn of(claim: &Claim) -> Self {
        Self {
            text: claim.text.clone(),
            spans: claim.spans.clone(),
        }
    }
}

/// A draft as models write it.
#[derive(Debug, Deserialize)]
pub(super) struct WrittenDraft {
    pub item: Item,
    pub claims: Vec<Said>,
    #[serde(default)]
    pub images: Vec<usize>,
}

/// A revision as models write it.
#[derive(Debug, Deserialize)]
pub(super) struct WrittenRevision {
    #[serde(default)]
    pub derivation: String,
    pub item: Item,
    pub claims: Vec<Said>,
    #[serde(default)]
    pub images: Vec<usize>,
    #[serde(default)]
    pub changes: Vec<Change>,
}
