//! The ClusterImagePolicy resource (`policy.sigstore.dev/v1beta1` and `v1alpha1`), well-formed by construction.
//!
//! [`super::parse`] makes it from a document; what it refers to elsewhere (secrets, config maps, remote policies) is
//! kept as a reference until the caller resolves it with [`ClusterImagePolicy::references`].

use std::collections::BTreeMap;

use super::document::Position;
use super::glob::Glob;
use super::matching::MatchResource;
use crate::digest::Digest;
use crate::key::{HashAlgorithm, PublicKey};

/// The annotation of the `n of m` extension: how many distinct signers must have signed, over all authorities.
pub const THRESHOLD_ANNOTATION: &str = "countersign.dev/required-signers";

/// A policy: which images, and who must have signed them.
#[derive(Clone, Debug)]
pub struct ClusterImagePolicy {
    /// `metadata.name`.
    pub name: String,
    /// A digest of everything that a verdict depends on: the name, the specification, the annotations that count and,
    /// once resolved, the content of what the policy refers to. Policies with equal fingerprints judge alike.
    pub fingerprint: Digest,
    /// Which images the policy is for.
    pub images: Vec<Glob>,
    /// Which resources the policy is for; empty means all.
    pub matches: Vec<MatchResource>,
    /// What a failure does.
    pub mode: Mode,
    /// Who may sign: one of them suffices. Without any, nothing satisfies the policy.
    pub authorities: Vec<Authority>,
    /// The policy over the results of the authorities.
    pub policy: Option<ResultPolicy>,
    /// Why this only stands for a policy that is not valid: nothing satisfies it.
    pub invalid: Option<String>,
    /// How many distinct signers are needed ([`THRESHOLD_ANNOTATION`]); 1 is policy-controller's rule.
    pub required_signers: u32,
    /// Where the policy starts in its file.
    pub position: Position,
}

/// What a failed policy does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The workload is denied.
    #[default]
    Enforce,
    /// The workload is admitted with a warning.
    Warn,
}

/// One who may sign.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The name; `authority-<i>` when none is written.
    pub name: String,
    /// What the authority is.
    pub kind: AuthorityKind,
    /// Where signatures lie, when not beside the image.
    pub source: Source,
    /// Whether and how the transparency log is checked.
    pub log: Log,
    /// How an RFC 3161 timestamp is checked, when one is required.
    pub timestamp: Option<TimestampAuthority>,
    /// The attestations that must be there; when empty, a signature must.
    pub attestations: Vec<RequiredAttestation>,
    /// Which formats are accepted.
    pub format: SignatureFormat,
}

/// The kinds of authority.
#[derive(Clone, Debug)]
pub enum AuthorityKind {
    /// A public key.
    Key {
        /// Which.
        key: KeySource,
        /// The hash that the signature is over.
        hash: HashAlgorithm,
    },
    /// A certificate for an identity.
    Keyless(Keyless),
    /// A fixed answer.
    Static {
        /// Whether it passes.
        pass: bool,
        /// What to tell when it does not.
        message: String,
    },
}

/// Where a public key comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// The keys themselves: any one of them.
    Keys(Vec<PublicKey>),
    /// A secret, every value of which is a key.
    Secret {
        /// Its namespace; `None` is the webhook's own.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
    /// A key management service, e.g. `awskms://…`.
    Kms(String),
}

/// A keyless authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyless {
    /// The identities, one of which must have signed.
    pub identities: Vec<Identity>,
    /// The issuing authority's own certificates (PEM), instead of the trusted root.
    pub ca_cert: Option<CaSource>,
    /// The name of the trusted root; `None` is the default one.
    pub trust_root: Option<String>,
    /// Whether a missing certificate-transparency timestamp is accepted.
    pub ignore_sct: bool,
}

/// Where the certificates of an own authority come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaSource {
    /// PEM text.
    Pem(String),
    /// A secret, every value of which is PEM text.
    Secret {
        /// Its namespace; `None` is the webhook's own.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
}

/// An identity in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who issued the identity.
    pub issuer: Pattern,
    /// Who it is.
    pub subject: Pattern,
}

/// A text to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Exactly this.
    Exact(String),
    /// A regular expression, unanchored as in Go.
    Regexp(String),
}

/// Where signatures lie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// The repository; `None` is the image's own.
    pub repository: Option<String>,
    /// What stands before `sha256-…` in the tag.
    pub tag_prefix: Option<String>,
    /// The pull secrets for it.
    pub pull_secrets: Vec<String>,
}

