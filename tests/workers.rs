//! A build over workers, as a cluster does it, comes to what one process comes to.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::process::Child;

use common::{
    RELEASE, Run, Workshop, assert_tidy, files_below, finish, list, number, root_of, text,
};
use serde_json::Value;

fn shop() -> Workshop {
    let shop = Workshop::empty();
    shop.take_source("demo-guideline");
    shop.take_source("demo-rsna");
    shop.bank("bank", 0, 12);
    shop.pipeline("corpus", &["bank", "demo-guideline", "demo-rsna"], RELEASE);
    shop
}

/// The plan's folder lies beside the workspace, as on a shared disk.
struct Cluster {
    shop: Workshop,
    disk: tempfile::TempDir,
}

impl Cluster {
    fn new(shop: Workshop) -> Self {
        Self {
            shop,
            disk: tempfile::tempdir().expect("a folder"),
        }
    }

    fn plan(&self) -> String {
        self.disk.path().join("plan").display().to_string()
    }

    /// Writes the next plan, entering what workers did for the one before; its shards by
    /// stage and index.
    fn next(&self, first: bool) -> (Vec<(usize, usize)>, BTreeSet<String>) {
        let folder = self.plan();
        let mut arguments = vec!["build", "corpus", "--plan-to", &folder, "--format", "json"];
        if !first {
            arguments.extend(["--absorb", &folder]);
        }
        let plan = self.shop.run(&arguments).expect(0).json();
        let mut shards = Vec::new();
        let mut steps = BTreeSet::new();
        for (n, stage) in list(&plan["stages"]).iter().enumerate() {
            steps.insert(text(&stage["step"]).to_owned());
            shards.extend(
                (0..number(&stage["shards"])).map(|i| (n, usize::try_from(i).expect("few"))),
            );
        }
        (shards, steps)
    }

    fn worker(&self, stage: usize, index: usize) -> Child {
        // A worker sees the plan's folder alone.
        let (stage, index) = (stage.to_string(), index.to_string());
        let plan = self.plan();
        let mut command = self.shop.command(&[
            "worker", "--plan", &plan, "--stage", &stage, "--index", &index,
        ]);
        command
            .current_dir(self.disk.path())
            .spawn()
            .expect("the program starts")
    }

    fn work(&self, stage: usize, index: usize) -> Run {
        finish(self.worker(stage, index))
    }
}

#[test]
fn workers_and_one_process_come_to_the_same() {
    let embedded = shop();
    let whole = embedded.build("corpus");
    let cluster = Cluster::new(shop());
    let mut met = BTreeSet::new();
    for round in 0.. {
        let (shards, steps) = cluster.next(round == 0);
        if shards.is_empty() {
            break;
        }
        assert!(steps.is_disjoint(&met), "{steps:?} came again");
        met.extend(steps);
        // The first is killed and run again, then run twice; two at a time work the rest.
        let mut killed = cluster.worker(shards[0].0, shards[0].1);
        let _ = killed.kill();
        let _ = killed.wait();
        let once = cluster.work(shards[0].0, shards[0].1).expect(0);
        let twice = cluster.work(shards[0].0, shards[0].1).expect(0);
        assert_eq!(once.stderr, twice.stderr, "the same result is committed");
        for pair in shards[1..].chunks(2) {
            let both: Vec<Child> = pair.iter().map(|&(n, i)| cluster.worker(n, i)).collect();
            both.into_iter()
                .for_each(|child| drop(finish(child).expect(0)));
        }
    }
    let steps: Vec<&str> = met.iter().map(String::as_str).collect();
    assert_eq!(steps, ["check", "draft", "ingest", "pair", "revise"]);
    let built = cluster.shop.build("corpus");
    assert_eq!(built["actions"]["run"], 0, "everything was done by workers");
    assert_eq!(root_of(&built), root_of(&whole));
    assert_eq!(built["stages"], whole["stages"]);
    cluster.shop.run(&["audit", "verify"]).expect(0);
    assert_tidy(&cluster.shop);
    let key = text(&whole["example"]);
    assert_eq!(
        actions(&cluster.shop.trace(key)),
        actions(&embedded.trace(key))
    );
}

fn actions(trace: &Value) -> &Value {
    &trace["actions"]
}

#[test]
fn two_workers_at_one_shard_commit_one_result() {
    let shop = Workshop::empty();
    shop.bank("bank", 0, 12);
    shop.pipeline("corpus", &["bank"], RELEASE);
    let root = Workshop::copy_of(&shop).root("corpus");
    let cluster = Cluster::new(shop);
    let (shards, _) = cluster.next(true);
    assert_eq!(shards, [(0, 0)]);
    let racing: Vec<Child> = (0..4).map(|_| cluster.worker(0, 0)).collect();
    racing
        .into_iter()
        .for_each(|child| drop(finish(child).expect(0)));
    let markers = files_below(&cluster.disk.path().join("plan/results/commit"));
    assert_eq!(markers.len(), 1, "{markers:?}");
    // `--absorb` alone enters the results and does the rest here.
    let plan = cluster.plan();
    let run = cluster
        .shop
        .run(&["build", "corpus", "--absorb", &plan, "--format", "json"])
        .expect(0);
    assert_eq!(root_of(&run.json()), root);
    assert!(
        run.stderr.contains("1 actions of the plan were entered"),
        "{}",
        run.stderr
    );
}

#[test]
fn bad_shards_are_never_tried_again() {
    let shop = Workshop::empty();
    shop.bank("bank", 0, 12);
    shop.pipeline("corpus", &["bank"], RELEASE);
    let cluster = Cluster::new(shop);
    cluster.next(true);
    let shard = cluster.disk.path().join("plan/stage-0/shard-0.json");
    for (stage, index) in [(0, 99), (7, 0)] {
        let run = cluster.work(stage, index).expect(65);
        assert!(
            run.stderr.contains("is no usable part of a plan"),
            "{}",
            run.stderr
        );
    }
    let whole = fs::read(&shard).expect("a shard");
    for bad in [&whole[..whole.len() / 2], b"", b"{}", b"\xff\xfe"] {
        fs::write(&shard, bad).expect("damaged on purpose");
        let run = cluster.work(0, 0).expect(65);
        assert!(
            run.stderr
                .contains("shard-0.json` is no usable part of a plan"),
            "{}",
            run.stderr
        );
    }
    fs::write(&shard, whole).expect("mended");
    cluster.work(0, 0).expect(0);
    fs::remove_file(cluster.disk.path().join("plan/plan.json")).expect("removed on purpose");
    cluster.work(0, 0).expect(65);
    let run = cluster
        .shop
        .run(&[
            "worker",
            "--plan",
            "s3://bucket/plan",
            "--stage",
            "0",
            "--index",
            "0",
        ])
        .expect(2);
    assert!(
        run.stderr.contains("plans at `s3://` addresses"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_damaged_result_is_not_entered() {
    let shop = Workshop::empty();
    shop.bank("bank", 0, 12);
    shop.pipeline("corpus", &["bank"], RELEASE);
    let root = Workshop::copy_of(&shop).root("corpus");
    let cluster = Cluster::new(shop);
    cluster.next(true);
    cluster.work(0, 0).expect(0);
    let data = files_below(&cluster.disk.path().join("plan/results/data"));
    let [result] = &data[..] else {
        panic!("{data:?}")
    };
    common::damage(result, 40);
    let plan = cluster.plan();
    let run = cluster
        .shop
        .run(&["build", "corpus", "--absorb", &plan])
        .expect(1);
    assert!(run.stderr.contains("results/data"), "{}", run.stderr);
    assert_eq!(cluster.shop.root("corpus"), root);
}
