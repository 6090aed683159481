//! Where the things that belong to an image are kept.

use super::transfer::{PlatformFilter, TransferError};
use super::{Fetched, Layout, Store, StoreError};
use crate::digest::Digest;
use crate::oci;
use crate::reference::{ImageReference, Repository, Tag, Target};
use crate::registry;

/// What is attached to an image under a tag of its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attachment {
    /// Signatures, `.sig`.
    Signatures,
    /// Attestations, `.att`.
    Attestations,
    /// A software bill of materials, `.sbom` (deprecated in cosign).
    Sbom,
}

impl Attachment {
    /// All of them, in the order in which cosign handles them.
    pub const ALL: [Self; 3] = [Self::Signatures, Self::Attestations, Self::Sbom];

    /// The suffix of the tag, without the dot.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Signatures => "sig",
            Self::Attestations => "att",
            Self::Sbom => "sbom",
        }
    }
}

/// Where attached things of an image lie: its own repository, or COSIGN_REPOSITORY, perhaps under prefixed tags.
#[derive(Clone)]
pub struct Place {
    /// The repository or layout that holds them.
    pub store: Store,
    /// What stands before `sha256-` (`--attachment-tag-prefix`, a policy's `tagPrefix`); mostly empty. Must be made of
    /// characters that a tag may have.
    pub tag_prefix: String,
}

impl Place {
    /// Beside the image, without prefix.
    pub fn beside(store: Store) -> Self {
        Self {
            store,
            tag_prefix: String::new(),
        }
    }

    /// The tag of what is attached to `image`.
    pub fn tag(&self, image: &Digest, attachment: Attachment) -> Tag {
        Tag::attached_with_prefix(&self.tag_prefix, image, Some(attachment.suffix()))
    }

    /// The tag of the referrers fallback index of `image` (it knows no prefix: distribution-spec v1.1).
    pub fn fallback_tag(&self, image: &Digest) -> Tag {
        Tag::attached(image, None)
    }

    /// Full name of what is attached to `image`.
    pub fn name(&self, image: &Digest, attachment: Attachment) -> String {
        self.store.name(&Target::Tag(self.tag(image, attachment)))
    }
}

/// An image, and where what belongs to it lies.
#[derive(Clone)]
pub struct Located {
    /// The repository or layout that holds the image.
    pub images: Store,
    /// Where its signatures are.
    pub attached: Place,
    /// What names the image.
    pub target: Target,
}

impl Located {
    /// The image that `reference` names, its signatures beside it or in `elsewhere` (COSIGN_REPOSITORY), under tags
    /// that start with `tag_prefix`. What belongs to an image in a layout is always in the layout.
    ///
    /// # Errors
    /// [`StoreError::Layout`] when the directory is no layout or does not say which image is meant.
    pub fn new(
        reference: &ImageReference,
        client: &registry::Client,
        elsewhere: Option<&Repository>,
        tag_prefix: &str,
    ) -> Result<Self, StoreError> {
        let in_registry = |repository: &Repository| Store::Registry {
            client: client.clone(),
            repository: repository.clone(),
        };
        let (images, store, target) = match reference {
            ImageReference::Registry(reference) => {
                let repository = reference.repository();
                let store = in_registry(elsewhere.unwrap_or(repository));
                (in_registry(repository), store, reference.target().clone())
            }
            ImageReference::Layout(reference) => {
                let layout = Layout::open(&reference.directory)?;
                let target = match &reference.target {
                    Some(target) => target.clone(),
                    None => Target::Digest(layout.image()?.digest),
                };
                (Store::Layout(layout.clone()), Store::Layout(layout), target)
            }
        };
        Ok(Self {
            images,
            attached: Place {
                store,
                tag_prefix: tag_prefix.to_owned(),
            },
            target,
        })
    }

    /// The full name of the image.
    pub fn name(&self) -> String {
        self.images.name(&self.target)
    }

    /// The image's manifest or index.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none; any failure of the look-up.
    pub async fn fetch(&self) -> Result<Fetched, StoreError> {
        let found = self.images.manifest(&self.target).await?;
        found.ok_or_else(|| StoreError::NotFound { name: self.name() })
    }

    /// The digest of the image, or of the one for `platform` when the image is an index.
    ///
    /// # Errors
    /// As [`Located::fetch`]; [`TransferError::Platform`] when there is no such platform.
    pub async fn platform(&self, platform: Option<&PlatformFilter>) -> Result<Digest, TransferError> {
        let Some(platform) = platform else {
            return Ok(self.fetch().await?.digest);
        };
        let found = self.fetch().await?;
        let parsed = oci::parse(&found.bytes, Some(&found.media_type)).map_err(|source| StoreError::Manifest {
            name: self.name(),
            source,
        })?;
        Ok(platform.choose(&parsed)?)
    }

    /// The image's digest; one that the reference names is taken as it is.
    ///
    /// # Errors
    /// As [`Located::fetch`].
    pub async fn digest(&self) -> Result<Digest, StoreError> {
        if let Target::Digest(digest) = &self.target {
            return Ok(digest.clone());
        }
        let found = self.images.resolve(&self.target).await?;
        found.ok_or_else(|| StoreError::NotFound { name: self.name() })
    }
}

/// Whether a tag looks like one under which things are attached: `sha256-<hex>`, with or without a suffix, whatever
/// stands before it.
pub fn is_attached_tag(tag: &str) -> bool {
    let Some(at) = tag.rfind("sha256-") else {
        return false;
    };
    let rest = tag.get(at + "sha256-".len()..).unwrap_or_default();
    let (hex, suffix) = rest.split_once('.').unwrap_or((rest, ""));
    hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) && matches!(suffix, "" | "sig" | "att" | "sbom")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attached_tags_are_told_from_others() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for tag in ["", ".sig", ".att", ".sbom"] {
            assert!(is_attached_tag(&format!("sha256-{hex}{tag}")));
            assert!(is_attached_tag(&format!("prefix-sha256-{hex}{tag}")));
        }
        for tag in ["latest", "sha256-", "sha256-abc.sig", &format!("sha256-{hex}.zip")] {
            assert!(!is_attached_tag(tag), "{tag}");
        }
    }
}
