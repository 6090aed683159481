//! The signing workflows of images.
//!
//! [`subjects`] finds what is to be signed, [`Signer`] holds who signs, [`Services`] makes a signature public, and
//! [`sign`] puts it beside the image: as a layer under the `.sig` tag, or as such a layer or a bundle that refers to the
//! image. A signature that the image already has is not made twice, nor logged twice.

// A failed signature ends the run: the size of its error is no matter.
#![allow(clippy::result_large_err)]

pub mod attest;
pub mod blob;
mod present;
mod publish;
mod signer;
mod subject;

pub use publish::{AttestationEntry, Published, Services};
pub use signer::{CertificateMismatch, Signer};
pub use subject::{Reach, Subject, subjects};

use crate::annotations::Annotations;
use crate::bundle::{BundleError, Content};
use crate::digest::Digest;
use crate::dsse::{self, Envelope};
use crate::key::SigningError;
use crate::payload::Payload;
use crate::registry;
use crate::rekor::ClientError;
use crate::rekor::annotation::{self, AnnotationError};
use crate::statement::{self, Statement};
use crate::store::append::{self, Change, Look, Uploaded, append};
use crate::store::referrers::{NewBundle, NewLayers, push_bundle, push_layers};
use crate::store::{
    Attachment, MediaTypes, NewLayer, Place, SignatureManifest, StoreError, signature_manifest as layers,
};

/// How signatures are made and kept.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is signed with the image's digest.
    pub annotations: Annotations,
    /// What `docker-reference` is signed, in place of the image's repository (`--sign-container-identity`).
    pub identity: Option<String>,
    /// The bytes to sign, in place of the payload that cosign makes (`--payload`).
    pub payload: Option<Vec<u8>>,
    /// In which format.
    pub format: Format,
    /// Whether it is put beside the image; else it is only returned.
    pub upload: bool,
    /// The current time, RFC 3339 with seconds: creation of bundles.
    pub now: String,
}

/// The format in which a signature is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// A layer under the tag `sha256-<hex>.sig`, which every cosign reads.
    Layer {
        /// Media types of a new manifest.
        media_types: MediaTypes,
        /// Time of creation to record, RFC 3339 (`--record-creation-timestamp`).
        created: Option<String>,
    },
    /// Such a layer in a manifest that refers to the image (`--registry-referrers-mode oci-1-1`), which cosign reads
    /// with `--experimental-oci11`.
    Referrer {
        /// Media type of the manifest.
        media_types: MediaTypes,
        /// Time of creation to record, RFC 3339 (`--record-creation-timestamp`).
        created: Option<String>,
    },
    /// A Sigstore bundle that refers to the image, which cosign 3 reads.
    Bundle,
}

/// A signature that was made, or found.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The signed bytes: the payload, or the statement in the envelope.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// What makes it public.
    pub published: Published,
    /// The bundle, when it is kept as one.
    pub bundle: Option<Vec<u8>>,
    /// Whether the image had an equal signature before, so that nothing was made.
    pub present: bool,
}

