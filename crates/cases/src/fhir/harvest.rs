//! Everything that identifies somebody, wherever in the bundles it stands.
//!
//! The walk goes by data types (R4, Data Types: HumanName, Address, ContactPoint, Identifier,
//! Reference), not by resources, so that a type that the program has never heard of is
//! covered too. It is better to look for a word in vain than to miss it.

use std::collections::{BTreeMap, BTreeSet};

use super::index::Index;
use crate::json::{Json, Member, Node};

/// What was found.
#[derive(Default)]
pub(super) struct Harvest {
    /// The patient's names.
    pub(super) names: BTreeSet<String>,
    /// The rest, by kind.
    pub(super) identifiers: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Harvest {
    fn add(&mut self, kind: &'static str, text: &str) {
        if !text.trim().is_empty() {
            let found = self.identifiers.entry(kind).or_default();
            found.insert(text.trim().to_owned());
        }
    }

    fn person(&mut self, kind: &'static str, text: &str) {
        match kind {
            "name" if !text.trim().is_empty() => {
                self.names.insert(text.trim().to_owned());
            }
            "name" => {}
            _ => self.add(kind, text),
        }
    }
}

/// The shortest logical id that is worth looking for in texts: `p1` would be found everywhere.
const SHORTEST_ID: usize = 5;

/// Walks through all resources.
pub(super) fn harvest(index: &Index) -> Harvest {
    let mut found = Harvest::default();
    for resource in index.every() {
        if let Some(id) = resource
            .body
            .str_of("id")
            .filter(|id| id.len() >= SHORTEST_ID)
        {
            found.add("id", id);
        }
        for member in resource.body.members() {
            walk(resource.kind, &member.key, &member.value, &mut found);
        }
    }
    found
}

/// `kind` is the resource's type, `key` what the value is called.
fn walk(kind: &str, key: &str, node: &Node, found: &mut Harvest) {
    match &node.json {
        Json::List(items) => items.iter().for_each(|item| walk(kind, key, item, found)),
        Json::Object(members) => {
            structure(kind, key, members, found);
            let person = matches!((kind, key), ("Patient", "contact"));
            let kind = if person { "RelatedPerson" } else { kind };
            // A contained resource has a type of its own.
            let kind = text(members, "resourceType").unwrap_or(kind);
            for member in members {
                walk(kind, &member.key, &member.value, found);
            }
        }
        Json::Text(text) => plain(kind, key, text, found),
        Json::Number(_) | Json::Bool(_) | Json::Null => {}
    }
}

fn structure(kind: &str, key: &str, members: &[Member], found: &mut Harvest) {
    match key {
        "name" | "valueHumanName" => name(whose(kind), members, found),
        "telecom" | "valueContactPoint" => {
            let phone = !matches!(text(members, "system"), Some("email" | "url"));
            let class = if phone { "phone" } else { "email" };
            text(members, "value")
                .into_iter()
                .for_each(|value| found.add(class, value));
        }
        "address" | "valueAddress" => address(members, found),
        "identifier" | "valueIdentifier" | "accession" | "masterIdentifier" => {
            let class = class_of_identifier(kind);
            text(members, "value")
                .into_iter()
                .for_each(|value| found.add(class, value));
        }
        _ => {}
    }
    let coding = text(members, "code").is_some() || text(members, "system").is_some();
    if let Some(display) = text(members, "display").filter(|_| !coding) {
        found.person(whom_a_reference_shows(key, members), display);
    }
}

/// Texts that are identifying by their key alone.
fn plain(kind: &str, key: &str, value: &str, found: &mut Harvest) {
    match (kind, key) {
        ("Organization" | "Location" | "HealthcareService" | "CareTeam", "name" | "alias") => {
            found.add("place", value);
        }
        (_, "authorString") => found.add("physician", value),
        (_, "subscriberId" | "memberId" | "policyHolder") => found.add("insurance", value),
        (_, "serialNumber" | "carrierHRF" | "deviceIdentifier") => found.add("id", value),
        (_, "birthDate" | "deceasedDateTime") => found.add("date", value),
        _ => {}
    }
}

/// A name in the orders in which it is written.
fn name(kind: &'static str, members: &[Member], found: &mut Harvest) {
    let family = text(members, "family").unwrap_or_default();
    let given = texts(members, "given");
    if let Some(whole) = text(members, "text") {
        found.person(kind, whole);
    }
    if family.is_empty() && given.is_empty() {
        return;
    }
    let western = given.join(" ");
    // DICOM's order, which says which part is which.
    found.person(kind, format!("{family}^{western}").trim_matches('^'));
    if family.chars().chain(western.chars()).any(is_han) {
        found.person(kind, &format!("{family}{}", given.concat()));
    }
}

fn address(members: &[Member], found: &mut Harvest) {
    let lines = texts(members, "line");
    text(members, "text")
        .into_iter()
        .for_each(|text| found.add("address", text));
    lines.iter().for_each(|line| found.add("address", line));
    for key in ["city", "district"] {
        text(members, key)
            .into_iter()
            .for_each(|part| found.add("place", part));
    }
    text(members, "postalCode")
        .into_iter()
        .for_each(|code| found.add("address", code));
}

/// Whom a HumanName of a resource names.
fn whose(kind: &str) -> &'static str {
    match kind {
        "Patient" => "name",
        "RelatedPerson" => "relative",
        "Organization" | "Location" => "place",
        _ => "physician",
    }
}

fn class_of_identifier(kind: &str) -> &'static str {
    match kind {
        "DiagnosticReport" | "ImagingStudy" | "ServiceRequest" => "accession",
        "Coverage" => "insurance",
        _ => "id",
    }
}

fn whom_a_reference_shows(key: &str, members: &[Member]) -> &'static str {
    let target = text(members, "reference").or_else(|| text(members, "type"));
    let target = target.unwrap_or_default();
    if target.starts_with("Patient") || matches!(key, "subject" | "patient" | "individual") {
        return "name";
    }
    let is = |kinds: &[&str]| kinds.iter().any(|kind| target.starts_with(kind));
    let place = matches!(
        key,
        "managingOrganization"
            | "serviceProvider"
            | "assigner"
            | "location"
            | "custodian"
            | "organization"
            | "site"
    );
    if place || is(&["Organization", "Location", "HealthcareService"]) {
        "place"
    } else if is(&["RelatedPerson"]) {
        "relative"
    } else if is(&["Practitioner"]) || PERSONS.contains(&key) {
        "physician"
    } else {
        "other"
    }
}

/// Members that name who did something.
const PERSONS: [&str; 12] = [
    "performer",
    "recorder",
    "asserter",
    "author",
    "participant",
    "interpreter",
    "actor",
    "resultsInterpreter",
    "generalPractitioner",
    "requester",
    "attester",
    "principalInvestigator",
];

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

fn text<'a>(members: &'a [Member], key: &str) -> Option<&'a str> {
    let member = members.iter().find(|member| member.key == key)?;
    match &member.value.json {
        Json::Text(text) => Some(text),
        _ => None,
    }
}

fn texts<'a>(members: &'a [Member], key: &str) -> Vec<&'a str> {
    let member = members.iter().find(|member| member.key == key);
    let Some(Json::List(items)) = member.map(|member| &member.value.json) else {
        return Vec::new();
    };
    let text = |node: &'a Node| match &node.json {
        Json::Text(text) => Some(text.as_str()),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}
