//! Candidates from Sigstore bundles.

use std::sync::Arc;

use super::{Candidate, Evidence, Location, SignedContent};
use crate::bundle::{Bundle, Content};

/// The candidate of a `bundle` that lay at `location`, which says itself what its signature is over.
pub fn candidate(location: Location, bundle: Bundle) -> Arc<Candidate> {
    let evidence = evidence(bundle, None);
    Arc::new(Candidate { location, evidence })
}

/// The evidence in `bundle`. `artifact` is what its signature is over when that is not in the bundle: a blob. Without
/// it, a signature over an artifact is known by the digest in the bundle.
///
/// # Errors
/// The bundle is of another artifact, or does not say of which.
pub fn evidence(bundle: Bundle, artifact: Option<SignedContent>) -> Result<Evidence, String> {
    let signature = bundle.signature().to_vec();
    let certificates = bundle
        .certificates()
        .iter()
        .map(|certificate| certificate.der().to_vec())
        .collect();
    let content = match (bundle.content, artifact) {
        (Content::Dsse(envelope), _) => SignedContent::Dsse { envelope, json: None },
        (Content::Message { digest: None, .. }, None) => {
            return Err("the bundle does not say what its signature is over".to_owned());
        }
        (
            Content::Message {
                digest: Some(digest), ..
            },
            None,
        ) => SignedContent::Digest(digest.algorithm, digest.digest),
        (Content::Message { digest, .. }, Some(artifact)) => {
            let differs = digest.is_some_and(|digest| match (&artifact, artifact.signed_bytes()) {
                (_, Some(bytes)) => digest.algorithm.digest(&bytes) != digest.digest,
                (SignedContent::Digest(known, hash), None) => *known == digest.algorithm && *hash != digest.digest,
                (_, None) => false,
            });
            if differs {
                return Err("the bundle is of another artifact: its digest differs".to_owned());
            }
            artifact
        }
    };
    Ok(Evidence {
        certificates,
        entries: bundle.entries,
        timestamps: bundle.timestamps,
        ..Evidence::new(content, signature)
    })
}
