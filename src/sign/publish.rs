//! Making a signature public: transparency logs and timestamp authorities.

use super::{SignError, Signer};
use crate::dsse::Envelope;
use crate::key::HashAlgorithm;
use crate::rekor::{self, ApiVersion, LogEntry, Submission};
use crate::timestamp;

/// Who is told of a signature.
#[derive(Clone, Default)]
pub struct Services {
    /// The transparency log, when signatures are logged.
    pub log: Option<rekor::Client>,
    /// The timestamp authorities.
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
    /// The log's entry.
    pub entry: Option<LogEntry>,
    /// The authorities' answers, DER.
    pub timestamps: Vec<Vec<u8>>,
}

impl Services {
    /// Whether a signature is told to nobody.
    pub fn is_empty(&self) -> bool {
        self.log.is_none() && self.authorities.is_empty()
    }

    /// Whether `published` is all that these services would give.
    pub(super) fn are_served_by(&self, published: &Published) -> bool {
        (self.log.is_none() || published.entry.is_some()) && published.timestamps.len() >= self.authorities.len()
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
        let timestamps = self.timestamps(signature).await?;
        let entry = match &self.log {
            Some(log) => Some(hashedrekord(log, message, signature, signer).await?),
            None => None,
        };
        Ok(Published { entry, timestamps })
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
        let timestamps = self.timestamps(signature).await?;
        let entry = match &self.log {
            Some(log) => Some(logged(log, digest, signature, signer).await?),
            None => None,
        };
        Ok(Published { entry, timestamps })
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
        let timestamps = self.timestamps(&json).await?;
        let entry = match &self.log {
            Some(log) if log.version() == ApiVersion::V2 => {
                Some(hashedrekord(log, &envelope.pae(), signature, signer).await?)
            }
            Some(log) if kind == AttestationEntry::Intoto => Some(log.create_intoto(&json, &signer.verifier()).await?),
            Some(log) => Some(log.create_dsse(&json, &signer.verifier()).await?),
            None => None,
        };
        Ok(Published { entry, timestamps })
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
        let timestamps = self.timestamps(signature).await?;
        let entry = match &self.log {
            Some(log) if log.version() == ApiVersion::V2 => {
                Some(hashedrekord(log, &envelope.pae(), signature, signer).await?)
            }
            Some(log) => Some(log.create_dsse(&envelope.to_json(), &signer.verifier()).await?),
            None => None,
        };
        Ok(Published { entry, timestamps })
    }

    async fn timestamps(&self, signature: &[u8]) -> Result<Vec<Vec<u8>>, SignError> {
        let mut timestamps = Vec::new();
        for authority in &self.authorities {
            timestamps.push(authority.stamp(signature).await?);
        }
        Ok(timestamps)
    }
}

async fn hashedrekord(
    log: &rekor::Client,
    message: &[u8],
    signature: &[u8],
    signer: &Signer,
) -> Result<LogEntry, SignError> {
    logged(log, &HashAlgorithm::Sha256.digest(message), signature, signer).await
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
