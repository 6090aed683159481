//! What the registry holds, in memory or in a directory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::Instant;

use bytes::Bytes;

use super::directory::Directory;
use super::route::{Name, Target};
use super::upload::{Received, Upload};
use crate::digest::Digest;

/// Uploads under way at once; each can hold memory or a file.
const MAX_UPLOADS: usize = 1024;
/// Former values kept of a tag, for stale answers.
const MAX_HISTORY: usize = 64;

/// Where the registry keeps what it holds, and an index of it.
pub struct Storage {
    directory: Option<Directory>,
    /// Content of the blobs, when there is no directory.
    contents: HashMap<Digest, Bytes>,
    repositories: BTreeMap<Name, Repository>,
    uploads: BTreeMap<String, Upload>,
}

/// A directory can't be used for storage.
#[derive(Debug, thiserror::Error)]
#[error("can't keep the registry in {}: {source}", directory.display())]
pub struct StorageError {
    directory: PathBuf,
    source: io::Error,
}

/// One repository.
#[derive(Default)]
pub(super) struct Repository {
    pub(super) manifests: BTreeMap<Digest, StoredManifest>,
    /// The values of each tag and since when, the newest last; never empty.
    pub(super) tags: BTreeMap<String, Vec<(Instant, Digest)>>,
    pub(super) blobs: BTreeSet<Digest>,
}

/// A manifest.
#[derive(Clone)]
pub(super) struct StoredManifest {
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
    /// Since when it is there.
    pub(super) since: Instant,
}

/// The content of a blob.
pub(super) enum Content {
    Memory(Bytes),
    File(File, u64),
}

impl Storage {
    /// In memory: gone when the registry ends.
    pub fn memory() -> Self {
        Self::new(None, BTreeMap::new())
    }

    /// In a directory, which is made if need be. What a former registry kept there is served. Files are written to a
    /// temporary name and renamed, content before what refers to it, so that a crash leaves nothing broken.
    ///
    /// # Errors
    /// The directory can't be made or read.
    pub fn directory(directory: impl Into<PathBuf>) -> Result<Self, StorageError> {
        let directory = directory.into();
        let opened = Directory::open(directory.clone()).and_then(|d| d.load().map(|repositories| (d, repositories)));
        let (opened, repositories) = opened.map_err(|source| StorageError { directory, source })?;
        Ok(Self::new(Some(opened), repositories))
    }

