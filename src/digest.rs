//! Content digests (OCI image-spec v1.1, "Descriptor", section "Digests").

use std::fmt;
use std::str::FromStr;

use sha2::Digest as _;

/// A digest algorithm that the OCI image specification registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256: 32 bytes, 64 hexadecimal digits.
    Sha256,
    /// SHA-512: 64 bytes, 128 hexadecimal digits.
    Sha512,
}

impl Algorithm {
    /// The registered name, in lower case: `sha256` or `sha512`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    fn hex_len(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

/// A well-formed content digest: `sha256:` or `sha512:` and lower-case hexadecimal digits.
///
/// It can be made only by parsing (which validates) or by hashing bytes, so that its text is safe in a URL, a tag
/// and a file name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    hex: Box<str>,
}

/// Why a text is not a digest.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{text:?} is not a digest: {reason}; a digest is sha256: and 64 lower-case hexadecimal digits")]
pub struct InvalidDigest {
    text: String,
    reason: &'static str,
}

/// The bytes are not those that the digest names.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("content does not have the digest it was asked by: expected {expected}, got {actual}")]
pub struct DigestMismatch {
    /// The digest that was asked for.
    pub expected: Digest,
    /// The digest of the bytes at hand.
    pub actual: Digest,
}

impl Digest {
    /// The SHA-256 digest of `bytes`.
    pub fn sha256(bytes: &[u8]) -> Self {
        Self::of(Algorithm::Sha256, bytes)
    }

    /// The digest of `bytes` under `algorithm`.
    pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let hex = match algorithm {
            Algorithm::Sha256 => hex(&sha2::Sha256::digest(bytes)),
            Algorithm::Sha512 => hex(&sha2::Sha512::digest(bytes)),
        };
        Self {
            algorithm,
            hex: hex.into(),
        }
    }

    /// The SHA-256 digest whose 32 bytes are already known.
    pub fn from_sha256(hash: &[u8; 32]) -> Self {
        Self {
            algorithm: Algorithm::Sha256,
            hex: hex(hash).into(),
        }
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The hexadecimal digits, without the algorithm.
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// The hash itself: 32 or 64 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        from_hex(&self.hex).unwrap_or_default()
    }

    /// Checks that `bytes` have this digest.
    ///
    /// # Errors
    /// [`DigestMismatch`] with both digests.
    pub fn check(&self, bytes: &[u8]) -> Result<(), DigestMismatch> {
        let actual = Self::of(self.algorithm, bytes);
        if actual == *self {
            Ok(())
        } else {
            Err(DigestMismatch {
                expected: self.clone(),
                actual,
            })
        }
    }

    /// The digest as a tag prefix, `sha256-<hex>`: what cosign's tag scheme and the referrers fallback
    /// (OCI distribution-spec v1.1, "Referrers Tag Schema") are built on.
    pub fn tag_prefix(&self) -> String {
        format!("{}-{}", self.algorithm.name(), self.hex)
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let bad = |reason| InvalidDigest {
            text: text.chars().take(160).collect(),
            reason,
        };
        let (name, hex) = text.split_once(':').ok_or_else(|| bad("it has no algorithm"))?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ => return Err(bad("its algorithm is not sha256 or sha512")),
        };
        if hex.len() != algorithm.hex_len() {
            return Err(bad("it has the wrong length"));
        }
        if !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(bad("it has a character that is not a lower-case hexadecimal digit"));
        }
        Ok(Self {
            algorithm,
            hex: hex.into(),
        })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// The bytes that an even number of hexadecimal digits (either case) stands for, or `None`.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_digest_of_known_bytes_is_the_published_one() {
        let empty = Digest::sha256(b"");
        assert_eq!(
            empty.to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(empty.tag_prefix(), format!("sha256-{}", empty.hex()));
        assert_eq!(empty.to_bytes().len(), 32);
    }

    #[test]
    fn malformed_digests_are_refused() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let bad = [
            String::new(),
            hex.to_owned(),
            format!("sha256:{}", &hex[1..]),
            format!("sha256:{}", hex.to_uppercase()),
            format!("SHA256:{hex}"),
            format!("md5:{hex}"),
            format!("sha512:{hex}"),
            "sha256:../../../../etc/passwd".to_owned(),
            format!("sha256:{}/", &hex[1..]),
            format!(" sha256:{hex}"),
            format!("sha256:{hex}\n"),
        ];
        for text in bad {
            assert!(text.parse::<Digest>().is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn other_bytes_are_a_mismatch_that_names_both_digests() {
        let error = Digest::sha256(b"a").check(b"b").unwrap_err();
        assert_eq!(error.expected, Digest::sha256(b"a"));
        assert_eq!(error.actual, Digest::sha256(b"b"));
    }

    proptest! {
        #[test]
        fn text_and_digest_are_one_to_one(bytes: Vec<u8>) {
            let digest = Digest::sha256(&bytes);
            prop_assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
        }

        #[test]
        fn hexadecimal_round_trips(bytes: Vec<u8>) {
            prop_assert_eq!(from_hex(&hex(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<Digest>();
            let _ = from_hex(&text);
        }
    }
}
