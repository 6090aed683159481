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

/// cosign leaves one of two contradicting flags out of account; a check that was asked for is never left out here.
#[test]
fn every_identity_that_is_asked_for_counts() {
    const CERTIFIED: &str =
        "acme-log/private-ca@sha256:d963ff9d1987aa2b40dc84796818f7f8929edc848cd95830311d2da0e6d55605";
    let registry = Embedded::recorded("tlog", "private-ca");
    let directory = tempfile::tempdir().unwrap();
    let run = |code: i32, flags: &[&str]| {
        verify(&registry, &[CERTIFIED])
            .args(["--insecure-ignore-tlog", "--insecure-ignore-sct", "--ca-roots"])
            .arg(vectors::path("tlog/keys/ca.crt"))
            .args(["--certificate-oidc-issuer", "https://issuer.example.com"])
            .args(flags)
            .run()
            .expect_code(code)
    };
    let exact = ["--certificate-identity", "ci@example.com"];
    run(0, &exact);
    run(0, &[&exact[..], &["--certificate-identity-regexp", "^ci@"]].concat());
    run(12, &[&exact[..], &["--certificate-identity-regexp", "^no"]].concat());
    run(
        12,
        &["--certificate-identity", "no", "--certificate-identity-regexp", "^ci@"],
    );
    run(12, &[&exact[..], &["--certificate-oidc-issuer-regexp", "^no"]].concat());
    // Empty values are none, also those of files.
    run(
        0,
        &[
            &exact[..],
            &["--certificate-identity-regexp=", "--certificate", "", "--key="],
        ]
        .concat(),
    );
    // What sign-blob --output-certificate writes: the PEM in base64.
    let pem = vectors::text("tlog/keys/leaf.crt");
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pem);
    let certificate = directory.path().join("leaf.b64");
    std::fs::write(&certificate, encoded).unwrap();
    run(
        0,
        &[&exact[..], &["--certificate", certificate.to_str().unwrap()]].concat(),
    );

    let key = vectors::path("tlog/keys/leaf.pub");
    let told = run(1, &[&exact[..], &["--key", key.to_str().unwrap()]].concat());
    assert!(told.stderr.contains("contradict each other"), "{}", told.stderr);
}

/// A flag counts more than a variable that was set for other commands.
#[test]
fn the_trusted_root_of_the_flag_counts_before_variables() {
    let registry = Embedded::recorded("tlog", "rekor1");
    let run = |variable: &str| {
        verify(&registry, &[LOGGED])
            .arg("--offline")
            .arg("--key")
            .arg(vectors::path("tlog/keys/signer.pub"))
            .arg("--trusted-root")
            .arg(vectors::path("tlog/trust/trusted-root.json"))
            .env("SIGSTORE_REKOR_PUBLIC_KEY", vectors::path(variable))
            .run()
    };
    run("tutorial/rekor.pub").success();
}

/// OpenSSL and others write the root first, too.
#[test]
fn a_timestamp_chain_is_read_in_either_order() {
    const STAMPED: &str = "acme-log/tsa-only@sha256:38a0bc4f9c09f501270017364404100e06556805406646914a53db34dc486940";
    let registry = Embedded::recorded("tlog", "tsa-only");
    let directory = tempfile::tempdir().unwrap();
    let chain = vectors::text("tlog/trust/tsa-chain.pem");
    let end = "-----END CERTIFICATE-----\n";
    let mut certificates: Vec<_> = chain.split_inclusive(end).collect();
    for _ in 0..2 {
        let file = directory.path().join("chain.pem");
        std::fs::write(&file, certificates.concat()).unwrap();
        let run = verify(&registry, &[STAMPED])
            .args(["--insecure-ignore-tlog", "--use-signed-timestamps", "--key"])
            .arg(vectors::path("tlog/keys/signer.pub"))
            .arg("--timestamp-certificate-chain")
            .arg(file);
        run.run().success();
        certificates.reverse();
    }
}

