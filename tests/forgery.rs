//! Forgeries on every path: what belongs to one signature is put beside another, and every field is altered, in the
//! registry, with the program reading it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use support::registry::Embedded;
use support::{Program, countersign, image, vectors, wire};

const SIG_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
const LAYER_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

/// A recorded image with its `.sig` manifest, which can be replaced.
struct Stage {
    registry: Embedded,
    repository: String,
    digest: String,
    manifest: Value,
}

impl Stage {
    fn new(folder: &str, scenario: &str) -> Self {
        let registry = Embedded::recorded(folder, scenario);
        let prefix = if folder == "tlog" { "acme-log" } else { "acme" };
        let repository = format!("{prefix}/{scenario}");
        let tags = registry.tags(&repository);
        let tag = tags.iter().find(|tag| tag.ends_with(".sig")).unwrap();
        let manifest = wire::get(&registry.address, &format!("/v2/{repository}/manifests/{tag}")).json();
        let digest = tag.trim_end_matches(".sig").replacen('-', ":", 1);
        Self {
            registry,
            repository,
            digest,
            manifest,
        }
    }

    /// Puts `manifest` under the `.sig` tag.
    fn put(&self, manifest: &Value) {
        let tag = format!("{}.sig", self.digest.replacen(':', "-", 1));
        let bytes = serde_json::to_vec(manifest).unwrap();
        let answer = wire::push_manifest(&self.registry.address, &self.repository, &tag, SIG_TYPE, &bytes);
        assert_eq!(answer.status, 201);
    }

    fn layer(&self) -> &Value {
        &self.manifest["layers"][0]
    }

    /// The manifest with one annotation of its first layer changed.
    fn with_annotation(&self, name: &str, value: Value) -> Value {
        let mut manifest = self.manifest.clone();
        let annotations = manifest["layers"][0]["annotations"].as_object_mut().unwrap();
        match value {
            Value::Null => drop(annotations.remove(name)),
            value => drop(annotations.insert(name.to_owned(), value)),
        }
        manifest
    }

    fn reference(&self) -> String {
        format!("{}/{}@{}", self.registry.address, self.repository, self.digest)
    }

    fn verify(&self, key: &str) -> Program {
        countersign()
            .args(["verify", "--offline", "--key"])
            .arg(vectors::path(key))
            .arg(self.reference())
    }

    fn logged(&self) -> Program {
        self.verify("tlog/keys/signer.pub")
            .env("SIGSTORE_REKOR_PUBLIC_KEY", vectors::path("tlog/trust/rekor.pub"))
    }

    fn logged_by_root(&self) -> Program {
        self.verify("tlog/keys/signer.pub")
            .arg("--trusted-root")
            .arg(vectors::path("tlog/trust/trusted-root.json"))
    }

    #[track_caller]
    fn refused(&self, what: &str) {
        for program in [self.logged(), self.logged_by_root()] {
            let run = program.run();
            assert_eq!((run.code, run.stdout.as_str()), (12, ""), "{what}: {}", run.stderr);
        }
    }
}

fn text(value: &Value, name: &str) -> String {
    value["annotations"][name].as_str().unwrap().to_owned()
}

#[test]
fn parts_of_another_signature_are_refused() {
    let stage = Stage::new("tlog", "rekor1");
    let other = Stage::new("tlog", "rekor1-twice");
    stage.logged().run().success();
    stage.logged_by_root().run().success();
    stage.put(&stage.with_annotation(BUNDLE, text(other.layer(), BUNDLE).into()));
    stage.refused("the log entry of another signature");
    stage.put(&stage.with_annotation(SIGNATURE, text(other.layer(), SIGNATURE).into()));
    stage.refused("the signature of another payload");
    stage.put(&stage.with_annotation(BUNDLE, Value::Null));
    stage.refused("no log entry");
    // The whole manifest of another image, whose payloads are fetched.
    let layers = other.manifest["layers"].as_array().unwrap().iter();
    for blob in layers.chain([&other.manifest["config"]]) {
        let digest = blob["digest"].as_str().unwrap();
        let path = format!("/v2/{}/blobs/{digest}", other.repository);
        let content = wire::get(&other.registry.address, &path).body;
        wire::push_blob(&stage.registry.address, &stage.repository, digest, &content);
    }
    stage.put(&other.manifest);
    let run = stage.logged().run().expect_code(12);
    assert!(run.stderr.contains("it was made for sha256:"), "{}", run.stderr);
    let unchecked = stage.logged().arg("--check-claims=false").run().success();
    assert!(
        !unchecked.stderr.contains("claims were validated"),
        "{}",
        unchecked.stderr
    );
    stage.put(&stage.manifest);
    stage.logged().run().success();
}

