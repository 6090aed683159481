//! Attestations of images, in both formats, here and with the real cosigns.

mod support;

use support::image::{self, Image};
use support::registry::{self, DockerRegistry, Embedded, Fault, Rule};
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

/// An image in a registry that has the referrers API or does not.
fn pushed_where(referrers_api: bool) -> (Embedded, Image) {
    let (registry, image) = pushed();
    registry
        .control
        .configure(|options| options.referrers_api = referrers_api);
    (registry, image)
}

/// An attestation in a bundle, in place of those of its type.
fn replace(image: &str, kind: &str, predicate: &str) -> Program {
    attest(image, predicate).args(["--type", kind, "--new-bundle-format", "--replace"])
}

/// The predicates of the attestations of `kind`, sorted.
fn predicates(image: &str, kind: &str) -> Vec<String> {
    let run = verify(image, kind).run().success();
    let mut found: Vec<String> = statements(&run)
        .iter()
        .map(|s| s["predicate"]["Data"].to_string())
        .collect();
    found.sort();
    found
}

#[test]
fn bundles_of_a_type_are_replaced_and_no_others() {
    for referrers_api in [true, false] {
        let (registry, image) = pushed_where(referrers_api);
        let name = image.by_digest();
        let bundle = |kind: &str, predicate: &str| {
            let program = attest(&name, predicate).args(["--type", kind, "--new-bundle-format"]);
            program.run().success();
        };
        bundle("custom", "one");
        bundle("custom", "two");
        bundle("https://example.com/other", r#"{"Data":"kept"}"#);
        // Another format, which this is not about.
        attest(&name, "tagged").run().success();
        countersign()
            .env("COSIGN_PASSWORD", "")
            .args(["sign", "--yes", "--tlog-upload=false", "--new-bundle-format", "--key"])
            .arg(vectors::path(&format!("{KEY}.key")))
            .arg(&name)
            .run()
            .success();
        registry.control.forget();
        replace(&name, "custom", "three").run().success();
        let requests = registry.requests();
        let last_put = requests.iter().rposition(|line| line.starts_with("PUT ")).unwrap();
        let deletes: Vec<usize> = (0..requests.len())
            .filter(|i| requests[*i].starts_with("DELETE "))
            .collect();
        // What the fallback index does not list is gone, and its manifest is left alone.
        assert_eq!(deletes.len(), if referrers_api { 2 } else { 0 }, "{requests:#?}");
        assert!(deletes.iter().all(|at| *at > last_put), "{requests:#?}");
        assert_eq!(predicates(&name, "custom"), ["\"tagged\"", "\"three\""]);
        assert_eq!(predicates(&name, "https://example.com/other"), ["\"kept\""]);
        countersign()
            .args(["verify", "--insecure-ignore-tlog", "--key"])
            .arg(vectors::path(&format!("{KEY}.pub")))
            .arg(&name)
            .run()
            .success();
        // There is nothing to replace of a type that is new.
        registry.control.forget();
        replace(&name, "https://example.com/new", "{}").run().success();
        assert!(registry.requests().iter().all(|line| !line.starts_with("DELETE ")));
    }
}

#[test]
fn what_is_replaced_stays_until_the_new_attestation_is_written() {
    for referrers_api in [true, false] {
        let (registry, image) = pushed_where(referrers_api);
        let name = image.by_digest();
        replace(&name, "custom", "one").run().success();
        registry
            .control
            .inject(Rule::new(Fault::status(403)).method("PUT").path("/manifests/"));
        replace(&name, "custom", "two").run().expect_code(1);
        registry.control.heal();
        assert_eq!(predicates(&name, "custom"), ["\"one\""]);
    }
}

#[test]
fn a_registry_that_keeps_what_is_replaced_is_told_of() {
    let (registry, image) = pushed();
    registry.control.configure(|options| options.deletes = false);
    let name = image.by_digest();
    replace(&name, "custom", "one").run().success();
    let run = replace(&name, "custom", "two").run().expect_code(1);
    assert!(
        run.stderr.contains("the attestation is written (") && run.stderr.contains("1 older of the same type"),
        "{}",
        run.stderr
    );
    assert_eq!(predicates(&name, "custom"), ["\"one\"", "\"two\""]);
    // The fallback index is rewritten, for which nothing has to be deleted.
    let (registry, image) = pushed();
    registry.control.configure(|options| {
        options.deletes = false;
        options.referrers_api = false;
    });
    let name = image.by_digest();
    replace(&name, "custom", "one").run().success();
    replace(&name, "custom", "two").run().success();
    assert_eq!(predicates(&name, "custom"), ["\"two\""]);
}

#[test]
fn no_new_attestation_is_lost_to_replacements_at_the_same_time() {
    let kinds = [
        "custom",
        "https://example.com/a",
        "https://example.com/b",
        "https://example.com/c",
    ];
    let data = |kind: &str, text: &str| match kind {
        "custom" => text.to_owned(),
        _ => format!("{{\"Data\":\"{text}\"}}"),
    };
    for referrers_api in [true, false] {
        let (registry, image) = pushed();
        registry.control.configure(|options| {
            options.referrers_api = referrers_api;
            options.preconditions = false;
        });
        let name = image.by_digest();
        for kind in kinds {
            replace(&name, kind, &data(kind, "old")).run().success();
        }
        std::thread::scope(|scope| {
            for kind in kinds {
                let name = &name;
                scope.spawn(move || replace(name, kind, &data(kind, "new")).run().success());
            }
        });
        for kind in kinds {
            let found = predicates(&name, kind);
            assert!(found.contains(&"\"new\"".to_owned()), "{kind}: {found:?}");
            // On a fallback index, one who has seen the old one may have put it back: nobody's entry is ever lost.
            assert!(found.len() == 1 || !referrers_api, "{kind}: {found:?}");
        }
        replace(&name, "custom", "newer").run().success();
        assert_eq!(predicates(&name, "custom"), ["\"newer\""]);
    }
}

#[test]
fn bundles_in_a_layout_and_on_a_real_registry_are_replaced() {
    let (_registry, image) = pushed();
    let directory = tempfile::tempdir().unwrap();
    let layout = directory.path().join("layout");
    let layout = format!("oci:{}", layout.display());
    countersign()
        .args(["copy", &image.by_digest(), &layout])
        .run()
        .success();
    for predicate in ["one", "two"] {
        replace(&layout, "custom", predicate).run().success();
    }
    let run = countersign().args(["tree", "-o", "json", &layout]).run().success();
    assert_eq!(
        run.stdout.matches("https://cosign.sigstore.dev/attestation/v1").count(),
        1,
        "{}",
        run.stdout
    );
    let Some(registry) = DockerRegistry::start(&registry::Options::default()) else {
        return;
    };
    let image = image::push(&registry.address, "acme/app", "1.0");
    let name = image.by_digest();
    for predicate in ["one", "two", "three"] {
        replace(&name, "custom", predicate).run().success();
    }
    assert_eq!(predicates(&name, "custom"), ["\"three\""]);
    let Some(cosign) = peers::require("cosign31") else {
        return;
    };
    let run = Program::new(cosign)
        .args([
            "verify-attestation",
            "--insecure-ignore-tlog",
            "--new-bundle-format",
            "--type",
            "custom",
            "--key",
        ])
        .arg(vectors::path(&format!("{KEY}.pub")))
        .arg(&name)
        .run()
        .success();
    let found = statements(&run);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["predicate"]["Data"], "three");
}

