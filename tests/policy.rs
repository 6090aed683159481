//! Policies on a laptop and in CI: validate, check, test, and the webhook started as a program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::countersign;
use support::registry::{Embedded, Fault, Rule};

fn policy(name: &str, rest: &str) -> String {
    let pem = support::vectors::text("cosign/keys/p256-empty-password.pub");
    let pem: String = pem.lines().map(|l| format!("        {l}\n")).collect();
    format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata:\n  name: {name}\nspec:\n{rest}  \
         images:\n  - glob: '**'\n  authorities:\n  - key:\n      data: |\n{pem}"
    )
}

fn deployment(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  \
         name: web\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: {image}\n"
    )
}

#[test]
fn a_policy_is_validated_with_line_and_field() {
    let home = tempfile::tempdir().unwrap();
    let good = home.path().join("good.yaml");
    std::fs::write(&good, policy("good", "")).unwrap();
    let run = countersign()
        .args(["policy", "validate", "-f"])
        .arg(&good)
        .run()
        .success();
    assert!(run.stdout.contains("policy good is valid"), "{}", run.stdout);
    let run = countersign()
        .args(["policy", "validate", "-f", "-"])
        .stdin(policy("bad", "  mode: audit\n"))
        .run()
        .expect_code(1);
    assert!(
        run.stdout
            .contains("-:6: spec.mode: invalid value: audit: unsupported mode"),
        "{}",
        run.stdout
    );
}

#[test]
fn pods_are_found_whatever_the_kind_says() {
    let registry = Embedded::recorded("cosign", "unsigned");
    let image = format!("{}/acme/unsigned:1.0", registry.address);
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("policy.yaml");
    std::fs::write(&file, policy("p", "")).unwrap();
    let rollout = deployment(&image)
        .replace("apps/v1", "argoproj.io/v1alpha1")
        .replace("kind: Deployment", "kind: Rollout");
    for manifest in [
        rollout,
        deployment(&image).replace("kind: Deployment", "kind: deployment"),
        deployment(&image).replace("apiVersion: apps/v1\n", ""),
        format!("apiVersion: v1\nkind: PodList\nitems:\n- spec: {{containers: [{{image: '{image}'}}]}}\n"),
    ] {
        let run = countersign()
            .args(["policy", "check", "-f", "-", "-p"])
            .arg(&file)
            .stdin(manifest.clone())
            .run()
            .expect_code(1);
        assert!(
            run.stderr.contains("1 of 1 images denied"),
            "{manifest}\n{}",
            run.stderr
        );
    }
    // A misspelled kind beside a policy is no other document.
    let second = policy("second", "").replace("kind: ClusterImagePolicy", "kind: clusterImagePolicy");
    std::fs::write(&file, format!("{}---\n{second}", policy("p", ""))).unwrap();
    let run = countersign()
        .args(["policy", "check", &image, "-p"])
        .arg(&file)
        .run()
        .expect_code(2);
    assert!(run.stderr.contains("kind: invalid value"), "{}", run.stderr);
}

