//! What is written: the same bytes each time, only what the terms allow, nothing lost.

mod support;

use spinemed_core::SourceId;
use spinemed_core::vocabulary::{Redistribution, Split, Subjects};
use spinemed_release::{Manifest, MemoryFolder, ReleaseError, Verification, merkle, verify};
use support::{Corpus, Size, TINY, corpus, plan, release, release_into};

fn good(verification: &Verification) {
    assert_eq!(verification.damage, []);
    assert!(verification.ok);
}

#[test]
fn a_release_is_intact_and_the_same_each_time() {
    let corpus = corpus(&TINY);
    let (folder, summary) = release(&plan(), &corpus);
    let verification = verify(&folder, Some(&summary.root));
    good(&verification);
    assert_eq!(verification.root, Some(summary.root));
    assert_eq!(verification.counts.instances, 96);
    assert_eq!(verification.counts.rows, 96);
    assert_eq!(folder.files(), release(&plan(), &corpus).0.files());
    let articles = &summary.counts.by_source[&SourceId::new("articles").expect("an id")];
    assert_eq!((articles.instances, articles.documents), (48, 6));
    let listed: Vec<&str> = summary
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(listed, folder.files().keys().collect::<Vec<_>>());
}

#[test]
fn the_root_is_that_of_the_released_instances() {
    let corpus = corpus(&TINY);
    let (_, summary) = release(&plan(), &corpus);
    let released: Vec<_> = corpus
        .instances
        .iter()
        .filter(|instance| instance.terms.redistribution != Redistribution::None)
        .map(|instance| (instance.key.clone(), instance.digest()))
        .collect();
    assert_eq!(
        summary.root,
        merkle::record_root(released.iter().map(|(k, d)| (k, d)))
    );
}

#[test]
fn nothing_is_carried_of_a_source_that_forbids_it() {
    let (folder, summary) = release(&plan(), &corpus(&TINY));
    assert_eq!(summary.withheld.len(), 48);
    assert!(summary.withheld.iter().all(|(key, reason)| {
        key.as_str().starts_with("hospital/") && reason.code() == "licence"
    }));
    for (name, bytes) in folder.files() {
        if name.starts_with("jsonl/") {
            assert!(
                !String::from_utf8_lossy(&bytes).contains("hospital"),
                "{name}"
            );
        }
    }
}

#[test]
fn derived_only_carries_recipes_for_pictures() {
    let (folder, summary) = release(&plan(), &corpus(&TINY));
    let files = folder.files();
    assert_eq!((summary.counts.images, summary.counts.recipes), (6, 6));
    assert_eq!(
        files
            .keys()
            .filter(|name| name.starts_with("images/"))
            .count(),
        6
    );
    let lines = String::from_utf8(files["jsonl/mcq/train.jsonl"].clone()).expect("UTF-8");
    let line = lines
        .lines()
        .find(|line| line.contains("atlas/doc0/f0#"))
        .expect("the line");
    let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(record["images"], serde_json::json!([]));
    assert_eq!(record["pictures"][0]["place"]["page"], 2);
    assert_eq!(record["pictures"][0]["media"]["transform"], "original");
}

#[test]
fn the_licence_of_the_whole_is_the_conjunction_of_what_is_there() {
    let (folder, _) = release(&plan(), &corpus(&TINY));
    let manifest: Manifest = serde_json::from_slice(&folder.files()["release.json"]).expect("JSON");
    assert_eq!(manifest.licence, "CC-BY-4.0 AND CC-BY-NC-SA-4.0");
    let card = String::from_utf8(folder.files()["README.md"].clone()).expect("UTF-8");
    assert!(card.contains("license: other\nlicense_name: \"CC-BY-4.0 AND CC-BY-NC-SA-4.0\"\n"));
}

#[test]
fn a_picture_shown_many_times_is_stored_once_per_row_group() {
    let many = corpus(&Size {
        documents: 1,
        packs: 80,
        pixels: 256,
    });
    let few = corpus(&Size {
        documents: 1,
        packs: 1,
        pixels: 256,
    });
    let size =
        |corpus: &Corpus| release(&plan(), corpus).0.files()["data/mcq/train/part-0.parquet"].len();
    let picture = many.media.values().map(Vec::len).min().expect("a picture");
    let (few, many) = (size(&few), size(&many));
    assert!(
        few > picture && many < few + picture,
        "{few} and {many} with pictures of {picture}"
    );
}

