//! The JSON that Rekor v1 answers with: entries by their identifiers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::digest::from_hex;
use crate::rekor::LogEntry;
use crate::rekor::inclusion::{InclusionProof, MAX_HASHES, leaf_hash};

/// The part of an entry's identifier that names the entry in its tree: the hash of its leaf.
pub(super) type Uuid = [u8; 32];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    body: String,
    integrated_time: i64,
    log_index: i64,
    #[serde(rename = "logID")]
    log_id: String,
    verification: Option<Verification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verification {
    signed_entry_timestamp: Option<String>,
    inclusion_proof: Option<Proof>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proof {
    checkpoint: String,
    hashes: Vec<String>,
    log_index: u64,
    root_hash: String,
    tree_size: u64,
}

/// Reads `{"<identifier>": {entry}, …}`. An identifier that is not the one of its entry is refused.
pub(super) fn entries(json: &[u8]) -> Result<Vec<(Uuid, LogEntry)>, String> {
    let map: BTreeMap<String, Entry> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    map.into_iter().map(|(id, json)| entry(&id, json)).collect()
}

/// Reads `[{"<identifier>": {entry}}, …]`, the answer of a search.
pub(super) fn list(json: &[u8]) -> Result<Vec<(Uuid, LogEntry)>, String> {
    let list: Vec<BTreeMap<String, Entry>> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    list.into_iter().flatten().map(|(id, json)| entry(&id, json)).collect()
}

/// The leaf hash that an identifier ends with: 64 hexadecimal digits, before them 16 of the tree or none.
pub(super) fn uuid(id: &str) -> Option<Uuid> {
    let digits = match id.len() {
        64 => id,
        80 => {
            let (tree, digits) = id.split_at_checked(16)?;
            from_hex(tree)?;
            digits
        }
        _ => return None,
    };
    from_hex(digits)?.try_into().ok()
}

fn entry(id: &str, json: Entry) -> Result<(Uuid, LogEntry), String> {
    let body = base64(&json.body, "body")?;
    let uuid = uuid(id).ok_or("an identifier is not 64 or 80 hexadecimal digits")?;
    if leaf_hash(&body) != uuid {
        return Err("an entry is not the one that its identifier names".to_owned());
    }
    if json.integrated_time < 0 || json.log_index < 0 {
        return Err("integratedTime or logIndex is negative".to_owned());
    }
    let verification = json.verification.unwrap_or(Verification {
        signed_entry_timestamp: None,
        inclusion_proof: None,
    });
    let entry = LogEntry {
        body,
        integrated_time: json.integrated_time,
        log_index: json.log_index,
        log_id: hash(&json.log_id, "logID")?,
        signed_entry_timestamp: verification
            .signed_entry_timestamp
            .filter(|set| !set.is_empty())
            .map(|set| base64(&set, "signedEntryTimestamp"))
            .transpose()?,
        inclusion_proof: verification.inclusion_proof.map(proof).transpose()?,
    };
    Ok((uuid, entry))
}

fn proof(json: Proof) -> Result<InclusionProof, String> {
    if json.hashes.len() > MAX_HASHES {
        return Err("inclusionProof has too many hashes".to_owned());
    }
    Ok(InclusionProof {
        log_index: json.log_index,
        tree_size: json.tree_size,
        root_hash: hash(&json.root_hash, "rootHash")?,
        hashes: json
            .hashes
            .iter()
            .map(|text| hash(text, "hashes"))
            .collect::<Result<_, _>>()?,
        checkpoint: json.checkpoint,
    })
}

fn hash(text: &str, member: &str) -> Result<[u8; 32], String> {
    from_hex(text)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| format!("{member} is not 64 hexadecimal digits"))
}

fn base64(text: &str, member: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|_| format!("{member} is not base64"))
}
