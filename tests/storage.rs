//! Where signatures are put: what is there already stays, whatever else happens at the same time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::image::{self, Image};
use support::registry::{DockerRegistry, Embedded, Fault, Options, Rule};
use support::{countersign, wire};

const WRITERS: usize = 20;

fn get_json(address: &str, path: &str) -> Option<serde_json::Value> {
    let answer = wire::request(address, "GET", path, &[("Accept", ACCEPT)], b"");
    (answer.status == 200).then(|| serde_json::from_slice(&answer.body).unwrap())
}

const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

fn manifest(image: &Image, tag: &str) -> Option<serde_json::Value> {
    get_json(&image.address, &format!("/v2/{}/manifests/{tag}", image.repository))
}

/// The signatures under the `.sig` tag of `image`.
fn signatures(image: &Image) -> Vec<String> {
    let Some(manifest) = manifest(image, &image.attached_tag(".sig")) else {
        return Vec::new();
    };
    let layers = manifest["layers"].as_array().unwrap();
    let signature = |layer: &serde_json::Value| {
        let text = layer["annotations"]["dev.cosignproject.cosign/signature"].as_str();
        String::from_utf8(STANDARD.decode(text.unwrap()).unwrap()).unwrap()
    };
    layers.iter().map(signature).collect()
}

fn attach(image: &Image, directory: &Path, n: usize) -> support::Program {
    let signature = directory.join(format!("{n}.sig"));
    std::fs::write(&signature, STANDARD.encode(format!("signature {n:02}"))).unwrap();
    let payload = directory.join("payload");
    std::fs::write(&payload, format!("payload of {}", image.digest)).unwrap();
    countersign()
        .args(["attach", "signature", "--payload"])
        .arg(payload)
        .arg("--signature")
        .arg(signature)
        .arg(image.by_digest())
}

/// A bundle that differs from any other, as a file.
fn bundle(directory: &Path, n: usize) -> std::path::PathBuf {
    let mut bundle: serde_json::Value = serde_json::from_slice(&recorded_bundle()).unwrap();
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = STANDARD.encode(format!("signature {n:02}")).into();
    let path = directory.join(format!("{n}.json"));
    std::fs::write(&path, bundle.to_string()).unwrap();
    path
}

fn recorded_bundle() -> Vec<u8> {
    let dump = support::vectors::dumps("cosign", "bundle-v3").remove(0);
    dump.blobs
        .into_values()
        .find(|b| b.starts_with(b"{\"mediaType\":\"application/vnd.dev.sigstore"))
        .unwrap()
}

fn at_once(programs: Vec<support::Program>) {
    let runs: Vec<_> = programs
        .into_iter()
        .map(|program| std::thread::spawn(move || program.run()))
        .collect();
    for run in runs {
        run.join().unwrap().success();
    }
}

fn twenty_signers(address: &str) {
    let image = image::push(address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    at_once((0..WRITERS).map(|n| attach(&image, directory.path(), n)).collect());
    let mut found = signatures(&image);
    found.sort();
    let wanted: Vec<String> = (0..WRITERS).map(|n| format!("signature {n:02}")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn twenty_signers_at_once_lose_nothing_on_docker_registry() {
    let Some(registry) = DockerRegistry::start(&Options::default()) else {
        return;
    };
    for _ in 0..3 {
        twenty_signers(&registry.address);
    }
}

#[test]
fn twenty_signers_at_once_lose_nothing_where_conditions_are_honoured() {
    let registry = Embedded::start();
    twenty_signers(&registry.address);
}

#[test]
fn twenty_signers_at_once_lose_nothing_where_answers_are_late_and_out_of_order() {
    let registry = Embedded::start();
    registry.control.configure(|options| {
        options.preconditions = false;
        options.referrers_api = false;
        options.jitter = Duration::from_millis(150);
    });
    twenty_signers(&registry.address);
}

#[test]
fn twenty_signers_at_once_lose_nothing_behind_a_stale_cache() {
    let registry = Embedded::start();
    registry.control.configure(|options| {
        options.preconditions = false;
        options.referrers_api = false;
        options.jitter = Duration::from_millis(50);
        options.stale_for = Duration::from_millis(300);
    });
    let image = image::push(&registry.address, "acme/app", "1.0");
    // The image itself must be visible first.
    std::thread::sleep(Duration::from_millis(400));
    let directory = tempfile::tempdir().unwrap();
    at_once((0..WRITERS).map(|n| attach(&image, directory.path(), n)).collect());
    registry.control.configure(|options| options.stale_for = Duration::ZERO);
    assert_eq!(signatures(&image).len(), WRITERS);
}

#[test]
fn twenty_bundles_at_once_all_stay_in_the_fallback_index() {
    let registry = Embedded::start();
    registry.control.configure(|options| {
        options.preconditions = false;
        options.referrers_api = false;
        options.jitter = Duration::from_millis(60);
    });
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    let attach = |n| {
        let program = countersign().args(["attach", "attestation", "--attestation"]);
        program.arg(bundle(directory.path(), n)).arg(image.by_digest())
    };
    at_once((0..WRITERS).map(attach).collect());
    let index = manifest(&image, &image.attached_tag("")).unwrap();
    let manifests = index["manifests"].as_array().unwrap();
    assert_eq!(manifests.len(), WRITERS);
    for listed in manifests {
        assert_eq!(listed["artifactType"], "application/vnd.dev.sigstore.bundle.v0.3+json");
        assert_eq!(listed["annotations"]["dev.sigstore.bundle.content"], "dsse-envelope");
    }
}

#[test]
fn a_signature_attached_twice_is_there_once() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        attach(&image, directory.path(), 1).run().success();
    }
    assert_eq!(signatures(&image), ["signature 01"]);
    registry.control.forget();
    attach(&image, directory.path(), 1).run().success();
    let requests = registry.control.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
}

#[test]
fn a_failed_look_up_is_not_an_empty_place() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    attach(&image, directory.path(), 1).run().success();
    for fault in [
        Fault::status(401),
        Fault::status(403),
        Fault::status(500),
        Fault::Close,
        Fault::Corrupt,
    ] {
        registry
            .control
            .inject(Rule::new(fault.clone()).method("GET").path(".sig"));
        registry.control.forget();
        let run = attach(&image, directory.path(), 2).arg("--retries=0").run();
        assert_ne!(run.code, 0, "{fault:?}");
        let written = registry
            .control
            .requests()
            .into_iter()
            .any(|r| r.method == "PUT" && r.path.contains(".sig"));
        assert!(!written, "{fault:?}");
        registry.control.heal();
        assert_eq!(signatures(&image), ["signature 01"], "{fault:?}");
    }
}

