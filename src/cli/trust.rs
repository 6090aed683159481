//! What a verification trusts, from flags and variables: keys of signers, logs, authorities.

use std::path::Path;
use std::sync::Arc;

use countersign::certificate::fulcio::Claim;
use countersign::certificate::identity::{Identity, Matcher};
use countersign::certificate::{Authority, Certificate};
use countersign::key::HashAlgorithm;
use countersign::proto_json::decode_base64;
use countersign::rekor::{self, LogKeys};
use countersign::trust::{TrustedRoot, Validity};
use countersign::verify::{CertificatePolicy, LogPolicy, Publication, Signer, TimestampPolicy, VerifiedSignature};

use super::options::{Evidence, Signer as SignerFlags};
use super::{Context, Failure, keys, tuf};

/// The public log: the default of `--rekor-url`.
const DEFAULT_LOG: &str = "https://rekor.sigstore.dev";

/// Where trust comes from in one run.
pub struct Trust<'a> {
    evidence: &'a Evidence,
    context: &'a Context,
    root: Option<TrustedRoot>,
}

/// Says on standard error which timestamps of a good signature count for nothing.
pub fn warn_of_timestamps(signature: &VerifiedSignature, context: &Context) {
    for reason in signature.rejected_timestamps() {
        context.note(&format!(
            "WARNING: {}: a timestamp was not needed and does not count: {reason}",
            signature.location()
        ));
    }
}

impl<'a> Trust<'a> {
    /// Reads `--trusted-root`, when it is given.
    pub fn load(evidence: &'a Evidence, context: &'a Context) -> Result<Self, Failure> {
        let root = match &evidence.trusted_root {
            Some(path) => {
                let parsed = TrustedRoot::parse(&read("--trusted-root", path)?);
                Some(parsed.map_err(|error| Failure::new(format!("--trusted-root {}: {error}", path.display())))?)
            }
            None => None,
        };
        Ok(Self {
            evidence,
            context,
            root,
        })
    }

    /// Whether log entries are asked for.
    pub fn wants_log(&self) -> bool {
        !self.evidence.insecure_ignore_tlog && !self.evidence.private_infrastructure
    }

    /// Says on standard error that no log is asked for. `what` is `signature`, `attestation` or `blob`.
    pub fn warn(&self, what: &str) {
        if self.evidence.insecure_ignore_tlog && !self.evidence.private_infrastructure {
            self.context.note(&format!(
                "WARNING: Skipping tlog verification is an insecure practice that lacks transparency and auditability \
                 verification for the {what}."
            ));
        }
    }

    /// Whose signatures count.
    ///
    /// # Errors
    /// Neither a key nor an identity, or one that cannot be read.
    pub async fn signer(&mut self, flags: &SignerFlags) -> Result<Signer, Failure> {
        if flags.sk || flags.slot.is_some() {
            return Err(Failure::new(
                "--sk and --slot: hardware tokens are not supported; export the token's public key and name it with \
                 --key",
            ));
        }
        let hash: HashAlgorithm = flags
            .signature_digest_algorithm
            .parse()
            .map_err(|error| Failure::new(format!("--signature-digest-algorithm: {error}")))?;
        if let Some(reference) = &flags.key {
            if let Some(flag) = flags.of_certificates() {
                return Err(Failure::new(format!(
                    "--key and --{flag} contradict each other: a signature of the key says nothing of a certificate; \
                     leave one out"
                )));
            }
            let key = keys::public_key(reference, &self.context.http_unless(self.evidence.offline))
                .await
                .map_err(|failure| failure.context("loading public key"))?;
            return Ok(Signer::Key { key, hash });
        }
        let identities = vec![identity(flags)?];
        let given = match &flags.certificate {
            Some(path) => certificates("--certificate", path)?,
            None => Vec::new(),
        };
        let publication = self.publication(flags).await?;
        let authorities = self.authorities(flags).await?;
        Ok(Signer::Certificate(Arc::new(CertificatePolicy {
            authorities,
            identities,
            publication,
            given,
        })))
    }

    /// The log that has to have a signature, and the one to ask for entries that do not lie beside it.
    pub async fn log(&mut self) -> Result<(LogPolicy, Option<rekor::Client>), Failure> {
        if !self.wants_log() {
            return Ok((LogPolicy::Ignore, None));
        }
        let keys = self.log_keys().await?;
        let client = if self.evidence.offline || self.is_no_log_of_the_root(&keys) {
            None
        } else {
            Some(rekor::Client::new(self.context.http(), &self.evidence.rekor_url)?)
        };
        Ok((LogPolicy::require(keys), client))
    }

