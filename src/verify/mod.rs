//! The one verification of all formats: candidates → evidence → checks → [`VerifiedSignature`] or [`Rejection`].
//!
//! A `.sig` layer, a bundle, a detached signature and a blob's signature all become [`Evidence`]; [`check`] holds it
//! against a [`Policy`]. It is pure: the time is an argument, and no network, clock, file or environment is looked at.
//! [`image`] is the workflow above it, which finds candidates.
//!
//! Checks are made in a fixed order ([`Check`]), and the first that fails is what a [`Rejection`] names:
//!
//! 1. the candidate is a signature, within limits, with a certificate when one is asked for;
//! 2. the signature is over the content, by the asked key or by the certificate's;
//! 3. the content is of the expected kind, about the asked artifact, with the asked annotations;
//! 4. log entries verify by a trusted log's key and are about this content, signature and key or certificate;
//! 5. timestamps verify by a trusted authority and are over this signature;
//! 6. the certificate chains to a trusted authority, was valid at every verified time, and is of an asked identity.

pub mod blob;
pub mod bundled;
mod candidate;
mod certified;
mod claims;
mod error;
pub mod image;
pub mod layer;
mod log;
mod online;
mod policy;
mod rejection;
mod stamped;
mod verified;

use std::sync::Arc;

pub use candidate::{Candidate, Evidence, Location, MAX_ENTRIES, MAX_TIMESTAMPS, SignedContent};
pub use certified::{CertificatePolicy, Publication};
pub use error::VerifyError;
pub use image::{Image, Search, VerifiedImage, Workflow};
pub use policy::{Claims, Expected, LogPolicy, Policy, Signer, TimestampPolicy};
pub use rejection::{Check, Rejection};
pub use verified::{Checks, LogCheck, VerifiedSignature};

use crate::certificate::Certificate;
use crate::key::{HashAlgorithm, KeyAlgorithm, PublicKey, SignatureError};
use crate::rekor::{VerifiedEntry, Verifier};
use crate::timestamp::VerifiedTimestamp;
use rejection::Fault;
use verified::Proofs;

/// Checks one candidate. `now` is the current time in seconds since 1970, which counts where no verified time does.
///
/// # Errors
/// [`Rejection`]: the first check that failed, why, and what to do.
pub fn check(candidate: &Arc<Candidate>, policy: &Policy, now: i64) -> Result<VerifiedSignature, Rejection> {
    judge(candidate, policy, now).map_err(|fault| Rejection::new(&candidate.location, fault))
}

fn judge(candidate: &Arc<Candidate>, policy: &Policy, now: i64) -> Result<VerifiedSignature, Fault> {
    let evidence = well_formed(candidate)?;
    let material = material(evidence, &policy.signer)?;
    signature(evidence, &material)?;
    let content = claims::check(&evidence.content, &policy.claims)?;
    let logged = log::check(evidence, &policy.log, &material.verifier)?;
    let stamped = stamped::check(evidence, &policy.timestamps)?;
    let logged_at = logged.entries().filter_map(VerifiedEntry::time);
    let mut times: Vec<i64> = logged_at
        .chain(stamped.verified.iter().map(VerifiedTimestamp::time))
        .collect();
    let is_dated = !times.is_empty();
    if !is_dated {
        times.push(now);
    }
    let undated = |fault| if is_dated { fault } else { stamped.explain(fault) };
    log::keys_valid_at(&logged, &times).map_err(undated)?;
    let chain = match (&policy.signer, &material.certificate) {
        (Signer::Certificate(policy), Some((leaf, others))) => {
            Some(certified::check(leaf, others, policy, &times).map_err(undated)?)
        }
        _ => None,
    };
    // Without an authority that is trusted, that none is trusted is no news.
    let is_news = !policy.timestamps.authorities.is_empty();
    let proofs = Proofs {
        logged,
        rejected_timestamps: stamped
            .rejected
            .iter()
            .filter(|_| is_news)
            .map(ToString::to_string)
            .collect(),
        timestamps: stamped.verified,
        chain,
    };
    Ok(VerifiedSignature::new(candidate.clone(), content, policy, proofs))
}

