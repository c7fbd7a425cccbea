//! Which rows stand together: row groups that follow the split groups.
//!
//! Taking a patient or a document out should rewrite little. So a row group holds whole split
//! groups: rows are sorted by the first 64 bits of the digest of their group key, and the
//! range of hashes is halved until no half holds more than [`ROWS`] rows. A removal touches
//! the row group it is in (at most its neighbour in the halving merges with it); no other row
//! moves. Fixed groups of 100 rows would shift every row behind the first one removed.

use spinemed_core::{Digest, GroupKey};

/// The most rows of a row group.
pub const ROWS: usize = 256;

/// The most rows of a file.
pub const FILE_ROWS: usize = 65_536;

/// A row to be placed: the hash of its group, and its position in record-key order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// [`group_hash`] of its group.
    pub hash: u64,
    /// Its position in byte order of the record keys.
    pub position: usize,
}

/// The hash that places a group: the first 64 bits of the SHA-256 of its key, big endian.
#[must_use]
pub fn group_hash(group: &GroupKey) -> u64 {
    let digest = Digest::of(group.as_str().as_bytes());
    let first = digest
        .as_bytes()
        .first_chunk()
        .expect("a digest has 32 bytes");
    u64::from_be_bytes(*first)
}

/// Files of row groups of rows. Rows stand in record-key order within a row group.
#[must_use]
pub fn arrange(mut rows: Vec<Row>) -> Vec<Vec<Vec<Row>>> {
    rows.sort_unstable();
    let mut files = Vec::new();
    halve(&rows, 0, FILE_ROWS, &mut |file| {
        let mut groups = Vec::new();
        halve(file, 0, ROWS, &mut |group| {
            let mut group = group.to_vec();
            group.sort_unstable_by_key(|row| row.position);
            groups.push(group);
        });
        files.push(groups);
    });
    files
}

/// Halves the range of hashes, bit by bit, until no part holds more than `most` rows. A single
/// group that is larger is cut in record-key order.
fn halve(rows: &[Row], bit: u32, most: usize, give: &mut dyn FnMut(&[Row])) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return;
    };
    if rows.len() <= most {
        give(rows);
    } else if first.hash == last.hash || bit == u64::BITS {
        rows.chunks(most).for_each(give);
    } else {
        let mask = 1 << (u64::BITS - 1 - bit);
        let (low, high) = rows.split_at(rows.partition_point(|row| row.hash & mask == 0));
        halve(low, bit + 1, most, give);
        halve(high, bit + 1, most, give);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn rows(groups: &[usize]) -> Vec<Row> {
        let mut rows = Vec::new();
        for (group, size) in groups.iter().enumerate() {
            let hash = group_hash(&GroupKey::new(format!("source:{group}")));
            rows.extend((0..*size).map(|i| Row {
                hash,
                position: group * 100_000 + i,
            }));
        }
        rows
    }

    #[test]
    fn a_removed_group_touches_at_most_two_row_groups() {
        let all = rows(&[20; 500]);
        let before: BTreeSet<Vec<Row>> = arrange(all.clone()).concat().into_iter().collect();
        for gone in [0, 17, 250, 499] {
            let hash = group_hash(&GroupKey::new(format!("source:{gone}")));
            let kept = all.iter().copied().filter(|row| row.hash != hash).collect();
            let after: BTreeSet<Vec<Row>> = arrange(kept).concat().into_iter().collect();
            let new = after.difference(&before).count();
            assert!(new <= 1, "{new} row groups are new");
        }
    }

    #[test]
    fn row_groups_are_reasonably_full() {
        let groups = arrange(rows(&[20; 2_000])).concat();
        let mean = 40_000 / groups.len();
        assert!((100..=ROWS).contains(&mean), "{mean} rows per row group");
    }

    proptest! {
        #[test]
        fn every_row_once_and_groups_whole(groups in prop::collection::vec(0usize..600, 0..60)) {
            let all = rows(&groups);
            let placed = arrange(all.clone()).concat();
            prop_assert!(placed.iter().all(|g| !g.is_empty() && g.len() <= ROWS));
            for (group, size) in groups.iter().enumerate() {
                let hash = group_hash(&GroupKey::new(format!("source:{group}")));
                let holders = placed.iter().filter(|g| g.iter().any(|row| row.hash == hash)).count();
                prop_assert_eq!(holders, size.div_ceil(ROWS).max(usize::from(*size > 0)));
            }
            let mut flat = placed.concat();
            flat.sort_unstable();
            let mut all = all;
            all.sort_unstable();
            prop_assert_eq!(flat, all);
        }
    }
}
