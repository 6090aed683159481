//! OCI documents: descriptors, manifests and indexes (OCI image-spec v1.1), and the media types that signing uses.
//!
//! Everything here is pure parsing and writing over bytes, with limits; nothing reads a network or a file.

mod manifest;
pub mod media_type;

pub use manifest::{Descriptor, Index, Manifest, ManifestError, Parsed, Platform, parse};

/// Largest manifest or index that is read or written, in bytes (OCI distribution-spec v1.1: registries should accept
/// 4 MiB).
pub const MAX_MANIFEST: usize = 4 << 20;
/// Most layers of a manifest, or manifests of an index, that are read: far above real images, far below what makes
/// checking slow.
pub const MAX_DESCRIPTORS: usize = 10_000;
