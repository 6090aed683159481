//! The bodies of log entries: what a log says was signed, by whom, and with which signature.
//!
//! Shapes: `hashedrekord` 0.0.1, `dsse` 0.0.1, `intoto` 0.0.1 and 0.0.2 of Rekor v1 (sigstore/rekor, `pkg/types`), and
//! `hashedrekord` and `dsse` 0.0.2 of Rekor v2 (sigstore/rekor-tiles, `api/proto/rekor/v2`).

mod json;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::verifier::{Verifier, VerifierError};
use crate::digest::from_hex;
use crate::key::HashAlgorithm;

/// Largest body that is read, in bytes. A body holds hashes, signatures and keys, never the artifact.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// Most signatures that one body may list.
pub const MAX_SIGNATURES: usize = 64;

/// What an entry says, parsed from its canonical body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryBody {
    /// A signature over bytes that are named by their digest.
    HashedRekord(HashedRekord),
    /// Signatures over a DSSE envelope.
    Dsse(Dsse),
    /// Signatures over a DSSE envelope, in the older shape.
    Intoto(Intoto),
}

/// The kind and the version that a body has in `kind` and `apiVersion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    /// `hashedrekord`, `dsse` or `intoto`.
    pub name: &'static str,
    /// `0.0.1` or `0.0.2`.
    pub version: &'static str,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// A digest as an entry records it; its length is that of its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedDigest {
    /// The hash function.
    pub algorithm: HashAlgorithm,
    /// The digest's bytes.
    pub bytes: Vec<u8>,
}

/// One signature and what verifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedSignature {
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// The key or the certificate.
    pub verifier: Verifier,
}

/// The body of a `hashedrekord` entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashedRekord {
    /// `0.0.1` or `0.0.2`.
    pub version: &'static str,
    /// The digest of the signed bytes.
    pub digest: RecordedDigest,
    /// The signature and what verifies it.
    pub signature: RecordedSignature,
}

/// The body of a `dsse` entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dsse {
    /// `0.0.1` or `0.0.2`.
    pub version: &'static str,
    /// SHA-256 of the envelope's JSON as it was uploaded; 0.0.2 does not record it.
    pub envelope_digest: Option<RecordedDigest>,
    /// The digest of the envelope's decoded payload.
    pub payload_digest: RecordedDigest,
    /// The envelope's signatures, at least one.
    pub signatures: Vec<RecordedSignature>,
}

/// The body of an `intoto` entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intoto {
    /// `0.0.1` or `0.0.2`.
    pub version: &'static str,
    /// SHA-256 of the envelope's JSON as it was uploaded.
    pub envelope_digest: RecordedDigest,
    /// SHA-256 of the envelope's decoded payload; the oldest entries lack it.
    pub payload_digest: Option<RecordedDigest>,
    /// Who signed, and in 0.0.2 with which signature: 0.0.1 binds it by the digest of the envelope only.
    pub signatures: Vec<IntotoSignature>,
}

/// A signer of an `intoto` entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntotoSignature {
    /// The signature's bytes; absent in 0.0.1.
    pub signature: Option<Vec<u8>>,
    /// The key or the certificate.
    pub verifier: Verifier,
}

