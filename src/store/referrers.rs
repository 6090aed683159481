//! Bundles as referrers of an image (OCI distribution-spec v1.1): through the referrers API, or where a registry has
//! none, through the fallback index under the tag `sha256-<hex>`.
//!
//! Descriptors in a list of referrers are claims: some tools, cosign 3.1 among them, write a wrong artifact type and no
//! annotations into the fallback index. So a manifest is opened before anything is believed about it, and one whose
//! `subject` is another image does not count. Our own manifests say in their annotations, which a list repeats, which
//! blob the bundle is ([`announced`]): who checks that the signed content names the image needs nothing else of the
//! manifest, and saves the request for it.

use std::collections::BTreeMap;

use super::append::{append_to_fallback, remove_from_fallback};
use super::layout::{referrer_descriptor, subject_in};
use super::signature_manifest::SignatureConfig;
use super::{Attachment, Document, List, MediaTypes, NewLayer, Place, Put, SignatureManifest, StoreError};
use crate::digest::Digest;
use crate::http::Bytes;
use crate::oci::media_type::{BUNDLE_V03, OCI_CONFIG, OCI_EMPTY, OCI_MANIFEST, is_manifest};
use crate::oci::{self, Descriptor, Manifest, Parsed};
use crate::reference::Target;

/// Annotation that says what the bundle holds: `dsse-envelope` or `message-signature`.
pub const CONTENT: &str = "dev.sigstore.bundle.content";
/// Annotation with the predicate type of the statement in the bundle.
pub const PREDICATE_TYPE: &str = "dev.sigstore.bundle.predicateType";
/// Annotation with the time of creation, RFC 3339.
pub const CREATED: &str = "org.opencontainers.image.created";
/// Annotations of ours with the digest and the size in bytes of the bundle, which is the manifest's one layer.
pub const BUNDLE_DIGEST: &str = "dev.countersign.bundle.digest";
/// See [`BUNDLE_DIGEST`].
pub const BUNDLE_SIZE: &str = "dev.countersign.bundle.size";
/// The predicate type of an image signature in a bundle.
pub const SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";
/// What all versions of the bundle media type start with.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";
/// The empty configuration.
const EMPTY: &[u8] = b"{}";

/// A bundle to be stored.
#[derive(Clone, Debug)]
pub struct NewBundle<'a> {
    /// The bundle, JSON.
    pub bundle: Bytes,
    /// `dsse-envelope` or `message-signature`.
    pub content: &'a str,
    /// Predicate type of the statement, when there is one.
    pub predicate_type: Option<&'a str>,
    /// Time of creation, RFC 3339 in UTC with seconds.
    pub created: &'a str,
}

/// A bundle as a store has it: untrusted, but its digests were checked and its subject is the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBundle {
    /// Descriptor of the manifest, made from the manifest.
    pub manifest: Descriptor,
    /// The layer that is the bundle.
    pub layer: Descriptor,
    /// The bundle, JSON.
    pub bundle: Bytes,
    /// Full name of the manifest, for reports.
    pub name: String,
}

impl StoredBundle {
    /// The predicate type that the manifest claims; what counts is the one in the statement.
    pub fn claimed_predicate_type(&self) -> Option<&str> {
        self.manifest.annotations.get(PREDICATE_TYPE).map(String::as_str)
    }
}

/// What a listed referrer turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A bundle.
    Bundle(Box<StoredBundle>),
    /// Something else, and why it is no bundle of this image.
    Other {
        /// Full name of the manifest.
        name: String,
        /// Why it does not count.
        reason: &'static str,
    },
}

/// Whether a listed referrer may be a bundle, going by its descriptor: its artifact type is one, or one of those that
/// tools write by mistake.
pub fn may_be_bundle(descriptor: &Descriptor) -> bool {
    match descriptor.artifact_type.as_deref() {
        None | Some("" | OCI_EMPTY | OCI_CONFIG) => is_manifest(&descriptor.media_type),
        Some(other) => other.starts_with(BUNDLE),
    }
}

/// Artifact type of what cosign 2 stores as a referrer (`--registry-referrers-mode oci-1-1`): a manifest as under the
/// tag.
fn artifact_type(attachment: Attachment) -> String {
    format!("application/vnd.dev.cosign.artifact.{}.v1+json", attachment.suffix())
}

