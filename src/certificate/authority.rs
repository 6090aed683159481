use super::{Certificate, CertificateError};
use crate::trust::{self, Validity};

/// A certificate authority or timestamp authority as the trusted material names it (protobuf-specs,
/// `CertificateAuthority`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// At least one; ordered from the leaf-most to the anchor, which is the last and need not be self-signed.
    chain: Vec<Certificate>,
    /// When the authority is trusted.
    pub valid: Validity,
    /// Where it is reached; only for messages.
    pub uri: String,
}

impl Authority {
    /// An authority whose trust anchor is the last certificate of `chain`; `None` for an empty chain.
    pub fn new(chain: Vec<Certificate>, valid: Validity, uri: impl Into<String>) -> Option<Self> {
        (!chain.is_empty()).then(|| Self {
            chain,
            valid,
            uri: uri.into(),
        })
    }

    /// The trust anchor.
    pub fn anchor(&self) -> &[Certificate] {
        self.chain
            .split_at_checked(self.chain.len().saturating_sub(1))
            .map_or(&[], |(_, anchor)| anchor)
    }

    /// The certificates below the anchor.
    pub fn below(&self) -> &[Certificate] {
        self.chain.split_last().map_or(&[], |(_, below)| below)
    }

    /// The whole chain, the anchor last.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }
}

impl TryFrom<&trust::Authority> for Authority {
    type Error = CertificateError;

    /// Reads the certificates of an authority of a trusted root.
    ///
    /// # Errors
    /// [`CertificateError`] of the first certificate that cannot be used.
    fn try_from(trusted: &trust::Authority) -> Result<Self, CertificateError> {
        let chain = trusted.certificates().iter().map(|der| Certificate::from_der(der));
        Ok(Self {
            chain: chain.collect::<Result<_, _>>()?,
            valid: trusted.validity(),
            uri: trusted.uri().to_owned(),
        })
    }
}
