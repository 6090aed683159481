//! The Kubernetes admission webhook over [`crate::policy`].
//!
//! [`review`] reads what the API server asks; [`handler`] answers it in time over [`engine`], which judges each digest
//! once per policy; [`policies`] and [`reconcile`] keep the policies in force; [`server`] and [`tls`] serve it.

pub mod cluster;
pub mod engine;
pub mod handler;
pub mod metrics;
pub mod policies;
mod pull;
pub mod reconcile;
pub mod review;
pub mod self_signed;
pub mod server;
mod subject;
pub mod tls;