#[test]
fn a_writer_killed_at_any_time_leaves_what_was_there() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    attach(&image, directory.path(), 0).run().success();
    registry
        .control
        .configure(|options| options.latency = Duration::from_millis(10));
    for n in 1..16 {
        let mut running = attach(&image, directory.path(), n).start();
        std::thread::sleep(Duration::from_millis(8 * n as u64));
        running.kill();
        let found = signatures(&image);
        assert!(
            found.contains(&"signature 00".to_owned()),
            "killed after {} ms: {found:?}",
            8 * n
        );
    }
}

#[test]
fn a_writer_whose_request_broke_leaves_what_was_there() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    attach(&image, directory.path(), 0).run().success();
    for (n, fault) in [Fault::Close, Fault::CloseAfter, Fault::status(500), Fault::Truncate(1)]
        .into_iter()
        .enumerate()
    {
        for method in ["POST", "PUT"] {
            registry.control.inject(Rule::new(fault.clone()).method(method));
            let _ = attach(&image, directory.path(), n + 1).arg("--retries=0").run();
            registry.control.heal();
            assert!(
                signatures(&image).contains(&"signature 00".to_owned()),
                "{method} {fault:?}"
            );
        }
    }
}

#[test]
fn a_reply_that_is_lost_does_not_lead_to_a_second_signature() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    registry
        .control
        .inject(Rule::new(Fault::CloseAfter).method("PUT").path("/manifests/").times(1));
    attach(&image, directory.path(), 7).run().success();
    assert_eq!(signatures(&image), ["signature 07"]);
}

#[test]
fn an_image_that_does_not_exist_gets_no_signature() {
    let registry = Embedded::start();
    let mut image = image::push(&registry.address, "acme/app", "1.0");
    image.digest = image::sha256(b"nothing");
    let directory = tempfile::tempdir().unwrap();
    let run = attach(&image, directory.path(), 1).run();
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("does not exist"), "{}", run.stderr);
    assert!(signatures(&image).is_empty());
}

#[test]
fn signatures_go_where_cosign_repository_says_and_under_the_prefix() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let elsewhere = Image {
        repository: "acme/signatures".to_owned(),
        address: image.address.clone(),
        tag: String::new(),
        digest: image.digest.clone(),
    };
    let directory = tempfile::tempdir().unwrap();
    let repository = format!("{}/acme/signatures", image.address);
    let attach = attach(&image, directory.path(), 1).env("COSIGN_REPOSITORY", &repository);
    attach.arg("--attachment-tag-prefix=test-").run().success();
    assert!(signatures(&image).is_empty());
    let tag = format!("test-{}", image.attached_tag(".sig"));
    assert!(manifest(&elsewhere, &tag).is_some());
    let triangulate = countersign()
        .args(["triangulate", "--attachment-tag-prefix=test-", &image.by_tag()])
        .env("COSIGN_REPOSITORY", &repository);
    assert_eq!(triangulate.run().success().stdout, format!("{repository}:{tag}\n"));
}

#[test]
fn a_layout_is_signed_like_a_registry() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    let layout = directory.path().join("layout");
    countersign()
        .args(["save", &image.by_tag(), "--dir"])
        .arg(&layout)
        .run()
        .success();
    let attach = |n: usize| {
        let signature = directory.path().join(format!("{n}.sig"));
        std::fs::write(&signature, STANDARD.encode(format!("signature {n:02}"))).unwrap();
        let program = countersign()
            .args(["attach", "signature", "--payload"])
            .arg(&signature)
            .arg("--signature");
        program.arg(&signature).arg(format!("oci:{}", layout.display()))
    };
    at_once((0..WRITERS).map(attach).collect());
    let lines = countersign()
        .args(["download", "signature"])
        .arg(format!("oci:{}", layout.display()))
        .run()
        .success();
    assert_eq!(lines.json().len(), WRITERS);
}

#[test]
fn an_immutable_tag_is_named_with_a_way_out() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let directory = tempfile::tempdir().unwrap();
    attach(&image, directory.path(), 0).run().success();
    registry.control.configure(|options| options.immutable_tags = true);
    let run = attach(&image, directory.path(), 1).run().expect_code(1);
    assert!(run.stderr.contains("--new-bundle-format"), "{}", run.stderr);
    assert_eq!(signatures(&image), ["signature 00"]);
    let bundle = bundle(directory.path(), 1);
    let program = countersign()
        .args(["attach", "attestation", "--attestation"])
        .arg(bundle);
    program.arg(image.by_digest()).run().success();
}
