//! The Merkle tree hash of RFC 6962, section 2.1, over a release's instances.
//!
//! A leaf is hashed as `SHA-256(0x00 ‖ data)`, a node as `SHA-256(0x01 ‖ left ‖ right)`, and
//! `n` leaves are split at the largest power of two below `n`; the empty tree's root is the
//! digest of nothing.
//!
//! The data of an instance's leaf ([`record_leaf`]) is the length of its record key in bytes
//! (64 bits, big endian), the key in UTF-8, and the 32 bytes of its content digest. Leaves
//! stand in byte order of the record keys. So the root says which instances a release has,
//! what each is called and what each says, and nothing of how files lay them out.

use sha2::{Digest as _, Sha256};
use spinemed_core::{Digest, RecordKey};

/// The root of a tree without leaves: the digest of the empty string.
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of(b"")
}

/// The hash of a leaf.
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Digest {
    Digest::from_bytes(
        Sha256::new()
            .chain_update([0])
            .chain_update(data)
            .finalize()
            .into(),
    )
}

/// The hash of a node.
#[must_use]
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let hasher = Sha256::new()
        .chain_update([1])
        .chain_update(left.as_bytes());
    Digest::from_bytes(hasher.chain_update(right.as_bytes()).finalize().into())
}

/// The data of an instance's leaf: key length, key, content digest.
#[must_use]
pub fn record_leaf(key: &RecordKey, digest: &Digest) -> Vec<u8> {
    let key = key.as_str().as_bytes();
    let mut data = Vec::with_capacity(8 + key.len() + 32);
    data.extend_from_slice(&(key.len() as u64).to_be_bytes());
    data.extend_from_slice(key);
    data.extend_from_slice(digest.as_bytes());
    data
}

/// The root over instances given in byte order of their record keys.
///
/// ```
/// use spinemed_core::{Digest, RecordKey};
/// use spinemed_release::merkle;
///
/// let one = (RecordKey::new("book/ch1/f1#mcq.en.0"), Digest::of(b"content"));
/// let root = merkle::record_root([(&one.0, &one.1)]);
/// assert_eq!(root, merkle::leaf_hash(&merkle::record_leaf(&one.0, &one.1)));
/// ```
#[must_use]
pub fn record_root<'a>(records: impl IntoIterator<Item = (&'a RecordKey, &'a Digest)>) -> Digest {
    let mut builder = RootBuilder::default();
    for (key, digest) in records {
        builder.push(&record_leaf(key, digest));
    }
    builder.root()
}

/// Computes a root from a stream of leaves in memory that grows with the logarithm of their
/// number: it keeps the roots of the complete subtrees on the left edge alone.
#[derive(Debug, Clone, Default)]
pub struct RootBuilder {
    /// Roots of complete subtrees, largest first; their sizes are the bits of `count`.
    edge: Vec<Digest>,
    count: u64,
}

impl RootBuilder {
    /// Adds a leaf by its data.
    pub fn push(&mut self, data: &[u8]) {
        self.push_hash(leaf_hash(data));
    }

    /// Adds a leaf by its hash.
    pub fn push_hash(&mut self, leaf: Digest) {
        let mut subtree = leaf;
        for _ in 0..self.count.trailing_ones() {
            let left = self
                .edge
                .pop()
                .expect("the edge has a subtree for each bit of the count");
            subtree = node_hash(&left, &subtree);
        }
        self.edge.push(subtree);
        self.count += 1;
    }

    /// The number of leaves so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The root of the leaves so far.
    #[must_use]
    pub fn root(&self) -> Digest {
        let folded = self
            .edge
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right));
        folded.unwrap_or_else(empty_root)
    }
}

/// The audit path of a leaf (RFC 6962, section 2.1.1), lowest node first; `None` where the
/// tree has no such leaf. `leaves` are leaf hashes.
#[must_use]
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut rest, mut index) = (leaves, index);
    while rest.len() > 1 {
        let (left, right) = rest.split_at(largest_power_below(rest.len()));
        if index < left.len() {
            path.push(root_of(right));
            rest = left;
        } else {
            path.push(root_of(left));
            index -= left.len();
            rest = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether an audit path leads from a leaf to the root (RFC 9162, section 2.1.3.2).
#[must_use]
pub fn verify_inclusion(
    root: &Digest,
    leaf: &Digest,
    index: u64,
    size: u64,
    path: &[Digest],
) -> bool {
    if index >= size {
        return false;
    }
    let (mut position, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            hash = node_hash(sibling, &hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

fn root_of(leaves: &[Digest]) -> Digest {
    let mut builder = RootBuilder::default();
    leaves.iter().for_each(|leaf| builder.push_hash(*leaf));
    builder.root()
}

/// The largest power of two below `n`, for `n > 1`.
fn largest_power_below(n: usize) -> usize {
    1 << (usize::BITS - 1 - (n - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The reference inputs of the certificate-transparency implementations.
    const INPUTS: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];

    /// Their roots for 1 to 8 leaves.
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn reference_leaves() -> Vec<Digest> {
        let bytes = |hex: &str| -> Vec<u8> {
            (0..hex.len() / 2)
                .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex"))
                .collect()
        };
        INPUTS.iter().map(|hex| leaf_hash(&bytes(hex))).collect()
    }

    /// The definition of section 2.1, word for word.
    fn by_definition(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(largest_power_below(leaves.len()));
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn the_empty_tree_is_the_digest_of_nothing() {
        assert_eq!(
            RootBuilder::default().root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn reference_roots() {
        let leaves = reference_leaves();
        for (n, expect) in ROOTS.iter().enumerate() {
            assert_eq!(
                root_of(&leaves[..=n]).to_string(),
                *expect,
                "{} leaves",
                n + 1
            );
        }
    }

    #[test]
    fn reference_audit_path_of_the_first_leaf_of_eight() {
        let path = inclusion_proof(&reference_leaves(), 0).expect("a leaf");
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        assert_eq!(
            path,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
    }

    #[test]
    fn record_leaves_do_not_run_together() {
        let digest = Digest::of(b"x");
        let leaf = record_leaf(&RecordKey::new("ab"), &digest);
        assert_eq!(leaf[..10], [0, 0, 0, 0, 0, 0, 0, 2, b'a', b'b']);
        assert_eq!(leaf[10..], *digest.as_bytes());
    }

    proptest! {
        #[test]
        fn streaming_equals_the_definition(n in 0usize..200) {
            let leaves: Vec<Digest> = (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect();
            prop_assert_eq!(root_of(&leaves), by_definition(&leaves));
        }

        #[test]
        fn proofs_hold_for_their_leaf_alone(n in 1usize..120, pick in 0usize..120, other in 0usize..120) {
            let leaves: Vec<Digest> = (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect();
            let (pick, other) = (pick % n, other % n);
            let root = root_of(&leaves);
            let mut path = inclusion_proof(&leaves, pick).expect("a leaf");
            prop_assert!(verify_inclusion(&root, &leaves[pick], pick as u64, n as u64, &path));
            if other != pick {
                prop_assert!(!verify_inclusion(&root, &leaves[other], pick as u64, n as u64, &path));
            }
            prop_assert!(!verify_inclusion(&root, &leaves[pick], n as u64, n as u64, &path));
            path.push(root);
            prop_assert!(!verify_inclusion(&root, &leaves[pick], pick as u64, n as u64, &path));
        }
    }
}
