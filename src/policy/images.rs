//! Fetches what lies beside images, in registries and OCI layouts, and checks it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Map, Value};

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
use crate::oci::{self, Parsed};
use crate::payload::docker_reference;
use crate::reference::{Reference, Repository, Target};
use crate::registry;
use crate::statement;
use crate::store::referrers::{self, Opened};
use crate::store::{Attachment, LayerFault, Layout, Place, SignatureLayer, Store, StoreError, signatures};
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
/// Most bytes of all attestations of one image that are signed, each signature counted.
const MAX_ATTESTATIONS: usize = 128 << 20;
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

    /// All signatures, or all attestations, of an image in either format.
    pub async fn gather(&self, image: &Reference, source: &Source, attestations: bool) -> Gathered<Arc<Candidate>> {
        let mut gathered = Gathered {
            candidates: Vec::new(),
            failure: None,
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
                attestations_at(&place, digest).await
            } else {
                signatures_at(&place, digest, &docker_reference(image.repository())).await
            }
        };
        let referred = Box::pin(from_referrers(&place, digest, attestations));
        let (tagged, referred) = futures_util::future::join(tagged, referred).await;
        for found in [tagged, referred] {
            match found {
                Ok(candidates) => gathered.candidates.extend(candidates),
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

/// The signatures under the tag of the image that is signed as `identity`.
async fn signatures_at(place: &Place, digest: &Digest, identity: &str) -> Result<Vec<Arc<Candidate>>, StoreError> {
    let Some(manifest) = signatures::read(place, digest, Attachment::Signatures).await? else {
        return Ok(Vec::new());
    };
    let name = place.name(digest, Attachment::Signatures);
    let predicted = &Predicted::new(identity, digest, &Annotations::default());
    let layers: Vec<_> = manifest.layers().collect();
    stream::iter(layers)
        .map(|layer| predicted.candidate(place, &name, layer))
        .buffered(FETCHES)
        .try_collect()
        .await
}

/// The attestations under the tag of the image.
async fn attestations_at(place: &Place, digest: &Digest) -> Result<Vec<Arc<Candidate>>, StoreError> {
    let Some(manifest) = signatures::read(place, digest, Attachment::Attestations).await? else {
        return Ok(Vec::new());
    };
    let name = place.name(digest, Attachment::Attestations);
    let fetch = async |found: Result<SignatureLayer, LayerFault>| {
        let content = match &found {
            Ok(found) => signatures::content(place, &found.payload, MAX_ATTESTATION).await?,
            Err(_) => Bytes::new(),
        };
        Ok::<_, StoreError>((found, content))
    };
    let layers: Vec<_> = manifest.layers().collect();
    let mut fetched = stream::iter(layers).map(fetch).buffered(FETCHES);
    let mut budget = MAX_ATTESTATIONS;
    let mut candidates = Vec::new();
    while let Some(one) = fetched.next().await {
        let (found, content) = one?;
        let location = |position| Location::layer(&name, position);
        match found {
            Ok(found) => {
                let location = location(found.position);
                let several = layer::attestation(&location, &found, &content);
                // All of it is hashed for each of its signatures.
                budget = budget.saturating_sub(content.len().saturating_mul(several.len()));
                if budget == 0 {
                    let reason = "the attestations of the image are too large in all";
                    candidates.push(Candidate::malformed(location, reason));
                    break;
                }
                candidates.extend(several);
            }
            Err(fault) => candidates.push(Candidate::malformed(location(fault.position), fault)),
        }
    }
    Ok(candidates)
}

async fn from_referrers(place: &Place, digest: &Digest, attestations: bool) -> Result<Vec<Arc<Candidate>>, StoreError> {
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
    let mut candidates = Vec::new();
    let mut opened = stream::iter(listed)
        .map(|one| async move { referrers::open(place, digest, &one, limit).await })
        .buffered(FETCHES);
    let mut budget = MAX_ATTESTATIONS;
    while let Some(one) = opened.next().await {
        let Opened::Bundle(stored) = one? else {
            continue;
        };
        let location = Location::new(stored.name.clone());
        budget = budget.saturating_sub(stored.bundle.len());
        if budget == 0 {
            let reason = "the bundles of the image are too large in all";
            candidates.push(Candidate::malformed(location, reason));
            break;
        }
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
    Ok(candidates)
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
