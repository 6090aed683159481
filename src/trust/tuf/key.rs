//! Keys in TUF metadata (section 4.2): those that are understood, and their signatures.

use serde::Deserialize;
use serde_json::Value;

use crate::key::{HashAlgorithm, PublicKey};

/// DER before the 65 bytes of an uncompressed P-256 point in a `SubjectPublicKeyInfo`.
const P256_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// DER before the 32 bytes of an Ed25519 key in a `SubjectPublicKeyInfo`.
const ED25519_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key whose type and scheme are understood.
#[derive(Clone, Debug)]
pub struct Key {
    public: PublicKey,
    scheme: Scheme,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    /// ECDSA in DER, or RSA PKCS#1 v1.5, or Ed25519.
    Plain(HashAlgorithm),
    Pss(HashAlgorithm),
}

#[derive(Deserialize)]
struct Document {
    keytype: String,
    scheme: String,
    keyval: KeyValue,
}

#[derive(Deserialize)]
struct KeyValue {
    public: String,
}

impl Key {
    /// Understands a member of `keys`; `None` for other types and schemes, and malformed keys: nothing counts as signed
    /// by them. The key id is not compared with a hash, which the specification leaves to the repository.
    pub fn parse(value: &Value) -> Option<Self> {
        let document = Document::deserialize(value).ok()?;
        let scheme = match (document.keytype.as_str(), document.scheme.as_str()) {
            ("ed25519", "ed25519") => Scheme::Plain(HashAlgorithm::Sha512),
            ("ecdsa" | "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256") => Scheme::Plain(HashAlgorithm::Sha256),
            ("ecdsa" | "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384") => Scheme::Plain(HashAlgorithm::Sha384),
            ("ecdsa" | "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521") => Scheme::Plain(HashAlgorithm::Sha512),
            ("rsa", "rsassa-pss-sha256") => Scheme::Pss(HashAlgorithm::Sha256),
            ("rsa", "rsassa-pss-sha384") => Scheme::Pss(HashAlgorithm::Sha384),
            ("rsa", "rsassa-pss-sha512") => Scheme::Pss(HashAlgorithm::Sha512),
            ("rsa", "rsa-pkcs1v15-sha256") => Scheme::Plain(HashAlgorithm::Sha256),
            ("rsa", "rsa-pkcs1v15-sha512") => Scheme::Plain(HashAlgorithm::Sha512),
            _ => return None,
        };
        let text = &document.keyval.public;
        let public = if text.contains("-----BEGIN") {
            PublicKey::from_pem(text.as_bytes()).ok()?
        } else {
            let bytes = unhex(text)?;
            let prefix: &[u8] = match bytes.len() {
                32 => &ED25519_PREFIX,
                65 => &P256_PREFIX,
                _ => return None,
            };
            PublicKey::from_spki_der(&[prefix, &bytes].concat()).ok()?
        };
        Some(Self { public, scheme })
    }

    /// Whether `signature` (hexadecimal) is this key's over `message`.
    pub fn signed(&self, message: &[u8], signature: &str) -> bool {
        let Some(signature) = unhex(signature) else {
            return false;
        };
        match self.scheme {
            Scheme::Plain(hash) => self.public.verify(message, &signature, hash),
            Scheme::Pss(hash) => self.public.verify_pss(message, &signature, hash),
        }
        .is_ok()
    }

    /// The key itself: two ids for one key count once.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// The bytes of a hexadecimal text in either case.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > 16 << 10 {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(*pair.first()?)?, digit(*pair.get(1)?)?);
            u8::try_from(high * 16 + low).ok()
        })
        .collect()
}
