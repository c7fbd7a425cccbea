//! `README.md`: the dataset card, a view of `release.json` and `balance.json` (I9).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use spinemed_core::vocabulary::{Kind, PrivacyBasis, Redistribution, Split};

use crate::counts::Cell;
use crate::licences;
use crate::manifest::{LICENCE_FILE, Manifest};
use crate::plan::Balance;

/// The card's text.
pub(crate) fn render(manifest: &Manifest, balance: &Balance) -> String {
    let mut out = front_matter(manifest);
    let _ = writeln!(out, "\n# {}\n", line(&manifest.title));
    if !manifest.description.is_empty() {
        let _ = writeln!(out, "{}\n", manifest.description.trim());
    }
    let _ = writeln!(
        out,
        "Version {}, written by {}.\nRelease root: `{}`.\n",
        line(&manifest.version),
        line(&manifest.tool),
        manifest.roots.instances
    );
    contents(manifest, &mut out);
    sources(manifest, &mut out);
    accounts(manifest, balance, &mut out);
    out.push_str(USE);
    out
}

/// The YAML head that the hub and `datasets` read. Free text is written as JSON strings,
/// which are YAML strings whatever they hold.
fn front_matter(manifest: &Manifest) -> String {
    let mut out = "---\n".to_owned();
    let cells = &manifest.counts.cells;
    let _ = writeln!(out, "pretty_name: {}", quoted(&manifest.title));
    match licences::hub_identifier(&manifest.licence) {
        Some(id) => {
            let _ = writeln!(out, "license: {id}");
        }
        None => {
            let name = quoted(&manifest.licence);
            let _ = writeln!(
                out,
                "license: other\nlicense_name: {name}\nlicense_link: {LICENCE_FILE}"
            );
        }
    }
    let languages: BTreeSet<&str> = cells.iter().map(|cell| cell.language.as_str()).collect();
    list(&mut out, "language", languages);
    let _ = writeln!(
        out,
        "size_categories:\n- {}",
        size_category(manifest.counts.instances)
    );
    list(&mut out, "task_categories", tasks(manifest));
    out.push_str("annotations_creators:\n- machine-generated\n");
    list(
        &mut out,
        "tags",
        ["medical", "spine", "orthopedics", "radiology", "provenance"],
    );
    configs(cells, &mut out);
    out.push_str("---\n");
    out
}

fn configs(cells: &[Cell], out: &mut String) {
    let mut splits: BTreeMap<Kind, BTreeSet<Split>> = BTreeMap::new();
    for cell in cells {
        splits.entry(cell.kind).or_default().insert(cell.split);
    }
    if splits.is_empty() {
        return;
    }
    out.push_str("configs:\n");
    for (position, (kind, splits)) in splits.into_iter().enumerate() {
        let _ = writeln!(out, "- config_name: {kind}");
        if position == 0 {
            out.push_str("  default: true\n");
        }
        out.push_str("  data_files:\n");
        for split in splits {
            let _ = writeln!(
                out,
                "  - split: {split}\n    path: data/{kind}/{split}/*.parquet"
            );
        }
    }
}

fn tasks(manifest: &Manifest) -> BTreeSet<&'static str> {
    let mut tasks = BTreeSet::new();
    for cell in &manifest.counts.cells {
        tasks.insert(match cell.kind {
            Kind::Mcq => "multiple-choice",
            Kind::OpenQa => "question-answering",
            Kind::Consultation | Kind::Report => "text-generation",
        });
    }
    if manifest.counts.with_images > 0 {
        tasks.insert("visual-question-answering");
    }
    tasks
}

fn size_category(instances: u64) -> &'static str {
    match instances {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        _ => "1M<n<10M",
    }
}

fn contents(manifest: &Manifest, out: &mut String) {
    let counts = &manifest.counts;
    let _ = writeln!(
        out,
        "## Contents\n\n{} instances, {} of them with pictures; {} pictures are here, {} more by \
         recipe (column `pictures`).\n",
        counts.instances, counts.with_images, counts.images, counts.recipes
    );
    table(
        out,
        &["kind", "language", "modality", "split", "instances"],
        &[4],
    );
    for cell in &counts.cells {
        let Cell {
            kind,
            language,
            modality,
            split,
            instances,
        } = cell;
        let _ = writeln!(
            out,
            "| {kind} | {language} | {modality} | {split} | {instances} |"
        );
    }
    for (title, by) in [
        ("Levels", &counts.by_level),
        ("Conditions", &counts.by_condition),
    ] {
        if by.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n### {title}\n");
        table(out, &["name", "instances"], &[1]);
        for (name, instances) in by {
            let _ = writeln!(out, "| {} | {instances} |", line(name));
        }
    }
}

