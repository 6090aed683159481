//! Where the signatures of an image are looked for.

use futures_util::stream::{self, StreamExt as _};

use super::super::layer::Predicted;
use super::super::{Candidate, Expected, Location, Policy, VerifiedSignature, VerifyError, bundled, check};
use super::Image;
use super::finding::Findings;
use crate::bundle::{Bundle, Content, MAX_BUNDLE};
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::reference::Target;
use crate::statement::{self, Statement};
use crate::store::referrers::{self, Opened};
use crate::store::{Attachment, SignatureManifest, StoreError, signatures};

/// How many payloads or bundles of one image are fetched at once.
const FETCHES: usize = 8;
/// Most referrers of one image that are opened, and most signatures in those that are manifests of several: each costs
/// up to three requests.
const MAX_OPENED: usize = 1_000;
/// Largest bundle that is fetched as an image signature, in bytes: real ones have some kilobytes.
const MAX_SIGNATURE_BUNDLE: usize = 4 << 20;

/// Where signatures are looked for, and in which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Search {
    /// The `.sig` tag first, then the referrers: fewest requests for old-format signatures.
    #[default]
    TagFirst,
    /// The referrers first, then the `.sig` tag: fewest requests for bundles.
    ReferrersFirst,
    /// The `.sig` tag only.
    TagOnly,
    /// The referrers only.
    ReferrersOnly,
}

/// One place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The manifest under `sha256-<hex>.sig`.
    Tag,
    /// What the referrers API lists.
    Api,
    /// What the index under `sha256-<hex>` lists.
    Fallback,
}

impl Search {
    pub(super) fn places(self) -> &'static [Lookup] {
        match self {
            Self::TagFirst => &[Lookup::Tag, Lookup::Api, Lookup::Fallback],
            Self::ReferrersFirst => &[Lookup::Api, Lookup::Fallback, Lookup::Tag],
            Self::TagOnly => &[Lookup::Tag],
            Self::ReferrersOnly => &[Lookup::Api, Lookup::Fallback],
        }
    }

    pub(super) fn names(self, image: &Image, digest: &Digest) -> String {
        let tag = image.place.name(digest, Attachment::Signatures);
        let referrers = format!("the referrers of {digest} in {}", image.place.store);
        match self {
            Self::TagOnly => tag,
            Self::ReferrersOnly => referrers,
            Self::TagFirst | Self::ReferrersFirst => format!("{tag} and {referrers}"),
        }
    }
}

impl Lookup {
    /// Judges all that lies here.
    pub(super) async fn look(self, image: &Image, digest: &Digest, findings: &mut Findings<'_>) {
        let looked = match self {
            Self::Tag => tag(image, digest, findings).await,
            Self::Api => match referrers::by_api(&image.place, digest).await {
                Ok(listed) => Box::pin(bundles(image, digest, listed.unwrap_or_default(), findings)).await,
                Err(error) => Err(error.into()),
            },
            Self::Fallback => match referrers::by_fallback(&image.place, digest).await {
                Ok(listed) => Box::pin(bundles(image, digest, listed, findings)).await,
                Err(error) => Err(error.into()),
            },
        };
        if let Err(error) = looked {
            findings.failed(error);
        }
    }
}

async fn tag(image: &Image, digest: &Digest, findings: &mut Findings<'_>) -> Result<(), VerifyError> {
    let Some(manifest) = signatures::read(&image.place, digest, Attachment::Signatures).await? else {
        return Ok(());
    };
    let name = image.place.name(digest, Attachment::Signatures);
    layers(image, digest, &manifest, &name, findings).await;
    Ok(())
}

/// The signatures in the manifests among the `listed` referrers.
async fn manifests(image: &Image, digest: &Digest, listed: &[Descriptor], findings: &mut Findings<'_>) {
    let mut found = 0;
    let attached = |listed: &&Descriptor| referrers::may_be_attached(listed) == Some(Attachment::Signatures);
    for listed in listed.iter().filter(attached) {
        found += 1;
        if found <= MAX_OPENED {
            match referrers::layers(&image.place, digest, listed).await {
                Ok(Some(manifest)) => {
                    found += manifest.layers().count();
                    if found <= MAX_OPENED {
                        let name = image.place.store.name(&Target::Digest(listed.digest.clone()));
                        layers(image, digest, &manifest, &name, findings).await;
                    }
                }
                Ok(None) => {}
                Err(error) => findings.failed(error),
            }
        }
    }
    if found > MAX_OPENED {
        findings.failed(too_many(image, found));
    }
}

fn too_many(image: &Image, found: usize) -> VerifyError {
    VerifyError::TooMany {
        image: image.name.clone(),
        found,
        limit: MAX_OPENED,
    }
}