/// Why an image is not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// There is no such image.
    #[error("{0} does not exist in its registry: push the image first, or check its name")]
    NoImage(String),
    /// An index of indexes that is too deep or lists too many.
    #[error("{0} lists more than {limit} images, or is nested too deeply to be signed recursively", limit = subject::MAX_SUBJECTS)]
    TooMany(String),
    /// Its media type and size are not known: [`Reach::Named`] does for [`Format::Layer`] only.
    #[error("{0} has to be looked up in its registry before anything can refer to it")]
    Unseen(Digest),
    /// What lies under the name is no image.
    #[error("{image}: {source}")]
    Manifest {
        /// The image.
        image: String,
        /// What is wrong.
        source: crate::oci::ManifestError,
    },
    /// The key failed.
    #[error("the signature could not be made: {0}")]
    Signing(#[from] SigningError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry keeps attestations that were to be replaced.
    #[error(
        "the attestation is written ({new}), but {count} older of the same type could not be removed, among them {old}: \
         {source}; have the registry allow deletes and remove it there, or go on with both"
    )]
    OldRemains {
        /// The new one.
        new: String,
        /// The first of the old ones.
        old: String,
        /// How many old ones there are.
        count: usize,
        /// What the registry says.
        source: StoreError,
    },
    /// What is there already could not be looked at.
    #[error("the existing signatures could not be read: {0}")]
    Existing(Box<crate::verify::VerifyError>),
    /// The log failed.
    #[error("{0}")]
    Log(#[from] ClientError),
    /// The log's entry cannot be kept in this format.
    #[error("{0}; use --new-bundle-format")]
    Entry(#[from] AnnotationError),
    /// More than the form has room for.
    #[error(
        "the signing configuration asks for {logs} transparency logs and {authorities} timestamp authorities, but this \
         form of a signature holds one entry and one timestamp; write a bundle (--new-bundle-format), or set the \
         selectors to ANY"
    )]
    Several {
        /// Logs that are asked for.
        logs: usize,
        /// Timestamp authorities that are asked for.
        authorities: usize,
    },
    /// The timestamp authority failed.
    #[error("{0}")]
    Timestamp(#[from] crate::timestamp::ClientError),
    /// The bundle cannot be written.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// What [`prepare`] has done for a signature.
#[derive(Debug, Default)]
pub struct Prepared {
    /// Blobs that are in the repository.
    uploaded: Vec<Digest>,
    /// The image has no equal signature, as far as is known.
    unsigned: bool,
}

/// Uploads what the first signature of `subject` will need, as far as that is known before it is made: while a key is
/// derived, the network is idle. What it fails to do in advance, [`sign`] does.
///
/// # Errors
/// [`SignError`]: there was no answer, or what the image has is no list of signatures; [`sign`] would fail as well.
pub async fn prepare(
    subject: &Subject,
    place: &Place,
    services: &Services,
    options: &Options,
) -> Result<Prepared, SignError> {
    let is_local = place.store.is_exact();
    let (true, Format::Layer { media_types, created }) = (options.upload && !is_local, &options.format) else {
        return Ok(Prepared::default());
    };
    let layers = [NewLayer::signature(payload(subject, options), "")];
    let change = Change {
        layers: &layers,
        ..layer_change(*media_types, created.as_deref())
    };
    // A registry that cannot mount does not tell that a payload is there: then the signature is made public again.
    let look = if services.are_idempotent() {
        Look::Never
    } else {
        Look::First
    };
    match append::upload(place, &subject.digest, Attachment::Signatures, &change, look).await {
        Ok(Uploaded { blobs, first }) => Ok(Prepared {
            uploaded: blobs,
            unsigned: first,
        }),
        Err(error @ StoreError::Registry(registry::Error::Http { .. })) => Err(error.into()),
        Err(StoreError::Registry(_)) => Ok(Prepared::default()),
        Err(error) => Err(error.into()),
    }
}

/// Signs `subject` for `signer`, makes the signature public with `services`, and keeps it in `place`.
///
/// # Errors
/// [`SignError`]. Whatever fails, the signatures that the image had before are still there.
pub async fn sign(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    options: &Options,
    prepared: &Prepared,
) -> Result<Signed, SignError> {
    match &options.format {
        Format::Layer { media_types, created } => {
            let change = layer_change(*media_types, created.as_deref());
            as_layer(subject, place, signer, services, options, prepared, change).await
        }
        Format::Referrer { media_types, created } => {
            let new = NewLayers {
                attachment: Attachment::Signatures,
                layers: &[],
                media_types: *media_types,
                created: created.as_deref(),
            };
            as_referrer(subject, place, signer, services, options, new).await
        }
        Format::Bundle => as_bundle(subject, place, signer, services, options).await,
    }
}

/// How layers are added under the `.sig` tag.
fn layer_change(media_types: MediaTypes, created: Option<&str>) -> Change<'_> {
    Change {
        created,
        ..Change::add(&[], media_types)
    }
}

/// The bytes that [`sign`] signs for the `.sig` tag; what `generate` prints.
pub fn payload(subject: &Subject, options: &Options) -> Vec<u8> {
    match &options.payload {
        Some(payload) => payload.clone(),
        None => {
            let identity = options.identity.as_ref().unwrap_or(&subject.identity);
            Payload::new(identity.as_str(), &subject.digest, &options.annotations).to_bytes()
        }
    }
}

