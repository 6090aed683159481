//! Private keys: made, read from PKCS#8 and SEC1, and signing.

use ed25519_dalek::pkcs8::KeypairBytes;
use ed25519_dalek::{Signer as _, SigningKey as Ed25519Key};
use p256::elliptic_curve::Generate as _;
use pkcs1::der::Decode as _;
use pkcs8::{EncodePrivateKey as _, PrivateKeyInfoRef};
use signature::hazmat::PrehashSigner as _;
use zeroize::Zeroizing;

use super::prehashed::Prehashed;
use super::public::{EC, ED25519, P256, P384, P521, RSA, pkcs1v15};
use super::{HashAlgorithm, KeyAlgorithm, PublicKey, SIGNING_RSA_BITS};

/// A private key. It is wiped from memory when dropped, and has neither `Debug` nor `Clone`.
pub struct PrivateKey {
    inner: Inner,
    public: PublicKey,
}

enum Inner {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(Box<p521::ecdsa::SigningKey>),
    Rsa(Box<rsa::PrivateKey>),
    Ed25519(Box<Ed25519Key>),
}

/// Why bytes are not a private key that signs.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PrivateKeyError {
    /// Not PKCS#8, SEC1 or PKCS#1, or the numbers in it are no key.
    #[error("private key is malformed: {0}")]
    Malformed(&'static str),
    /// An algorithm or curve that signing does not use.
    #[error("private key has an unsupported {what} ({oid}): use ECDSA P-256, P-384 or P-521, RSA or Ed25519")]
    Unsupported {
        /// `algorithm` or `curve`.
        what: &'static str,
        /// Its object identifier, and its name where it is well known.
        oid: String,
    },
    /// An RSA modulus that peers would refuse.
    #[error("RSA key of {bits} bits is not accepted: use 2048, 3072 or 4096 bits (openssl genrsa -out key.pem 3072)")]
    RsaSize {
        /// Length of the modulus.
        bits: usize,
    },
    /// The system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

/// A signature could not be made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{algorithm} key cannot sign: {reason}")]
pub struct SigningError {
    algorithm: KeyAlgorithm,
    reason: &'static str,
}

impl PrivateKey {
    /// A new ECDSA P-256 key, the kind that `generate-key-pair` makes.
    pub fn generate() -> Result<Self, PrivateKeyError> {
        let key = p256::SecretKey::try_generate().map_err(|_| PrivateKeyError::Random)?;
        Self::new(Inner::P256(key.into()))
    }

    /// Reads a DER `PrivateKeyInfo` (PKCS#8, RFC 5208 and RFC 5958).
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, PrivateKeyError> {
        let info =
            PrivateKeyInfoRef::try_from(der).map_err(|_| PrivateKeyError::Malformed("not a PKCS#8 private key"))?;
        match info.algorithm.oid {
            EC => {
                let curve = info
                    .algorithm
                    .parameters_oid()
                    .map_err(|_| PrivateKeyError::Malformed("its curve is not a named one"))?;
                Self::from_sec1(info.private_key.as_bytes(), Some(curve))
            }
            RSA => Self::from_pkcs1_der(info.private_key.as_bytes()),
            ED25519 => {
                let pair = KeypairBytes::try_from(info)
                    .map_err(|_| PrivateKeyError::Malformed("not an Ed25519 private key"))?;
                let key = Ed25519Key::from_bytes(&pair.secret_key);
                let stated = pair.public_key.as_ref().map(|public| public.to_bytes());
                if stated.is_some_and(|public| public != key.verifying_key().to_bytes()) {
                    return Err(PrivateKeyError::Malformed("its public half belongs to another key"));
                }
                Self::new(Inner::Ed25519(Box::new(key)))
            }
            oid => Err(PrivateKeyError::Unsupported {
                what: "algorithm",
                oid: named(oid),
            }),
        }
    }

    /// Reads a DER `ECPrivateKey` (SEC1, RFC 5915) that names its curve.
    pub fn from_sec1_der(der: &[u8]) -> Result<Self, PrivateKeyError> {
        Self::from_sec1(der, None)
    }

    fn from_sec1(der: &[u8], outer: Option<pkcs8::ObjectIdentifier>) -> Result<Self, PrivateKeyError> {
        let malformed = |_| PrivateKeyError::Malformed("not an EC private key");
        let key = sec1::EcPrivateKey::from_der(der).map_err(malformed)?;
        let inner = key.parameters.as_ref().and_then(|parameters| parameters.named_curve());
        let curve = match (outer, inner) {
            (Some(outer), Some(inner)) if outer != inner => {
                return Err(PrivateKeyError::Malformed("it names two different curves"));
            }
            (outer, inner) => outer
                .or(inner)
                .ok_or(PrivateKeyError::Malformed("it does not name its curve"))?,
        };
        let wrong = |_| PrivateKeyError::Malformed("not a key of its curve");
        Self::new(match curve {
            P256 => Inner::P256(p256::SecretKey::try_from(key).map_err(wrong)?.into()),
            P384 => Inner::P384(p384::SecretKey::try_from(key).map_err(wrong)?.into()),
            P521 => Inner::P521(Box::new(p521::SecretKey::try_from(key).map_err(wrong)?.into())),
            oid => {
                return Err(PrivateKeyError::Unsupported {
                    what: "curve",
                    oid: named(oid),
                });
            }
        })
    }

    /// Reads a DER `RSAPrivateKey` (PKCS#1, RFC 8017, appendix A.1.2) with two primes.
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, PrivateKeyError> {
        let key =
            pkcs1::RsaPrivateKeyRef::from_der(der).map_err(|_| PrivateKeyError::Malformed("not an RSA private key"))?;
        let modulus = key.modulus.as_bytes();
        let leading = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
        let bits = modulus.len().saturating_mul(8).saturating_sub(leading);
        // Before any arithmetic: its cost grows with the cube of the size.
        if !SIGNING_RSA_BITS.contains(&bits) {
            return Err(PrivateKeyError::RsaSize { bits });
        }
        let key = rsa::PrivateKey::try_from(key)
            .map_err(|_| PrivateKeyError::Malformed("its RSA numbers do not fit together"))?;
        Self::new(Inner::Rsa(Box::new(key)))
    }

    fn new(inner: Inner) -> Result<Self, PrivateKeyError> {
        let public = match &inner {
            Inner::P256(key) => PublicKey::from_p256(key.verifying_key()),
            Inner::P384(key) => PublicKey::from_p384(key.verifying_key()),
            Inner::P521(key) => PublicKey::from_p521(key.verifying_key()),
            Inner::Rsa(key) => PublicKey::from_rsa(key.to_public_key()),
            Inner::Ed25519(key) => PublicKey::from_ed25519(key.verifying_key()),
        }
        .map_err(|_| PrivateKeyError::Malformed("its public key cannot be encoded"))?;
        Ok(Self { inner, public })
    }

    /// The DER `PrivateKeyInfo` (PKCS#8 version 1), shaped as Go's `x509.MarshalPKCS8PrivateKey` does.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
        match &self.inner {
            Inner::P256(key) => key.to_pkcs8_der(),
            Inner::P384(key) => key.to_pkcs8_der(),
            Inner::P521(key) => key.to_pkcs8_der(),
            Inner::Rsa(key) => key.to_pkcs8_der(),
            Inner::Ed25519(key) => KeypairBytes {
                secret_key: key.to_bytes(),
                public_key: None,
            }
            .to_pkcs8_der(),
        }
        .map(|document| document.to_bytes())
        .map_err(|_| PrivateKeyError::Malformed("cannot be encoded"))
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// What kind of key it is.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm()
    }

    /// Signs `message` as cosign does: SHA-256 for ECDSA (DER) and RSA (PKCS#1 v1.5), pure Ed25519.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.sign_with(message, HashAlgorithm::Sha256)
    }

    /// Signs `message` over the digest of `hash`; pure Ed25519 ignores it.
    pub fn sign_with(&self, message: &[u8], hash: HashAlgorithm) -> Result<Vec<u8>, SigningError> {
        match &self.inner {
            Inner::Ed25519(key) => key
                .try_sign(message)
                .map(|signature| signature.to_bytes().to_vec())
                .map_err(|_| self.error("the computation failed")),
            _ => self.sign_prehashed(hash, &hash.digest(message)),
        }
    }

    /// Signs a message of which only the digest is known. Ed25519 refuses: see [`PrivateKey::sign_ed25519ph`].
    ///
    /// ECDSA nonces are deterministic (RFC 6979); RSA is blinded.
    pub fn sign_prehashed(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, SigningError> {
        if digest.len() != hash.digest_len() {
            return Err(self.error("the digest has not the length of its algorithm"));
        }
        let failed = |_| self.error("the computation failed");
        Ok(match &self.inner {
            Inner::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.sign_prehash(digest).map_err(failed)?;
                signature.as_bytes().to_vec()
            }
            Inner::P384(key) => {
                let signature: p384::ecdsa::DerSignature = key.sign_prehash(digest).map_err(failed)?;
                signature.as_bytes().to_vec()
            }
            Inner::P521(key) => {
                let signature: p521::ecdsa::DerSignature = key.sign_prehash(digest).map_err(failed)?;
                signature.as_bytes().to_vec()
            }
            Inner::Rsa(key) => key
                .sign(pkcs1v15(hash), digest)
                .map_err(|_| self.error("the computation failed"))?,
            Inner::Ed25519(_) => return Err(self.error("Ed25519 signs messages, not digests")),
        })
    }

    /// Makes an Ed25519ph signature (RFC 8032, section 5.1, empty context) over the SHA-512 `digest` of a message.
    pub fn sign_ed25519ph(&self, digest: &[u8]) -> Result<Vec<u8>, SigningError> {
        let (Inner::Ed25519(key), Some(prehashed)) = (&self.inner, Prehashed::new(digest)) else {
            return Err(self.error("Ed25519ph needs an Ed25519 key and a SHA-512 digest"));
        };
        key.sign_prehashed(prehashed, None)
            .map(|signature| signature.to_bytes().to_vec())
            .map_err(|_| self.error("the computation failed"))
    }

    fn error(&self, reason: &'static str) -> SigningError {
        SigningError {
            algorithm: self.algorithm(),
            reason,
        }
    }
}

/// The identifier with the name that people know it by.
fn named(oid: pkcs8::ObjectIdentifier) -> String {
    let name = match oid.to_string().as_str() {
        "1.3.132.0.10" => "secp256k1, ",
        "1.3.132.0.33" => "P-224, ",
        "1.2.840.113549.1.1.10" => "RSA-PSS, ",
        "1.3.101.113" => "Ed448, ",
        "1.3.101.110" => "X25519, ",
        "1.2.840.10040.4.1" => "DSA, ",
        _ => "",
    };
    format!("{name}{oid}")
}
