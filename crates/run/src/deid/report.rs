//! What a run came to.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::Problem;
use spinemed_core::profile::Profile;
use spinemed_core::vocabulary::ProfileOption;
use spinemed_deidentify::RULES;

use super::clean::Cleaned;
use super::journal::{Done, Written};
use super::survey::{Found, Survey};
use super::{Options, World};
use crate::report::InOut;

/// What a run came to. It holds no identifier: files are told by keyed aliases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeidReport {
    /// DICOM objects: in = out + rejected.
    pub objects: InOut,
    /// Files that are no DICOM; they are left out.
    pub other_files: u64,
    /// Patients with an object that went out.
    pub patients: u64,
    /// Their studies.
    pub studies: u64,
    /// Their series.
    pub series: u64,
    /// The profile asked for, and what the objects claim.
    pub profile: ProfileAccount,
    /// What was done to pixels.
    pub pixels: PixelAccount,
    /// How often each rule acted.
    pub actions_by_rule: BTreeMap<String, u64>,
    /// Rejected objects by reason.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Every file that was rejected or left out.
    pub problems: Vec<Problem>,
    /// The public name of the key.
    pub key: String,
    /// The version of the rules.
    pub rules: u32,
    /// The program's version.
    pub program: String,
    /// How this run went; not in the written report, which is the same for every run that
    /// comes to the same end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunAccount>,
}

/// The profile asked for, and what the objects claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProfileAccount {
    /// The options asked for.
    pub asked: Profile,
    /// How many objects claim each code of PS3.16, CID 7050.
    pub claimed: BTreeMap<String, u64>,
}

/// What was done to pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PixelAccount {
    /// Whether pixels were searched for text at all.
    pub looked_at: bool,
    /// What searched: the search for strokes, and readers of characters with their versions.
    #[serde(default)]
    pub readers: Vec<String>,
    /// Objects on which something was blanked.
    pub objects_blanked: u64,
    /// Frames on which something was blanked.
    pub frames_blanked: u64,
    /// Boxes that were blanked.
    pub regions: u64,
}

/// How this run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunAccount {
    /// Objects that were worked on now.
    pub worked: u64,
    /// Objects that an earlier run had done.
    pub reused: u64,
    /// Objects that were not reached because of an interruption.
    pub pending: u64,
    /// Whether nothing was written.
    pub dry_run: bool,
}

/// What the objects out of a run came to: the account of every object that was reached.
pub(super) fn of(
    survey: &Survey,
    cleaned: &Cleaned,
    options: &Options,
    world: &World<'_>,
) -> DeidReport {
    let mut report = begun(survey, options, world);
    let (mut patients, mut studies, mut series) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for line in &cleaned.lines {
        match &line.done {
            Done::Rejected { place, reason } => report.reject(&line.file, place, reason),
            Done::Out(out) => {
                report.out(out);
                let mut ends = out.name.match_indices('/').map(|(at, _)| &out.name[..at]);
                patients.extend(ends.next());
                studies.extend(ends.next());
                series.extend(ends.next());
            }
        }
    }
    report.patients = patients.len() as u64;
    report.studies = studies.len() as u64;
    report.series = series.len() as u64;
    report.problems.sort();
    let done = cleaned.lines.len() as u64;
    let objects = objects(survey);
    report.run = Some(RunAccount {
        worked: done - cleaned.reused,
        reused: cleaned.reused,
        pending: objects - done,
        dry_run: false,
    });
    report
}

/// What can be told before anything is cleaned.
pub(super) fn foreseen(survey: &Survey, options: &Options, world: &World<'_>) -> DeidReport {
    let mut report = begun(survey, options, world);
    report.patients = survey.patients.len() as u64;
    report.problems.sort();
    report.run = Some(RunAccount {
        worked: 0,
        reused: 0,
        pending: objects(survey),
        dry_run: true,
    });
    report
}

fn objects(survey: &Survey) -> u64 {
    let object = |found: &Found| u64::from(matches!(found, Found::Object { .. } | Found::Pending));
    survey.items.iter().map(|item| object(&item.found)).sum()
}

fn begun(survey: &Survey, options: &Options, world: &World<'_>) -> DeidReport {
    let looked_at = options.profile.has(ProfileOption::CleanPixelData);
    let mut readers = Vec::new();
    if looked_at {
        readers.push("search for strokes".to_owned());
        readers.extend(world.readers.iter().map(|(name, _)| name.clone()));
    }
    let mut report = DeidReport {
        objects: InOut::default(),
        other_files: survey.others() as u64,
        patients: 0,
        studies: 0,
        series: 0,
        profile: ProfileAccount {
            asked: options.profile.clone(),
            claimed: BTreeMap::new(),
        },
        pixels: PixelAccount {
            looked_at,
            readers,
            ..PixelAccount::default()
        },
        actions_by_rule: BTreeMap::new(),
        rejected_by_reason: BTreeMap::new(),
        problems: Vec::new(),
        key: world.key.name(),
        rules: RULES,
        program: world.version.to_owned(),
        run: None,
    };
    report.objects.entered = (survey.items.len() - survey.others()) as u64;
    for item in &survey.items {
        match &item.found {
            Found::Object { .. } | Found::Pending => {}
            Found::Other(reason) => report.tell(&item.alias, "file", reason),
            Found::Rejected(place, reason) => report.reject(&item.alias, place, reason),
        }
    }
    report
}

impl DeidReport {
    fn tell(&mut self, file: &str, place: &str, reason: &str) {
        self.problems.push(Problem {
            source: "input".into(),
            file: file.to_owned(),
            place: place.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn reject(&mut self, file: &str, place: &str, reason: &str) {
        self.objects.rejected += 1;
        *self
            .rejected_by_reason
            .entry(reason.to_owned())
            .or_default() += 1;
        self.tell(file, place, reason);
    }

    fn out(&mut self, out: &Written) {
        self.objects.out += 1;
        for (rule, count) in &out.actions {
            *self.actions_by_rule.entry(rule.clone()).or_default() += count;
        }
        for code in &out.claims {
            *self.profile.claimed.entry(code.clone()).or_default() += 1;
        }
        let pixels = &mut self.pixels;
        pixels.objects_blanked += u64::from(!out.frames.is_empty());
        pixels.frames_blanked += out.frames.len() as u64;
        pixels.regions += out
            .frames
            .iter()
            .map(|f| f.regions.len() as u64)
            .sum::<u64>();
    }
}