async fn as_layer(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    options: &Options,
    prepared: &Prepared,
    change: Change<'_>,
) -> Result<Signed, SignError> {
    services.at_most_one_each()?;
    let payload = payload(subject, options);
    // Before anything is made public; else the manifest that is read for adding to it tells.
    if options.upload
        && !prepared.unsigned
        && !services.is_empty()
        && let Some(found) = present::layer(subject, place, signer, services, &payload).await?
    {
        return Ok(found);
    }
    let (mut signed, layer) = sign_layer(payload.clone(), signer, services).await?;
    if options.upload {
        let layers = [layer];
        let is_there =
            |manifest: &SignatureManifest| present::in_manifest(manifest, signer, services, &payload).is_some();
        let change = Change {
            layers: &layers,
            enough: Some(&is_there),
            uploaded: &prepared.uploaded,
            ..change
        };
        let appended = append(place, &subject.digest, Attachment::Signatures, &change).await?;
        signed.present = !appended.written;
    }
    Ok(signed)
}

async fn as_referrer(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    options: &Options,
    new: NewLayers<'_>,
) -> Result<Signed, SignError> {
    services.at_most_one_each()?;
    let payload = payload(subject, options);
    if options.upload
        && let Some(found) = present::referrer(subject, place, signer, services, &payload).await?
    {
        return Ok(found);
    }
    let (signed, layer) = sign_layer(payload, signer, services).await?;
    if options.upload {
        let layers = [layer];
        let new = NewLayers { layers: &layers, ..new };
        push_layers(place, subject.descriptor()?, &new).await?;
    }
    Ok(signed)
}

/// Signs `payload`, makes the signature public, and makes the layer of it.
async fn sign_layer(payload: Vec<u8>, signer: &Signer, services: &Services) -> Result<(Signed, NewLayer), SignError> {
    let signature = signer.key().sign(&payload)?;
    let published = services.publish_message(&payload, &signature, signer).await?;
    let layer = NewLayer::signature(payload.clone(), &base64(&signature))
        .with(layers::CERTIFICATE, signer.certificate_pem())
        .with(layers::CHAIN, signer.chain_pem())
        .with(
            layers::BUNDLE,
            published.entries.first().map(annotation::write).transpose()?,
        )
        .with(
            layers::TIMESTAMP,
            published.timestamps.first().map(|token| timestamp_annotation(token)),
        );
    let signed = Signed {
        payload,
        signature,
        published,
        bundle: None,
        present: false,
    };
    Ok((signed, layer))
}

async fn as_bundle(
    subject: &Subject,
    place: &Place,
    signer: &Signer,
    services: &Services,
    options: &Options,
) -> Result<Signed, SignError> {
    let annotations = options
        .annotations
        .iter()
        .map(|(key, value)| (key.to_owned(), value.into()));
    let statement = Statement::cosign_sign(&subject.digest, annotations.collect());
    let payload = options.payload.clone().unwrap_or_else(|| statement.to_json());
    if options.upload
        && let Some(found) = present::bundle(subject, place, signer, services, &payload).await?
    {
        return Ok(found);
    }
    let signature = signer.key().sign(&dsse::pae(dsse::IN_TOTO, &payload))?;
    let envelope = Envelope::new(dsse::IN_TOTO, payload.clone(), signature.clone());
    let published = services.publish_envelope(&envelope, &signature, signer).await?;
    let json = blob::bundle(Content::Dsse(envelope), &published, signer).to_json()?;
    if options.upload {
        let new = NewBundle {
            bundle: json.clone().into(),
            content: "dsse-envelope",
            predicate_type: Some(statement::COSIGN_SIGN),
            created: &options.now,
        };
        push_bundle(place, subject.descriptor()?, &new).await?;
    }
    Ok(Signed {
        payload,
        signature,
        published,
        bundle: Some(json),
        present: false,
    })
}

/// Base64 as signatures are written.
pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn timestamp_annotation(token: &[u8]) -> String {
    format!(r#"{{"SignedRFC3161Timestamp":"{}"}}"#, base64(token))
}
