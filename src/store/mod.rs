//! Where signatures lie: beside the image under tags of its digest (`sha256-<hex>.sig`, `.att`, `.sbom`), as referrers
//! (bundles), in a registry or in a directory.
//!
//! [`Store`] is one repository, in a registry or as an OCI layout; [`Place`] adds where attached things go. What comes
//! out of a store is untrusted: its digest is checked, nothing else. "Absent" (`None`) is only the registry's real 404
//! or a missing file; every other failure is an error.

pub mod append;
mod entries;
mod error;
pub mod layout;
mod place;
pub mod referrers;
pub mod signature_manifest;
pub mod signatures;
pub mod transfer;

pub use entries::{Document, Entry, List};
pub use error::StoreError;
pub use layout::{Expected, Layout, LayoutError, Replacement};
pub use place::{Attachment, Located, Place, is_attached_tag};
pub use signature_manifest::{LayerFault, MAX_LAYERS, MediaTypes, NewLayer, SignatureLayer, SignatureManifest};

use std::time::Duration;

use crate::digest::Digest;
use crate::http::Bytes;
use crate::oci::Descriptor;
use crate::reference::{Repository, Target};
use crate::registry::{self, Precondition};

/// How long a registry is given to find a blob that it took.
const MISSED: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
];

/// A manifest as a store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The document; its digest was checked.
    pub bytes: Bytes,
    /// The media type that it was served as.
    pub media_type: String,
    /// Its digest.
    pub digest: Digest,
    /// The registry's `ETag`.
    pub etag: Option<String>,
}

impl Fetched {
    /// Media type, size and digest.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor {
            digest: self.digest.clone(),
            ..Descriptor::of(self.media_type.clone(), &self.bytes)
        }
    }

    /// What the store must still have for a change over this manifest to lose nothing.
    pub fn expected(&self) -> Expected {
        Expected::Is {
            digest: self.digest.clone(),
            etag: self.etag.clone(),
        }
    }
}

/// What came of storing a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was taken.
    Done {
        /// Whether the store lists it among the referrers of its subject by itself.
        listed: bool,
    },
    /// What was expected does not hold; nothing was changed.
    Refused,
}

/// A repository: in a registry, or an OCI layout in a directory. Cheap to clone.
#[derive(Clone)]
pub enum Store {
    /// In a registry.
    Registry {
        /// The client of all registries.
        client: registry::Client,
        /// The repository.
        repository: Repository,
    },
    /// In a directory.
    Layout(Layout),
}

impl Store {
    /// A manifest or index; `None` when the store has none under `target`.
    ///
    /// # Errors
    /// [`StoreError`]; a failed look-up is never `None`.
    pub async fn manifest(&self, target: &Target) -> Result<Option<Fetched>, StoreError> {
        match self {
            Self::Registry { client, repository } => {
                let found = client.manifest(repository, target).await?;
                Ok(found.map(|found| Fetched {
                    bytes: found.bytes,
                    media_type: found.media_type,
                    digest: found.digest,
                    etag: found.etag,
                }))
            }
            Self::Layout(layout) => Ok(layout.manifest(target)?.map(|found| Fetched {
                bytes: found.bytes.into(),
                media_type: found.media_type,
                digest: found.digest,
                etag: None,
            })),
        }
    }

    /// The digest that `target` names; `None` when the store has no such manifest.
    ///
    /// # Errors
    /// As [`Store::manifest`].
    pub async fn resolve(&self, target: &Target) -> Result<Option<Digest>, StoreError> {
        match self {
            Self::Registry { client, repository } => {
                let found = client.head_manifest(repository, target).await?;
                Ok(found.map(|found| found.digest))
            }
            Self::Layout(layout) => Ok(layout.resolve(target)?),
        }
    }

    /// A blob of at most `limit` bytes, checked against its digest.
    ///
    /// # Errors
    /// [`StoreError`], also when the blob is missing or too large.
    pub async fn blob(&self, descriptor: &Descriptor, limit: usize) -> Result<Bytes, StoreError> {
        let missing = || StoreError::MissingBlob {
            store: self.to_string(),
            digest: descriptor.digest.clone(),
        };
        match self {
            Self::Registry { client, repository } => match client.blob(repository, descriptor, limit).await {
                Err(error) if error.is_absent() => Err(missing()),
                outcome => Ok(outcome?),
            },
            Self::Layout(layout) => {
                let found = layout.read_blob(&descriptor.digest, limit as u64)?;
                found.map(Bytes::from).ok_or_else(missing)
            }
        }
    }

