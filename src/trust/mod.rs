//! What the caller trusts: keys of logs, certificate authorities and timestamp authorities, and where they come from.

mod authority;
pub mod signing_config;
pub(crate) mod time;
pub mod trusted_root;
pub mod tuf;
mod validity;

pub use authority::{Authority, AuthorityError, CertificateSummary, MAX_CHAIN, summary};
pub use signing_config::SigningConfig;
pub use time::{InvalidTime, parse as parse_time, write as write_time};
pub use trusted_root::{TrustedRoot, TrustedRootError};
pub use validity::Validity;
