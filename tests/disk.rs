//! A full disk: a clear error, nothing lost, and the same corpus once there is room.
//!
//! Needs the right to mount a `tmpfs`; where that is not given the test says so and ends.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{RELEASE, Workshop, assert_tidy, files_below};

/// A mounted disk of a given size; unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// None where mounting is not permitted.
    fn mount(place: &Path, bytes: u64) -> Option<Self> {
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"])
            .arg(place)
            .output();
        done.is_ok_and(|o| o.status.success())
            .then(|| Self(place.to_owned()))
    }

    fn enlarge(&self, bytes: u64) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,size={bytes}")])
            .arg(&self.0)
            .status()
            .expect("`mount` runs");
        assert!(status.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn lay_out(shop: &Workshop) {
    shop.take_source("demo-guideline");
    shop.bank("bank", 0, 12);
    shop.pipeline("corpus", &["bank", "demo-guideline"], RELEASE);
}

fn size(folder: &Path) -> u64 {
    files_below(folder)
        .iter()
        .map(|f| f.metadata().map_or(0, |m| m.len().next_multiple_of(4096)))
        .sum()
}

#[test]
fn a_full_disk_is_told_and_the_build_goes_on_once_there_is_room() {
    let whole = Workshop::empty();
    lay_out(&whole);
    let before = size(whole.folder());
    let root = whole.root("corpus");
    let after = size(whole.folder());

    for share in [20, 50, 80] {
        let place = tempfile::tempdir().expect("a folder");
        let room = before + (after - before) * share / 100;
        let Some(disk) = Disk::mount(place.path(), room) else {
            println!("skipped: mounting a tmpfs is not permitted here");
            return;
        };
        let shop = Workshop::at(place.path());
        lay_out(&shop);
        let full = shop.run(&["build", "corpus"]).expect(1);
        assert!(full.stderr.contains("error: "), "{}", full.stderr);
        let hint = "hint: make room on the disk and try again: everything entered so far is kept";
        assert!(
            full.stderr.contains(hint),
            "with {share} %:\n{}",
            full.stderr
        );
        assert!(!full.stderr.contains("panicked"), "{}", full.stderr);
        // Trying again without more room does no harm.
        shop.run(&["build", "corpus"]).expect(1);
        disk.enlarge(after * 4);
        assert_eq!(shop.root("corpus"), root, "with {share} %");
        shop.run(&["audit", "verify"]).expect(0);
        assert_tidy(&shop);
    }
}
