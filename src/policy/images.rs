//! Fetches what lies beside images, in registries and OCI layouts, and checks it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Map, Value};

use super::budget::{Budget, Share};
use super::evaluate::{Found, Gathered, LookupError, Rejected};
use super::fields::shown;
use super::resource::{Authority, Source};
use super::trust::{self, Roots};
use crate::annotations::Annotations;
use crate::bundle::{Bundle, MAX_BUNDLE};
use crate::certificate::Certificate;
use crate::certificate::fulcio::Claim;
use crate::digest::Digest;
use crate::http::Bytes;
use crate::oci::{self, Descriptor, Parsed};
use crate::payload::docker_reference;
use crate::reference::{Reference, Repository, Target};
use crate::registry;
use crate::statement;
use crate::store::referrers::{self, Opened};
use crate::store::{
    Attachment, LayerFault, Layout, Place, SignatureLayer, SignatureManifest, Store, StoreError, signatures,
};
use crate::verify::layer::{self, Predicted};
use crate::verify::{self, Candidate, Location, Signer, bundled};

/// How many blobs of one image are fetched at once.
const FETCHES: usize = 4;
/// Most referrers of one image that are opened.
const MAX_REFERRERS: usize = 500;
/// Largest bundle of a signature, in bytes.
const MAX_SIGNATURE: usize = 4 << 20;
/// Largest attestation that is fetched for a policy, in bytes.
const MAX_ATTESTATION: usize = 32 << 20;
/// Most bytes of all signatures or attestations of one image under its tag, each signature of an attestation counted, and
/// of those among its referrers.
const MAX_GATHERED: usize = 128 << 20;
/// The budget that [`Images::gather`] needs for one image, in bytes.
pub const MAX_HELD: usize = 2 * MAX_GATHERED + MAX_ATTESTATION;
/// Largest configuration file of an image, in bytes.
const MAX_CONFIG: usize = 4 << 20;
/// Most platforms of an image whose configuration is fetched.
const MAX_PLATFORMS: usize = 64;

/// Where images come from.
#[derive(Clone)]
pub enum Images {
    /// Their registries.
    Registries(registry::Client),
    /// OCI layouts, by the repository that they stand for: nothing else is looked at.
    Layouts(BTreeMap<String, PathBuf>),
}

impl Images {
    fn store(&self, repository: &Repository) -> Result<Store, LookupError> {
        match self {
            Self::Registries(client) => Ok(Store::Registry {
                client: client.clone(),
                repository: repository.clone(),
            }),
            Self::Layouts(layouts) => {
                let directory = layouts.get(&repository.to_string()).ok_or_else(|| LookupError {
                    message: format!("no layout is given for {repository}; add one to the test"),
                    image_missing: true,
                })?;
                Layout::open(directory)
                    .map(Store::Layout)
                    .map_err(|e| failed(&e.into()))
            }
        }
    }

    fn place(&self, image: &Repository, source: &Source) -> Result<Place, LookupError> {
        let store = match source.repository.as_deref() {
            None => self.store(image)?,
            Some(other) => {
                let repository: Repository = other.parse().map_err(|_| LookupError {
                    message: format!(
                        "source {} is a registry without a repository; name the repository",
                        shown(other)
                    ),
                    image_missing: false,
                })?;
                self.store(&repository)?
            }
        };
        Ok(Place {
            store,
            tag_prefix: source.tag_prefix.clone().unwrap_or_default(),
        })
    }

    /// The digest that a tag has now; that of a layout without tags is its only image.
    ///
    /// # Errors
    /// [`LookupError`], also when there is no such tag.
    pub async fn resolve(&self, image: &Reference) -> Result<Digest, LookupError> {
        let store = self.store(image.repository())?;
        if let Target::Digest(digest) = image.target() {
            return Ok(digest.clone());
        }
        match store.manifest(image.target()).await {
            Ok(Some(found)) => Ok(found.digest),
            Ok(None) => match &store {
                Store::Layout(layout) => match layout.image() {
                    Ok(only) => Ok(only.digest),
                    Err(error) => Err(failed(&error.into())),
                },
                Store::Registry { .. } => Err(LookupError {
                    message: format!("image tag not found: {image}"),
                    image_missing: true,
                }),
            },
            Err(error) => Err(failed(&error)),
        }
    }

