//! What can go wrong with a store.

use super::layout::LayoutError;
use super::signature_manifest::SignatureManifestError;
use crate::digest::Digest;
use crate::oci::ManifestError;
use crate::registry;

/// Why something could not be read from or written to a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A layout failed.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] registry::Error),
    /// A blob that a manifest names is not there.
    #[error("{store} has no blob {digest}, which one of its manifests names; push or save the image again")]
    MissingBlob {
        /// The store.
        store: String,
        /// The blob.
        digest: Digest,
    },
    /// No such image.
    #[error("{name} does not exist")]
    NotFound {
        /// The full name.
        name: String,
    },
    /// A signature manifest is not valid.
    #[error("{name}: {source}")]
    Signatures {
        /// The full name.
        name: String,
        /// What is wrong.
        source: SignatureManifestError,
    },
    /// A manifest or index is not valid.
    #[error("{name}: {source}")]
    Manifest {
        /// The full name.
        name: String,
        /// What is wrong.
        source: ManifestError,
    },
    /// The registry does not let a tag be changed.
    #[error(
        "{name} exists and the registry does not let tags be changed, so that nothing can be added to it ({source}); \
         store it as a bundle (--new-bundle-format), which needs no tag on registries with the referrers API, or exempt \
         tags that begin with sha256- from the rule"
    )]
    Immutable {
        /// The full name.
        name: String,
        /// What the registry says.
        source: registry::Error,
    },
    /// Other writers kept undoing the change.
    #[error(
        "{name} was changed by others {attempts} times while this was being added, and ours is not there; \
         try again when fewer write to the image at once"
    )]
    Contended {
        /// The full name.
        name: String,
        /// How many times it was written.
        attempts: usize,
    },
}
