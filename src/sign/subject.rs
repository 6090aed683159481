//! What is to be signed: an image, and with `--recursive` all that its index lists.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::SignError;
use crate::digest::Digest;
use crate::oci::{self, Descriptor, Parsed};
use crate::reference::Target;
use crate::store::{Fetched, Store};

/// Most images that are signed recursively.
pub(super) const MAX_SUBJECTS: usize = 1_000;
/// How deep an index may lie in indexes.
const MAX_DEPTH: usize = 4;
/// How many manifests are looked up at once.
const LOOKUPS: usize = 8;

/// An image or index, by its digest.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Digest of its manifest.
    pub digest: Digest,
    /// What `docker-reference` is signed for it.
    pub identity: String,
    /// Media type, size and digest of its manifest, where it was looked up.
    pub(super) descriptor: Option<Descriptor>,
}

impl Subject {
    /// What a referrer names its image with.
    pub(super) fn descriptor(&self) -> Result<&Descriptor, SignError> {
        let unseen = || SignError::Unseen(self.digest.clone());
        self.descriptor.as_ref().ok_or_else(unseen)
    }
}

/// How far [`subjects`] looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What is named. A registry is not asked about a digest: as with cosign, it may be signed before it is pushed.
    Named,
    /// What is named, and its media type and size, which what refers to it has to name.
    Existing,
    /// The same, followed by everything that it lists, each once (`--recursive`).
    Recursive,
}

impl Reach {
    /// What it takes to write what refers to the image, or a layer under its tag.
    pub fn needed(recursive: bool, refers: bool) -> Self {
        match (recursive, refers) {
            (true, _) => Self::Recursive,
            (false, true) => Self::Existing,
            (false, false) => Self::Named,
        }
    }
}

/// What `target` names in `store`, resolved once. `identity` is what `docker-reference` is signed.
///
/// # Errors
/// [`SignError::NoImage`] when one of them does not exist; [`SignError::TooMany`]; the store failed.
pub async fn subjects(store: &Store, target: &Target, identity: &str, reach: Reach) -> Result<Vec<Subject>, SignError> {
    if let (Reach::Named, Store::Registry { .. }, Target::Digest(digest)) = (reach, store, target) {
        return Ok(vec![Subject {
            digest: digest.clone(),
            identity: identity.to_owned(),
            descriptor: None,
        }]);
    }
    let found = fetch(store, target).await?;
    let mut all = vec![found.descriptor()];
    let mut level = match reach {
        Reach::Recursive => children(store, &found)?,
        Reach::Named | Reach::Existing => Vec::new(),
    };
    for depth in 0.. {
        level.retain(|child| all.iter().all(|known| known.digest != child.digest));
        if level.is_empty() {
            break;
        }
        if depth == MAX_DEPTH || all.len().saturating_add(level.len()) > MAX_SUBJECTS {
            return Err(SignError::TooMany(store.name(target)));
        }
        let found: Vec<Fetched> = stream::iter(&level)
            .map(|child| async { fetch(store, &Target::Digest(child.digest.clone())).await })
            .buffered(LOOKUPS)
            .try_collect()
            .await?;
        let mut next = Vec::new();
        for manifest in &found {
            let child = manifest.descriptor();
            if all.iter().all(|known| known.digest != child.digest) {
                all.push(child);
                next.extend(children(store, manifest)?);
            }
        }
        level = next;
    }
    let subject = |descriptor: Descriptor| Subject {
        digest: descriptor.digest.clone(),
        identity: identity.to_owned(),
        descriptor: Some(descriptor),
    };
    Ok(all.into_iter().map(subject).collect())
}

async fn fetch(store: &Store, target: &Target) -> Result<Fetched, SignError> {
    let found = store.manifest(target).await?;
    found.ok_or_else(|| SignError::NoImage(store.name(target)))
}

/// What an index lists; nothing when it is an image.
fn children(store: &Store, found: &Fetched) -> Result<Vec<Descriptor>, SignError> {
    match oci::parse(&found.bytes, Some(&found.media_type)) {
        Ok(Parsed::Index(index)) => Ok(index.manifests),
        Ok(Parsed::Manifest(_)) => Ok(Vec::new()),
        Err(source) => Err(SignError::Manifest {
            image: store.name(&Target::Digest(found.digest.clone())),
            source,
        }),
    }
}
