//! The attestations of an image, in both formats.

use std::collections::BTreeSet;

use super::super::{Candidate, Location, Rejection, VerifiedSignature, VerifyError, layer};
use super::finding::Findings;
use super::places::Lookup;
use super::{Image, Workflow, resolve};
use crate::bundle::MAX_BUNDLE;
use crate::digest::Digest;
use crate::store::{Attachment, signatures};

/// What was found on one image.
#[derive(Clone, Debug)]
pub struct Attestations {
    /// The digest that was asked about: a tag is resolved once.
    pub digest: Digest,
    /// The attestations that the asked signer made about the image, of any type; at least one.
    pub good: Vec<VerifiedSignature>,
    /// The others.
    pub rejections: Vec<Rejection>,
}

/// All attestations of `image` that satisfy the policy of `workflow`. Unlike with signatures, every place is looked at.
///
/// # Errors
/// [`VerifyError`]: no such tag, none, none that is good, or a look-up that failed while nothing good was found.
pub async fn attestations(workflow: &Workflow, image: &Image) -> Result<Attestations, VerifyError> {
    let digest = resolve(image).await?;
    let policy = workflow.policy_for(&digest);
    let mut findings = Findings::new(workflow, &policy);
    for place in workflow.search.places() {
        match place {
            Lookup::Tag => {
                if let Err(error) = envelopes(image, &digest, &mut findings).await {
                    findings.failed(error);
                }
            }
            _ => place.look(image, &digest, &mut findings).await,
        }
    }
    let tag = image.place.name(&digest, Attachment::Attestations);
    let places = format!("{tag} and the referrers of {digest} in {}", image.place.store);
    let (mut good, rejections) = findings.into_attestations(image.name.clone(), places)?;
    // A registry with the referrers API may list a bundle that the fallback index lists as well.
    let mut seen = BTreeSet::new();
    good.retain(|attestation| seen.insert(attestation.location().as_str().to_owned()));
    Ok(Attestations {
        digest,
        good,
        rejections,
    })
}

/// The envelopes under `sha256-<hex>.att`, one after the other: each may be large.
async fn envelopes(image: &Image, digest: &Digest, findings: &mut Findings<'_>) -> Result<(), VerifyError> {
    let Some(manifest) = signatures::read(&image.place, digest, Attachment::Attestations).await? else {
        return Ok(());
    };
    let name = image.place.name(digest, Attachment::Attestations);
    for found in manifest.layers() {
        let candidates = match found {
            Ok(found) => {
                let content = signatures::content(&image.place, &found.payload, MAX_BUNDLE).await?;
                layer::attestation(&Location::layer(&name, found.position), &found, &content)
            }
            Err(fault) => vec![Candidate::malformed(Location::layer(&name, fault.position), fault)],
        };
        for candidate in &candidates {
            findings.judge(candidate).await;
        }
    }
    Ok(())
}