/// What a listed referrer may be that is elsewhere under a tag, going by its descriptor.
pub fn may_be_attached(descriptor: &Descriptor) -> Option<Attachment> {
    let claimed = descriptor.artifact_type.as_deref()?;
    let is_type = |attachment: &Attachment| claimed == artifact_type(*attachment);
    let found = Attachment::ALL.into_iter().find(is_type);
    found.filter(|_| is_manifest(&descriptor.media_type))
}

/// The layers that a listed referrer holds; `None` where it does not exist or refers to another image.
///
/// # Errors
/// [`StoreError`]: it could not be fetched or is not valid.
pub async fn layers(
    place: &Place,
    image: &Digest,
    listed: &Descriptor,
) -> Result<Option<SignatureManifest>, StoreError> {
    let target = Target::Digest(listed.digest.clone());
    let Some(found) = place.store.manifest(&target).await? else {
        return Ok(None);
    };
    let name = || place.store.name(&target);
    let parsed = oci::parse(&found.bytes, Some(&found.media_type))
        .map_err(|source| StoreError::Manifest { name: name(), source })?;
    if subject_in(&parsed).is_none_or(|subject| subject.digest != *image) {
        return Ok(None);
    }
    let manifest = SignatureManifest::parse(&found.bytes, Some(&found.media_type));
    manifest
        .map(Some)
        .map_err(|source| StoreError::Signatures { name: name(), source })
}

/// The referrers that the API lists, all pages; `None` when the registry does not have it.
///
/// # Errors
/// [`StoreError`] when any part of the answer is missing.
pub async fn by_api(place: &Place, image: &Digest) -> Result<Option<Vec<Descriptor>>, StoreError> {
    place.store.referrers(image).await
}

/// The referrers that the fallback index lists; none when there is no such tag.
///
/// # Errors
/// [`StoreError`] when the look-up failed or the document under the tag is no index.
pub async fn by_fallback(place: &Place, image: &Digest) -> Result<Vec<Descriptor>, StoreError> {
    let target = Target::Tag(place.fallback_tag(image));
    let Some(found) = place.store.manifest(&target).await? else {
        return Ok(Vec::new());
    };
    if found.digest == *image {
        // cosign's copy puts the image itself under this tag: nothing refers to it here.
        return Ok(Vec::new());
    }
    let document = Document::parse(&found.bytes, Some(&found.media_type), List::Manifests);
    match document {
        Ok(document) => Ok(document.entries().iter().map(|e| e.descriptor().clone()).collect()),
        Err(source) => Err(StoreError::Manifest {
            name: place.store.name(&target),
            source,
        }),
    }
}

/// The referrers where writers list them: in the API, or in the fallback index of a registry without it.
///
/// # Errors
/// As [`by_api`] and [`by_fallback`].
pub async fn listed(place: &Place, image: &Digest) -> Result<Vec<Descriptor>, StoreError> {
    match by_api(place, image).await? {
        Some(listed) => Ok(listed),
        None => by_fallback(place, image).await,
    }
}

/// All referrers, of the API and of the fallback index, each once.
///
/// # Errors
/// As [`by_api`] and [`by_fallback`].
pub async fn list(place: &Place, image: &Digest) -> Result<Vec<Descriptor>, StoreError> {
    let (api, fallback) = futures_util::future::try_join(by_api(place, image), by_fallback(place, image)).await?;
    let mut all: Vec<Descriptor> = Vec::new();
    for descriptor in api.unwrap_or_default().into_iter().chain(fallback) {
        if all.iter().all(|known| known.digest != descriptor.digest) {
            all.push(descriptor);
        }
    }
    Ok(all)
}

/// The blob that a listed referrer says is its bundle. It is a claim: only what the blob itself proves counts.
pub fn announced(listed: &Descriptor) -> Option<Descriptor> {
    if listed.artifact_type.as_deref() != Some(BUNDLE_V03) {
        return None;
    }
    Some(Descriptor {
        digest: listed.annotations.get(BUNDLE_DIGEST)?.parse().ok()?,
        size: listed.annotations.get(BUNDLE_SIZE)?.parse().ok()?,
        ..Descriptor::of(BUNDLE_V03, b"")
    })
}

