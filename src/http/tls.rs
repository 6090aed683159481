//! TLS, set up when the first TLS connection is made: reading the system's roots costs more than a whole verify over
//! plain http.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

use const_oid::db::rfc5280::ID_KP_SERVER_AUTH;
use der::Decode as _;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::TlsConnector;
use x509_cert::ext::pkix::ExtendedKeyUsage;

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
    let trusted = if options.insecure {
        None
    } else {
        Some(trusted(options, &provider)?)
    };
    let builder = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Judge { provider, trusted }));
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

/// What servers are trusted by, of which no more is read than the system's file of authorities, where there is one.
fn trusted(options: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Trusted, String> {
    if let Some(path) = &options.ca_file {
        let known = Known::new(certificates(path)?, provider)?;
        return known
            .map(Trusted::only)
            .ok_or_else(|| format!("{} holds no CA certificate that can be used", path.display()));
    }
    match bundle().map(|found| Known::new(found, provider)) {
        Some(Ok(Some(bundle))) => Ok(Trusted {
            first: bundle,
            all: Some(LazyLock::new(Box::new({
                let provider = Arc::clone(provider);
                move || system(&provider)
            }))),
        }),
        _ => system(provider).map(Trusted::only),
    }
}

/// The file with the system's authorities, which holds all of them on most systems. None where there is no such file, or
/// where variables name others.
fn bundle() -> Option<Vec<CertificateDer<'static>>> {
    let named = [openssl_probe::ENV_CERT_FILE, openssl_probe::ENV_CERT_DIR];
    if cfg!(target_os = "macos") || named.iter().any(|name| std::env::var_os(name).is_some()) {
        return None;
    }
    let file = openssl_probe::probe().cert_file?;
    Some(rustls_native_certs::load_certs_from_paths(Some(&file), None).certs)
}

