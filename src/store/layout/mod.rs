//! Images in a directory: OCI image layouts (OCI image-spec v1.1, "Image Layout"), also those that `cosign save` writes.
//!
//! A layout is used like a repository: a tag is the annotation `org.opencontainers.image.ref.name` of an entry of
//! `index.json`. `cosign save` has no tags; it marks entries by `kind` instead, which is read as the tag that the same
//! content has in a registry, and written beside it, so that cosign finds what this crate puts there.
//!
//! Content is written to a temporary name, flushed and renamed, and `index.json` last: whatever ends a writer, the
//! layout is the old or the new one. Writers of one layout wait for each other on a file lock.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::entries::{Document, Entry, List};
use crate::digest::Digest;
use crate::oci::media_type::{self, OCI_INDEX};
use crate::oci::{self, Descriptor, MAX_MANIFEST};
use crate::reference::{Tag, Target};

mod error;
mod names;
mod referrers;
mod staged;

pub use error::LayoutError;
use names::{
    KIND, KIND_IMAGE, KIND_INDEX, has_tag, is_attached, is_marked_image, kind_of_tag, marked_image, name_of,
    tag_of_kind,
};
pub use names::{REF_NAME, fuzz_layout_index};
pub(super) use referrers::{media_type_of, referrer_descriptor, subject_in};
pub(super) use staged::Staged;

/// The file that says what the directory is, and what go-containerregistry writes into it.
const MARKER: &str = "oci-layout";
const MARKER_CONTENT: &str = "{\n    \"imageLayoutVersion\": \"1.0.0\"\n}";
const INDEX: &str = "index.json";
/// What a layout says about one manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The document.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: String,
    /// Its digest, which was checked.
    pub digest: Digest,
}

/// What must hold for a tag to be changed; checked under the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Any,
    /// The tag does not exist.
    Absent,
    /// The tag names this manifest.
    Is {
        /// The manifest.
        digest: Digest,
        /// The registry's `ETag` of it.
        etag: Option<String>,
    },
}

/// An OCI layout in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    directory: PathBuf,
    /// The name of `index.json`, or of the file that will replace it.
    index: String,
}

/// A layout's new content, which replaces the old one when it is complete; see [`Layout::replacement`].
#[derive(Debug)]
pub struct Replacement {
    layout: Layout,
    committed: bool,
}

impl Replacement {
    /// The new content, as a layout of its own.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Puts the new content in the place of the old one.
    ///
    /// # Errors
    /// [`LayoutError::File`]; then the old one is still there.
    pub fn commit(mut self) -> Result<(), LayoutError> {
        let bytes = self.layout.index()?.to_bytes();
        let _lock = self.layout.lock()?;
        Staged::write(&self.layout.directory.join(INDEX), &bytes)?;
        self.committed = true;
        let _ = fs::remove_file(self.layout.index_path());
        Ok(())
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.committed {
            let _ = fs::remove_file(self.layout.index_path());
        }
    }
}

