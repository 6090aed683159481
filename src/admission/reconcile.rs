//! Keeps the policies in force up to date: from files, or from the cluster with their secrets and config maps.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::cluster::{Api, ApiError, Change};
use super::handler::Handler;
use super::policies::{self, Broken, Set};
use crate::digest::Digest;
use crate::http;
use crate::policy::document::Node;
use crate::policy::parse;
use crate::policy::resource::{ClusterImagePolicy, Needed, Resolved};

/// How often files are looked at.
const FILES: Duration = Duration::from_secs(2);
/// How often secrets and config maps of policies are read again.
const REFRESH: Duration = Duration::from_secs(60);
/// When they are read again after one could not be.
const REREAD: Duration = Duration::from_secs(5);
/// Between the end of a watch and the next list.
const PAUSE: Duration = Duration::from_millis(200);
/// Shortest and longest wait after a failure.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Runs what may take long, such as the first evaluation of a rego policy, beside the answers to the API server; `None`
/// if it did not come to an end.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// Follows policy files for ever. A set with an error in a file is not put in force: the one before stays.
pub async fn files(handler: Arc<Handler>, paths: Vec<PathBuf>) {
    let paths: Arc<[PathBuf]> = paths.into();
    let mut known = None;
    loop {
        let now = policies::fingerprint(&paths);
        let changed = known.as_ref() != Some(&now);
        let read = Arc::clone(&paths);
        if changed && let Some(set) = aside(move || policies::load(&read)).await {
            let whole = set.is_whole();
            tell(&handler, &set, !whole);
            // Until there is a whole one for the first time, everything is denied.
            if whole {
                handler.engine.policies.replace(set);
                handler.ready.store(true, Ordering::Release);
            }
            known = Some(now);
        }
        tokio::time::sleep(FILES).await;
    }
}

fn tell(handler: &Handler, set: &Set, kept: bool) {
    let names: Vec<_> = set.policies.iter().map(|p| p.name.as_str()).collect();
    let broken: Vec<_> = set.broken.iter().map(|b| format!("{}: {}", b.name, b.reason)).collect();
    (handler.log)(&json!({
        "time": jiff::Timestamp::now().to_string(), "msg": "policies", "names": names, "broken": broken,
        "keptPrevious": kept,
    }));
}

