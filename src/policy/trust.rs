//! What policies trust beside their own keys: trusted roots, by the names that `trustRootRef` uses.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::resource::{Authority, AuthorityKind, CaSource, ClusterImagePolicy, Identity, KeySource, Log, Pattern};
use crate::annotations::Annotations;
use crate::certificate;
use crate::certificate::identity::{Identity as AskedIdentity, Matcher};
use crate::digest::Digest;
use crate::rekor::LogKeys;
use crate::trust::{TrustedRoot, Validity};
use crate::verify::{CertificatePolicy, Claims, Expected, LogPolicy, Policy, Publication, Signer, TimestampPolicy};

/// The trusted roots at hand.
#[derive(Clone, Default)]
pub struct Roots {
    default: Option<Arc<TrustedRoot>>,
    named: BTreeMap<String, Arc<TrustedRoot>>,
    missing: Option<String>,
    version: u64,
}

impl Roots {
    /// No roots at all; `reason` is told when an authority needs one.
    pub fn none(reason: impl Into<String>) -> Self {
        Self {
            missing: Some(reason.into()),
            ..Self::default()
        }
    }

    /// Sets what is told when the root that counts where none is named is needed.
    pub fn without_default(mut self, reason: impl Into<String>) -> Self {
        self.missing = Some(reason.into());
        self
    }

    /// Sets the root that counts where none is named.
    pub fn with_default(mut self, root: TrustedRoot) -> Self {
        self.default = Some(Arc::new(root));
        self
    }

    /// Adds a root under a name.
    pub fn with_named(mut self, name: impl Into<String>, root: TrustedRoot) -> Self {
        self.named.insert(name.into(), Arc::new(root));
        self
    }

    /// Sets the version, which tells results under other roots apart.
    pub fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Differs when the roots do.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether there is a root that counts where none is named.
    pub fn has_default(&self) -> bool {
        self.default.is_some()
    }

    fn get(&self, name: Option<&str>) -> Result<&Arc<TrustedRoot>, String> {
        match name {
            Some(name) => self.named.get(name).ok_or_else(|| {
                format!("the trusted root {name:?} is not known; name its file with --trust-root {name}=FILE")
            }),
            None => self.default.as_ref().ok_or_else(|| {
                self.missing
                    .clone()
                    .unwrap_or_else(|| "no trusted root is known; name its file with --trusted-root FILE".to_owned())
            }),
        }
    }
}

/// Whether a policy needs the root that counts where none is named.
pub fn needs_default(policy: &ClusterImagePolicy) -> bool {
    policy.authorities.iter().any(|authority| {
        let own = match &authority.kind {
            AuthorityKind::Static { .. } => return false,
            AuthorityKind::Key { .. } => None,
            AuthorityKind::Keyless(keyless) => keyless.trust_root.as_ref(),
        };
        let certificates =
            matches!(&authority.kind, AuthorityKind::Keyless(k) if k.ca_cert.is_none() && k.trust_root.is_none());
        let log = matches!(&authority.log, Log::Required { trust_root, .. } if trust_root.as_ref().or(own).is_none());
        let timestamps = authority.timestamp.as_ref().is_some_and(|t| t.trust_root.is_none());
        certificates || log || timestamps
    })
}

