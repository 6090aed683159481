//! Referrers in a layout: manifests whose `subject` is an image (OCI image-spec v1.1).

use std::fs;

use super::names::KIND;
use super::{Layout, LayoutError};
use crate::digest::Digest;
use crate::oci::media_type::{OCI_INDEX, OCI_MANIFEST};
use crate::oci::{self, Descriptor, MAX_MANIFEST, Parsed};

/// Most files under `blobs/sha256` that are searched for referrers which `index.json` does not list.
const MAX_SCAN: usize = 20_000;
/// Largest such file, in bytes: a referrer's manifest has some hundred bytes.
const MAX_SCANNED_FILE: u64 = 256 << 10;

impl Layout {
    /// What refers to `subject`: manifests listed in `index.json`, and those that `cosign save` leaves unlisted
    /// among the blobs. Descriptors are made from the manifests themselves.
    ///
    /// # Errors
    /// [`LayoutError`] when the layout cannot be read.
    pub fn referrers(&self, subject: &Digest) -> Result<Vec<Descriptor>, LayoutError> {
        let mut found: Vec<Descriptor> = Vec::new();
        let entries = self.entries()?;
        for entry in &entries {
            if found.iter().all(|d| d.digest != entry.digest)
                && let Some(descriptor) = self.referrer(&entry.digest, subject)?
            {
                found.push(descriptor);
            }
        }
        if entries.iter().any(|d| d.annotations.contains_key(KIND)) {
            for digest in self.small_blobs()? {
                if found.iter().all(|d| d.digest != digest)
                    && let Some(descriptor) = self.referrer(&digest, subject)?
                {
                    found.push(descriptor);
                }
            }
        }
        Ok(found)
    }

    fn referrer(&self, digest: &Digest, subject: &Digest) -> Result<Option<Descriptor>, LayoutError> {
        let Some(bytes) = self.read_blob(digest, MAX_MANIFEST as u64)? else {
            return Ok(None);
        };
        // Not everything among the blobs is a manifest; what is none refers to nothing.
        let Ok(parsed) = oci::parse(&bytes, None) else {
            return Ok(None);
        };
        let named = subject_in(&parsed).is_some_and(|d| d.digest == *subject);
        let media_type = media_type_of(&parsed).unwrap_or_default();
        Ok(named
            .then(|| referrer_descriptor(&parsed, &media_type, &bytes))
            .flatten())
    }

    pub(super) fn subject_of(&self, entry: &Descriptor) -> Result<Option<Digest>, LayoutError> {
        let Some(bytes) = self.read_blob(&entry.digest, MAX_MANIFEST as u64)? else {
            return Ok(None);
        };
        let parsed = oci::parse(&bytes, Some(&entry.media_type)).ok();
        Ok(parsed.as_ref().and_then(subject_in).map(|d| d.digest.clone()))
    }

    fn small_blobs(&self) -> Result<Vec<Digest>, LayoutError> {
        let directory = self.directory.join("blobs").join("sha256");
        let failed = |source| LayoutError::File {
            path: directory.clone(),
            source,
        };
        let mut digests = Vec::new();
        for entry in fs::read_dir(&directory).map_err(failed)?.take(MAX_SCAN) {
            let entry = entry.map_err(failed)?;
            let small = entry
                .metadata()
                .is_ok_and(|m| m.is_file() && m.len() <= MAX_SCANNED_FILE);
            let name = entry.file_name();
            let digest = name
                .to_str()
                .and_then(|hex| format!("sha256:{hex}").parse::<Digest>().ok());
            digests.extend(digest.filter(|_| small));
        }
        digests.sort();
        Ok(digests)
    }
}

pub(in crate::store) fn media_type_of(parsed: &Parsed) -> Option<String> {
    match parsed {
        Parsed::Manifest(manifest) => manifest.media_type.clone().or_else(|| Some(OCI_MANIFEST.to_owned())),
        Parsed::Index(index) => index.media_type.clone().or_else(|| Some(OCI_INDEX.to_owned())),
    }
}

pub(in crate::store) fn subject_in(parsed: &Parsed) -> Option<&Descriptor> {
    match parsed {
        Parsed::Manifest(manifest) => manifest.subject.as_ref(),
        Parsed::Index(index) => index.subject.as_ref(),
    }
}

/// The descriptor under which a referrer is listed (OCI distribution-spec v1.1, "Listing Referrers"): with its
/// artifact type, or else the media type of its configuration, and its annotations. `None` without a subject.
pub(in crate::store) fn referrer_descriptor(parsed: &Parsed, media_type: &str, bytes: &[u8]) -> Option<Descriptor> {
    subject_in(parsed)?;
    let (artifact_type, annotations) = match parsed {
        Parsed::Manifest(manifest) => (
            manifest
                .artifact_type
                .clone()
                .or_else(|| Some(manifest.config.media_type.clone())),
            manifest.annotations.clone(),
        ),
        Parsed::Index(index) => (index.artifact_type.clone(), index.annotations.clone()),
    };
    Some(Descriptor {
        artifact_type,
        annotations,
        ..Descriptor::of(media_type, bytes)
    })
}
