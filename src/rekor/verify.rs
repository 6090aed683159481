//! The check of a log entry: its signed entry timestamp, its inclusion proof with the checkpoint, the log's key and
//! the time at which that key may be used.

use std::collections::BTreeSet;

use super::LogEntry;
use super::checkpoint::{Checkpoint, CheckpointError};
use super::claim::{Claim, Mismatch};
use super::entry::{EntryBody, EntryBodyError};
use super::inclusion::InclusionError;
use super::keys::{LogKey, LogKeys};
use super::signed_entry_timestamp::{self as set, SetError};
use crate::digest::hex;
use crate::trust::Validity;

/// Why a log entry is refused.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// No key at all.
    #[error("no transparency log key is trusted: give the log's key with --trusted-root or SIGSTORE_REKOR_PUBLIC_KEY")]
    NoKeys,
    /// No key of the log that the entry names.
    #[error(
        "the entry is of the transparency log {log_id}, whose key is not trusted: give its key with --trusted-root or \
         SIGSTORE_REKOR_PUBLIC_KEY (trusted now: {trusted})"
    )]
    UnknownLog {
        /// The entry's log ID, hexadecimal.
        log_id: String,
        /// The IDs that are trusted.
        trusted: String,
    },
    /// Neither a signed entry timestamp nor an inclusion proof.
    #[error(
        "the log entry has neither a signed entry timestamp nor an inclusion proof: nothing shows that a log has it"
    )]
    NoEvidence,
    /// The body is not understood.
    #[error(transparent)]
    Body(#[from] EntryBodyError),
    /// The signed entry timestamp does not hold.
    #[error(transparent)]
    SignedEntryTimestamp(#[from] SetError),
    /// The inclusion proof does not hold.
    #[error(transparent)]
    Inclusion(#[from] InclusionError),
    /// The checkpoint does not hold.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is over another tree than the proof.
    #[error("the checkpoint is for another tree ({checkpoint} leaves) than the inclusion proof ({proof} leaves)")]
    OtherTree {
        /// The checkpoint's size.
        checkpoint: u64,
        /// The proof's size.
        proof: u64,
    },
    /// The indexes of a Rekor v2 entry differ.
    #[error("the log entry says index {entry}, its inclusion proof index {proof}")]
    Index {
        /// The entry's index.
        entry: i64,
        /// The proof's index.
        proof: u64,
    },
    /// The log took the entry in when its key was not valid.
    #[error("the log took the entry in at {time}, when its key was not valid ({validity})")]
    KeyNotValid {
        /// The integrated time.
        time: String,
        /// When the key is valid.
        validity: Validity,
    },
}

/// An entry that a trusted log vouches for. Made only by [`verify_entry`].
///
/// What it is about has still to be compared with the signature at hand: [`VerifiedEntry::matches`].
#[derive(Clone, Debug)]
pub struct VerifiedEntry {
    body: EntryBody,
    entry: LogEntry,
    validity: Vec<Validity>,
    promise: bool,
    inclusion: bool,
    key_id: [u8; 32],
}

impl VerifiedEntry {
    /// What the entry says.
    pub fn body(&self) -> &EntryBody {
        &self.body
    }

    /// When the log took the entry in, in seconds since 1970. `None` unless a signed entry timestamp vouches for it.
    pub fn time(&self) -> Option<i64> {
        (self.promise && self.entry.integrated_time > 0).then_some(self.entry.integrated_time)
    }

    /// The ID of the log.
    pub fn log_id(&self) -> [u8; 32] {
        self.entry.log_id
    }

    /// The index in the log.
    pub fn log_index(&self) -> i64 {
        self.entry.log_index
    }

    /// Whether the log's promise, the signed entry timestamp, was checked.
    pub fn promise_checked(&self) -> bool {
        self.promise
    }

    /// Whether the inclusion proof and its checkpoint were checked.
    pub fn inclusion_checked(&self) -> bool {
        self.inclusion
    }

    /// Whether the log's key was valid at `time`. For an entry without a time of its own (Rekor v2) ask with the time
    /// of a verified timestamp.
    pub fn key_valid_at(&self, time: i64) -> bool {
        self.validity.iter().any(|window| window.contains(time))
    }

    /// When the log's key is valid, for people.
    pub fn key_validity(&self) -> String {
        let windows: Vec<_> = self.validity.iter().map(ToString::to_string).collect();
        windows.join(" and ")
    }

    /// Compares everything that the entry records with the signature at hand.
    ///
    /// # Errors
    /// [`Mismatch`]: the first thing that differs.
    pub fn matches(&self, claim: &Claim<'_>) -> Result<(), Mismatch> {
        self.body.matches(claim)
    }
}

/// The number of distinct logs (by their keys) that vouch for `entries`: what a threshold counts, so that one log
/// cannot be counted twice.
pub fn distinct_logs<'a>(entries: impl IntoIterator<Item = &'a VerifiedEntry>) -> usize {
    entries
        .into_iter()
        .map(|entry| entry.key_id)
        .collect::<BTreeSet<_>>()
        .len()
}

/// Checks everything that `entry` brings: the signed entry timestamp if there is one, the inclusion proof with its
/// checkpoint if there is one, and that there is at least one of them. What is there and does not hold is an error,
/// whatever the other shows.
///
/// # Errors
/// [`EntryError`]: the first check that fails.
pub fn verify_entry(entry: &LogEntry, keys: &LogKeys) -> Result<VerifiedEntry, EntryError> {
    if keys.is_empty() {
        return Err(EntryError::NoKeys);
    }
    let body = EntryBody::parse(&entry.body)?;
    let proof = entry.inclusion_proof.as_ref();
    let checkpoint = proof.map(|proof| Checkpoint::parse(&proof.checkpoint)).transpose()?;
    let mut refusal = None;
    let mut verified: Option<VerifiedEntry> = None;
    for key in keys.iter().filter(|key| key.is_of(&entry.log_id, checkpoint.as_ref())) {
        match with_key(entry, &body, checkpoint.as_ref(), key) {
            // The same key may be listed again, with another window.
            Ok((promise, inclusion)) => match &mut verified {
                Some(verified) if verified.key_id == key.key().key_id() => verified.validity.push(key.validity()),
                Some(_) => {}
                None => {
                    verified = Some(VerifiedEntry {
                        body: body.clone(),
                        entry: entry.clone(),
                        validity: vec![key.validity()],
                        promise,
                        inclusion,
                        key_id: key.key().key_id(),
                    });
                }
            },
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    if let Some(verified) = verified {
        return Ok(verified);
    }
    Err(refusal.unwrap_or_else(|| EntryError::UnknownLog {
        log_id: hex(&entry.log_id),
        trusted: keys.iter().map(|key| hex(&key.log_id())).collect::<Vec<_>>().join(", "),
    }))
}

/// Which of the promise and the inclusion were checked.
fn with_key(
    entry: &LogEntry,
    body: &EntryBody,
    checkpoint: Option<&Checkpoint>,
    key: &LogKey,
) -> Result<(bool, bool), EntryError> {
    let promise = entry.signed_entry_timestamp.is_some();
    if promise {
        set::verify(entry, key.key())?;
        if !key.validity().contains(entry.integrated_time) {
            return Err(EntryError::KeyNotValid {
                time: jiff::Timestamp::from_second(entry.integrated_time)
                    .map_or_else(|_| entry.integrated_time.to_string(), |time| time.to_string()),
                validity: key.validity(),
            });
        }
    }
    let inclusion = match (&entry.inclusion_proof, checkpoint) {
        (Some(proof), Some(checkpoint)) => {
            proof.verify(&entry.body)?;
            key.check(checkpoint)?;
            if checkpoint.tree_size != proof.tree_size || checkpoint.root_hash != proof.root_hash {
                return Err(EntryError::OtherTree {
                    checkpoint: checkpoint.tree_size,
                    proof: proof.tree_size,
                });
            }
            if body.is_rekor_v2() && u64::try_from(entry.log_index) != Ok(proof.log_index) {
                return Err(EntryError::Index {
                    entry: entry.log_index,
                    proof: proof.log_index,
                });
            }
            true
        }
        _ => false,
    };
    if promise || inclusion {
        Ok((promise, inclusion))
    } else {
        Err(EntryError::NoEvidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rekor::{Content, Verifier, annotation};

    const ANNOTATION: &str = include_str!("../../tests/vectors/tutorial/bundle.json");
    const PAYLOAD: &[u8] = include_bytes!("../../tests/vectors/tutorial/payload.json");
    const SIGNATURE: &str = include_str!("../../tests/vectors/tutorial/signature.b64");
    const SIGNER: &[u8] = include_bytes!("../../tests/vectors/tutorial/cosign.pub");
    const LOG: &[u8] = include_bytes!("../../tests/vectors/tutorial/rekor.pub");

    /// A trusted root may list a key once for each time it was in use; an entry of Rekor v2 has no time of its own.
    #[test]
    fn a_key_that_is_listed_twice_is_valid_in_both_windows() {
        const BUNDLE: &str = include_str!("../../tests/vectors/tlog/blobs/blob.v2.sigstore.json");
        const KEY: &[u8] = include_bytes!("../../tests/vectors/tlog/trust/rekor2.pub");
        let bundle: serde_json::Value = serde_json::from_str(BUNDLE).unwrap();
        let entry = bundle["verificationMaterial"]["tlogEntries"][0].to_string();
        let entry = crate::rekor::transparency_log_entry::parse(entry.as_bytes()).unwrap();
        let listed = LogKeys::from_pem(KEY).unwrap();
        let key = listed.iter().next().unwrap();
        let window = |start, end| Validity {
            start: Some(start),
            end: Some(end),
        };
        let keys: LogKeys = [window(10, 20), window(30, 40)]
            .into_iter()
            .map(|window| key.clone().with_validity(window))
            .collect();
        let verified = verify_entry(&entry, &keys).unwrap();
        for (time, valid) in [(9, false), (15, true), (25, false), (35, true), (41, false)] {
            assert_eq!(verified.key_valid_at(time), valid, "{time}");
        }
    }

    #[test]
    fn a_real_entry_of_the_public_log_verifies_and_is_about_its_signature() {
        use base64::Engine as _;
        let signature = base64::engine::general_purpose::STANDARD
            .decode(SIGNATURE.trim())
            .unwrap();
        let entry = annotation::parse(ANNOTATION).unwrap();
        let verified = verify_entry(&entry, &LogKeys::from_pem(LOG).unwrap()).unwrap();
        assert_eq!(verified.time(), Some(1_689_771_460));
        assert!(verified.promise_checked() && !verified.inclusion_checked());
        let verifier = Verifier::from_pem(SIGNER).unwrap();
        let claim = Claim {
            content: Content::Message(PAYLOAD),
            signature: &signature,
            verifier: &verifier,
        };
        verified.matches(&claim).unwrap();
        let other = Claim {
            content: Content::Message(b"{}"),
            ..claim
        };
        assert!(matches!(verified.matches(&other), Err(Mismatch::Digest { .. })));
        let other = Claim {
            signature: &signature[1..],
            ..claim
        };
        assert_eq!(verified.matches(&other), Err(Mismatch::Signature));
        let key = Verifier::from_pem(LOG).unwrap();
        let other = Claim {
            verifier: &key,
            ..claim
        };
        assert!(matches!(verified.matches(&other), Err(Mismatch::Verifier { .. })));
    }
}
