//! The JSON of a bundle, field by field.

use serde::{Deserialize, Serialize};

use super::{
    Bundle, BundleError, Content, MAX_CERTIFICATES, MAX_ENTRIES, MAX_TIMESTAMPS, MessageDigest, Signer, Version,
};
use crate::certificate::Certificate;
use crate::dsse::{self, Envelope};
use crate::key::HashAlgorithm;
use crate::proto_json::{Bytes, EnumValue, bounded, null_as_default};
use crate::rekor::LogEntry;
use crate::rekor::transparency_log_entry::{TransparencyLogEntry, TransparencyLogEntryError};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct In {
    #[serde(default, alias = "media_type", deserialize_with = "null_as_default")]
    media_type: String,
    #[serde(alias = "verification_material")]
    verification_material: Option<Material>,
    #[serde(alias = "message_signature")]
    message_signature: Option<MessageSignature>,
    #[serde(alias = "dsse_envelope")]
    dsse_envelope: Option<dsse::Wire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Material {
    #[serde(alias = "public_key")]
    public_key: Option<KeyHint>,
    #[serde(alias = "x509_certificate_chain")]
    x509_certificate_chain: Option<Chain>,
    certificate: Option<RawCertificate>,
    #[serde(default, alias = "tlog_entries", deserialize_with = "bounded::<_, _, MAX_ENTRIES>")]
    tlog_entries: Vec<TransparencyLogEntry>,
    #[serde(default, alias = "timestamp_verification_data", deserialize_with = "null_as_default")]
    timestamp_verification_data: Timestamps,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyHint {
    #[serde(default, deserialize_with = "null_as_default")]
    hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    #[serde(default, deserialize_with = "bounded::<_, _, MAX_CERTIFICATES>")]
    certificates: Vec<RawCertificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawCertificate {
    #[serde(default, alias = "raw_bytes", deserialize_with = "null_as_default")]
    raw_bytes: Bytes,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Timestamps {
    #[serde(
        default,
        rename = "rfc3161Timestamps",
        alias = "rfc3161_timestamps",
        deserialize_with = "bounded::<_, _, MAX_TIMESTAMPS>"
    )]
    rfc3161_timestamps: Vec<SignedTimestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignedTimestamp {
    #[serde(default, alias = "signed_timestamp", deserialize_with = "null_as_default")]
    signed_timestamp: Bytes,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MessageSignature {
    #[serde(alias = "message_digest")]
    message_digest: Option<HashOutput>,
    #[serde(default, deserialize_with = "null_as_default")]
    signature: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HashOutput {
    algorithm: Option<EnumValue>,
    #[serde(default, deserialize_with = "null_as_default")]
    digest: Bytes,
}

pub(super) fn read(json: &[u8]) -> Result<Bundle, BundleError> {
    let wire: In = serde_json::from_slice(json)?;
    let version = Version::of_media_type(&wire.media_type)?;
    let material = wire
        .verification_material
        .ok_or(BundleError::Missing("verificationMaterial"))?;
    let entries = entries(version, material.tlog_entries)?;
    let timestamps: Vec<_> = material
        .timestamp_verification_data
        .rfc3161_timestamps
        .into_iter()
        .map(|timestamp| timestamp.signed_timestamp.0)
        .collect();
    if timestamps.iter().any(Vec::is_empty) {
        return Err(BundleError::Missing("signedTimestamp"));
    }
    Ok(Bundle {
        version,
        signer: signer(
            version,
            material.public_key,
            material.x509_certificate_chain,
            material.certificate,
        )?,
        entries,
        timestamps,
        content: content(wire.message_signature, wire.dsse_envelope)?,
    })
}

fn signer(
    version: Version,
    key: Option<KeyHint>,
    chain: Option<Chain>,
    certificate: Option<RawCertificate>,
) -> Result<Signer, BundleError> {
    match (key, chain, certificate) {
        (Some(KeyHint { hint }), None, None) => Ok(Signer::PublicKey { hint }),
        (None, Some(_), None) if version >= Version::V03 => Err(BundleError::Forbidden("a certificate chain")),
        (None, Some(chain), None) if chain.certificates.is_empty() => Err(BundleError::Missing("certificate")),
        (None, Some(chain), None) => Ok(Signer::Certificates(
            chain
                .certificates
                .iter()
                .map(|certificate| Certificate::from_der(&certificate.raw_bytes.0))
                .collect::<Result<_, _>>()?,
        )),
        (None, None, Some(certificate)) => Ok(Signer::Certificates(vec![Certificate::from_der(
            &certificate.raw_bytes.0,
        )?])),
        (None, None, None) => Err(BundleError::Missing("publicKey, certificate or x509CertificateChain")),
        _ => Err(BundleError::Ambiguous(
            "a key and a certificate, or two kinds of certificates",
        )),
    }
}

fn entries(version: Version, wire: Vec<TransparencyLogEntry>) -> Result<Vec<LogEntry>, BundleError> {
    let entries: Vec<LogEntry> = wire.into_iter().map(LogEntry::try_from).collect::<Result<_, _>>()?;
    for entry in &entries {
        if version == Version::V01 && entry.signed_entry_timestamp.is_none() {
            return Err(BundleError::Missing(
                "inclusionPromise, which v0.1 requires of each log entry",
            ));
        }
        if version > Version::V01 && entry.inclusion_proof.is_none() {
            return Err(BundleError::Missing(
                "inclusionProof, which is required of each log entry since v0.2",
            ));
        }
    }
    Ok(entries)
}

fn content(message: Option<MessageSignature>, envelope: Option<dsse::Wire>) -> Result<Content, BundleError> {
    match (message, envelope) {
        (Some(message), None) => {
            if message.signature.0.is_empty() {
                return Err(BundleError::Missing("signature"));
            }
            Ok(Content::Message {
                digest: message.message_digest.map(MessageDigest::try_from).transpose()?,
                signature: message.signature.0,
            })
        }
        (None, Some(envelope)) => {
            let envelope = Envelope::try_from(envelope)?;
            match envelope.signatures.len() {
                1 => Ok(Content::Dsse(envelope)),
                several => Err(BundleError::Signatures(several)),
            }
        }
        (Some(_), Some(_)) => Err(BundleError::Ambiguous("messageSignature and dsseEnvelope")),
        (None, None) => Err(BundleError::Missing("messageSignature or dsseEnvelope")),
    }
}

/// The names and numbers of `HashAlgorithm` in `sigstore_common.proto`.
const HASHES: [(&str, i32, HashAlgorithm); 3] = [
    ("SHA2_256", 1, HashAlgorithm::Sha256),
    ("SHA2_384", 2, HashAlgorithm::Sha384),
    ("SHA2_512", 3, HashAlgorithm::Sha512),
];

impl TryFrom<HashOutput> for MessageDigest {
    type Error = BundleError;

    fn try_from(wire: HashOutput) -> Result<Self, BundleError> {
        let (_, _, algorithm) = HASHES
            .into_iter()
            .find(|(name, number, _)| match &wire.algorithm {
                Some(EnumValue::Name(text)) => text == name,
                Some(EnumValue::Number(n)) => n == number,
                None => false,
            })
            .ok_or(BundleError::Digest)?;
        if wire.digest.0.len() != algorithm.digest_len() {
            return Err(BundleError::Digest);
        }
        Ok(Self {
            algorithm,
            digest: wire.digest.0,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Out<'a, E: Serialize> {
    media_type: &'static str,
    verification_material: MaterialOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_signature: Option<MessageSignatureOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dsse_envelope: Option<E>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MaterialOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<KeyHintOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x509_certificate_chain: Option<ChainOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<RawOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tlog_entries: Vec<TransparencyLogEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp_verification_data: Option<TimestampsOut>,
}

#[derive(Serialize)]
struct KeyHintOut<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    hint: &'a str,
}

#[derive(Serialize)]
struct ChainOut {
    certificates: Vec<RawOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RawOut {
    raw_bytes: Bytes,
}

#[derive(Serialize)]
struct TimestampsOut {
    #[serde(rename = "rfc3161Timestamps")]
    rfc3161_timestamps: Vec<SignedTimestampOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedTimestampOut {
    signed_timestamp: Bytes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageSignatureOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_digest: Option<HashOutputOut<'a>>,
    signature: Bytes,
}

#[derive(Serialize)]
struct HashOutputOut<'a> {
    algorithm: &'a str,
    digest: Bytes,
}

pub(super) fn write(bundle: &Bundle) -> Result<Vec<u8>, BundleError> {
    let raw = |certificate: &Certificate| RawOut {
        raw_bytes: Bytes(certificate.der().to_vec()),
    };
    let (mut public_key, mut x509_certificate_chain, mut certificate) = (None, None, None);
    match &bundle.signer {
        Signer::PublicKey { hint } => public_key = Some(KeyHintOut { hint }),
        Signer::Certificates(chain) if bundle.version == Version::V03 => certificate = chain.first().map(raw),
        Signer::Certificates(chain) => {
            x509_certificate_chain = Some(ChainOut {
                certificates: chain.iter().map(raw).collect(),
            });
        }
    }
    let (message_signature, dsse_envelope) = match &bundle.content {
        Content::Message { digest, signature } => (Some(message_out(digest.as_ref(), signature)), None),
        Content::Dsse(envelope) => (None, Some(envelope.to_bundle_form())),
    };
    let out = Out {
        media_type: bundle.version.media_type(),
        verification_material: MaterialOut {
            public_key,
            x509_certificate_chain,
            certificate,
            tlog_entries: bundle
                .entries
                .iter()
                .map(TransparencyLogEntry::try_from)
                .collect::<Result<_, _>>()
                .map_err(TransparencyLogEntryError::from)?,
            timestamp_verification_data: (!bundle.timestamps.is_empty()).then(|| TimestampsOut {
                rfc3161_timestamps: bundle
                    .timestamps
                    .iter()
                    .map(|timestamp| SignedTimestampOut {
                        signed_timestamp: Bytes(timestamp.clone()),
                    })
                    .collect(),
            }),
        },
        message_signature,
        dsse_envelope,
    };
    let length = match &bundle.content {
        Content::Message { .. } => 0,
        Content::Dsse(envelope) => envelope.json_len(),
    };
    // Certificates, entries and timestamps beside it have some kilobytes.
    Ok(crate::json::to_sized_vec(&out, length.saturating_add(8 << 10))?)
}

fn message_out<'a>(digest: Option<&'a MessageDigest>, signature: &[u8]) -> MessageSignatureOut<'a> {
    MessageSignatureOut {
        message_digest: digest.map(|digest| HashOutputOut {
            algorithm: HASHES
                .iter()
                .find(|(_, _, algorithm)| *algorithm == digest.algorithm)
                .map_or("SHA2_256", |(name, _, _)| name),
            digest: Bytes(digest.digest.clone()),
        }),
        signature: Bytes(signature.to_vec()),
    }
}
