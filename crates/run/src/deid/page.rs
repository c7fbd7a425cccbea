//! The written report: `report.json`, and `report.html` that needs nothing beside itself.

use std::collections::BTreeMap;
use std::path::Path;

use spinemed_store::write_durably;

use super::DeidError;
use super::clean::Cleaned;
use super::journal::{Done, Journal, Written};
use super::picture::{outlined, small};
use super::report::DeidReport;

/// The most pictures in a report, and the most rows of a list: a page must open.
const MOST: usize = 60;

/// What the codes of PS3.16, CID 7050, mean.
const CODES: &[(&str, &str)] = &[
    ("113100", "Basic Application Confidentiality Profile"),
    ("113101", "Clean Pixel Data Option"),
    ("113102", "Clean Recognizable Visual Features Option"),
    ("113103", "Clean Graphics Option"),
    ("113104", "Clean Structured Content Option"),
    ("113105", "Clean Descriptors Option"),
    (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    ("113108", "Retain Patient Characteristics Option"),
    ("113109", "Retain Device Identity Option"),
    ("113110", "Retain UIDs Option"),
    ("113111", "Retain Safe Private Option"),
    ("113112", "Retain Institution Identity Option"),
];

/// Writes both files.
///
/// # Errors
/// [`DeidError::Store`].
pub(super) fn write(
    folder: &Path,
    report: &DeidReport,
    cleaned: &Cleaned,
    journal: &Journal,
) -> Result<(), DeidError> {
    let report = DeidReport {
        run: None,
        ..report.clone()
    };
    let mut json = serde_json::to_vec_pretty(&report).expect("reports serialise to JSON");
    json.push(b'\n');
    write_durably(&folder.join("report.json"), &json)?;
    let html = html(&report, &shots(cleaned, journal));
    Ok(write_durably(&folder.join("report.html"), html.as_bytes())?)
}

/// A page with our style and nothing from elsewhere.
pub(super) fn framed(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         img-src data:; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>\n{}</style></head><body><main>\n{body}</main></body></html>\n",
        include_str!("style.css")
    )
}

/// Text in HTML.
pub(super) fn safe(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c => out.push(c),
        }
    }
    out
}

/// Objects with blanked frames, in order of their names.
pub(super) fn blanked(cleaned: &Cleaned) -> Vec<(&str, &Written)> {
    let mut blanked: Vec<(&str, &Written)> = cleaned
        .lines
        .iter()
        .filter_map(|line| match &line.done {
            Done::Out(out) if !out.frames.is_empty() => Some((&*line.file, out)),
            _ => None,
        })
        .collect();
    blanked.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    blanked
}

/// The instance's own part of a name.
pub(super) fn instance(out: &Written) -> &str {
    let last = out.name.rsplit('/').next().unwrap_or(&out.name);
    last.strip_suffix(".dcm").unwrap_or(last)
}

fn shots(cleaned: &Cleaned, journal: &Journal) -> String {
    let mut html = String::new();
    for (_, out) in blanked(cleaned).into_iter().take(MOST) {
        let (Some(frame), Ok(file)) = (out.frames.first(), journal.folder.read(&out.name)) else {
            continue;
        };
        let Some(shown) = small(&file, frame.frame) else {
            continue;
        };
        let picture = outlined(&shown, &frame.regions, "a frame after blanking");
        let more = match out.frames.len() {
            1 => String::new(),
            count => format!("; {count} frames blanked"),
        };
        html += &format!(
            "<figure>{picture}<figcaption><code>{}</code>, frame {}{more}</figcaption></figure>\n",
            instance(out),
            frame.frame,
        );
    }
    html
}

