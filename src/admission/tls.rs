//! The webhook's certificate: from files, read again when they change, or made here.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

/// Largest PEM file, in bytes.
const MAX_PEM: u64 = 1 << 20;
/// How often the files are looked at.
pub const RELOAD: Duration = Duration::from_secs(5);

/// Why a certificate can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("{file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file holds something else.
    #[error("{file} holds no {what} in PEM: {reason}")]
    Pem {
        /// The file.
        file: String,
        /// What was expected.
        what: &'static str,
        /// Why not.
        reason: String,
    },
    /// Certificate and key are not of each other, or of an unknown kind.
    #[error("the certificate {certificate} and the key {key} can't be used: {source}")]
    Pair {
        /// The certificate's file.
        certificate: String,
        /// The key's file.
        key: String,
        /// Why.
        source: rustls::Error,
    },
    /// TLS can't be set up.
    #[error("TLS can't be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// A certificate in two files.
#[derive(Clone, Debug)]
pub struct Files {
    /// The certificate with its chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Hands out the certificate in force.
#[derive(Debug)]
pub struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Files {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn load(&self) -> Result<CertifiedKey, TlsError> {
        let name = |path: &Path| path.display().to_string();
        let pem = read(&self.certificate)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let bad = |path: &Path, what, reason: String| TlsError::Pem {
            file: name(path),
            what,
            reason,
        };
        let chain = chain.map_err(|e| bad(&self.certificate, "certificate", e.to_string()))?;
        if chain.is_empty() {
            return Err(bad(&self.certificate, "certificate", "there is none".to_owned()));
        }
        let pem = read(&self.key)?;
        let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|e| bad(&self.key, "private key", e.to_string()))?;
        certified(chain, key).map_err(|source| TlsError::Pair {
            certificate: name(&self.certificate),
            key: name(&self.key),
            source,
        })
    }

    /// What changes when the files do.
    fn stamp(&self) -> Option<(Vec<u8>, Zeroizing<Vec<u8>>)> {
        Some((read(&self.certificate).ok()?.to_vec(), read(&self.key).ok()?))
    }

    /// Looks at the files for ever and puts a changed certificate in force; one that can't be used is told and left.
    pub async fn follow(self, current: Arc<Current>, mut tell: impl FnMut(&str)) {
        let mut known = self.stamp();
        loop {
            tokio::time::sleep(RELOAD).await;
            let stamp = self.stamp();
            if stamp.is_none() || stamp == known {
                continue;
            }
            match self.load() {
                Ok(loaded) => {
                    current.replace(loaded);
                    known = stamp;
                    tell("certificate reloaded");
                }
                // The two files may be written one after the other; the next look decides.
                Err(error) => tell(&error.to_string()),
            }
        }
    }
}

impl Current {
    /// Starts with a certificate.
    pub fn new(key: CertifiedKey) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(key))))
    }

    /// Puts another certificate in force.
    pub fn replace(&self, key: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }
}

/// A certificate chain with its key.
///
/// # Errors
/// They are not of each other, or of an unknown kind.
pub fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, rustls::Error> {
    let key = rustls::crypto::ring::sign::any_supported_type(&key)?;
    let certified = CertifiedKey::new(chain, key);
    certified.keys_match()?;
    Ok(certified)
}

/// The configuration of a server with the certificate in force.
///
/// # Errors
/// [`TlsError::Setup`].
pub fn server_config(current: Arc<Current>) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(current);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    use std::io::Read as _;
    let failed = |source| TlsError::Read {
        file: path.display().to_string(),
        source,
    };
    let mut bytes = Zeroizing::new(Vec::new());
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(MAX_PEM).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
