//! What the requests of one registry share, and the handle on it for tests.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::Request;

use super::faults::{Fault, Rule};
use super::storage::Storage;

/// Requests kept in the log; the first of more are kept.
const MAX_LOG: usize = 100_000;

/// How the registry behaves. The default is a well-behaved registry.
#[derive(Clone, Debug)]
pub struct Options {
    /// Serve the referrers API; without it, clients keep the fallback index.
    pub referrers_api: bool,
    /// Whether blobs of other repositories are mounted; else a mount opens an upload.
    pub mounts: bool,
    /// Send `ETag`s and honour `If-Match` and `If-None-Match` when a manifest is put.
    pub preconditions: bool,
    /// Tags that exist can't be put again.
    pub immutable_tags: bool,
    /// Refuse deletes.
    pub deletes: bool,
    /// Entries on a page of tags or referrers.
    pub page_size: usize,
    /// Each request is handled after this time.
    pub latency: Duration,
    /// Each request waits for a random time up to this one before it is handled and again before it is answered, so
    /// that concurrent requests overtake each other.
    pub jitter: Duration,
    /// Tags and referrers are answered as they were this long ago, as registries behind caches do.
    pub stale_for: Duration,
    /// Ask for this user and password (basic authentication).
    pub user: Option<(String, String)>,
    /// Keep the log of requests.
    pub record: bool,
    /// The most bytes a blob may have.
    pub max_blob: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            referrers_api: true,
            mounts: true,
            preconditions: true,
            immutable_tags: false,
            deletes: true,
            page_size: 1000,
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            stale_for: Duration::ZERO,
            user: None,
            record: false,
            max_blob: 4 << 30,
        }
    }
}

/// A request in the log.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status it was answered with; 0 while it is under way, or when it was never answered.
    pub status: u16,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Seen {
    /// The value of a header field by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Decides on the fault of a request.
type Hook = Arc<dyn Fn(&Seen) -> Option<Fault> + Send + Sync>;

/// What all requests share.
pub(super) struct Shared {
    pub(super) address: SocketAddr,
    storage: Mutex<Storage>,
    options: Mutex<(Options, Instant)>,
    rules: Mutex<(Vec<Rule>, Option<Hook>)>,
    log: Mutex<Log>,
    random: Mutex<u64>,
}

#[derive(Default)]
struct Log {
    /// How many entries were dropped from the front.
    forgotten: usize,
    entries: Vec<Seen>,
}

/// A lock whose content stays good: every change under it is complete or made by one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(address: SocketAddr, storage: Storage) -> Self {
        Self {
            address,
            storage: Mutex::new(storage),
            options: Mutex::new((Options::default(), Instant::now())),
            rules: Mutex::new((Vec::new(), None)),
            log: Mutex::new(Log::default()),
            random: Mutex::new(0x9e37_79b9_7f4a_7c15),
        }
    }

    pub(super) fn storage(&self) -> MutexGuard<'_, Storage> {
        lock(&self.storage)
    }

    pub(super) fn options(&self) -> Options {
        lock(&self.options).0.clone()
    }

    /// The instant up to which writes are visible: what is newer than the stale time is not, unless it was written
    /// before the registry was made stale.
    pub(super) fn visible_until(&self) -> Option<Instant> {
        let options = lock(&self.options);
        if options.0.stale_for.is_zero() {
            return None;
        }
        let then = Instant::now().checked_sub(options.0.stale_for);
        Some(then.map_or(options.1, |then| then.max(options.1)))
    }

    /// Logs a request; the number is for [`Shared::answered`].
    pub(super) fn arrived<B>(&self, request: &Request<B>) -> Option<usize> {
        if !lock(&self.options).0.record {
            return None;
        }
        let mut log = lock(&self.log);
        if log.entries.len() == MAX_LOG {
            return None;
        }
        log.entries.push(seen(request));
        Some(log.forgotten + log.entries.len() - 1)
    }

    pub(super) fn answered(&self, number: Option<usize>, status: u16) {
        let Some(number) = number else { return };
        let mut log = lock(&self.log);
        // A forgotten request has no entry any more.
        let entry = number
            .checked_sub(log.forgotten)
            .and_then(|index| log.entries.get_mut(index));
        if let Some(entry) = entry {
            entry.status = status;
        }
    }

    pub(super) fn fault_for<B>(&self, request: &Request<B>) -> Option<Fault> {
        let mut rules = lock(&self.rules);
        if rules.0.is_empty() && rules.1.is_none() {
            return None;
        }
        let seen = seen(request);
        let hook = rules.1.clone();
        let fault = rules.0.iter_mut().find_map(|rule| rule.apply(&seen.method, &seen.path));
        drop(rules);
        fault.or_else(|| hook.and_then(|hook| hook(&seen)))
    }

    /// Waits for the configured latency and a random part of the jitter.
    pub(super) async fn wait(&self) {
        let (latency, jitter) = {
            let options = lock(&self.options);
            (options.0.latency, options.0.jitter)
        };
        let mut time = latency / 2;
        if !jitter.is_zero() {
            let mut random = lock(&self.random);
            *random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // The upper bits are the good ones.
            time += jitter.mul_f64((*random >> 33) as f64 / f64::from(u32::MAX >> 1));
        }
        if !time.is_zero() {
            tokio::time::sleep(time).await;
        }
    }
}

fn seen<B>(request: &Request<B>) -> Seen {
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(|| request.uri().path(), |p| p.as_str());
    Seen {
        method: request.method().as_str().to_owned(),
        path: path.to_owned(),
        status: 0,
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
    }
}

/// The handle on a registry for tests.
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

impl Control {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The address the registry is bound to.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// Changes the options, from the next request on.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        let mut options = lock(&self.shared.options);
        change(&mut options.0);
        options.1 = Instant::now();
    }

    /// Adds a fault. Where several apply to a request, the first added counts.
    pub fn inject(&self, rule: Rule) {
        lock(&self.shared.rules).0.push(rule);
    }

    /// Asks `hook` for the fault of each request that no rule applies to.
    pub fn on_request(&self, hook: impl Fn(&Seen) -> Option<Fault> + Send + Sync + 'static) {
        lock(&self.shared.rules).1 = Some(Arc::new(hook));
    }

    /// Removes all rules and the hook.
    pub fn heal(&self) {
        *lock(&self.shared.rules) = (Vec::new(), None);
    }

    /// The requests seen since the start or the last [`Control::forget`], in the order of their arrival; only while
    /// [`Options::record`] is on.
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.shared.log).entries.clone()
    }

    /// Empties the log of requests.
    pub fn forget(&self) {
        let mut log = lock(&self.shared.log);
        log.forgotten += log.entries.len();
        log.entries.clear();
    }
}
