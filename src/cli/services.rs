//! Who signs and who is told of a signature, from the flags of signing.

use std::path::Path;

use countersign::certificate::{self, Certificate, PathError, Purpose};
use countersign::rekor::{self, ApiVersion, LogKeys};
use countersign::sign::{Published, Services, Signer};
use countersign::trust::signing_config::Service;
use countersign::trust::{SigningConfig, TrustedRoot};
use countersign::{http, timestamp};

use super::options::Signing;
use super::prompt::PromptError;
use super::trust::{certificates, read};
use super::{Context, Failure, keys, prompt, tuf};

/// What a public log keeps, which the user has to agree to.
const CONSENT: &str = "
\tThe signature is made public in a transparency log, which is never undone.
\tNote that if your submission includes personal data associated with this signed artifact, it will be part of an
\timmutable record. This may include the email address associated with the account with which you authenticate your
\tcontractual Agreement. This information will be used for signing this artifact and will be stored in public
\ttransparency logs and cannot be removed later, and is subject to the Immutable Record notice at
\thttps://lfprojects.org/policies/hosted-project-tools-immutable-records/.
";

/// Who signs, with everything that it takes but the derivation of the key.
struct Locked {
    key: keys::Locked,
    certificates: Option<(Certificate, Vec<Certificate>)>,
}

impl Locked {
    /// Derives the key and opens it.
    ///
    /// # Errors
    /// A wrong password, a certificate of another key.
    async fn open(self) -> Result<Signer, Failure> {
        let key = self.key.open().await?;
        Ok(match self.certificates {
            Some((certificate, chain)) => Signer::certified(key, certificate, chain)?,
            None => Signer::new(key),
        })
    }
}

/// The key that signs, and the certificate that its signatures carry.
///
/// # Errors
/// As [`locked`] and [`Locked::open`].
pub async fn signer(flags: &Signing, context: &Context) -> Result<Signer, Failure> {
    locked(flags, context).await?.open().await
}

/// The same for images, while `network` brings what is to be signed: the derivation takes longer. Without a key or its
/// password the network is not used.
///
/// # Errors
/// As [`signer`], first, and what `network` fails with.
pub async fn signer_while<T, E: Into<Failure>>(
    flags: &Signing,
    context: &Context,
    network: impl Future<Output = Result<T, E>>,
) -> Result<(Signer, T), Failure> {
    let getting = |failure: Failure| failure.context("getting signer");
    let locked = locked(flags, context).await.map_err(getting)?;
    let (signer, found) = futures_util::future::join(locked.open(), network).await;
    Ok((signer.map_err(getting)?, found.map_err(Into::into)?))
}

/// What [`Locked::open`] opens.
///
/// # Errors
/// No key, a flag that is not supported, a key, password or certificate that cannot be read.
async fn locked(flags: &Signing, context: &Context) -> Result<Locked, Failure> {
    refuse(flags)?;
    let Some(reference) = flags.key.as_deref().filter(|key| !key.is_empty()) else {
        return Err(Failure::new(
            "--key is needed: name a private key file, env://NAME or an https:// address (signing without a key of \
             your own is not supported)",
        ));
    };
    let key = keys::private_key(reference, context).await?;
    let certificates = match &flags.certificate {
        None => None,
        Some(path) => {
            let mut chain = certificates("--certificate", path)?;
            let certificate = chain.remove(0);
            if let Some(path) = &flags.certificate_chain {
                chain.extend(certificates("--certificate-chain", path)?);
                leads_to_root(&certificate, &chain)
                    .map_err(|error| Failure::new(format!("--certificate-chain {}: {error}", path.display())))?;
            }
            Some((certificate, chain))
        }
    };
    Ok(Locked { key, certificates })
}

/// The logs and the timestamp authorities that are told of a signature.
///
/// # Errors
/// A flag that is not supported, a file that cannot be read, a service that is not one.
pub async fn services(flags: &Signing, context: &Context) -> Result<Services, Failure> {
    refuse(flags)?;
    let trusted = log_keys(flags, context).await?;
    let log = |url: &str, version| -> Result<rekor::Client, Failure> {
        let client = rekor::Client::with_version(context.http(), url, version)?;
        Ok(match &trusted {
            Some(keys) => client.trusting(keys.clone()),
            None => client,
        })
    };
    let authority = |url: &str| timestamp::Client::new(tsa_http(flags, context), url);
    let (mut logs, mut authorities) = (Vec::new(), Vec::new());
    if let Some(config) = signing_config(flags, context).await? {
        let now = jiff::Timestamp::now().as_second();
        if flags.tlog_upload && !config.logs.is_empty() {
            for service in config.choose_logs(now)? {
                logs.push(log(&service.url, version(service))?);
            }
        }
        if !config.timestamp_authorities.is_empty() {
            for service in config.choose_timestamp_authorities(now)? {
                authorities.push(authority(&service.url)?);
            }
        }
    } else if flags.tlog_upload {
        logs.push(log(&flags.rekor_url, ApiVersion::V1)?);
    }
    if let Some(url) = flags.timestamp_server_url.as_deref().filter(|url| !url.is_empty()) {
        authorities.push(authority(url)?);
    }
    Ok(Services { logs, authorities })
}