    /// Whether the log to ask is only the default one, and none of `--trusted-root`: its answer would count for nothing.
    fn is_no_log_of_the_root(&self, keys: &LogKeys) -> bool {
        let asked = self.evidence.rekor_url.trim_end_matches('/');
        let of_root = |key: &rekor::LogKey| key.base_url().is_some_and(|url| url.trim_end_matches('/') == asked);
        self.is_root_given() && asked == DEFAULT_LOG && !keys.iter().any(of_root)
    }

    /// A flag counts before a variable.
    fn is_root_given(&self) -> bool {
        self.evidence.trusted_root.is_some()
    }

    /// The value of a variable that names a file with a key or a certificate, unless `--trusted-root` is given.
    fn variable(&self, name: &str) -> Option<String> {
        let value = || std::env::var(name).ok().filter(|value| !value.is_empty());
        if self.is_root_given() { None } else { value() }
    }

    async fn log_keys(&mut self) -> Result<LogKeys, Failure> {
        if let Some(path) = self.variable("SIGSTORE_REKOR_PUBLIC_KEY") {
            let parsed = LogKeys::from_pem(&read("SIGSTORE_REKOR_PUBLIC_KEY", Path::new(&path))?);
            return parsed.map_err(|error| Failure::new(format!("SIGSTORE_REKOR_PUBLIC_KEY {path}: {error}")));
        }
        Ok(self.root("the transparency log's key").await?.logs.clone())
    }

    /// The timestamp authorities, and how many have to have seen a signature.
    pub async fn timestamps(&mut self) -> Result<TimestampPolicy, Failure> {
        let asked = self.evidence.use_signed_timestamps;
        let authorities = if let Some(path) = &self.evidence.timestamp_certificate_chain {
            vec![authority("--timestamp-certificate-chain", path)?]
        } else if let Some(path) = self.variable("SIGSTORE_TSA_CERTIFICATE_FILE") {
            vec![authority("SIGSTORE_TSA_CERTIFICATE_FILE", Path::new(&path))?]
        } else if asked || self.root.is_some() {
            chains(
                &self
                    .root("the timestamp authority's certificates")
                    .await?
                    .timestamp_authorities,
            )?
        } else {
            Vec::new()
        };
        Ok(TimestampPolicy {
            authorities,
            threshold: usize::from(asked),
        })
    }

    async fn authorities(&mut self, flags: &SignerFlags) -> Result<Vec<Authority>, Failure> {
        if let Some(path) = &flags.certificate_chain {
            return Ok(vec![authority("--certificate-chain", path)?]);
        }
        let roots = if let Some(path) = &flags.ca_roots {
            certificates("--ca-roots", path)?
        } else if let Some(path) = self.variable("SIGSTORE_ROOT_FILE") {
            certificates("SIGSTORE_ROOT_FILE", Path::new(&path))?
        } else {
            return chains(&self.root("the certificate authority").await?.certificate_authorities);
        };
        let below = match &flags.ca_intermediates {
            Some(path) => certificates("--ca-intermediates", path)?,
            None => Vec::new(),
        };
        let chain = |root| below.iter().cloned().chain([root]).collect();
        Ok(roots
            .into_iter()
            .filter_map(|root| Authority::new(chain(root), Validity::ALWAYS, ""))
            .collect())
    }

    async fn publication(&mut self, flags: &SignerFlags) -> Result<Publication, Failure> {
        if flags.insecure_ignore_sct {
            return Ok(Publication::Unchecked);
        }
        let keys = if let Some(path) = self.variable("SIGSTORE_CT_LOG_PUBLIC_KEY_FILE") {
            let parsed = LogKeys::from_pem(&read("SIGSTORE_CT_LOG_PUBLIC_KEY_FILE", Path::new(&path))?);
            parsed.map_err(|error| Failure::new(format!("SIGSTORE_CT_LOG_PUBLIC_KEY_FILE {path}: {error}")))?
        } else {
            self.root("the certificate transparency log's key")
                .await?
                .ct_logs
                .clone()
        };
        let detached = match &flags.sct {
            Some(path) => Some(read("--sct", path)?),
            None => None,
        };
        Ok(Publication::Required { logs: keys, detached })
    }

