//! Recognising a signature that the image has already: the same bytes, by the same key, as public as it would be made.

use super::{Published, Services, Signed, Signer, Subject};
use crate::bundle::Bundle;
use crate::digest::Digest;
use crate::key::HashAlgorithm;
use crate::store::referrers::{self, Opened};
use crate::store::{Attachment, Place, SignatureManifest, StoreError, signatures};
use crate::verify::{SignedContent, bundled, layer};
use crate::{statement, verify};

/// Most bundles that are opened to look for an equal one.
const MAX_OPENED: usize = 32;
/// Largest bundle that is opened, in bytes.
const MAX_BUNDLE: usize = 1 << 20;

/// A layer under the `.sig` tag with this payload, by this key.
pub(super) async fn layer(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    payload: &[u8],
) -> Result<Option<Signed>, StoreError> {
    let manifest = signatures::read(place, &subject.digest, Attachment::Signatures).await?;
    Ok(manifest.and_then(|manifest| in_manifest(&manifest, signer, services, payload)))
}

/// The same in a manifest that is at hand.
pub(super) fn in_manifest(
    manifest: &SignatureManifest,
    signer: &Signer,
    services: &Services,
    payload: &[u8],
) -> Option<Signed> {
    let digest = Digest::sha256(payload);
    let equal = manifest
        .layers()
        .flatten()
        .filter(|layer| layer.payload.digest == digest);
    equal.into_iter().find_map(|layer| {
        let candidate = layer::signature(verify::Location::new(""), &layer, payload.to_vec());
        let evidence = candidate.evidence.as_ref().ok()?;
        let published = Published {
            entries: evidence.entries.clone(),
            timestamps: evidence.timestamps.clone(),
        };
        let certified = evidence.certificates.is_empty() == signer.certificate_pem().is_none();
        let ours = certified && services.are_served_by(&published) && signed_by(signer, payload, &evidence.signature);
        ours.then(|| found(payload, &evidence.signature, published, None))
    })
}

/// A bundle that refers to the image with this statement, by this key.
pub(super) async fn bundle(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    payload: &[u8],
) -> Result<Option<Signed>, StoreError> {
    let image = &subject.digest;
    let listed = referrers::listed(place, image).await?;
    let signatures = listed.iter().filter(|listed| {
        let label = listed.annotations.get(referrers::PREDICATE_TYPE);
        referrers::may_be_bundle(listed) && label.is_none_or(|label| label == statement::COSIGN_SIGN)
    });
    for listed in signatures.take(MAX_OPENED) {
        // What cannot be opened is not equal; it is left as it is.
        let Ok(Opened::Bundle(stored)) = referrers::open(place, image, listed, MAX_BUNDLE).await else {
            continue;
        };
        let Ok(bundle) = Bundle::parse(&stored.bundle) else {
            continue;
        };
        let published = Published {
            entries: bundle.entries.clone(),
            timestamps: bundle.timestamps.clone(),
        };
        let certified = bundle.certificates().is_empty() == signer.certificate_pem().is_none();
        let Ok(evidence) = bundled::evidence(bundle, None) else {
            continue;
        };
        let SignedContent::Dsse { envelope, .. } = &evidence.content else {
            continue;
        };
        let equal = envelope.payload == payload && signed_by(signer, &envelope.pae(), &evidence.signature);
        if equal && certified && services.are_served_by(&published) {
            return Ok(Some(found(
                payload,
                &evidence.signature,
                published,
                Some(stored.bundle.to_vec()),
            )));
        }
    }
    Ok(None)
}

/// A layer with this payload, by this key, in a manifest that refers to the image.
pub(super) async fn referrer(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    payload: &[u8],
) -> Result<Option<Signed>, StoreError> {
    let image = &subject.digest;
    let listed = referrers::listed(place, image).await?;
    let signatures = listed
        .iter()
        .filter(|listed| referrers::may_be_attached(listed) == Some(Attachment::Signatures));
    for listed in signatures.take(MAX_OPENED) {
        // What cannot be read is not equal; it is left as it is.
        if let Ok(Some(manifest)) = referrers::layers(place, image, listed).await
            && let Some(found) = in_manifest(&manifest, signer, services, payload)
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn signed_by(signer: &Signer, message: &[u8], signature: &[u8]) -> bool {
    let key = signer.key().public_key();
    key.verify(message, signature, HashAlgorithm::Sha256).is_ok()
}

fn found(payload: &[u8], signature: &[u8], published: Published, bundle: Option<Vec<u8>>) -> Signed {
    Signed {
        payload: payload.to_vec(),
        signature: signature.to_vec(),
        published,
        bundle,
        present: true,
    }
}
