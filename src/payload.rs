//! The simple-signing payload: the JSON document that a `.sig` signature is made over (cosign `specs/SIGNATURE_SPEC.md`,
//! "Payload"; containers/image "simple signing").
//!
//! ```json
//! {"critical":{"identity":{"docker-reference":"host/repo"},"image":{"docker-manifest-digest":"sha256:…"},"type":"cosign container image signature"},"optional":null}
//! ```
//!
//! It is compact JSON with the keys of `optional` sorted and `<`, `>`, `&` escaped as Go does, byte for byte what
//! cosign writes: so the payload of an image can be rebuilt from its name and digest, and compared by the digest of
//! its layer instead of being fetched.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::annotations::Annotations;
use crate::digest::Digest;
use crate::json;
use crate::reference::Repository;

/// Value of `critical.type`.
pub const PAYLOAD_TYPE: &str = "cosign container image signature";
/// Media type of a payload's layer.
pub const MEDIA_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// Largest payload that is read, in bytes: one has some hundred, annotations may make it larger.
pub const MAX_PAYLOAD: usize = 1024 * 1024;

/// A well-formed simple-signing payload: which image, under which name, with which annotations.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    identity: String,
    image: Digest,
    optional: BTreeMap<String, Value>,
}

/// Why bytes are not a payload.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPayload {
    /// More than [`MAX_PAYLOAD`] bytes.
    #[error("the payload has {0} bytes, more than the {MAX_PAYLOAD} that are read")]
    TooLarge(usize),
    /// Not JSON, or a field is missing, doubled, unknown or of another type.
    #[error("the payload is not a simple-signing document: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Another kind of document.
    #[error("the payload's type is {0:?}, not {PAYLOAD_TYPE:?}: it was signed for something else")]
    Type(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow)]
    critical: Critical<'a>,
    optional: Option<BTreeMap<String, Value>>,
}

#[derive(Serialize)]
struct Written<'a, O> {
    critical: Critical<'a>,
    optional: Option<&'a O>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Critical<'a> {
    #[serde(borrow)]
    identity: Identity<'a>,
    image: Image,
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Identity<'a> {
    #[serde(borrow)]
    docker_reference: std::borrow::Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Image {
    /// In capitals as cosign's specification has it, and nobody's writer.
    #[serde(alias = "Docker-manifest-digest")]
    docker_manifest_digest: Digest,
}

impl Payload {
    /// The payload that cosign makes for the image with `digest`: `identity` is its repository as
    /// [`docker_reference`] gives it, or what `--sign-container-identity` says.
    pub fn new(identity: impl Into<String>, digest: &Digest, annotations: &Annotations) -> Self {
        Self {
            identity: identity.into(),
            image: digest.clone(),
            optional: annotations
                .iter()
                .map(|(key, value)| (key.to_owned(), Value::from(value)))
                .collect(),
        }
    }

    /// Parses the bytes that a signature is over.
    ///
    /// # Errors
    /// [`InvalidPayload`]: too large, not a payload, or one of another type.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidPayload> {
        if bytes.len() > MAX_PAYLOAD {
            return Err(InvalidPayload::TooLarge(bytes.len()));
        }
        let document: Document<'_> = serde_json::from_slice(bytes)?;
        if document.critical.kind != PAYLOAD_TYPE {
            let kind = document.critical.kind.chars().take(120).collect();
            return Err(InvalidPayload::Type(kind));
        }
        Ok(Self {
            identity: document.critical.identity.docker_reference.into_owned(),
            image: document.critical.image.docker_manifest_digest,
            optional: document.optional.unwrap_or_default(),
        })
    }

    /// The document as cosign writes it: what is signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let optional = Some(&self.optional).filter(|members| !members.is_empty());
        document(&self.identity, &self.image, PAYLOAD_TYPE, optional)
    }

    /// `critical.identity.docker-reference`: the name under which the image was signed.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// `critical.image.docker-manifest-digest`: the digest of the signed manifest.
    pub fn image(&self) -> &Digest {
        &self.image
    }

    /// `optional`: annotations (any JSON; `-a` makes strings).
    pub fn optional(&self) -> &BTreeMap<String, Value> {
        &self.optional
    }
}

/// A document of this shape: what is signed, and what `verify -o json` prints of any signature.
pub(crate) fn document<O: Serialize>(identity: &str, image: &Digest, kind: &str, optional: Option<&O>) -> Vec<u8> {
    let document = Written {
        critical: Critical {
            identity: Identity {
                docker_reference: identity.into(),
            },
            image: Image {
                docker_manifest_digest: image.clone(),
            },
            kind: kind.into(),
        },
        optional,
    };
    // Strings, a digest and JSON values always serialise.
    json::go_to_vec(&document).unwrap_or_default()
}