fn html(report: &DeidReport, shots: &str) -> String {
    let objects = report.objects;
    let mut body = format!(
        "<h1>De-identification</h1>\n<p>key <code>{}</code>, rules {}, SpineMed {}</p>\n<div class=\"cards\">",
        safe(&report.key),
        report.rules,
        safe(&report.program)
    );
    for (name, count) in [
        ("objects in", objects.entered),
        ("objects out", objects.out),
        ("rejected", objects.rejected),
        ("not DICOM", report.other_files),
        ("patients", report.patients),
        ("studies", report.studies),
        ("series", report.series),
    ] {
        body += &format!("<div class=\"card\"><b>{count}</b>{name}</div>");
    }
    body += "</div>\n";
    body += &pixels(report);
    body += "<h2>Profile claimed in the objects</h2>\n";
    body += &codes(report);
    body += "<h2>Actions by rule</h2>\n";
    body += &bars(&report.actions_by_rule);
    if !report.rejected_by_reason.is_empty() {
        body += "<h2>Rejected, by reason</h2>\n";
        body += &bars(&report.rejected_by_reason);
    }
    if !shots.is_empty() {
        body += "<h2>Blanked frames, after</h2>\n<p>Boxes are outlined for this page alone.</p>\n";
        body += &format!("<div class=\"shots\">\n{shots}</div>\n");
    }
    body += &problems(report);
    framed("De-identification", &body)
}

fn pixels(report: &DeidReport) -> String {
    let pixels = &report.pixels;
    if !pixels.looked_at {
        return "<div class=\"warn\">Pixels were not looked at: text that is burned into \
                pictures is still there, and the objects do not claim otherwise.</div>\n"
            .to_owned();
    }
    format!(
        "<h2>Pixels</h2>\n<p>Text was looked for on every frame, by {}. {} regions on {} frames of \
         {} objects were blanked; all other pixel data is byte for byte what it was.</p>\n",
        safe(&pixels.readers.join(", ")),
        pixels.regions,
        pixels.frames_blanked,
        pixels.objects_blanked
    )
}

fn codes(report: &DeidReport) -> String {
    let mut table = "<table>".to_owned();
    for (code, count) in &report.profile.claimed {
        let meaning = CODES.iter().find(|(known, _)| known == code);
        let meaning = meaning.map_or("", |(_, meaning)| meaning);
        table += &format!(
            "<tr><td><code>{}</code></td><td>{meaning}</td><td class=\"n\">{count}</td></tr>",
            safe(code)
        );
    }
    table + "</table>\n"
}

fn bars(counts: &BTreeMap<String, u64>) -> String {
    let most = counts.values().copied().max().unwrap_or(1).max(1);
    let mut rows: Vec<(&String, &u64)> = counts.iter().collect();
    rows.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
    let mut table = "<table>".to_owned();
    for (name, count) in rows {
        // In thousandths, so that the page has no floating point numbers.
        let share = count * 1000 / most;
        table += &format!(
            "<tr><td>{}</td><td class=\"n\">{count}</td><td class=\"b\"><div class=\"bar\" \
             style=\"width:{}.{}%\"></div></td></tr>",
            safe(name),
            share / 10,
            share % 10
        );
    }
    table + "</table>\n"
}

fn problems(report: &DeidReport) -> String {
    if report.problems.is_empty() {
        return String::new();
    }
    let mut html = "<h2>Files that did not pass</h2>\n<p>Files are told by keyed aliases.</p>\n\
                    <table>"
        .to_owned();
    for problem in report.problems.iter().take(MOST) {
        html += &format!(
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            safe(&problem.file),
            safe(&problem.place),
            safe(&problem.reason)
        );
    }
    html += "</table>\n";
    let more = report.problems.len().saturating_sub(MOST);
    if more > 0 {
        html += &format!("<p>{more} more stand in <code>report.json</code>.</p>\n");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(safe("<a b=\"&\">"), "&lt;a b=&quot;&amp;&quot;&gt;");
    }

    #[test]
    fn bars_are_ordered_and_relative() {
        let counts = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 3)]);
        let table = bars(&counts);
        let (a, b) = (table.find("<td>a<").unwrap(), table.find("<td>b<").unwrap());
        assert!(b < a);
        assert!(table.contains("width:100.0%") && table.contains("width:33.3%"));
    }
}
