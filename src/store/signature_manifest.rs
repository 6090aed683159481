//! The manifests behind `sha256-<hex>.sig`, `.att` and `.sbom` (cosign's SIGNATURE_SPEC.md): a layer per signature,
//! what belongs to it in the layer's annotations. Pure: bytes in, bytes out.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::entries::{Document, Entry, List, go_json, write_object};
use crate::digest::Digest;
use crate::oci::media_type::{self, DOCKER_CONFIG, DOCKER_MANIFEST, OCI_CONFIG, OCI_MANIFEST};
use crate::oci::{Descriptor, ManifestError};

/// Most layers that are read or written: cosign's own limit, so that checking stays bounded (CVE-2024-29902).
pub const MAX_LAYERS: usize = 1_000;
/// Largest signature annotation, in bytes: an RSA-16384 signature in base64 is 2,732.
const MAX_SIGNATURE: usize = 16 << 10;
/// Largest of each other annotation, in bytes: a log entry or a chain is some kilobytes.
const MAX_ANNOTATION: usize = 512 << 10;

/// Annotation with the signature, base64.
pub const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
/// Annotation with the log entry and its signed timestamp, JSON.
pub const BUNDLE: &str = "dev.sigstore.cosign/bundle";
/// Annotation with the signer's certificate, PEM.
pub const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
/// Annotation with the certificate's chain, PEM.
pub const CHAIN: &str = "dev.sigstore.cosign/chain";
/// Annotation with the RFC 3161 timestamp, JSON.
pub const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";
/// Annotation with the predicate type of an attestation.
pub const PREDICATE_TYPE: &str = "predicateType";

const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// Which manifest and configuration media types a new document gets (COSIGN_DOCKER_MEDIA_TYPES).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaTypes {
    /// OCI's.
    #[default]
    Oci,
    /// Docker's, for registries that take nothing else.
    Docker,
}

impl MediaTypes {
    /// That of the manifest.
    pub(super) fn manifest(self) -> &'static str {
        match self {
            Self::Oci => OCI_MANIFEST,
            Self::Docker => DOCKER_MANIFEST,
        }
    }
}

/// Why a document is not a signature manifest.
#[derive(Debug, thiserror::Error)]
pub enum SignatureManifestError {
    /// Not a manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// More than [`MAX_LAYERS`].
    #[error(
        "the manifest lists {0} signatures, more than the {MAX_LAYERS} that are read; remove some (countersign clean)"
    )]
    TooManyLayers(usize),
    /// Not JSON.
    #[error("the manifest cannot be written: {0}")]
    Write(#[from] serde_json::Error),
}

/// What one layer carries: untrusted text, within limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLayer {
    /// Position in the manifest, from 0.
    pub position: usize,
    /// The payload (`.sig`) or envelope (`.att`): media type, size, digest, and all annotations.
    pub payload: Descriptor,
    /// The signature, base64; empty in `.att` manifests, where the envelope has it.
    pub signature: Option<String>,
    /// The log entry: `{"SignedEntryTimestamp":…,"Payload":…}`.
    pub bundle: Option<String>,
    /// The signer's certificate, PEM.
    pub certificate: Option<String>,
    /// The chain above it, PEM.
    pub chain: Option<String>,
    /// The RFC 3161 timestamp: `{"SignedRFC3161Timestamp":…}`.
    pub timestamp: Option<String>,
    /// The predicate type that is claimed beside an attestation.
    pub predicate_type: Option<String>,
}

/// A layer that is not read, while its neighbours are.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("annotation {annotation} of layer {position} has {size} bytes, more than the {limit} that are read")]
pub struct LayerFault {
    /// Position in the manifest, from 0.
    pub position: usize,
    /// The layer's content.
    pub digest: Digest,
    /// The annotation that is too large.
    pub annotation: &'static str,
    /// Its size in bytes.
    pub size: usize,
    /// The limit in bytes.
    pub limit: usize,
}