/// The public log is not asked about signatures of a root that it is no part of.
#[test]
fn only_logs_of_the_trusted_root_are_asked() {
    let registry = Embedded::recorded("cosign", "plain");
    let run = verify(&registry, &[PLAIN])
        .arg("--key")
        .arg(vectors::path("cosign/keys/p256-empty-password.pub"))
        .arg("--trusted-root")
        .arg(vectors::path("tlog/trust/trusted-root.json"))
        .run()
        .expect_code(12);
    assert!(run.stderr.contains("no transparency-log entry"), "{}", run.stderr);
}

/// Go's readers skip line ends, and `base64` writes them.
#[test]
fn signatures_in_wrapped_base64_and_empty_annotations_are_read() {
    let registry = Embedded::recorded("cosign", "plain");
    let (repository, digest) = PLAIN.split_once('@').unwrap();
    let tag = format!("{}.sig", digest.replace(':', "-"));
    let path = format!("/v2/{repository}/manifests/{tag}");
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    let answer = wire::request(&registry.address, "GET", &path, &[("Accept", media_type)], b"");
    let mut manifest: Value = serde_json::from_slice(&answer.body).unwrap();
    let annotations = &mut manifest["layers"][0]["annotations"];
    let signature = annotations["dev.cosignproject.cosign/signature"]
        .as_str()
        .unwrap()
        .to_owned();
    let (head, tail) = signature.split_at(76);
    annotations["dev.cosignproject.cosign/signature"] = format!("{head}\r\n{tail}\n").into();
    for (name, nothing) in [
        ("bundle", ""),
        ("bundle", "null"),
        ("rfc3161timestamp", "{}"),
        ("certificate", ""),
        ("chain", "null"),
    ] {
        annotations[format!("dev.sigstore.cosign/{name}")] = nothing.into();
    }
    let body = manifest.to_string();
    let put = wire::request(
        &registry.address,
        "PUT",
        &path,
        &[("Content-Type", media_type)],
        body.as_bytes(),
    );
    assert_eq!(put.status, 201);
    first(&registry, &[PLAIN]).run().success();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("wrapped");
    std::fs::write(&file, format!("{head}\n{tail}\n")).unwrap();
    let blob = format!(
        "/v2/{repository}/blobs/{}",
        manifest["layers"][0]["digest"].as_str().unwrap()
    );
    let payload = wire::request(&registry.address, "GET", &blob, &[], b"");
    std::fs::write(directory.path().join("payload"), payload.body).unwrap();
    first(&registry, &[PLAIN])
        .arg("--signature")
        .arg(&file)
        .arg("--payload")
        .arg(directory.path().join("payload"))
        .run()
        .success();
}

/// cosign 2 with `--registry-referrers-mode oci-1-1`: an artifact that refers to the image, with the layers of `.sig`.
#[test]
fn signatures_that_cosign_2_stored_as_referrers_are_found() {
    let Some(cosign) = support::peers::require("cosign25") else {
        return;
    };
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let verify = || {
        countersign()
            .args(["verify", "--insecure-ignore-tlog", "--key"])
            .arg(vectors::path("cosign/keys/p256-empty-password.pub"))
            .arg(image.by_digest())
    };
    verify().run().expect_code(10);
    Program::new(cosign)
        .env("COSIGN_EXPERIMENTAL", "1")
        .env("COSIGN_PASSWORD", "")
        .args([
            "sign",
            "-y",
            "--tlog-upload=false",
            "--registry-referrers-mode",
            "oci-1-1",
            "--key",
        ])
        .arg(vectors::path("cosign/keys/p256-empty-password.key"))
        .arg(image.by_digest())
        .run()
        .success();
    verify().run().success();
    verify().arg("--experimental-oci11").run().success();
    let other = vectors::path("cosign/keys/p256-password.pub");
    verify().arg("--key").arg(other).run().expect_code(12);
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