    /// All signatures, or all attestations, of an image in either format. What they take of `budget`, which has to have
    /// [`MAX_HELD`] in all, is held as long as they are.
    pub async fn gather(
        &self,
        image: &Reference,
        source: &Source,
        attestations: bool,
        budget: &Budget,
    ) -> Gathered<Arc<Candidate>> {
        let mut gathered = Gathered {
            candidates: Vec::new(),
            failure: None,
            held: Share::default(),
        };
        let Some(digest) = image.digest() else {
            gathered.failure = Some(LookupError {
                message: format!("{image} is no digest"),
                image_missing: false,
            });
            return gathered;
        };
        let place = match self.place(image.repository(), source) {
            Ok(place) => place,
            Err(error) => {
                gathered.failure = Some(error);
                return gathered;
            }
        };
        let tagged = async {
            if attestations {
                attestations_at(&place, digest, budget).await
            } else {
                signatures_at(&place, digest, &docker_reference(image.repository()), budget).await
            }
        };
        let referred = Box::pin(from_referrers(&place, digest, attestations, budget));
        let (tagged, referred) = futures_util::future::join(tagged, referred).await;
        for found in [tagged, referred] {
            match found {
                Ok((candidates, held)) => {
                    gathered.candidates.extend(candidates);
                    gathered.held.add(held);
                }
                Err(error) => gathered.failure = gathered.failure.or(Some(failed(&error))),
            }
        }
        gathered
    }

    /// The configuration files of an image by platform.
    ///
    /// # Errors
    /// [`LookupError`].
    pub async fn config_files(&self, image: &Reference) -> Result<Value, LookupError> {
        let store = self.store(image.repository())?;
        let mut files = Map::new();
        let mut open = vec![image.target().clone()];
        let mut looked = 0;
        while let Some(target) = open.pop() {
            looked += 1;
            if looked > MAX_PLATFORMS {
                return Err(problem(format!("{image} has more than {MAX_PLATFORMS} platforms")));
            }
            let found = store.manifest(&target).await.map_err(|e| failed(&e))?;
            let found = found.ok_or_else(|| LookupError {
                message: format!("{} does not exist", store.name(&target)),
                image_missing: true,
            })?;
            match oci::parse(&found.bytes, Some(&found.media_type)).map_err(|e| problem(e.to_string()))? {
                Parsed::Index(index) => open.extend(index.manifests.into_iter().map(|m| Target::Digest(m.digest))),
                Parsed::Manifest(manifest) => {
                    let bytes = store.blob(&manifest.config, MAX_CONFIG).await.map_err(|e| failed(&e))?;
                    let config: Value = serde_json::from_slice(&bytes).map_err(|e| problem(e.to_string()))?;
                    files.insert(platform(&config), config);
                }
            }
        }
        Ok(Value::Object(files))
    }
}

fn platform(config: &Value) -> String {
    let text = |name| config.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut platform = format!("{}/{}", text("os"), text("architecture"));
    if !text("variant").is_empty() {
        platform.push('/');
        platform.push_str(text("variant"));
    }
    if !text("os.version").is_empty() {
        platform.push(':');
        platform.push_str(text("os.version"));
    }
    platform
}

fn problem(message: String) -> LookupError {
    LookupError {
        message,
        image_missing: false,
    }
}

fn failed(error: &StoreError) -> LookupError {
    LookupError {
        message: error.to_string(),
        image_missing: matches!(error, StoreError::NotFound { .. }),
    }
}

/// Candidates, and the memory that they take.
type Held = (Vec<Arc<Candidate>>, Share);