/// On what ground records of patients are in the release, for whoever must decide on its use.
fn privacy(manifest: &Manifest, out: &mut String) {
    for source in &manifest.sources {
        let Some(basis) = source.privacy_basis else {
            continue;
        };
        let ground = match basis {
            PrivacyBasis::ExpertDetermination => {
                "an expert has determined that the risk of identification is very small (45 CFR 164.514(b)(1))"
            }
            PrivacyBasis::LimitedDataSet => {
                "a limited data set under an agreement (45 CFR 164.514(e)); it may not be passed on"
            }
            PrivacyBasis::Consent => "the patients' consent",
            PrivacyBasis::Synthetic => "its records are made; no person is behind them",
        };
        let _ = writeln!(
            out,
            "\nPrivacy basis of `{}`: {ground}. Dates are moved, identifiers are keyed pseudonyms.",
            source.id
        );
    }
}

fn sources(manifest: &Manifest, out: &mut String) {
    let _ = writeln!(
        out,
        "\n## Sources and licences\n\nThe whole is under `{}`; each instance under the licence in \
         its own row. `{LICENCE_FILE}` has the terms per source.\n",
        manifest.licence
    );
    table(
        out,
        &[
            "source",
            "licence",
            "redistribution",
            "instances",
            "documents",
            "cite",
        ],
        &[3, 4],
    );
    for source in &manifest.sources {
        let count = manifest
            .counts
            .by_source
            .get(&source.id)
            .cloned()
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            source.id,
            source.licence,
            source.redistribution,
            count.instances,
            count.documents,
            line(&source.citation)
        );
    }
    privacy(manifest, out);
    let withheld: u64 = manifest.withheld.values().sum();
    if withheld > 0 {
        let _ = writeln!(
            out,
            "\n{withheld} instances are withheld because their terms do not let them be released; \
             `trace/absent.parquet` names them."
        );
    }
    if manifest
        .sources
        .iter()
        .any(|source| source.redistribution == Redistribution::DerivedOnly)
    {
        out.push_str(
            "\nFor sources marked `derived-only` the column `images` is empty while `messages` keeps \
             the places of the pictures: obtain the source's file, check its digest, and follow \
             `place` and `transform` in `pictures`.\n",
        );
    }
}

fn accounts(manifest: &Manifest, balance: &Balance, out: &mut String) {
    out.push_str("\n## Balance\n\nEvery unit that went into a stage is accounted for.\n\n");
    let columns = [
        "stage", "in", "passed", "rejected", "failed", "pending", "emitted",
    ];
    table(out, &columns, &[1, 2, 3, 4, 5, 6]);
    for stage in &balance.stages {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            line(&stage.name),
            stage.input,
            stage.passed,
            stage.rejected,
            stage.failed,
            stage.pending,
            stage.emitted
        );
    }
    let cost = &balance.cost;
    let price = match cost.amount.as_str() {
        "" => "no price declared".to_owned(),
        amount => format!("{} {}", line(amount), line(&cost.currency)),
    };
    let _ = writeln!(
        out,
        "\nModel calls: {} ({} tokens in, {} out), {price}.\n",
        cost.calls, cost.input_tokens, cost.output_tokens
    );
    let _ = writeln!(
        out,
        "## Verify\n\n```sh\nsha256sum -c SHA256SUMS\nspinemed release verify . --root {}\n```\n",
        manifest.roots.instances
    );
}

const USE: &str = "\
The root is the Merkle tree hash of RFC 6962, section 2.1, over the instances in byte order of `id`.
A leaf's data is the length of `id` (64 bits, big endian), `id` in UTF-8, and the 32 bytes of `digest`.

## Use

```python
from datasets import load_dataset
mcq = load_dataset(\".\", \"mcq\", split=\"train\")
```

`data/` holds Parquet with pictures inside, `jsonl/` the same instances with pictures as files in `images/`, `trace/` the actions behind each instance and the reasons for what is absent.
Machine-generated from the cited sources; not for clinical decisions.
";

fn table(out: &mut String, columns: &[&str], numbers: &[usize]) {
    let rule = |i| if numbers.contains(&i) { "---:" } else { "---" };
    let rules: Vec<&str> = (0..columns.len()).map(rule).collect();
    let _ = writeln!(
        out,
        "| {} |\n| {} |",
        columns.join(" | "),
        rules.join(" | ")
    );
}

fn list<'a>(out: &mut String, key: &str, values: impl IntoIterator<Item = &'a str>) {
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "{key}:");
    values.for_each(|value| {
        let _ = writeln!(out, "- {value}");
    });
}

/// Free text on one line of a table.
fn line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(line(text)).to_string()
}
