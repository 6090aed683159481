//! The signed entry timestamp (SET): the log's promise that an entry is or will be in the tree, with the time at which
//! it was taken in. A signature over `{"body","integratedTime","logID","logIndex"}` in the canonical form of RFC 8785.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::LogEntry;
use crate::digest::hex;
use crate::json::{NotCanonical, canonical};
use crate::key::{HashAlgorithm, PublicKey, SignatureError};

/// Why a signed entry timestamp does not hold.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// There is none.
    #[error("the log entry has no signed entry timestamp")]
    Absent,
    /// A number that has no exact canonical form.
    #[error("the log entry cannot be written canonically: {0}")]
    Canonical(#[from] NotCanonical),
    /// Not the log's signature over these members.
    #[error(
        "the signed entry timestamp is not the log's signature over this entry (body, integratedTime, logIndex or logID \
         was altered, or it belongs to another entry)"
    )]
    Signature(#[source] SignatureError),
}

/// The bytes that the log signs for `entry`.
///
/// # Errors
/// [`NotCanonical`] when a number is beyond 2^53 − 1.
pub fn signed_bytes(entry: &LogEntry) -> Result<Vec<u8>, NotCanonical> {
    canonical(&json!({
        "body": STANDARD.encode(&entry.body),
        "integratedTime": entry.integrated_time,
        "logID": hex(&entry.log_id),
        "logIndex": entry.log_index,
    }))
}

/// Checks the signed entry timestamp of `entry` with the key of its log.
///
/// # Errors
/// [`SetError`]: there is none, or it is not a signature over these members by `key`.
pub fn verify(entry: &LogEntry, key: &PublicKey) -> Result<(), SetError> {
    let signature = entry.signed_entry_timestamp.as_deref().ok_or(SetError::Absent)?;
    key.verify(&signed_bytes(entry)?, signature, HashAlgorithm::Sha256)
        .map_err(SetError::Signature)
}
