//! Public keys (RFC 5280 `SubjectPublicKeyInfo`) and the check of a signature.

use der::Decode as _;
use ed25519_dalek::VerifyingKey as Ed25519Key;
use pkcs8::EncodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier as _;
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::prehashed::Prehashed;
use super::{HashAlgorithm, MAX_RSA_BITS, MIN_RSA_BITS};
use crate::pem::{self, PemError};

/// `id-ecPublicKey` (RFC 5480, section 2.1.1).
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// `rsaEncryption` (RFC 8017, appendix C).
pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-Ed25519` (RFC 8410, section 3).
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
pub(super) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(super) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
pub(super) const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// ECDSA on NIST P-256.
    EcdsaP256,
    /// ECDSA on NIST P-384.
    EcdsaP384,
    /// ECDSA on NIST P-521.
    EcdsaP521,
    /// RSA PKCS#1 v1.5.
    Rsa {
        /// Length of the modulus.
        bits: usize,
    },
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl KeyAlgorithm {
    /// The hash that the strength of the key asks for: SHA-384 for P-384, SHA-512 for P-521 and Ed25519, else SHA-256.
    /// Rekor v2 and Sigstore's algorithm registry use these; cosign signs with SHA-256 whatever the curve.
    pub fn matching_hash(self) -> HashAlgorithm {
        match self {
            Self::EcdsaP256 | Self::Rsa { .. } => HashAlgorithm::Sha256,
            Self::EcdsaP384 => HashAlgorithm::Sha384,
            Self::EcdsaP521 | Self::Ed25519 => HashAlgorithm::Sha512,
        }
    }
}

impl std::fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::EcdsaP256 => f.write_str("ECDSA P-256"),
            Self::EcdsaP384 => f.write_str("ECDSA P-384"),
            Self::EcdsaP521 => f.write_str("ECDSA P-521"),
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// A public key that signatures can be checked with. Two keys are equal when their `SubjectPublicKeyInfo` is.
#[derive(Clone)]
pub struct PublicKey {
    inner: Inner,
    /// Always as this program encodes it, so that equal keys have equal bytes.
    spki: Box<[u8]>,
}

#[derive(Clone)]
enum Inner {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Rsa(Box<rsa::PublicKey>),
    Ed25519(Box<Ed25519Key>),
}

/// What to do with a private key where a public one belongs.
fn instead_of(label: &str) -> &'static str {
    match label {
        "ENCRYPTED SIGSTORE PRIVATE KEY" | "ENCRYPTED COSIGN PRIVATE KEY" => {
            "; derive the public key with: countersign public-key --key FILE"
        }
        _ if label.contains("PRIVATE KEY") => {
            "; import another program's private key with: countersign import-key-pair --key FILE"
        }
        _ => "",
    }
}

/// Why bytes are not a usable public key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PublicKeyError {
    /// The text is not PEM.
    #[error("public key: {0}")]
    Pem(#[from] PemError),
    /// The block is something else, often a private key or a certificate.
    #[error("expected a PEM block PUBLIC KEY, found {found:?}{}", instead_of(found))]
    Label {
        /// The label that was found.
        found: String,
    },
    /// The contents are not a `SubjectPublicKeyInfo` with a valid key in it.
    #[error("public key is malformed: {0}")]
    Malformed(&'static str),
    /// An algorithm or curve that signing does not use.
    #[error("public key has an unsupported {what} ({oid}): use ECDSA P-256, P-384 or P-521, RSA or Ed25519")]
    Unsupported {
        /// `algorithm` or `curve`.
        what: &'static str,
        /// Its object identifier.
        oid: String,
    },
    /// An RSA modulus outside what is accepted.
    #[error("RSA key of {bits} bits is not accepted: use {MIN_RSA_BITS} to {MAX_RSA_BITS} bits")]
    RsaSize {
        /// Length of the modulus.
        bits: usize,
    },
}

/// The signature was not made by this key over these bytes.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SignatureError {
    /// The bytes have not the shape of a signature of this algorithm.
    #[error("signature is not a well-formed {0} signature")]
    Malformed(KeyAlgorithm),
    /// Well-formed, and not valid.
    #[error("signature was not made by this {0} key over this content")]
    Invalid(KeyAlgorithm),
    /// The digest has not the length of its algorithm, or this key cannot sign digests.
    #[error("{0} key cannot check a signature over this digest")]
    Digest(KeyAlgorithm),
}

impl PublicKey {
    /// Reads the first PEM block: `PUBLIC KEY` (RFC 7468, section 13) or `RSA PUBLIC KEY` (PKCS#1).
    pub fn from_pem(text: &[u8]) -> Result<Self, PublicKeyError> {
        let block = pem::first(text)?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_spki_der(&block.contents),
            "RSA PUBLIC KEY" => Self::from_pkcs1_der(&block.contents),
            _ => Err(PublicKeyError::Label { found: block.label }),
        }
    }

    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7).
    pub fn from_spki_der(der: &[u8]) -> Result<Self, PublicKeyError> {
        let spki = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|_| PublicKeyError::Malformed("not a SubjectPublicKeyInfo"))?;
        let key = spki
            .subject_public_key
            .as_bytes()
            .ok_or(PublicKeyError::Malformed("key is not whole bytes"))?;
        let read = match spki.algorithm.oid {
            EC => {
                let curve = spki
                    .algorithm
                    .parameters_oid()
                    .map_err(|_| PublicKeyError::Malformed("curve is not named"))?;
                Self::from_ec_point(curve, key)
            }
            RSA => Self::from_pkcs1_der(key),
            ED25519 => {
                let bytes = key
                    .try_into()
                    .map_err(|_| PublicKeyError::Malformed("an Ed25519 key has 32 bytes"))?;
                let key = Ed25519Key::from_bytes(bytes)
                    .map_err(|_| PublicKeyError::Malformed("not a point of the Ed25519 curve"))?;
                Self::new(Inner::Ed25519(Box::new(key)))
            }
            oid => Err(PublicKeyError::Unsupported {
                what: "algorithm",
                oid: oid.to_string(),
            }),
        }?;
        // Other parameters than the algorithm's own, or a coordinate not reduced: a second encoding of the same key.
        if read.spki_der() != der {
            return Err(PublicKeyError::Malformed("not encoded as its algorithm asks"));
        }
        Ok(read)
    }

    /// Reads a DER `RSAPublicKey` (RFC 8017, appendix A.1.1).
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, PublicKeyError> {
        let malformed = |_| PublicKeyError::Malformed("not an RSA public key");
        let key = pkcs1::RsaPublicKey::<der::asn1::UintRef<'_>>::from_der(der).map_err(malformed)?;
        let bits = key.modulus.as_bytes().len().saturating_mul(8);
        // The first byte may have leading zeros, so up to 7 bits less.
        if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
            return Err(PublicKeyError::RsaSize { bits });
        }
        let key = rsa::PublicKey::try_from(key)
            .map_err(|_| PublicKeyError::Malformed("RSA modulus or exponent is out of range"))?;
        if key.n().bit_width() as usize != bits {
            return Err(PublicKeyError::RsaSize {
                bits: key.n().bit_width() as usize,
            });
        }
        Self::new(Inner::Rsa(Box::new(key)))
    }

    fn from_ec_point(curve: ObjectIdentifier, point: &[u8]) -> Result<Self, PublicKeyError> {
        // Compressed points are valid SEC1, but no peer of ours reads them.
        if point.first() != Some(&4) {
            return Err(PublicKeyError::Malformed("the curve point is not in uncompressed form"));
        }
        let off_curve = |_| PublicKeyError::Malformed("not a point of its curve");
        Self::new(match curve {
            P256 => Inner::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(off_curve)?),
            P384 => Inner::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(off_curve)?),
            P521 => Inner::P521(p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(off_curve)?),
            oid => {
                return Err(PublicKeyError::Unsupported {
                    what: "curve",
                    oid: oid.to_string(),
                });
            }
        })
    }

    fn new(inner: Inner) -> Result<Self, PublicKeyError> {
        let spki = match &inner {
            Inner::P256(key) => key.to_public_key_der(),
            Inner::P384(key) => key.to_public_key_der(),
            Inner::P521(key) => key.to_public_key_der(),
            Inner::Rsa(key) => key.to_public_key_der(),
            Inner::Ed25519(key) => key.to_public_key_der(),
        }
        .map_err(|_| PublicKeyError::Malformed("cannot be encoded"))?;
        Ok(Self {
            inner,
            spki: spki.as_bytes().into(),
        })
    }

    pub(super) fn from_p256(key: &p256::ecdsa::VerifyingKey) -> Result<Self, PublicKeyError> {
        Self::new(Inner::P256(*key))
    }

    pub(super) fn from_p384(key: &p384::ecdsa::VerifyingKey) -> Result<Self, PublicKeyError> {
        Self::new(Inner::P384(*key))
    }

    pub(super) fn from_p521(key: &p521::ecdsa::VerifyingKey) -> Result<Self, PublicKeyError> {
        Self::new(Inner::P521(*key))
    }

    pub(super) fn from_rsa(key: rsa::PublicKey) -> Result<Self, PublicKeyError> {
        Self::new(Inner::Rsa(Box::new(key)))
    }

    pub(super) fn from_ed25519(key: Ed25519Key) -> Result<Self, PublicKeyError> {
        Self::new(Inner::Ed25519(Box::new(key)))
    }

    /// The key as a PEM block `PUBLIC KEY`, with a final newline: the bytes that cosign writes.
    pub fn to_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.spki).to_string()
    }

    /// The DER `SubjectPublicKeyInfo`.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of the DER `SubjectPublicKeyInfo`: the log id of a log key, the hint of a bundle.
    pub fn key_id(&self) -> [u8; 32] {
        Sha256::digest(&self.spki).into()
    }

    /// What kind of key it is.
    pub fn algorithm(&self) -> KeyAlgorithm {
        match &self.inner {
            Inner::P256(_) => KeyAlgorithm::EcdsaP256,
            Inner::P384(_) => KeyAlgorithm::EcdsaP384,
            Inner::P521(_) => KeyAlgorithm::EcdsaP521,
            Inner::Rsa(key) => KeyAlgorithm::Rsa {
                bits: key.n().bit_width() as usize,
            },
            Inner::Ed25519(_) => KeyAlgorithm::Ed25519,
        }
    }

    /// Checks `signature` over `message`: ECDSA in ASN.1 DER, RSA PKCS#1 v1.5, or pure Ed25519 (then `hash` is unused).
    pub fn verify(&self, message: &[u8], signature: &[u8], hash: HashAlgorithm) -> Result<(), SignatureError> {
        match &self.inner {
            Inner::Ed25519(key) => key
                .verify_strict(message, &self.ed25519_signature(signature)?)
                .map_err(|_| SignatureError::Invalid(KeyAlgorithm::Ed25519)),
            Inner::P256(key) if hash == HashAlgorithm::Sha256 => verify_p256(key, message, signature),
            _ => self.verify_prehashed(hash, &hash.digest(message), signature),
        }
    }

    /// Checks `signature` over a message of which only the digest is known. Pure Ed25519 has no such check: see
    /// [`PublicKey::verify_ed25519ph`].
    pub fn verify_prehashed(&self, hash: HashAlgorithm, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let algorithm = self.algorithm();
        if digest.len() != hash.digest_len() {
            return Err(SignatureError::Digest(algorithm));
        }
        let malformed = |_| SignatureError::Malformed(algorithm);
        match &self.inner {
            Inner::P256(key) => key.verify_prehash(
                digest,
                &p256::ecdsa::DerSignature::try_from(signature).map_err(malformed)?,
            ),
            Inner::P384(key) => key.verify_prehash(
                digest,
                &p384::ecdsa::DerSignature::try_from(signature).map_err(malformed)?,
            ),
            Inner::P521(key) => key.verify_prehash(
                digest,
                &p521::ecdsa::DerSignature::try_from(signature).map_err(malformed)?,
            ),
            Inner::Rsa(key) => {
                if signature.len() != key.size() {
                    return Err(SignatureError::Malformed(algorithm));
                }
                return key
                    .verify(pkcs1v15(hash), digest, signature)
                    .map_err(|_| SignatureError::Invalid(algorithm));
            }
            Inner::Ed25519(_) => return Err(SignatureError::Digest(algorithm)),
        }
        .map_err(|_| SignatureError::Invalid(algorithm))
    }

    /// Checks an Ed25519ph signature (RFC 8032, section 5.1, empty context) over the SHA-512 `digest` of a message.
    pub fn verify_ed25519ph(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let algorithm = self.algorithm();
        let (Inner::Ed25519(key), Some(prehashed)) = (&self.inner, Prehashed::new(digest)) else {
            return Err(SignatureError::Digest(algorithm));
        };
        key.verify_prehashed_strict(prehashed, None, &self.ed25519_signature(signature)?)
            .map_err(|_| SignatureError::Invalid(algorithm))
    }

    /// Checks an RSA-PSS signature (RFC 8017, section 8.1) over `message`, with MGF1 of the same hash and a salt of any
    /// length; other keys refuse it.
    pub fn verify_pss(&self, message: &[u8], signature: &[u8], hash: HashAlgorithm) -> Result<(), SignatureError> {
        let algorithm = self.algorithm();
        let Inner::Rsa(key) = &self.inner else {
            return Err(SignatureError::Malformed(algorithm));
        };
        let signature = rsa::pss::Signature::try_from(signature).map_err(|_| SignatureError::Malformed(algorithm))?;
        let key = rsa::PublicKey::clone(key);
        let digest = hash.digest(message);
        match hash {
            HashAlgorithm::Sha224 => pss::<Sha224>(key, &digest, &signature),
            HashAlgorithm::Sha256 => pss::<Sha256>(key, &digest, &signature),
            HashAlgorithm::Sha384 => pss::<Sha384>(key, &digest, &signature),
            HashAlgorithm::Sha512 => pss::<Sha512>(key, &digest, &signature),
        }
        .map_err(|_| SignatureError::Invalid(algorithm))
    }

    fn ed25519_signature(&self, signature: &[u8]) -> Result<ed25519_dalek::Signature, SignatureError> {
        ed25519_dalek::Signature::from_slice(signature).map_err(|_| SignatureError::Malformed(KeyAlgorithm::Ed25519))
    }
}

/// What nearly every signature here is, checked by the library that serves TLS: several times as fast as p256.
fn verify_p256(key: &p256::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let point = key.to_sec1_point(false);
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_ASN1, point.as_bytes())
        .verify(message, signature)
        .map_err(|_| match p256::ecdsa::DerSignature::try_from(signature) {
            Ok(_) => SignatureError::Invalid(KeyAlgorithm::EcdsaP256),
            Err(_) => SignatureError::Malformed(KeyAlgorithm::EcdsaP256),
        })
}

fn pss<D: sha2::Digest + sha2::digest::FixedOutputReset>(
    key: rsa::PublicKey,
    digest: &[u8],
    signature: &rsa::pss::Signature,
) -> Result<(), signature::Error> {
    rsa::pss::VerifyingKey::<D>::new_with_auto_salt_len(key).verify_prehash(digest, signature)
}

/// The padding of PKCS#1 v1.5 with the `DigestInfo` of `hash` (RFC 8017, section 9.2).
pub(super) fn pkcs1v15(hash: HashAlgorithm) -> rsa::Pkcs1v15Sign {
    match hash {
        HashAlgorithm::Sha224 => rsa::Pkcs1v15Sign::new::<Sha224>(),
        HashAlgorithm::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
        HashAlgorithm::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
        HashAlgorithm::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl std::hash::Hash for PublicKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.spki.hash(state);
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "PublicKey({}, sha256:{})",
            self.algorithm(),
            crate::digest::hex(&self.key_id())
        )
    }
}

/// Any bytes as a PEM key, and as DER: reading never panics.
pub fn fuzz_public_key(data: &[u8]) {
    let _ = PublicKey::from_pem(data);
    if let Ok(key) = PublicKey::from_spki_der(data) {
        let _ = key.verify(b"message", data, HashAlgorithm::Sha256);
    }
}
