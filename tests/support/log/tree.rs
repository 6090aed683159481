//! The Merkle tree by its definitions (RFC 9162 sections 2.1.1 and 2.1.3.1), and signed checkpoints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::key::PrivateKey;

use super::sha256;

pub type Hash = [u8; 32];

pub fn leaf(body: &[u8]) -> Hash {
    sha256(&[&[0], body].concat())
}

fn node(left: Hash, right: Hash) -> Hash {
    sha256(&[&[1][..], &left, &right].concat())
}

/// The root hash of the tree over `leaves`.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(root(left), root(right))
        }
    }
}

/// The audit path of leaf `index`.
pub fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return vec![];
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut hashes, sibling) = if index < left.len() {
        (path(index, left), root(right))
    } else {
        (path(index - left.len(), right), root(left))
    };
    hashes.push(sibling);
    hashes
}

fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// A signed note over origin, size and root; `name` is that of the signature line, `id` begins the key ID.
pub fn checkpoint(origin: &str, name: &str, leaves: &[Hash], key: &PrivateKey, id: &[u8]) -> String {
    let text = format!("{origin}\n{}\n{}\n", leaves.len(), STANDARD.encode(root(leaves)));
    let signature = key.sign(text.as_bytes()).unwrap();
    let line = STANDARD.encode([&id[..4], &signature].concat());
    format!("{text}\n\u{2014} {name} {line}\n")
}