impl Layout {
    /// Opens an existing layout.
    ///
    /// # Errors
    /// [`LayoutError::NotALayout`] when `oci-layout` or `index.json` is missing or of another version.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, LayoutError> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Marker {
            image_layout_version: String,
        }
        let layout = Self {
            directory: directory.into(),
            index: INDEX.to_owned(),
        };
        let bad = |reason: String| LayoutError::NotALayout {
            directory: layout.directory.clone(),
            reason,
        };
        let marker = match read_file(&layout.directory.join(MARKER), 4096) {
            Ok(Some(marker)) => marker,
            Ok(None) => return Err(bad(format!("it has no file {MARKER}"))),
            Err(error) => return Err(error),
        };
        let marker: Marker = serde_json::from_slice(&marker).map_err(|e| bad(format!("{MARKER}: {e}")))?;
        if !marker.image_layout_version.starts_with("1.") {
            return Err(bad(format!(
                "its version is {:?}, and 1.0.0 is what is read",
                marker.image_layout_version.chars().take(20).collect::<String>()
            )));
        }
        layout.index()?;
        Ok(layout)
    }

    /// Opens a layout, or makes an empty one in `directory`, which is created when it is missing.
    ///
    /// # Errors
    /// As [`Layout::open`], and [`LayoutError::File`] when nothing can be written there.
    pub fn create(directory: impl Into<PathBuf>) -> Result<Self, LayoutError> {
        let layout = Self {
            directory: directory.into(),
            index: INDEX.to_owned(),
        };
        let blobs = layout.directory.join("blobs").join("sha256");
        fs::create_dir_all(&blobs).map_err(|source| LayoutError::File { path: blobs, source })?;
        let marker = layout.directory.join(MARKER);
        if !exists(&marker)? {
            Staged::write(&marker, MARKER_CONTENT.as_bytes())?;
        }
        let index = layout.directory.join(INDEX);
        if !exists(&index)? {
            let _lock = layout.lock()?;
            if !exists(&index)? {
                layout.write_index(&Document::new(List::Manifests, OCI_INDEX).map_err(|e| layout.json(e))?)?;
            }
        }
        Self::open(layout.directory)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What `index.json` lists.
    ///
    /// # Errors
    /// [`LayoutError`] when it cannot be read.
    pub fn entries(&self) -> Result<Vec<Descriptor>, LayoutError> {
        let entries = self.index()?;
        Ok(entries.entries().iter().map(|e| e.descriptor().clone()).collect())
    }

    /// The image that the layout is about: the one that `cosign save` marked, or else its only one.
    ///
    /// # Errors
    /// [`LayoutError::SeveralImages`] or [`LayoutError::NoImage`], which list what there is.
    pub fn image(&self) -> Result<Descriptor, LayoutError> {
        let entries = self.entries()?;
        if let Some(marked) = entries.iter().find(|d| is_marked_image(d)) {
            return Ok(marked.clone());
        }
        let mut images: Vec<&Descriptor> = Vec::new();
        for entry in entries.iter().filter(|d| !is_attached(d)) {
            if images.iter().all(|i| i.digest != entry.digest) && self.subject_of(entry)?.is_none() {
                images.push(entry);
            }
        }
        match images.as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(LayoutError::NoImage {
                directory: self.directory.clone(),
                found: entries.iter().map(name_of).collect(),
            }),
            several => Err(LayoutError::SeveralImages {
                directory: self.directory.clone(),
                found: several.iter().map(|d| name_of(d)).collect(),
            }),
        }
    }

    /// The digest that `target` names, or `None` when the layout has no such thing.
    ///
    /// # Errors
    /// [`LayoutError`] when `index.json` cannot be read.
    pub fn resolve(&self, target: &Target) -> Result<Option<Digest>, LayoutError> {
        match target {
            Target::Digest(digest) => Ok(exists(&self.blob_path(digest))?.then(|| digest.clone())),
            Target::Tag(tag) => {
                let entries = self.entries()?;
                let image = marked_image(&entries);
                let named = entries.iter().find(|d| has_tag(d, tag, image));
                Ok(named.map(|d| d.digest.clone()))
            }
        }
    }

    /// A manifest, or `None` when the layout does not have it.
    ///
    /// # Errors
    /// [`LayoutError`]: unreadable, corrupt, too large or no manifest.
    pub fn manifest(&self, target: &Target) -> Result<Option<Found>, LayoutError> {
        let Some(digest) = self.resolve(target)? else {
            return Ok(None);
        };
        let Some(bytes) = self.read_blob(&digest, MAX_MANIFEST as u64)? else {
            return Ok(None);
        };
        let listed = self.entries()?.into_iter().find(|d| d.digest == digest);
        let listed = listed.map(|d| d.media_type);
        let parsed = oci::parse(&bytes, listed.as_deref()).map_err(|source| LayoutError::Document {
            path: self.blob_path(&digest),
            source,
        })?;
        let media_type = media_type_of(&parsed).or(listed).unwrap_or_default();
        Ok(Some(Found {
            bytes,
            media_type,
            digest,
        }))
    }

    /// A blob of at most `limit` bytes, checked against its digest; `None` when it is not there.
    ///
    /// # Errors
    /// [`LayoutError`]: unreadable, corrupt or too large.
    pub fn read_blob(&self, digest: &Digest, limit: u64) -> Result<Option<Vec<u8>>, LayoutError> {
        let path = self.blob_path(digest);
        let Some(bytes) = read_file(&path, limit)? else {
            return Ok(None);
        };
        match digest.check(&bytes) {
            Ok(()) => Ok(Some(bytes)),
            Err(source) => Err(LayoutError::Corrupt { path, source }),
        }
    }

    /// Whether a blob is there; its content is not checked.
    ///
    /// # Errors
    /// [`LayoutError`] when the system can't say.
    pub fn has_blob(&self, digest: &Digest) -> Result<bool, LayoutError> {
        exists(&self.blob_path(digest))
    }

    /// Where a blob lies. The name is made of hexadecimal digits only.
    pub fn blob_path(&self, digest: &Digest) -> PathBuf {
        let directory = self.directory.join("blobs").join(digest.algorithm().name());
        directory.join(digest.hex())
    }

    /// Writes a blob and returns its digest.
    ///
    /// # Errors
    /// [`LayoutError::File`].
    pub fn put_blob(&self, bytes: &[u8]) -> Result<Digest, LayoutError> {
        let digest = Digest::sha256(bytes);
        let path = self.blob_path(&digest);
        self.check_plain()?;
        if read_file(&path, bytes.len() as u64)
            .ok()
            .flatten()
            .is_some_and(|found| found == bytes)
        {
            return Ok(digest);
        }
        Staged::write(&path, bytes)?;
        Ok(digest)
    }

    /// A file in which a large blob can be collected; [`Layout::keep_blob`] gives it its name.
    pub(super) fn stage_blob(&self, digest: &Digest) -> Result<Staged, LayoutError> {
        self.check_plain()?;
        Staged::new(&self.blob_path(digest))
    }

    /// Writes a manifest and lists it under `target`, when `expected` holds; says whether it did.
    ///
    /// By digest, a manifest with a subject is listed without a name (as oras does), any other is only stored.
    ///
    /// # Errors
    /// [`LayoutError`]: no manifest, or nothing can be written.
    pub fn put_manifest(
        &self,
        target: &Target,
        media_type: &str,
        bytes: &[u8],
        expected: &Expected,
    ) -> Result<bool, LayoutError> {
        let parsed = oci::parse(bytes, Some(media_type)).map_err(|source| LayoutError::Document {
            path: self.directory.join(INDEX),
            source,
        })?;
        let digest = self.put_blob(bytes)?;
        let mut descriptor = Descriptor::of(media_type, bytes);
        match target {
            Target::Digest(_) => {
                let Some(listed) = referrer_descriptor(&parsed, media_type, bytes) else {
                    return Ok(true);
                };
                self.change(|entries, _| {
                    let known = entries.entries().iter().any(|e| e.descriptor().digest == digest);
                    Ok(if known { Change::Nothing } else { Change::Add(listed) })
                })
            }
            Target::Tag(tag) => self.change(|entries, image| {
                let listed: Vec<&Descriptor> = entries.entries().iter().map(Entry::descriptor).collect();
                let current = listed.iter().find(|d| has_tag(d, tag, image));
                let holds = match expected {
                    Expected::Any => true,
                    Expected::Absent => current.is_none(),
                    Expected::Is { digest, .. } => current.is_some_and(|d| d.digest == *digest),
                };
                if !holds {
                    return Ok(Change::Refuse);
                }
                descriptor.annotations = current.map(|d| d.annotations.clone()).unwrap_or_default();
                descriptor
                    .annotations
                    .insert(REF_NAME.to_owned(), tag.as_str().to_owned());
                if let Some(kind) = image.and_then(|image| kind_of_tag(tag, image)) {
                    descriptor.annotations.insert(KIND.to_owned(), kind.to_owned());
                }
                Ok(Change::Replace(tag.clone(), descriptor.clone()))
            }),
        }
    }

    /// A layout over the same blobs with an `index.json` of its own, empty at first.
    ///
    /// # Errors
    /// [`LayoutError::File`] when it cannot be written.
    pub fn replacement(&self) -> Result<Replacement, LayoutError> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|e| LayoutError::File {
            path: self.directory.clone(),
            source: io::Error::other(e),
        })?;
        let layout = Self {
            directory: self.directory.clone(),
            index: format!(".{INDEX}.{}", crate::digest::hex(&random)),
        };
        layout.write_index(&Document::new(List::Manifests, OCI_INDEX).map_err(|e| self.json(e))?)?;
        Ok(Replacement {
            layout,
            committed: false,
        })
    }

    /// Makes `image` the one that the layout is about, as `cosign save` marks it, and forgets what was listed before.
    ///
    /// # Errors
    /// [`LayoutError`] when nothing can be written.
    pub fn reset(&self, image: &Descriptor, tag: Option<&Tag>) -> Result<(), LayoutError> {
        let kind = if media_type::is_index(&image.media_type) {
            KIND_INDEX
        } else {
            KIND_IMAGE
        };
        let mut annotations = BTreeMap::from([(KIND.to_owned(), kind.to_owned())]);
        if let Some(tag) = tag {
            annotations.insert(REF_NAME.to_owned(), tag.as_str().to_owned());
        }
        let entry = Entry::new(Descriptor {
            annotations,
            platform: None,
            ..image.clone()
        });
        let _lock = self.lock()?;
        let mut document = Document::new(List::Manifests, OCI_INDEX).map_err(|e| self.json(e))?;
        document.add([&entry.map_err(|e| self.json(e))?]);
        self.write_index(&document)
    }

    /// Removes what `target` names from `index.json`, and its manifest when nothing else lists it; says whether
    /// there was anything.
    ///
    /// # Errors
    /// [`LayoutError`] when nothing can be written.
    pub fn delete(&self, target: &Target) -> Result<bool, LayoutError> {
        let Some(digest) = self.resolve(target)? else {
            return Ok(false);
        };
        let _lock = self.lock()?;
        let mut document = self.index()?;
        let listed: Vec<Descriptor> = document.entries().iter().map(|e| e.descriptor().clone()).collect();
        let image = marked_image(&listed);
        document.retain(|entry| match target {
            Target::Digest(digest) => entry.descriptor().digest != *digest,
            Target::Tag(tag) => !has_tag(entry.descriptor(), tag, image),
        });
        self.write_index(&document)?;
        if document.entries().iter().all(|e| e.descriptor().digest != digest) {
            let path = self.blob_path(&digest);
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(LayoutError::File { path, source });
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// The tags of the layout, also those that `kind` stands for.
    ///
    /// # Errors
    /// [`LayoutError`] when `index.json` cannot be read.
    pub fn tags(&self) -> Result<Vec<Tag>, LayoutError> {
        let entries = self.entries()?;
        let image = marked_image(&entries);
        let mut tags: Vec<Tag> = Vec::new();
        for entry in &entries {
            let named = entry.annotations.get(REF_NAME).and_then(|name| name.parse().ok());
            let tag = named.or_else(|| image.and_then(|image| tag_of_kind(entry, image)));
            tags.extend(tag.filter(|tag| !tags.contains(tag)));
        }
        Ok(tags)
    }

    fn index(&self) -> Result<Document, LayoutError> {
        let path = self.index_path();
        let Some(bytes) = read_file(&path, MAX_MANIFEST as u64)? else {
            return Err(LayoutError::NotALayout {
                directory: self.directory.clone(),
                reason: format!("it has no file {INDEX}"),
            });
        };
        Document::parse(&bytes, None, List::Manifests).map_err(|source| LayoutError::Document { path, source })
    }

    fn index_path(&self) -> PathBuf {
        self.directory.join(&self.index)
    }

    fn write_index(&self, document: &Document) -> Result<(), LayoutError> {
        Staged::write(&self.index_path(), &document.to_bytes())
    }

    /// Reads `index.json`, lets `decide` say what happens to it and writes it, all under the lock.
    fn change(
        &self,
        decide: impl FnOnce(&Document, Option<&Descriptor>) -> Result<Change, LayoutError>,
    ) -> Result<bool, LayoutError> {
        let _lock = self.lock()?;
        let mut document = self.index()?;
        let listed: Vec<Descriptor> = document.entries().iter().map(|e| e.descriptor().clone()).collect();
        let image = marked_image(&listed);
        let added = match decide(&document, image)? {
            Change::Nothing => return Ok(true),
            Change::Refuse => return Ok(false),
            Change::Add(descriptor) => descriptor,
            Change::Replace(tag, descriptor) => {
                document.retain(|entry| !has_tag(entry.descriptor(), &tag, image));
                descriptor
            }
        };
        document.add([&Entry::new(added).map_err(|e| self.json(e))?]);
        self.write_index(&document)?;
        Ok(true)
    }

    fn lock(&self) -> Result<File, LayoutError> {
        // The marker never changes, so that a lock on it is held on one file by all; elsewhere than on Unix a lock
        // would keep readers out, so that it is held on a file of its own.
        let path = self.directory.join(if cfg!(unix) { MARKER } else { "index.json.lock" });
        let failed = |source| LayoutError::File {
            path: path.clone(),
            source,
        };
        let file = if cfg!(unix) {
            File::open(&path)
        } else {
            File::options().create(true).append(true).open(&path)
        };
        let file = file.map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }

    /// Refuses to write through links: what is written stays under the directory.
    fn check_plain(&self) -> Result<(), LayoutError> {
        for part in ["blobs", "blobs/sha256", "blobs/sha512"] {
            let path = self.directory.join(part);
            if fs::symlink_metadata(&path).is_ok_and(|m| !m.is_dir()) {
                return Err(LayoutError::NotPlain { path });
            }
        }
        Ok(())
    }

    fn json(&self, source: serde_json::Error) -> LayoutError {
        LayoutError::Document {
            path: self.directory.join(INDEX),
            source: source.into(),
        }
    }
}

enum Change {
    Nothing,
    Refuse,
    Add(Descriptor),
    Replace(Tag, Descriptor),
}

fn exists(path: &Path) -> Result<bool, LayoutError> {
    path.try_exists().map_err(|source| LayoutError::File {
        path: path.to_owned(),
        source,
    })
}

/// A plain file of at most `limit` bytes; `None` when there is none.
fn read_file(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, LayoutError> {
    let failed = |source| LayoutError::File {
        path: path.to_owned(),
        source,
    };
    // Before opening: a pipe would wait for a writer.
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return Err(LayoutError::NotPlain { path: path.to_owned() }),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    }
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let too_large = |size| LayoutError::TooLarge {
        path: path.to_owned(),
        size,
        limit,
    };
    if size > limit {
        return Err(too_large(size));
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests;