#[test]
fn images_and_manifests_are_checked() {
    let registry = Embedded::recorded("cosign", "plain");
    for dump in support::vectors::dumps("cosign", "unsigned") {
        support::vectors::push(&registry.address, &dump);
    }
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let enforce = write("policy.yaml", &policy("p", ""));
    let signed = format!("{}/acme/plain:1.0", registry.address);
    let unsigned = format!("{}/acme/unsigned:1.0", registry.address);
    let check = |policy: &std::path::Path| countersign().args(["policy", "check", "-p"]).arg(policy);

    let run = check(&enforce).arg(&signed).run().success();
    assert!(
        run.stdout.contains("ADMITTED") && run.stdout.contains("the tag is now"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("signed by key sha256:"), "{}", run.stdout);

    let run = check(&enforce).args([&signed, &unsigned]).run().expect_code(1);
    assert!(run.stdout.contains("1 admitted, 1 denied"), "{}", run.stdout);
    assert!(run.stdout.contains("no signatures found"), "{}", run.stdout);
    assert!(run.stderr.contains("1 of 2 images denied"), "{}", run.stderr);

    let manifest = write("deploy.yaml", &deployment(&unsigned));
    let run = check(&enforce)
        .arg("-f")
        .arg(&manifest)
        .args(["-o", "sarif"])
        .run()
        .expect_code(1);
    let sarif = &run.json()[0];
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "p");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 14);

    let run = check(&enforce)
        .args(["-f", "-", "-o", "json"])
        .stdin(deployment(&unsigned))
        .run()
        .expect_code(1);
    let json = &run.json()[0];
    assert_eq!(json["outcome"], "denied");
    assert_eq!(json["images"][0]["path"], "spec.template.spec.containers[0].image");
    let run = check(&enforce)
        .arg("-f")
        .arg(&manifest)
        .args(["-o", "junit"])
        .run()
        .expect_code(1);
    assert!(run.stdout.contains("failures=\"1\""), "{}", run.stdout);

    let compose = format!("services:\n  web:\n    image: {signed}\n  db:\n    image: {unsigned}\n");
    let run = check(&enforce).args(["-f", "-"]).stdin(compose).run().expect_code(1);
    assert!(run.stdout.contains("compose service container db"), "{}", run.stdout);

    let warn = write("warn.yaml", &policy("w", "  mode: warn\n"));
    let run = check(&warn).arg(&unsigned).run().success();
    assert!(run.stdout.contains("WARNING"), "{}", run.stdout);

    let missing = format!("{}/acme/plain:nope", registry.address);
    let run = check(&enforce).arg(&missing).run().expect_code(1);
    assert!(run.stdout.contains("image tag not found"), "{}", run.stdout);

    registry.control.inject(Rule::new(Fault::status(500)).path("/v2/acme"));
    let run = check(&enforce)
        .args(["--retries", "0"])
        .arg(&signed)
        .run()
        .expect_code(2);
    assert!(
        run.stdout.contains("UNDECIDED") && !run.stdout.contains("no signatures found"),
        "{}",
        run.stdout
    );
    countersign()
        .args(["policy", "check", "-p", "nosuch.yaml", "a"])
        .run()
        .expect_code(2);
}

/// A policy of one authority, in flow style.
fn authority(text: &str) -> String {
    format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: p}}\nspec:\n  images: \
         [{{glob: '**'}}]\n  authorities:\n  - {text}\n"
    )
}

/// A PEM file as a YAML string.
fn yaml_string(vector: &str) -> String {
    format!("{:?}", support::vectors::text(vector))
}