impl SignatureLayer {
    fn read(position: usize, descriptor: &Descriptor) -> Result<Self, LayerFault> {
        let take = |annotation: &'static str, limit: usize| match descriptor.annotations.get(annotation) {
            Some(value) if value.len() > limit => Err(LayerFault {
                position,
                digest: descriptor.digest.clone(),
                annotation,
                size: value.len(),
                limit,
            }),
            found => Ok(found.cloned()),
        };
        Ok(Self {
            position,
            signature: take(SIGNATURE, MAX_SIGNATURE)?,
            bundle: take(BUNDLE, MAX_ANNOTATION)?,
            certificate: take(CERTIFICATE, MAX_ANNOTATION)?,
            chain: take(CHAIN, MAX_ANNOTATION)?,
            timestamp: take(TIMESTAMP, MAX_ANNOTATION)?,
            predicate_type: take(PREDICATE_TYPE, MAX_SIGNATURE)?,
            payload: descriptor.clone(),
        })
    }
}

/// A layer to be added: its content and annotations.
#[derive(Clone, Debug)]
pub struct NewLayer {
    /// Media type of the content.
    pub media_type: String,
    /// The content: payload, envelope or SBOM.
    pub content: Bytes,
    /// The annotations as they will be written.
    pub annotations: BTreeMap<String, String>,
}

impl NewLayer {
    /// A signature over a simple-signing payload; `signature` is base64.
    pub fn signature(payload: Vec<u8>, signature: &str) -> Self {
        Self {
            media_type: media_type::SIMPLE_SIGNING.to_owned(),
            content: payload.into(),
            annotations: BTreeMap::from([(SIGNATURE.to_owned(), signature.to_owned())]),
        }
    }

    /// An attestation: a DSSE envelope and its predicate type. The empty signature annotation is cosign's.
    pub fn attestation(envelope: Vec<u8>, predicate_type: &str) -> Self {
        Self {
            media_type: media_type::DSSE.to_owned(),
            content: envelope.into(),
            annotations: BTreeMap::from([
                (SIGNATURE.to_owned(), String::new()),
                (PREDICATE_TYPE.to_owned(), predicate_type.to_owned()),
            ]),
        }
    }

    /// Any content, without annotations.
    pub fn plain(media_type: &str, content: Vec<u8>) -> Self {
        Self {
            media_type: media_type.to_owned(),
            content: content.into(),
            annotations: BTreeMap::new(),
        }
    }

    /// Adds an annotation when there is a value.
    pub fn with(mut self, annotation: &str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.annotations.insert(annotation.to_owned(), value);
        }
        self
    }

    /// The descriptor that the manifest will list.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor {
            annotations: self.annotations.clone(),
            ..Descriptor::of(self.media_type.clone(), &self.content)
        }
    }
}

/// A `.sig`, `.att` or `.sbom` manifest.
#[derive(Clone, Debug)]
pub struct SignatureManifest {
    document: Document,
    config: Option<Descriptor>,
}

impl SignatureManifest {
    /// One without layers.
    ///
    /// # Errors
    /// None in practice; see [`SignatureManifestError::Write`].
    pub fn empty(types: MediaTypes) -> Result<Self, SignatureManifestError> {
        Ok(Self {
            document: Document::new(List::Layers, types.manifest())?,
            config: None,
        })
    }

    /// Reads `bytes` served as `outer_type`. The number of layers is checked before anything is made of them.
    ///
    /// # Errors
    /// [`SignatureManifestError`]: not a manifest, or too many layers.
    pub fn parse(bytes: &[u8], outer_type: Option<&str>) -> Result<Self, SignatureManifestError> {
        let document = Document::parse(bytes, outer_type, List::Layers)?;
        if document.entries().len() > MAX_LAYERS {
            return Err(SignatureManifestError::TooManyLayers(document.entries().len()));
        }
        let config = document.get("config");
        Ok(Self { document, config })
    }

    /// The layers as they are listed.
    pub fn entries(&self) -> &[Entry] {
        self.document.entries()
    }

