//! TLS, set up when the first TLS connection is made: reading the system's roots costs more than a whole verify over
//! plain http.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::TlsConnector;

/// Largest certificate or key file that is read, in bytes.
const MAX_PEM: u64 = 4 << 20;

/// How TLS is done. The default trusts the system's roots (`SSL_CERT_FILE` and `SSL_CERT_DIR` replace them).
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// PEM file with the only certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// PEM files of a client certificate with its chain, and of its key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// The name to expect in the certificate of a server that the user named, instead of its host.
    pub server_name: Option<String>,
    /// Accept any certificate. Then anyone on the way can read and change what is sent, credentials included.
    pub insecure: bool,
}

/// TLS that is set up once, on first use.
pub struct Tls {
    options: TlsOptions,
    connector: OnceLock<Result<TlsConnector, String>>,
}

impl Tls {
    pub fn new(options: TlsOptions) -> Self {
        Self {
            options,
            connector: OnceLock::new(),
        }
    }

    pub fn options(&self) -> &TlsOptions {
        &self.options
    }

    /// The connector, or why there is none, as a sentence.
    pub fn connector(&self) -> Result<&TlsConnector, String> {
        let made = self
            .connector
            .get_or_init(|| configure(&self.options).map(|config| TlsConnector::from(Arc::new(config))));
        made.as_ref().map_err(Clone::clone)
    }
}

fn configure(options: &TlsOptions) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let builder = if options.insecure {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAny(provider)))
    } else {
        builder.with_root_certificates(roots(options)?)
    };
    let mut config = match &options.client {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = certificates(certificate)?;
            let pem = zeroize::Zeroizing::new(read(key)?);
            let key_der = PrivateKeyDer::from_pem_slice(&pem)
                .map_err(|error| format!("{} holds no private key in PEM: {error}", key.display()))?;
            builder.with_client_auth_cert(chain, key_der).map_err(|error| {
                format!(
                    "the client certificate {} can't be used: {error}",
                    certificate.display()
                )
            })?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn roots(options: &TlsOptions) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    if let Some(path) = &options.ca_file {
        let certificates = certificates(path)?;
        let (added, _) = store.add_parsable_certificates(certificates);
        if added == 0 {
            return Err(format!("{} holds no CA certificate that can be used", path.display()));
        }
        return Ok(store);
    }
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = store.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = found
            .errors
            .first()
            .map_or_else(String::new, |error| format!(" ({error})"));
        return Err(format!(
            "no certificate authority is known on this system{why}; install ca-certificates or name a PEM file \
             with SSL_CERT_FILE"
        ));
    }
    Ok(store)
}

fn certificates(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = read(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(format!("{} holds no certificate in PEM", path.display())),
        Err(error) => Err(format!("{} is not PEM: {error}", path.display())),
    }
}

fn read(path: &std::path::Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| format!("{} can't be read: {error}", path.display());
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, MAX_PEM), &mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// What to do about a TLS failure, as the end of a sentence.
pub fn advice(error: &std::io::Error) -> String {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(reason)) => match reason {
            rustls::CertificateError::UnknownIssuer => {
                "its certificate is from an unknown authority; trust it with --registry-cacert or SSL_CERT_FILE".into()
            }
            rustls::CertificateError::Expired | rustls::CertificateError::ExpiredContext { .. } => {
                "its certificate has expired; it must be renewed (or check this machine's clock)".into()
            }
            rustls::CertificateError::NotValidForName | rustls::CertificateError::NotValidForNameContext { .. } => {
                format!(
                    "its certificate is for another name ({reason}); name the one to expect with --registry-server-name"
                )
            }
            other => format!("its certificate is not accepted: {other}"),
        },
        Some(rustls::Error::AlertReceived(
            alert @ (rustls::AlertDescription::CertificateRequired
            | rustls::AlertDescription::BadCertificate
            | rustls::AlertDescription::UnknownCA
            | rustls::AlertDescription::CertificateUnknown
            | rustls::AlertDescription::HandshakeFailure),
        )) => format!("it answers {alert:?}; if it asks for a client certificate, use --registry-client-cert and -key"),
        Some(rustls::Error::InvalidMessage(_)) => {
            "it does not speak TLS on this port; if it serves plain http, use --allow-http-registry".into()
        }
        Some(other) => other.to_string(),
        None => error.to_string(),
    }
}

/// Whether it is TLS that failed, not the connection below.
pub fn is_tls(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}

/// Whether the other side does not speak TLS at all.
pub fn is_not_tls(error: &std::io::Error) -> bool {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidMessage(_)))
}

/// Accepts any certificate, for `--allow-insecure-registry`; handshake signatures are still checked.
#[derive(Debug)]
struct AcceptAny(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
