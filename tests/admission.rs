//! What an API server sees of the webhook: recorded reviews of real manifests, over the embedded registry.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use countersign::admission::engine::{Engine, Settings};
use countersign::admission::handler::{Call, Handler, Mutate};
use countersign::admission::metrics::Metrics;
use countersign::admission::policies::{self, Set};
use countersign::admission::reconcile;
use countersign::admission::review::Response;
use countersign::admission::server::{Server, probes, routes};
use countersign::http;
use countersign::policy::evaluate::NoMatch;
use countersign::policy::parse;
use countersign::policy::trust::Roots;
use countersign::reference::Target;
use countersign::registry::{Client, Options};
use serde_json::{Value, json};
use support::registry::{Embedded, Fault, Rule};

/// A webhook over the embedded registry, with the lines that it logs.
struct Webhook {
    handler: Arc<Handler>,
    log: Arc<Mutex<Vec<Value>>>,
}

fn set(policies: &str) -> Set {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("policies.yaml"), policies).unwrap();
    let set = policies::load(&[directory.path().to_owned()]);
    assert!(set.broken.is_empty(), "{:?}", set.broken);
    set
}

fn webhook(policies: &str, mutate: Mutate) -> Webhook {
    webhook_with(policies, mutate, Settings::default())
}

fn webhook_with(policies: &str, mutate: Mutate, settings: Settings) -> Webhook {
    let http = http::Client::new(http::Config {
        retries: 0,
        ..http::Config::default()
    });
    let client = Client::new(http.clone(), Options::default());
    let keyed = move |credentials| {
        let options = Options {
            credentials,
            ..Options::default()
        };
        Client::new(http.clone(), options)
    };
    let engine = Engine::new(settings, Roots::none("no root"), client, keyed, None);
    engine.policies.replace(set(policies));
    let log = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&log);
    let handler = Arc::new(Handler {
        engine,
        metrics: Metrics::default(),
        mutate,
        deadline: Duration::from_secs(8),
        ready: AtomicBool::new(true),
        log: Box::new(move |line| lines.lock().unwrap().push(line.clone())),
    });
    Webhook { handler, log }
}

impl Webhook {
    async fn validate(&self, review: &str) -> Response {
        self.handler
            .answer(Call::Validate, review.as_bytes(), None)
            .await
            .unwrap()
    }

    async fn mutate(&self, review: &str) -> Response {
        self.handler
            .answer(Call::Mutate, review.as_bytes(), None)
            .await
            .unwrap()
    }
}

fn key(name: &str) -> String {
    let pem = support::vectors::text(&format!("cosign/keys/{name}.pub"));
    pem.lines().map(|l| format!("        {l}\n")).collect()
}

fn policy(name: &str, glob: &str, key_name: &str) -> String {
    format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata:\n  name: {name}\nspec:\n  images:\n  \
         - glob: '{glob}'\n  authorities:\n  - key:\n      data: |\n{}---\n",
        key(key_name)
    )
}

fn recorded(file: &str, image: &str) -> String {
    support::vectors::text(&format!("admission/{file}.json")).replace("@IMAGE@", image)
}

/// The image of a recorded registry, by digest.
fn image(registry: &Embedded, scenario: &str) -> String {
    let dump = support::vectors::dumps("cosign", scenario).remove(0);
    format!("{}/{}@{}", registry.address, dump.repository, dump.tags["1.0"])
}

const SIGNER: &str = "p256-empty-password";

#[tokio::test]
async fn an_unsigned_deployment_is_denied_in_policy_controllers_words() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let webhook = webhook(&policy("my-image-policy", "**", SIGNER), Mutate::All);
    let image = image(&registry, "unsigned");
    let response = webhook.validate(&recorded("deployment-create", &image)).await;
    assert!(!response.allowed);
    assert_eq!(response.uid, "705ab4f5-6393-11e8-b7cc-42010a800002");
    assert_eq!(
        response.message.unwrap(),
        format!(
            "validation failed: failed policy: my-image-policy: spec.template.spec.containers[0].image\n{image} signature \
             key validation failed for authority authority-0 for {image}: no signatures found\nSign {image} with the \
             private key of authority authority-0 (countersign sign --key KEY {image}) and apply again."
        )
    );
    let log = webhook.log.lock().unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0]["allowed"], json!(false));
    assert_eq!(log[0]["images"][0]["outcome"], json!("denied"));
    assert_eq!(log[0]["namespace"], json!("shop"));
}

