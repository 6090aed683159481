//! What the caller trusts and asks for. Nothing that lies beside a signature gets in here.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::CertificatePolicy;
use crate::annotations::Annotations;
use crate::certificate::Authority;
use crate::digest::Digest;
use crate::key::{HashAlgorithm, PublicKey};
use crate::rekor::LogKeys;

/// Everything that a good signature has to satisfy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Who has to have signed.
    pub signer: Signer,
    /// What it has to say.
    pub claims: Claims,
    /// Whether it has to be in a transparency log.
    pub log: LogPolicy,
    /// Whether an authority has to have seen it.
    pub timestamps: TimestampPolicy,
}

/// Who has to have signed.
#[derive(Clone, Debug)]
pub enum Signer {
    /// The holder of a key.
    Key {
        /// The key.
        key: PublicKey,
        /// The hash of its signatures. Under SHA-256, cosign's, the hash that the key's strength asks for counts too,
        /// as other tools sign; Ed25519 has its own.
        hash: HashAlgorithm,
    },
    /// The holder of a certificate, which has to lie beside the signature.
    Certificate(Arc<CertificatePolicy>),
}

/// What the signed content has to say.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The kind of content that counts. It is checked whatever else is not: a good signature over something else is
    /// no signature of an image (CVE-2022-35929, CVE-2026-39395).
    pub expected: Expected,
    /// The artifact that it has to be about; `None` leaves that and the annotations unchecked
    /// (`--check-claims=false`).
    pub subject: Option<Digest>,
    /// Annotations that it has to carry.
    pub annotations: Annotations,
}

/// The kind of content that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An image signature: a simple-signing payload, or a statement of type [`crate::statement::COSIGN_SIGN`].
    ImageSignature,
    /// As before, or any other in-toto statement about the image: an SBOM then counts as a signature, which proves
    /// less than it seems.
    ImageSignatureOrStatement,
    /// An in-toto statement of one of these predicate types (URIs).
    Statement(Vec<String>),
    /// An in-toto statement of any predicate type.
    AnyStatement,
    /// Bytes as they are, given by the caller.
    Message,
}

impl Claims {
    /// The claims of an image signature of whatever image: a [`super::Workflow`] fills in the digest.
    pub fn signature() -> Self {
        Self {
            expected: Expected::ImageSignature,
            subject: None,
            annotations: Annotations::default(),
        }
    }

    /// The claims of a signature of the image with `digest`.
    pub fn image(digest: Digest) -> Self {
        Self {
            subject: Some(digest),
            ..Self::signature()
        }
    }

    /// A signature over bytes that the caller has at hand.
    pub fn message() -> Self {
        Self {
            expected: Expected::Message,
            subject: None,
            annotations: Annotations::default(),
        }
    }
}

/// Whether a signature has to be in a transparency log.
#[derive(Clone, Debug)]
pub enum LogPolicy {
    /// Entries are not looked at. What is lost: a stolen key that signs unnoticed, and for certificates the time.
    Ignore,
    /// Entries of this many distinct logs have to verify.
    Require {
        /// The logs that count.
        keys: Arc<LogKeys>,
        /// How many of them.
        threshold: NonZeroUsize,
    },
}

impl LogPolicy {
    /// One of the logs with `keys`.
    pub fn require(keys: LogKeys) -> Self {
        Self::Require {
            keys: Arc::new(keys),
            threshold: NonZeroUsize::MIN,
        }
    }
}

/// Whether timestamp authorities have to have seen a signature.
#[derive(Clone, Debug, Default)]
pub struct TimestampPolicy {
    /// The authorities that are trusted. Timestamps of theirs date a certificate; others count for nothing.
    pub authorities: Vec<Authority>,
    /// How many distinct authorities have to have seen it; 0 asks for none.
    pub threshold: usize,
}
