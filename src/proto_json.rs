//! What protobuf's JSON mapping adds to JSON (protobuf "ProtoJSON Format"): bytes as base64 in either alphabet, 64-bit
//! integers as strings, enumerations by name or number, `null` for absent.
//!
//! Sigstore's bundles, trusted roots and signing configurations, and the answers of Rekor v2, are written so.

use std::fmt;

use base64::Engine as _;
use base64::display::Base64Display;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurpose as Engine};
use serde::de::{Error as _, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const ANY_STANDARD: Engine = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
const ANY_URL_SAFE: Engine = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);

/// The bytes that `text` stands for in base64, in the standard or the URL-safe alphabet, padded or not.
///
/// # Errors
/// [`base64::DecodeError`] when it is neither; mixed alphabets and stray bits are refused.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, base64::DecodeError> {
    // Go's and Python's readers skip line ends, so there are documents that have them.
    if text.iter().any(|b| matches!(b, b'\n' | b'\r')) {
        let joined: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
        return decode_base64(&joined);
    }
    if text.iter().any(|b| matches!(b, b'-' | b'_')) {
        ANY_URL_SAFE.decode(text)
    } else {
        ANY_STANDARD.decode(text)
    }
}

/// `bytes` in the standard alphabet with padding, as every writer of these formats does.
pub fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes that are written as [`encode_base64`] has them, without a copy of the text.
pub struct Base64<'a>(
    /// The bytes themselves.
    pub &'a [u8],
);

impl Base64<'_> {
    /// How many bytes the text has.
    pub fn text_len(&self) -> usize {
        self.0.len().div_ceil(3).saturating_mul(4)
    }
}

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

/// A `bytes` field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bytes(
    /// The bytes themselves.
    pub Vec<u8>,
);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Base64(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Base64;
        impl Visitor<'_> for Base64 {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes in base64")
            }
            fn visit_unit<E>(self) -> Result<Bytes, E> {
                Ok(Bytes::default())
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bytes, E> {
                decode_base64(text.as_bytes())
                    .map(Bytes)
                    .map_err(|error| E::custom(format_args!("not base64: {error}")))
            }
        }
        deserializer.deserialize_any(Base64)
    }
}

/// An `int64` field: written as a string, read as a string or a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Int64(
    /// The number.
    pub i64,
);

impl Serialize for Int64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Int64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Int64;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a 64-bit number, plain or as a string")
            }
            fn visit_unit<E>(self) -> Result<Int64, E> {
                Ok(Int64(0))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Int64, E> {
                Ok(Int64(number))
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Int64, E> {
                i64::try_from(number)
                    .map(Int64)
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Int64, E> {
                let digits = text.strip_prefix('-').unwrap_or(text);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(E::invalid_value(Unexpected::Str(text), &self));
                }
                text.parse()
                    .map(Int64)
                    .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

/// An enumeration, by its name or its number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum EnumValue {
    /// The number.
    Number(i32),
    /// The name, in upper case as the specification writes it.
    Name(String),
}

/// For `deserialize_with` beside `default`: `null` means the field's default, as in every ProtoJSON reader.
///
/// # Errors
/// Those of the value itself.
pub fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a list of at most `LIMIT` elements; a longer one is refused before its rest is read.
///
/// # Errors
/// A list that is too long, or an element that is not valid.
pub fn bounded<'de, D: Deserializer<'de>, T: Deserialize<'de>, const LIMIT: usize>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Bounded<T, const LIMIT: usize>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>, const LIMIT: usize> Visitor<'de> for Bounded<T, LIMIT> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list of at most {LIMIT} elements")
        }
        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut out = Vec::new();
            while let Some(element) = list.next_element()? {
                if out.len() == LIMIT {
                    return Err(A::Error::custom(format_args!("more than {LIMIT} elements in a list")));
                }
                out.push(element);
            }
            Ok(out)
        }
    }
    deserializer.deserialize_any(Bounded::<T, LIMIT>(std::marker::PhantomData))
}

/// `value` with the names of all members in snake case, which protobuf's readers take as well.
#[cfg(test)]
pub fn in_snake_case(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    let snake = |name: &String| {
        let mut out = String::new();
        for c in name.chars() {
            if c.is_ascii_uppercase() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        }
        out
    };
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (snake(name), in_snake_case(value)))
            .collect(),
        Value::Array(items) => items.iter().map(in_snake_case).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64_is_read_in_every_spelling_that_protobuf_allows() {
        for text in ["+/8=", "+/8", "-_8=", "-_8", "+/\r\n8=\n"] {
            assert_eq!(decode_base64(text.as_bytes()).unwrap(), [0xfb, 0xff], "{text}");
        }
        for text in ["+_8=", "+/9=", "+ /8=", "+/8==", "===="] {
            assert!(decode_base64(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_is_read_as_a_string_or_plain_and_never_rounded() {
        let read = |text: &str| serde_json::from_str::<Int64>(text).map(|n| n.0);
        assert_eq!(read("\"42\"").unwrap(), 42);
        assert_eq!(read("42").unwrap(), 42);
        assert_eq!(read("\"-9223372036854775808\"").unwrap(), i64::MIN);
        for text in [
            "\"9223372036854775808\"",
            "9223372036854775808",
            "1.5",
            "\"\"",
            "\"+1\"",
            "\" 1\"",
            "\"1e3\"",
            "true",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_round_trip(bytes: Vec<u8>) {
            let json = serde_json::to_string(&Bytes(bytes.clone())).unwrap();
            prop_assert_eq!(serde_json::from_str::<Bytes>(&json).unwrap().0, bytes);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = decode_base64(text.as_bytes());
            let _ = serde_json::from_str::<Int64>(&text);
        }
    }
}
