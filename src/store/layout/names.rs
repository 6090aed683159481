//! How entries of `index.json` are named: by tags, or by the kinds of `cosign save`.

use crate::oci::Descriptor;
use crate::reference::Tag;
use crate::store::entries::{Document, List};
use crate::store::is_attached_tag;

/// Annotation of an entry of `index.json` that names it.
pub const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Annotation by which `cosign save` marks entries.
pub(super) const KIND: &str = "kind";
pub(super) const KIND_IMAGE: &str = "dev.cosignproject.cosign/image";
pub(super) const KIND_INDEX: &str = "dev.cosignproject.cosign/imageIndex";
pub(super) const KIND_SIGNATURES: &str = "dev.cosignproject.cosign/sigs";
pub(super) const KIND_ATTESTATIONS: &str = "dev.cosignproject.cosign/atts";

pub(super) fn is_marked_image(descriptor: &Descriptor) -> bool {
    matches!(
        descriptor.annotations.get(KIND).map(String::as_str),
        Some(KIND_IMAGE | KIND_INDEX)
    )
}

pub(super) fn marked_image(entries: &[Descriptor]) -> Option<&Descriptor> {
    entries.iter().find(|d| is_marked_image(d))
}

/// Whether an entry is something attached to an image rather than an image.
pub(super) fn is_attached(descriptor: &Descriptor) -> bool {
    let kind = descriptor.annotations.get(KIND).map(String::as_str);
    let name = descriptor.annotations.get(REF_NAME).map(String::as_str);
    matches!(kind, Some(KIND_SIGNATURES | KIND_ATTESTATIONS)) || name.is_some_and(is_attached_tag)
}

pub(super) fn kind_of_tag(tag: &Tag, image: &Descriptor) -> Option<&'static str> {
    if *tag == Tag::attached(&image.digest, Some("sig")) {
        Some(KIND_SIGNATURES)
    } else if *tag == Tag::attached(&image.digest, Some("att")) {
        Some(KIND_ATTESTATIONS)
    } else {
        None
    }
}

pub(super) fn tag_of_kind(entry: &Descriptor, image: &Descriptor) -> Option<Tag> {
    match entry.annotations.get(KIND).map(String::as_str) {
        Some(KIND_SIGNATURES) => Some(Tag::attached(&image.digest, Some("sig"))),
        Some(KIND_ATTESTATIONS) => Some(Tag::attached(&image.digest, Some("att"))),
        _ => None,
    }
}

pub(super) fn has_tag(entry: &Descriptor, tag: &Tag, image: Option<&Descriptor>) -> bool {
    entry.annotations.get(REF_NAME).is_some_and(|name| name == tag.as_str())
        || image.is_some_and(|image| tag_of_kind(entry, image).as_ref() == Some(tag))
}

pub(super) fn name_of(descriptor: &Descriptor) -> String {
    let name = descriptor.annotations.get(REF_NAME);
    let name = name.or_else(|| descriptor.annotations.get(KIND));
    name.map_or_else(
        || descriptor.digest.to_string(),
        |name| name.chars().filter(|c| !c.is_control()).take(128).collect(),
    )
}

/// For the fuzzers: any bytes as the `index.json` of a layout.
pub fn fuzz_layout_index(data: &[u8]) {
    let Ok(document) = Document::parse(data, None, List::Manifests) else {
        return;
    };
    let entries: Vec<Descriptor> = document.entries().iter().map(|e| e.descriptor().clone()).collect();
    let image = marked_image(&entries);
    for entry in &entries {
        let _ = name_of(entry);
        if let Some(tag) = image.and_then(|image| tag_of_kind(entry, image)) {
            assert!(has_tag(entry, &tag, image));
        }
    }
    let again = Document::parse(&document.to_bytes(), None, List::Manifests);
    assert!(again.is_ok_and(|d| d.entries() == document.entries()));
}
