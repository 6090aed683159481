use super::{MAX_DELEGATIONS, MAX_ROOT_ROTATIONS};
use crate::file::FileError;
use crate::http;

/// Why the metadata or a target of a TUF repository is not to be had, or not to be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TufError {
    /// The metadata is not what TUF describes.
    #[error("TUF {role} metadata is malformed: {reason}")]
    Malformed {
        /// Of which role.
        role: String,
        /// What is wrong.
        reason: String,
    },
    /// Too few of the role's keys have signed.
    #[error("TUF {role} metadata is signed by {valid} of the {threshold} keys that it needs")]
    Unsigned {
        /// Of which role.
        role: String,
        /// How many valid signatures of distinct keys there are.
        valid: usize,
        /// How many there must be.
        threshold: u64,
    },
    /// The metadata is older than what is known, or another version than was announced.
    #[error("TUF {role} metadata has version {found}, expected {expected}")]
    Version {
        /// Of which role.
        role: String,
        /// The version in the file.
        found: u64,
        /// A version, or `at least` one.
        expected: String,
    },
    /// The metadata is past its time: the repository is not kept up, or someone withholds updates.
    #[error("TUF {role} metadata expired at {expires}")]
    Expired {
        /// Of which role.
        role: String,
        /// When, in RFC 3339.
        expires: String,
    },
    /// The bytes are not those that were announced.
    #[error("{what} does not have the {property} that its metadata states")]
    Mismatch {
        /// A role or a target.
        what: String,
        /// `length` or `hash`.
        property: &'static str,
    },
    /// A new snapshot does not list what the last one did.
    #[error("TUF snapshot metadata no longer lists {0}")]
    Removed(String),
    /// The snapshot does not list a role that is needed.
    #[error("TUF snapshot metadata does not list {0}")]
    Unlisted(String),
    /// No role that may speak for it has the target.
    #[error("TUF repository {mirror} has no target {name:?}")]
    NoTarget {
        /// Which target.
        name: String,
        /// Which repository.
        mirror: String,
    },
    /// A target that is what was signed, but not what it should be.
    #[error("TUF target {name}: {reason}")]
    Unusable {
        /// Which target.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// More delegations than are followed.
    #[error("TUF target {0:?} is not found in the first {MAX_DELEGATIONS} delegated roles")]
    TooManyDelegations(String),
    /// More new root versions than are followed at once.
    #[error("TUF repository has more than {MAX_ROOT_ROTATIONS} new root versions: start from a newer root")]
    TooManyRoots,
    /// A target's name that could lead out of its directory.
    #[error("TUF target name {0:?} is not acceptable: it must be a relative path without .. and control characters")]
    TargetName(String),
    /// The target is larger than anything that is fetched.
    #[error("TUF target {name:?} is too large: {length} bytes")]
    TargetSize {
        /// Which target.
        name: String,
        /// Its length.
        length: u64,
    },
    /// The mirror's address is none.
    #[error("{0:?} is not a TUF mirror: expected an https:// address or file:///DIRECTORY")]
    Mirror(String),
    /// The mirror was asked and did not give it.
    #[error("TUF repository {mirror} answers {status} for {file}")]
    Status {
        /// Which repository.
        mirror: String,
        /// Which file.
        file: String,
        /// The HTTP status; 404 also when a file of a local mirror is missing.
        status: u16,
    },
    /// The mirror could not be asked.
    #[error("TUF repository: {0}")]
    Http(#[from] http::Error),
    /// A file of a local mirror, or the first root.
    #[error("TUF repository: {0}")]
    File(#[from] FileError),
    /// Nothing is cached, and nothing may be fetched.
    #[error(
        "no trust material of {mirror} is cached, and --offline forbids fetching it: run countersign initialize while \
         online, or name a file with --trusted-root"
    )]
    Offline {
        /// Which repository.
        mirror: String,
        /// What is wrong with the cache.
        #[source]
        source: Box<TufError>,
    },
    /// There is no first root for a mirror of someone's own.
    #[error(
        "{mirror} has no trusted root yet: run countersign initialize --mirror {mirror} --root FILE, or set \
         TUF_ROOT_JSON"
    )]
    NoRoot {
        /// Which repository.
        mirror: String,
    },
}

impl TufError {
    pub(super) fn malformed(role: &str, reason: impl ToString) -> Self {
        Self::Malformed {
            role: http::shown(role, 100),
            reason: http::shown(&reason.to_string(), 200),
        }
    }

    /// Whether the mirror says that it does not have the file (403 is what object stores say).
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Status { status: 403 | 404, .. })
    }
}