/// The `docker-reference` that cosign signs for images of `repository`: `host/path` without tag or digest, Docker Hub
/// written `index.docker.io`.
pub fn docker_reference(repository: &Repository) -> String {
    repository.to_string()
}

/// For the fuzzers: any bytes as a payload, and that what is read is written so that it reads the same.
pub fn fuzz_payload(data: &[u8]) {
    if let Ok(payload) = Payload::parse(data) {
        let again = Payload::parse(&payload.to_bytes()).ok();
        assert_eq!(again.as_ref(), Some(&payload), "a payload changed when it was written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TUTORIAL: &[u8] = include_bytes!("../tests/vectors/tutorial/payload.json");
    const ANNOTATED: &[u8] = include_bytes!(
        "../tests/vectors/cosign/registry/annotated/acme__annotated/blobs/sha256-24b14d2a5de972ed2511b59b7d4fa07a5c25268f92b98699b206ccffa10e7655"
    );

    fn digest() -> Digest {
        Digest::sha256(b"an image")
    }

    #[test]
    fn a_real_payload_is_rebuilt_byte_for_byte_from_name_and_digest() {
        let parsed = Payload::parse(TUTORIAL.trim_ascii_end()).unwrap();
        let repository: Repository = "donaldsebleung/hello-cosign".parse().unwrap();
        let rebuilt = Payload::new(docker_reference(&repository), parsed.image(), &Annotations::default());
        assert_eq!(rebuilt.to_bytes(), TUTORIAL.trim_ascii_end());
    }

    #[test]
    fn the_digest_has_either_spelling_and_only_one() {
        let text = String::from_utf8(TUTORIAL.trim_ascii_end().to_vec()).unwrap();
        let parsed = |text: &str| Payload::parse(text.as_bytes()).map(|found| found.image().clone());
        let upper = text.replace("docker-manifest-digest", "Docker-manifest-digest");
        assert_ne!(upper, text);
        assert_eq!(parsed(&upper).unwrap(), parsed(&text).unwrap());
        let member = format!("\"Docker-manifest-digest\":\"{}\",\"docker-manifest-digest\"", digest());
        assert!(parsed(&text.replace("\"docker-manifest-digest\"", &member)).is_err());
    }

    #[test]
    fn annotations_are_written_as_cosign_writes_them() {
        let digest = "sha256:175e5bfdf5e49c0c9b47ef7672d407769d9c212b5053646ee83e7eb67df8f078"
            .parse()
            .unwrap();
        let annotations = Annotations::parse([
            "build=42",
            "who=a<b>&c ü☃ / \\ 'd'",
            "\"quoted=x,\"\"y\"\"\"",
            "z=last",
            "aa=first",
        ])
        .unwrap();
        let payload = Payload::new("localhost:5600/acme/annotated", &digest, &annotations);
        assert_eq!(
            String::from_utf8(payload.to_bytes()),
            String::from_utf8(ANNOTATED.to_vec())
        );
        assert_eq!(Payload::parse(ANNOTATED).unwrap(), payload);
    }

    #[test]
    fn other_documents_are_refused() {
        let good = String::from_utf8(Payload::new("a.b/c", &digest(), &Annotations::default()).to_bytes()).unwrap();
        assert!(Payload::parse(good.as_bytes()).is_ok());
        let bad = [
            String::new(),
            "null".to_owned(),
            "{}".to_owned(),
            "[]".to_owned(),
            good.replace("cosign container", "atomic container"),
            good.replace("sha256:", "sha256:../"),
            good.replace("\"type\"", "\"type\":\"x\",\"type\""),
            good.replace("\"optional\"", "\"critical2\":{},\"optional\""),
            good.replace("null", "[]"),
            good.replace("\"image\"", "\"image2\""),
            format!("{good}{good}"),
        ];
        for text in bad {
            assert!(Payload::parse(text.as_bytes()).is_err(), "{text} was accepted");
        }
        assert!(matches!(
            Payload::parse(&vec![b' '; MAX_PAYLOAD + 1]),
            Err(InvalidPayload::TooLarge(_))
        ));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(identity in ".{0,40}", key in ".{0,20}", value in ".{0,20}") {
            let annotations = Annotations::from_iter([(key, value)]);
            let payload = Payload::new(identity, &digest(), &annotations);
            prop_assert_eq!(Payload::parse(&payload.to_bytes()).unwrap(), payload);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Payload::parse(&bytes);
        }
    }
}
