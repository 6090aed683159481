//! Answers reviews: decides, within the time that is left, and says what it did.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::engine::Engine;
use super::metrics::{Gauges, Metrics, Result as Outcome, Webhook};
use super::review::{Request, Response, pointer};
use super::subject::sees_subject;
use crate::policy::decision::{self, ImageVerdict};
use crate::policy::evaluate::Tags;
use crate::policy::workload::Workload;

/// What is kept of the API server's deadline for the way back.
const RESERVE: Duration = Duration::from_millis(500);
/// Shortest time that is taken for an answer.
const SHORTEST: Duration = Duration::from_millis(250);
/// Most warnings of an answer, and the longest, in bytes: an API server cuts what is more.
const MAX_WARNINGS: usize = 16;
const MAX_WARNING: usize = 250;
/// Most images of a workload: a Pod has a handful, and each is worked on.
const MAX_IMAGES: usize = 500;

/// Which objects a mutation changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mutate {
    /// All workloads, as policy-controller does.
    #[default]
    All,
    /// Pods only: what other workloads say stays as it was applied, and their tags are judged by what they name now.
    Pods,
    /// Nothing: tags are refused.
    Nothing,
}

/// Which webhook was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Checks.
    Validate,
    /// Replaces tags by digests.
    Mutate,
}

/// Answers reviews.
pub struct Handler {
    /// What judges.
    pub engine: Arc<Engine>,
    /// Its counters.
    pub metrics: Metrics,
    /// Which objects a mutation changes.
    pub mutate: Mutate,
    /// Longest time for an answer; the API server's own, when it tells one, is shorter by a reserve.
    pub deadline: Duration,
    /// Whether policies were read at least once.
    pub ready: AtomicBool,
    /// Takes a line of the decision log.
    pub log: Box<dyn Fn(&Value) + Send + Sync>,
}

impl Handler {
    /// Answers the body of a request. `timeout` is what the API server says that it waits.
    ///
    /// # Errors
    /// A sentence when the body is no review; the caller answers 400, and the API server applies its failure policy.
    pub async fn answer(&self, call: Call, body: &[u8], timeout: Option<Duration>) -> Result<Response, String> {
        let started = Instant::now();
        let counters = match call {
            Call::Validate => &self.metrics.validate,
            Call::Mutate => &self.metrics.mutate,
        };
        let mut request = match Request::parse(body) {
            Ok(request) => request,
            Err(error) => {
                counters.count(Outcome::Malformed, started.elapsed());
                return Err(error.to_string());
            }
        };
        let Some(workload) = self.to_judge(&request) else {
            counters.count(Outcome::Passed, started.elapsed());
            return Ok(Response::allow(&request.uid));
        };
        // What is needed of them is in the workload; the answer may take its time.
        (request.object, request.old_object) = (Value::Null, Value::Null);
        if let Some(reason) = self.refuses(&workload) {
            // A mutation leaves alone what the validation denies.
            let (response, outcome) = match call {
                Call::Validate => (Response::deny(&request.uid, reason), Outcome::Denied),
                Call::Mutate => (Response::allow(&request.uid), Outcome::Allowed),
            };
            counters.count(outcome, started.elapsed());
            if call == Call::Validate {
                self.record(&request, &workload, &response, &[], started, self.deadline);
            }
            return Ok(response);
        }
        let limit = timeout.map_or(self.deadline, |t| {
            self.deadline.min(t.saturating_sub(RESERVE)).max(SHORTEST)
        });
        Ok(match call {
            Call::Validate => self.validate(&request, &workload, started, limit, counters).await,
            Call::Mutate => self.mutate(&request, &workload, started, limit, counters).await,
        })
    }

    /// The workload of a request that has to be looked at.
    fn to_judge(&self, request: &Request) -> Option<Workload> {
        if request.passes().is_some() {
            return None;
        }
        let workload = request.workload()?;
        if self.refuses(&workload).is_some() {
            return Some(workload);
        }
        if !request.leaves_images_alone(&workload) {
            return Some(workload);
        }
        // The images are the old ones, but a policy may want to see what did change.
        let set = self.engine.policies.get();
        let seen = set.policies.iter().any(|p| sees_subject(p));
        let same = |part: &str| request.object.get(part) == request.old_object.get(part);
        (seen && !(same("spec") && same("metadata"))).then_some(workload)
    }

    /// Why a workload is denied without a look at its images, when it is.
    fn refuses(&self, workload: &Workload) -> Option<String> {
        if !self.is_ready() {
            let reason = "validation failed: the policies were not read yet, so that nothing is admitted\nTry again in a \
                          moment; if it persists, see the log of the webhook.";
            return Some(reason.to_owned());
        }
        let count = workload.images.len();
        (count > MAX_IMAGES).then(|| {
            format!(
                "validation failed: it names {count} images, more than the {MAX_IMAGES} that are checked at once\nSplit \
                 the workload."
            )
        })
    }

