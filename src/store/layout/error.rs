//! What can go wrong with a layout.

use std::io;
use std::path::PathBuf;

use crate::digest::DigestMismatch;
use crate::oci::ManifestError;

/// Why a layout cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The directory is not a layout.
    #[error("{} is not an OCI layout: {reason}; `countersign save --dir` writes one", directory.display())]
    NotALayout {
        /// The directory.
        directory: PathBuf,
        /// What is missing or wrong.
        reason: String,
    },
    /// A document of the layout is not valid.
    #[error("{}: {source}", path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ManifestError,
    },
    /// A file does not have the content that its name promises.
    #[error("{}: {source}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Both digests.
        source: DigestMismatch,
    },
    /// Larger than what is read.
    #[error("{} has {size} bytes, more than the {limit} that are read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A name that leads out of the directory, or is no plain file.
    #[error("{} is not a plain file or directory; layouts with links or devices are refused", path.display())]
    NotPlain {
        /// The path.
        path: PathBuf,
    },
    /// Several images, and none was chosen.
    #[error("{} holds {} images ({}); name one as oci:{}:TAG or oci:{}@DIGEST",
            directory.display(), found.len(), found.join(", "), directory.display(), directory.display())]
    SeveralImages {
        /// The directory.
        directory: PathBuf,
        /// What it holds: tags or digests.
        found: Vec<String>,
    },
    /// No image at all.
    #[error("{} holds no image; it has {}", directory.display(), listing(found))]
    NoImage {
        /// The directory.
        directory: PathBuf,
        /// What `index.json` lists instead.
        found: Vec<String>,
    },
}

fn listing(found: &[String]) -> String {
    if found.is_empty() {
        "an empty index.json".to_owned()
    } else {
        found.join(", ")
    }
}
