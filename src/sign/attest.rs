//! Signing statements about images, and keeping them beside the image.

use bytes::Bytes;

use super::blob::{Form, SignedStatement, sign_statement};
use super::{AttestationEntry, Services, SignError, Signer, Subject, timestamp_annotation};
use crate::rekor::annotation::{self, AnnotationError};
use crate::store::append::{Change, append};
use crate::store::referrers::{NewBundle, push_bundle};
use crate::store::{Attachment, MediaTypes, NewLayer, Place, SignatureLayer, signature_manifest as layers};

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
    /// A Sigstore bundle that refers to the image, which cosign 3 reads; created at this time, RFC 3339.
    Bundle(&'a str),
}

/// Signs the JSON of `statement` about `subject`, makes it public with `services`, and keeps it in `place`; with
/// `None` for that it is only returned.
///
/// # Errors
/// [`SignError`]. Whatever fails, the attestations that the image had before are still there.
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
        Keep::Bundle(_) => Form::Bundle,
    };
    let signed = sign_statement(statement, form, signer, services).await?;
    let Some(place) = place else {
        return Ok(signed);
    };
    match keep {
        Keep::Bundle(created) => {
            let json = signed.to_bundle(signer).to_json()?;
            let new = NewBundle {
                bundle: json.into(),
                content: "dsse-envelope",
                predicate_type: Some(predicate_type),
                created,
            };
            push_bundle(place, &subject.descriptor, &new).await?;
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
            append(place, &subject.descriptor.digest, Attachment::Attestations, &change).await?;
        }
    }
    Ok(signed)
}

fn layer(signed: &SignedStatement, signer: &Signer, predicate_type: &str) -> Result<NewLayer, AnnotationError> {
    let published = &signed.published;
    let timestamp = published.timestamps.first().map(|token| timestamp_annotation(token));
    let entry = published.entry.as_ref().map(annotation::write).transpose()?;
    Ok(NewLayer::attestation(signed.envelope.to_json(), predicate_type)
        .with(layers::CERTIFICATE, signer.certificate_pem())
        .with(layers::CHAIN, signer.chain_pem())
        .with(layers::BUNDLE, entry)
        .with(layers::TIMESTAMP, timestamp))
}
