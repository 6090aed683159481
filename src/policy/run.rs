//! The evidence of one run of a command: each image looked at once.

use std::sync::Arc;

use serde_json::Value;

use super::budget::Budget;
use super::cache::Cache;
use super::evaluate::{Evidence, Found, Gathered, LookupError, Rejected};
use super::images::{Images, check};
use super::resource::{Authority, Source};
use super::trust::{self, Roots};
use crate::digest::Digest;
use crate::reference::Reference;
use crate::verify::Candidate;

type Kept = Cache<(Reference, Source, bool), Arc<Gathered<Arc<Candidate>>>>;

/// [`Evidence`] that is fetched once and kept for one run of a command.
pub struct Fetched {
    images: Images,
    roots: Roots,
    now: i64,
    kept: Kept,
    resolved: Cache<Reference, Result<Digest, LookupError>>,
}

impl Fetched {
    /// Evidence of `images` under `roots` at `now` (seconds since 1970).
    pub fn new(images: Images, roots: Roots, now: i64) -> Self {
        const KEPT: usize = 10_000;
        Self {
            images,
            roots,
            now,
            kept: Cache::new(KEPT),
            resolved: Cache::new(KEPT),
        }
    }
}

/// Longer than any run.
const ALWAYS: std::time::Duration = std::time::Duration::from_secs(86_400);

impl Evidence for Fetched {
    type Candidate = Arc<Candidate>;

    async fn resolve(&self, image: &Reference) -> Result<Digest, LookupError> {
        let make = || async { (self.images.resolve(image).await, ALWAYS) };
        self.resolved.get(image, make).await
    }

    async fn candidates(
        &self,
        image: &Reference,
        source: &Source,
        attestations: bool,
    ) -> Arc<Gathered<Arc<Candidate>>> {
        let key = (image.clone(), source.clone(), attestations);
        let make = || async {
            (
                Arc::new(
                    self.images
                        .gather(image, source, attestations, &Budget::default())
                        .await,
                ),
                ALWAYS,
            )
        };
        self.kept.get(&key, make).await
    }

    async fn config_files(&self, image: &Reference) -> Result<Value, LookupError> {
        self.images.config_files(image).await
    }

    fn verify(&self, candidate: &Arc<Candidate>, image: &Reference, authority: &Authority) -> Result<Found, Rejected> {
        check(candidate, image, authority, &self.roots, self.now)
    }

    fn unusable(&self, authority: &Authority) -> Option<String> {
        trust::verification(authority, &Digest::sha256(b""), &self.roots).err()
    }

    fn now(&self) -> i64 {
        self.now
    }
}