    /// The layers with their signature material; a layer over a limit is a [`LayerFault`] by itself.
    pub fn layers(&self) -> impl Iterator<Item = Result<SignatureLayer, LayerFault>> + '_ {
        let numbered = self.document.entries().iter().enumerate();
        numbered.map(|(position, entry)| SignatureLayer::read(position, entry.descriptor()))
    }

    /// The document.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The document, to be changed.
    pub(super) fn document_mut(&mut self) -> &mut Document {
        &mut self.document
    }

    /// Media type of the manifest.
    pub fn media_type(&self) -> String {
        self.document.media_type()
    }

    /// The configuration as this crate and cosign write it for the layers at hand, when it is the one that the
    /// manifest names: then it need not be fetched.
    pub(super) fn predicted_config(&self) -> Option<Vec<u8>> {
        let config = self.config.as_ref()?;
        let bytes = SignatureConfig::for_layers(self.digests(), None).ok()?.to_bytes();
        (Digest::sha256(&bytes) == config.digest).then_some(bytes)
    }

    /// What the manifest names as its configuration.
    pub(super) fn config(&self) -> Option<&Descriptor> {
        self.config.as_ref()
    }

    /// The layers' digests in order.
    pub(super) fn digests(&self) -> impl Iterator<Item = &Digest> {
        self.document.entries().iter().map(|entry| &entry.descriptor().digest)
    }

    /// The manifest over `config`, as bytes.
    pub(super) fn to_bytes(&self, config: &[u8]) -> Result<Vec<u8>, SignatureManifestError> {
        if self.document.entries().len() > MAX_LAYERS {
            return Err(SignatureManifestError::TooManyLayers(self.document.entries().len()));
        }
        let config_type = match &self.config {
            Some(config) => config.media_type.clone(),
            None if self.document.media_type() == DOCKER_MANIFEST => DOCKER_CONFIG.to_owned(),
            None => OCI_CONFIG.to_owned(),
        };
        let mut document = self.document.clone();
        document.set("config", &Descriptor::of(config_type, config))?;
        Ok(document.to_bytes())
    }
}

/// The configuration of a signature manifest: an image configuration whose `rootfs.diff_ids` are the layers.
#[derive(Debug)]
pub struct SignatureConfig {
    members: BTreeMap<String, Box<RawValue>>,
    history: Vec<Box<RawValue>>,
    diff_ids: Vec<String>,
}

/// The order in which go-containerregistry writes an image configuration.
const CONFIG_ORDER: [&str; 12] = [
    "architecture",
    "author",
    "container",
    "created",
    "docker_version",
    "history",
    "os",
    "rootfs",
    "config",
    "os.version",
    "variant",
    "os.features",
];

#[derive(Serialize, Deserialize)]
struct RootFs {
    #[serde(rename = "type")]
    kind: String,
    diff_ids: Vec<String>,
}

