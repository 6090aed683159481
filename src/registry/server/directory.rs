//! The storage in a directory:
//!
//! ```text
//! content/sha256/<hex>                          blobs and manifests
//! repositories/<name>/_manifests/sha256-<hex>   the media type
//! repositories/<name>/_blobs/sha256-<hex>       empty
//! repositories/<name>/_tags/<tag>               the digest
//! temporary/                                    files being written; emptied at the start
//! ```

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::route::{self, Name};
use super::storage::{Repository, StoredManifest};
use crate::digest::Digest;

/// An opened directory.
pub(super) struct Directory {
    root: PathBuf,
    written: AtomicU64,
}

impl Directory {
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        let _ = fs::remove_dir_all(root.join("temporary"));
        for part in ["temporary", "content", "repositories"] {
            fs::create_dir_all(root.join(part))?;
        }
        Ok(Self {
            root,
            written: AtomicU64::new(0),
        })
    }

    /// A path for a file to be written and renamed.
    pub(super) fn temporary(&self, name: &str) -> PathBuf {
        self.root.join("temporary").join(name)
    }

    fn content_path(&self, digest: &Digest) -> PathBuf {
        self.root
            .join("content")
            .join(digest.algorithm().name())
            .join(digest.hex())
    }

    fn entry(&self, name: &Name, kind: &str, entry: &str) -> PathBuf {
        self.root
            .join("repositories")
            .join(name.as_str())
            .join(kind)
            .join(entry)
    }

    /// Writes a file so that it is there whole or not at all.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let temporary = self.temporary(&format!("write-{number}"));
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        rename(&temporary, path)
    }

    pub(super) fn put_manifest(&self, name: &Name, digest: &Digest, media_type: &str, bytes: &[u8]) -> io::Result<()> {
        let content = self.content_path(digest);
        if !content.exists() {
            self.write(&content, bytes)?;
        }
        self.write(
            &self.entry(name, "_manifests", &digest.tag_prefix()),
            media_type.as_bytes(),
        )
    }

    pub(super) fn put_tag(&self, name: &Name, tag: &str, digest: &Digest) -> io::Result<()> {
        self.write(&self.entry(name, "_tags", tag), digest.to_string().as_bytes())
    }

    pub(super) fn delete_tag(&self, name: &Name, tag: &str) -> io::Result<()> {
        delete(&self.entry(name, "_tags", tag))
    }

    pub(super) fn delete_manifest(&self, name: &Name, digest: &Digest) -> io::Result<()> {
        delete(&self.entry(name, "_manifests", &digest.tag_prefix()))
    }

    pub(super) fn link_blob(&self, name: &Name, digest: &Digest) -> io::Result<()> {
        self.write(&self.entry(name, "_blobs", &digest.tag_prefix()), &[])
    }

    pub(super) fn unlink_blob(&self, name: &Name, digest: &Digest) -> io::Result<()> {
        delete(&self.entry(name, "_blobs", &digest.tag_prefix()))
    }

    /// Takes a complete file over as content.
    pub(super) fn take_content(&self, file: &Path, digest: &Digest) -> io::Result<()> {
        rename(file, &self.content_path(digest))
    }

    pub(super) fn delete_content(&self, digest: &Digest) -> io::Result<()> {
        delete(&self.content_path(digest))
    }

    pub(super) fn content(&self, digest: &Digest) -> io::Result<(File, u64)> {
        let file = File::open(self.content_path(digest))?;
        let length = file.metadata()?.len();
        Ok((file, length))
    }

    /// Reads what is there. An entry whose content is missing or has another digest is left out.
    pub(super) fn load(&self) -> io::Result<BTreeMap<Name, Repository>> {
        let mut repositories = BTreeMap::new();
        self.load_below(&self.root.join("repositories"), "", &mut repositories)?;
        Ok(repositories)
    }

    fn load_below(&self, path: &Path, name: &str, repositories: &mut BTreeMap<Name, Repository>) -> io::Result<()> {
        if let Some(name) = Name::parse(name) {
            let repository = self.load_repository(path)?;
            if !repository.manifests.is_empty() || !repository.blobs.is_empty() {
                repositories.insert(name, repository);
            }
        }
        for entry in entries(path)?.into_iter().filter(|entry| !entry.starts_with('_')) {
            let below = if name.is_empty() {
                entry.clone()
            } else {
                format!("{name}/{entry}")
            };
            if Name::parse(&below).is_some() {
                self.load_below(&path.join(&entry), &below, repositories)?;
            }
        }
        Ok(())
    }

    fn load_repository(&self, path: &Path) -> io::Result<Repository> {
        let mut repository = Repository::default();
        let now = Instant::now();
        for entry in entries(&path.join("_manifests"))? {
            let Some(digest) = from_file_name(&entry) else { continue };
            let Ok(bytes) = fs::read(self.content_path(&digest)) else {
                continue;
            };
            if digest.check(&bytes).is_ok() {
                let media_type = fs::read_to_string(path.join("_manifests").join(&entry))?;
                repository.manifests.insert(
                    digest,
                    StoredManifest {
                        media_type,
                        bytes: bytes.into(),
                        since: now,
                    },
                );
            }
        }
        for entry in entries(&path.join("_blobs"))? {
            let digest = from_file_name(&entry).filter(|digest| self.content_path(digest).is_file());
            repository.blobs.extend(digest);
        }
        for tag in entries(&path.join("_tags"))?
            .into_iter()
            .filter(|tag| route::is_tag(tag))
        {
            let digest = fs::read_to_string(path.join("_tags").join(&tag))?.parse::<Digest>();
            if let Some(digest) = digest.ok().filter(|digest| repository.manifests.contains_key(digest)) {
                repository.tags.insert(tag, vec![(now, digest)]);
            }
        }
        Ok(repository)
    }
}

/// `sha256-<hex>`
fn from_file_name(name: &str) -> Option<Digest> {
    name.replacen('-', ":", 1).parse().ok()
}

/// The names in a directory; none when it isn't there.
fn entries(path: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(path) {
        Ok(entries) => entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::rename(from, to)
}

/// Deletes a file that may be gone already.
fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
