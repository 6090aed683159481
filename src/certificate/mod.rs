//! X.509 certificates (RFC 5280): reading, path validation, Fulcio's extensions, identities, signed certificate
//! timestamps. No clock and no trust of its own: times and roots are arguments.

mod authority;
mod constraints;
pub mod fulcio;
pub mod identity;
mod name;
mod path;
mod re2;
pub mod sct;

use std::fmt;

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _, Reader as _, SliceReader};

use crate::key::{HashAlgorithm, PublicKey, PublicKeyError};
use crate::pem::{self, PemError};
use crate::trust::Validity;

pub use authority::Authority;
pub use name::SubjectName;
pub use path::{PathError, Purpose, VerifiedChain, verify};

/// Largest certificate that is read, in bytes; Fulcio's have about 2 KiB.
pub const MAX_CERTIFICATE: usize = 64 * 1024;
/// Most certificates in one chain or file.
pub const MAX_CHAIN: usize = 32;

/// A well-formed certificate with a key of a kind that this program can verify with. Parsing trusts nothing in it.
#[derive(Clone)]
pub struct Certificate {
    inner: x509_cert::Certificate,
    der: Vec<u8>,
    tbs: Vec<u8>,
    spki: Vec<u8>,
    key: PublicKey,
}

/// Why bytes are not a certificate, or not one that can be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Not a certificate.
    #[error("not an X.509 certificate: {0}")]
    Malformed(#[from] der::Error),
    /// PEM that is not a certificate; a bare public key where a certificate belongs is never a signer.
    #[error("PEM block {0:?} where a CERTIFICATE belongs")]
    NotACertificate(String),
    /// Not PEM.
    #[error("certificate: {0}")]
    Pem(#[from] PemError),
    /// A key that cannot be used.
    #[error("the certificate of {subject:?} has a key that cannot be used: {source}")]
    Key {
        /// Whose certificate.
        subject: String,
        /// What is wrong with its key.
        source: PublicKeyError,
    },
    /// An extension that is given twice or not well-formed.
    #[error("extension {0} of the certificate is malformed or given twice")]
    Extension(ObjectIdentifier),
    /// Too large or too many.
    #[error("certificates are too large: at most {MAX_CERTIFICATE} bytes each and {MAX_CHAIN} in a chain are read")]
    TooLarge,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// [`CertificateError`]: not DER of a certificate, extensions given twice, a key of an unknown kind, too large.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE {
            return Err(CertificateError::TooLarge);
        }
        let inner = x509_cert::Certificate::from_der(der)?;
        let tbs = SliceReader::new(der)?.sequence(|reader| {
            let tbs = reader.tlv_bytes()?.to_vec();
            reader.tlv_bytes()?;
            reader.tlv_bytes()?;
            Ok::<_, der::Error>(tbs)
        })?;
        let spki = inner.tbs_certificate().subject_public_key_info().to_der()?;
        let key = PublicKey::from_spki_der(&spki).map_err(|source| CertificateError::Key {
            subject: short(&inner.tbs_certificate().subject().to_string()),
            source,
        })?;
        let extensions = inner.tbs_certificate().extensions().map_or(&[][..], Vec::as_slice);
        for (i, extension) in extensions.iter().enumerate() {
            if extensions.iter().take(i).any(|e| e.extn_id == extension.extn_id) {
                return Err(CertificateError::Extension(extension.extn_id));
            }
        }
        Ok(Self {
            der: der.to_vec(),
            tbs,
            spki,
            key,
            inner,
        })
    }

    /// Reads the certificates of a PEM text, in its order. Text between the blocks is ignored, as openssl writes it.
    ///
    /// # Errors
    /// [`CertificateError`]: no block, a block that is no certificate, more than [`MAX_CHAIN`].
    pub fn chain_from_pem(text: &[u8]) -> Result<Vec<Self>, CertificateError> {
        let mut chain = Vec::new();
        for block in pem::all(text)? {
            if block.label != "CERTIFICATE" {
                return Err(CertificateError::NotACertificate(short(&block.label)));
            }
            if chain.len() == MAX_CHAIN {
                return Err(CertificateError::TooLarge);
            }
            chain.push(Self::from_der(&block.contents)?);
        }
        Ok(chain)
    }

    /// The DER bytes as they were read.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as PEM with lines of 64 characters, as cosign writes it.
    pub fn to_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der).to_string()
    }

    /// The certified key.
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// The DER of the SubjectPublicKeyInfo as it stands in the certificate.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The subject's distinguished name (RFC 4514 text); empty for Fulcio's.
    pub fn subject(&self) -> String {
        self.inner.tbs_certificate().subject().to_string()
    }

    /// The issuer's distinguished name (RFC 4514 text).
    pub fn issuer(&self) -> String {
        self.inner.tbs_certificate().issuer().to_string()
    }

    /// When it is valid, as it says itself.
    pub fn validity(&self) -> Validity {
        let validity = self.inner.tbs_certificate().validity();
        let seconds =
            |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Validity {
            start: Some(seconds(validity.not_before)),
            end: Some(seconds(validity.not_after)),
        }
    }

    /// Whether issuer and subject are the same name and the certificate verifies with its own key.
    pub fn is_self_signed(&self) -> bool {
        self.issued_by_name_of(self) && self.check_signature(&self.key).is_ok()
    }

    /// The names in the subject alternative name extension, in its order.
    ///
    /// # Errors
    /// [`CertificateError::Extension`] when the extension is malformed.
    pub fn subject_names(&self) -> Result<Vec<SubjectName>, CertificateError> {
        name::subject_names(self)
    }

    /// What Fulcio wrote about the identity.
    ///
    /// # Errors
    /// [`CertificateError::Extension`] when an extension of Fulcio is malformed.
    pub fn fulcio(&self) -> Result<fulcio::Claims, CertificateError> {
        fulcio::Claims::of(self)
    }

    /// What stands in this text for people: the first subject alternative name, else the subject.
    pub fn display_name(&self) -> String {
        let first = self.subject_names().ok().and_then(|names| names.into_iter().next());
        short(&first.map_or_else(|| self.subject(), |name| name.value().to_owned()))
    }

    pub(crate) fn parsed(&self) -> &x509_cert::TbsCertificate {
        self.inner.tbs_certificate()
    }

    pub(crate) fn tbs_der(&self) -> &[u8] {
        &self.tbs
    }

    pub(crate) fn extensions(&self) -> &[x509_cert::ext::Extension] {
        self.parsed().extensions().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn extension(&self, oid: ObjectIdentifier) -> Option<&x509_cert::ext::Extension> {
        self.extensions().iter().find(|extension| extension.extn_id == oid)
    }

    /// The extension `T`, with whether it is critical.
    pub(crate) fn decoded<'a, T: der::Decode<'a> + const_oid::AssociatedOid>(
        &'a self,
    ) -> Result<Option<(bool, T)>, CertificateError> {
        self.extension(T::OID)
            .map(|extension| {
                T::from_der(extension.extn_value.as_bytes())
                    .map(|value| (extension.critical, value))
                    .map_err(|_| CertificateError::Extension(T::OID))
            })
            .transpose()
    }

    pub(crate) fn issued_by_name_of(&self, issuer: &Self) -> bool {
        self.parsed().issuer() == issuer.parsed().subject()
    }

    /// Checks this certificate's signature with `key` (RFC 5280 section 6.1.3 (a)(1)).
    pub(crate) fn check_signature(&self, key: &PublicKey) -> Result<(), PathError> {
        let algorithm = self.inner.signature_algorithm();
        if algorithm != self.parsed().signature() {
            return Err(PathError::AlgorithmMismatch(self.display_name()));
        }
        let hash = signature_hash(algorithm.oid, key)
            .ok_or_else(|| PathError::UnsupportedAlgorithm(self.display_name(), algorithm.oid))?;
        let signature = self.inner.signature().as_bytes().unwrap_or_default();
        key.verify(&self.tbs, signature, hash)
            .map_err(|_| PathError::BadSignature(self.display_name()))
    }
}