/// Says on standard error where the logs keep what was published.
pub fn tell_entries(published: &Published, context: &Context) {
    for entry in &published.entries {
        context.note(&format!("tlog entry created with index: {}", entry.log_index));
    }
}

/// Asks for consent to what `services` make public, unless `--yes` is given.
///
/// # Errors
/// The answer is not yes, or there is nobody to ask.
pub async fn consent(flags: &Signing, services: &Services) -> Result<(), PromptError> {
    match services.logs.is_empty() {
        false => prompt::confirm(CONSENT, flags.yes).await,
        true => Ok(()),
    }
}

fn refuse(flags: &Signing) -> Result<(), Failure> {
    match flags.keyless.refused() {
        None => Ok(()),
        Some(flag @ ("--sk" | "--slot")) => Err(Failure::new(format!(
            "{flag}: signing with a hardware token is not supported; use a key file with --key"
        ))),
        Some(flag) => Err(Failure::new(format!(
            "{flag}: signing without a key of your own is not supported; name one with --key"
        ))),
    }
}

async fn signing_config(flags: &Signing, context: &Context) -> Result<Option<SigningConfig>, Failure> {
    match (&flags.signing_config, flags.use_signing_config) {
        (Some(_), Some(false)) => Err(Failure::new(
            "--signing-config and --use-signing-config=false contradict each other; give one",
        )),
        (Some(path), _) => {
            let parsed = SigningConfig::parse(&read("--signing-config", path)?);
            parsed
                .map(Some)
                .map_err(|error| Failure::new(format!("--signing-config {}: {error}", path.display())))
        }
        (None, Some(true)) => tuf::signing_config(context).await.map(Some).map_err(|failure| {
            failure.context(
                "--use-signing-config: name a file with --signing-config, or the services with --rekor-url and \
                 --timestamp-server-url",
            )
        }),
        (None, _) => Ok(None),
    }
}

fn version(service: &Service) -> ApiVersion {
    if service.api_version >= 2 {
        ApiVersion::V2
    } else {
        ApiVersion::V1
    }
}

/// The keys that the log's answers are checked with, where the caller has them.
async fn log_keys(flags: &Signing, context: &Context) -> Result<Option<LogKeys>, Failure> {
    if let Some(path) = &flags.trusted_root {
        let root = TrustedRoot::parse(&read("--trusted-root", path)?)
            .map_err(|error| Failure::new(format!("--trusted-root {}: {error}", path.display())))?;
        return Ok(Some(root.logs));
    }
    let Some(path) = std::env::var_os("SIGSTORE_REKOR_PUBLIC_KEY").filter(|path| !path.is_empty()) else {
        // Who takes the services from the repository has their keys from there too.
        if flags.use_signing_config == Some(true) && flags.signing_config.is_none() {
            return Ok(Some(tuf::trusted_root(context, false).await?.logs));
        }
        return Ok(None);
    };
    let path = Path::new(&path);
    LogKeys::from_pem(&read("SIGSTORE_REKOR_PUBLIC_KEY", path)?)
        .map(Some)
        .map_err(|error| Failure::new(format!("SIGSTORE_REKOR_PUBLIC_KEY {}: {error}", path.display())))
}

fn tsa_http(flags: &Signing, context: &Context) -> http::Client {
    let client = flags
        .timestamp_client_cert
        .clone()
        .zip(flags.timestamp_client_key.clone());
    let tls = http::TlsOptions {
        ca_file: flags.timestamp_client_cacert.clone(),
        client,
        server_name: flags.timestamp_server_name.clone(),
        ..http::TlsOptions::default()
    };
    http::Client::new(context.http_config(tls))
}

/// Nobody could verify a signature whose certificate does not lead to the root that comes with it.
fn leads_to_root(certificate: &Certificate, chain: &[Certificate]) -> Result<(), PathError> {
    let (root, between) = chain
        .split_last()
        .map_or((certificate, chain), |(root, rest)| (root, rest));
    let at = certificate.validity().start.unwrap_or_default();
    certificate::verify(
        certificate,
        between,
        std::slice::from_ref(root),
        at,
        Purpose::CodeSigning,
    )
    .map(drop)
}
