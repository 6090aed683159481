//! What is uploaded: the JSON of proposed entries.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::ClientError;
use crate::digest::hex;
use crate::dsse::{self, EnvelopeError};
use crate::key::{HashAlgorithm, KeyAlgorithm};
use crate::rekor::{Claim, Content, Verifier};

/// A signature that is to be made public as a `hashedrekord` entry.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The hash that the signature is over.
    pub hash: HashAlgorithm,
    /// The digest of the signed bytes (for a DSSE envelope, of its pre-authentication encoding).
    pub digest: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
    /// The key or the certificate that verifies it.
    pub verifier: &'a Verifier,
    /// What kind of key made it. Only Rekor v2 wants to know.
    pub key: KeyAlgorithm,
}

impl Submission<'_> {
    /// An entry holds a digest only. Pure Ed25519, whose signatures are over whole messages, cannot be checked with it;
    /// Ed25519ph over SHA-512 can.
    pub(super) fn check(&self) -> Result<(), ClientError> {
        match (self.key, self.hash) {
            (KeyAlgorithm::Ed25519, hash) if hash != HashAlgorithm::Sha512 => {
                Err(ClientError::Algorithm("Ed25519 keys over whole messages".to_owned()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn claim(&self) -> Claim<'_> {
        Claim {
            content: Content::Digest(self.hash, self.digest),
            signature: self.signature,
            verifier: self.verifier,
        }
    }
}

/// An envelope to upload: its JSON and what is in it.
pub(super) struct Envelope<'a> {
    text: &'a str,
    parsed: dsse::Envelope,
    pae: Vec<u8>,
}

impl<'a> Envelope<'a> {
    pub(super) fn parse(json: &'a [u8]) -> Result<Self, EnvelopeError> {
        let parsed = dsse::Envelope::parse(json)?;
        let pae = parsed.pae();
        // What parsed as JSON is UTF-8.
        let text = std::str::from_utf8(json).unwrap_or_default();
        Ok(Self { text, parsed, pae })
    }

    pub(super) fn text(&self) -> &str {
        self.text
    }

    pub(super) fn claim<'b>(&'b self, verifier: &'b Verifier) -> Claim<'b> {
        Claim {
            content: Content::Envelope {
                payload: &self.parsed.payload,
                pae: &self.pae,
                json: Some(self.text.as_bytes()),
            },
            signature: self.parsed.signatures.first().map_or(&[], |s| s.signature.as_slice()),
            verifier,
        }
    }
}

fn pem(verifier: &Verifier) -> String {
    STANDARD.encode(verifier.to_pem())
}

/// `hashedrekord` 0.0.1.
pub(super) fn hashedrekord(submission: &Submission<'_>) -> Value {
    json!({
        "apiVersion": "0.0.1",
        "kind": "hashedrekord",
        "spec": {
            "data": {"hash": {"algorithm": submission.hash.name(), "value": hex(submission.digest)}},
            "signature": {
                "content": STANDARD.encode(submission.signature),
                "publicKey": {"content": pem(submission.verifier)},
            },
        },
    })
}

/// `dsse` 0.0.1.
pub(super) fn dsse(envelope: &str, verifier: &Verifier) -> Value {
    json!({
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {"proposedContent": {"envelope": envelope, "verifiers": [pem(verifier)]}},
    })
}

/// `intoto` 0.0.1.
pub(super) fn intoto(envelope: &str, verifier: &Verifier) -> Value {
    json!({
        "apiVersion": "0.0.1",
        "kind": "intoto",
        "spec": {"content": {"envelope": envelope}, "publicKey": pem(verifier)},
    })
}

/// The request of Rekor v2 for a `hashedrekord` 0.0.2.
pub(super) fn hashedrekord_v2(submission: &Submission<'_>) -> Result<Value, ClientError> {
    let details = key_details(submission.key, submission.hash)
        .ok_or_else(|| ClientError::Algorithm(format!("{} keys over {}", submission.key, submission.hash)))?;
    let raw = json!({"rawBytes": STANDARD.encode(submission.verifier.der())});
    let mut verifier = json!({"keyDetails": details});
    let member = match submission.verifier {
        Verifier::PublicKey(_) => "publicKey",
        Verifier::Certificate(_) => "x509Certificate",
    };
    verifier[member] = raw;
    Ok(json!({
        "hashedRekordRequestV002": {
            "digest": STANDARD.encode(submission.digest),
            "signature": {"content": STANDARD.encode(submission.signature), "verifier": verifier},
        },
    }))
}

/// The name of key and hash in sigstore/protobuf-specs (`PublicKeyDetails`).
fn key_details(key: KeyAlgorithm, hash: HashAlgorithm) -> Option<&'static str> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    Some(match (key, hash) {
        (KeyAlgorithm::EcdsaP256, Sha256) => "PKIX_ECDSA_P256_SHA_256",
        (KeyAlgorithm::EcdsaP384, Sha384) => "PKIX_ECDSA_P384_SHA_384",
        (KeyAlgorithm::EcdsaP384, Sha256) => "PKIX_ECDSA_P384_SHA_256",
        (KeyAlgorithm::EcdsaP521, Sha512) => "PKIX_ECDSA_P521_SHA_512",
        (KeyAlgorithm::EcdsaP521, Sha256) => "PKIX_ECDSA_P521_SHA_256",
        (KeyAlgorithm::Rsa { bits: 2048 }, Sha256) => "PKIX_RSA_PKCS1V15_2048_SHA256",
        (KeyAlgorithm::Rsa { bits: 3072 }, Sha256) => "PKIX_RSA_PKCS1V15_3072_SHA256",
        (KeyAlgorithm::Rsa { bits: 4096 }, Sha256) => "PKIX_RSA_PKCS1V15_4096_SHA256",
        // An entry holds only a digest, so the signature has to be one that a digest verifies: Ed25519ph.
        (KeyAlgorithm::Ed25519, Sha512) => "PKIX_ED25519_PH",
        _ => return None,
    })
}
