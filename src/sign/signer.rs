//! Who signs.

use crate::bundle;
use crate::certificate::Certificate;
use crate::key::PrivateKey;
use crate::rekor::Verifier;

/// A private key, perhaps with a certificate of it.
pub struct Signer {
    key: PrivateKey,
    /// The certificate of the key, then those above it.
    certificates: Vec<Certificate>,
}

/// The certificate is of another key.
#[derive(Debug, thiserror::Error)]
#[error(
    "public key in certificate does not match the provided public key: the certificate is of another key; give the one that was issued for --key"
)]
pub struct CertificateMismatch;

impl Signer {
    /// A signer that is known by its key.
    pub fn new(key: PrivateKey) -> Self {
        Self {
            key,
            certificates: Vec::new(),
        }
    }

    /// A signer that is known by `certificate`, with the certificates above it.
    ///
    /// # Errors
    /// [`CertificateMismatch`] when the certificate is of another key.
    pub fn certified(
        key: PrivateKey,
        certificate: Certificate,
        chain: Vec<Certificate>,
    ) -> Result<Self, CertificateMismatch> {
        if certificate.public_key() != key.public_key() {
            return Err(CertificateMismatch);
        }
        let mut certificates = vec![certificate];
        certificates.extend(chain);
        Ok(Self { key, certificates })
    }

    /// The key.
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// The certificate.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.first()
    }

    /// The certificate in PEM.
    pub fn certificate_pem(&self) -> Option<String> {
        self.certificates.first().map(Certificate::to_pem)
    }

    /// The certificates above it in PEM.
    pub fn chain_pem(&self) -> Option<String> {
        let (_, chain) = self.certificates.split_first()?;
        (!chain.is_empty()).then(|| chain.iter().map(Certificate::to_pem).collect())
    }

    /// What a log records as able to verify the signatures.
    pub fn verifier(&self) -> Verifier {
        match self.certificates.first() {
            Some(certificate) => Verifier::Certificate(certificate.der().to_vec()),
            None => Verifier::PublicKey(self.key.public_key().spki_der().to_vec()),
        }
    }

    /// What a bundle says of the signer. Version 0.3 carries the signer's certificate alone.
    pub fn of_bundle(&self) -> bundle::Signer {
        match self.certificates.first() {
            Some(certificate) => bundle::Signer::Certificates(vec![certificate.clone()]),
            None => bundle::Signer::PublicKey {
                hint: super::base64(&self.key.public_key().key_id()),
            },
        }
    }
}