#[test]
fn removing_one_document_leaves_other_row_groups_as_they_were() {
    let all = corpus(&Size {
        documents: 300,
        packs: 6,
        pixels: 4,
    });
    let mut fewer = corpus(&Size {
        documents: 300,
        packs: 6,
        pixels: 4,
    });
    fewer
        .instances
        .retain(|instance| instance.document.as_str() != "articles/doc9");
    let name = "data/mcq/train/part-0.parquet";
    let (before, after) = (
        release(&plan(), &all).0.files(),
        release(&plan(), &fewer).0.files(),
    );
    let (before, after) = (&before[name], &after[name]);
    let kept = common_windows(before, after);
    assert!(kept > 0.75, "only {kept} of the bytes are kept");
}

/// The share of `after` whose 64-byte windows also stand somewhere in `before`.
fn common_windows(before: &[u8], after: &[u8]) -> f64 {
    let old: std::collections::BTreeSet<&[u8]> = before.windows(64).collect();
    let kept = after
        .windows(64)
        .filter(|window| old.contains(window))
        .count();
    kept as f64 / after.len() as f64
}

fn refuse(change: impl FnOnce(&mut spinemed_release::ReleasePlan, &mut Corpus)) -> ReleaseError {
    let (mut plan, mut corpus) = (plan(), corpus(&TINY));
    change(&mut plan, &mut corpus);
    release_into(&plan, &corpus, &mut MemoryFolder::default()).expect_err("refused")
}

#[test]
fn what_may_not_be_released_is_refused() {
    use ReleaseError as E;
    assert!(matches!(
        refuse(|_, c| c.instances.swap(0, 1)),
        E::Order { .. }
    ));
    assert!(matches!(
        refuse(|_, c| c.instances[1] = c.instances[0].clone()),
        E::Order { .. }
    ));
    assert!(matches!(
        refuse(|_, c| c.instances[0].v = 9),
        E::Version { .. }
    ));
    assert!(matches!(
        refuse(|_, c| c.instances[0].split = Split::Test),
        E::TornGroup { .. }
    ));
    assert!(matches!(
        refuse(|p, _| p.sources.clear()),
        E::UnknownSource { .. }
    ));
    assert!(matches!(
        refuse(|p, _| p.balance.stages[0].passed -= 1),
        E::Unbalanced { .. }
    ));
    assert!(matches!(
        refuse(|p, _| p.balance.stages[0].emitted -= 1),
        E::Unbalanced { .. }
    ));
    assert!(matches!(refuse(|_, c| c.media.clear()), E::Input { .. }));
    let refused = refuse(|_, c| c.media.values_mut().for_each(|bytes| bytes.push(0)));
    assert!(matches!(refused, E::Picture { .. }));
    let refused = refuse(|p, _| {
        p.sources
            .iter_mut()
            .for_each(|s| s.redistribution = Redistribution::None);
    });
    assert!(matches!(refused, E::Loosened { .. }));
    for name in ["README.md", "../x", "data/x", "/x", "a//b", ".x"] {
        let refused = refuse(|p, _| drop(p.extra.insert(name.to_owned(), Vec::new())));
        assert!(matches!(refused, E::BadName(_)), "{name}");
    }
}

#[test]
fn patients_sources_are_withheld() {
    let mut plan = plan();
    plan.sources[0].subjects = Subjects::Patients;
    let (folder, summary) = release(&plan, &corpus(&TINY));
    assert!(
        summary
            .withheld
            .iter()
            .any(|(_, reason)| reason.code() == "privacy")
    );
    assert_eq!(summary.counts.images, 0);
    good(&verify(&folder, None));
}

#[test]
fn an_empty_release_is_intact() {
    let nothing = Corpus {
        instances: Vec::new(),
        media: Default::default(),
    };
    let (folder, summary) = release(&plan(), &nothing);
    assert_eq!(summary.root, merkle::empty_root());
    good(&verify(&folder, Some(&summary.root)));
}