#[test]
fn logs_certificates_and_timestamps_that_a_policy_asks_for_are_needed() {
    let registry = Embedded::recorded("tlog", "rekor1");
    for scenario in ["private-ca", "tsa-only"] {
        for dump in support::vectors::dumps("tlog", scenario) {
            support::vectors::push(&registry.address, &dump);
        }
    }
    let key = format!("key: {{data: {}}}", yaml_string("tlog/keys/signer.pub"));
    let ca = |identity: &str| {
        format!(
            "keyless: {{ca-cert: {{data: {}}}, trustRootRef: local, insecureIgnoreSCT: true, identities: [{identity}]}}",
            yaml_string("tlog/keys/ca.crt")
        )
    };
    let ours = "{issuer: 'https://issuer.example.com', subject: ci@example.com}";
    let pattern = "{issuerRegExp: '^https://issuer[.]example[.]com$', subjectRegExp: '@example[.]com$'}";
    let (admitted, denied) = (0, 1);
    for (image, text, expected) in [
        ("rekor1", key.clone(), admitted),
        (
            "rekor1",
            format!("{{{key}, ctlog: {{url: 'https://log', trustRootRef: local}}}}"),
            admitted,
        ),
        (
            "tsa-only",
            format!("{{{key}, ctlog: {{url: 'https://log', trustRootRef: local}}}}"),
            denied,
        ),
        (
            "tsa-only",
            format!("{{{key}, rfc3161timestamp: {{trustRootRef: local}}}}"),
            admitted,
        ),
        (
            "rekor1",
            format!("{{{key}, rfc3161timestamp: {{trustRootRef: local}}}}"),
            denied,
        ),
        ("private-ca", key.clone(), denied),
        ("private-ca", ca(ours), admitted),
        ("private-ca", ca(pattern), admitted),
        ("private-ca", ca(&ours.replace("ci@", "x@")), denied),
        ("private-ca", ca(&ours.replace("issuer.", "other.")), denied),
        ("rekor1", ca(ours), denied),
    ] {
        let mut root = std::ffi::OsString::from("local=");
        root.push(support::vectors::path("tlog/trust/trusted-root.json"));
        countersign()
            .args(["policy", "check", "-p", "-", "--trust-root"])
            .arg(root)
            .arg(format!("{}/acme-log/{image}:1.0", registry.address))
            .stdin(authority(&text))
            .run()
            .expect_code(expected);
    }
    // A root that is not at hand is no verdict, and no admission.
    let run = countersign()
        .args(["policy", "check", "-p", "-"])
        .arg(format!("{}/acme-log/private-ca:1.0", registry.address))
        .stdin(authority(&ca(ours)))
        .run()
        .expect_code(2);
    assert!(run.stdout.contains("--trust-root local=FILE"), "{}", run.stdout);
}

#[test]
fn policies_are_tested_offline_on_layouts() {
    let home = tempfile::tempdir().unwrap();
    let layout = support::vectors::path("cosign/saved-layout");
    std::fs::write(home.path().join("policy.yaml"), policy("p", "")).unwrap();
    let image = "localhost:5600/acme/twice";
    let test = |expect: &str| {
        format!(
            "apiVersion: countersign.dev/v1\nkind: PolicyTest\npolicies: [policy.yaml]\nlayouts:\n  {image}: {}\ntests:\n\
             - {{name: ours, image: '{image}:1.0', expect: {expect}}}\n\
             - {{name: not there, image: 'localhost:5600/acme/other:1.0', expect: denied, contains: no layout is given}}\n",
            layout.display()
        )
    };
    let file = home.path().join("test.yaml");
    std::fs::write(&file, test("admitted")).unwrap();
    let run = countersign().args(["policy", "test"]).arg(&file).run().success();
    assert!(run.stdout.contains("2 passed, 0 failed"), "{}", run.stdout);
    std::fs::write(&file, test("denied")).unwrap();
    let run = countersign().args(["policy", "test"]).arg(&file).run().expect_code(1);
    assert!(run.stdout.contains("expected denied, got admitted"), "{}", run.stdout);
}

#[test]
fn a_certificate_for_the_webhook_is_made() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("tls");
    let run = countersign()
        .args(["policy", "certificate", "--directory"])
        .arg(&directory)
        .run()
        .success();
    assert!(run.stdout.starts_with("LS0tLS1CRUdJTi"), "{}", run.stdout);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(directory.join("tls.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for name in ["ca.crt", "tls.crt"] {
        assert!(
            std::fs::read_to_string(directory.join(name))
                .unwrap()
                .contains("BEGIN CERTIFICATE")
        );
    }
}

#[test]
fn the_deployments_own_manifests_are_read() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy/kustomize");
    for file in [
        "deployment.yaml",
        "crd.yaml",
        "webhooks.yaml",
        "rbac.yaml",
        "network.yaml",
        "namespace.yaml",
    ] {
        let bytes = std::fs::read(docs.join(file)).unwrap();
        countersign::policy::document::read(&bytes).unwrap_or_else(|e| panic!("{file}: {e}"));
    }
}
