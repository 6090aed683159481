//! Whether an entry is about the signature that is being verified. Each member that an entry binds is compared: the
//! digest, the signature, and the key or certificate; one that differs makes it the entry of something else.

use super::entry::{Dsse, EntryBody, HashedRekord, Intoto, Kind, RecordedDigest};
use super::verifier::Verifier;
use crate::digest::hex;
use crate::key::HashAlgorithm;

/// The signature that is being verified, and what it is over.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// What was signed.
    pub content: Content<'a>,
    /// The signature's bytes.
    pub signature: &'a [u8],
    /// The key or the certificate that it is verified with; never one that was read from the entry.
    pub verifier: &'a Verifier,
}

/// What was signed.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The signed bytes: a payload or a blob.
    Message(&'a [u8]),
    /// Bytes of which only the digest is known.
    Digest(HashAlgorithm, &'a [u8]),
    /// A DSSE envelope.
    Envelope {
        /// The decoded payload.
        payload: &'a [u8],
        /// The pre-authentication encoding of type and payload: the bytes that are signed (DSSE v1.0 protocol).
        pae: &'a [u8],
        /// The envelope's JSON exactly as it was uploaded to the log, where it is at hand: the blob of an `.att` layer.
        /// `None` for an envelope inside a bundle, whose JSON is another.
        json: Option<&'a [u8]>,
    },
}

/// In what an entry differs from the signature that is being verified.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Mismatch {
    /// The digest is of something else.
    #[error(
        "the log entry is about other content: its {what} is {algorithm}:{entry}, the {what} of what is verified is \
         {algorithm}:{actual}"
    )]
    Digest {
        /// `digest`, `payload digest` or `envelope digest`.
        what: &'static str,
        /// The algorithm's name.
        algorithm: HashAlgorithm,
        /// The digest in the entry, hexadecimal.
        entry: String,
        /// The digest of what is verified, hexadecimal.
        actual: String,
    },
    /// Only the digest under another algorithm is known, so nothing can be compared.
    #[error("the log entry records a {entry} digest, but the content is known only by its {known} digest")]
    Algorithm {
        /// The entry's algorithm.
        entry: HashAlgorithm,
        /// The algorithm of the digest at hand.
        known: HashAlgorithm,
    },
    /// Another signature.
    #[error("the log entry is about another signature over this content")]
    Signature,
    /// Another key or certificate.
    #[error(
        "the log entry names another {entry} than the {claimed} that the signature is verified with: it was made by \
         another signer"
    )]
    Verifier {
        /// What the entry names: `public key` or `certificate`.
        entry: &'static str,
        /// What is verified with.
        claimed: &'static str,
    },
    /// The kind of entry says nothing about such content.
    #[error("a log entry of kind {0} cannot be about a signature over plain bytes, only about a DSSE envelope")]
    Kind(Kind),
    /// An `intoto` entry without signatures, and the uploaded envelope is not at hand.
    #[error(
        "a log entry of kind {0} binds its signature only by the digest of the envelope that was uploaded, which is \
         not at hand"
    )]
    Unbound(Kind),
}

impl EntryBody {
    /// Compares everything that this body records with `claim`.
    ///
    /// # Errors
    /// [`Mismatch`]: the first thing that differs.
    pub fn matches(&self, claim: &Claim<'_>) -> Result<(), Mismatch> {
        match self {
            Self::HashedRekord(body) => hashedrekord(body, claim),
            Self::Dsse(body) => dsse(body, claim, self.kind()),
            Self::Intoto(body) => intoto(body, claim, self.kind()),
        }
    }
}

fn hashedrekord(body: &HashedRekord, claim: &Claim<'_>) -> Result<(), Mismatch> {
    match claim.content {
        Content::Message(message) => same_digest("digest", &body.digest, message)?,
        Content::Envelope { pae, .. } => same_digest("digest", &body.digest, pae)?,
        Content::Digest(known, digest) => {
            if known != body.digest.algorithm {
                return Err(Mismatch::Algorithm {
                    entry: body.digest.algorithm,
                    known,
                });
            }
            equal_digest("digest", &body.digest, digest)?;
        }
    }
    same_signer(
        [(Some(body.signature.signature.as_slice()), &body.signature.verifier)],
        claim,
    )
}

fn dsse(body: &Dsse, claim: &Claim<'_>, kind: Kind) -> Result<(), Mismatch> {
    let Content::Envelope { payload, json, .. } = claim.content else {
        return Err(Mismatch::Kind(kind));
    };
    same_digest("payload digest", &body.payload_digest, payload)?;
    if let (Some(recorded), Some(json)) = (&body.envelope_digest, json) {
        same_digest("envelope digest", recorded, json)?;
    }
    let signers = body
        .signatures
        .iter()
        .map(|s| (Some(s.signature.as_slice()), &s.verifier));
    same_signer(signers, claim)
}

fn intoto(body: &Intoto, claim: &Claim<'_>, kind: Kind) -> Result<(), Mismatch> {
    let Content::Envelope { payload, json, .. } = claim.content else {
        return Err(Mismatch::Kind(kind));
    };
    if let Some(recorded) = &body.payload_digest {
        same_digest("payload digest", recorded, payload)?;
    }
    let bound_by_signature = body.payload_digest.is_some() && body.signatures.iter().all(|s| s.signature.is_some());
    match json {
        // 0.0.2 records the digest of the envelope with the keys that the uploader added, so it cannot be compared.
        Some(json) if body.version == "0.0.1" => same_digest("envelope digest", &body.envelope_digest, json)?,
        _ if bound_by_signature => {}
        _ => return Err(Mismatch::Unbound(kind)),
    }
    let signers = body.signatures.iter().map(|s| (s.signature.as_deref(), &s.verifier));
    same_signer(signers, claim)
}

fn same_digest(what: &'static str, recorded: &RecordedDigest, content: &[u8]) -> Result<(), Mismatch> {
    equal_digest(what, recorded, &recorded.algorithm.digest(content))
}

fn equal_digest(what: &'static str, recorded: &RecordedDigest, actual: &[u8]) -> Result<(), Mismatch> {
    if recorded.bytes == actual {
        return Ok(());
    }
    Err(Mismatch::Digest {
        what,
        algorithm: recorded.algorithm,
        entry: hex(&recorded.bytes),
        actual: hex(actual),
    })
}

/// One of `signers` must be the claim's signature together with the claim's verifier. A signature that the entry does
/// not record is bound by the digest of the envelope instead.
fn same_signer<'a>(
    signers: impl IntoIterator<Item = (Option<&'a [u8]>, &'a Verifier)>,
    claim: &Claim<'_>,
) -> Result<(), Mismatch> {
    let mut reason = Mismatch::Signature;
    for (signature, verifier) in signers {
        let signature_agrees = signature.is_none_or(|signature| signature == claim.signature);
        if signature_agrees && verifier == claim.verifier {
            return Ok(());
        }
        if verifier != claim.verifier {
            reason = Mismatch::Verifier {
                entry: verifier.noun(),
                claimed: claim.verifier.noun(),
            };
        }
    }
    Err(reason)
}