/// The verification policies of an authority: a signature that satisfies any one of them is its own.
///
/// # Errors
/// What the authority needs and is not at hand, as a sentence.
pub fn verification(authority: &Authority, image: &Digest, roots: &Roots) -> Result<Vec<Policy>, String> {
    let claims = Claims {
        expected: if authority.attestations.is_empty() {
            Expected::ImageSignature
        } else {
            Expected::AnyStatement
        },
        subject: Some(image.clone()),
        annotations: Annotations::default(),
    };
    let log = match &authority.log {
        Log::Ignored => LogPolicy::Ignore,
        Log::Required { trust_root, .. } => {
            let named = trust_root.as_deref().or(match &authority.kind {
                AuthorityKind::Keyless(keyless) => keyless.trust_root.as_deref(),
                _ => None,
            });
            log_policy(&roots.get(named)?.logs)?
        }
    };
    let timestamps = timestamps(authority, roots)?;
    let policy = |signer| Policy {
        signer,
        claims: claims.clone(),
        log: log.clone(),
        timestamps: timestamps.clone(),
    };
    match &authority.kind {
        AuthorityKind::Static { .. } => Ok(Vec::new()),
        AuthorityKind::Key { key, hash } => match key {
            KeySource::Keys(keys) => Ok(keys
                .iter()
                .map(|key| {
                    policy(Signer::Key {
                        key: key.clone(),
                        hash: *hash,
                    })
                })
                .collect()),
            KeySource::Secret { name, .. } => Err(format!("the secret {name:?} with its key is not at hand")),
            KeySource::Kms(_) => {
                Err("its key lies in a key service, which is not asked; write the public key into key.data".to_owned())
            }
        },
        AuthorityKind::Keyless(keyless) => {
            let (authorities, publication) = match &keyless.ca_cert {
                Some(CaSource::Pem(pem)) => {
                    let chain = certificate::Certificate::chain_from_pem(pem.as_bytes()).map_err(|e| e.to_string())?;
                    let authority = certificate::Authority::new(chain, Validity::default(), "ca-cert");
                    let authority = authority.ok_or("its ca-cert holds no certificate")?;
                    // The certificates of an own authority are in no public log, unless a root names one.
                    let publication = match roots.get(keyless.trust_root.as_deref()) {
                        Ok(root) if !keyless.ignore_sct && keyless.trust_root.is_some() => required(&root.ct_logs),
                        _ => Publication::Unchecked,
                    };
                    (vec![authority], publication)
                }
                Some(CaSource::Secret { name, .. }) => {
                    return Err(format!("the secret {name:?} with its certificates is not at hand"));
                }
                None => {
                    let root = roots.get(keyless.trust_root.as_deref())?;
                    let authorities: Result<Vec<_>, _> = root
                        .certificate_authorities
                        .iter()
                        .map(certificate::Authority::try_from)
                        .collect();
                    let publication = if keyless.ignore_sct {
                        Publication::Unchecked
                    } else {
                        required(&root.ct_logs)
                    };
                    (authorities.map_err(|e| e.to_string())?, publication)
                }
            };
            let identities: Result<Vec<_>, String> = keyless.identities.iter().map(asked).collect();
            Ok(vec![policy(Signer::Certificate(Arc::new(CertificatePolicy {
                authorities,
                identities: identities?,
                publication,
                given: Vec::new(),
            })))])
        }
    }
}

fn log_policy(keys: &LogKeys) -> Result<LogPolicy, String> {
    if keys.is_empty() {
        return Err("the trusted root knows no transparency log".to_owned());
    }
    Ok(LogPolicy::require(keys.clone()))
}

fn required(logs: &LogKeys) -> Publication {
    Publication::Required {
        logs: logs.clone(),
        detached: None,
    }
}

/// A timestamp is required where the policy says so; else those of the root's authorities still date a certificate,
/// which a log without times of its own needs (Rekor v2).
fn timestamps(authority: &Authority, roots: &Roots) -> Result<TimestampPolicy, String> {
    let name = match (&authority.timestamp, &authority.kind) {
        (Some(timestamp), _) => timestamp.trust_root.as_deref(),
        (None, AuthorityKind::Keyless(keyless)) => keyless.trust_root.as_deref(),
        (None, _) => return Ok(TimestampPolicy::default()),
    };
    let required = authority.timestamp.is_some();
    let root = match roots.get(name) {
        Ok(root) => root,
        Err(reason) if required => return Err(reason),
        Err(_) => return Ok(TimestampPolicy::default()),
    };
    if required && root.timestamp_authorities.is_empty() {
        return Err("the trusted root knows no timestamp authority".to_owned());
    }
    let authorities: Result<Vec<_>, _> = root
        .timestamp_authorities
        .iter()
        .map(certificate::Authority::try_from)
        .collect();
    Ok(TimestampPolicy {
        authorities: authorities.map_err(|e| e.to_string())?,
        threshold: usize::from(required),
    })
}

fn asked(identity: &Identity) -> Result<AskedIdentity, String> {
    let matcher = |pattern: &Pattern| match pattern {
        Pattern::Exact(text) => Ok(Matcher::Exact(text.clone())),
        Pattern::Regexp(text) => Matcher::pattern(text).map_err(|e| e.to_string()),
    };
    Ok(AskedIdentity {
        subject: matcher(&identity.subject)?,
        issuer: matcher(&identity.issuer)?,
        claims: Vec::new(),
    })
}