/// Opens a listed referrer; a bundle is fetched when it has at most `limit` bytes.
///
/// # Errors
/// [`StoreError`]: the manifest or the bundle could not be fetched. What can be fetched and is no bundle of `image`
/// is [`Opened::Other`].
pub async fn open(place: &Place, image: &Digest, listed: &Descriptor, limit: usize) -> Result<Opened, StoreError> {
    open_knowing(place, image, listed, limit, None).await
}

/// The same; a blob that is at hand is not fetched again.
///
/// # Errors
/// As [`open`].
pub async fn open_knowing(
    place: &Place,
    image: &Digest,
    listed: &Descriptor,
    limit: usize,
    known: Option<(Descriptor, Bytes)>,
) -> Result<Opened, StoreError> {
    let target = Target::Digest(listed.digest.clone());
    let name = place.store.name(&target);
    let Some(found) = place.store.manifest(&target).await? else {
        let reason = "it is listed, but does not exist";
        return Ok(Opened::Other { name, reason });
    };
    let parsed = oci::parse(&found.bytes, Some(&found.media_type)).map_err(|source| StoreError::Manifest {
        name: name.clone(),
        source,
    })?;
    let (manifest, layer) = match bundle_layer(parsed, &found.bytes, &found.media_type, image) {
        Ok(pair) => pair,
        Err(reason) => return Ok(Opened::Other { name, reason }),
    };
    let bundle = match known {
        Some((known, bytes)) if known.digest == layer.digest && known.size == layer.size => bytes,
        _ => place.store.blob(&layer, limit).await?,
    };
    Ok(Opened::Bundle(Box::new(StoredBundle {
        manifest,
        layer,
        bundle,
        name,
    })))
}

/// The descriptor of a manifest and its layer that is a bundle, when it is one of `image`.
fn bundle_layer(
    parsed: Parsed,
    bytes: &[u8],
    media_type: &str,
    image: &Digest,
) -> Result<(Descriptor, Descriptor), &'static str> {
    match subject_in(&parsed) {
        None => return Err("it refers to no image"),
        Some(subject) if subject.digest != *image => return Err("it refers to another image"),
        Some(_) => {}
    }
    let descriptor = referrer_descriptor(&parsed, media_type, bytes).ok_or("it refers to no image")?;
    let Parsed::Manifest(manifest) = parsed else {
        return Err("it is an index");
    };
    let mut bundles = manifest.layers.into_iter().filter(|l| l.media_type.starts_with(BUNDLE));
    match (bundles.next(), bundles.next()) {
        (Some(layer), None) => Ok((descriptor, layer)),
        (Some(_), Some(_)) => Err("it holds several bundles"),
        _ => Err("it holds no Sigstore bundle"),
    }
}

/// The manifest of a bundle that refers to `subject`: byte for byte as cosign 3.1 writes it, but for the two
/// annotations that name the bundle.
///
/// # Errors
/// None in practice: JSON of these types can always be written.
pub fn bundle_manifest(subject: &Descriptor, new: &NewBundle<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let layer = Descriptor::of(BUNDLE_V03, &new.bundle);
    let mut annotations = BTreeMap::from([
        (BUNDLE_DIGEST.to_owned(), layer.digest.to_string()),
        (BUNDLE_SIZE.to_owned(), layer.size.to_string()),
        (CONTENT.to_owned(), new.content.to_owned()),
        (CREATED.to_owned(), new.created.to_owned()),
    ]);
    if let Some(predicate_type) = new.predicate_type {
        annotations.insert(PREDICATE_TYPE.to_owned(), predicate_type.to_owned());
    }
    let manifest = Manifest {
        schema_version: 2,
        media_type: Some(OCI_MANIFEST.to_owned()),
        config: Descriptor {
            artifact_type: Some(BUNDLE_V03.to_owned()),
            ..Descriptor::of(OCI_EMPTY, EMPTY)
        },
        layers: vec![layer],
        annotations,
        subject: Some(bare(subject)),
        artifact_type: Some(BUNDLE_V03.to_owned()),
    };
    crate::json::go_to_vec(&manifest)
}

/// Media type, size and digest alone.
fn bare(descriptor: &Descriptor) -> Descriptor {
    Descriptor {
        data: None,
        urls: Vec::new(),
        annotations: BTreeMap::new(),
        platform: None,
        artifact_type: None,
        ..descriptor.clone()
    }
}