/// All authorities of the system: those of its file and of its directories, as Go reads them.
fn system(provider: &Arc<CryptoProvider>) -> Result<Known, String> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let why = found
            .errors
            .first()
            .map_or_else(String::new, |error| format!(" ({error})"));
        return Err(format!(
            "no certificate authority is known on this system{why}; install ca-certificates or name a PEM file \
             with SSL_CERT_FILE"
        ));
    }
    Known::new(found.certs, provider)?
        .ok_or_else(|| "the system's certificate authorities can't be used; name a PEM file with SSL_CERT_FILE".into())
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
            CertificateError::UnknownIssuer => {
                "its certificate is from an unknown authority; trust it with --registry-cacert or SSL_CERT_FILE".into()
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired; it must be renewed (or check this machine's clock)".into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
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

/// What servers are trusted by.
#[derive(Debug)]
struct Trusted {
    first: Known,
    /// More than that: a directory of authorities takes longer to read than a signature to verify, so it is read only
    /// for a server that the first don't know.
    all: Option<LazyLock<Result<Known, String>, Read>>,
}

/// Reads certificates, once.
type Read = Box<dyn FnOnce() -> Result<Known, String> + Send>;

impl Trusted {
    fn only(known: Known) -> Self {
        Self {
            first: known,
            all: None,
        }
    }

    /// Whether what is known accepts a server.
    fn accept(&self, judge: impl Fn(&Known) -> Result<(), rustls::Error>) -> Result<(), rustls::Error> {
        judge(&self.first).or_else(|error| match self.all.as_deref() {
            Some(Ok(all)) => judge(all),
            _ => Err(error),
        })
    }
}

/// Certificates that are trusted.
#[derive(Debug)]
struct Known {
    authorities: Arc<WebPkiServerVerifier>,
    given: Vec<CertificateDer<'static>>,
}

impl Known {
    /// `None` when none of them can be used.
    fn new(given: Vec<CertificateDer<'static>>, provider: &Arc<CryptoProvider>) -> Result<Option<Self>, String> {
        let mut store = RootCertStore::empty();
        let (added, _) = store.add_parsable_certificates(given.iter().cloned());
        if added == 0 {
            return Ok(None);
        }
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Some(Self { authorities, given }))
    }

    /// Accepts what the trusted authorities certify, and the very certificates that are given: a server's own one, signed
    /// by itself or not, as Go does. For these the name, the validity and the purpose are checked all the same.
    fn accept(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        if !self.given.iter().any(|given| given.as_ref() == leaf.as_ref()) {
            return self
                .authorities
                .verify_server_cert(leaf, chain, name, ocsp, now)
                .map(drop);
        }
        let parsed = ParsedCertificate::try_from(leaf)?;
        is_for_servers(leaf, now)?;
        verify_server_name(&parsed, name)
    }
}

/// Judges a server's certificate: by what is trusted, or not at all, for `--allow-insecure-registry`. The signatures of
/// the handshake are checked in any case.
#[derive(Debug)]
struct Judge {
    provider: Arc<CryptoProvider>,
    trusted: Option<Trusted>,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(trusted) = &self.trusted {
            trusted.accept(|known| known.accept(leaf, chain, name, ocsp, now))?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whether a certificate is valid now, and made for servers as far as it says what for.
fn is_for_servers(der: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let malformed = |_| CertificateError::BadEncoding;
    let certificate = x509_cert::Certificate::from_der(der).map_err(malformed)?;
    let certificate = certificate.tbs_certificate();
    let now = now.as_secs();
    if now < certificate.validity().not_before.to_unix_duration().as_secs() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > certificate.validity().not_after.to_unix_duration().as_secs() {
        return Err(CertificateError::Expired.into());
    }
    let purposes = certificate.get_extension::<ExtendedKeyUsage>().map_err(malformed)?;
    if purposes.is_some_and(|(_, purposes)| !purposes.0.contains(&ID_KP_SERVER_AUTH)) {
        return Err(CertificateError::InvalidPurpose.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    /// Of localhost, self-signed, as plain `openssl req -x509` makes them: CA:TRUE.
    const OWN: &str = concat!(
        "MIIBlDCCATugAwIBAgIURdsNIQdKb5BDGPDf+if5At9wuegwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2",
        "MTEyNzIwMzcxMloYDzIxMjYxMTAzMjAzNzEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC",
        "AAQoquoAROONlfUoXI94aMemSKA7eX0HWv2noSAQt9AVvGtxjEnyR2xwfuARLq1vVjOB2kzuSIFf9YOffI5ff2/bo2kwZzAdBgNV",
        "HQ4EFgQUKWqo27rrKwxmouonGoV3jMMfoeUwHwYDVR0jBBgwFoAUKWqo27rrKwxmouonGoV3jMMfoeUwDwYDVR0TAQH/BAUwAwEB",
        "/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDRwAwRAIgMyHmJ956L8gXCs40oTfvm2vS3rVKUcdylbcE1aPTQOYC",
        "IDItpeo3zH9ItXZD9aQi+AHYiqXyjxJSJ8CSCHKKFD0S",
    );
    /// The same of another key.
    const OTHER: &str = concat!(
        "MIIBlTCCATugAwIBAgIUJWxEG/eZiClGsaS6/noQNCcp970wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2",
        "MTEyNzIwMzcxMloYDzIxMjYxMTAzMjAzNzEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC",
        "AAQkMKDaFJr+hO0MZ3QunGbfXC5VDmA0IBuLMsyqt/G4TAg4wRXTxb41SFULToCrtzGbtXqn9KtqEs5YzQ260xyRo2kwZzAdBgNV",
        "HQ4EFgQUmG8ge/6YCgl45x5ZrM5DzAeJ15cwHwYDVR0jBBgwFoAUmG8ge/6YCgl45x5ZrM5DzAeJ15cwDwYDVR0TAQH/BAUwAwEB",
        "/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDSAAwRQIgXnDsWZUckPoSWCB9I97FtlNdS4mh1U9M3HgydpvGotoC",
        "IQDkt6Ip/cYJYMEpZe3KY5YCjXUPfLGDoyPPaaLFB6rozg==",
    );
    /// Of localhost, signed by `OTHER`, CA:FALSE.
    const SIGNED: &str = concat!(
        "MIIBkDCCATWgAwIBAgIULtIyT6vKocUaldr8hX2RWxPxSC4wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2",
        "MTEyNzIwMzcxMloYDzIxMjYxMTAzMjAzNzEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC",
        "AAQrW0bfH3RwdBl5DN0RudqKUfVeUDVNGQTxK8O50rVWxox/u5Mp19yIaBbODmc9fyHLRa5AO+njS9JygonNq+Bso2MwYTAUBgNV",
        "HREEDTALgglsb2NhbGhvc3QwCQYDVR0TBAIwADAdBgNVHQ4EFgQUOI+YjTHC4wR245IGYDvpIK1iaDowHwYDVR0jBBgwFoAUmG8g",
        "e/6YCgl45x5ZrM5DzAeJ15cwCgYIKoZIzj0EAwIDSQAwRgIhAI46bQua8PeZaU5jSibFr+dDcPVONVKuEE07bxpYd4bLAiEAsHo/",
        "pdTu2SqHe2nHQgGa47Wjdq/D8FcHKqUFDaOEs6A=",
    );
    /// The same, only for clients.
    const CLIENT: &str = concat!(
        "MIIBpDCCAUqgAwIBAgIULtIyT6vKocUaldr8hX2RWxPxSC0wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2",
        "MTEyNzIwMzcxMloYDzIxMjYxMTAzMjAzNzEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC",
        "AAQrW0bfH3RwdBl5DN0RudqKUfVeUDVNGQTxK8O50rVWxox/u5Mp19yIaBbODmc9fyHLRa5AO+njS9JygonNq+Bso3gwdjAUBgNV",
        "HREEDTALgglsb2NhbGhvc3QwCQYDVR0TBAIwADATBgNVHSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQUOI+YjTHC4wR245IGYDvp",
        "IK1iaDowHwYDVR0jBBgwFoAUmG8ge/6YCgl45x5ZrM5DzAeJ15cwCgYIKoZIzj0EAwIDSAAwRQIgO+hrMLSsCKQoBI32F1To+5g+",
        "RkiFZeTmnpmjTlcmdaMCIQDMQM+GzGoP+rYemjrdE3bRB8zFSVaCPAs0GPrE+nRkQQ==",
    );
    const IN_2030: u64 = 1_900_000_000;

    fn der(text: &str) -> CertificateDer<'static> {
        base64::engine::general_purpose::STANDARD.decode(text).unwrap().into()
    }

    fn accepted(given: &str, served: &str, name: &'static str, now: u64) -> Result<(), rustls::Error> {
        let known = known(given);
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now));
        known.accept(&der(served), &[], &name.try_into().unwrap(), &[], now)
    }

    fn known(given: &str) -> Known {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Known::new(vec![der(given)], &provider).unwrap().unwrap()
    }

    #[test]
    fn a_given_certificate_of_a_server_is_accepted_for_what_it_says() {
        for own in [OWN, SIGNED] {
            accepted(own, own, "localhost", IN_2030).unwrap();
            for (name, now) in [
                ("localhost.example", IN_2030),
                ("localhost", 0),
                ("localhost", 5_000_000_000),
            ] {
                assert!(accepted(own, own, name, now).is_err(), "{name} {now}");
            }
        }
        let name = accepted(OWN, OWN, "registry.example", IN_2030).unwrap_err();
        assert!(matches!(
            name,
            rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { .. })
        ));
        assert!(accepted(CLIENT, CLIENT, "localhost", IN_2030).is_err());
    }

    #[test]
    fn another_certificate_of_the_same_name_is_not() {
        for (given, served) in [
            (OWN, OTHER),
            (OTHER, OWN),
            (SIGNED, OTHER),
            (OWN, SIGNED),
            (SIGNED, OWN),
        ] {
            assert!(accepted(given, served, "localhost", IN_2030).is_err());
        }
        // An authority certifies as before.
        accepted(OTHER, SIGNED, "localhost", IN_2030).unwrap();
        assert!(accepted(OTHER, CLIENT, "localhost", IN_2030).is_err());
    }

    #[test]
    fn a_server_that_the_first_authorities_do_not_know_is_judged_by_all() {
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(IN_2030));
        let accepts = |trusted: &Trusted, served: &str| {
            let name = "localhost".try_into().unwrap();
            trusted.accept(|known| known.accept(&der(served), &[], &name, &[], now))
        };
        let trusted = |all: Read| Trusted {
            first: known(OWN),
            all: Some(LazyLock::new(all)),
        };
        accepts(&trusted(Box::new(|| unreachable!("they are not needed"))), OWN).unwrap();
        let both = trusted(Box::new(|| Ok(known(OTHER))));
        accepts(&both, SIGNED).unwrap();
        assert!(accepts(&both, CLIENT).is_err());
        let unreadable = trusted(Box::new(|| Err("unreadable".into())));
        assert!(accepts(&unreadable, SIGNED).is_err());
    }
}
