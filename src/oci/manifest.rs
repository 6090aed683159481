use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{MAX_DESCRIPTORS, MAX_MANIFEST, media_type};
use crate::digest::Digest;
use crate::proto_json::null_as_default;

/// What points at content: media type, digest and size in bytes (OCI image-spec v1.1, "Descriptor").
///
/// Fields are written in the order of Go's OCI types, so that documents are byte for byte those of cosign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type of the content.
    pub media_type: String,
    /// Size of the content in bytes.
    pub size: u64,
    /// Digest of the content.
    pub digest: Digest,
    /// The content itself, base64, when it is embedded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Where else the content may be fetched; never used, kept when a manifest is rewritten.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Free annotations.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub annotations: BTreeMap<String, String>,
    /// Platform, in an index.
    #[serde(default, deserialize_with = "platform", skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Artifact type, in an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
}

impl Descriptor {
    /// The descriptor of `content`.
    pub fn of(media_type: impl Into<String>, content: &[u8]) -> Self {
        Self {
            media_type: media_type.into(),
            size: content.len() as u64,
            digest: Digest::sha256(content),
            data: None,
            urls: Vec::new(),
            annotations: BTreeMap::new(),
            platform: None,
            artifact_type: None,
        }
    }
}

/// The platform that a manifest of an index is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// CPU architecture, Go's names.
    #[serde(default, deserialize_with = "null_as_default")]
    pub architecture: String,
    /// Operating system, Go's names.
    #[serde(default, deserialize_with = "null_as_default")]
    pub os: String,
    /// Operating system version.
    #[serde(rename = "os.version", default, skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Operating system features.
    #[serde(
        rename = "os.features",
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub os_features: Vec<String>,
    /// CPU variant, e.g. `v8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

/// A platform; one that names no operating system or no architecture is none.
fn platform<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Platform>, D::Error> {
    let found: Option<Platform> = Option::deserialize(deserializer)?;
    Ok(found.filter(|platform| !platform.os.is_empty() && !platform.architecture.is_empty()))
}

/// The manifest of an image or artifact (OCI image-spec v1.1, "Image Manifest"; Docker schema 2 has the same shape).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Always 2.
    pub schema_version: u8,
    /// Media type; absent in some OCI manifests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Configuration.
    pub config: Descriptor,
    /// Layers.
    #[serde(deserialize_with = "null_as_default")]
    pub layers: Vec<Descriptor>,
    /// Free annotations.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub annotations: BTreeMap<String, String>,
    /// What this manifest refers to, when it is a referrer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Artifact type, when it is an artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
}

/// An index of manifests (OCI image-spec v1.1, "Image Index"; a Docker manifest list has the same shape).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Always 2.
    pub schema_version: u8,
    /// Media type; absent in some OCI indexes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The manifests.
    #[serde(deserialize_with = "null_as_default")]
    pub manifests: Vec<Descriptor>,
    /// Free annotations.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub annotations: BTreeMap<String, String>,
    /// What this index refers to, when it is a referrer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Artifact type, when it is an artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
}

/// A parsed manifest document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// One image or artifact.
    Manifest(Manifest),
    /// Several.
    Index(Index),
}

/// Why a document is not a manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// More than [`MAX_MANIFEST`] bytes.
    #[error("the manifest has {0} bytes, more than the {MAX_MANIFEST} that are read")]
    TooLarge(usize),
    /// Not JSON of the right shape.
    #[error("the manifest is not valid: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Readable both as a manifest and as an index (CVE-2021-41190).
    #[error("the document has both layers and manifests, so that what it is depends on the reader; refused")]
    Ambiguous,
    /// The document says one media type and its envelope another (CVE-2021-41190).
    #[error("the document says it is {inner:?}, but it was served as {outer:?}; refused")]
    MediaTypeMismatch {
        /// What the document says.
        inner: String,
        /// What the `Content-Type` header or the descriptor said.
        outer: String,
    },
    /// Neither a manifest nor an index.
    #[error("the document is neither an image manifest nor an index, media type {0:?}")]
    Unknown(String),
    /// A schema version other than 2.
    #[error("manifests of schema version {0} are not supported; push the image again with a current tool")]
    SchemaVersion(u64),
    /// More than [`MAX_DESCRIPTORS`] layers or manifests.
    #[error("the manifest lists {0} entries, more than the {MAX_DESCRIPTORS} that are read")]
    TooManyEntries(usize),
}