    async fn validate(
        &self,
        request: &Request,
        workload: &Workload,
        started: Instant,
        limit: Duration,
        counters: &Webhook,
    ) -> Response {
        let tags = match (self.mutate, workload.kind.as_str()) {
            (Mutate::Pods, kind) if kind != "Pod" => Tags::Resolve,
            _ => Tags::Refuse,
        };
        let judged = tokio::time::timeout(limit, self.engine.workload(workload, tags)).await;
        let (response, verdicts, outcome) = match judged {
            Err(_) => (
                Response::deny(&request.uid, too_late(workload, limit)),
                Vec::new(),
                Outcome::Deadline,
            ),
            Ok(verdicts) => {
                let mut response = match decision::denial(&verdicts) {
                    Some(message) => Response::deny(&request.uid, message),
                    None => Response::allow(&request.uid),
                };
                response.warnings = shortened(decision::warnings(&verdicts));
                let outcome = result(&verdicts, response.allowed);
                (response, verdicts, outcome)
            }
        };
        counters.count(outcome, started.elapsed());
        self.record(request, workload, &response, &verdicts, started, limit);
        response
    }

    async fn mutate(
        &self,
        request: &Request,
        workload: &Workload,
        started: Instant,
        limit: Duration,
        counters: &Webhook,
    ) -> Response {
        let mut response = Response::allow(&request.uid);
        let wanted = match self.mutate {
            Mutate::All => true,
            Mutate::Pods => workload.kind == "Pod",
            Mutate::Nothing => false,
        };
        if wanted {
            // What can't be resolved is left as it is: the validation denies it, with the reason.
            match tokio::time::timeout(limit, self.engine.resolve(workload)).await {
                Ok((replaced, failures)) => {
                    for (path, image) in replaced {
                        let field = if path.contains(".volumes[") {
                            format!("{}/reference", pointer(&path))
                        } else {
                            pointer(&path)
                        };
                        response
                            .patch
                            .push(json!({ "op": "replace", "path": field, "value": image }));
                    }
                    response.warnings = shortened(failures);
                }
                Err(_) => response.warnings = shortened(vec![too_late(workload, limit)]),
            }
        }
        counters.count(Outcome::Allowed, started.elapsed());
        response
    }

    /// One JSON line a decision.
    fn record(
        &self,
        request: &Request,
        workload: &Workload,
        response: &Response,
        verdicts: &[ImageVerdict],
        started: Instant,
        limit: Duration,
    ) {
        let milliseconds = started.elapsed().as_micros() as f64 / 1000.0;
        (self.log)(&json!({
            "time": jiff::Timestamp::now().to_string(),
            "msg": "admission",
            "uid": request.uid,
            "operation": request.operation,
            "namespace": request.namespace,
            "kind": workload.kind,
            "name": workload.name,
            "user": request.user_info.username,
            "dryRun": request.dry_run.unwrap_or(false),
            "allowed": response.allowed,
            "message": response.message,
            "milliseconds": milliseconds,
            "limitMilliseconds": u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
            "images": verdicts,
        }));
    }

    /// The page for Prometheus.
    pub fn metrics_page(&self) -> String {
        let set = self.engine.policies.get();
        let (cached, hits, misses, lookups) = self.engine.counts();
        self.metrics.page(Gauges {
            policies: set.policies.len(),
            broken_policies: set.broken.len(),
            cached,
            hits,
            misses,
            lookups,
        })
    }

    /// Whether policies were read, so that answers mean something.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}

fn result(verdicts: &[ImageVerdict], allowed: bool) -> Outcome {
    if allowed {
        return Outcome::Allowed;
    }
    match verdicts.iter().map(|v| v.outcome).max() {
        Some(decision::Outcome::Undecided) => Outcome::Undecided,
        _ => Outcome::Denied,
    }
}

fn too_late(workload: &Workload, limit: Duration) -> String {
    let images: Vec<_> = workload
        .images
        .iter()
        .take(4)
        .map(|i| crate::policy::fields::shown_image(&i.image))
        .collect();
    format!(
        "validation failed: the images could not be checked within {} ms: {}\nTry again: the check goes on, and its \
         result is kept; if it persists, check that the registry is reachable.",
        limit.as_millis(),
        images.join(", ")
    )
}

fn shortened(mut warnings: Vec<String>) -> Vec<String> {
    warnings.truncate(MAX_WARNINGS);
    warnings.into_iter().map(|w| decision::cut(w, MAX_WARNING)).collect()
}

/// The time that the API server waits, as it tells in the query: `timeout=10s`.
pub fn timeout_of(query: &str) -> Option<Duration> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("timeout="))?;
    if let Some(milliseconds) = value.strip_suffix("ms") {
        return milliseconds.parse().ok().map(Duration::from_millis);
    }
    let seconds: f64 = value.strip_suffix('s')?.parse().ok()?;
    (0.0..=60.0)
        .contains(&seconds)
        .then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_servers_time_is_read() {
        assert_eq!(timeout_of("timeout=10s"), Some(Duration::from_secs(10)));
        assert_eq!(timeout_of("a=b&timeout=2.5s"), Some(Duration::from_millis(2500)));
        assert_eq!(timeout_of("timeout=500ms"), Some(Duration::from_millis(500)));
        for bad in [
            "",
            "timeout=",
            "timeout=x",
            "timeout=-1s",
            "timeout=1e9s",
            "timeout=NaNs",
        ] {
            assert_eq!(timeout_of(bad), None, "{bad}");
        }
    }
}