/// The signatures under the tag of the image that is signed as `identity`.
async fn signatures_at(place: &Place, digest: &Digest, identity: &str, budget: &Budget) -> Result<Held, StoreError> {
    let Some(manifest) = signatures::read(place, digest, Attachment::Signatures).await? else {
        return Ok(Held::default());
    };
    let name = place.name(digest, Attachment::Signatures);
    let predicted = &Predicted::new(identity, digest, &Annotations::default());
    let layers = Layers::of(&manifest, signatures::MAX_PAYLOAD);
    let held = budget.take(layers.size).await;
    let mut candidates: Vec<_> = stream::iter(layers.first)
        .map(|layer| predicted.candidate(place, &name, layer))
        .buffered(FETCHES)
        .try_collect()
        .await?;
    candidates.extend(layers.left_out.map(|position| too_large(&name, position)));
    Ok((candidates, held))
}

/// The layers of a manifest whose contents are not too large in all.
struct Layers {
    first: Vec<Result<SignatureLayer, LayerFault>>,
    /// What they are in all, in bytes.
    size: u64,
    /// The position of the first that is too much.
    left_out: Option<usize>,
}

impl Layers {
    /// `limit`: larger contents are not fetched, in bytes.
    fn of(manifest: &SignatureManifest, limit: usize) -> Self {
        let mut layers = Self {
            first: Vec::new(),
            size: 0,
            left_out: None,
        };
        for (position, layer) in manifest.layers().enumerate() {
            let size = layer.as_ref().map_or(0, |layer| layer.payload.size.min(limit as u64));
            if layers.size + size > MAX_GATHERED as u64 {
                layers.left_out = Some(position);
                break;
            }
            layers.size += size;
            layers.first.push(layer);
        }
        layers
    }
}

fn too_large(name: &str, position: usize) -> Arc<Candidate> {
    let location = Location::layer(name, position);
    Candidate::malformed(location, "what is attached to the image is too large in all")
}

/// The attestations under the tag of the image.
async fn attestations_at(place: &Place, digest: &Digest, budget: &Budget) -> Result<Held, StoreError> {
    let Some(manifest) = signatures::read(place, digest, Attachment::Attestations).await? else {
        return Ok(Held::default());
    };
    let name = place.name(digest, Attachment::Attestations);
    let fetch = async |found: Result<SignatureLayer, LayerFault>| {
        let content = match &found {
            Ok(found) => signatures::content(place, &found.payload, MAX_ATTESTATION).await?,
            Err(_) => Bytes::new(),
        };
        Ok::<_, StoreError>((found, content))
    };
    let layers = Layers::of(&manifest, MAX_ATTESTATION);
    let held = budget.take(layers.size).await;
    let mut fetched = stream::iter(layers.first).map(fetch).buffered(FETCHES);
    let mut left = MAX_GATHERED;
    let mut candidates = Vec::new();
    while let Some(one) = fetched.next().await {
        let (found, content) = one?;
        match found {
            Ok(found) => {
                let several = layer::attestation(&Location::layer(&name, found.position), &found, &content);
                // All of it is hashed for each of its signatures.
                left = left.saturating_sub(content.len().saturating_mul(several.len()));
                if left == 0 {
                    candidates.push(too_large(&name, found.position));
                    return Ok((candidates, held));
                }
                candidates.extend(several);
            }
            Err(fault) => candidates.push(Candidate::malformed(Location::layer(&name, fault.position), fault)),
        }
    }
    candidates.extend(layers.left_out.map(|position| too_large(&name, position)));
    Ok((candidates, held))
}

