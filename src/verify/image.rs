//! The image workflow: which signatures an image has, in either format, and whether one of them is good.
//!
//! The places are asked one after the other, and the first that yields a good signature ends the search: an old-format
//! signature costs one request by digest (its payload is rebuilt from the digest instead of being fetched), a bundle
//! two or three when the referrers are asked first ([`Search`]). The order decides only what it costs: an image is
//! unsigned, or its signatures are bad, only when every place was asked. A place that could not be asked ends in an
//! error unless another has a good signature.

mod attested;
mod finding;
mod places;

use std::sync::Arc;

use super::{Candidate, Claims, Policy, Rejection, VerifiedSignature, VerifyError};
use crate::digest::Digest;
use crate::reference::Target;
use crate::rekor;
use crate::store::{Place, Store};

pub use attested::{Attestations, attestations};
use finding::Findings;
pub use places::Search;

/// An image to be verified, and where its signatures may be.
#[derive(Clone)]
pub struct Image {
    /// The image as it was asked, for messages and as the `docker-reference` of bundles.
    pub name: String,
    /// The repository or layout that holds it.
    pub store: Store,
    /// Which image.
    pub target: Target,
    /// Where its signatures are.
    pub place: Place,
    /// What `docker-reference` cosign signs for it: used to rebuild payloads, not to judge them.
    pub identity: String,
}

/// How images are verified.
#[derive(Clone)]
pub struct Workflow {
    /// What a signature has to satisfy. The subject of its claims is replaced by the digest of each image, or by none
    /// when `check_claims` is false.
    pub policy: Policy,
    /// Whether signatures have to be about the image.
    pub check_claims: bool,
    /// Where to look, and in which order.
    pub search: Search,
    /// The log to ask for signatures that have no entry beside them; `None` asks nobody.
    pub log: Option<rekor::Client>,
    /// The current time in seconds since 1970.
    pub now: i64,
}

/// An image with at least one good signature.
#[derive(Clone, Debug)]
pub struct VerifiedImage {
    name: String,
    digest: Digest,
    signatures: Vec<VerifiedSignature>,
    rejections: Vec<Rejection>,
}

impl VerifiedImage {
    /// The image as it was asked.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The digest that was verified: a tag is resolved once.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The good signatures of the place that had any; at least one.
    pub fn signatures(&self) -> &[VerifiedSignature] {
        &self.signatures
    }

    /// The signatures that are no good and were looked at before.
    pub fn rejections(&self) -> &[Rejection] {
        &self.rejections
    }
}

impl Workflow {
    /// Verifies that `candidate`, wherever it came from, is a good signature of `image`, whose digest is `digest`.
    ///
    /// # Errors
    /// [`VerifyError`]: it is none, or the log could not be asked.
    pub async fn verify_candidate(
        &self,
        image: &Image,
        digest: Digest,
        candidate: &Arc<Candidate>,
    ) -> Result<VerifiedImage, VerifyError> {
        let policy = self.policy_for(&digest);
        let mut findings = Findings::new(self, &policy);
        findings.judge(candidate).await;
        findings.into_image(&image.name, digest, || candidate.location.to_string())
    }

    /// Verifies `image`.
    ///
    /// # Errors
    /// [`VerifyError`]: no such tag, no signatures, none that is good, or a look-up that failed.
    pub async fn verify(&self, image: &Image) -> Result<VerifiedImage, VerifyError> {
        let digest = resolve(image).await?;
        let policy = self.policy_for(&digest);
        let mut findings = Findings::new(self, &policy);
        for place in self.search.places() {
            place.look(image, &digest, &mut findings).await;
            if findings.has_good() {
                break;
            }
        }
        findings.into_image(&image.name, digest.clone(), || self.search.names(image, &digest))
    }

    fn policy_for(&self, digest: &Digest) -> Policy {
        Policy {
            claims: Claims {
                subject: self.check_claims.then(|| digest.clone()),
                ..self.policy.claims.clone()
            },
            ..self.policy.clone()
        }
    }
}

/// The digest of what `image` names now. A digest is not looked up: whether the image exists is not the question.
///
/// # Errors
/// [`VerifyError::TagNotFound`], or the look-up failed.
pub async fn resolve(image: &Image) -> Result<Digest, VerifyError> {
    match &image.target {
        Target::Digest(digest) => Ok(digest.clone()),
        Target::Tag(_) => match image.store.resolve(&image.target).await? {
            Some(digest) => Ok(digest),
            None => Err(VerifyError::TagNotFound {
                image: image.name.clone(),
            }),
        },
    }
}
