//! Whose signature an entry records: a public key or a certificate.

/// What a log entry names as able to verify its signature.
///
/// Two are equal when they are of one kind and their DER bytes are the same; how their PEM was laid out is no matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verifier {
    /// The DER of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    PublicKey(Vec<u8>),
    /// The DER of an X.509 certificate, the leaf.
    Certificate(Vec<u8>),
}

/// Why bytes are not a [`Verifier`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifierError {
    /// Not PEM of RFC 7468, or more than one block.
    #[error("not one PEM block (RFC 7468)")]
    Pem,
    /// A PEM block that is neither a public key nor a certificate.
    #[error("a PEM block {0:?}, expected PUBLIC KEY or CERTIFICATE")]
    Label(String),
}

impl Verifier {
    /// Reads one PEM block, `PUBLIC KEY` or `CERTIFICATE`.
    ///
    /// # Errors
    /// [`VerifierError`] for anything else, and for more than one block. The DER itself is not looked into: it is only
    /// ever compared with a key or a certificate that was read elsewhere.
    pub fn from_pem(pem: &[u8]) -> Result<Self, VerifierError> {
        let blocks = crate::pem::all(pem).map_err(|_| VerifierError::Pem)?;
        let [block] = blocks.as_slice() else {
            return Err(VerifierError::Pem);
        };
        match block.label.as_str() {
            "PUBLIC KEY" => Ok(Self::PublicKey(block.contents.to_vec())),
            "CERTIFICATE" => Ok(Self::Certificate(block.contents.to_vec())),
            other => Err(VerifierError::Label(other.chars().take(40).collect())),
        }
    }

    /// The PEM that cosign uploads: lines of 64 characters, a line end after the last.
    pub fn to_pem(&self) -> String {
        let label = match self {
            Self::PublicKey(_) => "PUBLIC KEY",
            Self::Certificate(_) => "CERTIFICATE",
        };
        crate::pem::encode(label, self.der()).to_string()
    }

    /// The DER bytes of the key or the certificate.
    pub fn der(&self) -> &[u8] {
        match self {
            Self::PublicKey(der) | Self::Certificate(der) => der,
        }
    }

    /// `public key` or `certificate`, for messages.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::PublicKey(_) => "public key",
            Self::Certificate(_) => "certificate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_round_trips_at_every_length() {
        for n in 1..130 {
            for verifier in [
                Verifier::PublicKey(vec![n; n.into()]),
                Verifier::Certificate(vec![n; n.into()]),
            ] {
                assert_eq!(Verifier::from_pem(verifier.to_pem().as_bytes()), Ok(verifier));
            }
        }
    }

    #[test]
    fn other_labels_and_several_blocks_are_refused() {
        let key = Verifier::PublicKey(vec![1; 91]).to_pem();
        let private = key.replace("PUBLIC", "PRIVATE");
        assert!(matches!(
            Verifier::from_pem(private.as_bytes()),
            Err(VerifierError::Label(_))
        ));
        assert_eq!(
            Verifier::from_pem(format!("{key}{key}").as_bytes()),
            Err(VerifierError::Pem)
        );
        assert_eq!(Verifier::from_pem(b""), Err(VerifierError::Pem));
    }
}
