//! `TSTInfo`, what a timestamp authority signs (RFC 3161 section 2.4.2).

use const_oid::ObjectIdentifier;

use super::TimestampError;
use super::tlv::{self, Elements, Tlv};
use crate::key::HashAlgorithm;

/// What an authority states: this hash existed at this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TstInfo {
    pub hash: HashAlgorithm,
    pub hashed: Vec<u8>,
    /// Unix seconds; a fraction is dropped.
    pub time: i64,
    /// The bytes of the INTEGER.
    pub nonce: Option<Vec<u8>>,
}

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// The hash that an `AlgorithmIdentifier` names; its parameters have to be absent or NULL.
pub(super) fn hash_algorithm(identifier: Tlv<'_>) -> Option<HashAlgorithm> {
    let mut fields = identifier.elements();
    let oid = oid(fields.expect(tlv::OBJECT_IDENTIFIER)?)?;
    if !fields.is_empty() && fields.next().map(|tlv| tlv.whole) != Some(&[0x05, 0x00]) {
        return None;
    }
    match oid {
        SHA256 => Some(HashAlgorithm::Sha256),
        SHA384 => Some(HashAlgorithm::Sha384),
        SHA512 => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

/// The DER of the `AlgorithmIdentifier` of `hash`.
pub(super) fn hash_identifier(hash: HashAlgorithm) -> Option<Vec<u8>> {
    let oid = match hash {
        HashAlgorithm::Sha256 => SHA256,
        HashAlgorithm::Sha384 => SHA384,
        HashAlgorithm::Sha512 => SHA512,
        HashAlgorithm::Sha224 => return None,
    };
    let mut fields = tlv::encode(tlv::OBJECT_IDENTIFIER, oid.as_bytes());
    fields.extend_from_slice(&[0x05, 0x00]);
    Some(tlv::encode(tlv::SEQUENCE, &fields))
}

pub(super) fn oid(tlv: Tlv<'_>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_bytes(tlv.value).ok()
}

impl TstInfo {
    pub(super) fn parse(der: &[u8]) -> Result<Self, TimestampError> {
        Self::read(der).ok_or(TimestampError::Malformed("TSTInfo"))
    }

    fn read(der: &[u8]) -> Option<Self> {
        let mut fields = Tlv::whole(der).filter(|tlv| tlv.tag == tlv::SEQUENCE)?.elements();
        let version = fields.expect(tlv::INTEGER)?;
        if version.value != [1] {
            return None;
        }
        fields.expect(tlv::OBJECT_IDENTIFIER)?;
        let mut imprint = fields.expect(tlv::SEQUENCE)?.elements();
        let hash = hash_algorithm(imprint.expect(tlv::SEQUENCE)?)?;
        let hashed = imprint.expect(tlv::OCTET_STRING)?.value.to_vec();
        fields.expect(tlv::INTEGER)?;
        let time = generalized_time(fields.expect(tlv::GENERALIZED_TIME)?.value)?;
        fields.optional(tlv::SEQUENCE);
        fields.optional(tlv::BOOLEAN);
        let nonce = fields.optional(tlv::INTEGER).map(|tlv| tlv.value.to_vec());
        fields.optional(0xa0);
        if let Some(extensions) = fields.optional(0xa1)
            && has_critical(extensions.elements())?
        {
            return None;
        }
        (imprint.is_empty() && fields.is_empty() && hashed.len() == hash.digest_len()).then_some(Self {
            hash,
            hashed,
            time,
            nonce,
        })
    }
}

/// Whether an extension is critical: none is understood here.
fn has_critical(extensions: Elements<'_>) -> Option<bool> {
    for extension in extensions.collect(32)? {
        let mut fields = extension.elements();
        fields.expect(tlv::OBJECT_IDENTIFIER)?;
        if fields.optional(tlv::BOOLEAN).is_some_and(|tlv| tlv.value != [0]) {
            return Some(true);
        }
    }
    Some(false)
}

/// `YYYYMMDDhhmmss[.f…]Z` (RFC 3161 section 2.4.2) as Unix seconds.
fn generalized_time(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    if fraction.is_some_and(|f| f.is_empty() || f.len() > 9 || !f.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    if whole.len() != 14 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    );
    crate::trust::parse_time(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::generalized_time;

    #[test]
    fn times_are_utc_with_or_without_a_fraction() {
        assert_eq!(generalized_time(b"20261123190012Z"), Some(1_795_460_412));
        assert_eq!(generalized_time(b"20261123190012.999Z"), Some(1_795_460_412));
        for bad in [
            "20261123190012",
            "20261323190012Z",
            "20261123190012.Z",
            "2026112319001Z",
            "20261123190012+0100",
            "",
        ] {
            assert_eq!(generalized_time(bad.as_bytes()), None, "{bad}");
        }
    }
}
