//! DSSE envelopes (secure-systems-lab/dsse, protocol v1.0.2): what attestations and bundle signatures are signed in.

use serde::{Deserialize, Serialize};

use crate::proto_json::{Base64, Bytes, bounded, null_as_default};

/// The payload type of an in-toto statement.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";
/// The media type of a DSSE envelope, as the layers of an `.att` image carry it.
pub const MEDIA_TYPE: &str = "application/vnd.dsse.envelope.v1+json";
/// Most signatures in one envelope; the specification sets no limit, nobody writes more than a few.
pub const MAX_SIGNATURES: usize = 32;

/// A DSSE envelope. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The signed bytes; they may be many, and are not copied with the envelope.
    pub payload: bytes::Bytes,
    /// What the bytes are; it is signed with them.
    pub payload_type: String,
    /// At least one signature.
    pub signatures: Vec<Signature>,
}

/// One signature of an [`Envelope`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// A hint at the key, not authenticated; usually empty.
    pub key_id: String,
    /// The signature itself.
    pub signature: Vec<u8>,
}

/// Why a document is not a DSSE envelope.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Not JSON of the right shape.
    #[error("not a DSSE envelope: {0}")]
    Malformed(#[from] serde_json::Error),
    /// No signature.
    #[error("the DSSE envelope carries no signature")]
    Unsigned,
    /// A field that must not be empty.
    #[error("the DSSE envelope has no {0}")]
    Missing(&'static str),
}

#[derive(Deserialize)]
pub(crate) struct Wire {
    #[serde(default, deserialize_with = "null_as_default")]
    payload: Bytes,
    #[serde(
        default,
        rename = "payloadType",
        alias = "payload_type",
        deserialize_with = "null_as_default"
    )]
    payload_type: String,
    #[serde(default, deserialize_with = "bounded::<_, _, MAX_SIGNATURES>")]
    signatures: Vec<WireSignature>,
}

#[derive(Deserialize)]
struct WireSignature {
    #[serde(default, deserialize_with = "null_as_default")]
    keyid: String,
    #[serde(default, deserialize_with = "null_as_default")]
    sig: Bytes,
}

impl TryFrom<Wire> for Envelope {
    type Error = EnvelopeError;

    fn try_from(wire: Wire) -> Result<Self, EnvelopeError> {
        if wire.payload_type.is_empty() {
            return Err(EnvelopeError::Missing("payloadType"));
        }
        if wire.signatures.is_empty() {
            return Err(EnvelopeError::Unsigned);
        }
        if wire.signatures.iter().any(|s| s.sig.0.is_empty()) {
            return Err(EnvelopeError::Missing("sig"));
        }
        Ok(Self {
            payload: wire.payload.0.into(),
            payload_type: wire.payload_type,
            signatures: wire
                .signatures
                .into_iter()
                .map(|s| Signature {
                    key_id: s.keyid,
                    signature: s.sig.0,
                })
                .collect(),
        })
    }
}

impl Envelope {
    /// An envelope of one signature.
    pub fn new(payload_type: impl Into<String>, payload: impl Into<bytes::Bytes>, signature: Vec<u8>) -> Self {
        Self {
            payload: payload.into(),
            payload_type: payload_type.into(),
            signatures: vec![Signature {
                key_id: String::new(),
                signature,
            }],
        }
    }

    /// Reads an envelope from its JSON form; base64 in either alphabet, as the protocol demands of readers.
    ///
    /// # Errors
    /// [`EnvelopeError`]: not JSON, no payload type, no signature, an empty signature, or more than
    /// [`MAX_SIGNATURES`].
    pub fn parse(json: &[u8]) -> Result<Self, EnvelopeError> {
        serde_json::from_slice::<Wire>(json)?.try_into()
    }

