//! Merkle inclusion proofs (RFC 9162 section 2.1; RFC 6962 section 2.1, same hashes).

use sha2::{Digest as _, Sha256};

/// A node of the tree.
pub type NodeHash = [u8; 32];

/// Most hashes in a proof: the height of a tree of 2^63 leaves, and one for its size.
pub const MAX_HASHES: usize = 64;

/// A proof that an entry is in a tree, as it was found: nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The index of the leaf in its tree (not the global index over several shards).
    pub log_index: u64,
    /// The number of leaves of the tree.
    pub tree_size: u64,
    /// The root that the proof leads to.
    pub root_hash: NodeHash,
    /// The audit path, from the leaf to the root.
    pub hashes: Vec<NodeHash>,
    /// The log's signed checkpoint over size and root; a proof without one proves nothing.
    pub checkpoint: String,
}

/// Why a proof does not hold.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InclusionError {
    /// The index is not below the size.
    #[error("the inclusion proof is for leaf {index} of a tree of {size}")]
    Index {
        /// The leaf's index.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The path has another length than index and size ask for.
    #[error("the inclusion proof has {0} hashes, which does not fit its index and tree size")]
    Length(usize),
    /// The path leads to another root.
    #[error("the inclusion proof does not lead from this entry to its root hash: the entry is not the one it is for")]
    Root,
}

/// The hash of a leaf: SHA-256 of `0x00` and the entry's body.
pub fn leaf_hash(body: &[u8]) -> NodeHash {
    Sha256::new().chain_update([0]).chain_update(body).finalize().into()
}

/// The hash of an inner node: SHA-256 of `0x01` and its two children.
pub fn node_hash(left: &NodeHash, right: &NodeHash) -> NodeHash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root that the audit path `hashes` leads to from `leaf` (RFC 9162 section 2.1.3.2).
///
/// # Errors
/// [`InclusionError`] when the index is not in the tree or the path has another length than it must have.
pub fn root(leaf: NodeHash, index: u64, size: u64, hashes: &[NodeHash]) -> Result<NodeHash, InclusionError> {
    if index >= size {
        return Err(InclusionError::Index { index, size });
    }
    let wrong_length = InclusionError::Length(hashes.len());
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for sibling in hashes {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok(hash) } else { Err(wrong_length) }
}

impl InclusionProof {
    /// Checks that the entry with this body is in the tree of the proof. The tree itself is vouched for only by the
    /// checkpoint.
    ///
    /// # Errors
    /// [`InclusionError`].
    pub fn verify(&self, body: &[u8]) -> Result<(), InclusionError> {
        if root(leaf_hash(body), self.log_index, self.tree_size, &self.hashes)? == self.root_hash {
            Ok(())
        } else {
            Err(InclusionError::Root)
        }
    }
}

/// Fuzz entry: index, size and path from the bytes; none panics.
pub fn fuzz_inclusion_proof(data: &[u8]) {
    let (numbers, hashes) = data.as_chunks::<8>().0.split_at_checked(2).unwrap_or_default();
    if let [index, size] = numbers {
        let (hashes, _) = hashes.as_flattened().as_chunks::<32>();
        let _ = root([0; 32], u64::from_le_bytes(*index), u64::from_le_bytes(*size), hashes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree and its paths by their recursive definitions (RFC 9162 sections 2.1.1 and 2.1.3.1).
    fn tree(leaves: &[NodeHash]) -> NodeHash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                node_hash(&tree(left), &tree(right))
            }
        }
    }

    fn path(index: usize, leaves: &[NodeHash]) -> Vec<NodeHash> {
        if leaves.len() == 1 {
            return vec![];
        }
        let k = split(leaves.len());
        let (left, right) = leaves.split_at(k);
        let (mut hashes, other) = if index < k {
            (path(index, left), tree(right))
        } else {
            (path(index - k, right), tree(left))
        };
        hashes.push(other);
        hashes
    }

    fn split(n: usize) -> usize {
        (n.next_power_of_two() / 2).max(1)
    }

    #[test]
    fn each_leaf_of_each_small_tree_is_proved_and_no_other_index_or_size_is() {
        let leaves: Vec<_> = (0u8..33).map(|n| leaf_hash(&[n])).collect();
        for size in 1..=leaves.len() {
            let leaves = &leaves[..size];
            let expected = tree(leaves);
            for (index, leaf) in leaves.iter().enumerate() {
                let hashes = path(index, leaves);
                assert_eq!(root(*leaf, index as u64, size as u64, &hashes), Ok(expected));
                for other in (0..size).filter(|other| *other != index) {
                    assert_ne!(root(*leaf, other as u64, size as u64, &hashes), Ok(expected));
                }
                let mut longer = hashes.clone();
                longer.push([0; 32]);
                assert!(root(*leaf, index as u64, size as u64, &longer).is_err());
                if let Some((_, shorter)) = hashes.split_last() {
                    assert!(root(*leaf, index as u64, size as u64, shorter).is_err());
                }
                assert!(root(*leaf, size as u64, size as u64, &hashes).is_err());
            }
        }
    }

    #[test]
    fn the_largest_numbers_end() {
        let hashes = vec![[7; 32]; 64];
        let _ = root([0; 32], u64::MAX - 1, u64::MAX, &hashes);
        let _ = root([0; 32], 0, u64::MAX, &hashes);
        assert!(root([0; 32], 0, 0, &[]).is_err());
    }

    proptest! {
        #[test]
        fn no_proof_panics(leaf in any::<NodeHash>(), index in any::<u64>(), size in any::<u64>(),
                           hashes in proptest::collection::vec(any::<NodeHash>(), 0..80)) {
            let _ = root(leaf, index, size, &hashes);
        }
    }
}
