//! Attestations of images, in both formats, here and with the real cosigns.

mod support;

use support::image::{self, Image};
use support::registry::Embedded;
use support::{Program, Run, countersign, peers, vectors};

const KEY: &str = "cosign/keys/p256-empty-password";

fn attest(image: &str, predicate: &str) -> Program {
    countersign()
        .env("COSIGN_PASSWORD", "")
        .args(["attest", "--yes", "--tlog-upload=false", "--predicate", "-", "--key"])
        .arg(vectors::path(&format!("{KEY}.key")))
        .arg(image)
        .stdin(predicate)
}

fn verify(image: &str, kind: &str) -> Program {
    countersign()
        .args(["verify-attestation", "--insecure-ignore-tlog", "--type", kind, "--key"])
        .arg(vectors::path(&format!("{KEY}.pub")))
        .arg(image)
}

fn pushed() -> (Embedded, Image) {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    (registry, image)
}

/// The statements that a run printed, envelope by envelope.
fn statements(run: &Run) -> Vec<serde_json::Value> {
    use base64::Engine as _;
    run.stdout
        .lines()
        .map(|line| {
            let envelope: serde_json::Value = serde_json::from_str(line).unwrap();
            let payload = base64::engine::general_purpose::STANDARD
                .decode(envelope["payload"].as_str().unwrap())
                .unwrap();
            serde_json::from_slice(&payload).unwrap()
        })
        .collect()
}

#[test]
fn attestations_of_both_formats_lie_side_by_side_and_verify_by_type() {
    let (_registry, image) = pushed();
    let name = image.by_digest();
    attest(&name, "text").run().success();
    attest(&name, r#"{"bomFormat":"CycloneDX"}"#)
        .args(["--type", "cyclonedx", "--new-bundle-format"])
        .run()
        .success();
    let run = verify(&name, "custom").run().success();
    let found = statements(&run);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["predicate"]["Data"], "text");
    let found = statements(&verify(&name, "cyclonedx").run().success());
    assert_eq!(found[0]["predicateType"], "https://cyclonedx.org/bom");
    assert_eq!(found[0]["predicate"]["bomFormat"], "CycloneDX");
    let run = verify(&name, "vuln").run().expect_code(1);
    assert!(
        run.stderr
            .contains("none of the attestations matched the predicate type: vuln, found: "),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, "");
}

#[test]
fn another_key_image_or_nothing_is_no_attestation() {
    let (registry, image) = pushed();
    let name = image.by_digest();
    verify(&name, "custom").run().expect_code(1);
    attest(&name, "text").run().success();
    let run = countersign()
        .args(["verify-attestation", "--insecure-ignore-tlog", "--key"])
        .arg(vectors::path("cosign/keys/p256-password.pub"))
        .arg(&name)
        .run()
        .expect_code(1);
    assert!(run.stderr.contains("no matching attestations"), "{}", run.stderr);
    let other = image::push(&registry.address, "acme/other", "1.0");
    verify(&other.by_digest(), "custom").run().expect_code(1);
}

#[test]
fn a_type_is_replaced_only_when_asked() {
    let (_registry, image) = pushed();
    let name = image.by_digest();
    attest(&name, "one").run().success();
    attest(&name, "two").run().success();
    assert_eq!(statements(&verify(&name, "custom").run().success()).len(), 2);
    attest(&name, "three").arg("--replace").run().success();
    let found = statements(&verify(&name, "custom").run().success());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["predicate"]["Data"], "three");
}

#[test]
fn a_rego_policy_decides_over_the_statement() {
    let (_registry, image) = pushed();
    let name = image.by_digest();
    attest(&name, "text").run().success();
    let directory = tempfile::tempdir().unwrap();
    let policy = |file: &str, text: &str| {
        let path = directory.path().join(file);
        std::fs::write(&path, text).unwrap();
        path
    };
    let rego = |wanted: &str| format!("package signature\n\nallow {{\n  input.predicate.Data == \"{wanted}\"\n}}\n");
    let good = policy("good.rego", &rego("text"));
    let bad = policy("bad.rego", &rego("other"));
    let cue = policy("policy.cue", "predicate: {}");
    verify(&name, "custom").arg("--policy").arg(&good).run().success();
    let run = verify(&name, "custom")
        .arg("--policy")
        .arg(&good)
        .arg("--policy")
        .arg(&bad)
        .run()
        .expect_code(1);
    assert!(run.stderr.contains("policy is not compliant"), "{}", run.stderr);
    let run = verify(&name, "custom").arg("--policy").arg(&cue).run().expect_code(1);
    assert!(run.stderr.contains("CUE is not supported"), "{}", run.stderr);
}

#[test]
fn real_cosigns_verify_attestations_that_are_made_here_and_the_reverse() {
    let (_registry, image) = pushed();
    let name = image.by_digest();
    attest(&name, "text").run().success();
    attest(&name, r#"{"bomFormat":"CycloneDX"}"#)
        .args(["--type", "cyclonedx", "--new-bundle-format"])
        .run()
        .success();
    for (peer, kind) in [("cosign25", "custom"), ("cosign31", "cyclonedx")] {
        let Some(cosign) = peers::require(peer) else { return };
        Program::new(cosign)
            .args(["verify-attestation", "--insecure-ignore-tlog", "--type", kind, "--key"])
            .arg(vectors::path(&format!("{KEY}.pub")))
            .arg(&name)
            .run()
            .success();
    }
}

#[test]
fn recorded_attestations_of_both_cosigns_verify() {
    for (folder, scenario, key) in [
        ("cosign", "att-v2", KEY),
        ("cosign", "att-v3", KEY),
        ("tlog", "att-v1", "tlog/keys/signer"),
        ("tlog", "att-v2", "tlog/keys/signer"),
    ] {
        let registry = Embedded::recorded(folder, scenario);
        let dump = vectors::dumps(folder, scenario).remove(0);
        let name = format!("{}/{}@{}", registry.address, dump.repository, dump.tags["1.0"]);
        let program = countersign()
            .args(["verify-attestation", "--offline", "--key"])
            .arg(vectors::path(&format!("{key}.pub")))
            .arg(&name);
        let program = if folder == "tlog" {
            program
                .arg("--trusted-root")
                .arg(vectors::path("tlog/trust/trusted-root.json"))
        } else {
            program.arg("--insecure-ignore-tlog")
        };
        assert_eq!(statements(&program.run().success()).len(), 1, "{folder} {scenario}");
    }
}
