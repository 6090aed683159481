//! Judges workloads: what is fetched once per digest, what is judged once per digest and policy, and for how long.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::Value;

use super::cluster::Api;
use super::policies::Policies;
use super::pull::{Keychain, Puller};
use super::subject::{Seen, reads_the_clock, subject};
use crate::digest::Digest;
use crate::policy::budget::{Budget, Share};
use crate::policy::cache::Cache;
use crate::policy::decision::{ImageVerdict, PolicyVerdict};
use crate::policy::evaluate::{
    self, Evidence, Found, Gathered, LookupError, NoMatch, Rejected, Subject, Tags, combine, judge, prepare,
    some_at_once,
};
use crate::policy::images::{self, Images};
use crate::policy::resource::{Authority, ClusterImagePolicy, Source};
use crate::policy::trust::{self, Roots};
use crate::policy::workload::Workload;
use crate::reference::{Reference, pinned};
use crate::registry;
use crate::verify::Candidate;

/// How long what lies beside an image is kept: policies that match an image together share it. Not longer than a denial,
/// which is made of it.
const GATHERED: Duration = DENIED;
/// How long the digest of a tag is kept: a mutation and the policies of one request share it.
const RESOLVED: Duration = Duration::from_secs(5);
/// How long a denial is kept, so that a signature that is made now counts soon.
const DENIED: Duration = Duration::from_secs(5);
/// How long the result of a policy that reads the clock is kept at most.
const TIMED: Duration = Duration::from_secs(60);
/// How long credentials are kept.
const KEYCHAINS: Duration = Duration::from_secs(60);
/// Longest time that a judgement goes on after the request that asked for it was answered.
const ABANDONED: Duration = Duration::from_secs(15);
/// Longest time for one look-up. Requests that come meanwhile wait for the same one, so that this is also how long a
/// registry that hung holds up answers after it is well again.
const LOOKUP: Duration = Duration::from_secs(8);
/// Most images whose surroundings are kept at once: they are the largest things kept.
const MAX_GATHERED: usize = 512;
/// Most bytes of them of one image: all that are kept leave enough for the images that are looked at.
const MAX_KEPT: usize = 256 << 10;
/// Most keychains.
const MAX_KEYCHAINS: usize = 1024;

/// How an [`Engine`] judges.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What happens to an image that no policy matches.
    pub no_match: NoMatch,
    /// Most results that are kept.
    pub cache_size: usize,
    /// How long an admission is kept.
    pub cache_lifetime: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            no_match: NoMatch::Deny,
            cache_size: 20_000,
            cache_lifetime: Duration::from_secs(600),
        }
    }
}

/// Identifies a judgement.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Judgement {
    policy: Digest,
    image: Reference,
    roots: u64,
    subject: Option<Digest>,
    puller: Puller,
}

type Gatherings = Cache<(Reference, Source, bool, Puller), Arc<Gathered<Arc<Candidate>>>>;

/// What judges.
pub struct Engine {
    /// The policies in force.
    pub policies: Policies,
    /// How it judges.
    pub settings: Settings,
    roots: RwLock<Arc<Roots>>,
    registries: Box<dyn Fn(registry::Credentials) -> registry::Client + Send + Sync>,
    default: registry::Client,
    cluster: Option<Arc<Api>>,
    results: Cache<Judgement, PolicyVerdict>,
    gathered: Gatherings,
    /// For what lies beside all images that are looked at.
    memory: Budget,
    resolved: Cache<(Reference, Puller), Result<Digest, LookupError>>,
    keychains: Cache<Puller, Arc<Keychain>>,
    lookups: AtomicU64,
}

