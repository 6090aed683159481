//! Verifying images: both formats at once, many images, honest failures, few requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::image;
use support::registry::{Embedded, Fault, Rule};
use support::{Program, countersign, vectors, wire};

const PLAIN: &str = "acme/plain@sha256:005b0f9d20a2f1c63bcd6c7ab2e8d72ae5fb6868e144d1b1a9a838f1db9adeb7";
const BOTH: &str = "acme/both@sha256:d8729c899ef46ef2ec4832222eb9aee61d57b87407662c5cc2f63074de728a7a";
const UNSIGNED: &str = "acme/unsigned@sha256:2ee75dbc34d8d27fd5a59487e2971e29efb83c0d5299135d1392115dcf13e1bf";
const BUNDLE: &str = "acme/bundle-v3@sha256:7e3fee88c2d8bf4ced6b79dc12d0a02dd9c538fd20751b3c035f201d04ee7b84";
const LOGGED: &str = "acme-log/rekor1@sha256:8cec3b2f202d92c8f2cf3e5413fc629af5c7cf6e07389be927f3017f4b64f3d7";

fn verify(registry: &Embedded, images: &[&str]) -> Program {
    let images = images.iter().map(|image| format!("{}/{image}", registry.address));
    countersign().arg("verify").args(images)
}

fn by_key(registry: &Embedded, images: &[&str], key: &str) -> Program {
    verify(registry, images)
        .arg("--key")
        .arg(vectors::path(&format!("cosign/keys/{key}.pub")))
        .arg("--insecure-ignore-tlog")
}

fn first(registry: &Embedded, images: &[&str]) -> Program {
    by_key(registry, images, "p256-empty-password")
}

fn second(registry: &Embedded, images: &[&str]) -> Program {
    by_key(registry, images, "p256-password")
}

#[test]
fn an_old_signature_and_a_bundle_on_one_image_each_verify_by_their_key() {
    let registry = Embedded::recorded("cosign", "both");
    let old = first(&registry, &[BOTH]).run().success();
    assert_eq!(old.json()[0][0]["critical"]["type"], "cosign container image signature");
    let new = second(&registry, &[BOTH]).run().success();
    assert_eq!(
        new.json()[0][0]["critical"]["type"],
        "https://sigstore.dev/cosign/sign/v1"
    );
    for format in ["--new-bundle-format=true", "--experimental-oci11"] {
        first(&registry, &[BOTH]).arg(format).run().success();
        second(&registry, &[BOTH]).arg(format).run().success();
    }
    second(&registry, &[BOTH])
        .arg("--new-bundle-format=false")
        .run()
        .expect_code(12);
}

/// Our manifests name their bundle in an annotation, so that verifying need not fetch them; it proves nothing.
#[test]
fn what_a_manifest_announces_as_its_bundle_decides_nothing() {
    const BUNDLE_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
    const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
    let [dump] = vectors::dumps("cosign", "bundle-v3").try_into().ok().unwrap();
    let image = BUNDLE.split_once('@').unwrap().1;
    let refers =
        |(_, bytes): &(String, Vec<u8>)| serde_json::from_slice::<Value>(bytes).unwrap()["subject"].is_object();
    let cosigns = dump.manifests.values().find(|manifest| refers(manifest)).unwrap();
    let mut manifest: Value = serde_json::from_slice(&cosigns.1).unwrap();
    let good = manifest["layers"][0].clone();
    let other = b"{}".as_slice();
    // Who announces what, and whether the image is signed by what the manifest holds.
    let cases = [
        ("the bundle itself", &good, &good, true),
        ("another blob", &descriptor(other), &good, true),
        ("a blob that is not there", &descriptor(b"nothing"), &good, true),
        (
            "a longer blob",
            &json!({"digest": good["digest"], "size": 1}),
            &good,
            true,
        ),
        (
            "the same, which is no bundle",
            &descriptor(other),
            &descriptor(other),
            false,
        ),
    ];
    for (name, announced, held, signed) in cases {
        let registry = Embedded::start();
        for (digest, bytes) in &dump.blobs {
            wire::push_blob(&registry.address, "acme/bundle-v3", digest, bytes);
        }
        wire::push_blob(&registry.address, "acme/bundle-v3", &image::sha256(other), other);
        manifest["layers"][0]["digest"] = held["digest"].clone();
        manifest["layers"][0]["size"] = held["size"].clone();
        manifest["layers"][0]["mediaType"] = BUNDLE_TYPE.into();
        manifest["annotations"]["dev.countersign.bundle.digest"] = announced["digest"].clone();
        manifest["annotations"]["dev.countersign.bundle.size"] = announced["size"].to_string().into();
        let push = |manifest: &Value| {
            let bytes = serde_json::to_vec(manifest).unwrap();
            let digest = image::sha256(&bytes);
            wire::push_manifest(&registry.address, "acme/bundle-v3", &digest, MANIFEST_TYPE, &bytes);
        };
        push(&manifest);
        let run = first(&registry, &[BUNDLE]).run();
        assert_eq!(run.code == 0, signed, "{name}: {}", run.stderr);
        // By another key, and about another image, in any case not.
        second(&registry, &[BUNDLE]).run().expect_code(12);
        manifest["subject"]["digest"] = UNSIGNED.split_once('@').unwrap().1.into();
        push(&manifest);
        let unsigned = UNSIGNED.replace("acme/unsigned", "acme/bundle-v3");
        assert_ne!(first(&registry, &[&unsigned]).run().code, 0, "{name}");
        manifest["subject"]["digest"] = image.into();
    }
}