    fn new(directory: Option<Directory>, repositories: BTreeMap<Name, Repository>) -> Self {
        Self {
            directory,
            contents: HashMap::new(),
            repositories,
            uploads: BTreeMap::new(),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.repositories
            .iter()
            .filter(|(_, r)| !r.manifests.is_empty())
            .map(|(name, _)| name.as_str())
    }

    pub(super) fn repository(&self, name: &Name) -> Option<&Repository> {
        self.repositories.get(name)
    }

    /// The manifest that `target` names, by a tag as of `visible`.
    pub(super) fn manifest(
        &self,
        name: &Name,
        target: &Target,
        visible: Option<Instant>,
    ) -> Option<(&Digest, &StoredManifest)> {
        let repository = self.repositories.get(name)?;
        let digest = match target {
            Target::Digest(digest) => digest,
            Target::Tag(tag) => repository.tag(tag, visible)?,
        };
        repository.manifests.get_key_value(digest)
    }

    pub(super) fn put_manifest(
        &mut self,
        name: &Name,
        target: &Target,
        digest: &Digest,
        media_type: &str,
        bytes: Bytes,
    ) -> io::Result<()> {
        if let Some(directory) = &self.directory {
            directory.put_manifest(name, digest, media_type, &bytes)?;
            if let Target::Tag(tag) = target {
                directory.put_tag(name, tag, digest)?;
            }
        }
        let now = Instant::now();
        let repository = self.repositories.entry(name.clone()).or_default();
        let manifest = StoredManifest {
            media_type: media_type.to_owned(),
            bytes,
            since: now,
        };
        repository.manifests.entry(digest.clone()).or_insert(manifest);
        if let Target::Tag(tag) = target {
            let history = repository.tags.entry(tag.clone()).or_default();
            history.push((now, digest.clone()));
            let surplus = history.len().saturating_sub(MAX_HISTORY);
            history.drain(..surplus);
        }
        Ok(())
    }

    /// Deletes a tag, or a manifest with all its tags; `false` when it is not there.
    pub(super) fn delete_manifest(&mut self, name: &Name, target: &Target) -> io::Result<bool> {
        let Some(repository) = self.repositories.get_mut(name) else {
            return Ok(false);
        };
        let tags: Vec<String> = match target {
            Target::Tag(tag) => repository
                .tags
                .contains_key(tag)
                .then(|| tag.clone())
                .into_iter()
                .collect(),
            Target::Digest(digest) => {
                let of_digest = repository
                    .tags
                    .keys()
                    .filter(|tag| repository.tag(tag, None) == Some(digest));
                of_digest.cloned().collect()
            }
        };
        let found = match target {
            Target::Tag(_) => !tags.is_empty(),
            Target::Digest(digest) => repository.manifests.contains_key(digest),
        };
        for tag in tags {
            if let Some(directory) = &self.directory {
                directory.delete_tag(name, &tag)?;
            }
            repository.tags.remove(&tag);
        }
        if let Target::Digest(digest) = target
            && found
        {
            if let Some(directory) = &self.directory {
                directory.delete_manifest(name, digest)?;
            }
            repository.manifests.remove(digest);
            self.collect(digest)?;
        }
        Ok(found)
    }

    pub(super) fn has_blob(&self, name: &Name, digest: &Digest) -> bool {
        self.repositories.get(name).is_some_and(|r| r.blobs.contains(digest))
    }

    pub(super) fn blob(&self, name: &Name, digest: &Digest) -> io::Result<Option<Content>> {
        if !self.has_blob(name, digest) {
            return Ok(None);
        }
        match &self.directory {
            None => Ok(self.contents.get(digest).cloned().map(Content::Memory)),
            Some(directory) => directory
                .content(digest)
                .map(|(file, length)| Some(Content::File(file, length))),
        }
    }

    /// Makes a blob of another repository one of `name` too; `false` when it isn't there.
    pub(super) fn mount(&mut self, name: &Name, digest: &Digest, from: &Name) -> io::Result<bool> {
        if !self.has_blob(from, digest) {
            return Ok(false);
        }
        self.link(name, digest)?;
        Ok(true)
    }

    fn link(&mut self, name: &Name, digest: &Digest) -> io::Result<()> {
        if let Some(directory) = &self.directory {
            directory.link_blob(name, digest)?;
        }
        self.repositories
            .entry(name.clone())
            .or_default()
            .blobs
            .insert(digest.clone());
        Ok(())
    }

    pub(super) fn delete_blob(&mut self, name: &Name, digest: &Digest) -> io::Result<bool> {
        let Some(repository) = self.repositories.get_mut(name) else {
            return Ok(false);
        };
        if !repository.blobs.contains(digest) {
            return Ok(false);
        }
        if let Some(directory) = &self.directory {
            directory.unlink_blob(name, digest)?;
        }
        repository.blobs.remove(digest);
        self.collect(digest)?;
        Ok(true)
    }

    /// Drops content that no repository has any more.
    fn collect(&mut self, digest: &Digest) -> io::Result<()> {
        let used = |r: &Repository| r.blobs.contains(digest) || r.manifests.contains_key(digest);
        if self.repositories.values().any(used) {
            return Ok(());
        }
        self.contents.remove(digest);
        self.directory
            .as_ref()
            .map_or(Ok(()), |directory| directory.delete_content(digest))
    }

    /// Begins an upload; `None` when there are too many.
    pub(super) fn start_upload(&mut self, name: &Name) -> io::Result<Option<Upload>> {
        if self.uploads.len() >= MAX_UPLOADS {
            return Ok(None);
        }
        Upload::new(name, self.directory.as_ref()).map(Some)
    }

    /// Takes an upload to add to it; nobody else can meanwhile.
    pub(super) fn take_upload(&mut self, name: &Name, id: &str) -> Option<Upload> {
        if self.uploads.get(id)?.name() != name {
            return None;
        }
        self.uploads.remove(id)
    }

    /// How many bytes an upload has.
    pub(super) fn upload_length(&self, name: &Name, id: &str) -> Option<u64> {
        self.uploads
            .get(id)
            .filter(|upload| upload.name() == name)
            .map(Upload::length)
    }

    pub(super) fn keep_upload(&mut self, upload: Upload) {
        self.uploads.insert(upload.id().to_owned(), upload);
    }

    /// Makes a finished upload, whose digest was checked, a blob.
    pub(super) fn finish_upload(&mut self, upload: Upload, digest: &Digest) -> io::Result<()> {
        let name = upload.name().clone();
        match (upload.into_received(), &self.directory) {
            (Received::Memory(bytes), _) => {
                self.contents.entry(digest.clone()).or_insert_with(|| bytes.into());
            }
            (Received::File(path), Some(directory)) => directory.take_content(path.path(), digest)?,
            (Received::File(_), None) => return Err(io::Error::other("an upload to a file without a directory")),
        }
        self.link(&name, digest)
    }
}

impl Repository {
    /// The digest of a tag as of `visible`.
    pub(super) fn tag(&self, tag: &str, visible: Option<Instant>) -> Option<&Digest> {
        let history = self.tags.get(tag)?;
        history
            .iter()
            .rev()
            .find(|(since, _)| visible.is_none_or(|v| *since <= v))
            .map(|(_, digest)| digest)
    }
}
