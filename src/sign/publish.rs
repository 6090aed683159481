//! Making a signature public: transparency logs and timestamp authorities.

use std::collections::BTreeSet;

use super::{SignError, Signer};
use crate::dsse::Envelope;
use crate::key::HashAlgorithm;
use crate::rekor::{self, ApiVersion, LogEntry, Submission};
use crate::timestamp;

/// Who is told of a signature.
#[derive(Clone, Default)]
pub struct Services {
    /// The transparency logs: each gets an entry.
    pub logs: Vec<rekor::Client>,
    /// The timestamp authorities: each stamps the signature.
    pub authorities: Vec<timestamp::Client>,
}

/// The kind of entry that Rekor v1 is given for an attestation (`--rekor-entry-type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttestationEntry {
    /// `dsse`.
    #[default]
    Dsse,
    /// `intoto`, as older releases of cosign wrote.
    Intoto,
}

/// What the services gave for a signature.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The logs' entries.
    pub entries: Vec<LogEntry>,
    /// The authorities' answers, DER.
    pub timestamps: Vec<Vec<u8>>,
}

impl Services {
    /// Whether a signature is told to nobody.
    pub fn is_empty(&self) -> bool {
        self.logs.is_empty() && self.authorities.is_empty()
    }

    /// Whether telling these services of the same signature again changes nothing: Rekor v1 keeps one entry of it.
    pub(super) fn are_idempotent(&self) -> bool {
        self.authorities.is_empty() && self.logs.iter().all(|log| log.version() == ApiVersion::V1)
    }

    /// Whether `published` is all that these services would give.
    pub(super) fn are_served_by(&self, published: &Published) -> bool {
        let logs: BTreeSet<_> = published.entries.iter().map(|entry| entry.log_id).collect();
        logs.len() >= self.logs.len() && published.timestamps.len() >= self.authorities.len()
    }

    /// Refuses what a form with room for one log entry and one timestamp would have to drop.
    ///
    /// # Errors
    /// [`SignError::Several`].
    pub fn at_most_one_each(&self) -> Result<(), SignError> {
        match (self.logs.len(), self.authorities.len()) {
            (0 | 1, 0 | 1) => Ok(()),
            (logs, authorities) => Err(SignError::Several { logs, authorities }),
        }
    }

    /// Publishes a signature over `message`.
    ///
    /// # Errors
    /// A service failed.
    pub async fn publish_message(
        &self,
        message: &[u8],
        signature: &[u8],
        signer: &Signer,
    ) -> Result<Published, SignError> {
        let digest = HashAlgorithm::Sha256.digest(message);
        let upload = async |log: &rekor::Client| logged(log, &digest, signature, signer).await;
        self.publish(signature, upload).await
    }

    /// Publishes a signature over bytes whose SHA-256 is `digest`.
    ///
    /// # Errors
    /// A service failed.
    pub async fn publish_digest(
        &self,
        digest: &[u8; 32],
        signature: &[u8],
        signer: &Signer,
    ) -> Result<Published, SignError> {
        let upload = async |log: &rekor::Client| logged(log, digest, signature, signer).await;
        self.publish(signature, upload).await
    }

    /// Publishes an attestation that is kept as its `envelope` with the log's entry beside it, as cosign 2 does: the
    /// authorities stamp the envelope's JSON, and Rekor v1 may be given an entry of kind `intoto`.
    ///
    /// # Errors
    /// A service failed.
    pub async fn publish_attestation(
        &self,
        envelope: &Envelope,
        signature: &[u8],
        signer: &Signer,
        kind: AttestationEntry,
    ) -> Result<Published, SignError> {
        if self.is_empty() {
            return Ok(Published::default());
        }
        let json = envelope.to_json();
        let upload = async |log: &rekor::Client| match (log.version(), kind) {
            (ApiVersion::V1, AttestationEntry::Intoto) => Ok(log.create_intoto(&json, &signer.verifier()).await?),
            (ApiVersion::V1, AttestationEntry::Dsse) => Ok(log.create_dsse(&json, &signer.verifier()).await?),
            (ApiVersion::V2, _) => logged(log, &envelope.pae_sha256(), signature, signer).await,
        };
        self.publish(&json, upload).await
    }

    /// Publishes the signature of an `envelope`: Rekor v1 gets the envelope, Rekor v2 its hash.
    ///
    /// # Errors
    /// A service failed.
    pub async fn publish_envelope(
        &self,
        envelope: &Envelope,
        signature: &[u8],
        signer: &Signer,
    ) -> Result<Published, SignError> {
        let upload = async |log: &rekor::Client| match log.version() {
            ApiVersion::V1 => Ok(log.create_dsse(&envelope.to_json(), &signer.verifier()).await?),
            ApiVersion::V2 => logged(log, &envelope.pae_sha256(), signature, signer).await,
        };
        self.publish(signature, upload).await
    }

    /// Has `stamped` stamped by each authority, then has `upload` make an entry in each log: what a log keeps is never
    /// undone, so that the logs come last.
    async fn publish(
        &self,
        stamped: &[u8],
        upload: impl AsyncFn(&rekor::Client) -> Result<LogEntry, SignError>,
    ) -> Result<Published, SignError> {
        let mut published = Published::default();
        for authority in &self.authorities {
            published.timestamps.push(authority.stamp(stamped).await?);
        }
        for log in &self.logs {
            published.entries.push(upload(log).await?);
        }
        Ok(published)
    }
}

async fn logged(log: &rekor::Client, digest: &[u8], signature: &[u8], signer: &Signer) -> Result<LogEntry, SignError> {
    let submission = Submission {
        hash: HashAlgorithm::Sha256,
        digest,
        signature,
        verifier: &signer.verifier(),
        key: signer.key().algorithm(),
    };
    Ok(log.create_hashedrekord(&submission).await?)
}