async fn from_referrers(
    place: &Place,
    digest: &Digest,
    attestations: bool,
    budget: &Budget,
) -> Result<Held, StoreError> {
    let mut listed = referrers::list(place, digest).await?;
    listed.retain(referrers::may_be_bundle);
    // What a label says only saves a look at what says of itself that it is of the other kind.
    listed.retain(|one| {
        let label = one.annotations.get(referrers::PREDICATE_TYPE);
        attestations || label.is_none_or(|label| label == statement::COSIGN_SIGN)
    });
    let too_many = listed.len() > MAX_REFERRERS;
    listed.truncate(MAX_REFERRERS);
    let limit = if attestations {
        MAX_ATTESTATION.min(MAX_BUNDLE)
    } else {
        MAX_SIGNATURE
    };
    // How large they are is not known before: each may be as large as the limit.
    let open = async |one: Descriptor| {
        let share = budget.take(limit as u64).await;
        let opened = referrers::open(place, digest, &one, limit).await?;
        Ok::<_, StoreError>((opened, share))
    };
    let fetches = if attestations { 1 } else { FETCHES };
    let mut candidates = Vec::new();
    let mut held = Share::default();
    let mut opened = stream::iter(listed).map(open).buffered(fetches);
    let mut left = MAX_GATHERED;
    while let Some(one) = opened.next().await {
        let (Opened::Bundle(stored), mut share) = one? else {
            continue;
        };
        let location = Location::new(stored.name.clone());
        left = left.saturating_sub(stored.bundle.len());
        if left == 0 {
            let reason = "the bundles of the image are too large in all";
            candidates.push(Candidate::malformed(location, reason));
            break;
        }
        share.shrink(stored.bundle.len());
        held.add(share);
        candidates.push(match Bundle::parse(&stored.bundle) {
            Ok(bundle) => bundled::candidate(location, bundle),
            Err(error) => Candidate::malformed(location, error),
        });
    }
    if too_many {
        let location = Location::new(format!("the referrers of {digest} in {}", place.store));
        candidates.push(Candidate::malformed(
            location,
            format!("there are more than the {MAX_REFERRERS} that are looked at"),
        ));
    }
    Ok((candidates, held))
}

/// Checks a candidate against an authority.
///
/// # Errors
/// [`Rejected`]: the first check that failed, by the last of its keys.
pub fn check(
    candidate: &Arc<Candidate>,
    image: &Reference,
    authority: &Authority,
    roots: &Roots,
    now: i64,
) -> Result<Found, Rejected> {
    let place = candidate.location.to_string();
    let reject = |reason: String| Rejected {
        place: place.clone(),
        reason,
    };
    let digest = image.digest().ok_or_else(|| reject(format!("{image} is no digest")))?;
    let policies = trust::verification(authority, digest, roots).map_err(reject)?;
    let mut last = "the authority has no key".to_owned();
    for policy in &policies {
        match verify::check(candidate, policy, now) {
            Ok(verified) => {
                return Ok(found(
                    candidate,
                    &verified,
                    &policy.signer,
                    !authority.attestations.is_empty(),
                ));
            }
            Err(rejection) => last = format!("{}: {}", rejection.check().name(), rejection.reason()),
        }
    }
    Err(reject(last))
}

/// What a policy sees of a verified signature, in policy-controller's names.
fn found(
    candidate: &Arc<Candidate>,
    verified: &verify::VerifiedSignature,
    signer: &Signer,
    attestation: bool,
) -> Found {
    let mut signature = Map::new();
    let mut identity = Vec::new();
    let mut certificate = None;
    if let Ok(evidence) = &candidate.evidence {
        identity.extend_from_slice(&evidence.signature);
        certificate = evidence
            .certificates
            .first()
            .and_then(|der| Certificate::from_der(der).ok());
    }
    let name = match signer {
        Signer::Key { key, .. } => format!("key sha256:{}", crate::digest::hex(&key.key_id())),
        Signer::Certificate(_) => {
            let certificate = certificate.as_ref();
            if let Some(certificate) = certificate {
                identity.extend_from_slice(certificate.to_pem().as_bytes());
            }
            certificate.map_or_else(String::new, |c| describe(c, &mut signature))
        }
    };
    signature.insert("id".to_owned(), Digest::sha256(&identity).hex().into());
    let statement = attestation.then(|| {
        let payload = verified.envelope().map(|e| e.payload.as_ref()).unwrap_or_default();
        Arc::new(serde_json::from_slice::<Value>(payload).unwrap_or_default())
    });
    let digest = verified
        .envelope()
        .map(|e| Digest::sha256(&e.to_json()).to_string())
        .unwrap_or_default();
    Found {
        signer: name,
        signature,
        statement,
        digest,
    }
}

