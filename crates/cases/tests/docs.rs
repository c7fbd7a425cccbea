//! The examples of the documentation are the ones that are tested.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod common;

const DOCS: &str = include_str!("../../../docs/adding-a-source.md");

/// The JSON examples of the section on cases.
fn examples() -> Vec<&'static str> {
    let (_, section) = DOCS.split_once("\n## A hospital case\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    section
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

#[test]
fn the_documentation_shows_what_is_tested() {
    let expect = [
        include_str!("data/case.json"),
        include_str!("data/bundle.fhir.json"),
    ];
    assert_eq!(examples(), expect);
}

#[test]
fn the_documented_examples_are_cases() {
    for (name, text) in ["case.json", "aa.fhir.json"].into_iter().zip(examples()) {
        let read = common::read(&[(name, text.as_bytes())]);
        assert!(read.case.is_ok(), "{name}: {:?}", read.problems);
    }
}