/// Layers to be stored as cosign 2 stores them with `--registry-referrers-mode oci-1-1`.
#[derive(Clone, Copy)]
pub struct NewLayers<'a> {
    /// What they are.
    pub attachment: Attachment,
    /// The layers.
    pub layers: &'a [NewLayer],
    /// Media type of the manifest.
    pub media_types: MediaTypes,
    /// Time of creation to record, RFC 3339.
    pub created: Option<&'a str>,
}

/// The manifest of layers that refer to `subject`, and its configuration: byte for byte as cosign 2.5 writes them.
fn layers_manifest(subject: &Descriptor, new: &NewLayers<'_>) -> Result<(Vec<u8>, Vec<u8>), serde_json::Error> {
    let layers: Vec<Descriptor> = new.layers.iter().map(NewLayer::descriptor).collect();
    let digests = layers.iter().map(|layer| &layer.digest);
    let config = SignatureConfig::for_layers(digests, new.created)?.to_bytes();
    let manifest = Manifest {
        schema_version: 2,
        media_type: Some(new.media_types.manifest().to_owned()),
        // Its media type is what lists call the artifact type.
        config: Descriptor::of(artifact_type(new.attachment), &config),
        layers,
        annotations: BTreeMap::new(),
        subject: Some(bare(subject)),
        artifact_type: None,
    };
    Ok((crate::json::go_to_vec(&manifest)?, config))
}

/// What came of storing a referrer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// Digest of its manifest.
    pub digest: Digest,
    /// Whether the fallback index was used, because the registry has no referrers API.
    pub fallback: bool,
}

/// Stores a bundle as a referrer of `subject` (media type, size and digest of the image).
///
/// # Errors
/// [`StoreError`]; what was there before is still there.
pub async fn push_bundle(place: &Place, subject: &Descriptor, new: &NewBundle<'_>) -> Result<Pushed, StoreError> {
    let bytes = bundle_manifest(subject, new).map_err(|error| unwritten(place, error))?;
    futures_util::future::try_join(
        place.store.put_blob(new.bundle.clone()),
        place.store.put_blob(Bytes::from_static(EMPTY)),
    )
    .await?;
    push_manifest(place, &subject.digest, OCI_MANIFEST, &bytes).await
}

/// Stores layers as a referrer of `subject` (media type, size and digest of the image).
///
/// # Errors
/// [`StoreError`]; what was there before is still there.
pub async fn push_layers(place: &Place, subject: &Descriptor, new: &NewLayers<'_>) -> Result<Pushed, StoreError> {
    let (bytes, config) = layers_manifest(subject, new).map_err(|error| unwritten(place, error))?;
    let layers = new.layers.iter().map(|layer| layer.content.clone());
    let blobs = layers.chain([Bytes::from(config)]);
    futures_util::future::try_join_all(blobs.map(|blob| place.store.put_blob(blob))).await?;
    push_manifest(place, &subject.digest, new.media_types.manifest(), &bytes).await
}

fn unwritten(place: &Place, error: serde_json::Error) -> StoreError {
    StoreError::Manifest {
        name: place.store.to_string(),
        source: error.into(),
    }
}

/// Stores the manifest of a referrer of `subject`, whose blobs are there, and sees to it that it is listed.
///
/// # Errors
/// [`StoreError`]; what was there before is still there.
pub async fn push_manifest(
    place: &Place,
    subject: &Digest,
    media_type: &str,
    bytes: &[u8],
) -> Result<Pushed, StoreError> {
    let digest = Digest::sha256(bytes);
    let target = Target::Digest(digest.clone());
    let put = place
        .store
        .replace_manifest(&target, media_type, Bytes::copy_from_slice(bytes));
    // `OCI-Subject` says that it is listed; registries that have the API but do not say so are asked.
    let fallback = match put.await? {
        Put::Done { listed: true } => false,
        _ => match place.store.referrers(subject).await? {
            Some(listed) => !listed.iter().any(|d| d.digest == digest),
            None => true,
        },
    };
    if fallback {
        let parsed = oci::parse(bytes, Some(media_type)).map_err(|source| StoreError::Manifest {
            name: place.store.name(&target),
            source,
        })?;
        if let Some(descriptor) = referrer_descriptor(&parsed, media_type, bytes) {
            append_to_fallback(place, subject, descriptor).await?;
        }
    }
    Ok(Pushed { digest, fallback })
}

