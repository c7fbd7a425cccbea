//! Texts: attached forms, narratives, sections of a document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::index::Index;
use crate::cursor::Cursor;
use crate::fault::{CaseProblem, Reason};

/// The text of an Attachment of type `text/plain`; an error where it is not base64 and UTF-8.
/// None where it is of another type, or elsewhere: nothing is fetched.
pub(super) fn attached(form: &Cursor) -> Option<Result<String, Reason>> {
    let kind = form
        .str_of("contentType")
        .unwrap_or_default()
        .to_lowercase();
    let mut parts = kind.split(';').map(str::trim);
    if parts.next() != Some("text/plain") {
        return None;
    }
    let data = form.str_of("data")?;
    // FHIR allows white space in base64Binary.
    let packed: Vec<u8> = data
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let bytes = STANDARD.decode(packed).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    Some(
        text.map(|text| text.replace("\r\n", "\n"))
            .ok_or(Reason::NoForm),
    )
}

/// The words of a resource's or section's narrative (`text.div`, XHTML).
pub(super) fn narrative(of: &Cursor) -> Option<String> {
    let div = of.get("text")?.str_of("div")?;
    Some(plain(div)).filter(|text| !text.is_empty())
}

/// Elements that end a line.
const BLOCKS: [&str; 14] = [
    "p", "br", "br/", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "pre",
];

/// XHTML without its tags. What is no element or known reference stays as it is written.
fn plain(xhtml: &str) -> String {
    let mut text = String::new();
    let mut rest = xhtml;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (close, limit) = if rest.starts_with('<') {
            ('>', usize::MAX)
        } else {
            (';', 10)
        };
        let Some(end) = rest.find(close).filter(|end| *end <= limit) else {
            text.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        };
        let inner = &rest[1..end];
        match close {
            '>' => text.push_str(gap(inner)),
            _ => match reference(inner) {
                Some(char) => text.push(char),
                None => text.push_str(&rest[..=end]),
            },
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What stands for a tag: a line's end, a gap between cells, or nothing.
fn gap(tag: &str) -> &'static str {
    let name = tag.trim_start_matches('/').split_whitespace().next();
    match name {
        Some("td" | "th") => " ",
        Some(name) if BLOCKS.contains(&name) => "\n",
        _ => "",
    }
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
        return char::from_u32(code.ok()?);
    }
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => None,
    }
}

/// A part of a case that a document's section can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Complaint,
    History,
    Examination,
    Course,
    Complications,
    Outcome,
}

/// LOINC codes of sections, and titles where a section has no code.
const SECTIONS: [(Section, &[&str], &[&str]); 6] = [
    (
        Section::Complaint,
        &["10154-3", "46239-0", "29299-5"],
        &["chief complaint", "主诉"],
    ),
    (
        Section::History,
        &["10164-2", "11348-0"],
        &[
            "history of present illness",
            "past medical history",
            "现病史",
            "既往史",
        ],
    ),
    (
        Section::Examination,
        &["29545-1", "10210-3"],
        &["physical examination", "体格检查", "专科检查", "查体"],
    ),
    (
        Section::Course,
        &["8648-8"],
        &["hospital course", "诊疗经过", "治疗经过"],
    ),
    (
        Section::Complications,
        &["55109-3"],
        &["complications", "并发症"],
    ),
    (
        Section::Outcome,
        &["10184-0"],
        &["condition at discharge", "出院情况"],
    ),
];

/// The texts of the patient's documents, by part, in their order.
pub(super) fn sections(
    index: &Index,
    patient: usize,
    problems: &mut Vec<CaseProblem>,
) -> Vec<(Section, String)> {
    let mut all = Vec::new();
    for (number, document) in index.of("Composition") {
        if !index.is_about(number, patient) {
            problems.push(document.problem(Reason::OtherPatient));
            continue;
        }
        match document.body.str_of("status") {
            Some("final" | "amended") => gather(&document.body, &mut all),
            _ => {
                let allowed = "`final` or `amended`";
                problems.push(document.problem(Reason::Status { allowed }));
            }
        }
    }
    all
}

fn gather(of: &Cursor, all: &mut Vec<(Section, String)>) {
    for section in of.items("section") {
        all.extend(part(&section).zip(narrative(&section)));
        gather(&section, all);
    }
}

fn part(section: &Cursor) -> Option<Section> {
    let codings = section.get("code").map(|code| code.items("coding"));
    let codings = codings.unwrap_or_default();
    let codes: Vec<&str> = codings
        .iter()
        .filter_map(|coding| coding.str_of("code"))
        .collect();
    let title = section
        .str_of("title")
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let known = |(_, loinc, titles): &&(Section, &[&str], &[&str])| match codes[..] {
        [] => titles.contains(&title.as_str()),
        _ => codes.iter().any(|code| loinc.contains(code)),
    };
    SECTIONS.iter().find(known).map(|(part, ..)| *part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn narratives_lose_their_tags() {
        let check = |xhtml: &str, expect: &str| assert_eq!(plain(xhtml), expect, "{xhtml}");
        check(
            "<div><p>L4/5  disc</p><p>&lt;5&#160;mm &amp; more</p></div>",
            "L4/5 disc\n<5 mm & more",
        );
        check("腰4/5<br/>椎间盘<b>突出</b>", "腰4/5\n椎间盘突出");
        check("<table><tr><td>a</td><td>b</td></tr></table>", "a b");
        check("a < b & c &unknown; <", "a < b & c &unknown; <");
        check("&#xD800;&#99999999;", "&#xD800;&#99999999;");
        check("", "");
    }

    #[test]
    fn forms_are_plain_text_in_base64() {
        let check = |form: &str, expect: Option<Result<&str, Reason>>| {
            let node = json::parse(form.as_bytes()).ok().unwrap();
            let got = attached(&Cursor::root(&node));
            assert_eq!(got, expect.map(|text| text.map(str::to_owned)), "{form}");
        };
        check(
            r#"{"contentType":"text/plain; charset=utf-8","data":"5rWL\n6K+V"}"#,
            Some(Ok("测试")),
        );
        check(
            r#"{"contentType":"text/plain","data":"??"}"#,
            Some(Err(Reason::NoForm)),
        );
        check(
            r#"{"contentType":"text/plain","data":"/////w=="}"#,
            Some(Err(Reason::NoForm)),
        );
        check(r#"{"contentType":"application/pdf","data":"aGk="}"#, None);
        check(
            r#"{"contentType":"text/plain","url":"http://example.invalid"}"#,
            None,
        );
    }
}
