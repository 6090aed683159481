//! The client of OCI registries (OCI distribution-spec v1.1) and its authentication.
//!
//! - Requests go out directly, without a `/v2/` ping; a 401 is answered once, and what it taught is used from then on.
//! - Absent (`Ok(None)`) means a registry's own 404. Everything else that is not the asked-for answer is an [`Error`].
//! - Every byte of a manifest or blob is checked against the digest that it was asked by.
//! - Credentials go to the registry and, under the rule of the `realm` module, to its token service; to no one else.

mod auth;
mod blobs;
mod challenge;
mod check;
mod client;
mod config_edit;
mod credentials;
mod docker_config;
mod endpoint;
mod error;
mod helper;
mod link;
mod manifests;
mod realm;
mod referrers;
pub mod server;
mod tags;
mod token;

pub use blobs::BlobReader;
pub use challenge::{Challenge, parse_challenges};
pub use check::{Check, ClockOffset};
pub use client::{Client, Options};
pub use config_edit::ConfigFile;
pub use credentials::{Credential, Credentials, Found};
pub use docker_config::{DockerConfig, config_files};
pub use error::Error;
pub use helper::{Helper, HelperError};
pub use link::next_page;
pub use manifests::{FetchedManifest, Precondition, PutManifest};
