//! The reader as a whole.

use proptest::prelude::*;

use super::*;
use crate::testing::{Files, manifest};

fn ingest(files: &[(&str, &[u8])]) -> Ingested {
    let (manifest, files) = (manifest("question-bank", false), Files::new(files));
    let read = BankReader.ingest(&manifest, &files);
    assert_eq!(read, BankReader.ingest(&manifest, &files), "the same twice");
    read
}

/// What a file gives: ids with their right options, then rejections, then problems.
fn check(name: &str, text: &str, expect: &str) {
    let read = ingest(&[(name, text.as_bytes())]);
    let mut out = Vec::new();
    for record in &read.records {
        let Record::Question(q) = record else {
            panic!("{record:?}")
        };
        let row = q.place.row.expect("a row");
        out.push(format!(
            "{} {row} {} {:?} {}",
            q.id, q.language, q.correct, q.answer
        ));
    }
    let told = |p: &Problem| format!("{}: {}", p.place, p.reason);
    out.extend(read.rejected.iter().map(|p| format!("- {}", told(p))));
    out.extend(read.problems.iter().map(|p| format!("! {}", told(p))));
    assert_eq!(out.join("\n"), expect);
}

#[test]
fn json_lines() {
    check(
        "q.jsonl",
        "\u{feff}{\"id\":\"q1\",\"stem\":\"Which?\",\"options\":[\"L4\",\"L5\"],\"answer\":\"B\"}\n\n\
         {\"id\":2,\"language\":\"zh\",\"question\":\"什么？\",\"answer\":\"椎间盘\",\"group\":\"g\"}\n",
        "set/q1 1 en Some(1) L5\nset/2 3 zh None 椎间盘",
    );
}

#[test]
fn csv_rows() {
    check(
        "q.csv",
        "id,stem,option_a,option_b,answer,topic\nq1,\"Which, then?\",L4,L5,l5,roots\nq2,Why?,,,Because,\n",
        "set/q1 1 en Some(1) L5\nset/q2 2 en None Because",
    );
}

#[test]
fn rows_are_rejected_with_place_and_cause() {
    check(
        "q.jsonl",
        "{\"id\":\"a\",\"stem\":\"s\",\"answer\":\"x\"}\n{\"id\":\"a\",\"stem\":\"s\",\"answer\":\"x\"}\n\
         {\"id\":\"b\",\"stem\":\"s\"}\n{\"id\":\"c\"\n[1]\n{\"id\":\"d\",\"stem\":7.5,\"answer\":\"x\"}\n\
         {\"id\":\"e f\",\"stem\":\"s\",\"answer\":\"x\"}\n{\"id\":\"g\",\"stem\":\"s\",\"answer\":\"x\",\"language\":\"de\"}\n\
         {\"id\":\"h\",\"stem\":\"s\",\"options\":\"A\",\"answer\":\"x\"}\n{\"id\":\"i\",\"stem\":\"\",\"answer\":\"x\"}\n\
         {\"id\":\"j\",\"stem\":\"s\",\"anwser\":\"x\"}",
        "set/a 1 en None x\n\
         - line 2, key id: id `a` stands already at q.jsonl, line 1\n\
         - line 3, key answer: there is no answer\n\
         - line 4: the line ends within a value (column 9)\n\
         - line 5: a line must hold one JSON object\n\
         - line 6, key stem: not a text\n\
         - line 7, key id: id `e f` may hold letters, digits, `-`, `_` and `.` alone\n\
         - line 8, key language: language `de` is neither `en` nor `zh`\n\
         - line 9, key options: not a list of texts\n\
         - line 10, key stem: there is no question\n\
         - line 11, key answer: there is no answer\n\
         ! line 11, key anwser: unknown key `anwser`; did you mean `answer`?",
    );
    check(
        "q.csv",
        "id,question,option_a,option_b,answer\n1,s,a,b\n2,s,,b,B\n3,s,a,b,D\n",
        "- row 1: 4 cells, but the header has 5\n\
         - row 2, column option_a: an option is empty before others that are not\n\
         - row 3, column answer: answer `D`, but there are 2 options",
    );
}

#[test]
fn files_are_rejected_whole() {
    check(
        "q.csv",
        "id,stem,anwser\n1,s,x\n",
        "- header: missing column `answer`; found `id`, `stem`, `anwser`",
    );
    check("q.csv", "", "- file: the file is empty");
    check("q.txt", "x", "- file: neither `.jsonl` nor `.csv`");
    let read = ingest(&[("q.csv", b"id,stem,answer\n1,\xFF,x\n")]);
    assert_eq!(
        (read.rejected[0].place.as_str(), read.records.len()),
        ("line 2", 0)
    );
}

#[test]
fn an_unknown_column_is_a_problem_of_the_header() {
    check(
        "q.csv",
        "id,stem,answer,explanaton\n1,s,x,y\n",
        "set/1 1 en None x\n! header, column explanaton: unknown column `explanaton`; did you mean `explanation`?",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), csv in any::<bool>()) {
        ingest(&[(if csv { "q.csv" } else { "q.jsonl" }, &bytes)]);
    }

    #[test]
    fn every_line_is_accounted_for(lines in proptest::collection::vec(
        "\\{\"id\":\"[a-c]\",\"(stem|x)\":\"s\",\"answer\":[\"0-9a-z]{1,3}\\}", 1..8)) {
        let read = ingest(&[("q.jsonl", lines.join("\n").as_bytes())]);
        prop_assert_eq!(read.records.len() + read.rejected.len(), lines.len());
    }
}
