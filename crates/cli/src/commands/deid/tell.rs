//! What a run of `deid` came to, for people and for programs.

use std::collections::BTreeMap;

use spinemed_run::deid::{DeidReport, Failed, Options, Score};

use crate::output::{json, say, say_on, table};

/// Rows of a list on the screen; the report has all.
const MOST: usize = 12;

/// One object on the last line.
pub fn machine(report: &DeidReport, score: Option<&Score>) {
    let mut value = serde_json::to_value(report).expect("reports serialise to JSON");
    if let Some(score) = score {
        value["self_test"] = serde_json::to_value(score).expect("scores serialise to JSON");
    }
    json(&value);
}

/// Tables.
pub fn people(options: &Options, report: &DeidReport, score: Option<&Score>) {
    let objects = report.objects;
    let dry = report.run.is_some_and(|run| run.dry_run);
    let row = [
        objects.entered,
        objects.out,
        objects.rejected,
        report.other_files,
    ];
    let row = row.map(|n| n.to_string()).to_vec();
    say_on!(
        "{}",
        table(&["objects in", "out", "rejected", "not DICOM"], &[row])
    );
    say!("");
    if dry {
        say!("dry run: nothing was written");
        say!("{} patients", report.patients);
    } else {
        say!(
            "{} patients, {} studies, {} series",
            report.patients,
            report.studies,
            report.series
        );
        say!("");
        say_on!("{}", counts("action", &report.actions_by_rule, usize::MAX));
    }
    if !report.rejected_by_reason.is_empty() {
        say!("");
        say_on!(
            "{}",
            counts("rejected because", &report.rejected_by_reason, MOST)
        );
    }
    say!("");
    pixels(report);
    if let Some(run) = report.run {
        if run.pending > 0 && !dry {
            say!(
                "interrupted: {} objects are left; give the same command again",
                run.pending
            );
            return;
        }
        if run.reused > 0 {
            say!(
                "{} objects were done before, {} now",
                run.reused,
                run.worked
            );
        }
    }
    if !dry {
        let place = options
            .report
            .clone()
            .unwrap_or_else(|| options.out.join("report"));
        say!("report {}", place.join("report.html").display());
    }
    if let Some(score) = score {
        self_test(score);
    }
}

fn counts(head: &str, counts: &BTreeMap<String, u64>, most: usize) -> String {
    let mut rows: Vec<(&String, &u64)> = counts.iter().collect();
    rows.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
    let rest = rows.len().saturating_sub(most);
    let mut cells: Vec<Vec<String>> = rows
        .into_iter()
        .take(most)
        .map(|(name, count)| vec![name.clone(), count.to_string()])
        .collect();
    if rest > 0 {
        cells.push(vec![format!("… and {rest} more"), String::new()]);
    }
    table(&[head, "count"], &cells)
}

fn pixels(report: &DeidReport) {
    let pixels = &report.pixels;
    if pixels.looked_at {
        say!(
            "pixels: {} regions blanked on {} frames of {} objects",
            pixels.regions,
            pixels.frames_blanked,
            pixels.objects_blanked
        );
        say!("  searched by {}", pixels.readers.join(", "));
    } else {
        say!("PIXELS WERE NOT LOOKED AT: text burned into pictures is still there");
        say!("  (`--option clean-pixel-data` finds and blanks it)");
    }
}

fn self_test(score: &Score) {
    say!("");
    let row = |name: &str, passed: u64, total: u64| {
        vec![
            name.to_owned(),
            passed.to_string(),
            total.to_string(),
            percent(passed, total),
        ]
    };
    let head = ["self-test", "passed", "of", "%"];
    let actions = score.actions.iter();
    let rows: Vec<Vec<String>> = actions
        .map(|(name, own)| row(name, own.passed, own.total))
        .chain(
            score
                .categories
                .iter()
                .map(|(name, own)| row(&format!("category {name}"), own.passed, own.total)),
        )
        .chain([row("all", score.passed, score.total)])
        .collect();
    say_on!("{}", table(&head, &rows));
    list("left", &score.leaks);
    list("lost", &score.losses);
    if score.missing_instances > 0 {
        say!(
            "{} instances of the key are not in the output",
            score.missing_instances
        );
    }
}

fn list(what: &str, failed: &[Failed]) {
    if failed.is_empty() {
        return;
    }
    say!("");
    let mut failed: Vec<&Failed> = failed.iter().collect();
    failed.sort_by_key(|f| (std::cmp::Reverse(f.count), &f.path));
    let shown = failed.iter().take(MOST);
    let rows: Vec<Vec<String>> = shown
        .map(|f| vec![f.path.clone(), f.action.clone(), f.count.to_string()])
        .collect();
    say_on!("{}", table(&[what, "check", "count"], &rows));
    if failed.len() > MOST {
        say!("… and {} more", failed.len() - MOST);
    }
}

/// Rounded down, so that 100 means all.
fn percent(passed: u64, total: u64) -> String {
    let share = (passed * 10_000).checked_div(total).unwrap_or(10_000);
    format!("{}.{:02}", share / 100, share % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_percent_is_all() {
        assert_eq!(percent(2, 2), "100.00");
        assert_eq!(percent(99_999, 100_000), "99.99");
        assert_eq!(percent(0, 0), "100.00");
    }
}
