//! Signing statements about images, and keeping them beside the image.

use bytes::Bytes;

use super::blob::{Form, SignedStatement, sign_statement};
use super::{AttestationEntry, Services, SignError, Signer, Subject, timestamp_annotation};
use crate::bundle::{Bundle, Content, MAX_BUNDLE};
use crate::digest::Digest;
use crate::reference::Target;
use crate::rekor::annotation::{self, AnnotationError};
use crate::statement::Statement;
use crate::store::append::{Change, append, remove_from_fallback};
use crate::store::referrers::{self, NewBundle, Opened, Pushed, push_bundle};
use crate::store::{Attachment, MediaTypes, NewLayer, Place, SignatureLayer, StoreError, signature_manifest as layers};

/// How an attestation is kept.
#[derive(Clone, Copy, Debug)]
pub enum Keep<'a> {
    /// A layer under the tag `sha256-<hex>.att`, which every cosign reads.
    Layer {
        /// Media types of a new manifest.
        media_types: MediaTypes,
        /// Time of creation to record, RFC 3339.
        created: Option<&'a str>,
        /// The kind of entry in Rekor v1.
        entry: AttestationEntry,
        /// Whether those of the same predicate type are dropped (`--replace`).
        replace: bool,
    },
    /// A Sigstore bundle that refers to the image, which cosign 3 reads.
    Bundle {
        /// Time of creation, RFC 3339.
        created: &'a str,
        /// Whether bundles with the same predicate type are removed (`--replace`).
        replace: bool,
    },
}

/// Signs the JSON of `statement` about `subject`, makes it public with `services`, and keeps it in `place`; with
/// `None` for that it is only returned.
///
/// # Errors
/// [`SignError`]. Whatever fails, the attestations that the image had before are still there, until the new one is.
pub async fn attest(
    subject: &Subject,
    place: Option<&Place>,
    (statement, predicate_type): (Bytes, &str),
    signer: &Signer,
    services: &Services,
    keep: Keep<'_>,
) -> Result<SignedStatement, SignError> {
    let form = match keep {
        Keep::Layer { entry, .. } => Form::Envelope(entry),
        Keep::Bundle { .. } => Form::Bundle,
    };
    let signed = sign_statement(statement, form, signer, services).await?;
    let Some(place) = place else {
        return Ok(signed);
    };
    match keep {
        Keep::Bundle { created, replace } => {
            let json = signed.to_bundle(signer).to_json()?;
            let new = NewBundle {
                bundle: json.into(),
                content: "dsse-envelope",
                predicate_type: Some(predicate_type),
                created,
            };
            // What others add from here on stays.
            let image = &subject.digest;
            let mut old = match replace {
                true => of_type(place, image, predicate_type).await?,
                false => Vec::new(),
            };
            let pushed = push_bundle(place, subject.descriptor()?, &new).await?;
            old.retain(|digest| *digest != pushed.digest);
            remove(place, image, &pushed, &old).await?;
        }
        Keep::Layer {
            media_types,
            created,
            replace,
            ..
        } => {
            let layers = [layer(&signed, signer, predicate_type)?];
            let same_type = |layer: &SignatureLayer| layer.predicate_type.as_deref() == Some(predicate_type);
            let change = Change {
                replaces: replace.then_some(&same_type),
                created,
                ..Change::add(&layers, media_types)
            };
            append(place, &subject.digest, Attachment::Attestations, &change).await?;
        }
    }
    Ok(signed)
}

/// The bundles of `image` whose statement has this predicate type; a manifest's annotation is only a claim.
async fn of_type(place: &Place, image: &Digest, predicate_type: &str) -> Result<Vec<Digest>, StoreError> {
    let mut found = Vec::new();
    for listed in referrers::list(place, image)
        .await?
        .iter()
        .filter(|listed| referrers::may_be_bundle(listed))
    {
        if let Opened::Bundle(stored) = referrers::open(place, image, listed, MAX_BUNDLE).await?
            && let Ok(bundle) = Bundle::parse(&stored.bundle)
            && let Content::Dsse(envelope) = &bundle.content
            && Statement::parse(&envelope.payload).is_ok_and(|statement| statement.predicate_type == predicate_type)
        {
            found.push(stored.manifest.digest);
        }
    }
    Ok(found)
}

/// Removes the attestations `old` of `image`, in whose place `new` was pushed. Where a registry has no referrers API,
/// what the fallback index does not list is no attestation, and the manifests stay: others who write to the index at the
/// same time may still name them, which registries refuse once they are gone.
async fn remove(place: &Place, image: &Digest, new: &Pushed, old: &[Digest]) -> Result<(), SignError> {
    let Some(first) = old.first() else { return Ok(()) };
    let name = |digest: &Digest| place.store.name(&Target::Digest(digest.clone()));
    let remains = |digest: &Digest, count: usize, source: StoreError| SignError::OldRemains {
        new: name(&new.digest),
        old: name(digest),
        count,
        source,
    };
    let outcomes = match new.fallback {
        false => referrers::remove(place, image, old).await,
        true => remove_from_fallback(place, image, old).await.map(|()| Vec::new()),
    };
    let outcomes = outcomes.map_err(|error| remains(first, old.len(), error))?;
    let refused: Vec<(Digest, StoreError)> = outcomes
        .into_iter()
        .filter_map(|(digest, outcome)| outcome.err().map(|error| (digest, error)))
        .collect();
    let count = refused.len();
    match refused.into_iter().next() {
        Some((digest, error)) => Err(remains(&digest, count, error)),
        None => Ok(()),
    }
}

fn layer(signed: &SignedStatement, signer: &Signer, predicate_type: &str) -> Result<NewLayer, AnnotationError> {
    let published = &signed.published;
    let timestamp = published.timestamps.first().map(|token| timestamp_annotation(token));
    let entry = published.entries.first().map(annotation::write).transpose()?;
    Ok(NewLayer::attestation(signed.envelope.to_json(), predicate_type)
        .with(layers::CERTIFICATE, signer.certificate_pem())
        .with(layers::CHAIN, signer.chain_pem())
        .with(layers::BUNDLE, entry)
        .with(layers::TIMESTAMP, timestamp))
}
