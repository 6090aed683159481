//! What storage yields: signatures that nobody has looked at yet, and where they lay.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::dsse::{Envelope, EnvelopeError, Signature};
use crate::key::HashAlgorithm;
use crate::rekor::LogEntry;

/// Most log entries that one signature may carry (GHSA-cq38-jh5f-37mq: endless entries exhaust a verifier).
pub const MAX_ENTRIES: usize = 32;
/// Most timestamps that one signature may carry.
pub const MAX_TIMESTAMPS: usize = 32;

/// Where a signature lay: text for people, such as `ghcr.io/me/app:sha256-….sig, layer 2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location(String);

impl Location {
    /// Any place that people can find again.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The `position`th layer (from 0) of the manifest that `manifest` names.
    pub fn layer(manifest: impl fmt::Display, position: usize) -> Self {
        Self(format!("{manifest}, layer {}", position.saturating_add(1)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a signature is over. Untrusted.
#[derive(Clone, Debug)]
pub enum SignedContent {
    /// A simple-signing payload ([`crate::payload`]): the signature is over its bytes.
    SimpleSigning(Vec<u8>),
    /// A DSSE envelope: the signature is over its pre-authentication encoding.
    Dsse {
        /// The envelope.
        envelope: Envelope,
        /// Its JSON as it was stored, where an `.att` layer holds it: some log entries bind it by its digest.
        json: Option<Bytes>,
    },
    /// Bytes as they are.
    Message(Vec<u8>),
    /// Bytes that are known by their digest only.
    Digest(HashAlgorithm, Vec<u8>),
}

impl SignedContent {
    /// The bytes under the signature; `None` when only their digest is known.
    pub fn signed_bytes(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::SimpleSigning(bytes) | Self::Message(bytes) => Some(Cow::Borrowed(bytes)),
            Self::Dsse { envelope, .. } => Some(Cow::Owned(envelope.pae())),
            Self::Digest(..) => None,
        }
    }
}

/// One signature with all that came beside it. Nothing in it is trusted, and nothing in it selects what is trusted.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What was signed.
    pub content: SignedContent,
    /// The signature's bytes: ASN.1 DER for ECDSA, PKCS#1 for RSA, 64 bytes for Ed25519.
    pub signature: Vec<u8>,
    /// DER certificates, the signer's first; none when a key signed.
    pub certificates: Vec<Vec<u8>>,
    /// Log entries that lay beside the signature.
    pub entries: Vec<LogEntry>,
    /// Log entries that the log itself gave when it was asked (online verification); they must prove their inclusion.
    pub fetched_entries: Vec<LogEntry>,
    /// RFC 3161 timestamp responses or tokens, DER.
    pub timestamps: Vec<Vec<u8>>,
}

impl Evidence {
    /// A bare signature over `content`.
    pub fn new(content: SignedContent, signature: Vec<u8>) -> Self {
        Self {
            content,
            signature,
            certificates: Vec::new(),
            entries: Vec::new(),
            fetched_entries: Vec::new(),
            timestamps: Vec::new(),
        }
    }

    /// The signatures of the DSSE envelope in `json`, at least one: whoever asks for one signer needs one of them, as
    /// the protocol has it (dsse v1.0.2, "Protocol", threshold 1).
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn of_envelope(json: &Bytes) -> Result<Vec<Self>, EnvelopeError> {
        let envelope = Envelope::parse(json)?;
        let evidence = |signature: &Signature| {
            let content = SignedContent::Dsse {
                envelope: envelope.clone(),
                json: Some(json.clone()),
            };
            Self::new(content, signature.signature.clone())
        };
        Ok(envelope.signatures.iter().map(evidence).collect())
    }
}

/// A signature that may be good, or what was found in its place.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Where it lay.
    pub location: Location,
    /// The signature, or why what lay there is none.
    pub evidence: Result<Evidence, String>,
}

impl Candidate {
    /// A candidate to be checked.
    pub fn new(location: Location, evidence: Evidence) -> Arc<Self> {
        Arc::new(Self {
            location,
            evidence: Ok(evidence),
        })
    }

    /// Something that is no signature; `reason` says why.
    pub fn malformed(location: Location, reason: impl fmt::Display) -> Arc<Self> {
        Arc::new(Self {
            location,
            evidence: Err(reason.to_string()),
        })
    }
}