/// The hash of a signature algorithm, when the algorithm is one that keys such as `key` make (RFC 5758, RFC 8017,
/// RFC 8410). The answer for Ed25519 is not used.
pub(crate) fn signature_hash(algorithm: ObjectIdentifier, key: &PublicKey) -> Option<HashAlgorithm> {
    use crate::key::KeyAlgorithm as Key;
    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }
    const ECDSA_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
    const ECDSA_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
    const ECDSA_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
    const RSA_SHA256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
    const RSA_SHA384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
    const RSA_SHA512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
    const ED25519: ObjectIdentifier = oid("1.3.101.112");
    match key.algorithm() {
        Key::Rsa { .. } => match algorithm {
            RSA_SHA256 => Some(HashAlgorithm::Sha256),
            RSA_SHA384 => Some(HashAlgorithm::Sha384),
            RSA_SHA512 => Some(HashAlgorithm::Sha512),
            _ => None,
        },
        Key::Ed25519 => (algorithm == ED25519).then_some(HashAlgorithm::Sha512),
        _ => match algorithm {
            ECDSA_SHA256 => Some(HashAlgorithm::Sha256),
            ECDSA_SHA384 => Some(HashAlgorithm::Sha384),
            ECDSA_SHA512 => Some(HashAlgorithm::Sha512),
            _ => None,
        },
    }
}

/// Cuts text from a certificate for messages; whoever prints it escapes it.
fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?})", self.display_name())
    }
}

/// For the fuzzers: a certificate from DER, all that is read from it, and PEM chains.
pub fn fuzz_certificate(data: &[u8]) {
    let _ = Certificate::chain_from_pem(data);
    if let Ok(certificate) = Certificate::from_der(data) {
        let _ = (certificate.display_name(), certificate.subject(), certificate.issuer());
        let _ = certificate.fulcio();
        let _ = sct::embedded(&certificate);
        let _ = verify(
            &certificate,
            &[],
            std::slice::from_ref(&certificate),
            0,
            Purpose::CodeSigning,
        );
    }
}

#[cfg(test)]
mod tests;
