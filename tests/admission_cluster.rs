//! The webhook in a cluster: policies listed and watched, references resolved, conditions written, pull secrets used.
//! The API server is a small stand-in that answers what the real one does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::admission::cluster::Api;
use countersign::admission::engine::{Engine, Settings};
use countersign::admission::handler::{Call, Handler, Mutate};
use countersign::admission::metrics::Metrics;
use countersign::admission::reconcile;
use countersign::http;
use countersign::policy::evaluate::NoMatch;
use countersign::policy::trust::Roots;
use countersign::registry::{Client, Options};
use serde_json::{Value, json};
use support::registry::{Embedded, Fault, Rule};

/// Objects by path, what watchers are told, and the statuses that were written.
#[derive(Default)]
struct Cluster {
    objects: Mutex<HashMap<String, Value>>,
    policies: Mutex<Vec<Value>>,
    events: Mutex<Vec<tokio::sync::mpsc::UnboundedSender<String>>>,
    statuses: Mutex<Vec<(String, Value)>>,
    failing: AtomicBool,
    asked: Mutex<Vec<String>>,
}

impl Cluster {
    fn put(&self, path: &str, object: Value) {
        self.objects.lock().unwrap().insert(path.to_owned(), object);
    }

    fn tell(&self, kind: &str, object: &Value) {
        let line = format!("{}\n", json!({"type": kind, "object": object}));
        for watcher in self.events.lock().unwrap().iter() {
            let _ = watcher.send(line.clone());
        }
    }

    fn condition(&self, policy: &str) -> Option<Value> {
        let statuses = self.statuses.lock().unwrap();
        let last = statuses.iter().rev().find(|(name, _)| name == policy)?;
        Some(last.1["status"]["conditions"][0].clone())
    }
}

async fn serve(State(cluster): State<Arc<Cluster>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    cluster
        .asked
        .lock()
        .unwrap()
        .push(format!("{} {path}", request.method()));
    let policies = "/apis/policy.sigstore.dev/v1beta1/clusterimagepolicies";
    if path == policies && query.contains("watch=true") {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<String>();
        cluster.events.lock().unwrap().push(sender);
        let lines = futures_util::stream::unfold(receiver, |mut receiver| async move {
            let line = receiver.recv().await?;
            Some((Ok::<_, std::convert::Infallible>(Bytes::from(line)), receiver))
        });
        return Body::from_stream(lines).into_response();
    }
    if path == policies {
        let items = cluster.policies.lock().unwrap().clone();
        let list = json!({"metadata": {"resourceVersion": "1"}, "items": items});
        return list.to_string().into_response();
    }
    if let Some(name) = path.strip_prefix(policies).and_then(|p| p.strip_suffix("/status")) {
        let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
        let status = serde_json::from_slice(&body).unwrap();
        cluster
            .statuses
            .lock()
            .unwrap()
            .push((name.trim_start_matches('/').to_owned(), status));
        return "{}".into_response();
    }
    if cluster.failing.load(Ordering::Relaxed) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    match cluster.objects.lock().unwrap().get(&path) {
        Some(object) => object.to_string().into_response(),
        None if path.contains("forbidden") => StatusCode::FORBIDDEN.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn start() -> (Arc<Cluster>, Arc<Handler>) {
    start_with(Settings::default()).await
}

async fn start_with(settings: Settings) -> (Arc<Cluster>, Arc<Handler>) {
    let cluster = Arc::new(Cluster::default());
    let router = Router::new().fallback(serve).with_state(Arc::clone(&cluster));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = hyper_util::service::TowerToHyperService::new(router.clone());
            tokio::spawn(async move {
                let io = hyper_util::rt::TokioIo::new(stream);
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(io, service)
                    .await;
            });
        }
    });
    let http = http::Client::new(http::Config {
        retries: 0,
        ..http::Config::default()
    });
    let api = Arc::new(Api::at(
        http.clone(),
        format!("http://{address}"),
        None,
        "countersign-system",
    ));
    let keyed = {
        let http = http.clone();
        move |credentials| {
            let options = Options {
                credentials,
                ..Options::default()
            };
            Client::new(http.clone(), options)
        }
    };
    let handler = Arc::new(Handler {
        engine: Engine::new(
            settings,
            Roots::none("no root"),
            Client::new(http.clone(), Options::default()),
            keyed,
            Some(Arc::clone(&api)),
        ),
        metrics: Metrics::default(),
        mutate: Mutate::All,
        deadline: Duration::from_secs(8),
        ready: AtomicBool::new(false),
        log: Box::new(|_| {}),
    });
    tokio::spawn(reconcile::cluster(Arc::clone(&handler), api, http));
    (cluster, handler)
}

