//! The recorded runs of the real cosigns: tests/vectors/README.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A recorded command.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    pub name: String,
    /// The version of cosign that ran.
    pub cosign: String,
    /// From `cosign` on.
    pub argv: Vec<String>,
    pub env: BTreeMap<String, String>,
    pub stdin: Option<String>,
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A file or directory under tests/vectors/.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(relative)
}

pub fn read(relative: &str) -> Vec<u8> {
    std::fs::read(path(relative)).unwrap_or_else(|e| panic!("{relative}: {e}"))
}

pub fn text(relative: &str) -> String {
    String::from_utf8(read(relative)).unwrap()
}

/// The commands recorded in `folder` (`cosign` or `tlog`), in their order.
pub fn scenarios(folder: &str) -> Vec<Scenario> {
    serde_json::from_slice(&read(&format!("{folder}/cli.json"))).unwrap()
}

/// A repository of a recorded registry.
pub struct Dump {
    /// `acme/plain`.
    pub repository: String,
    /// Tag → digest.
    pub tags: BTreeMap<String, String>,
    /// Digest → (media type, bytes).
    pub manifests: BTreeMap<String, (String, Vec<u8>)>,
    /// Digest → bytes.
    pub blobs: BTreeMap<String, Vec<u8>>,
}

/// All repositories that were in the registry of `scenario` (`plain`, `bundle-v3`, …) of `folder`.
pub fn dumps(folder: &str, scenario: &str) -> Vec<Dump> {
    let root = path(&format!("{folder}/registry/{scenario}"));
    let mut dumps: Vec<Dump> = std::fs::read_dir(&root)
        .unwrap_or_else(|e| panic!("{}: {e}", root.display()))
        .map(|entry| dump(&entry.unwrap().path()))
        .collect();
    dumps.sort_by(|a, b| a.repository.cmp(&b.repository));
    dumps
}

/// The names of the recorded registries of `folder`.
pub fn registries(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(path(&format!("{folder}/registry")))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn dump(directory: &Path) -> Dump {
    #[derive(Deserialize)]
    struct Tag {
        digest: String,
        #[serde(rename = "mediaType")]
        media_type: String,
    }
    let mut entries: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&std::fs::read(directory.join("tags.json")).unwrap()).unwrap();
    let mut types: BTreeMap<String, String> = entries
        .remove("@types")
        .map(|v| serde_json::from_value(v).unwrap())
        .unwrap_or_default();
    let mut tags = BTreeMap::new();
    for (name, value) in entries {
        let tag: Tag = serde_json::from_value(value).unwrap();
        types.insert(tag.digest.clone(), tag.media_type);
        tags.insert(name, tag.digest);
    }
    let manifests = files(&directory.join("manifests"))
        .into_iter()
        .map(|(digest, bytes)| {
            let media_type = types.get(&digest).cloned().unwrap_or_else(|| {
                let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                document["mediaType"]
                    .as_str()
                    .unwrap_or("application/vnd.oci.image.manifest.v1+json")
                    .to_owned()
            });
            (digest, (media_type, bytes))
        })
        .collect();
    let name = directory.file_name().unwrap().to_str().unwrap();
    Dump {
        repository: name.replace("__", "/"),
        tags,
        manifests,
        blobs: files(&directory.join("blobs")),
    }
}

/// Digest → content of a directory of files named `sha256-<hex>`.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().replacen('-', ":", 1);
            (name, std::fs::read(&path).unwrap())
        })
        .collect()
}

/// Loads a dump through the registry's API at `address` (`127.0.0.1:5000`): blobs, manifests, tags.
pub fn push(address: &str, dump: &Dump) {
    for (digest, bytes) in &dump.blobs {
        super::wire::push_blob(address, &dump.repository, digest, bytes);
    }
    // A manifest may name another of the same repository, which has to be there first: repeated until all are taken.
    let mut left: Vec<_> = dump.manifests.iter().collect();
    while !left.is_empty() {
        let before = left.len();
        left.retain(|(digest, (media_type, bytes))| {
            let path = format!("/v2/{}/manifests/{digest}", dump.repository);
            super::wire::request(address, "PUT", &path, &[("Content-Type", media_type)], bytes).status != 201
        });
        assert!(
            left.len() < before,
            "{}: manifests refused: {:?}",
            dump.repository,
            left.iter().map(|m| m.0).collect::<Vec<_>>()
        );
    }
    for (tag, digest) in &dump.tags {
        let (media_type, bytes) = &dump.manifests[digest];
        super::wire::push_manifest(address, &dump.repository, tag, media_type, bytes);
    }
}

/// Loads every recorded registry of `folder` into the one at `address`.
pub fn push_all(address: &str, folder: &str) {
    for scenario in registries(folder) {
        for dump in dumps(folder, &scenario) {
            push(address, &dump);
        }
    }
}
