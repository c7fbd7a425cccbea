//! Builds that are killed or interrupted lose and double nothing; one build at a time.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders; the moment of a kill is measured against an unbroken build"
)]

mod common;

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Child;
use std::thread;
use std::time::Instant;

use common::{RELEASE, Run, Workshop, assert_tidy, finish, root_of, signal};

const BUILD: [&str; 4] = ["build", "corpus", "--format", "json"];

fn shop() -> Workshop {
    let shop = Workshop::empty();
    shop.take_source("demo-guideline");
    shop.bank("bank", 0, 24);
    shop.pipeline("corpus", &["bank", "demo-guideline"], RELEASE);
    shop
}

/// Moments between nothing and one, spread evenly but not regularly (a Weyl sequence).
fn moments(count: u32) -> impl Iterator<Item = f64> {
    (1..=count).map(|n| (f64::from(n) * 0.618_033_988_749_895).fract())
}

#[test]
fn a_killed_build_is_resumed_to_the_same_corpus() {
    let unbroken = shop();
    let started = Instant::now();
    let whole = unbroken.build("corpus");
    let took = started.elapsed();
    let root = root_of(&whole);
    let mut killed = 0;
    for moment in moments(20) {
        let shop = shop();
        let mut process = shop.start(&BUILD);
        thread::sleep(took.mul_f64(moment));
        killed += u32::from(process.try_wait().expect("asked").is_none());
        let _ = process.kill();
        let _ = process.wait();
        let resumed = shop.build("corpus");
        assert_eq!(root_of(&resumed), root, "killed at {moment:.3} of {took:?}");
        assert_eq!(
            resumed["stages"], whole["stages"],
            "killed at {moment:.3} of {took:?}"
        );
        assert_tidy(&shop);
        assert_eq!(shop.build("corpus")["actions"]["run"], 0);
    }
    assert!(
        killed >= 10,
        "only {killed} of 20 builds were still running when they were killed"
    );
}

#[test]
fn a_build_killed_again_and_again_comes_to_its_end() {
    let unbroken = shop();
    let started = Instant::now();
    let root = unbroken.root("corpus");
    let took = started.elapsed();
    let shop = shop();
    for moment in moments(8) {
        let mut process = shop.start(&BUILD);
        thread::sleep(took.mul_f64(moment / 2.0));
        let _ = process.kill();
        let _ = process.wait();
    }
    assert_eq!(shop.root("corpus"), root);
    shop.run(&["audit", "verify"]).expect(0);
    assert_tidy(&shop);
}

/// Waits for the first line on standard error; gives what comes after it at the end.
fn after_first_line(process: &mut Child) -> impl FnOnce() -> String + use<> {
    let mut reader = BufReader::new(process.stderr.take().expect("piped"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    move || {
        let mut rest = line;
        let _ = reader.read_to_string(&mut rest);
        rest
    }
}

#[test]
fn an_interrupted_build_says_how_to_go_on() {
    let shop = Workshop::empty();
    shop.take_source("demo-textbook");
    shop.take_source("demo-guideline");
    shop.pipeline("corpus", &["demo-textbook", "demo-guideline"], RELEASE);
    let unbroken = Workshop::copy_of(&shop).root("corpus");
    let mut process = shop.start(&["build", "corpus"]);
    let stderr = after_first_line(&mut process);
    signal(&process, "INT");
    let stderr = thread::spawn(stderr);
    let run = Run {
        stderr: stderr.join().expect("read"),
        ..finish(process)
    }
    .expect(130);
    assert!(
        run.stdout
            .contains("interrupted; `spinemed build corpus` goes on where it stopped"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .contains("stopping: what is in flight comes to its end"),
        "{}",
        run.stderr
    );
    assert!(!shop.path("releases").exists());
    assert_eq!(shop.root("corpus"), unbroken);
    assert_tidy(&shop);
}

#[test]
fn one_build_at_a_time_in_a_workspace() {
    let shop = Workshop::empty();
    shop.bank("bank", 0, 2);
    shop.pipeline("corpus", &["bank"], RELEASE);
    fs::create_dir_all(shop.path(".spinemed")).expect("a folder");
    let path = shop.path(".spinemed/lock");
    let mut lock = File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)
        .expect("a file");
    lock.lock().expect("locked");
    write!(lock, "4242").expect("written");
    for arguments in [
        &["build", "corpus"][..],
        &["retract", "source", "bank", "--reason", "none"],
    ] {
        let held = shop.run(arguments).expect(8);
        assert_eq!(
            held.stderr,
            "error: process 4242 is building in this workspace\n\
             hint: wait for it, or use another `--workspace`\n"
        );
        assert_eq!(held.stdout, "");
    }
    // Reading does not wait.
    shop.run(&["status", "corpus"]).expect(0);
    shop.run(&["build", "corpus", "--format", "json"]).expect(8);
    drop(lock);
    shop.root("corpus");
}

#[test]
fn two_builds_at_once_do_no_harm() {
    let shop = shop();
    let unbroken = Workshop::copy_of(&shop).root("corpus");
    let processes: Vec<Child> = (0..3).map(|_| shop.start(&BUILD)).collect();
    let codes: Vec<Option<i32>> = processes.into_iter().map(|p| finish(p).code).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|c| matches!(c, Some(0 | 8))), "{codes:?}");
    assert_eq!(shop.root("corpus"), unbroken);
    assert_tidy(&shop);
}