/// Waits until `condition` holds; what it waits for comes within a moment or never.
async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..400 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it did not come about");
}

fn policy(name: &str, authority: Value) -> Value {
    json!({
        "apiVersion": "policy.sigstore.dev/v1beta1", "kind": "ClusterImagePolicy",
        "metadata": {"name": name, "uid": format!("uid-{name}"), "generation": 1, "resourceVersion": "1"},
        "spec": {"images": [{"glob": "**"}], "authorities": [authority]},
    })
}

fn secret(entries: &[(&str, &[u8])]) -> Value {
    let data: serde_json::Map<_, _> = entries
        .iter()
        .map(|(key, value)| ((*key).to_owned(), json!(STANDARD.encode(value))))
        .collect();
    json!({"kind": "Secret", "data": data})
}

#[tokio::test]
async fn policies_follow_the_cluster_and_their_status_says_how_they_are() {
    let registry = Embedded::recorded("cosign", "plain");
    let dump = support::vectors::dumps("cosign", "plain").remove(0);
    let image = format!("{}/{}@{}", registry.address, dump.repository, dump.tags["1.0"]);
    let review = support::vectors::text("admission/deployment-create.json").replace("@IMAGE@", &image);
    let (cluster, handler) = start().await;
    let keyed = policy("keyed", json!({"name": "a", "key": {"secretRef": {"name": "signer"}}}));
    until(|| handler.is_ready() && !cluster.events.lock().unwrap().is_empty()).await;
    let answer = |handler: Arc<Handler>, review: String| async move {
        handler.answer(Call::Validate, review.as_bytes(), None).await.unwrap()
    };
    let denied = answer(Arc::clone(&handler), review.clone()).await.message.unwrap();
    assert!(denied.contains("no matching policies"), "{denied}");

    // The secret with its key is not there: the policy is in force, and nothing satisfies it.
    cluster.tell("ADDED", &keyed);
    until(|| cluster.condition("keyed").is_some()).await;
    let condition = cluster.condition("keyed").unwrap();
    assert_eq!(
        (condition["status"].as_str(), condition["reason"].as_str()),
        (Some("False"), Some("ReferenceMissing"))
    );
    assert!(
        condition["message"]
            .as_str()
            .unwrap()
            .contains("secret signer: it does not exist")
    );
    let denied = answer(Arc::clone(&handler), review.clone()).await.message.unwrap();
    assert!(
        denied.contains("the secret \"signer\" with its key is not at hand"),
        "{denied}"
    );

    let key = support::vectors::read("cosign/keys/p256-empty-password.pub");
    cluster.put(
        "/api/v1/namespaces/countersign-system/secrets/signer",
        secret(&[("cosign.pub", &key)]),
    );
    let mut touched = keyed.clone();
    touched["metadata"]["annotations"] = json!({"touched": "yes"});
    cluster.tell("MODIFIED", &touched);
    until(|| cluster.condition("keyed").is_some_and(|c| c["status"] == "True")).await;
    assert!(answer(Arc::clone(&handler), review.clone()).await.allowed);

    // Another policy that is not valid is told, and denies what it is for.
    let mut broken = policy("broken", json!({"key": {"data": "x"}}));
    broken["spec"]["mode"] = json!("audit");
    cluster.tell("ADDED", &broken);
    until(|| {
        cluster
            .condition("broken")
            .is_some_and(|c| c["reason"] == "InvalidSpec")
    })
    .await;
    let denied = answer(Arc::clone(&handler), review.clone()).await.message.unwrap();
    assert!(denied.contains("failed policy: broken"), "{denied}");
    assert!(denied.contains("unsupported mode"), "{denied}");
    cluster.tell("DELETED", &broken);
    until(|| handler.engine.policies.get().policies.len() == 1).await;
    assert!(answer(Arc::clone(&handler), review.clone()).await.allowed);

    // The API server fails: what was read of the secret counts on, and is read again soon.
    cluster.failing.store(true, Ordering::Relaxed);
    let mut again = touched.clone();
    again["metadata"]["annotations"] = json!({"touched": "again"});
    let asked = || {
        let asked = cluster.asked.lock().unwrap();
        asked.iter().filter(|a| a.ends_with("secrets/signer")).count()
    };
    let before = asked();
    cluster.tell("MODIFIED", &again);
    until(|| asked() > before).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(answer(Arc::clone(&handler), review.clone()).await.allowed);
    until(|| asked() > before + 1).await;
    cluster.failing.store(false, Ordering::Relaxed);

    // A signer more is asked for in an annotation, of which Kubernetes counts no generation.
    let mut two = touched.clone();
    two["metadata"]["annotations"] = json!({"countersign.dev/required-signers": "2"});
    cluster.tell("MODIFIED", &two);
    until(|| handler.engine.policies.get().policies[0].required_signers == 2).await;
    assert!(!answer(Arc::clone(&handler), review.clone()).await.allowed);

    cluster.tell("DELETED", &touched);
    until(|| handler.engine.policies.get().policies.is_empty()).await;
    assert!(!answer(handler, review).await.allowed);
}