#[tokio::test]
async fn signed_images_are_admitted_in_either_format() {
    let pairs = [
        ("plain", SIGNER),
        ("legacy-v3", SIGNER),
        ("bundle-v3", SIGNER),
        ("both", SIGNER),
        ("both", "p256-password"),
        ("multi", SIGNER),
        ("key-rsa4096", "imported-rsa4096"),
        ("key-ed25519", "imported-ed25519"),
        ("identity", SIGNER),
    ];
    for (scenario, key) in pairs {
        let registry = Embedded::recorded("cosign", scenario);
        let webhook = webhook(&policy("p", "**", key), Mutate::All);
        let image = image(&registry, scenario);
        let response = webhook.validate(&recorded("deployment-create", &image)).await;
        assert!(response.allowed, "{scenario}: {:?}", response.message);
    }
}

#[tokio::test]
async fn another_key_is_told_what_was_wrong() {
    for scenario in ["plain", "bundle-v3"] {
        let registry = Embedded::recorded("cosign", scenario);
        let webhook = webhook(&policy("p", "**", "p256-password"), Mutate::All);
        let image = image(&registry, scenario);
        let response = webhook.validate(&recorded("deployment-create", &image)).await;
        let message = response.message.unwrap();
        assert!(message.contains("no matching signatures: "), "{message}");
        assert!(
            message.contains("The signatures there are not of authority authority-0"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn attestations_are_needed_of_their_type_and_satisfy_their_policy() {
    for scenario in ["att-v2", "att-v3"] {
        let registry = Embedded::recorded("cosign", scenario);
        let image = image(&registry, scenario);
        let with = |kind: &str, rule: &str| {
            let rule = if rule.is_empty() {
                String::new()
            } else {
                format!(
                    "\n      policy:\n        type: rego\n        data: |\n          package sigstore\n          isCompliant {{ {rule} }}"
                )
            };
            policy("p", "**", SIGNER).replace(
                "\n---\n",
                &format!("\n    attestations:\n    - name: a\n      predicateType: {kind}{rule}\n---\n"),
            )
        };
        let custom = "https://cosign.sigstore.dev/attestation/v1";
        let slsa = "https://slsa.dev/provenance/v0.2";
        for (policies, expected) in [
            (with(custom, ""), None),
            (
                with(slsa, "input.predicateType == \"https://slsa.dev/provenance/v0.2\""),
                None,
            ),
            (
                with(slsa, "input.predicate.none == 1"),
                Some("failed evaluating rego policy for a: policy is not compliant"),
            ),
            (
                with("https://spdx.dev/Document", ""),
                Some("no matching attestations with type https://spdx.dev/Document"),
            ),
        ] {
            let webhook = webhook(&policies, Mutate::All);
            let response = webhook.validate(&recorded("deployment-create", &image)).await;
            match expected {
                None => assert!(response.allowed, "{scenario}: {policies}\n{:?}", response.message),
                Some(text) => {
                    let message = response.message.expect("admitted");
                    assert!(message.contains(text), "{scenario}: {message}");
                }
            }
        }
        // An attestation alone is no signature.
        let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
        let response = webhook.validate(&recorded("deployment-create", &image)).await;
        assert!(response.message.expect("admitted").contains("no signatures found"));
    }
}

#[tokio::test]
async fn tags_become_digests_and_a_tag_that_is_left_is_denied() {
    let registry = Embedded::recorded("cosign", "plain");
    let tag = format!("{}/acme/plain:1.0", registry.address);
    let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
    let response = webhook.mutate(&recorded("pod-create", &tag)).await;
    assert!(response.allowed);
    let paths: Vec<_> = response.patch.iter().map(|p| p["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/spec/containers/0/image", "/spec/initContainers/0/image"]);
    let digest = image(&registry, "plain");
    let pinned = digest.replace('@', ":1.0@");
    assert!(
        response
            .patch
            .iter()
            .all(|p| p["value"] == json!(pinned) && p["op"] == "replace")
    );
    let json = response.to_json();
    let patch = base64::engine::general_purpose::STANDARD
        .decode(json["response"]["patch"].as_str().unwrap())
        .unwrap();
    assert!(serde_json::from_slice::<Value>(&patch).unwrap().is_array());
    let denied = webhook.validate(&recorded("deployment-create", &tag)).await;
    let message = denied.message.unwrap();
    assert!(
        message.starts_with(&format!(
            "validation failed: invalid value: {tag} must be an image digest: spec.template.spec.containers[0].image"
        )),
        "{message}"
    );
    // Where only Pods are changed, what other workloads say is judged by what it names now.
    let pods = self::webhook(&policy("p", "**", SIGNER), Mutate::Pods);
    assert!(pods.mutate(&recorded("deployment-create", &tag)).await.patch.is_empty());
    assert!(pods.validate(&recorded("deployment-create", &tag)).await.allowed);
    assert!(!pods.validate(&recorded("pod-create", &tag)).await.allowed);
}

#[tokio::test]
async fn a_burst_of_one_image_fetches_it_once() {
    let registry = Embedded::recorded("cosign", "plain");
    let image = image(&registry, "plain");
    let policies = format!("{}{}", policy("a", "**", SIGNER), policy("b", "**/acme/*", SIGNER));
    let webhook = webhook(&policies, Mutate::All);
    let review = recorded("pod-create", &image);
    let responses = futures_util::future::join_all((0..100).map(|_| webhook.validate(&review))).await;
    assert!(responses.iter().all(|r| r.allowed));
    let manifests = registry
        .requests()
        .iter()
        .filter(|r| r.contains("/manifests/sha256-") && r.contains(".sig"))
        .count();
    assert_eq!(manifests, 1, "{:?}", registry.requests());
    registry.control.forget();
    assert!(webhook.validate(&review).await.allowed);
    assert!(
        registry.requests().is_empty(),
        "a kept result asked {:?}",
        registry.requests()
    );
}

#[tokio::test]
async fn a_changed_policy_counts_at_once() {
    let registry = Embedded::recorded("cosign", "plain");
    let review = recorded("deployment-create", &image(&registry, "plain"));
    let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
    assert!(webhook.validate(&review).await.allowed);
    webhook
        .handler
        .engine
        .policies
        .replace(set(&policy("p", "**", "p256-password")));
    assert!(!webhook.validate(&review).await.allowed);
}

const PASS: &str = "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: pass}\nspec:\n  images: [{glob: '**'}]\n  authorities: [{static: {action: pass}}]\n---\n";

#[tokio::test]
async fn policies_of_one_file_are_judged_each_by_itself() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let review = recorded("deployment-create", &image(&registry, "unsigned"));
    let keyed = policy("keyed", "**/unsigned*", SIGNER);
    for policies in [format!("{PASS}{keyed}"), format!("{keyed}{PASS}")] {
        let webhook = webhook(&policies, Mutate::All);
        for _ in 0..2 {
            let message = webhook.validate(&review).await.message.expect("admitted");
            assert!(message.contains("failed policy: keyed"), "{message}");
        }
    }
}

#[tokio::test]
async fn whatever_changes_in_a_policy_counts_at_once() {
    let registry = Embedded::recorded("cosign", "plain");
    let review = recorded("deployment-create", &image(&registry, "plain"));
    let named = |key: &str, annotations: &str| {
        let first = policy("p", "**", key);
        let first = first.strip_suffix("---\n").unwrap();
        let head = format!("metadata:\n  uid: u\n  generation: 1\n{annotations}");
        format!(
            "{}  - key:\n      data: |\n{}",
            first.replace("metadata:\n", &head),
            self::key("imported-rsa4096")
        )
    };
    let two = "  annotations:\n    countersign.dev/required-signers: \"2\"\n";
    let webhook = webhook(&named(SIGNER, ""), Mutate::All);
    assert!(webhook.validate(&review).await.allowed);
    // The uid and the generation stay; the annotation counts, then the key.
    for changed in [named(SIGNER, two), named("p256-password", "")] {
        webhook.handler.engine.policies.replace(set(&changed));
        assert!(!webhook.validate(&review).await.allowed, "{changed}");
        webhook.handler.engine.policies.replace(set(&named(SIGNER, "")));
        assert!(webhook.validate(&review).await.allowed);
    }
}

#[tokio::test]
async fn a_tag_does_not_escape_a_policy_for_digests() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let tag = format!("{}/acme/unsigned:1.0", registry.address);
    let digests = policy("digests", "**/unsigned@sha256:*", SIGNER);
    let allow = || Settings {
        no_match: NoMatch::Allow,
        ..Settings::default()
    };
    for policies in [digests.clone(), format!("{PASS}{digests}")] {
        let webhook = webhook_with(&policies, Mutate::All, allow());
        let denied = webhook.validate(&recorded("deployment-create", &tag)).await;
        let message = denied.message.expect("admitted");
        assert!(message.contains("must be an image digest"), "{message}");
        let patch = webhook.mutate(&recorded("deployment-create", &tag)).await.patch;
        let pinned = patch[0]["value"].as_str().unwrap();
        let denied = webhook.validate(&recorded("deployment-create", pinned)).await;
        let message = denied.message.expect("admitted");
        assert!(message.contains("failed policy: digests"), "{message}");
        let pods = webhook_with(&policies, Mutate::Pods, allow());
        let denied = pods.validate(&recorded("deployment-create", &tag)).await;
        let message = denied.message.expect("admitted");
        assert!(message.contains("failed policy: digests"), "{message}");
    }
}

#[tokio::test]
async fn a_policy_for_tags_counts_after_the_mutation() {
    for (scenario, allowed) in [("plain", true), ("unsigned", false)] {
        let registry = Embedded::recorded("cosign", scenario);
        let tag = format!("{}/acme/{scenario}:1.0", registry.address);
        for glob in [format!("**/{scenario}:*"), format!("**/{scenario}:1.0")] {
            let webhook = webhook(&policy("tags", &glob, SIGNER), Mutate::All);
            let patch = webhook.mutate(&recorded("deployment-create", &tag)).await.patch;
            let pinned = patch[0]["value"].as_str().unwrap();
            let response = webhook.validate(&recorded("deployment-create", pinned)).await;
            assert_eq!(response.allowed, allowed, "{glob} {:?}", response.message);
            if let Some(message) = response.message {
                assert!(message.contains("failed policy: tags"), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_admitted_before_policies_were_read() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let review = recorded("pod-create", &image(&registry, "unsigned"));
    for no_match in [NoMatch::Allow, NoMatch::Warn] {
        let settings = Settings {
            no_match,
            ..Settings::default()
        };
        let webhook = webhook_with("", Mutate::All, settings);
        webhook.handler.ready.store(false, std::sync::atomic::Ordering::Release);
        let message = webhook.validate(&review).await.message.expect("admitted");
        assert!(message.contains("the policies were not read yet"), "{message}");
        assert!(webhook.mutate(&review).await.patch.is_empty());
    }
}

#[tokio::test]
async fn a_second_policy_of_a_name_is_not_put_in_force() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let review = recorded("pod-create", &image(&registry, "unsigned"));
    let webhook = webhook("", Mutate::All);
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.yaml"), policy("p", "**", SIGNER)).unwrap();
    tokio::spawn(reconcile::files(
        Arc::clone(&webhook.handler),
        vec![directory.path().to_owned()],
    ));
    let lines = |count: usize| {
        let log = Arc::clone(&webhook.log);
        async move {
            for _ in 0..200 {
                let policies = |l: &&Value| l["msg"] == json!("policies");
                if log.lock().unwrap().iter().filter(policies).count() >= count {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            panic!("the policies were not read");
        }
    };
    lines(1).await;
    assert!(!webhook.validate(&review).await.allowed);
    let other = PASS.replace("name: pass", "name: p");
    std::fs::write(directory.path().join("a.yaml"), other).unwrap();
    lines(2).await;
    assert!(!webhook.validate(&review).await.allowed);
}

#[tokio::test]
async fn a_workload_of_too_many_images_is_refused() {
    let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
    let mut review: Value = serde_json::from_str(&recorded("pod-create", "r.invalid/app:1")).unwrap();
    let containers: Vec<_> = (0..50_000)
        .map(|n| json!({"name": format!("c{n}"), "image": format!("r.invalid/app:{n}")}))
        .collect();
    review["request"]["object"]["spec"]["containers"] = json!(containers);
    let started = Instant::now();
    let message = webhook.validate(&review.to_string()).await.message.expect("admitted");
    assert!(message.contains("more than the 500 that are checked"), "{message}");
    assert!(webhook.mutate(&review.to_string()).await.patch.is_empty());
    // An update of such a one is not compared image by image.
    review["request"]["operation"] = json!("UPDATE");
    review["request"]["oldObject"] = review["request"]["object"].clone();
    assert!(!webhook.validate(&review.to_string()).await.allowed);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_denial_keeps_nothing_of_what_it_was_made_of() {
    let registry = Embedded::recorded("cosign", "plain");
    let review = recorded("deployment-create", &image(&registry, "plain"));
    let settings = Settings {
        cache_lifetime: Duration::ZERO,
        ..Settings::default()
    };
    let webhook = webhook_with(&policy("p", "**", "p256-password"), Mutate::All, settings);
    for expected in 1..=3 {
        assert!(!webhook.validate(&review).await.allowed);
        let (_, _, _, lookups) = webhook.handler.engine.counts();
        assert_eq!(lookups, expected);
    }
}

/// Serves `routes` without TLS until the test ends.
async fn serve(routes: axum::Router) -> std::net::SocketAddr {
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), None, routes)
        .await
        .unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.run(std::future::pending()));
    address
}

/// As many bytes of reviews as are read at once; then others wait, and are told when they waited in vain.
#[tokio::test]
async fn reviews_take_no_more_memory_than_there_is() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let webhook = webhook("", Mutate::All);
    let address = serve(routes(webhook.handler)).await;
    let send = |length: usize, body: String| async move {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!("POST /validate?timeout=2s HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    let answer = |mut stream: tokio::net::TcpStream| async move {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[9..]).into_owned()
    };
    let review = recorded("pod-create", "r.invalid/app:1");
    let small = || send(review.len(), review.clone());
    assert_eq!(answer(small().await).await, "200");
    let mut large = Vec::new();
    for _ in 0..3 {
        large.push(send(8 << 20, "{".to_owned()).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(answer(small().await).await, "503");
    let waiting = small().await;
    drop(large);
    assert_eq!(answer(waiting).await, "200");
    // More than is read of one, in bytes or in what they become.
    assert_eq!(answer(send((8 << 20) + 1, String::new()).await).await, "413");
    let dense = review.replacen('{', &format!("{{\"x\":[{{\"\":0}}{}],", ",{\"\":0}".repeat(100_000)), 1);
    assert_eq!(answer(send(dense.len(), dense).await).await, "413");
}

#[tokio::test]
async fn an_attestation_of_many_signatures_counts_as_often_as_it_is_hashed() {
    let registry = Embedded::recorded("cosign", "att-v2");
    let image = image(&registry, "att-v2");
    let (name, digest) = image.split_once('@').unwrap();
    let client = Client::new(http::Client::new(http::Config::default()), Options::default());
    let repository = name.parse().unwrap();
    let sig = json!({"sig": "AQI="});
    let of = |payload: usize, signatures: usize| {
        json!({
            "payloadType": "application/vnd.in-toto+json", "payload": "AAAA".repeat(payload / 3),
            "signatures": vec![sig.clone(); signatures],
        })
        .to_string()
    };
    let policies = policy("p", "**", SIGNER).replace(
        "\n---\n",
        "\n    attestations:\n    - name: a\n      predicateType: https://example.com/x\n---\n",
    );
    for (envelope, too_large) in [
        (of(1 << 20, 32), false),
        (of(4 << 20, 32), true),
        (of(4 << 20, 2), false),
    ] {
        let blob = client
            .put_blob(&repository, envelope.clone().into_bytes())
            .await
            .unwrap();
        let layer = json!({
            "mediaType": "application/vnd.dsse.envelope.v1+json", "digest": blob, "size": envelope.len(),
        });
        let manifest = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": layer,
            "layers": [layer],
        });
        let tag = Target::Tag(format!("{}.att", digest.replace(':', "-")).parse().unwrap());
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        let bytes = manifest.to_string().into_bytes();
        client
            .put_manifest(&repository, &tag, media_type, bytes, None)
            .await
            .unwrap();
        let webhook = webhook(&policies, Mutate::All);
        let response = webhook.validate(&recorded("deployment-create", &image)).await;
        let message = response.message.unwrap();
        assert_eq!(message.contains("too large in all"), too_large, "{message}");
    }
}

#[tokio::test]
async fn connections_that_ask_nothing_lock_nobody_out() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let webhook = webhook("", Mutate::All);
    let address = serve(probes(webhook.handler)).await;
    let ask = || async {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        stream
    };
    // As many as there are places, all of which had an answer and stay.
    let mut idle = Vec::new();
    for _ in 0..1024 {
        idle.push(ask().await);
    }
    let within = Duration::from_secs(5);
    let last = tokio::time::timeout(within, ask()).await.expect("locked out");
    drop((idle, last));
    // One that never asks.
    let mut silent = tokio::net::TcpStream::connect(address).await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(20), silent.read(&mut [0; 1])).await;
    assert!(matches!(end.expect("kept"), Ok(0) | Err(_)));
}

#[tokio::test]
async fn static_policies_ask_nobody() {
    let registry = Embedded::start();
    let image = format!("{}/acme/app:1.0", registry.address);
    let pass = "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: s}\nspec:\n  images: [{glob: '**'}]\n  authorities: [{static: {action: pass}}]\n";
    let webhook = webhook(pass, Mutate::All);
    let review = recorded("deployment-create", &image);
    assert!(webhook.mutate(&review).await.patch.is_empty());
    assert!(webhook.validate(&review).await.allowed);
    assert!(registry.requests().is_empty());
}

#[tokio::test]
async fn a_registry_that_is_down_slow_or_hostile_is_answered_in_time_and_closed() {
    let faults = [
        Fault::status(500),
        Fault::status(401),
        Fault::retry_after(429, 3600),
        Fault::Hang,
        Fault::Close,
        Fault::Truncate(3),
        Fault::Corrupt,
        Fault::Answer {
            status: 200,
            headers: vec![(
                "Content-Type".into(),
                "application/vnd.oci.image.manifest.v1+json".into(),
            )],
            body: vec![b'['; 1 << 20],
        },
    ];
    for fault in faults {
        let registry = Embedded::recorded("cosign", "plain");
        let image = image(&registry, "plain");
        registry.control.inject(Rule::new(fault.clone()).path("/v2/acme"));
        let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
        let started = Instant::now();
        let review = recorded("deployment-create", &image);
        let response = webhook
            .handler
            .answer(Call::Validate, review.as_bytes(), Some(Duration::from_millis(1500)))
            .await
            .unwrap();
        assert!(!response.allowed, "{fault:?} was admitted");
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{fault:?} took {:?}",
            started.elapsed()
        );
        let message = response.message.unwrap();
        assert!(
            !message.contains("no signatures found"),
            "{fault:?} read as unsigned: {message}"
        );
        // Soon after it is well again, so are the answers: a look-up that hangs is given up.
        registry.control.heal();
        let mut response = webhook.validate(&review).await;
        if !response.allowed {
            response = webhook.validate(&review).await;
        }
        assert!(response.allowed, "{fault:?}: {:?}", response.message);
    }
}

#[tokio::test]
async fn deletions_scale_downs_and_unchanged_images_pass() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let image = image(&registry, "unsigned");
    let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
    let created: Value = serde_json::from_str(&recorded("deployment-create", &image)).unwrap();
    let update = |new: &dyn Fn(&mut Value), sub_resource: &str| {
        let mut review = created.clone();
        let request = &mut review["request"];
        request["operation"] = json!("UPDATE");
        request["subResource"] = json!(sub_resource);
        request["oldObject"] = request["object"].clone();
        new(&mut request["object"]);
        review.to_string()
    };
    let mut deleted = created.clone();
    deleted["request"]["operation"] = json!("DELETE");
    deleted["request"]["oldObject"] = deleted["request"]["object"].take();
    assert!(webhook.validate(&deleted.to_string()).await.allowed);
    assert!(
        webhook
            .validate(&update(&|o| o["spec"]["replicas"] = json!(0), ""))
            .await
            .allowed
    );
    assert!(
        webhook
            .validate(&update(&|o| o["metadata"]["labels"]["a"] = json!("b"), ""))
            .await
            .allowed
    );
    assert!(
        webhook
            .validate(&update(&|o| o["status"] = json!({"replicas": 1}), "status"))
            .await
            .allowed
    );
    // Another unsigned image, scaled down or not.
    let other = image.replace("@sha256:2", "@sha256:3");
    let changed = |o: &mut Value| {
        o["spec"]["replicas"] = json!(0);
        o["spec"]["template"]["spec"]["containers"][0]["image"] = json!(other);
    };
    assert!(!webhook.validate(&update(&changed, "")).await.allowed);
    let added = |o: &mut Value| {
        o["spec"]["template"]["spec"]["initContainers"] = json!([{"name": "i", "image": other}]);
    };
    assert!(!webhook.validate(&update(&added, "")).await.allowed);
    assert_eq!(webhook.log.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn warnings_are_shown_and_short() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let warn = policy("w", "**", SIGNER).replace("\n---\n", "\n  mode: warn\n---\n");
    let webhook = webhook(&warn, Mutate::All);
    let response = webhook
        .validate(&recorded("pod-create", &image(&registry, "unsigned")))
        .await;
    assert!(response.allowed);
    assert_eq!(response.warnings.len(), 2);
    assert!(response.warnings.iter().all(|w| w.len() <= 256 && !w.contains('\n')));
    assert!(response.warnings[0].starts_with("failed policy: w: spec.initContainers[0].image"));
    assert!(
        response.warnings[0].contains("no signatures found"),
        "{:?}",
        response.warnings
    );
}

#[tokio::test]
async fn what_is_no_review_is_refused() {
    let webhook = webhook(&policy("p", "**", SIGNER), Mutate::All);
    for body in ["", "{}", "null", "[1,2", "{\"kind\":\"AdmissionReview\"}"] {
        assert!(
            webhook
                .handler
                .answer(Call::Validate, body.as_bytes(), None)
                .await
                .is_err(),
            "{body}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(
        webhook
            .handler
            .answer(Call::Validate, deep.as_bytes(), None)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_policies_of_the_documents_are_valid() {
    for page in ["policy.md", "tutorial.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
        let text = std::fs::read_to_string(path).unwrap();
        for block in text.split("```yaml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            if !block.contains("kind: ClusterImagePolicy") {
                continue;
            }
            let (parsed, _) = parse::read(block.as_bytes()).unwrap();
            for one in parsed {
                assert!(one.policy.is_some(), "{page}: {:?}\n{block}", one.problems);
            }
        }
    }
}