/// Parses the bytes of a manifest or index that was served as `outer_type` (a `Content-Type` or a descriptor's media
/// type), which may be unknown.
///
/// # Errors
/// Any [`ManifestError`]; in particular a document that could be read in two ways is refused.
pub fn parse(bytes: &[u8], outer_type: Option<&str>) -> Result<Parsed, ManifestError> {
    /// Only what decides how to read the rest.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Probe<'a> {
        schema_version: Option<u64>,
        #[serde(borrow)]
        media_type: Option<std::borrow::Cow<'a, str>>,
        config: Option<serde::de::IgnoredAny>,
        layers: Option<serde::de::IgnoredAny>,
        manifests: Option<serde::de::IgnoredAny>,
    }
    if bytes.len() > MAX_MANIFEST {
        return Err(ManifestError::TooLarge(bytes.len()));
    }
    let probe: Probe = serde_json::from_slice(bytes)?;
    let version = probe.schema_version.unwrap_or(0);
    if version != 2 {
        return Err(ManifestError::SchemaVersion(version));
    }
    if (probe.layers.is_some() || probe.config.is_some()) && probe.manifests.is_some() {
        return Err(ManifestError::Ambiguous);
    }
    let outer = outer_type.map(|t| t.split(';').next().unwrap_or(t).trim());
    // Registries that do not know the type serve a generic one; it says nothing.
    let outer = outer.filter(|t| media_type::is_index(t) || media_type::is_manifest(t));
    if let (Some(inner), Some(outer)) = (probe.media_type.as_deref(), outer)
        && inner != outer
    {
        return Err(ManifestError::MediaTypeMismatch {
            inner: inner.to_owned(),
            outer: outer.to_owned(),
        });
    }
    let shape = if probe.manifests.is_some() {
        media_type::OCI_INDEX
    } else {
        media_type::OCI_MANIFEST
    };
    let said = probe.media_type.as_deref().or(outer).unwrap_or(shape);
    let (parsed, entries) = if media_type::is_index(said) {
        let index: Index = serde_json::from_slice(bytes)?;
        let entries = index.manifests.len();
        (Parsed::Index(index), entries)
    } else if media_type::is_manifest(said) {
        let manifest: Manifest = serde_json::from_slice(bytes)?;
        let entries = manifest.layers.len();
        (Parsed::Manifest(manifest), entries)
    } else {
        return Err(ManifestError::Unknown(said.chars().take(120).collect()));
    };
    if entries > MAX_DESCRIPTORS {
        return Err(ManifestError::TooManyEntries(entries));
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn descriptor() -> String {
        format!(r#"{{"mediaType":"x/y","size":0,"digest":"{DIGEST}"}}"#)
    }

    #[test]
    fn a_document_of_two_readings_is_refused() {
        let d = descriptor();
        let both = format!(r#"{{"schemaVersion":2,"config":{d},"layers":[{d}],"manifests":[{d}]}}"#);
        assert!(matches!(parse(both.as_bytes(), None), Err(ManifestError::Ambiguous)));
    }

    #[test]
    fn the_served_type_must_be_the_written_one() {
        let d = descriptor();
        let written = media_type::OCI_MANIFEST;
        let text = format!(r#"{{"schemaVersion":2,"mediaType":"{written}","config":{d},"layers":[]}}"#);
        assert!(parse(text.as_bytes(), Some(written)).is_ok());
        assert!(parse(text.as_bytes(), Some("application/json")).is_ok());
        let served = parse(text.as_bytes(), Some(media_type::OCI_INDEX));
        assert!(matches!(served, Err(ManifestError::MediaTypeMismatch { .. })));
    }

    #[test]
    fn null_is_what_is_not_there() {
        let d = descriptor();
        let layer = d.replace('}', r#","urls":null,"annotations":null,"platform":null,"data":null}"#);
        let manifest = format!(
            r#"{{"schemaVersion":2,"config":{layer},"layers":[{layer}],"annotations":null,"subject":null,"manifests":null}}"#
        );
        let Parsed::Manifest(manifest) = parse(manifest.as_bytes(), None).unwrap() else {
            panic!("it is a manifest");
        };
        assert!(manifest.layers.len() == 1 && manifest.layers.iter().all(|layer| layer.urls.is_empty()));
        let empty = format!(r#"{{"schemaVersion":2,"config":{d},"layers":null}}"#);
        assert!(matches!(parse(empty.as_bytes(), None), Ok(Parsed::Manifest(m)) if m.layers.is_empty()));
        let empty = r#"{"schemaVersion":2,"manifests":null,"annotations":null}"#;
        assert!(
            matches!(parse(empty.as_bytes(), Some(media_type::OCI_INDEX)), Ok(Parsed::Index(i)) if i.manifests.is_empty())
        );
        // Not there at all is another matter: which of both it would be is then not written down.
        assert!(parse(br#"{"schemaVersion":2}"#, None).is_err());
    }

    #[test]
    fn a_platform_without_names_is_none() {
        for (platform, found) in [
            (r#"{}"#, false),
            (r#"{"architecture":"amd64"}"#, false),
            (r#"{"architecture":"","os":""}"#, false),
            (r#"{"architecture":null,"os":"linux"}"#, false),
            (
                r#"{"architecture":"amd64","os":"linux","os.features":null,"variant":null}"#,
                true,
            ),
        ] {
            let d = descriptor().replace('}', &format!(r#","platform":{platform}}}"#));
            let index = format!(r#"{{"schemaVersion":2,"manifests":[{d}]}}"#);
            let Ok(Parsed::Index(index)) = parse(index.as_bytes(), None) else {
                panic!("{platform}");
            };
            assert_eq!(index.manifests[0].platform.is_some(), found, "{platform}");
        }
    }

    #[test]
    fn a_bad_digest_anywhere_is_refused() {
        let d = descriptor();
        let bad = d.replace("e3b0", "../.");
        for text in [
            format!(r#"{{"schemaVersion":2,"config":{bad},"layers":[]}}"#),
            format!(r#"{{"schemaVersion":2,"config":{d},"layers":[{bad}]}}"#),
            format!(r#"{{"schemaVersion":2,"config":{d},"layers":[],"subject":{bad}}}"#),
            format!(r#"{{"schemaVersion":2,"manifests":[{bad}]}}"#),
        ] {
            assert!(
                matches!(parse(text.as_bytes(), None), Err(ManifestError::Malformed(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn limits_hold() {
        let large = vec![b' '; MAX_MANIFEST + 1];
        assert!(matches!(parse(&large, None), Err(ManifestError::TooLarge(_))));
        let d = descriptor();
        let layers = vec![d.as_str(); MAX_DESCRIPTORS + 1].join(",");
        let many = format!(r#"{{"schemaVersion":2,"config":{d},"layers":[{layers}]}}"#);
        assert!(matches!(
            parse(many.as_bytes(), None),
            Err(ManifestError::TooManyEntries(_))
        ));
        assert!(matches!(
            parse(br#"{"schemaVersion":1}"#, None),
            Err(ManifestError::SchemaVersion(1))
        ));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes, None);
        }
    }
}