/// Why bytes are not a body that is understood here.
#[derive(Debug, thiserror::Error)]
pub enum EntryBodyError {
    /// Larger than [`MAX_BODY_BYTES`].
    #[error("the log entry's body has {0} bytes, more than the limit of {MAX_BODY_BYTES}")]
    TooLarge(usize),
    /// Not JSON, or a member is missing or of another type.
    #[error("the log entry's body is malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// A kind or version that is not known here.
    #[error("log entries of kind {kind:?} version {version:?} are not supported; known: hashedrekord, dsse, intoto")]
    Unknown {
        /// `kind`, cut to 40 characters.
        kind: String,
        /// `apiVersion`, cut to 40 characters.
        version: String,
    },
    /// Base64 that is not canonical.
    #[error("the log entry's body is malformed: {0} is not base64")]
    Base64(&'static str),
    /// A digest of an unknown algorithm or a wrong length.
    #[error("the log entry's body is malformed: {0} is not a digest of a known algorithm")]
    Digest(&'static str),
    /// A key or certificate that is not one.
    #[error("the log entry's body is malformed: the verifier is {0}")]
    Verifier(#[from] VerifierError),
    /// No signature, or more than [`MAX_SIGNATURES`].
    #[error("the log entry's body lists {0} signatures; expected 1 to {MAX_SIGNATURES}")]
    Signatures(usize),
}

impl EntryBody {
    /// Parses the canonical body of an entry. Members that are not known are ignored: the log signed them, and nothing
    /// here depends on them.
    ///
    /// # Errors
    /// [`EntryBodyError`]: the kind is unknown, or a member that has to be compared is missing or malformed.
    pub fn parse(body: &[u8]) -> Result<Self, EntryBodyError> {
        if body.len() > MAX_BODY_BYTES {
            return Err(EntryBodyError::TooLarge(body.len()));
        }
        let head: json::Head<'_> = serde_json::from_slice(body)?;
        match (head.kind.as_ref(), head.api_version.as_ref()) {
            ("hashedrekord", "0.0.1") => hashedrekord_1(body),
            ("hashedrekord", "0.0.2") => hashedrekord_2(body),
            ("dsse", "0.0.1") => dsse_1(body),
            ("dsse", "0.0.2") => dsse_2(body),
            ("intoto", "0.0.1") => intoto_1(body),
            ("intoto", "0.0.2") => intoto_2(body),
            (kind, version) => Err(EntryBodyError::Unknown {
                kind: kind.chars().take(40).collect(),
                version: version.chars().take(40).collect(),
            }),
        }
    }

    /// The kind and the version.
    pub fn kind(&self) -> Kind {
        let (name, version) = match self {
            Self::HashedRekord(body) => ("hashedrekord", body.version),
            Self::Dsse(body) => ("dsse", body.version),
            Self::Intoto(body) => ("intoto", body.version),
        };
        Kind { name, version }
    }

    /// Whether only Rekor v2 writes such bodies: their entries have no integrated time and no signed entry timestamp.
    pub fn is_rekor_v2(&self) -> bool {
        match self {
            Self::HashedRekord(body) => body.version == "0.0.2",
            Self::Dsse(body) => body.version == "0.0.2",
            Self::Intoto(_) => false,
        }
    }
}

fn spec<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, EntryBodyError> {
    Ok(serde_json::from_slice::<json::Entry<T>>(body)?.spec)
}

fn hashedrekord_1(body: &[u8]) -> Result<EntryBody, EntryBodyError> {
    let spec: json::HashedRekord1 = spec(body)?;
    Ok(EntryBody::HashedRekord(HashedRekord {
        version: "0.0.1",
        digest: hex_digest(&spec.data.hash, "spec.data.hash")?,
        signature: RecordedSignature {
            signature: base64(&spec.signature.content, "spec.signature.content")?,
            verifier: pem(&spec.signature.public_key.content, "spec.signature.publicKey.content")?,
        },
    }))
}

fn hashedrekord_2(body: &[u8]) -> Result<EntryBody, EntryBodyError> {
    let spec = spec::<json::HashedRekord2>(body)?.hashed_rekord;
    Ok(EntryBody::HashedRekord(HashedRekord {
        version: "0.0.2",
        digest: proto_digest(&spec.data, "spec.hashedRekordV002.data")?,
        signature: proto_signature(&spec.signature)?,
    }))
}

fn dsse_1(body: &[u8]) -> Result<EntryBody, EntryBodyError> {
    let spec: json::Dsse1 = spec(body)?;
    Ok(EntryBody::Dsse(Dsse {
        version: "0.0.1",
        envelope_digest: Some(hex_digest(&spec.envelope_hash, "spec.envelopeHash")?),
        payload_digest: hex_digest(&spec.payload_hash, "spec.payloadHash")?,
        signatures: counted(spec.signatures, |s| {
            Ok(RecordedSignature {
                signature: base64(&s.signature, "spec.signatures[].signature")?,
                verifier: pem(&s.verifier, "spec.signatures[].verifier")?,
            })
        })?,
    }))
}

fn dsse_2(body: &[u8]) -> Result<EntryBody, EntryBodyError> {
    let spec = spec::<json::Dsse2>(body)?.dsse;
    Ok(EntryBody::Dsse(Dsse {
        version: "0.0.2",
        envelope_digest: None,
        payload_digest: proto_digest(&spec.payload_hash, "spec.dsseV002.payloadHash")?,
        signatures: counted(spec.signatures, |s| proto_signature(&s))?,
    }))
}

fn intoto_1(body: &[u8]) -> Result<EntryBody, EntryBodyError> {
    let spec: json::Intoto1 = spec(body)?;
    Ok(EntryBody::Intoto(Intoto {
        version: "0.0.1",
        envelope_digest: hex_digest(&spec.content.hash, "spec.content.hash")?,
        payload_digest: optional_digest(spec.content.payload_hash.as_ref())?,
        signatures: vec![IntotoSignature {
            signature: None,
            verifier: pem(&spec.public_key, "spec.publicKey")?,
        }],
    }))
}

fn intoto_2(body: &[u8]) -> Result<EntryBody, EntryBodyError> {
    let content = spec::<json::Intoto2>(body)?.content;
    Ok(EntryBody::Intoto(Intoto {
        version: "0.0.2",
        envelope_digest: hex_digest(&content.hash, "spec.content.hash")?,
        payload_digest: optional_digest(content.payload_hash.as_ref())?,
        signatures: counted(content.envelope.signatures, |s| {
            // Rekor keeps the envelope's own base64 text, and encodes it once more.
            let text = base64(&s.sig, "spec.content.envelope.signatures[].sig")?;
            let signature = STANDARD
                .decode(text)
                .map_err(|_| EntryBodyError::Base64("the inner text of spec.content.envelope.signatures[].sig"))?;
            Ok(IntotoSignature {
                signature: Some(signature),
                verifier: pem(&s.public_key, "spec.content.envelope.signatures[].publicKey")?,
            })
        })?,
    }))
}

fn counted<T, U>(items: Vec<T>, read: impl FnMut(T) -> Result<U, EntryBodyError>) -> Result<Vec<U>, EntryBodyError> {
    if items.is_empty() || items.len() > MAX_SIGNATURES {
        return Err(EntryBodyError::Signatures(items.len()));
    }
    items.into_iter().map(read).collect()
}

fn base64(text: &str, at: &'static str) -> Result<Vec<u8>, EntryBodyError> {
    STANDARD.decode(text).map_err(|_| EntryBodyError::Base64(at))
}

fn pem(text: &str, at: &'static str) -> Result<Verifier, EntryBodyError> {
    Ok(Verifier::from_pem(&base64(text, at)?)?)
}

fn optional_digest(hash: Option<&json::HexHash>) -> Result<Option<RecordedDigest>, EntryBodyError> {
    hash.map(|hash| hex_digest(hash, "spec.content.payloadHash"))
        .transpose()
}

fn hex_digest(hash: &json::HexHash, at: &'static str) -> Result<RecordedDigest, EntryBodyError> {
    let algorithm = match hash.algorithm.as_str() {
        "sha256" => HashAlgorithm::Sha256,
        "sha384" => HashAlgorithm::Sha384,
        "sha512" => HashAlgorithm::Sha512,
        _ => return Err(EntryBodyError::Digest(at)),
    };
    let bytes = from_hex(&hash.value).ok_or(EntryBodyError::Digest(at))?;
    recorded(algorithm, bytes, at)
}

fn proto_digest(hash: &json::ProtoHash, at: &'static str) -> Result<RecordedDigest, EntryBodyError> {
    let algorithm = match hash.algorithm.as_str() {
        "SHA2_256" => HashAlgorithm::Sha256,
        "SHA2_384" => HashAlgorithm::Sha384,
        "SHA2_512" => HashAlgorithm::Sha512,
        _ => return Err(EntryBodyError::Digest(at)),
    };
    recorded(algorithm, base64(&hash.digest, at)?, at)
}

fn recorded(algorithm: HashAlgorithm, bytes: Vec<u8>, at: &'static str) -> Result<RecordedDigest, EntryBodyError> {
    if bytes.len() != algorithm.digest_len() {
        return Err(EntryBodyError::Digest(at));
    }
    Ok(RecordedDigest { algorithm, bytes })
}

fn proto_signature(signature: &json::ProtoSignature) -> Result<RecordedSignature, EntryBodyError> {
    let verifier = match (&signature.verifier.public_key, &signature.verifier.certificate) {
        (Some(key), None) => Verifier::PublicKey(base64(&key.raw_bytes, "verifier.publicKey.rawBytes")?),
        (None, Some(cert)) => Verifier::Certificate(base64(&cert.raw_bytes, "verifier.x509Certificate.rawBytes")?),
        _ => return Err(EntryBodyError::Verifier(VerifierError::Label("none or both".into()))),
    };
    Ok(RecordedSignature {
        signature: base64(&signature.content, "signature.content")?,
        verifier,
    })
}

/// Fuzz entry: no bytes panic.
pub fn fuzz_entry_body(data: &[u8]) {
    if let Ok(body) = EntryBody::parse(data) {
        assert!(!body.kind().name.is_empty());
    }
}

#[cfg(test)]
mod tests;