    /// Stores a blob.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub async fn put_blob(&self, bytes: Bytes) -> Result<Digest, StoreError> {
        match self {
            Self::Registry { client, repository } => Ok(client.put_blob(repository, bytes).await?),
            Self::Layout(layout) => Ok(layout.put_blob(&bytes)?),
        }
    }

    /// Stores `first`, and `others` with it, unless a registry has `first` already. Whether it did.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be written.
    pub(crate) async fn put_unless_known(
        &self,
        (digest, first): (&Digest, Bytes),
        others: Vec<Bytes>,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Registry { client, repository } => {
                let Some(session) = client.mount_blob(repository, digest, repository).await? else {
                    return Ok(false);
                };
                let others = others.into_iter().map(|blob| client.put_blob(repository, blob));
                let others = futures_util::future::try_join_all(others);
                let first = client.put_blob_in(repository, digest, session, first);
                futures_util::future::try_join(first, others).await?;
            }
            Self::Layout(layout) => {
                for blob in std::iter::once(first).chain(others) {
                    layout.put_blob(&blob)?;
                }
            }
        }
        Ok(true)
    }

    /// Stores a manifest under `target` when `expected` holds there. A registry that knows no conditional requests
    /// takes it in any case: see [`append`].
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub async fn put_manifest(
        &self,
        target: &Target,
        media_type: &str,
        bytes: Bytes,
        expected: &Expected,
    ) -> Result<Put, StoreError> {
        match self {
            Self::Registry { client, repository } => {
                let condition = match expected {
                    Expected::Any => None,
                    Expected::Absent => Some(Precondition::Absent),
                    Expected::Is { etag, .. } => etag.clone().map(Precondition::Unchanged),
                };
                let put = client.put_manifest(repository, target, media_type, bytes, condition);
                match put.await {
                    Ok(done) => Ok(Put::Done {
                        listed: done.subject.is_some(),
                    }),
                    Err(error) if error.is_precondition_failed() && *expected != Expected::Any => Ok(Put::Refused),
                    Err(error) => Err(error.into()),
                }
            }
            Self::Layout(layout) => {
                let done = layout.put_manifest(target, media_type, &bytes, expected)?;
                Ok(if done { Put::Done { listed: true } } else { Put::Refused })
            }
        }
    }

    /// Stores a manifest under `target`, whatever is there. Some registries miss a blob for a moment while another writer
    /// uploads the same one: that is waited out.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub async fn replace_manifest(&self, target: &Target, media_type: &str, bytes: Bytes) -> Result<Put, StoreError> {
        let mut waits = MISSED.into_iter();
        loop {
            let put = self.put_manifest(target, media_type, bytes.clone(), &Expected::Any);
            match (put.await, waits.next()) {
                (Err(StoreError::Registry(error)), Some(wait)) if error.is_missing_blob() => {
                    tokio::time::sleep(wait).await;
                }
                (done, _) => return done,
            }
        }
    }

    /// What refers to `subject`, all pages; `None` when the registry does not have the referrers API (then the
    /// fallback index has them: [`referrers`]).
    ///
    /// # Errors
    /// [`StoreError`] when any part of the answer is missing.
    pub async fn referrers(&self, subject: &Digest) -> Result<Option<Vec<Descriptor>>, StoreError> {
        match self {
            Self::Registry { client, repository } => Ok(client.referrers(repository, subject, None).await?),
            Self::Layout(layout) => Ok(Some(layout.referrers(subject)?)),
        }
    }

    /// Removes what `target` names; says whether there was anything.
    ///
    /// # Errors
    /// [`StoreError`], also when the registry does not allow it.
    pub async fn delete(&self, target: &Target) -> Result<bool, StoreError> {
        match self {
            Self::Registry { client, repository } => Ok(client.delete_manifest(repository, target).await?),
            Self::Layout(layout) => Ok(layout.delete(target)?),
        }
    }

    /// How many times a failed request is tried again.
    pub(crate) fn retries(&self) -> u32 {
        match self {
            Self::Registry { client, .. } => client.http().retries(),
            Self::Layout(_) => 0,
        }
    }

    /// Whether a change with a condition is one step that nothing can come between (a layout under its lock).
    pub(crate) fn is_exact(&self) -> bool {
        matches!(self, Self::Layout(_))
    }

    /// The full name of `target` in this store, for people and for cosign's output.
    pub fn name(&self, target: &Target) -> String {
        match target {
            Target::Tag(tag) => format!("{self}:{tag}"),
            Target::Digest(digest) => format!("{self}@{digest}"),
        }
    }
}

impl std::fmt::Display for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Registry { repository, .. } => repository.fmt(f),
            Self::Layout(layout) => write!(f, "oci:{}", layout.directory().display()),
        }
    }
}