/// How the transparency log is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Log {
    /// Not at all: a key authority without `ctlog`.
    Ignored,
    /// An entry is required.
    Required {
        /// The log, informative: keys come from the trusted root.
        url: Option<String>,
        /// The name of the trusted root; `None` is the default one.
        trust_root: Option<String>,
    },
}

/// Whose timestamps are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimestampAuthority {
    /// The name of the trusted root; `None` is the default one.
    pub trust_root: Option<String>,
}

/// Which storage formats an authority accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureFormat {
    /// Nothing written: both.
    #[default]
    Any,
    /// `legacy` is written; both are found all the same.
    Legacy,
    /// `bundle` is written; both are found all the same.
    Bundle,
}

/// An attestation that must be there.
#[derive(Clone, Debug)]
pub struct RequiredAttestation {
    /// Its name in results.
    pub name: String,
    /// The predicate type, in full.
    pub predicate_type: String,
    /// The predicate type as written, which the policy over the results sees.
    pub written_type: String,
    /// What its statement must satisfy.
    pub policy: Option<Code>,
}

/// A policy over the results of the authorities.
#[derive(Clone, Debug)]
pub struct ResultPolicy {
    /// The policy.
    pub code: Code,
    /// Whether `config` is given.
    pub fetch_config_file: bool,
    /// Whether `spec` is given.
    pub include_spec: bool,
    /// Whether `metadata` is given.
    pub include_object_meta: bool,
    /// Whether `typemeta` is given.
    pub include_type_meta: bool,
}

/// A policy in rego.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// The text.
    Inline(String),
    /// In a config map.
    ConfigMap {
        /// Its namespace; `None` is the webhook's own.
        namespace: Option<String>,
        /// Its name.
        name: String,
        /// The key in it.
        key: String,
    },
    /// At an address.
    Remote {
        /// Where, https only.
        url: String,
        /// SHA-256 of the text, lower-case hexadecimal.
        sha256: String,
    },
}

/// Something outside of a policy that it needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// A secret with public keys or certificates.
    Secret {
        /// Its namespace; `None` is the webhook's own.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
    /// A value of a config map.
    ConfigMap {
        /// Its namespace; `None` is the webhook's own.
        namespace: Option<String>,
        /// Its name.
        name: String,
        /// The key in it.
        key: String,
    },
    /// A text at an address.
    Remote {
        /// Where.
        url: String,
        /// Its SHA-256, hexadecimal.
        sha256: String,
    },
}

impl std::fmt::Display for Needed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let own = |namespace: &Option<String>| namespace.as_ref().map_or(String::new(), |n| format!("{n}/"));
        match self {
            Self::Secret { namespace, name } => write!(f, "secret {}{name}", own(namespace)),
            Self::ConfigMap { namespace, name, key } => write!(f, "config map {}{name}, key {key}", own(namespace)),
            Self::Remote { url, .. } => f.write_str(url),
        }
    }
}

/// What a resolved reference gave: for a secret all its values.
pub type Resolved = BTreeMap<Needed, Vec<Vec<u8>>>;

/// Why a policy can't be used although it is well-formed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unresolved {
    /// Not given.
    #[error("{0} is not at hand; in a cluster, check that it exists and that the webhook may read it")]
    Missing(Needed),
    /// Given, but not what it should be.
    #[error("{needed}: {reason}")]
    Invalid {
        /// What.
        needed: Needed,
        /// Why not.
        reason: String,
    },
}

impl ClusterImagePolicy {
    /// What the policy needs from elsewhere.
    pub fn references(&self) -> Vec<Needed> {
        let mut needed = Vec::new();
        for authority in &self.authorities {
            match &authority.kind {
                AuthorityKind::Key {
                    key: KeySource::Secret { namespace, name },
                    ..
                } => needed.push(secret(namespace, name)),
                AuthorityKind::Keyless(Keyless {
                    ca_cert: Some(CaSource::Secret { namespace, name }),
                    ..
                }) => needed.push(secret(namespace, name)),
                _ => {}
            }
            needed.extend(
                authority
                    .attestations
                    .iter()
                    .filter_map(|a| a.policy.as_ref()?.needed()),
            );
        }
        needed.extend(self.policy.as_ref().and_then(|p| p.code.needed()));
        needed.sort();
        needed.dedup();
        needed
    }

