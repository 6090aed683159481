//! The client of TUF repositories, from which Sigstore's trusted roots come (TUF specification 1.0.34).
//!
//! [`TrustedSet`] is pure: it takes metadata in the order of the client workflow (section 5) and keeps only what is
//! properly signed, newer and consistent. [`Updater`] feeds it from a [`Mirror`] and a [`Cache`]. [`Source`] says which
//! repository is asked and what its first root is.

mod cache;
mod canonical;
mod delegation;
mod error;
mod key;
mod metadata;
mod mirror;
mod single_targets;
mod source;
mod trusted;
mod updater;

pub use cache::Cache;
pub use error::TufError;
pub use metadata::{TargetFile, fuzz_metadata};
pub use mirror::Mirror;
pub use single_targets::RepositoryRoot;
pub use source::{DEFAULT_MIRROR, STAGING_MIRROR, Source};
pub use trusted::TrustedSet;
pub use updater::{Refresh, Updater};

/// Longest root metadata, in bytes. Sigstore's has 6000.
pub const MAX_ROOT: usize = 512 << 10;
/// Longest timestamp metadata, in bytes. Sigstore's has 500.
pub const MAX_TIMESTAMP: usize = 16 << 10;
/// Longest snapshot metadata, in bytes, where the timestamp does not say.
pub const MAX_SNAPSHOT: usize = 2 << 20;
/// Longest targets metadata, in bytes, where the snapshot does not say.
pub const MAX_TARGETS: usize = 5 << 20;
/// Longest target that is fetched, in bytes, whatever its metadata says: trusted roots have some 7000.
pub const MAX_TARGET: u64 = 16 << 20;
/// Most versions of the root that one update goes through.
pub const MAX_ROOT_ROTATIONS: usize = 256;
/// Most delegated roles that the search for one target visits.
pub const MAX_DELEGATIONS: usize = 32;
/// Most keys, signatures or roles in one metadata file, so that checking it is quick.
pub const MAX_ENTRIES: usize = 1024;

#[cfg(test)]
mod tests;
