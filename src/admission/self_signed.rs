//! A certificate of its own for the webhook: a certificate authority that signs one server certificate and is then
//! forgotten (RFC 5280). For trying out, and for clusters without a certificate manager.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::key::PrivateKey;

/// How long the certificates are valid: a year, in seconds.
const VALIDITY: i64 = 365 * 86_400;
/// For clocks that differ: an hour, in seconds.
const SKEW: i64 = 3_600;

/// A server certificate, its key and the authority that a client has to trust.
pub struct Made {
    /// The authority's certificate, PEM: the webhook configuration's `caBundle` is its base64.
    pub authority: String,
    /// The server's certificate, PEM.
    pub certificate: String,
    /// The server's private key, PKCS#8 in PEM.
    pub key: Zeroizing<String>,
}

/// Why a certificate can't be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// No name is given, or one that is no DNS name.
    #[error("{0:?} is no DNS name; a service is reached as NAME.NAMESPACE.svc")]
    Name(String),
    /// The key failed.
    #[error("no key could be made: {0}")]
    Key(String),
    /// The time is out of what a certificate can say.
    #[error("this machine's clock is wrong: {0} seconds since 1970")]
    Time(i64),
}

impl Made {
    /// The authority as the webhook configuration takes it.
    pub fn ca_bundle(&self) -> String {
        STANDARD.encode(&self.authority)
    }
}

/// Makes a certificate for `names`, valid from `now` (seconds since 1970) for a year.
///
/// # Errors
/// [`MakeError`].
pub fn make(names: &[String], now: i64) -> Result<Made, MakeError> {
    let Some(first) = names.first() else {
        return Err(MakeError::Name(String::new()));
    };
    if let Some(bad) = names.iter().find(|name| !is_dns_name(name)) {
        return Err(MakeError::Name(bad.clone()));
    }
    let failed = |e: &dyn std::fmt::Display| MakeError::Key(e.to_string());
    let new_key = || PrivateKey::generate().map_err(|e| failed(&e));
    let (authority_key, server_key) = (new_key()?, new_key()?);
    let authority_name = name(&format!("{first} authority"));
    let validity = sequence(&[time(now - SKEW)?, time(now + VALIDITY)?]);
    let authority = signed(
        &authority_key,
        &authority_name,
        &authority_name,
        &validity,
        authority_key.public_key().spki_der(),
        &[
            // Basic constraints: an authority of no other authority; key usage: sign certificates.
            extension(
                &[0x55, 0x1d, 0x13],
                true,
                &sequence(&[vec![0x01, 0x01, 0xff], vec![0x02, 0x01, 0x00]]),
            ),
            extension(&[0x55, 0x1d, 0x0f], true, &[0x03, 0x02, 0x02, 0x04]),
        ],
    )
    .map_err(|e| failed(&e))?;
    let alternatives: Vec<_> = names.iter().map(|name| tlv(0x82, name.as_bytes())).collect();
    let certificate = signed(
        &authority_key,
        &authority_name,
        &name(first),
        &validity,
        server_key.public_key().spki_der(),
        &[
            extension(&[0x55, 0x1d, 0x11], false, &sequence(&alternatives)),
            // Key usage: digital signature; extended key usage: TLS server.
            extension(&[0x55, 0x1d, 0x0f], true, &[0x03, 0x02, 0x07, 0x80]),
            extension(
                &[0x55, 0x1d, 0x25],
                false,
                &sequence(&[tlv(0x06, &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01])]),
            ),
        ],
    )
    .map_err(|e| failed(&e))?;
    let key = server_key.to_pkcs8_der().map_err(|e| failed(&e))?;
    Ok(Made {
        authority: pem("CERTIFICATE", &authority),
        certificate: pem("CERTIFICATE", &certificate),
        key: Zeroizing::new(pem("PRIVATE KEY", &key)),
    })
}

