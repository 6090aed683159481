//! Transparency logs: the entries that prove a signature was made public, and Rekor's services.
//!
//! A [`LogEntry`] is untrusted bytes. [`verify_entry`] checks it against the [`LogKeys`] that the caller trusts and
//! yields a [`VerifiedEntry`]; [`VerifiedEntry::matches`] then compares everything that the entry records with the
//! signature at hand. An entry that was not compared proves nothing about that signature.
//!
//! | Module | Source |
//! |---|---|
//! | [`entry`] | sigstore/rekor `pkg/types`, sigstore/rekor-tiles `api/proto/rekor/v2` |
//! | [`annotation`] | sigstore/cosign `specs/SIGNATURE_SPEC.md` |
//! | [`transparency_log_entry`] | sigstore/protobuf-specs `sigstore_rekor.proto` |
//! | [`signed_entry_timestamp`] | sigstore/rekor `openapi.yaml`, RFC 8785 |
//! | [`inclusion`] | RFC 9162 section 2.1.3 |
//! | [`checkpoint`] | c2sp.org/signed-note, c2sp.org/tlog-checkpoint |

pub mod annotation;
pub mod checkpoint;
mod claim;
pub mod client;
pub mod entry;
pub mod inclusion;
mod keys;
pub mod signed_entry_timestamp;
pub mod transparency_log_entry;
mod verifier;
mod verify;

pub use checkpoint::Checkpoint;
pub use claim::{Claim, Content, Mismatch};
pub use client::{ApiVersion, Client, ClientError, LogInfo, Submission};
pub use entry::{EntryBody, EntryBodyError, Kind};
pub use inclusion::InclusionProof;
pub use keys::{LogKey, LogKeys, LogKeysError};
pub use verifier::{Verifier, VerifierError};
pub use verify::{EntryError, VerifiedEntry, distinct_logs, verify_entry};

/// Most log entries that are looked at for one signature. Real ones have one or two.
pub const MAX_ENTRIES: usize = 32;

/// An entry of a transparency log as it was found: nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The canonicalised body: what [`EntryBody::parse`] reads and what the log hashes into its tree.
    pub body: Vec<u8>,
    /// When the log took it in, in seconds since 1970; 0 in Rekor v2, which does not say. Only a signed entry timestamp
    /// vouches for it.
    pub integrated_time: i64,
    /// The index over all shards of the log. Only a signed entry timestamp vouches for it.
    pub log_index: i64,
    /// Which log: SHA-256 of its key's SubjectPublicKeyInfo, or of origin and key for an Ed25519 key of Rekor v2.
    pub log_id: [u8; 32],
    /// The log's signature over the four members above: its promise to include the entry.
    pub signed_entry_timestamp: Option<Vec<u8>>,
    /// The proof that the entry is in the log.
    pub inclusion_proof: Option<InclusionProof>,
}