impl SignatureConfig {
    /// The configuration for new layers. `created` is RFC 3339, for `--record-creation-timestamp`.
    pub fn for_layers<'a>(
        layers: impl Iterator<Item = &'a Digest>,
        created: Option<&str>,
    ) -> Result<Self, serde_json::Error> {
        let mut members = BTreeMap::new();
        for (name, text) in [("architecture", r#""""#), ("os", r#""""#), ("config", "{}")] {
            members.insert(name.to_owned(), RawValue::from_string(text.to_owned())?);
        }
        let created = RawValue::from_string(go_json(created.unwrap_or(ZERO_TIME))?)?;
        members.insert("created".to_owned(), created);
        let mut config = Self {
            members,
            history: Vec::new(),
            diff_ids: Vec::new(),
        };
        config.relist(layers)?;
        Ok(config)
    }

    /// Reads an existing configuration; `None` when it is no image configuration (another tool's manifest).
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(bytes).ok()?;
        let rootfs: RootFs = serde_json::from_str(members.remove("rootfs")?.get()).ok()?;
        let history = match members.remove("history") {
            Some(raw) => serde_json::from_str(raw.get()).ok()?,
            None => Vec::new(),
        };
        Some(Self {
            members,
            history,
            diff_ids: rootfs.diff_ids,
        })
    }

    /// Makes it describe exactly `layers`, in order. The history of a list that only grew is kept.
    pub fn relist<'a>(&mut self, layers: impl Iterator<Item = &'a Digest>) -> Result<(), serde_json::Error> {
        let wanted: Vec<String> = layers.map(ToString::to_string).collect();
        let mut history = std::mem::take(&mut self.history);
        if !wanted.starts_with(&self.diff_ids) || history.len() != self.diff_ids.len() {
            history.clear();
        }
        while history.len() < wanted.len() {
            history.push(RawValue::from_string(format!(r#"{{"created":"{ZERO_TIME}"}}"#))?);
        }
        self.history = history;
        self.diff_ids = wanted;
        Ok(())
    }

    /// Sets the time of creation, RFC 3339.
    pub fn set_created(&mut self, created: &str) -> Result<(), serde_json::Error> {
        let raw = RawValue::from_string(go_json(created)?)?;
        self.members.insert("created".to_owned(), raw);
        Ok(())
    }

    /// The configuration as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut members = self.members.clone();
        let rootfs = RootFs {
            kind: "layers".to_owned(),
            diff_ids: self.diff_ids.clone(),
        };
        let history = self.history.iter().map(|raw| raw.get()).collect::<Vec<_>>().join(",");
        for (name, text) in [
            ("history", format!("[{history}]")),
            ("rootfs", go_json(&rootfs).unwrap_or_default()),
        ] {
            if let Ok(raw) = RawValue::from_string(text) {
                members.insert(name.to_owned(), raw);
            }
        }
        write_object(&CONFIG_ORDER, &members, None)
    }
}

/// For the fuzzers: any bytes as a signature manifest, read and written again.
pub fn fuzz_signature_manifest(data: &[u8]) {
    if let Ok(manifest) = SignatureManifest::parse(data, None) {
        let layers = manifest.layers().count();
        assert!(layers <= MAX_LAYERS);
        if let Ok(bytes) = manifest.to_bytes(b"{}") {
            let again = SignatureManifest::parse(&bytes, None).map(|m| m.entries().to_vec());
            assert!(again.is_ok_and(|entries| entries == manifest.entries()));
        }
    }
    if let Some(config) = SignatureConfig::parse(data) {
        assert!(SignatureConfig::parse(&config.to_bytes()).is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;

    fn vectors(folder: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(folder)
    }

    fn files(directory: &Path) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(directory).unwrap();
        entries.map(|e| std::fs::read(e.unwrap().path()).unwrap()).collect()
    }

    /// Every recorded signature manifest with its configuration, of all scenarios.
    fn recorded() -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        for folder in ["cosign/registry", "tlog/registry"] {
            for scenario in std::fs::read_dir(vectors(folder)).unwrap() {
                for repository in std::fs::read_dir(scenario.unwrap().path()).unwrap() {
                    let repository = repository.unwrap().path();
                    for bytes in files(&repository.join("manifests")) {
                        let text = String::from_utf8_lossy(&bytes);
                        if !text.contains(SIGNATURE) {
                            continue;
                        }
                        let manifest = SignatureManifest::parse(&bytes, None).unwrap();
                        let config = manifest.config().unwrap().digest.tag_prefix();
                        let config = std::fs::read(repository.join("blobs").join(config)).unwrap();
                        found.push((bytes, config));
                    }
                }
            }
        }
        assert!(
            found.len() > 20,
            "only {} signature manifests were recorded",
            found.len()
        );
        found
    }

    fn again(layer: &SignatureLayer) -> Entry {
        Entry::new(layer.payload.clone()).unwrap()
    }

    #[test]
    fn every_recorded_manifest_is_written_byte_for_byte_from_its_layers() {
        for (bytes, config) in recorded() {
            let read = SignatureManifest::parse(&bytes, None).unwrap();
            let types = match read.media_type().as_str() {
                DOCKER_MANIFEST => MediaTypes::Docker,
                _ => MediaTypes::Oci,
            };
            let created: serde_json::Value = serde_json::from_slice(&config).unwrap();
            let made_config = SignatureConfig::for_layers(read.digests(), created["created"].as_str())
                .unwrap()
                .to_bytes();
            assert_eq!(String::from_utf8_lossy(&made_config), String::from_utf8_lossy(&config));
            let mut made = SignatureManifest::empty(types).unwrap();
            for layer in read.layers() {
                made.document_mut().add([&again(&layer.unwrap())]);
            }
            let made = made.to_bytes(&made_config).unwrap();
            assert_eq!(String::from_utf8_lossy(&made), String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn appending_changes_nothing_of_what_was_there() {
        for (bytes, config) in recorded() {
            let mut manifest = SignatureManifest::parse(&bytes, None).unwrap();
            let before = manifest.entries().len();
            let added = NewLayer::signature(b"{}".to_vec(), "c2ln").with(BUNDLE, Some("{\"a\":\"<&>\"}".to_owned()));
            manifest.document_mut().add([&Entry::new(added.descriptor()).unwrap()]);
            let mut grown = SignatureConfig::parse(&config).unwrap();
            grown.relist(manifest.digests()).unwrap();
            let written = manifest.to_bytes(&grown.to_bytes()).unwrap();
            let old = String::from_utf8(bytes).unwrap();
            let (_, layers) = old.split_once(r#""layers":["#).unwrap();
            let layers = layers.strip_suffix("]}").unwrap();
            let new = String::from_utf8(written.clone()).unwrap();
            assert!(new.contains(layers), "{new}\nlost\n{layers}");
            assert!(new.contains(r"\u003c\u0026\u003e"));
            let reread = SignatureManifest::parse(&written, None).unwrap();
            assert_eq!(reread.entries().len(), before + 1);
            assert_eq!(reread.config().unwrap().digest, Digest::sha256(&grown.to_bytes()));
            assert_eq!(
                SignatureConfig::parse(&grown.to_bytes()).unwrap().diff_ids.len(),
                before + 1
            );
        }
    }

    #[test]
    fn the_usual_configuration_is_known_without_fetching_it() {
        let (mut known, mut other) = (0, 0);
        for (bytes, config) in recorded() {
            match SignatureManifest::parse(&bytes, None).unwrap().predicted_config() {
                Some(predicted) => {
                    assert_eq!(predicted, config);
                    known += 1;
                }
                None => other += 1,
            }
        }
        assert!(known > other && other >= 1, "{known} known, {other} not");
    }

    #[test]
    fn an_oversized_annotation_is_the_fault_of_its_layer_alone() {
        let mut manifest = SignatureManifest::empty(MediaTypes::Oci).unwrap();
        let bad = NewLayer::signature(b"a".to_vec(), &"A".repeat(MAX_SIGNATURE + 1));
        let good = NewLayer::signature(b"b".to_vec(), "c2ln");
        for layer in [&bad, &good] {
            manifest.document_mut().add([&Entry::new(layer.descriptor()).unwrap()]);
        }
        let layers: Vec<_> = manifest.layers().collect();
        assert_eq!(layers[0].as_ref().unwrap_err().annotation, SIGNATURE);
        assert_eq!(layers[1].as_ref().unwrap().signature.as_deref(), Some("c2ln"));
    }

    #[test]
    fn too_many_layers_are_refused_before_they_are_looked_at() {
        let layer = serde_json::to_string(&Descriptor::of("x/y", b"")).unwrap();
        let layers = vec![layer.as_str(); MAX_LAYERS + 1].join(",");
        let text = format!(r#"{{"schemaVersion":2,"config":{layer},"layers":[{layers}]}}"#);
        assert!(matches!(
            SignatureManifest::parse(text.as_bytes(), None),
            Err(SignatureManifestError::TooManyLayers(1001))
        ));
    }

    #[test]
    fn a_foreign_configuration_is_no_obstacle() {
        assert!(SignatureConfig::parse(b"{}").is_none());
        assert!(
            SignatureConfig::parse(br#"{"rootfs":{"type":"layers","diff_ids":[]},"x":[1, 2]}"#)
                .is_some_and(|c| { String::from_utf8(c.to_bytes()).unwrap().contains(r#""x":[1, 2]"#) })
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            fuzz_signature_manifest(&bytes);
        }
    }
}
