//! What is to be signed: an image, and with `--recursive` all that its index lists.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::SignError;
use crate::oci::{self, Descriptor, Parsed};
use crate::reference::Target;
use crate::store::{Fetched, Store};

/// Most images that are signed recursively.
pub(super) const MAX_SUBJECTS: usize = 1_000;
/// How deep an index may lie in indexes.
const MAX_DEPTH: usize = 4;
/// How many manifests are looked up at once.
const LOOKUPS: usize = 8;

/// An image or index that exists, by its digest.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Media type, size and digest of its manifest.
    pub descriptor: Descriptor,
    /// What `docker-reference` is signed for it.
    pub identity: String,
}

/// What `target` names in `store`, resolved once; with `recursive` followed by everything that it lists, each once.
/// `identity` is what `docker-reference` is signed.
///
/// # Errors
/// [`SignError::NoImage`] when one of them does not exist; [`SignError::TooMany`]; the store failed.
pub async fn subjects(
    store: &Store,
    target: &Target,
    identity: &str,
    recursive: bool,
) -> Result<Vec<Subject>, SignError> {
    let found = fetch(store, target).await?;
    let mut all = vec![descriptor(&found)];
    let mut level = if recursive {
        children(store, &found)?
    } else {
        Vec::new()
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
            let child = descriptor(manifest);
            if all.iter().all(|known| known.digest != child.digest) {
                all.push(child);
                next.extend(children(store, manifest)?);
            }
        }
        level = next;
    }
    let subject = |descriptor| Subject {
        descriptor,
        identity: identity.to_owned(),
    };
    Ok(all.into_iter().map(subject).collect())
}

async fn fetch(store: &Store, target: &Target) -> Result<Fetched, SignError> {
    let found = store.manifest(target).await?;
    found.ok_or_else(|| SignError::NoImage(store.name(target)))
}

fn descriptor(found: &Fetched) -> Descriptor {
    Descriptor {
        digest: found.digest.clone(),
        ..Descriptor::of(found.media_type.clone(), &found.bytes)
    }
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