fn describe(certificate: &Certificate, signature: &mut Map<String, Value>) -> String {
    let subject = certificate
        .subject_names()
        .ok()
        .and_then(|names| names.first().map(|n| n.value().to_owned()))
        .unwrap_or_default();
    let mut issuer = String::new();
    if let Ok(claims) = certificate.fulcio() {
        issuer = claims.issuer().unwrap_or_default().to_owned();
        for (claim, name) in [
            (Claim::GithubWorkflowTrigger, "githubWorkflowTrigger"),
            (Claim::GithubWorkflowSha, "githubWorkflowSha"),
            (Claim::GithubWorkflowName, "githubWorkflowName"),
            (Claim::GithubWorkflowRepository, "githubWorkflowRepo"),
            (Claim::GithubWorkflowRef, "githubWorkflowRef"),
        ] {
            if let Some(value) = claims.get(claim) {
                signature.insert(name.to_owned(), value.into());
            }
        }
    }
    signature.insert("subject".to_owned(), subject.clone().into());
    signature.insert("issuer".to_owned(), issuer.clone().into());
    format!("{} from {}", shown(&subject), shown(&issuer))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::oci::media_type::{OCI_CONFIG, OCI_MANIFEST};

    #[test]
    fn layers_that_are_too_large_in_all_are_left_out_before_they_are_fetched() {
        let digest = Digest::sha256(b"").to_string();
        let of = |sizes: &[usize]| {
            let layer = |size| json!({"mediaType": "x/y", "digest": digest, "size": size, "annotations": {}});
            let manifest = json!({
                "schemaVersion": 2, "mediaType": OCI_MANIFEST,
                "config": {"mediaType": OCI_CONFIG, "digest": digest, "size": 2},
                "layers": sizes.iter().map(layer).collect::<Vec<_>>(),
            });
            let manifest = SignatureManifest::parse(manifest.to_string().as_bytes(), Some(OCI_MANIFEST)).unwrap();
            let layers = Layers::of(&manifest, MAX_ATTESTATION);
            (layers.first.len(), layers.size, layers.left_out)
        };
        let most = MAX_ATTESTATION;
        assert_eq!(of(&[1, 2]), (2, 3, None));
        assert_eq!(of(&[most; 4]), (4, MAX_GATHERED as u64, None));
        assert_eq!(of(&[most, most, 1, most, most, 1]), (4, 3 * most as u64 + 1, Some(4)));
        // What is not fetched anyway takes no more than that.
        assert_eq!(of(&[1 << 40, 1]), (2, most as u64 + 1, None));
    }

    #[tokio::test]
    async fn what_is_gathered_holds_its_share_of_the_budget() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/cosign/saved-layout");
        let digest = Layout::open(&directory).unwrap().image().unwrap().digest;
        let image: Reference = format!("registry.example/app@{digest}").parse().unwrap();
        let images = Images::Layouts(BTreeMap::from([(image.repository().to_string(), directory)]));
        let budget = Budget::of(MAX_HELD);
        let gathered = images.gather(&image, &Source::default(), false, &budget).await;
        assert!(gathered.failure.is_none() && !gathered.candidates.is_empty());
        assert!((1..=MAX_SIGNATURE).contains(&gathered.held.bytes()));
        // All of it is there only without what was gathered.
        let all = || tokio::time::timeout(std::time::Duration::from_millis(10), budget.take(MAX_HELD as u64));
        assert!(all().await.is_err());
        drop(gathered);
        assert!(all().await.is_ok());
    }
}