    /// Puts what was found in place of each reference.
    ///
    /// # Errors
    /// [`Unresolved`] for the first reference that is missing or not what it should be.
    pub fn resolve(&mut self, found: &Resolved) -> Result<(), Unresolved> {
        let mut contents = self.fingerprint.to_string();
        for needed in self.references() {
            contents.push_str(&format!("\n{needed:?}"));
            for value in found.get(&needed).into_iter().flatten() {
                contents.push_str(&format!(" {}", Digest::sha256(value)));
            }
        }
        self.fingerprint = Digest::sha256(contents.as_bytes());
        for authority in &mut self.authorities {
            match &mut authority.kind {
                AuthorityKind::Key { key, .. } => {
                    if let KeySource::Secret { namespace, name } = key {
                        *key = KeySource::Keys(secret_keys(&secret(namespace, name), found)?);
                    }
                }
                AuthorityKind::Keyless(keyless) => {
                    if let Some(CaSource::Secret { namespace, name }) = &keyless.ca_cert {
                        let texts = texts(&secret(namespace, name), found)?;
                        keyless.ca_cert = Some(CaSource::Pem(texts.join("\n")));
                    }
                }
                AuthorityKind::Static { .. } => {}
            }
            for attestation in &mut authority.attestations {
                if let Some(code) = &mut attestation.policy {
                    code.resolve(found)?;
                }
            }
        }
        match &mut self.policy {
            Some(policy) => policy.code.resolve(found),
            None => Ok(()),
        }
    }

    /// Whether the policy, used on an image, can need the network at all.
    pub fn is_static(&self) -> bool {
        self.authorities
            .iter()
            .all(|a| matches!(a.kind, AuthorityKind::Static { .. }))
            && self.policy.as_ref().is_none_or(|p| !p.fetch_config_file)
    }
}

impl Code {
    fn needed(&self) -> Option<Needed> {
        match self {
            Self::Inline(_) => None,
            Self::ConfigMap { namespace, name, key } => Some(Needed::ConfigMap {
                namespace: namespace.clone(),
                name: name.clone(),
                key: key.clone(),
            }),
            Self::Remote { url, sha256 } => Some(Needed::Remote {
                url: url.clone(),
                sha256: sha256.clone(),
            }),
        }
    }

    fn resolve(&mut self, found: &Resolved) -> Result<(), Unresolved> {
        let Some(needed) = self.needed() else {
            return Ok(());
        };
        let text = texts(&needed, found)?.concat();
        if let Self::Remote { sha256, .. } = self {
            let actual = Digest::sha256(text.as_bytes());
            if actual.hex() != sha256 {
                let reason = format!("its SHA-256 is {}, not the sha256sum of the policy", actual.hex());
                return Err(Unresolved::Invalid { needed, reason });
            }
        }
        super::rego::check(&text).map_err(|reason| Unresolved::Invalid {
            needed,
            reason: reason.to_string(),
        })?;
        *self = Self::Inline(text);
        Ok(())
    }
}

fn secret(namespace: &Option<String>, name: &str) -> Needed {
    Needed::Secret {
        namespace: namespace.clone(),
        name: name.to_owned(),
    }
}

fn texts(needed: &Needed, found: &Resolved) -> Result<Vec<String>, Unresolved> {
    let values = found.get(needed).ok_or_else(|| Unresolved::Missing(needed.clone()))?;
    let texts: Result<Vec<_>, _> = values.iter().map(|v| String::from_utf8(v.clone())).collect();
    texts.map_err(|_| Unresolved::Invalid {
        needed: needed.clone(),
        reason: "it is not UTF-8 text".to_owned(),
    })
}

fn secret_keys(needed: &Needed, found: &Resolved) -> Result<Vec<PublicKey>, Unresolved> {
    let values = found.get(needed).ok_or_else(|| Unresolved::Missing(needed.clone()))?;
    let keys: Result<Vec<_>, _> = values.iter().map(|v| PublicKey::from_pem(v)).collect();
    let keys = keys.map_err(|e| Unresolved::Invalid {
        needed: needed.clone(),
        reason: e.to_string(),
    })?;
    if keys.is_empty() {
        return Err(Unresolved::Invalid {
            needed: needed.clone(),
            reason: "it holds no key".to_owned(),
        });
    }
    Ok(keys)
}