    /// The trusted root: that of `--trusted-root`, else that of the TUF repository.
    async fn root(&mut self, what: &str) -> Result<&TrustedRoot, Failure> {
        let root = match self.root.take() {
            Some(root) => root,
            None => tuf::trusted_root(self.context, self.evidence.offline)
                .await
                .map_err(|failure| {
                    let text = format!(
                        "{what} is not known: {}; give a trusted root with --trusted-root FILE, or single keys with \
                     SIGSTORE_REKOR_PUBLIC_KEY, SIGSTORE_ROOT_FILE, SIGSTORE_CT_LOG_PUBLIC_KEY_FILE, \
                     SIGSTORE_TSA_CERTIFICATE_FILE; or do without a log with --insecure-ignore-tlog",
                        failure.line()
                    );
                    failure.reworded(text)
                })?,
        };
        Ok(self.root.insert(root))
    }
}

/// The identity that the flags ask for.
fn identity(flags: &SignerFlags) -> Result<Identity, Failure> {
    let matcher = |exact: &Option<String>, pattern: &Option<String>, name: &str| {
        let exact = exact.clone().filter(|exact| !exact.is_empty());
        let pattern = pattern.as_ref().filter(|pattern| !pattern.is_empty());
        let pattern = pattern.map(|pattern| {
            Matcher::pattern(pattern).map_err(|error| Failure::new(format!("--{name}-regexp: {error}")))
        });
        match (exact, pattern.transpose()?) {
            (Some(exact), Some(pattern)) => Ok(Matcher::Both(exact, Box::new(pattern))),
            (Some(exact), None) => Ok(Matcher::Exact(exact)),
            (None, Some(pattern)) => Ok(pattern),
            (None, None) => Err(Failure::new(format!(
                "--{name} or --{name}-regexp is required for verification in keyless mode; or name the signer's key \
                 with --key"
            ))),
        }
    };
    let subject = matcher(
        &flags.certificate_identity,
        &flags.certificate_identity_regexp,
        "certificate-identity",
    )?;
    let issuer = matcher(
        &flags.certificate_oidc_issuer,
        &flags.certificate_oidc_issuer_regexp,
        "certificate-oidc-issuer",
    )?;
    let claims = [
        (Claim::GithubWorkflowTrigger, &flags.certificate_github_workflow_trigger),
        (Claim::GithubWorkflowSha, &flags.certificate_github_workflow_sha),
        (Claim::GithubWorkflowName, &flags.certificate_github_workflow_name),
        (
            Claim::GithubWorkflowRepository,
            &flags.certificate_github_workflow_repository,
        ),
        (Claim::GithubWorkflowRef, &flags.certificate_github_workflow_ref),
    ];
    let claims = claims
        .into_iter()
        .filter_map(|(claim, value)| Some((claim, value.clone()?)));
    Ok(Identity {
        subject,
        issuer,
        claims: claims.filter(|(_, value)| !value.is_empty()).collect(),
    })
}

fn chains(trusted: &[countersign::trust::Authority]) -> Result<Vec<Authority>, Failure> {
    let chain =
        |authority| Authority::try_from(authority).map_err(|error| Failure::new(format!("trusted root: {error}")));
    trusted.iter().map(chain).collect()
}

/// The file that `what` names.
///
/// # Errors
/// It cannot be read.
pub fn read(what: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::new(format!("{what} {}: {error}", path.display())))
}

/// The certificates in the file that `what` names, at least one.
///
/// # Errors
/// It cannot be read, or holds something else.
pub fn certificates(what: &str, path: &Path) -> Result<Vec<Certificate>, Failure> {
    let bytes = read(what, path)?;
    // `--output-certificate` writes the PEM in base64.
    let pem = decode_base64(bytes.trim_ascii()).unwrap_or(bytes);
    Certificate::chain_from_pem(&pem).map_err(|error| Failure::new(format!("{what} {}: {error}", path.display())))
}

fn authority(what: &str, path: &Path) -> Result<Authority, Failure> {
    let mut chain = certificates(what, path)?;
    // OpenSSL and others also write the root first.
    if chain.first().is_some_and(Certificate::is_self_signed) && !chain.last().is_some_and(Certificate::is_self_signed)
    {
        chain.reverse();
    }
    Authority::new(chain, Validity::ALWAYS, "")
        .ok_or_else(|| Failure::new(format!("{what} {}: it holds no certificate", path.display())))
}
