//! Asking the transparency log for the entry of a signature that has none beside it.

use std::sync::Arc;

use super::{Candidate, MAX_ENTRIES, Policy, SignedContent, material};
use crate::key::HashAlgorithm;
use crate::rekor::{Client, ClientError, Submission};

/// The candidate with the log's entries for exactly its content, signature and signer; `None` when the log has none.
/// They are checked as any others.
///
/// # Errors
/// The log could not be asked.
pub(super) async fn ask(
    client: &Client,
    candidate: &Arc<Candidate>,
    policy: &Policy,
) -> Result<Option<Arc<Candidate>>, ClientError> {
    let Ok(evidence) = &candidate.evidence else {
        return Ok(None);
    };
    let Ok(material) = material(evidence, &policy.signer) else {
        return Ok(None);
    };
    let entries = match &evidence.content {
        SignedContent::Dsse { json: Some(json), .. } => client.find_envelope(json, &material.verifier).await?,
        content => {
            let (hash, digest) = match (content, content.signed_bytes()) {
                (SignedContent::Digest(hash, digest), None) => (*hash, digest.clone()),
                (_, Some(bytes)) => (HashAlgorithm::Sha256, HashAlgorithm::Sha256.digest(&bytes)),
                (_, None) => return Ok(None),
            };
            let submission = Submission {
                hash,
                digest: &digest,
                signature: &evidence.signature,
                verifier: &material.verifier,
                key: material.key.algorithm(),
            };
            client.find(&submission).await?
        }
    };
    if entries.is_empty() {
        return Ok(None);
    }
    let mut evidence = evidence.clone();
    evidence.fetched_entries = entries.into_iter().take(MAX_ENTRIES).collect();
    Ok(Some(Candidate::new(candidate.location.clone(), evidence)))
}
