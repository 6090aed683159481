//! Reading what lies under `sha256-<hex>.sig`, `.att` and `.sbom`.

use super::{Attachment, Place, SignatureManifest, StoreError};
use crate::digest::Digest;
use crate::http::Bytes;
use crate::oci::Descriptor;
use crate::reference::Target;

/// Largest payload of a `.sig` layer, in bytes. Payloads have some hundred bytes and grow with annotations.
pub const MAX_PAYLOAD: usize = 1 << 20;
/// Largest envelope of an `.att` layer, in bytes, unless COSIGN_MAX_ATTACHMENT_SIZE says otherwise: a predicate of
/// 32 MiB in base64 and its statement.
pub const MAX_ENVELOPE: usize = 128 << 20;

/// The manifest under the tag of `image` and `attachment`; `None` when there is none.
///
/// # Errors
/// [`StoreError`]: the look-up failed, or the manifest is not valid.
pub async fn read(
    place: &Place,
    image: &Digest,
    attachment: Attachment,
) -> Result<Option<SignatureManifest>, StoreError> {
    let target = Target::Tag(place.tag(image, attachment));
    let Some(found) = place.store.manifest(&target).await? else {
        return Ok(None);
    };
    let manifest = SignatureManifest::parse(&found.bytes, Some(&found.media_type));
    manifest.map(Some).map_err(|source| StoreError::Signatures {
        name: place.store.name(&target),
        source,
    })
}

/// The content of a layer of at most `limit` bytes, checked against its digest.
///
/// # Errors
/// [`StoreError`], also when the layer is larger or missing.
pub async fn content(place: &Place, layer: &Descriptor, limit: usize) -> Result<Bytes, StoreError> {
    place.store.blob(layer, limit).await
}
