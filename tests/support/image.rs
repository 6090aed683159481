//! Small images to sign.

use serde_json::json;

/// An image that was pushed.
pub struct Image {
    /// `127.0.0.1:5000`.
    pub address: String,
    /// `acme/app`.
    pub repository: String,
    pub tag: String,
    /// `sha256:…` of the manifest or index.
    pub digest: String,
}

impl Image {
    /// `127.0.0.1:5000/acme/app:1.0`.
    pub fn by_tag(&self) -> String {
        format!("{}/{}:{}", self.address, self.repository, self.tag)
    }

    /// `127.0.0.1:5000/acme/app@sha256:…`.
    pub fn by_digest(&self) -> String {
        format!("{}/{}@{}", self.address, self.repository, self.digest)
    }

    /// The tag of an attached object: `sha256-<hex>` and a suffix (`.sig`, `.att`, or nothing).
    pub fn attached_tag(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.digest.replacen(':', "-", 1))
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    countersign::digest::Digest::sha256(bytes).to_string()
}

/// Random bytes, so that two images never share a digest.
fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// The manifest of a random image of one layer, with its config and layer pushed.
fn pushed_manifest(address: &str, repository: &str) -> Vec<u8> {
    let layer = random(300);
    let config = serde_json::to_vec(&json!({
        "architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [sha256(&layer)]},
    }))
    .unwrap();
    for blob in [&layer, &config] {
        super::wire::push_blob(address, repository, &sha256(blob), blob);
    }
    serde_json::to_vec(&json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": config.len(), "digest": sha256(&config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": layer.len(), "digest": sha256(&layer)}],
    }))
    .unwrap()
}

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Pushes a random image of one layer to the plain-HTTP registry at `address`.
pub fn push(address: &str, repository: &str, tag: &str) -> Image {
    let manifest = pushed_manifest(address, repository);
    super::wire::push_manifest(address, repository, tag, OCI_MANIFEST, &manifest);
    Image {
        address: address.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
        digest: sha256(&manifest),
    }
}

/// Pushes `count` random images under the tags `v0`, `v1`, ….
pub fn push_several(address: &str, repository: &str, count: usize) -> Vec<Image> {
    (0..count)
        .map(|n| push(address, repository, &format!("v{n}")))
        .collect()
}

/// Pushes an index of `platforms` random images; returns it and its children's digests.
pub fn push_index(address: &str, repository: &str, tag: &str, platforms: &[&str]) -> (Image, Vec<String>) {
    let mut children = Vec::new();
    let mut entries = Vec::new();
    for platform in platforms {
        let (os, architecture) = platform.split_once('/').unwrap();
        let manifest = pushed_manifest(address, repository);
        let digest = sha256(&manifest);
        super::wire::push_manifest(address, repository, &digest, OCI_MANIFEST, &manifest);
        entries.push(json!({
            "mediaType": OCI_MANIFEST, "size": manifest.len(), "digest": digest,
            "platform": {"os": os, "architecture": architecture},
        }));
        children.push(digest);
    }
    let index = serde_json::to_vec(&json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})).unwrap();
    super::wire::push_manifest(address, repository, tag, OCI_INDEX, &index);
    let image = Image {
        address: address.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
        digest: sha256(&index),
    };
    (image, children)
}