#[test]
fn each_altered_field_of_the_log_entry_is_refused() {
    let stage = Stage::new("tlog", "rekor1");
    let entry: Value = serde_json::from_str(&text(stage.layer(), BUNDLE)).unwrap();
    let body = STANDARD.decode(entry["Payload"]["body"].as_str().unwrap()).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let with_body = |pointer: &str, value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        let mut entry = entry.clone();
        entry["Payload"]["body"] = STANDARD.encode(serde_json::to_vec(&body).unwrap()).into();
        entry
    };
    let with = |pointer: &str, value: Value| {
        let mut entry = entry.clone();
        *entry.pointer_mut(pointer).unwrap() = value;
        entry
    };
    let time = entry["Payload"]["integratedTime"].as_i64().unwrap();
    let other_key = STANDARD.encode(vectors::read("tlog/keys/other.pub"));
    let altered = [
        ("integratedTime", with("/Payload/integratedTime", json!(time + 1))),
        ("logIndex", with("/Payload/logIndex", json!(0))),
        ("logID", with("/Payload/logID", json!("0".repeat(64)))),
        (
            "SignedEntryTimestamp",
            with("/SignedEntryTimestamp", json!("MEUCIQDn7Fy6k0VgP764MMS97cHI9Oe")),
        ),
        ("empty timestamp", with("/SignedEntryTimestamp", json!(""))),
        ("hash", with_body("/spec/data/hash/value", json!("0".repeat(64)))),
        ("signature", with_body("/spec/signature/content", json!("MEUC"))),
        ("key", with_body("/spec/signature/publicKey/content", json!(other_key))),
        ("kind", with_body("/kind", json!("rekord"))),
    ];
    for (what, entry) in altered {
        stage.put(&stage.with_annotation(BUNDLE, entry.to_string().into()));
        stage.refused(what);
    }
    for garbage in ["", "null", "{}", "[]", "{\"Payload\":{}}"] {
        stage.put(&stage.with_annotation(BUNDLE, garbage.into()));
        stage.refused(garbage);
    }
}

#[test]
fn a_payload_that_is_not_the_signed_one_is_refused_though_its_layer_is_consistent() {
    let stage = Stage::new("cosign", "plain");
    let path = format!(
        "/v2/{}/blobs/{}",
        stage.repository,
        stage.layer()["digest"].as_str().unwrap()
    );
    let payload = String::from_utf8(wire::get(&stage.registry.address, &path).body).unwrap();
    let verify = || {
        stage
            .verify("cosign/keys/p256-empty-password.pub")
            .arg("--insecure-ignore-tlog")
            .run()
    };
    verify().success();
    for changed in [
        payload.replace("null", "{}"),
        payload.replace("acme/plain", "acme/other"),
        payload.replace("cosign container", "atomic container"),
        "garbage".to_owned(),
        String::new(),
    ] {
        let digest = image::sha256(changed.as_bytes());
        wire::push_blob(&stage.registry.address, &stage.repository, &digest, changed.as_bytes());
        let mut manifest = stage.manifest.clone();
        manifest["layers"][0] = json!({
            "mediaType": LAYER_TYPE, "size": changed.len(), "digest": digest,
            "annotations": stage.layer()["annotations"],
        });
        stage.put(&manifest);
        verify().expect_code(12);
    }
}

#[test]
fn a_bare_key_or_a_foreign_certificate_beside_a_signature_selects_nothing() {
    let stage = Stage::new("cosign", "plain");
    let run = |manifest: &Value| {
        stage.put(manifest);
        stage
            .verify("cosign/keys/p256-password.pub")
            .arg("--insecure-ignore-tlog")
            .run()
    };
    let key = vectors::text("cosign/keys/p256-empty-password.pub");
    run(&stage.with_annotation("dev.sigstore.cosign/certificate", key.into())).expect_code(12);
    let certificate = vectors::text("tlog/keys/leaf.crt");
    run(&stage.with_annotation("dev.sigstore.cosign/certificate", certificate.into())).expect_code(12);
}

#[test]
fn one_good_signature_among_many_bad_ones_suffices() {
    let stage = Stage::new("cosign", "plain");
    let mut manifest = stage.manifest.clone();
    let good = stage.layer().clone();
    let mut bad = good.clone();
    bad["annotations"][SIGNATURE] = json!("AAAA");
    let mut unsigned = good.clone();
    unsigned["annotations"] = json!({});
    manifest["layers"] = json!([bad, unsigned, bad, good]);
    stage.put(&manifest);
    let run = stage
        .verify("cosign/keys/p256-empty-password.pub")
        .arg("--insecure-ignore-tlog")
        .run()
        .success();
    assert_eq!(run.json()[0].as_array().unwrap().len(), 1);
    manifest["layers"] = json!([bad, unsigned]);
    stage.put(&manifest);
    let run = stage
        .verify("cosign/keys/p256-empty-password.pub")
        .arg("--insecure-ignore-tlog")
        .run()
        .expect_code(12);
    assert!(
        run.stderr.contains("layer 1: signature:") && run.stderr.contains("layer 2: form:"),
        "{}",
        run.stderr
    );
}
