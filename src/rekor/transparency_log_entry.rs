//! `TransparencyLogEntry`, the form that a log entry has in a bundle and in Rekor v2's answers
//! (sigstore/protobuf-specs `protos/sigstore_rekor.proto`, in protobuf's JSON mapping).

use serde::{Deserialize, Serialize};

use super::LogEntry;
use super::entry::{EntryBody, EntryBodyError, Kind};
use super::inclusion::{InclusionProof, MAX_HASHES};
use crate::proto_json::{Bytes, Int64, bounded, null_as_default};

/// Why JSON is not a log entry.
#[derive(Debug, thiserror::Error)]
pub enum TransparencyLogEntryError {
    /// Not JSON of that shape.
    #[error("the transparency log entry is malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// A member is missing or has an impossible value.
    #[error("the transparency log entry is malformed: {0}")]
    Member(&'static str),
    /// The body is not understood.
    #[error(transparent)]
    Body(#[from] EntryBodyError),
    /// `kindVersion` says something else than the body.
    #[error("the transparency log entry says kind {said:?}, its body is {body}")]
    Kind {
        /// What `kindVersion` says, cut to 40 characters.
        said: String,
        /// What the body is.
        body: Kind,
    },
}

/// The JSON, member by member, for readers that have it inside another document. [`LogEntry`] is made from it by
/// `TryFrom`, which checks the shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransparencyLogEntry {
    #[serde(deserialize_with = "null_as_default")]
    #[serde(alias = "log_index")]
    log_index: Int64,
    #[serde(alias = "log_id")]
    log_id: Option<LogId>,
    #[serde(alias = "kind_version")]
    kind_version: Option<KindVersion>,
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "is_zero")]
    #[serde(alias = "integrated_time")]
    integrated_time: Int64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "inclusion_promise")]
    inclusion_promise: Option<InclusionPromise>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "inclusion_proof")]
    inclusion_proof: Option<Proof>,
    #[serde(deserialize_with = "null_as_default")]
    #[serde(alias = "canonicalized_body")]
    canonicalized_body: Bytes,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct LogId {
    #[serde(alias = "key_id")]
    key_id: Bytes,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
struct KindVersion {
    kind: String,
    version: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct InclusionPromise {
    #[serde(alias = "signed_entry_timestamp")]
    signed_entry_timestamp: Bytes,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct Proof {
    #[serde(alias = "log_index")]
    log_index: Int64,
    #[serde(alias = "root_hash")]
    root_hash: Bytes,
    #[serde(alias = "tree_size")]
    tree_size: Int64,
    #[serde(deserialize_with = "bounded::<_, _, MAX_HASHES>")]
    hashes: Vec<Bytes>,
    checkpoint: Option<SignedCheckpoint>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
struct SignedCheckpoint {
    envelope: String,
}

fn is_zero(number: &Int64) -> bool {
    number.0 == 0
}

/// Reads one entry.
///
/// # Errors
/// [`TransparencyLogEntryError`]: malformed, or `kindVersion` contradicts the body. Nothing is verified.
pub fn parse(json: &[u8]) -> Result<LogEntry, TransparencyLogEntryError> {
    serde_json::from_slice::<TransparencyLogEntry>(json)?.try_into()
}

impl TryFrom<TransparencyLogEntry> for LogEntry {
    type Error = TransparencyLogEntryError;

    fn try_from(json: TransparencyLogEntry) -> Result<Self, TransparencyLogEntryError> {
        use TransparencyLogEntryError::Member;
        let log_id = json.log_id.ok_or(Member("it has no logId"))?.key_id.0;
        let said = json.kind_version.ok_or(Member("it has no kindVersion"))?;
        let kind = EntryBody::parse(&json.canonicalized_body.0)?.kind();
        if (said.kind.as_str(), said.version.as_str()) != (kind.name, kind.version) {
            return Err(TransparencyLogEntryError::Kind {
                said: format!("{} {}", said.kind, said.version).chars().take(40).collect(),
                body: kind,
            });
        }
        if json.log_index.0 < 0 || json.integrated_time.0 < 0 {
            return Err(Member("logIndex or integratedTime is negative"));
        }
        Ok(Self {
            log_id: log_id.try_into().map_err(|_| Member("logId.keyId is not 32 bytes"))?,
            log_index: json.log_index.0,
            integrated_time: json.integrated_time.0,
            signed_entry_timestamp: json
                .inclusion_promise
                .map(|promise| promise.signed_entry_timestamp.0)
                .filter(|set| !set.is_empty()),
            inclusion_proof: json.inclusion_proof.map(proof).transpose()?,
            body: json.canonicalized_body.0,
        })
    }
}

fn proof(json: Proof) -> Result<InclusionProof, TransparencyLogEntryError> {
    use TransparencyLogEntryError::Member;
    let hash = |bytes: Bytes| {
        bytes
            .0
            .try_into()
            .map_err(|_| Member("a hash of inclusionProof is not 32 bytes"))
    };
    let number = |n: Int64| u64::try_from(n.0).map_err(|_| Member("a number of inclusionProof is negative"));
    Ok(InclusionProof {
        log_index: number(json.log_index)?,
        tree_size: number(json.tree_size)?,
        root_hash: hash(json.root_hash)?,
        hashes: json.hashes.into_iter().map(hash).collect::<Result<_, _>>()?,
        checkpoint: json
            .checkpoint
            .map(|checkpoint| checkpoint.envelope)
            .filter(|note| !note.is_empty())
            .ok_or(Member(
                "inclusionProof has no checkpoint, without which it proves nothing",
            ))?,
    })
}

impl TryFrom<&LogEntry> for TransparencyLogEntry {
    type Error = EntryBodyError;

    /// The JSON of `entry`, to be put in a bundle.
    ///
    /// # Errors
    /// [`EntryBodyError`] when the body is not understood: its kind has to be written.
    fn try_from(entry: &LogEntry) -> Result<Self, EntryBodyError> {
        let kind = EntryBody::parse(&entry.body)?.kind();
        // An index or a size beyond i64 cannot be read back; the log never has one.
        let number = |n: u64| Int64(i64::try_from(n).unwrap_or(i64::MAX));
        Ok(Self {
            log_index: Int64(entry.log_index),
            log_id: Some(LogId {
                key_id: Bytes(entry.log_id.to_vec()),
            }),
            kind_version: Some(KindVersion {
                kind: kind.name.to_owned(),
                version: kind.version.to_owned(),
            }),
            integrated_time: Int64(entry.integrated_time),
            inclusion_promise: entry.signed_entry_timestamp.as_ref().map(|set| InclusionPromise {
                signed_entry_timestamp: Bytes(set.clone()),
            }),
            inclusion_proof: entry.inclusion_proof.as_ref().map(|proof| Proof {
                log_index: number(proof.log_index),
                root_hash: Bytes(proof.root_hash.to_vec()),
                tree_size: number(proof.tree_size),
                hashes: proof.hashes.iter().map(|hash| Bytes(hash.to_vec())).collect(),
                checkpoint: Some(SignedCheckpoint {
                    envelope: proof.checkpoint.clone(),
                }),
            }),
            canonicalized_body: Bytes(entry.body.clone()),
        })
    }
}

/// Fuzz entry: no bytes panic, and what is read is written back to what reads the same.
pub fn fuzz_transparency_log_entry(data: &[u8]) {
    if let Ok(entry) = parse(data) {
        let again = TransparencyLogEntry::try_from(&entry)
            .ok()
            .and_then(|json| serde_json::to_vec(&json).ok())
            .and_then(|json| parse(&json).ok());
        assert_eq!(again, Some(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const BUNDLES: [&str; 2] = [
        include_str!("../../tests/vectors/tlog/blobs/blob.v1.sigstore.json"),
        include_str!("../../tests/vectors/tlog/blobs/blob.v2.sigstore.json"),
    ];

    fn entry(bundle: &str) -> Value {
        serde_json::from_str::<Value>(bundle).unwrap()["verificationMaterial"]["tlogEntries"][0].clone()
    }

    #[test]
    fn cosigns_own_entries_are_read_and_written_alike() {
        for bundle in BUNDLES {
            let json = entry(bundle);
            let parsed = parse(json.to_string().as_bytes()).unwrap();
            assert_eq!(
                serde_json::to_value(TransparencyLogEntry::try_from(&parsed).unwrap()).unwrap(),
                json
            );
            let snake = crate::proto_json::in_snake_case(&json);
            assert_ne!(snake, json);
            assert_eq!(parse(snake.to_string().as_bytes()).unwrap(), parsed);
            // A member in both spellings would let two readers see two entries.
            for (name, twice) in [("logIndex", "log_index"), ("canonicalizedBody", "canonicalized_body")] {
                let mut both = json.clone();
                both[twice] = json[name].clone();
                assert!(parse(both.to_string().as_bytes()).is_err(), "{name}");
            }
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for (at, to) in [
            ("/logId", json!(null)),
            ("/logId/keyId", json!("AAAA")),
            ("/logIndex", json!("-1")),
            ("/logIndex", json!("x")),
            ("/kindVersion", json!(null)),
            ("/kindVersion/kind", json!("dsse")),
            ("/kindVersion/version", json!("0.0.9")),
            ("/canonicalizedBody", json!("")),
            ("/canonicalizedBody", json!(null)),
            ("/inclusionProof/checkpoint", json!(null)),
            ("/inclusionProof/checkpoint/envelope", json!("")),
            ("/inclusionProof/treeSize", json!("-1")),
            ("/inclusionProof/rootHash", json!("AAAA")),
            ("/inclusionProof/hashes", json!(["AAAA"])),
            ("/inclusionProof/hashes", json!(vec![b"A".to_vec(); MAX_HASHES + 1])),
        ] {
            for bundle in BUNDLES {
                let mut json = entry(bundle);
                *json.pointer_mut(at).unwrap() = to.clone();
                assert!(parse(json.to_string().as_bytes()).is_err(), "{at} {to}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_altered_entry_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = entry(BUNDLES[0]).to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            fuzz_transparency_log_entry(&bytes);
        }
    }
}
