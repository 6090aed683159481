//! Sigstore bundles (sigstore/protobuf-specs `sigstore_bundle.proto`, v0.1 to v0.3, in protobuf's JSON mapping): a
//! signature with all that is needed to verify it, in one document. [`Legacy`] is cosign 2's own form for blobs.
//!
//! Reading is as lenient as the mapping demands (numbers as strings, either base64 alphabet, `null` for absent) and as
//! strict as safety asks: unknown and repeated fields, two contents, a chain in v0.3, an envelope of two signatures,
//! missing promises or proofs, bare keys where certificates belong and endless lists are refused. Nothing that is read
//! is verified, and nothing in it says what is trusted.

mod legacy;
mod wire;

use crate::certificate::{Certificate, CertificateError};
use crate::dsse::{Envelope, EnvelopeError};
use crate::key::HashAlgorithm;
use crate::rekor::LogEntry;
use crate::rekor::transparency_log_entry::TransparencyLogEntryError;

pub use legacy::{Legacy, LegacyError};

/// Largest bundle that is read: an attestation with a predicate of 32 MiB fits.
pub const MAX_BUNDLE: usize = 128 * 1024 * 1024;
/// Most log entries (GHSA-cq38-jh5f-37mq: endless entries exhaust a verifier).
pub const MAX_ENTRIES: usize = 32;
/// Most timestamps.
pub const MAX_TIMESTAMPS: usize = 32;
/// Most certificates in a chain.
pub const MAX_CERTIFICATES: usize = 32;
/// The media type of the bundles that are written.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const MEDIA_TYPE_BASE: &str = "application/vnd.dev.sigstore.bundle";

/// The version of a bundle's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// v0.1: a promise of the log is required.
    V01,
    /// v0.2: a proof of inclusion is required.
    V02,
    /// v0.3: as v0.2, with one certificate in place of a chain.
    V03,
}

/// A bundle. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The version it was read with, or is to be written with.
    pub version: Version,
    /// Who is said to have signed.
    pub signer: Signer,
    /// Log entries, at most [`MAX_ENTRIES`].
    pub entries: Vec<LogEntry>,
    /// RFC 3161 responses or tokens in DER, at most [`MAX_TIMESTAMPS`].
    pub timestamps: Vec<Vec<u8>>,
    /// What was signed, with the signature.
    pub content: Content,
}

/// Who a bundle says has signed; never a reason to trust it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// A key that the verifier has to have, with a hint at which one: in cosign's bundles the base64 of the SHA-256 of
    /// its SubjectPublicKeyInfo.
    PublicKey {
        /// The hint; may be empty.
        hint: String,
    },
    /// A certificate chain, the signer's first. Exactly one in v0.3, where it is written as `certificate`.
    Certificates(Vec<Certificate>),
}

/// What a bundle's signature is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An artifact that is not in the bundle.
    Message {
        /// The digest of the artifact; only a help to find it, and compared with it where it is given.
        digest: Option<MessageDigest>,
        /// The signature.
        signature: Vec<u8>,
    },
    /// An envelope with exactly one signature.
    Dsse(Envelope),
}

/// A digest with its algorithm, its length checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDigest {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// The digest.
    pub digest: Vec<u8>,
}

/// Why a document is not a bundle that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Not JSON of the right shape.
    #[error("not a Sigstore bundle: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Too large.
    #[error("the bundle has {0} bytes, more than the {MAX_BUNDLE} that are read")]
    TooLarge(usize),
    /// A version that is not known.
    #[error("bundles of media type {0:?} are not supported; supported are v0.1, v0.2 and v0.3 of {MEDIA_TYPE_BASE}")]
    MediaType(String),
    /// A part that has to be there.
    #[error("the bundle has no {0}")]
    Missing(&'static str),
    /// Two of what may be only one.
    #[error("the bundle has both {0}; which one counts would depend on the reader")]
    Ambiguous(&'static str),
    /// Something that its version forbids.
    #[error("the bundle has {0}, which its version does not allow")]
    Forbidden(&'static str),
    /// An envelope with another number of signatures than one.
    #[error("the bundle's envelope carries {0} signatures, exactly one is allowed")]
    Signatures(usize),
    /// A digest that is none.
    #[error("the bundle's message digest is not one of SHA2_256, SHA2_384 or SHA2_512 with the right length")]
    Digest,
    /// The envelope is not valid.
    #[error("in the bundle: {0}")]
    Envelope(#[from] EnvelopeError),
    /// A certificate is not valid.
    #[error("in the bundle: {0}")]
    Certificate(#[from] CertificateError),
    /// A log entry is not valid.
    #[error("in the bundle: {0}")]
    Entry(#[from] TransparencyLogEntryError),
}

impl Version {
    fn of_media_type(text: &str) -> Result<Self, BundleError> {
        let unknown = || BundleError::MediaType(text.chars().take(120).collect());
        let version = text.strip_prefix(MEDIA_TYPE_BASE).ok_or_else(unknown)?;
        match version {
            "+json;version=0.1" | ".v0.1+json" => Ok(Self::V01),
            "+json;version=0.2" | ".v0.2+json" => Ok(Self::V02),
            "+json;version=0.3" | ".v0.3+json" => Ok(Self::V03),
            _ => Err(unknown()),
        }
    }

    /// The media type that bundles of this version carry.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::V01 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Self::V02 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Self::V03 => MEDIA_TYPE,
        }
    }
}

impl Bundle {
    /// Whether `json` claims to be a bundle of any version, as opposed to [`Legacy`] or something else.
    pub fn is_bundle(json: &[u8]) -> bool {
        #[derive(serde::Deserialize)]
        struct Head {
            #[serde(rename = "mediaType", alias = "media_type")]
            media_type: Option<String>,
        }
        serde_json::from_slice::<Head>(json)
            .is_ok_and(|head| head.media_type.is_some_and(|text| text.starts_with(MEDIA_TYPE_BASE)))
    }

    /// Reads a bundle of v0.1 to v0.3.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn parse(json: &[u8]) -> Result<Self, BundleError> {
        if json.len() > MAX_BUNDLE {
            return Err(BundleError::TooLarge(json.len()));
        }
        wire::read(json)
    }

    /// The bundle as compact JSON, fields in the order in which cosign 3 writes them.
    ///
    /// # Errors
    /// [`BundleError::Entry`] when a log entry's body is of a kind that is not known, since its kind has to be written.
    pub fn to_json(&self) -> Result<Vec<u8>, BundleError> {
        wire::write(self)
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Message { signature, .. } => signature,
            Content::Dsse(envelope) => envelope.signatures.first().map_or(&[], |s| &s.signature),
        }
    }

    /// The DER of the signer's certificates, the signer's first; empty when a key signed.
    pub fn certificates(&self) -> &[Certificate] {
        match &self.signer {
            Signer::PublicKey { .. } => &[],
            Signer::Certificates(chain) => chain,
        }
    }
}

/// For the fuzzers: both forms, and that what was read is written so that it reads the same.
pub fn fuzz_bundle(data: &[u8]) {
    let _ = Legacy::parse(data);
    let _ = Bundle::is_bundle(data);
    if let Ok(bundle) = Bundle::parse(data)
        && let Ok(json) = bundle.to_json()
    {
        assert_eq!(
            Bundle::parse(&json).ok().as_ref(),
            Some(&bundle),
            "a bundle changed when it was written"
        );
    }
}

#[cfg(test)]
mod tests;