/// Takes `referrers` away from `image`: first off the fallback index, if there is one, then their manifests. Says of
/// each manifest whether there was one.
///
/// # Errors
/// [`StoreError`]: the fallback index could not be changed, and nothing was removed.
pub async fn remove(
    place: &Place,
    image: &Digest,
    referrers: &[Digest],
) -> Result<Vec<(Digest, Result<bool, StoreError>)>, StoreError> {
    if referrers.is_empty() {
        return Ok(Vec::new());
    }
    remove_from_fallback(place, image, referrers).await?;
    let mut outcomes = Vec::new();
    for digest in referrers {
        let removed = place.store.delete(&Target::Digest(digest.clone())).await;
        outcomes.push((digest.clone(), removed));
    }
    Ok(outcomes)
}

/// For the fuzzers: any bytes as a referrer's manifest and as a fallback index.
pub fn fuzz_referrer(data: &[u8]) {
    let image = Digest::sha256(b"");
    if let Ok(parsed) = oci::parse(data, Some(OCI_MANIFEST))
        && let Ok((manifest, layer)) = bundle_layer(parsed, data, OCI_MANIFEST, &image)
    {
        assert!(layer.media_type.starts_with(BUNDLE));
        assert_eq!(manifest.digest, Digest::sha256(data));
    }
    if let Ok(index) = Document::parse(data, None, List::Manifests) {
        for entry in index.entries() {
            let _ = may_be_bundle(entry.descriptor());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The bundle manifests that cosign 3.1 wrote, with the bundle of each.
    fn recorded() -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        for folder in ["cosign/registry", "tlog/registry"] {
            for scenario in std::fs::read_dir(root.join(folder)).unwrap() {
                for repository in std::fs::read_dir(scenario.unwrap().path()).unwrap() {
                    let repository = repository.unwrap().path();
                    for file in std::fs::read_dir(repository.join("manifests")).unwrap() {
                        let bytes = std::fs::read(file.unwrap().path()).unwrap();
                        let Ok(Parsed::Manifest(manifest)) = oci::parse(&bytes, None) else {
                            continue;
                        };
                        if manifest.subject.is_some() {
                            let layer = repository.join("blobs").join(manifest.layers[0].digest.tag_prefix());
                            found.push((bytes, std::fs::read(layer).unwrap()));
                        }
                    }
                }
            }
        }
        assert!(found.len() > 5);
        found
    }

    #[test]
    fn a_bundle_manifest_is_cosigns_with_the_bundle_named() {
        for (bytes, bundle) in recorded() {
            let Parsed::Manifest(manifest) = oci::parse(&bytes, None).unwrap() else {
                panic!("not a manifest")
            };
            let new = NewBundle {
                bundle: bundle.into(),
                content: &manifest.annotations[CONTENT],
                predicate_type: manifest.annotations.get(PREDICATE_TYPE).map(String::as_str),
                created: &manifest.annotations[CREATED],
            };
            let made = bundle_manifest(manifest.subject.as_ref().unwrap(), &new).unwrap();
            let layer = &manifest.layers[0];
            let ours = format!(
                r#""{BUNDLE_DIGEST}":"{}","{BUNDLE_SIZE}":"{}","#,
                layer.digest, layer.size
            );
            let made = String::from_utf8(made).unwrap();
            assert_eq!(made.matches(&ours).count(), 1);
            assert_eq!(made.replace(&ours, ""), String::from_utf8(bytes).unwrap());
        }
    }

    /// What cosign 2.5 pushed for `sign` and `attach sbom` with `--registry-referrers-mode oci-1-1`.
    #[test]
    fn layers_that_refer_to_an_image_are_written_byte_for_byte_as_by_cosign() {
        let image = "sha256:61d1afa65fdb206a5376f316d801716bedfcd874ab66a401f6f6db56e0c8d1de";
        let subject = Descriptor {
            digest: image.parse().unwrap(),
            size: 401,
            ..Descriptor::of(OCI_MANIFEST, b"")
        };
        let annotations = crate::annotations::Annotations::default();
        let payload = crate::payload::Payload::new("127.0.0.1:5471/a/b", &subject.digest, &annotations);
        let signature =
            "MEUCIQDjd8Du1xgNndf1jMyOIhskIZ6AcDL4COE0pX5VzIscgQIgVcjbfVikkVl3Ax3PdF8Pf2+l0bGjzubPtKI+3NmY2MU=";
        let signed = NewLayer::signature(payload.to_bytes(), signature);
        let sbom = NewLayer::plain("text/spdx+json", b"{\"x\":1}\n".to_vec());
        for (attachment, layer, digest) in [
            (
                Attachment::Signatures,
                signed,
                "sha256:6d21e002618405569eec2574511941d60f34f1ee0425fa64f5c7fc71dff24cfb",
            ),
            (
                Attachment::Sbom,
                sbom,
                "sha256:02194270834bdde19e0bfd046937b784f6ba687d52821078499424a218596086",
            ),
        ] {
            let new = NewLayers {
                attachment,
                layers: &[layer],
                media_types: MediaTypes::Oci,
                created: None,
            };
            let (manifest, _) = layers_manifest(&subject, &new).unwrap();
            assert_eq!(Digest::sha256(&manifest).to_string(), digest);
            let parsed = oci::parse(&manifest, Some(OCI_MANIFEST)).unwrap();
            let listed = referrer_descriptor(&parsed, OCI_MANIFEST, &manifest).unwrap();
            assert_eq!(may_be_attached(&listed), Some(attachment));
        }
    }

    #[test]
    fn what_a_list_says_of_the_bundle_is_taken_only_whole() {
        let mut listed = Descriptor::of(OCI_MANIFEST, b"x");
        listed.artifact_type = Some(BUNDLE_V03.to_owned());
        let digest = Digest::sha256(b"bundle");
        listed.annotations.insert(BUNDLE_DIGEST.to_owned(), digest.to_string());
        assert_eq!(announced(&listed), None);
        listed.annotations.insert(BUNDLE_SIZE.to_owned(), "6".to_owned());
        let layer = announced(&listed).unwrap();
        assert_eq!((layer.digest, layer.size), (digest, 6));
        for (name, value) in [(BUNDLE_SIZE, "-1"), (BUNDLE_SIZE, "6 "), (BUNDLE_DIGEST, "sha256:6")] {
            let mut wrong = listed.clone();
            wrong.annotations.insert(name.to_owned(), value.to_owned());
            assert_eq!(announced(&wrong), None, "{name}: {value}");
        }
        listed.artifact_type = Some(OCI_EMPTY.to_owned());
        assert_eq!(announced(&listed), None);
    }

    #[test]
    fn a_manifest_of_another_image_does_not_count() {
        for (bytes, _) in recorded() {
            let other = Digest::sha256(b"another image");
            let parsed = oci::parse(&bytes, Some(OCI_MANIFEST)).unwrap();
            assert_eq!(
                bundle_layer(parsed, &bytes, OCI_MANIFEST, &other),
                Err("it refers to another image")
            );
        }
    }

    #[test]
    fn what_cosign_mislabels_is_opened_all_the_same() {
        let mut listed = Descriptor::of(OCI_MANIFEST, b"x");
        for (artifact_type, opened) in [
            (None, true),
            (Some(OCI_EMPTY), true),
            (Some("application/vnd.dev.sigstore.bundle+json;version=0.2"), true),
            (Some("application/spdx+json"), false),
        ] {
            listed.artifact_type = artifact_type.map(str::to_owned);
            assert_eq!(may_be_bundle(&listed), opened, "{artifact_type:?}");
        }
    }

    #[test]
    fn the_descriptor_of_a_referrer_is_spec_true() {
        for (bytes, _) in recorded() {
            let parsed = oci::parse(&bytes, None).unwrap();
            let descriptor = referrer_descriptor(&parsed, OCI_MANIFEST, &bytes).unwrap();
            assert_eq!(descriptor.artifact_type.as_deref(), Some(BUNDLE_V03));
            assert!(descriptor.annotations.contains_key(CONTENT));
            assert_eq!(descriptor.digest, Digest::sha256(&bytes));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            fuzz_referrer(&bytes);
        }
    }
}
