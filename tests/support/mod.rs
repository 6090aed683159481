//! What the integration tests share: `mod support;` at the top of a test file.
//!
//! - [`countersign`]: our program in a clean environment.
//! - [`vectors`]: the recorded runs of the real cosigns under `tests/vectors/`.
//! - [`peers`]: the real tools; a test that needs one skips visibly where it is missing, and fails in CI.
//! - [`registry`]: the embedded registry with faults, and a real docker-registry.
//! - [`cluster`]: a real Kubernetes API server, where one is at hand.
//! - [`log`]: a transparency log, Rekor v1 and v2, that real cosigns use, with faults.
//! - [`tsa`]: a timestamp authority.
//! - [`image`]: small images to sign.
//! - [`wire`]: bare HTTP/1.1, so that a test doesn't set up its stage with the code under test.
#![allow(
    dead_code,
    unused_imports,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod cluster;
pub mod image;
pub mod log;
pub mod peers;
pub mod process;
pub mod registry;
pub mod tsa;
pub mod tuf;
pub mod vectors;
pub mod wire;

pub use process::{Program, Run, countersign};