#[tokio::test]
async fn a_policy_that_is_not_valid_is_never_passed_over() {
    let registry = Embedded::recorded("cosign", "plain");
    let dump = support::vectors::dumps("cosign", "plain").remove(0);
    let image = format!("{}/{}@{}", registry.address, dump.repository, dump.tags["1.0"]);
    let review = support::vectors::text("admission/deployment-create.json").replace("@IMAGE@", &image);
    let elsewhere = review.replace(&image, &image.replace("/acme/", "/other/"));
    let (cluster, handler) = start_with(Settings {
        no_match: NoMatch::Allow,
        ..Settings::default()
    })
    .await;
    until(|| handler.is_ready() && !cluster.events.lock().unwrap().is_empty()).await;
    let message = |review: &str| {
        let (handler, review) = (Arc::clone(&handler), review.to_owned());
        async move {
            let response = handler.answer(Call::Validate, review.as_bytes(), None).await.unwrap();
            response.message
        }
    };
    assert_eq!(message(&review).await, None);

    // No version of it was ever valid: what its globs match is denied, in all kinds and modes.
    let mut broken = policy("broken", json!({"static": {"action": "maybe"}}));
    broken["spec"]["images"] = json!([{"glob": "**/acme/*"}]);
    broken["spec"]["mode"] = json!("warn");
    broken["spec"]["match"] = json!([{"resource": "pods"}]);
    cluster.tell("ADDED", &broken);
    until(|| cluster.condition("broken").is_some()).await;
    let told = message(&review).await.expect("admitted");
    assert!(told.contains("failed policy: broken"), "{told}");
    assert!(
        told.contains("spec.authorities[0].static.action") && told.contains("repair"),
        "{told}"
    );
    assert_eq!(message(&elsewhere).await, None);

    // Not even its images can be read: every image is denied.
    broken["spec"]["images"] = json!([{"glob": "**/acme/*"}, {"blob": "x"}]);
    broken["metadata"]["generation"] = json!(2);
    cluster.tell("MODIFIED", &broken);
    until(|| cluster.statuses.lock().unwrap().len() > 1).await;
    assert!(message(&elsewhere).await.is_some());

    // Once a version was valid, it stays in force.
    let key = support::vectors::text("cosign/keys/p256-empty-password.pub");
    let mut valid = policy("broken", json!({"key": {"data": key}}));
    valid["metadata"]["generation"] = json!(3);
    cluster.tell("MODIFIED", &valid);
    until(|| cluster.condition("broken").is_some_and(|c| c["status"] == "True")).await;
    assert_eq!(message(&review).await, None);
    broken["metadata"]["generation"] = json!(4);
    cluster.tell("MODIFIED", &broken);
    until(|| cluster.condition("broken").is_some_and(|c| c["status"] == "False")).await;
    let condition = cluster.condition("broken").unwrap();
    assert!(
        condition["message"]
            .as_str()
            .unwrap()
            .contains("its last valid version is in force"),
        "{condition}"
    );
    assert_eq!(message(&review).await, None);
    let other = message(&elsewhere).await.expect("admitted");
    assert!(
        other.contains("failed policy: broken") && !other.contains("not valid"),
        "{other}"
    );
}

