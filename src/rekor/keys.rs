//! The keys of the logs that the caller trusts.

use super::checkpoint::{self, Checkpoint, CheckpointError};
use crate::key::{PublicKey, PublicKeyError};
use crate::trust::Validity;

/// Most keys that one file or one set may hold.
pub const MAX_KEYS: usize = 64;

/// The key of a log, and when it may be used.
#[derive(Clone, Debug)]
pub struct LogKey {
    key: PublicKey,
    log_id: Option<[u8; 32]>,
    validity: Validity,
    base_url: Option<String>,
}

/// The keys of the logs that the caller trusts. Nothing that comes with a signature, and nothing that a log says of
/// itself, may be put in here.
#[derive(Clone, Debug, Default)]
pub struct LogKeys(Vec<LogKey>);

/// Why a file is not one of log keys.
#[derive(Debug, thiserror::Error)]
pub enum LogKeysError {
    /// A key is malformed.
    #[error("the transparency log's public key is not usable: {0}")]
    Key(#[from] PublicKeyError),
    /// Not PEM.
    #[error("the transparency log's public key is not usable: {0}")]
    Pem(#[from] crate::pem::PemError),
    /// Too many PEM blocks.
    #[error("expected 1 to {MAX_KEYS} PEM blocks `PUBLIC KEY` of transparency logs, found {0}")]
    Count(usize),
}

impl LogKey {
    /// A key that is always valid, for any origin. The log's ID is derived from the key.
    pub fn new(key: PublicKey) -> Self {
        Self {
            key,
            log_id: None,
            validity: Validity::ALWAYS,
            base_url: None,
        }
    }

    /// The same with the log's ID as a trusted root gives it.
    #[must_use]
    pub fn with_log_id(mut self, log_id: [u8; 32]) -> Self {
        self.log_id = Some(log_id);
        self
    }

    /// The same within a span of time.
    #[must_use]
    pub fn with_validity(mut self, validity: Validity) -> Self {
        self.validity = validity;
        self
    }

    /// The same of the log at this URL, whose host a checkpoint of Rekor v2 must name as its origin.
    #[must_use]
    pub fn with_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into()).filter(|url: &String| !url.is_empty());
        self
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The log's ID: as it was given, else SHA-256 of the SubjectPublicKeyInfo.
    pub fn log_id(&self) -> [u8; 32] {
        self.log_id.unwrap_or_else(|| self.key.key_id())
    }

    /// The log's ID where it was given.
    pub(super) fn known_log_id(&self) -> Option<[u8; 32]> {
        self.log_id
    }

    /// When the key may be used.
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// Where the log is.
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    /// Whether an entry with this log ID and checkpoint is of this log. Without an ID that was given, an ID of Rekor v2
    /// (over origin and key) is recognised by the checkpoint's origin, which the key has to have signed in any case.
    pub(super) fn is_of(&self, log_id: &[u8; 32], checkpoint: Option<&Checkpoint>) -> bool {
        self.log_id() == *log_id
            || (self.log_id.is_none()
                && checkpoint.is_some_and(|c| checkpoint::key_id(c.signer_name(), &self.key) == *log_id))
    }

    /// Checks that `checkpoint` is this log's: its signature, and that its origin is the host of the log's URL (or that
    /// the log's ID was made with this origin). Rekor v1's origins name the server as it was configured, not its URL.
    pub(super) fn check(&self, checkpoint: &Checkpoint) -> Result<(), CheckpointError> {
        checkpoint.verify(&self.key)?;
        let Some(base_url) = &self.base_url else { return Ok(()) };
        let origins = origins(base_url);
        let derived = checkpoint::key_id(&checkpoint.origin, &self.key);
        let bound_by_id = derived != self.key.key_id() && derived == self.log_id();
        if checkpoint.is_rekor_v1() || bound_by_id || origins.iter().any(|origin| *origin == checkpoint.origin) {
            return Ok(());
        }
        Err(CheckpointError::Origin {
            origin: checkpoint.origin.chars().take(120).collect(),
            expected: origins.first().map_or(base_url.as_str(), |origin| origin).to_owned(),
        })
    }
}

/// The origins that a log at `base_url` may have: its host, with the port, and with port and path.
fn origins(base_url: &str) -> Vec<&str> {
    let rest = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest)
        .trim_end_matches('/');
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    let mut origins = vec![host, authority, rest];
    origins.dedup();
    origins
}

impl LogKeys {
    /// None: no entry verifies against it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file of one or more PEM blocks `PUBLIC KEY`, such as SIGSTORE_REKOR_PUBLIC_KEY names.
    ///
    /// # Errors
    /// [`LogKeysError`] when there is no block, too many, or one is malformed.
    pub fn from_pem(pem: &[u8]) -> Result<Self, LogKeysError> {
        let blocks = crate::pem::all(pem)?;
        if blocks.len() > MAX_KEYS {
            return Err(LogKeysError::Count(blocks.len()));
        }
        let keys = blocks.iter().map(|block| {
            let pem = crate::pem::encode(&block.label, &block.contents);
            Ok(LogKey::new(PublicKey::from_pem(pem.as_bytes())?))
        });
        Ok(Self(keys.collect::<Result<_, LogKeysError>>()?))
    }

    /// Adds the key of a log.
    pub fn push(&mut self, key: LogKey) {
        self.0.push(key);
    }

    /// The keys.
    pub fn iter(&self) -> std::slice::Iter<'_, LogKey> {
        self.0.iter()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<LogKey> for LogKeys {
    fn from(key: LogKey) -> Self {
        Self(vec![key])
    }
}

impl FromIterator<LogKey> for LogKeys {
    fn from_iter<I: IntoIterator<Item = LogKey>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl Extend<LogKey> for LogKeys {
    fn extend<I: IntoIterator<Item = LogKey>>(&mut self, keys: I) {
        self.0.extend(keys);
    }
}

#[cfg(test)]
mod tests {
    use super::origins;

    #[test]
    fn the_origin_is_the_host_of_the_url() {
        assert_eq!(
            origins("https://log2025-1.rekor.sigstore.dev"),
            ["log2025-1.rekor.sigstore.dev"]
        );
        assert_eq!(origins("http://127.0.0.1:3003/"), ["127.0.0.1", "127.0.0.1:3003"]);
        assert_eq!(origins("https://h/log/a"), ["h", "h/log/a"]);
        assert_eq!(origins(""), [""]);
    }
}