/// Follows the policies of a cluster for ever, and writes their status.
pub async fn cluster(handler: Arc<Handler>, api: Arc<Api>, http: http::Client) {
    let mut state = State {
        handler,
        api,
        http,
        objects: BTreeMap::new(),
        statuses: BTreeMap::new(),
        valid: BTreeMap::new(),
        contents: Resolved::new(),
        unread: false,
    };
    let mut wait = RETRY.0;
    loop {
        match state.follow().await {
            Ok(()) => {
                wait = RETRY.0;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => {
                // The policies that are in force stay.
                (state.handler.log)(&json!({
                    "time": jiff::Timestamp::now().to_string(), "msg": "cluster", "error": error.to_string(),
                }));
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(RETRY.1);
            }
        }
    }
}

struct State {
    handler: Arc<Handler>,
    api: Arc<Api>,
    http: http::Client,
    objects: BTreeMap<String, Value>,
    statuses: BTreeMap<String, Value>,
    /// The last valid version of each policy, with its uid: it stays in force when the next one is not valid.
    valid: BTreeMap<String, (Value, ClusterImagePolicy)>,
    /// What was read last of what policies refer to: it counts on while it can't be read.
    contents: Resolved,
    /// Whether something could not be read.
    unread: bool,
}

impl State {
    /// Lists, then watches until the watch ends.
    async fn follow(&mut self) -> Result<(), ApiError> {
        let (items, mut version) = self.api.list_policies().await?;
        self.objects = items.into_iter().map(|item| (name_of(&item), item)).collect();
        self.apply().await;
        let mut watch = self.api.watch_policies(&version).await?;
        let mut refreshed = tokio::time::Instant::now();
        loop {
            let due = refreshed + if self.unread { REREAD } else { REFRESH };
            let change = tokio::select! {
                change = watch.next() => change?,
                () = tokio::time::sleep_until(due) => {
                    refreshed = tokio::time::Instant::now();
                    self.apply().await;
                    continue;
                }
            };
            match change {
                None | Some(Change::Expired) => return Ok(()),
                Some(Change::Bookmark(at)) => {
                    version = at;
                    let _ = &version;
                }
                Some(Change::Put(object)) => {
                    let name = name_of(&object);
                    let fields = [
                        "/spec",
                        "/metadata/annotations",
                        "/metadata/uid",
                        "/metadata/generation",
                    ];
                    let same = self
                        .objects
                        .get(&name)
                        .is_some_and(|old| fields.iter().all(|f| old.pointer(f) == object.pointer(f)));
                    self.objects.insert(name, *object);
                    // Our own status comes back as a change that changes nothing.
                    if !same {
                        self.apply().await;
                    }
                }
                Some(Change::Gone(object)) => {
                    self.objects.remove(&name_of(&object));
                    self.statuses.remove(&name_of(&object));
                    self.valid.remove(&name_of(&object));
                    self.apply().await;
                }
            }
        }
    }

    /// Puts the objects in force; all of them, or what was before stays. For one that is not valid its last valid version
    /// is in force, or else what denies all that it is for.
    async fn apply(&mut self) {
        let mut set = Set::default();
        let mut outcomes = Vec::new();
        let mut needed = BTreeSet::new();
        self.unread = false;
        self.valid.retain(|name, _| self.objects.contains_key(name));
        for (name, object) in self.objects.clone() {
            let node = Node::from_value(&object);
            let Some((parsed, node)) = aside(move || (parse::policy(&node), node)).await else {
                return;
            };
            let uid = object.pointer("/metadata/uid").cloned().unwrap_or_default();
            let reason = parsed.reason();
            let (policy, invalid) = match parsed.policy {
                Some(policy) => {
                    self.valid.insert(name.clone(), (uid, policy.clone()));
                    (policy, None)
                }
                None => match self.valid.get(&name).filter(|(of, _)| *of == uid) {
                    Some((_, last)) => (
                        last.clone(),
                        Some(format!("{reason}; its last valid version is in force")),
                    ),
                    None => {
                        let stand_in = parse::stand_in(&node, &reason);
                        (
                            stand_in,
                            Some(format!("{reason}; all images that it is for are denied")),
                        )
                    }
                },
            };
            needed.extend(policy.references());
            let (policy, missing) = self.resolved(policy).await;
            let unusable = policy.authorities.iter().find_map(|a| {
                crate::policy::trust::verification(a, &Digest::sha256(b""), &self.handler.engine.roots()).err()
            });
            let failure = match (invalid, missing, unusable) {
                (Some(reason), ..) => Some(("InvalidSpec", reason)),
                (None, Some(reason), _) => Some(("ReferenceMissing", reason)),
                (None, None, Some(reason)) => Some(("AuthorityUnusable", reason)),
                (None, None, None) => None,
            };
            if let Some((kind, reason)) = failure.clone()
                && kind != "AuthorityUnusable"
            {
                set.broken.push(Broken {
                    name: name.clone(),
                    reason,
                    in_force: true,
                });
            }
            outcomes.push((name, failure));
            set.policies.push(Arc::new(policy));
        }
        self.contents.retain(|one, _| needed.contains(one));
        let key = |set: &Set| {
            let policies = set.policies.iter().map(|p| (p.name.clone(), p.fingerprint.clone()));
            (policies.collect::<Vec<_>>(), set.broken.clone())
        };
        if !self.handler.is_ready() || key(&self.handler.engine.policies.get()) != key(&set) {
            tell(&self.handler, &set, false);
        }
        self.handler.engine.policies.replace(set);
        self.handler.ready.store(true, Ordering::Release);
        for (name, failure) in outcomes {
            self.status(&name, failure).await;
        }
    }

    /// The policy with what it refers to, and what could not be found.
    async fn resolved(&mut self, policy: ClusterImagePolicy) -> (ClusterImagePolicy, Option<String>) {
        let needed = policy.references();
        if needed.is_empty() {
            return (policy, None);
        }
        let mut found = Resolved::new();
        let mut problem = None;
        for one in needed {
            match self.fetch(&one).await {
                Ok(values) => {
                    self.contents.insert(one.clone(), values);
                }
                Err(error) if error.is_answer() => {
                    self.contents.remove(&one);
                    problem = problem.or(Some(format!("{one}: {error}")));
                }
                Err(error) => {
                    self.unread = true;
                    (self.handler.log)(&json!({
                        "time": jiff::Timestamp::now().to_string(), "msg": "reference", "policy": policy.name,
                        "error": format!("{one}: {error}"), "keptPrevious": self.contents.contains_key(&one),
                    }));
                    if !self.contents.contains_key(&one) {
                        problem = problem.or(Some(format!("{one}: {error}")));
                    }
                }
            }
            if let Some(values) = self.contents.get(&one) {
                found.insert(one, values.clone());
            }
        }
        let mut whole = policy.clone();
        match aside(move || (whole.resolve(&found), whole)).await {
            Some((Ok(()), whole)) => (whole, problem),
            Some((Err(error), whole)) => (whole, problem.or(Some(error.to_string()))),
            None => (policy, problem.or(Some("it could not be resolved".to_owned()))),
        }
    }

    async fn fetch(&self, needed: &Needed) -> Result<Vec<Vec<u8>>, ApiError> {
        let own = self.api.namespace();
        // Policies are of the cluster: one may name other namespaces, but the role decides what the webhook may read.
        match needed {
            Needed::Secret { namespace, name } => {
                let values = self.api.secret(namespace.as_deref().unwrap_or(own), name).await?;
                Ok(values.into_iter().map(|(_, value)| value.to_vec()).collect())
            }
            Needed::ConfigMap { namespace, name, key } => Ok(vec![
                self.api
                    .config_map(namespace.as_deref().unwrap_or(own), name, key)
                    .await?,
            ]),
            Needed::Remote { url, .. } => Ok(vec![Api::remote(&self.http, url).await?]),
        }
    }

    /// Writes the condition `Ready`, when it changed.
    async fn status(&mut self, name: &str, failure: Option<(&str, String)>) {
        let Some(object) = self.objects.get(name) else {
            return;
        };
        let generation = object.pointer("/metadata/generation").cloned().unwrap_or(Value::Null);
        let (ready, reason, message) = match &failure {
            None => ("True", "Enforced", String::new()),
            Some((reason, message)) => ("False", *reason, crate::policy::decision::cut(message.clone(), 1000)),
        };
        let mut condition = json!({ "type": "Ready", "status": ready, "reason": reason, "message": message });
        let known = object
            .pointer("/status/conditions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|c| c.get("type") == condition.get("type"));
        let same = |old: &Value| {
            ["status", "reason", "message"]
                .iter()
                .all(|f| old.get(f) == condition.get(f))
        };
        let observed = object.pointer("/status/observedGeneration") == Some(&generation);
        if (known.is_some_and(same) && observed) || self.statuses.get(name) == Some(&json!([condition, generation])) {
            return;
        }
        let key = json!([condition, generation]);
        condition["lastTransitionTime"] = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into();
        let status = json!({ "observedGeneration": generation, "conditions": [condition] });
        match self.api.write_status(name, status).await {
            Ok(()) => {
                self.statuses.insert(name.to_owned(), key);
            }
            Err(error) => (self.handler.log)(&json!({
                "time": jiff::Timestamp::now().to_string(), "msg": "status", "policy": name, "error": error.to_string(),
            })),
        }
    }
}

fn name_of(object: &Value) -> String {
    object
        .pointer("/metadata/name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
