//! A log in a trusted root (`TransparencyLogInstance`).

use serde::{Deserialize, Serialize};

use super::LogProblem;
use crate::key::{KeyAlgorithm, PublicKey};
use crate::proto_json::{Bytes, EnumValue, null_as_default};
use crate::rekor::LogKey;
use crate::trust::time::TimeRange;

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Log {
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    #[serde(alias = "base_url")]
    pub base_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "hash_algorithm")]
    hash_algorithm: Option<Enum>,
    #[serde(alias = "public_key")]
    public_key: Key,
    #[serde(alias = "log_id")]
    log_id: Option<LogId>,
    #[serde(skip_serializing)]
    #[serde(alias = "checkpoint_key_id")]
    checkpoint_key_id: Option<LogId>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct LogId {
    #[serde(alias = "key_id")]
    key_id: Bytes,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct Key {
    #[serde(alias = "raw_bytes")]
    raw_bytes: Bytes,
    #[serde(alias = "key_details")]
    key_details: Option<Enum>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "valid_for")]
    valid_for: Option<TimeRange>,
}

/// An enumeration's value, written back by its name.
struct Enum(EnumValue);

impl Enum {
    fn name(name: &str) -> Option<Self> {
        Some(Self(EnumValue::Name(name.to_owned())))
    }
}

impl Serialize for Enum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            EnumValue::Name(name) => serializer.serialize_str(name),
            EnumValue::Number(number) => serializer.serialize_i32(*number),
        }
    }
}

impl<'de> Deserialize<'de> for Enum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EnumValue::deserialize(deserializer).map(Self)
    }
}

/// What `keyDetails` says of a key.
enum Details {
    Spki,
    Pkcs1,
    Newer,
}

impl Log {
    /// From when the key is valid, as text.
    pub fn start(&self) -> Option<&str> {
        self.public_key.valid_for.as_ref()?.start.as_deref()
    }

    pub fn of(key: &LogKey) -> Self {
        // A log's window has to have a start; that of one that is trusted since ever is the epoch.
        let mut validity = TimeRange::of(key.validity()).unwrap_or_default();
        validity.start.get_or_insert_with(|| crate::trust::time::write(0));
        Self {
            base_url: key.base_url().unwrap_or_default().to_owned(),
            hash_algorithm: Enum::name("SHA2_256"),
            public_key: Key {
                raw_bytes: Bytes(key.key().spki_der().to_vec()),
                key_details: key_details(key.key().algorithm()),
                valid_for: Some(validity),
            },
            log_id: Some(LogId {
                key_id: Bytes(key.log_id().to_vec()),
            }),
            checkpoint_key_id: None,
        }
    }

    /// The key, or `None` when its kind is newer than this program.
    pub fn key(self) -> Result<Option<LogKey>, LogProblem> {
        match &self.hash_algorithm {
            Some(Enum(EnumValue::Name(name))) if name == "SHA2_256" => {}
            Some(Enum(EnumValue::Number(1))) => {}
            _ => return Err(LogProblem::Hash),
        }
        let raw = &self.public_key.raw_bytes.0;
        let key = match details(self.public_key.key_details.as_ref()) {
            Details::Newer => return Ok(None),
            Details::Pkcs1 => PublicKey::from_pkcs1_der(raw)?,
            Details::Spki => PublicKey::from_spki_der(raw)?,
        };
        if !agrees(self.public_key.key_details.as_ref(), key.algorithm()) {
            return Err(LogProblem::KeyDetails(key.algorithm()));
        }
        if self
            .public_key
            .valid_for
            .as_ref()
            .is_some_and(|window| window.start.is_none())
        {
            return Err(LogProblem::NoStart);
        }
        let validity = TimeRange::validity(self.public_key.valid_for.as_ref())?;
        let mut log = LogKey::new(key).with_validity(validity).with_base_url(self.base_url);
        if let Some(id) = self.log_id.or(self.checkpoint_key_id) {
            log = log.with_log_id(id.key_id.0.try_into().map_err(|_| LogProblem::LogId)?);
        }
        Ok(Some(log))
    }
}

fn details(details: Option<&Enum>) -> Details {
    match details.map(|Enum(value)| value) {
        None => Details::Spki,
        Some(EnumValue::Name(name)) => match name.as_str() {
            "PKCS1_RSA_PKCS1V5" => Details::Pkcs1,
            "PKIX_ED25519" | "PKIX_ED25519_PH" => Details::Spki,
            name if name.starts_with("PKIX_ECDSA_P") || name.starts_with("PKIX_RSA_PKCS1V") => Details::Spki,
            _ => Details::Newer,
        },
        Some(EnumValue::Number(1)) => Details::Pkcs1,
        Some(EnumValue::Number(3 | 5..=13 | 19 | 20)) => Details::Spki,
        Some(EnumValue::Number(_)) => Details::Newer,
    }
}

fn agrees(details: Option<&Enum>, algorithm: KeyAlgorithm) -> bool {
    let Some(Enum(EnumValue::Name(name))) = details else {
        return true;
    };
    match algorithm {
        KeyAlgorithm::EcdsaP256 => name.starts_with("PKIX_ECDSA_P256"),
        KeyAlgorithm::EcdsaP384 => name.starts_with("PKIX_ECDSA_P384"),
        KeyAlgorithm::EcdsaP521 => name.starts_with("PKIX_ECDSA_P521"),
        KeyAlgorithm::Rsa { .. } => name.contains("RSA"),
        KeyAlgorithm::Ed25519 => name.starts_with("PKIX_ED25519"),
    }
}

fn key_details(algorithm: KeyAlgorithm) -> Option<Enum> {
    Enum::name(match algorithm {
        KeyAlgorithm::EcdsaP256 => "PKIX_ECDSA_P256_SHA_256",
        KeyAlgorithm::EcdsaP384 => "PKIX_ECDSA_P384_SHA_384",
        KeyAlgorithm::EcdsaP521 => "PKIX_ECDSA_P521_SHA_512",
        KeyAlgorithm::Ed25519 => "PKIX_ED25519",
        KeyAlgorithm::Rsa { bits: 0..=2048 } => "PKIX_RSA_PKCS1V15_2048_SHA256",
        KeyAlgorithm::Rsa { bits: 2049..=3072 } => "PKIX_RSA_PKCS1V15_3072_SHA256",
        KeyAlgorithm::Rsa { .. } => "PKIX_RSA_PKCS1V15_4096_SHA256",
    })
}