/// The signatures in a manifest.
async fn layers(image: &Image, digest: &Digest, manifest: &SignatureManifest, name: &str, findings: &mut Findings<'_>) {
    let predicted = Predicted::new(&image.identity, digest, &findings.policy().claims.annotations);
    let layers: Vec<_> = manifest.layers().collect();
    let mut candidates = stream::iter(layers)
        .map(|layer| predicted.candidate(&image.place, name, layer))
        .buffered(FETCHES);
    while let Some(candidate) = candidates.next().await {
        match candidate {
            Ok(candidate) => findings.judge(&candidate).await,
            Err(error) => findings.failed(error),
        }
    }
}

async fn bundles(
    image: &Image,
    digest: &Digest,
    mut listed: Vec<Descriptor>,
    findings: &mut Findings<'_>,
) -> Result<(), VerifyError> {
    let expected = &findings.policy().claims.expected;
    let any = *expected != Expected::ImageSignature;
    // They are no statements.
    if matches!(expected, Expected::ImageSignature | Expected::ImageSignatureOrStatement) {
        manifests(image, digest, &listed, findings).await;
    }
    listed.retain(referrers::may_be_bundle);
    if !any {
        // The label only saves the look at what says of itself that it is no signature; what it claims to be is
        // checked in the signed content.
        let before = listed.len();
        listed.retain(|listed| {
            let label = listed.annotations.get(referrers::PREDICATE_TYPE);
            label.is_none_or(|label| label == statement::COSIGN_SIGN)
        });
        (listed.len()..before).for_each(|_| findings.attestation());
    }
    if listed.len() > MAX_OPENED {
        findings.failed(too_many(image, listed.len()));
        listed.truncate(MAX_OPENED);
    }
    let limit = if any { MAX_BUNDLE } else { MAX_SIGNATURE_BUNDLE };
    let fetches = if any { 1 } else { FETCHES };
    let (policy, now) = (findings.policy(), findings.now());
    let mut opened = stream::iter(&listed)
        .map(|listed| find(image, digest, listed, limit, policy, now))
        .buffered(fetches);
    while let Some(found) = opened.next().await {
        match found {
            Ok(Found::Good(signature)) => findings.good(*signature),
            Ok(Found::Opened(Opened::Bundle(stored))) => {
                let location = Location::new(stored.name.clone());
                let parsed = Bundle::parse(&stored.bundle);
                drop(stored);
                match parsed {
                    Ok(bundle) if !any && is_attestation(&bundle) => findings.attestation(),
                    Ok(bundle) => findings.judge(&bundled::candidate(location, bundle)).await,
                    Err(error) => findings.judge(&Candidate::malformed(location, error)).await,
                }
            }
            // Whatever else refers to the image is no signature.
            Ok(Found::Opened(Opened::Other { .. })) => {}
            Err(error) => findings.failed(error),
        }
    }
    Ok(())
}

/// What became of a listed referrer.
enum Found {
    /// It names a bundle that is good.
    Good(Box<VerifiedSignature>),
    /// It was opened and has to be judged.
    Opened(Opened),
}

/// Takes a referrer at its word about which blob its bundle is, if that is small, good, and about the image by what is
/// signed. In every other case the manifest is opened, and decides.
async fn find(
    image: &Image,
    digest: &Digest,
    listed: &Descriptor,
    limit: usize,
    policy: &Policy,
    now: i64,
) -> Result<Found, StoreError> {
    let place = &image.place;
    let mut known = None;
    let usable = |layer: &Descriptor| policy.claims.subject.is_some() && layer.size <= MAX_SIGNATURE_BUNDLE as u64;
    if let Some(layer) = referrers::announced(listed).filter(usable)
        && let Ok(bytes) = place.store.blob(&layer, limit).await
    {
        if let Ok(bundle) = Bundle::parse(&bytes) {
            let location = Location::new(place.store.name(&Target::Digest(listed.digest.clone())));
            if let Ok(good) = check(&bundled::candidate(location, bundle), policy, now) {
                return Ok(Found::Good(Box::new(good)));
            }
        }
        known = Some((layer, bytes));
    }
    let opened = referrers::open_knowing(place, digest, listed, limit, known).await?;
    Ok(Found::Opened(opened))
}

/// Whether the unverified content says of itself that it is a statement of another type than a signature.
fn is_attestation(bundle: &Bundle) -> bool {
    match &bundle.content {
        Content::Dsse(envelope) => {
            Statement::parse(&envelope.payload).is_ok_and(|s| s.predicate_type != statement::COSIGN_SIGN)
        }
        Content::Message { .. } => false,
    }
}
