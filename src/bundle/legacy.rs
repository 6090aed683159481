//! Cosign 2's bundle of a blob's signature: `{"base64Signature":…,"cert":…,"rekorBundle":…}` (sigstore/cosign,
//! `LocalSignedPayload`).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::certificate::{Certificate, CertificateError};
use crate::dsse::Envelope;
use crate::key::{PublicKey, PublicKeyError};
use crate::proto_json::{decode_base64, encode_base64};
use crate::rekor::LogEntry;
use crate::rekor::annotation;

/// Largest such bundle that is read; an attestation's holds the whole envelope.
const MAX_LEGACY: usize = super::MAX_BUNDLE;

/// A bundle in cosign 2's form. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legacy {
    /// The signature; for an attestation the JSON of the envelope.
    pub signature: Vec<u8>,
    /// The signer's certificate, when one signed, followed by its chain if that was written too.
    pub certificates: Vec<Certificate>,
    /// The key that cosign 3 writes in the certificate's place when a key signed. It is never verified with: whoever
    /// wrote the bundle chose it (GHSA-fx35-mq7g-6g98).
    pub claimed_key: Option<PublicKey>,
    /// The log entry, when the signature was uploaded.
    pub entry: Option<LogEntry>,
}

/// Why a document is not such a bundle.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// Not JSON of the right shape.
    #[error("not a cosign bundle: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Too large.
    #[error("the bundle has {0} bytes, more than the {MAX_LEGACY} that are read")]
    TooLarge(usize),
    /// The signature is absent or not base64.
    #[error("the bundle has no base64Signature, or it is not base64")]
    Signature,
    /// Not a certificate.
    #[error("in the bundle's cert: {0}")]
    Certificate(#[from] CertificateError),
    /// Not a key either.
    #[error("in the bundle's cert: {0}")]
    Key(#[from] PublicKeyError),
    /// Not a log entry.
    #[error("in the bundle's rekorBundle: {0}")]
    Entry(#[from] annotation::AnnotationError),
}

#[derive(Deserialize)]
struct In<'a> {
    #[serde(rename = "base64Signature")]
    signature: Option<String>,
    cert: Option<String>,
    #[serde(borrow, rename = "rekorBundle")]
    entry: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Out {
    #[serde(rename = "base64Signature")]
    signature: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert: Option<String>,
    #[serde(rename = "rekorBundle", skip_serializing_if = "Option::is_none")]
    entry: Option<Box<RawValue>>,
}

fn signer(text: String) -> Result<(Vec<Certificate>, Option<PublicKey>), LegacyError> {
    let pem = decode_base64(text.trim().as_bytes()).unwrap_or_else(|_| text.into_bytes());
    match Certificate::chain_from_pem(&pem) {
        Ok(chain) => Ok((chain, None)),
        Err(CertificateError::NotACertificate(label)) if label == "PUBLIC KEY" => {
            Ok((Vec::new(), Some(PublicKey::from_pem(&pem)?)))
        }
        Err(error) => Err(error.into()),
    }
}

impl Legacy {
    /// Reads such a bundle. `cert` may be PEM or the base64 of PEM, as different versions of cosign wrote it.
    ///
    /// # Errors
    /// [`LegacyError`].
    pub fn parse(json: &[u8]) -> Result<Self, LegacyError> {
        if json.len() > MAX_LEGACY {
            return Err(LegacyError::TooLarge(json.len()));
        }
        let wire: In<'_> = serde_json::from_slice(json)?;
        let signature = wire
            .signature
            .and_then(|text| decode_base64(text.trim().as_bytes()).ok())
            .filter(|bytes| !bytes.is_empty())
            .ok_or(LegacyError::Signature)?;
        let (certificates, claimed_key) = match wire.cert.filter(|text| !text.is_empty()) {
            None => (Vec::new(), None),
            Some(text) => signer(text)?,
        };
        let entry = wire
            .entry
            .filter(|raw| raw.get() != "null")
            .map(|raw| annotation::parse(raw.get()))
            .transpose()?;
        Ok(Self {
            signature,
            certificates,
            claimed_key,
            entry,
        })
    }

    /// The bundle as cosign 2 writes it: compact JSON, `cert` as the base64 of PEM.
    ///
    /// # Errors
    /// [`LegacyError`] when the log entry has no signed timestamp, which this form cannot do without.
    pub fn to_json(&self) -> Result<Vec<u8>, LegacyError> {
        let entry = self
            .entry
            .as_ref()
            .map(|entry| {
                let text = annotation::write(entry)?;
                Ok::<_, LegacyError>(RawValue::from_string(text)?)
            })
            .transpose()?;
        let pem: String = self.certificates.iter().map(Certificate::to_pem).collect();
        let out = Out {
            signature: encode_base64(&self.signature),
            cert: (!pem.is_empty()).then(|| encode_base64(pem.as_bytes())),
            entry,
        };
        Ok(serde_json::to_vec(&out)?)
    }

    /// The envelope, when the signature is one: cosign 2 puts it there for attestations.
    pub fn envelope(&self) -> Option<Envelope> {
        Envelope::parse(&self.signature).ok()
    }
}