impl Engine {
    /// An engine without policies. `registries` makes a client with credentials, `default` is used where a workload
    /// has none, and `cluster` is asked for pull secrets.
    pub fn new(
        settings: Settings,
        roots: Roots,
        default: registry::Client,
        registries: impl Fn(registry::Credentials) -> registry::Client + Send + Sync + 'static,
        cluster: Option<Arc<Api>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            policies: Policies::default(),
            roots: RwLock::new(Arc::new(roots)),
            registries: Box::new(registries),
            default,
            cluster,
            results: Cache::new(settings.cache_size),
            gathered: Cache::new(MAX_GATHERED),
            memory: Budget::of(images::MAX_HELD),
            resolved: Cache::new(settings.cache_size),
            keychains: Cache::new(MAX_KEYCHAINS),
            lookups: AtomicU64::new(0),
            settings,
        })
    }

    /// The trusted roots in force.
    pub fn roots(&self) -> Arc<Roots> {
        Arc::clone(&self.roots.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other trusted roots in force.
    pub fn set_roots(&self, roots: Roots) {
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(roots);
    }

    /// Kept results, hits and misses of them, and how often an image's surroundings were fetched.
    pub fn counts(&self) -> (usize, u64, u64, u64) {
        let (hits, misses) = self.results.counts();
        (self.results.len(), hits, misses, self.lookups.load(Ordering::Relaxed))
    }

    /// What the pods of a workload pull with.
    fn puller(&self, workload: &Workload) -> Puller {
        match self.cluster {
            Some(_) => Puller::of(workload),
            None => Puller::default(),
        }
    }

    fn evidence(self: &Arc<Self>, puller: Puller) -> Shared {
        Shared {
            roots: self.roots(),
            engine: Arc::clone(self),
            puller,
        }
    }

    /// Judges every image of a workload; `tags` says what happens to images that are named by tag.
    pub async fn workload(self: &Arc<Self>, workload: &Workload, tags: Tags) -> Vec<ImageVerdict> {
        let set = self.policies.get();
        let evidence = self.evidence(self.puller(workload));
        let verdicts = workload.images.iter().map(|used| {
            let (set, evidence) = (&set, &evidence);
            async move {
                let ready = prepare(evidence, &set.policies, self.settings.no_match, tags, workload, used).await;
                let ready = match ready {
                    Ok(ready) => ready,
                    Err(verdict) => return *verdict,
                };
                let judged = ready
                    .policies
                    .iter()
                    .map(|policy| self.judge(evidence, policy, &ready.image, workload));
                combine(used, &ready, some_at_once(judged.collect()).await)
            }
        });
        some_at_once(verdicts.collect()).await
    }

    async fn judge(
        self: &Arc<Self>,
        evidence: &Shared,
        policy: &Arc<ClusterImagePolicy>,
        image: &Reference,
        workload: &Workload,
    ) -> PolicyVerdict {
        let key = Judgement {
            policy: policy.fingerprint.clone(),
            image: image.clone(),
            roots: evidence.roots.version(),
            subject: subject(policy, workload),
            puller: evidence.puller.clone(),
        };
        let make = || async {
            // In a task of its own: a request that runs out of time must not throw away what the next one needs.
            let (shared, policy, judged) = (evidence.clone(), Arc::clone(policy), image.clone());
            let seen = Seen::of(&policy, workload);
            let name = policy.name.clone();
            let mode = policy.mode;
            let timed = reads_the_clock(&policy);
            let task = tokio::spawn(async move {
                let subject = Subject {
                    spec: &seen.spec,
                    metadata: &seen.metadata,
                    type_meta: &seen.type_meta,
                };
                tokio::time::timeout(ABANDONED, judge(&shared, &policy, &judged, subject)).await
            });
            let verdict = match task.await {
                Ok(Ok(verdict)) => verdict,
                _ => PolicyVerdict {
                    policy: name,
                    mode,
                    satisfied: false,
                    undecided: true,
                    authorities: Vec::new(),
                    reason: Some("the check did not come to an end".to_owned()),
                    warnings: Vec::new(),
                },
            };
            if !verdict.satisfied {
                // The next denial is to be made of what is there then.
                self.gathered.forget_all(|(of, ..)| of == image);
            }
            let lifetime = match (verdict.satisfied, verdict.undecided) {
                (true, _) if timed => self.settings.cache_lifetime.min(TIMED),
                (true, _) => self.settings.cache_lifetime,
                (false, false) => self.settings.cache_lifetime.min(DENIED),
                (false, true) => Duration::ZERO,
            };
            (verdict, lifetime)
        };
        self.results.get(&key, make).await
    }

    /// Looks up the digest of each image that is named by a tag and needs one: what a mutation puts beside the tag.
    /// Images that can't be resolved are left for the validation to deny; the texts say why.
    pub async fn resolve(self: &Arc<Self>, workload: &Workload) -> (BTreeMap<String, String>, Vec<String>) {
        let set = self.policies.get();
        let evidence = self.evidence(self.puller(workload));
        let wanted = workload.images.iter().filter_map(|used| {
            let reference: Reference = used.image.parse().ok()?;
            let needed = evaluate::needs_digest(&set.policies, workload, &reference, &used.image);
            needed.then_some((used, reference))
        });
        let evidence = &evidence;
        let resolved = wanted.map(|(used, reference)| async move {
            let digest = evidence.resolve(&reference).await;
            (used, digest)
        });
        let mut replaced = BTreeMap::new();
        let mut failures = Vec::new();
        for (used, digest) in some_at_once(resolved.collect()).await {
            match digest {
                Ok(digest) => {
                    replaced.insert(used.path.clone(), pinned(&used.image, &digest));
                }
                Err(error) => failures.push(format!("{}: {}: {error}", used.path, used.image)),
            }
        }
        (replaced, failures)
    }
}

/// Evidence that all requests share, fetched with one workload's credentials.
#[derive(Clone)]
struct Shared {
    engine: Arc<Engine>,
    roots: Arc<Roots>,
    puller: Puller,
}

impl Shared {
    /// The images as whoever pulls can see them, with the policy's own secrets added.
    async fn images(&self, source: Option<&Source>) -> (Images, Arc<Keychain>) {
        let engine = &self.engine;
        let puller = self.puller.with(source);
        let keychain = match &engine.cluster {
            Some(cluster) if !puller.is_empty() => {
                engine
                    .keychains
                    .get(&puller, || async {
                        let keychain = Keychain::load(cluster, &puller, &engine.registries).await;
                        let whole = keychain.failures.is_empty();
                        (Arc::new(keychain), if whole { KEYCHAINS } else { DENIED })
                    })
                    .await
            }
            _ => Arc::new(Keychain::default()),
        };
        let client = keychain.client.clone().unwrap_or_else(|| engine.default.clone());
        (Images::Registries(client), keychain)
    }
}

async fn within<T>(lookup: impl Future<Output = T>, image: &Reference) -> Result<T, LookupError> {
    tokio::time::timeout(LOOKUP, lookup).await.map_err(|_| LookupError {
        message: format!(
            "{} did not answer within {} s",
            image.repository().registry(),
            LOOKUP.as_secs()
        ),
        image_missing: false,
    })
}

/// The time, in seconds since 1970.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

impl Evidence for Shared {
    type Candidate = Arc<Candidate>;

    async fn resolve(&self, image: &Reference) -> Result<Digest, LookupError> {
        let key = (image.clone(), self.puller.clone());
        let make = || async {
            let (images, keychain) = self.images(None).await;
            let result = within(images.resolve(image), image).await;
            let result = result.and_then(|r| r).map_err(|e| keychain.explain(e));
            let lifetime = if result.is_ok() { RESOLVED } else { Duration::ZERO };
            (result, lifetime)
        };
        self.engine.resolved.get(&key, make).await
    }

    async fn candidates(
        &self,
        image: &Reference,
        source: &Source,
        attestations: bool,
    ) -> Arc<Gathered<Arc<Candidate>>> {
        let key = (image.clone(), source.clone(), attestations, self.puller.clone());
        let make = || async {
            self.engine.lookups.fetch_add(1, Ordering::Relaxed);
            let (images, keychain) = self.images(Some(source)).await;
            let mut gathered =
                match within(images.gather(image, source, attestations, &self.engine.memory), image).await {
                    Ok(gathered) => gathered,
                    Err(error) => Gathered {
                        candidates: Vec::new(),
                        failure: Some(error),
                        held: Share::default(),
                    },
                };
            gathered.failure = gathered.failure.map(|e| keychain.explain(e));
            // A denial is to be made of what is there then, so only what has something is kept, and what is large is not.
            let is_kept = gathered.failure.is_none() && gathered.held.bytes() <= MAX_KEPT;
            let lifetime = if is_kept && !gathered.candidates.is_empty() {
                GATHERED
            } else {
                Duration::ZERO
            };
            (Arc::new(gathered), lifetime)
        };
        self.engine.gathered.get(&key, make).await
    }

    async fn config_files(&self, image: &Reference) -> Result<Value, LookupError> {
        let (images, keychain) = self.images(None).await;
        let result = within(images.config_files(image), image).await;
        result.and_then(|r| r).map_err(|e| keychain.explain(e))
    }

    fn verify(&self, candidate: &Arc<Candidate>, image: &Reference, authority: &Authority) -> Result<Found, Rejected> {
        images::check(candidate, image, authority, &self.roots, now())
    }

    fn unusable(&self, authority: &Authority) -> Option<String> {
        trust::verification(authority, &Digest::sha256(b""), &self.roots).err()
    }

    fn now(&self) -> i64 {
        now()
    }
}
