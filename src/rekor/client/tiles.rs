//! An entry of a Rekor v2 read from its tiles, with the proof that is made of them (c2sp.org/tlog-tiles). Rekor v2 has
//! no other way to read: it is how an entry that exists already is had.

use super::{ClientError, Service};
use crate::http::StatusCode;
use crate::rekor::checkpoint;
use crate::rekor::inclusion::{NodeHash, node_hash};
use crate::rekor::{Checkpoint, InclusionProof, LogEntry, LogKeys};

const CHECKPOINT: &str = "/api/v2/checkpoint";
const TILE: &str = "/api/v2/tile";

/// The hashes of a whole tile.
const WIDTH: u64 = 256;

/// Fetches the entry at `index`, a checkpoint that covers it, and the tiles of its proof.
///
/// The log's ID is found with `keys`; without them it is that of no log and the entry cannot be verified later, so
/// that keys are required.
pub(super) async fn entry(service: &Service, index: u64, keys: Option<&LogKeys>) -> Result<LogEntry, ClientError> {
    let note = text(service, CHECKPOINT).await?;
    let checkpoint = Checkpoint::parse(&note).map_err(|reason| service.answer(CHECKPOINT, reason))?;
    let size = checkpoint.tree_size;
    if index >= size {
        return Err(service.answer(
            CHECKPOINT,
            format_args!("entry {index} exists, but it covers {size} entries only"),
        ));
    }
    let key = keys
        .and_then(|keys| keys.iter().find(|key| checkpoint.verify(key.key()).is_ok()))
        .ok_or_else(|| service.answer(CHECKPOINT, "it is not signed by a key that is trusted"))?;
    let body = body(service, index, size).await?;
    let hashes = audit_path(service, index, size).await?;
    let log_index = i64::try_from(index).map_err(|_| service.answer(CHECKPOINT, "the index is too large"))?;
    let derived = checkpoint::key_id(checkpoint.signer_name(), key.key());
    Ok(LogEntry {
        body,
        integrated_time: 0,
        log_index,
        log_id: key.known_log_id().unwrap_or(derived),
        signed_entry_timestamp: None,
        inclusion_proof: Some(InclusionProof {
            log_index: index,
            tree_size: size,
            root_hash: checkpoint.root_hash,
            hashes,
            checkpoint: note,
        }),
    })
}

async fn bytes(service: &Service, path: &str) -> Result<Vec<u8>, ClientError> {
    let response = service.get(path).await?;
    match response.status {
        StatusCode::OK => Ok(response.body.to_vec()),
        _ => Err(service.failed(path, &response)),
    }
}

async fn text(service: &Service, path: &str) -> Result<String, ClientError> {
    String::from_utf8(bytes(service, path).await?).map_err(|_| service.answer(path, "it is not text"))
}

/// The entry at `index`, out of its bundle of up to 256: each is two bytes of length and the entry.
async fn body(service: &Service, index: u64, size: u64) -> Result<Vec<u8>, ClientError> {
    let bundle = index / WIDTH;
    let path = format!("{TILE}/entries/{}", tile_name(bundle, width(bundle, size)));
    let bytes = bytes(service, &path).await?;
    let mut rest = bytes.as_slice();
    for _ in 0..index % WIDTH {
        rest = split_entry(rest)
            .map(|(_, rest)| rest)
            .ok_or_else(|| service.answer(&path, "it is cut off"))?;
    }
    let (entry, _) = split_entry(rest).ok_or_else(|| service.answer(&path, "it is cut off"))?;
    Ok(entry.to_vec())
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// The hashes from the leaf at `index` to the root of the tree of `size` leaves (RFC 9162 section 2.1.3.1), each made
/// of the hashes of tiles.
async fn audit_path(service: &Service, index: u64, size: u64) -> Result<Vec<NodeHash>, ClientError> {
    let mut tiles = Tiles::new(service, size);
    let mut hashes = Vec::new();
    for range in siblings(index, size) {
        hashes.push(tiles.root(range).await?);
    }
    Ok(hashes)
}

/// The ranges of leaves (start, end) whose roots make the audit path, from the leaf to the root.
fn siblings(index: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut start, mut end) = (0, size);
    let mut ranges = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((start, middle));
            start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The largest power of two below `n`, for n > 1.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// How many hashes tile number `tile` of the lowest level has in a tree of `size`.
fn width(tile: u64, size: u64) -> u64 {
    size.saturating_sub(tile.saturating_mul(WIDTH)).min(WIDTH)
}

/// The tiles that were fetched already.
struct Tiles<'a> {
    service: &'a Service,
    size: u64,
    fetched: std::collections::BTreeMap<(u32, u64), Vec<NodeHash>>,
}