fn descriptor(bytes: &[u8]) -> Value {
    json!({"digest": image::sha256(bytes), "size": bytes.len()})
}

#[test]
fn each_cause_has_its_exit_code_in_both_formats() {
    let registry = Embedded::recorded("cosign", "plain");
    for scenario in ["bundle-v3", "unsigned"] {
        for dump in vectors::dumps("cosign", scenario) {
            vectors::push(&registry.address, &dump);
        }
    }
    for image in [PLAIN, BUNDLE] {
        first(&registry, &[image]).run().success();
        let wrong = second(&registry, &[image]).run().expect_code(12);
        assert!(wrong.stderr.contains("no matching signatures"), "{}", wrong.stderr);
        assert_eq!(
            wrong.stderr.matches("no matching signatures").count(),
            1,
            "a cause is told once"
        );
        assert!(
            wrong.stderr.contains("check that --key is the key of this signer"),
            "{}",
            wrong.stderr
        );
        first(&registry, &[image])
            .args(["-a", "build=43"])
            .run()
            .expect_code(12);
        let keyless = [
            "--insecure-ignore-tlog",
            "--insecure-ignore-sct",
            "--certificate-identity",
            "a",
        ];
        let keyless = verify(&registry, &[image])
            .args(keyless)
            .args(["--certificate-oidc-issuer", "b", "--ca-roots"])
            .arg(vectors::path("tlog/keys/ca.crt"))
            .run();
        keyless.expect_code(13);
    }
    let none = first(&registry, &[UNSIGNED]).run().expect_code(10);
    assert!(none.stderr.contains("no signatures found"), "{}", none.stderr);
    first(&registry, &["acme/plain:nope"]).run().expect_code(11);
    verify(&registry, &[PLAIN])
        .args(["--key", "nosuch.pub"])
        .run()
        .expect_code(1);
    first(&registry, &["UPPER/case::"]).run().expect_code(1);
    let log = verify(&registry, &[PLAIN])
        .arg("--key")
        .arg(vectors::path("cosign/keys/p256-empty-password.pub"))
        .arg("--offline")
        .env("SIGSTORE_REKOR_PUBLIC_KEY", vectors::path("tlog/trust/rekor.pub"))
        .run()
        .expect_code(12);
    assert!(log.stderr.contains("no transparency-log entry"), "{}", log.stderr);
}

#[test]
fn a_failed_look_up_is_never_unsigned() {
    let registry = Embedded::recorded("cosign", "unsigned");
    for path in [".sig", "/referrers/", "manifests/sha256-"] {
        for status in [401, 403, 500] {
            registry.control.inject(Rule::new(Fault::status(status)).path(path));
            let run = first(&registry, &[UNSIGNED]).arg("--retries=0").run();
            assert_eq!(run.code, 1, "{path} {status}: {}", run.stderr);
            registry.control.heal();
        }
    }
    first(&registry, &[UNSIGNED]).run().expect_code(10);
    // A place that fails does not hide a good signature in another.
    let registry = Embedded::recorded("cosign", "both");
    registry
        .control
        .inject(Rule::new(Fault::status(500)).path("/referrers/"));
    first(&registry, &[BOTH]).arg("--retries=0").run().success();
    second(&registry, &[BOTH]).arg("--retries=0").run().success();
}