#[test]
fn policies_import_from_files_of_other_packages_and_each_of_them_has_to_allow() {
    let (_registry, image) = pushed();
    let name = image.by_digest();
    attest(&name, "text").run().success();
    let directory = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = directory.path().join(file);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let library = write(
        "lib.rego",
        "package lib\nok(data) { regex.match(`^\\w+$`, data) }\nkinds := {\"text\"}",
    );
    let user = write(
        "user.rego",
        "\u{feff}package signature\nimport data.lib\nallow { data.lib.ok(input.predicate.Data); lib.kinds[input.predicate.Data] }",
    );
    let never = write(
        "never.rego",
        "package signature\nallow { input.predicate.Data == \"other\" }",
    );
    let run = |policies: &str| verify(&name, "custom").args(["--policy", policies]).run();
    run(&format!("{user},{library}")).success();
    run(&user).expect_code(1);
    run(&format!("{library},{user},{never}")).expect_code(1);
    let none = run(&format!("{library},{library}")).expect_code(1);
    assert!(none.stderr.contains("package signature"), "{}", none.stderr);
    // A type that is no URI can be asked for.
    let run = verify(&name, "cosign.sigstore.dev/attestation/v1").run().expect_code(1);
    assert!(
        run.stderr.contains("none of the attestations matched"),
        "{}",
        run.stderr
    );
}

#[test]
fn without_attestations_a_download_fails() {
    let (_registry, image) = pushed();
    let download = || {
        countersign()
            .args(["download", "attestation"])
            .arg(image.by_digest())
            .run()
    };
    let run = download().expect_code(1);
    assert!(run.stderr.contains("found no attestations"), "{}", run.stderr);
    attest(&image.by_digest(), "text").run().success();
    download().success();
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

/// DSSE lets several sign one envelope; whoever asks for one of them need not know the others.
#[test]
fn an_envelope_of_several_signers_is_good_for_each_of_them() {
    let (registry, image) = pushed();
    let name = image.by_digest();
    attest(&name, "text").run().success();
    let mut several: serde_json::Value = serde_json::from_str(&verify(&name, "custom").run().success().stdout).unwrap();
    let good = several["signatures"][0].clone();
    let other = serde_json::json!({"keyid": "other", "sig": "MAYCAQECAQE="});
    several["signatures"] = serde_json::json!([other, good]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("several.json");
    std::fs::write(&file, several.to_string()).unwrap();

    let image = image::push(&registry.address, "acme/app", "2.0");
    // The envelope is about the first image: it is good there, next to the envelope with one signature, and nowhere else.
    for (to, expected) in [(&name, 0), (&image.by_digest(), 1)] {
        let attach = countersign()
            .args(["attach", "attestation", "--attestation"])
            .arg(&file)
            .arg(to);
        attach.run().success();
        verify(to, "custom").run().expect_code(expected);
    }
    assert_eq!(statements(&verify(&name, "custom").run().success()).len(), 2);
    // Without the good signature the envelope is worth nothing.
    several["signatures"] = serde_json::json!([other, other]);
    std::fs::write(&file, several.to_string()).unwrap();
    let (_registry, image) = pushed();
    countersign()
        .args(["attach", "attestation", "--attestation"])
        .arg(&file)
        .arg(image.by_digest())
        .run()
        .success();
    verify(&image.by_digest(), "custom").run().expect_code(1);
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