fn is_dns_name(name: &str) -> bool {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// A certificate of version 3 with a random serial number, signed with ECDSA and SHA-256.
fn signed(
    signer: &PrivateKey,
    issuer: &[u8],
    subject: &[u8],
    validity: &[u8],
    public_key: &[u8],
    extensions: &[Vec<u8>],
) -> Result<Vec<u8>, String> {
    let algorithm = sequence(&[tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])]);
    let mut serial = [0; 16];
    getrandom::fill(&mut serial).map_err(|e| e.to_string())?;
    // Positive, and without a leading zero.
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    let body = sequence(&[
        tlv(0xa0, &[0x02, 0x01, 0x02]),
        tlv(0x02, &serial),
        algorithm.clone(),
        issuer.to_vec(),
        validity.to_vec(),
        subject.to_vec(),
        public_key.to_vec(),
        tlv(0xa3, &sequence(extensions)),
    ]);
    let signature = signer.sign(&body).map_err(|e| e.to_string())?;
    let mut bits = vec![0];
    bits.extend_from_slice(&signature);
    Ok(sequence(&[body, algorithm, tlv(0x03, &bits)]))
}

/// A name of one common name, cut to the 64 characters that it may have.
fn name(common: &str) -> Vec<u8> {
    let common: String = common.chars().take(64).collect();
    let attribute = sequence(&[tlv(0x06, &[0x55, 0x04, 0x03]), tlv(0x0c, common.as_bytes())]);
    sequence(&[tlv(0x31, &attribute)])
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![tlv(0x06, oid)];
    if critical {
        parts.push(vec![0x01, 0x01, 0xff]);
    }
    parts.push(tlv(0x04, value));
    sequence(&parts)
}

fn time(at: i64) -> Result<Vec<u8>, MakeError> {
    let timestamp = jiff::Timestamp::from_second(at).map_err(|_| MakeError::Time(at))?;
    let text = timestamp.strftime("%Y%m%d%H%M%SZ").to_string();
    // UTCTime until 2049, as RFC 5280 asks for.
    Ok(match text.strip_prefix("20") {
        Some(short) if text.as_str() < "2050" => tlv(0x17, short.as_bytes()),
        _ => tlv(0x18, text.as_bytes()),
    })
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// Tag, length and value in DER.
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = value.len().to_be_bytes();
    let significant: Vec<u8> = length.iter().copied().skip_while(|b| *b == 0).collect();
    match significant.as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(0x7f));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(value);
    out
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls_pki_types::pem::PemObject as _;
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};

    use super::super::tls;
    use super::*;

    #[tokio::test]
    async fn rustls_accepts_what_is_made_for_its_names_only() {
        let now = jiff::Timestamp::now().as_second();
        let made = make(&["countersign.countersign-system.svc".to_owned()], now).unwrap();
        let chain = vec![CertificateDer::from_pem_slice(made.certificate.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(made.key.as_bytes()).unwrap();
        let server = tls::server_config(tls::Current::new(tls::certified(chain, key).unwrap())).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(made.authority.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connect = |name: &'static str| {
            let (server, client) = (server.clone(), Arc::new(client.clone()));
            async move {
                let (near, far) = tokio::io::duplex(64 << 10);
                let accept = tokio_rustls::TlsAcceptor::from(server).accept(far);
                let connect =
                    tokio_rustls::TlsConnector::from(client).connect(ServerName::try_from(name).unwrap(), near);
                tokio::join!(connect, accept).0.map(drop)
            }
        };
        connect("countersign.countersign-system.svc").await.unwrap();
        assert!(connect("other.svc").await.is_err());
    }

    #[test]
    fn only_dns_names_get_one() {
        for bad in ["", "A.b", "a b", "-a", "a..b", "a/b"] {
            assert!(make(&[bad.to_owned()], 0).is_err(), "{bad:?}");
        }
        assert!(make(&[], 0).is_err());
    }
}