#[tokio::test]
async fn pull_secrets_are_used_and_named_when_they_do_not_help() {
    let registry = Embedded::recorded("cosign", "plain");
    let dump = support::vectors::dumps("cosign", "plain").remove(0);
    let image = format!("{}/{}@{}", registry.address, dump.repository, dump.tags["1.0"]);
    let review = support::vectors::text("admission/pod-create.json").replace("@IMAGE@", &image);
    let (cluster, handler) = start().await;
    let key = support::vectors::text("cosign/keys/p256-empty-password.pub");
    cluster
        .policies
        .lock()
        .unwrap()
        .push(policy("p", json!({"key": {"data": key}})));
    cluster.put(
        "/api/v1/namespaces/shop/serviceaccounts/default",
        json!({"imagePullSecrets": [{"name": "of-account"}, {"name": "forbidden"}]}),
    );
    // A helper in a pull secret must not be run: a tenant wrote it.
    let config =
        json!({"auths": {registry.address.clone(): {"auth": STANDARD.encode("me:secret")}}, "credsStore": "evil"});
    cluster.put(
        "/api/v1/namespaces/shop/secrets/of-account",
        secret(&[(".dockerconfigjson", config.to_string().as_bytes())]),
    );
    until(|| handler.is_ready() && !handler.engine.policies.get().policies.is_empty()).await;
    registry.control.on_request(|seen| {
        let expected = format!("Basic {}", STANDARD.encode("me:secret"));
        match seen.header("authorization") {
            Some(given) if given == expected => None,
            _ => Some(Fault::Answer {
                status: 401,
                headers: vec![("WWW-Authenticate".into(), "Basic realm=\"r\"".into())],
                body: Vec::new(),
            }),
        }
    });
    let response = handler.answer(Call::Validate, review.as_bytes(), None).await.unwrap();
    assert!(response.allowed, "{:?}", response.message);
    let asked = cluster.asked.lock().unwrap().clone();
    for path in ["secrets/regcred", "serviceaccounts/default", "secrets/of-account"] {
        assert!(asked.iter().any(|a| a.ends_with(path)), "{path} {asked:?}");
    }

    registry.control.heal();
    registry.control.inject(Rule::new(Fault::status(403)).path("/v2/"));
    let other = review.replace("@sha256:0", "@sha256:1");
    let response = handler.answer(Call::Validate, other.as_bytes(), None).await.unwrap();
    let message = response.message.unwrap();
    for part in [
        "pull secrets tried: secret shop/of-account of the service account",
        "secret shop/regcred of the pod: it does not exist",
        "secret shop/forbidden of the service account: the API server does not allow it",
    ] {
        assert!(message.contains(part), "{part}\n{message}");
    }
}