    /// What the signatures are over.
    pub fn pae(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// The SHA-256 of [`Envelope::pae`].
    pub fn pae_sha256(&self) -> [u8; 32] {
        pae_sha256(&self.payload_type, &self.payload)
    }

    /// The envelope as cosign writes it to an `.att` layer and as Rekor hashes it:
    /// `{"payloadType":…,"payload":…,"signatures":[{"keyid":"","sig":…}]}`.
    pub fn to_json(&self) -> Vec<u8> {
        crate::json::to_sized_vec(&self.to_layer_form(), self.json_len()).unwrap_or_default()
    }

    /// The same, as it is written out.
    pub(crate) fn to_layer_form(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Out<'a> {
            payload_type: &'a str,
            payload: Base64<'a>,
            signatures: Vec<OutSignature<'a>>,
        }
        #[derive(Serialize)]
        struct OutSignature<'a> {
            keyid: &'a str,
            sig: Base64<'a>,
        }
        Out {
            payload_type: &self.payload_type,
            payload: Base64(&self.payload),
            signatures: self
                .signatures
                .iter()
                .map(|s| OutSignature {
                    keyid: &s.key_id,
                    sig: Base64(&s.signature),
                })
                .collect(),
        }
    }

    /// The envelope in the JSON form of a Sigstore bundle: `{"payload":…,"payloadType":…,"signatures":[{"sig":…}]}`,
    /// `keyid` only when it is not empty.
    pub(crate) fn to_bundle_form(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Out<'a> {
            #[serde(skip_serializing_if = "is_empty")]
            payload: Base64<'a>,
            payload_type: &'a str,
            signatures: Vec<OutSignature<'a>>,
        }
        #[derive(Serialize)]
        struct OutSignature<'a> {
            sig: Base64<'a>,
            #[serde(skip_serializing_if = "str::is_empty")]
            keyid: &'a str,
        }
        fn is_empty(bytes: &Base64<'_>) -> bool {
            bytes.0.is_empty()
        }
        Out {
            payload: Base64(&self.payload),
            payload_type: &self.payload_type,
            signatures: self
                .signatures
                .iter()
                .map(|s| OutSignature {
                    sig: Base64(&s.signature),
                    keyid: &s.key_id,
                })
                .collect(),
        }
    }

    /// About how long its JSON is, so that it need not be moved while it is written.
    pub(crate) fn json_len(&self) -> usize {
        Base64(&self.payload).text_len().saturating_add(1 << 10)
    }
}

/// The pre-authentication encoding: `DSSEv1 <len> <type> <len> <payload>` (protocol v1.0.2, "Signature Definition").
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = pae_head(payload_type, payload);
    let mut out = Vec::with_capacity(head.len() + payload.len());
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(payload);
    out
}

/// The SHA-256 of [`pae`], without a copy of the payload.
pub fn pae_sha256(payload_type: &str, payload: &[u8]) -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    Sha256::new()
        .chain_update(pae_head(payload_type, payload))
        .chain_update(payload)
        .finalize()
        .into()
}

fn pae_head(payload_type: &str, payload: &[u8]) -> String {
    format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len())
}

/// For the fuzzers: an envelope, and that it is written so that it reads the same.
pub fn fuzz_dsse(data: &[u8]) {
    if let Ok(envelope) = Envelope::parse(data) {
        assert_eq!(Envelope::parse(&envelope.to_json()).ok().as_ref(), Some(&envelope));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_encoding_is_that_of_the_protocols_test_vector() {
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(
            pae_sha256("http://example.com/HelloWorld", b"hello world").as_slice(),
            crate::key::HashAlgorithm::Sha256.digest(b"DSSEv1 29 http://example.com/HelloWorld 11 hello world")
        );
    }

    #[test]
    fn an_envelope_is_written_as_cosign_writes_it() {
        let json = br#"{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"keyid":"","sig":"AQI="}]}"#;
        let envelope = Envelope::parse(json).unwrap();
        assert_eq!(envelope.to_json(), json);
        let bundled = serde_json::to_string(&envelope.to_bundle_form()).unwrap();
        assert_eq!(
            bundled,
            r#"{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AQI="}]}"#
        );
    }

    #[test]
    fn an_envelope_without_a_signature_or_type_or_given_twice_is_refused() {
        for json in [
            r#"{"payloadType":"t","payload":"e30=","signatures":[]}"#,
            r#"{"payloadType":"t","payload":"e30="}"#,
            r#"{"payloadType":"t","payload":"e30=","signatures":[{"sig":""}]}"#,
            r#"{"payload":"e30=","signatures":[{"sig":"AQI="}]}"#,
            r#"{"payloadType":"t","payload":"e30=","payload":"e31=","signatures":[{"sig":"AQI="}]}"#,
            r#"{"payloadType":"t","payload":"?","signatures":[{"sig":"AQI="}]}"#,
        ] {
            assert!(Envelope::parse(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[test]
    fn endless_signatures_are_refused() {
        let many = vec![r#"{"sig":"AQI="}"#; MAX_SIGNATURES + 1].join(",");
        let json = format!(r#"{{"payloadType":"t","payload":"e30=","signatures":[{many}]}}"#);
        assert!(Envelope::parse(json.as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Envelope::parse(&bytes);
        }

        #[test]
        fn envelopes_round_trip(payload: Vec<u8>, kind in "[a-z/+]{1,20}", sig in proptest::collection::vec(any::<u8>(), 1..80)) {
            let envelope = Envelope::new(kind, payload, sig);
            prop_assert_eq!(Envelope::parse(&envelope.to_json()).unwrap(), envelope.clone());
            let bundled = serde_json::to_vec(&envelope.to_bundle_form()).unwrap();
            prop_assert_eq!(Envelope::parse(&bundled).unwrap(), envelope);
        }
    }
}
