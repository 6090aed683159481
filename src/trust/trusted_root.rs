//! The trusted root, `trusted_root.json` (sigstore/protobuf-specs `protos/sigstore_trustroot.proto`, `TrustedRoot`, in
//! protobuf's JSON mapping): the keys of the logs and the chains of the authorities, each with the time in which it may
//! be used. It is what the user trusts; nothing in it is verified here.

mod ca;
mod log;

use serde::{Deserialize, Serialize};

use self::ca::Ca;
use self::log::Log;
use super::{Authority, AuthorityError, InvalidTime};
use crate::key::{KeyAlgorithm, PublicKeyError};
use crate::proto_json::bounded;
use crate::rekor::LogKeys;

/// Longest file that is read, in bytes. The public one has 10 KiB.
pub const MAX_BYTES: usize = 4 << 20;

/// The media type that is written: the one that every reader knows.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

const MEDIA_TYPES: [&str; 4] = [
    MEDIA_TYPE,
    "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

/// Most logs or authorities of one kind.
const MAX_ENTRIES: usize = 64;

/// The keys and chains that are trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustedRoot {
    /// Keys of transparency logs.
    pub logs: LogKeys,
    /// Keys of certificate transparency logs.
    pub ct_logs: LogKeys,
    /// Certificate authorities: intermediates first, the root last.
    pub certificate_authorities: Vec<Authority>,
    /// Timestamp authorities: the signing certificate first (unless it comes with the timestamp), the root last.
    pub timestamp_authorities: Vec<Authority>,
}

/// Why bytes are not a trusted root.
#[derive(Debug, thiserror::Error)]
pub enum TrustedRootError {
    /// Longer than [`MAX_BYTES`].
    #[error("the trusted root has {0} bytes, more than the limit of {MAX_BYTES}")]
    TooLarge(usize),
    /// Not JSON of that shape.
    #[error("the trusted root is malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// Another kind of document.
    #[error("the trusted root has the media type {0:?}; versions 0.1 and 0.2 are known")]
    MediaType(String),
    /// A log that cannot be used.
    #[error("the trusted root is malformed: {kind} {number} ({url:?}): {reason}")]
    Log {
        /// `transparency log` or `certificate transparency log`.
        kind: &'static str,
        /// Which one, from 1.
        number: usize,
        /// Its URL.
        url: String,
        /// What is wrong.
        reason: LogProblem,
    },
    /// An authority that cannot be used.
    #[error("the trusted root is malformed: {kind} {number} ({uri:?}): {reason}")]
    Authority {
        /// `certificate authority` or `timestamp authority`.
        kind: &'static str,
        /// Which one, from 1.
        number: usize,
        /// Its URI.
        uri: String,
        /// What is wrong.
        reason: AuthorityProblem,
    },
}

/// What is wrong with a log of a trusted root.
#[derive(Debug, thiserror::Error)]
pub enum LogProblem {
    /// A hash other than SHA-256.
    #[error("its hash algorithm is not SHA2_256")]
    Hash,
    /// No key, or one that is malformed.
    #[error("its public key: {0}")]
    Key(#[from] PublicKeyError),
    /// The key is of another kind than `keyDetails` says.
    #[error("its public key is {0}, but keyDetails says otherwise")]
    KeyDetails(KeyAlgorithm),
    /// A window without a start, which must not be taken for one that is open.
    #[error("its validFor has no start")]
    NoStart,
    /// The log ID is missing or not 32 bytes.
    #[error("its logId is not 32 bytes")]
    LogId,
    /// A time that is none.
    #[error(transparent)]
    Time(#[from] InvalidTime),
}

/// What is wrong with an authority of a trusted root.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityProblem {
    /// Its chain.
    #[error(transparent)]
    Chain(#[from] AuthorityError),
    /// A time that is none.
    #[error(transparent)]
    Time(#[from] InvalidTime),
}

impl TrustedRoot {
    /// Reads a trusted root. Members that are not known are ignored; a log whose kind of key is newer than this program
    /// is left out, so that it is not trusted.
    ///
    /// # Errors
    /// [`TrustedRootError`] names the log or the authority that is malformed.
    pub fn parse(json: &[u8]) -> Result<Self, TrustedRootError> {
        if json.len() > MAX_BYTES {
            return Err(TrustedRootError::TooLarge(json.len()));
        }
        let document: Document = serde_json::from_slice(json)?;
        if !MEDIA_TYPES.contains(&document.media_type.as_str()) {
            return Err(TrustedRootError::MediaType(
                document.media_type.chars().take(100).collect(),
            ));
        }
        Ok(Self {
            logs: logs(document.tlogs, "transparency log")?,
            ct_logs: logs(document.ctlogs, "certificate transparency log")?,
            certificate_authorities: authorities(document.certificate_authorities, "certificate authority")?,
            timestamp_authorities: authorities(document.timestamp_authorities, "timestamp authority")?,
        })
    }

    /// Writes the trusted root as cosign does: one line, the oldest log and authority of a kind first.
    ///
    /// # Errors
    /// [`serde_json::Error`] only in theory.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Document {
            media_type: MEDIA_TYPE.to_owned(),
            tlogs: by_start(self.logs.iter().map(Log::of).collect(), Log::start),
            certificate_authorities: by_start(self.certificate_authorities.iter().map(Ca::of).collect(), Ca::start),
            ctlogs: by_start(self.ct_logs.iter().map(Log::of).collect(), Log::start),
            timestamp_authorities: by_start(self.timestamp_authorities.iter().map(Ca::of).collect(), Ca::start),
        })
    }
}

fn by_start<T>(mut items: Vec<T>, start: impl Fn(&T) -> Option<&str>) -> Vec<T> {
    items.sort_by_key(|item| start(item).and_then(|text| super::time::parse(text).ok()).unwrap_or(0));
    items
}

fn logs(list: Vec<Log>, kind: &'static str) -> Result<LogKeys, TrustedRootError> {
    let mut keys = LogKeys::new();
    for (index, log) in list.into_iter().enumerate() {
        let url = log.base_url.chars().take(200).collect();
        let key = log.key().map_err(|reason| TrustedRootError::Log {
            kind,
            number: index + 1,
            url,
            reason,
        })?;
        keys.extend(key);
    }
    Ok(keys)
}

fn authorities(list: Vec<Ca>, kind: &'static str) -> Result<Vec<Authority>, TrustedRootError> {
    list.into_iter()
        .enumerate()
        .map(|(index, ca)| {
            let uri = ca.uri.chars().take(200).collect();
            ca.authority().map_err(|reason| TrustedRootError::Authority {
                kind,
                number: index + 1,
                uri,
                reason,
            })
        })
        .collect()
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(alias = "media_type")]
    media_type: String,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_ENTRIES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    tlogs: Vec<Log>,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_ENTRIES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[serde(alias = "certificate_authorities")]
    certificate_authorities: Vec<Ca>,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_ENTRIES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    ctlogs: Vec<Log>,
    #[serde(
        default,
        deserialize_with = "bounded::<_, _, MAX_ENTRIES>",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[serde(alias = "timestamp_authorities")]
    timestamp_authorities: Vec<Ca>,
}

/// Fuzz entry: no bytes panic, and what is read is written so that it is read again.
pub fn fuzz_trusted_root(data: &[u8]) {
    if let Ok(root) = TrustedRoot::parse(data) {
        let written = root.to_json().unwrap_or_default();
        assert!(TrustedRoot::parse(written.as_bytes()).is_ok());
    }
}

#[cfg(test)]
mod tests;