impl<'a> Tiles<'a> {
    fn new(service: &'a Service, size: u64) -> Self {
        Self {
            service,
            size,
            fetched: std::collections::BTreeMap::new(),
        }
    }

    /// The root over the leaves `start..end`, which is either complete (a power of two, aligned) or ends with the tree.
    async fn root(&mut self, (start, end): (u64, u64)) -> Result<NodeHash, ClientError> {
        // Complete subtrees from left to right; folded from the right they give the root.
        let mut parts = Vec::new();
        let mut at = start;
        while at < end {
            let left = end - at;
            let length = if left.is_power_of_two() {
                left
            } else {
                1 << (63 - left.leading_zeros())
            };
            parts.push(self.complete(at, length.trailing_zeros()).await?);
            at += length;
        }
        let last = parts.pop().unwrap_or_default();
        Ok(parts.iter().rev().fold(last, |right, left| node_hash(left, &right)))
    }

    /// The root of the complete subtree of 2^`height` leaves from `start`.
    async fn complete(&mut self, start: u64, height: u32) -> Result<NodeHash, ClientError> {
        let (level, within) = (height / 8, height % 8);
        // The subtree is 2^within neighbours in one tile of this level.
        let first = start >> (8 * level);
        let tile = self.tile(level, first / WIDTH).await?;
        let offset = usize::try_from(first % WIDTH).unwrap_or(usize::MAX);
        let mut nodes = tile
            .get(offset..offset.saturating_add(1 << within))
            .ok_or_else(|| {
                self.service
                    .answer(TILE, "a tile has fewer hashes than the checkpoint says")
            })?
            .to_vec();
        while nodes.len() > 1 {
            let (pairs, _) = nodes.as_chunks::<2>();
            nodes = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        Ok(nodes.pop().unwrap_or_default())
    }

    async fn tile(&mut self, level: u32, index: u64) -> Result<Vec<NodeHash>, ClientError> {
        if let Some(tile) = self.fetched.get(&(level, index)) {
            return Ok(tile.clone());
        }
        let count = width(index, self.size >> (8 * level));
        let path = format!("{TILE}/{level}/{}", tile_name(index, count));
        let bytes = bytes(self.service, &path).await?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() as u64 > WIDTH {
            return Err(self.service.answer(&path, "it is not a tile of hashes"));
        }
        let hashes = hashes.to_vec();
        self.fetched.insert((level, index), hashes.clone());
        Ok(hashes)
    }
}

/// The path of a tile: groups of three digits, all but the last with an `x` before them, and `.p/<width>` for one that
/// is not full.
fn tile_name(index: u64, width: u64) -> String {
    let mut name = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        name = format!("x{:03}/{name}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH {
        name.push_str(&format!(".p/{width}"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rekor::inclusion::{leaf_hash, root};

    #[test]
    fn tiles_are_named_as_the_specification_does() {
        assert_eq!(tile_name(0, 256), "000");
        assert_eq!(tile_name(1_234_067, 256), "x001/x234/067");
        assert_eq!(tile_name(70, 3), "070.p/3");
    }

    #[test]
    fn the_siblings_of_a_leaf_make_its_proof() {
        fn tree(leaves: &[NodeHash]) -> NodeHash {
            match leaves {
                [leaf] => *leaf,
                _ => {
                    let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
                    node_hash(&tree(left), &tree(right))
                }
            }
        }
        let leaves: Vec<_> = (0u8..40).map(|n| leaf_hash(&[n])).collect();
        for size in 1..leaves.len() {
            for index in 0..size {
                let hashes: Vec<_> = siblings(index as u64, size as u64)
                    .into_iter()
                    .map(|(start, end)| tree(&leaves[start as usize..end as usize]))
                    .collect();
                let proved = root(leaves[index], index as u64, size as u64, &hashes);
                assert_eq!(proved, Ok(tree(&leaves[..size])), "{index} of {size}");
            }
        }
    }
}