#[test]
fn several_images_are_reported_in_the_order_asked_and_one_failure_does_not_stop_the_rest() {
    let registry = Embedded::recorded("cosign", "plain");
    for dump in ["unsigned", "both"]
        .iter()
        .flat_map(|scenario| vectors::dumps("cosign", scenario))
    {
        vectors::push(&registry.address, &dump);
    }
    let images = [BOTH, UNSIGNED, PLAIN, "UPPER::", BOTH];
    let run = first(&registry, &images).run().expect_code(10);
    assert_eq!(run.json().len(), 3);
    assert!(
        run.stderr.contains("2 of 5 images are not verified (3 are)"),
        "{}",
        run.stderr
    );
    let lines = first(&registry, &images).args(["-o", "jsonl"]).run().expect_code(10);
    let lines = lines.json();
    let order: Vec<String> = lines
        .iter()
        .map(|line| line["image"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(order, images.map(|image| format!("{}/{image}", registry.address)));
    assert_eq!(lines[1]["verified"], false);
    assert_eq!(lines[1]["code"], 10);
    let stopped = first(&registry, &images)
        .args(["-o", "jsonl", "--fail-fast", "--max-workers=1"])
        .run()
        .expect_code(10);
    assert_eq!(stopped.json().len(), 2);
}

#[test]
fn lists_of_images_come_from_files_and_from_standard_input() {
    let registry = Embedded::recorded("cosign", "plain");
    let image = format!("{}/{PLAIN}", registry.address);
    let pod = format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {{name: a, image: '{image}'}}\n");
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("pod.yaml"), pod).unwrap();
    let run = first(&registry, &[])
        .directory(directory.path())
        .args(["-f", "pod.yaml"])
        .run()
        .success();
    assert_eq!(run.json().len(), 1);
    let run = first(&registry, &[])
        .args(["-f", "-"])
        .stdin(format!("# all\n{image}\n"))
        .run()
        .success();
    assert_eq!(run.json().len(), 1);
    first(&registry, &[]).run().expect_code(1);
}

#[test]
fn an_attestation_is_no_signature_unless_that_is_asked_for() {
    let registry = Embedded::recorded("cosign", "att-v3");
    let image = vectors::scenarios("cosign")
        .into_iter()
        .find(|scenario| scenario.name == "verify-attestation v3")
        .and_then(|scenario| scenario.argv.last().cloned());
    let Some(image) = image else { return };
    let (_, image) = image.split_once('/').unwrap();
    let run = first(&registry, &[image]).run().expect_code(10);
    assert!(run.stderr.contains("attestations"), "{}", run.stderr);
    first(&registry, &[image]).arg("--accept-attestations").run().success();
}

#[test]
fn a_saved_image_verifies_without_network() {
    let run = countersign()
        .args([
            "verify",
            "--insecure-ignore-tlog",
            "--offline",
            "--local-image",
            "--key",
        ])
        .arg(vectors::path("cosign/keys/p256-empty-password.pub"))
        .arg(vectors::path("cosign/saved-layout"))
        .run();
    run.success();
}

#[test]
fn offline_no_key_signature_or_payload_is_fetched() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/file", listener.local_addr().unwrap());
    let key = vectors::path("cosign/keys/p256-empty-password.pub");
    let key = key.to_str().unwrap();
    let registry = Embedded::recorded("cosign", "plain");
    for flags in [
        &["--key", &address][..],
        &["--key", key, "--signature", &address],
        &["--key", key, "--signature", "AAAA", "--payload", &address],
    ] {
        let program = verify(&registry, &["acme/plain:1.0"]).args(["--offline", "--insecure-ignore-tlog"]);
        let run = program.args(flags).run().expect_code(1);
        assert!(
            run.stderr.contains("--offline allows only"),
            "{flags:?}: {}",
            run.stderr
        );
    }
    let connection = listener.accept().map(|_| ()).unwrap_err();
    assert_eq!(connection.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn what_was_logged_verifies_with_the_logs_key_or_the_trusted_root_and_with_no_other() {
    let registry = Embedded::recorded("tlog", "rekor1");
    let signer = vectors::path("tlog/keys/signer.pub");
    let run = |name: &str, value: &str| {
        let value = vectors::path(value);
        let program = verify(&registry, &[LOGGED]).arg("--offline").arg("--key").arg(&signer);
        match name.starts_with("--") {
            true => program.arg(name).arg(value).run(),
            false => program.env(name, value).run(),
        }
    };
    run("SIGSTORE_REKOR_PUBLIC_KEY", "tlog/trust/rekor.pub").success();
    run("--trusted-root", "tlog/trust/trusted-root.json").success();
    run("SIGSTORE_REKOR_PUBLIC_KEY", "tlog/trust/rekor2.pub").expect_code(12);
    run("SIGSTORE_REKOR_PUBLIC_KEY", "tutorial/rekor.pub").expect_code(12);
}

#[test]
fn a_tag_that_moves_between_requests_cannot_split_what_is_checked_from_what_is_reported() {
    let registry = Embedded::recorded("cosign", "plain");
    let other = image::push(&registry.address, "acme/plain", "other");
    let run = first(&registry, &["acme/plain:1.0"]).run().success();
    assert!(!run.stdout.contains(&other.digest));
    let tags = registry
        .requests()
        .iter()
        .filter(|request| request.ends_with("/manifests/1.0"))
        .count();
    assert_eq!(tags, 1, "the tag is resolved once");
}
