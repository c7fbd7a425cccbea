//! Exact duplicates: one of each is kept.

use spinemed_core::Digest;

/// For items in order of their keys: for each, the position of the item kept in its place,
/// the first of the same identity; `None` where the item itself is kept or takes no part.
pub(crate) fn winners(identities: &[Option<Digest>]) -> Vec<Option<usize>> {
    let mut order: Vec<(Digest, usize)> = identities
        .iter()
        .enumerate()
        .filter_map(|(at, identity)| identity.map(|identity| (identity, at)))
        .collect();
    order.sort_unstable();
    let mut winners = vec![None; identities.len()];
    for same in order.chunk_by(|a, b| a.0 == b.0) {
        for &(_, loser) in &same[1..] {
            winners[loser] = Some(same[0].1);
        }
    }
    winners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_is_kept() {
        let (a, b) = (Digest::of(b"a"), Digest::of(b"b"));
        let found = winners(&[None, Some(a), Some(b), Some(a), None, Some(a)]);
        assert_eq!(found, [None, None, None, Some(1), None, Some(1)]);
    }
}