fn well_formed(candidate: &Candidate) -> Result<&Evidence, Fault> {
    const ADVICE: &str = "what lies there cannot be used; sign again";
    let fault = |reason: String| Fault::new(Check::Form, reason, ADVICE);
    let evidence = candidate.evidence.as_ref().map_err(|reason| fault(reason.clone()))?;
    if evidence.signature.is_empty() {
        return Err(fault("it carries no signature".to_owned()));
    }
    if evidence.entries.len() > MAX_ENTRIES {
        let count = evidence.entries.len();
        return Err(fault(format!(
            "it carries {count} log entries, more than the {MAX_ENTRIES} that are read"
        )));
    }
    if evidence.timestamps.len() > MAX_TIMESTAMPS {
        let count = evidence.timestamps.len();
        return Err(fault(format!(
            "it carries {count} timestamps, more than the {MAX_TIMESTAMPS} that are read"
        )));
    }
    Ok(evidence)
}

/// What the signature is verified with.
struct Material {
    key: PublicKey,
    hash: HashAlgorithm,
    verifier: Verifier,
    /// The signer's certificate and those above it, when the policy asks for one. Not verified yet.
    certificate: Option<(Certificate, Vec<Certificate>)>,
}

fn material(evidence: &Evidence, signer: &Signer) -> Result<Material, Fault> {
    match signer {
        Signer::Key { key, hash } => Ok(Material {
            key: key.clone(),
            hash: *hash,
            verifier: verifier(evidence, key),
            certificate: None,
        }),
        Signer::Certificate(policy) => {
            let (leaf, others) = certified::parse(&evidence.certificates, policy)?;
            Ok(Material {
                key: leaf.public_key().clone(),
                hash: HashAlgorithm::Sha256,
                verifier: Verifier::Certificate(leaf.der().to_vec()),
                certificate: Some((leaf, others)),
            })
        }
    }
}

/// What a log entry has to name when `key` is asked for: the key, or the certificate that lies beside the signature
/// when it is one of this very key, since then the certificate was uploaded.
fn verifier(evidence: &Evidence, key: &PublicKey) -> Verifier {
    let certificate = evidence
        .certificates
        .first()
        .and_then(|der| Certificate::from_der(der).ok());
    match certificate {
        Some(certificate) if certificate.public_key() == key => Verifier::Certificate(certificate.der().to_vec()),
        _ => Verifier::PublicKey(key.spki_der().to_vec()),
    }
}

fn signature(evidence: &Evidence, material: &Material) -> Result<(), Fault> {
    verify_signature(evidence, material).map_err(|error| {
        let advice = match &material.certificate {
            None => "check that --key is the key of this signer",
            Some(_) => "the content or the signature was changed; sign again",
        };
        Fault::new(Check::Signature, error, advice)
    })
}

/// Verifies under the asked hash; under SHA-256 also under the one that goes with the key, and Ed25519 also as
/// Ed25519ph: a signature that holds under either was made by this key over this content.
fn verify_signature(evidence: &Evidence, material: &Material) -> Result<(), SignatureError> {
    let Material { key, hash, .. } = material;
    let bytes = match (&evidence.content, evidence.content.signed_bytes()) {
        (_, Some(bytes)) => bytes,
        (SignedContent::Digest(HashAlgorithm::Sha512, digest), None) if key.algorithm() == KeyAlgorithm::Ed25519 => {
            return key.verify_ed25519ph(digest, &evidence.signature);
        }
        (SignedContent::Digest(hash, digest), None) => {
            return key.verify_prehashed(*hash, digest, &evidence.signature);
        }
        (_, None) => return Err(SignatureError::Invalid(key.algorithm())),
    };
    let refusal = match key.verify(&bytes, &evidence.signature, *hash) {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    let matching = key.algorithm().matching_hash();
    let also = if key.algorithm() == KeyAlgorithm::Ed25519 {
        key.verify_ed25519ph(&HashAlgorithm::Sha512.digest(&bytes), &evidence.signature)
    } else if *hash == HashAlgorithm::Sha256 && matching != HashAlgorithm::Sha256 {
        key.verify(&bytes, &evidence.signature, matching)
    } else {
        return Err(refusal);
    };
    also.map_err(|_| refusal)
}

#[cfg(test)]
mod tests;
