//! The webhook behind a real API server, seen through the real kubectl: the manifests of docs/deploy, the rights of their
//! service account and no other, and the steps of docs/tutorial.md. Runs where `$KUBEBUILDER_ASSETS` names a directory
//! with etcd, kube-apiserver and kubectl; elsewhere tests/admission.rs replays recorded reviews.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::cluster::Cluster;
use support::image::{self, Image};
use support::process::Run;
use support::registry::Embedded;

const SIGNER: &str = "p256-empty-password";
const OTHER: &str = "imported-ec384";

/// The stage: a cluster with the manifests applied and the webhook in it, and a registry.
struct Stage {
    cluster: Cluster,
    registry: Embedded,
}

#[test]
fn a_cluster_runs_only_signed_images() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let manifests = cluster.manifests();
    manifests_are_accepted(&cluster, &manifests);
    if cluster.serve(&["--no-match-policy=deny"]).is_none() {
        return;
    }
    rights_are_least(&cluster);
    let mut stage = Stage {
        cluster,
        registry: Embedded::start(),
    };
    stage.the_tutorial();
    stage.every_kind_is_judged_and_pinned();
    stage.what_changes_no_image_passes();
    stage.a_changed_policy_counts_at_once();
    stage.warn_mode_warns();
    stage.keys_in_secrets();
    stage.rego_in_config_maps();
    stage.what_is_wrong_with_a_policy_is_told();
    stage.pull_secrets();
    stage.without_the_webhook_nothing_runs();
}

/// All of them at once, as `kubectl apply -k` does, and without a warning; a second time nothing changes.
fn manifests_are_accepted(cluster: &Cluster, manifests: &str) {
    let run = cluster.apply(manifests).success();
    assert_eq!(run.stderr, "", "{}", run.stderr);
    let run = cluster
        .kubectl(["apply", "--dry-run=server", "-f", "-"])
        .stdin(manifests)
        .run()
        .success();
    for line in run.stdout.lines() {
        assert!(line.contains("unchanged") || line.contains("configured"), "{line}");
    }
    cluster
        .kubectl([
            "wait",
            "--for=condition=Established",
            "crd/clusterimagepolicies.policy.sigstore.dev",
        ])
        .run()
        .success();
}

/// What the service account may do, as the API server sees it.
fn rights_are_least(cluster: &Cluster) {
    let can = |args: &[&str]| {
        let account = "--as=system:serviceaccount:countersign-system:countersign";
        let run = cluster.kubectl(["auth", "can-i", account]).args(args).run();
        run.stdout.trim() == "yes"
    };
    let own = ["-n", "countersign-system"];
    assert!(can(&["watch", "clusterimagepolicies"]));
    assert!(can(&["patch", "clusterimagepolicies", "--subresource=status"]));
    assert!(can(&["get", "secrets", own[0], own[1]]));
    assert!(can(&["get", "configmaps", own[0], own[1]]));
    for not in [
        vec!["patch", "clusterimagepolicies"],
        vec!["create", "clusterimagepolicies"],
        vec!["list", "secrets", own[0], own[1]],
        vec!["get", "secrets", "-n", "default"],
        vec!["get", "serviceaccounts", "-n", "default"],
        vec!["get", "pods", "-n", "default"],
    ] {
        assert!(!can(&not), "{not:?}");
    }
}

fn pem(key: &str) -> String {
    support::vectors::text(&format!("cosign/keys/{key}.pub"))
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|l| format!("{}{l}\n", " ".repeat(by))).collect()
}

/// A policy for images like `glob` with authorities in YAML.
fn policy(name: &str, glob: &str, authorities: &str) -> String {
    format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata:\n  name: {name}\nspec:\n  images:\n  \
         - glob: \"{glob}\"\n  authorities:\n{authorities}"
    )
}

fn by_key(name: &str, glob: &str, key: &str) -> String {
    policy(
        name,
        glob,
        &format!("  - key:\n      data: |\n{}", indented(&pem(key), 8)),
    )
}

fn sign(image: &str, key: &str) {
    support::countersign()
        .args(["sign", "--yes", "--tlog-upload=false", "--key"])
        .arg(support::vectors::path(&format!("cosign/keys/{key}.key")))
        .arg(image)
        .env(
            "COSIGN_PASSWORD",
            support::vectors::text(&format!("cosign/keys/{key}.password")),
        )
        .run()
        .success();
}

/// A workload of `kind` whose container has `image`.
fn workload(kind: &str, api: &str, name: &str, image: &str) -> String {
    let pod = format!("{{restartPolicy: Always, containers: [{{name: c, image: '{image}'}}]}}");
    let labels = "{metadata: {labels: {app: x}}, spec: POD}".replace("POD", &pod);
    let selected = format!("{{selector: {{matchLabels: {{app: x}}}}, template: {labels}}}");
    let once = labels.replace("Always", "Never");
    let spec = match kind {
        "Pod" => pod,
        "ReplicationController" => format!("{{selector: {{app: x}}, template: {labels}}}"),
        "StatefulSet" => selected.replacen('{', "{serviceName: x, ", 1),
        "Job" => format!("{{template: {once}}}"),
        "CronJob" => format!("{{schedule: '@daily', jobTemplate: {{spec: {{template: {once}}}}}}}"),
        _ => selected,
    };
    let field = if kind == "PodTemplate" {
        format!("template: {labels}")
    } else {
        format!("spec: {spec}")
    };
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\n{field}\n")
}

/// The text of a denial.
#[track_caller]
fn denied(run: Run) -> String {
    let run = run.expect_code(1);
    assert!(
        run.stderr
            .contains("admission webhook \"policy.sigstore.dev\" denied the request: validation failed: "),
        "{}",
        run.stderr
    );
    run.stderr
}

impl Stage {
    fn push(&self, repository: &str) -> Image {
        image::push(&self.registry.address, repository, "1.0")
    }

    fn signed(&self, repository: &str, key: &str) -> Image {
        let image = self.push(repository);
        sign(&image.by_digest(), key);
        image
    }

    /// `kubectl -n shop create deployment NAME --image IMAGE`.
    fn deploy<const N: usize>(&self, name: &str, image: &str, more: [&str; N]) -> Run {
        self.cluster
            .kubectl(["-n", "shop", "create", "deployment", name, "--image", image])
            .args(more)
            .run()
    }

    fn image_of(&self, namespace: &str, deployment: &str) -> String {
        let path = "jsonpath={.spec.template.spec.containers[0].image}";
        self.cluster
            .kubectl(["-n", namespace, "get", "deployment", deployment, "-o", path])
            .run()
            .success()
            .stdout
    }

    /// Applies a policy and waits until it is in force.
    fn in_force(&self, name: &str, manifest: &str) {
        self.cluster.apply(manifest).success();
        assert_eq!(self.cluster.condition(name, "True").0, "Enforced");
    }

    /// Steps 5 to 7 of docs/tutorial.md.
    fn the_tutorial(&self) {
        let kubectl = |args: &str| {
            let mut program = self.cluster.kubectl([]);
            for arg in args.split(' ') {
                program = program.arg(arg);
            }
            program.run()
        };
        self.in_force("my-image-policy", &by_key("my-image-policy", "**/shop/**", SIGNER));
        let table = kubectl("get clusterimagepolicies").success().stdout;
        let rows: Vec<Vec<&str>> = table.lines().map(|l| l.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["NAME", "MODE", "READY", "REASON"], "{table}");
        assert_eq!(rows[1], ["my-image-policy", "True", "Enforced"], "{table}");
        kubectl("create namespace shop").success();
        kubectl("label namespace shop policy.sigstore.dev/include=true").success();

        let unsigned = self.push("shop/unsigned");
        let (tag, digest) = (unsigned.by_tag(), unsigned.by_digest());
        let pinned = format!("{tag}@{}", unsigned.digest);
        let expected = format!(
            "error: failed to create deployment: admission webhook \"policy.sigstore.dev\" denied the request: validation \
             failed: failed policy: my-image-policy: spec.template.spec.containers[0].image\n{pinned} signature key \
             validation failed for authority authority-0 for {digest}: no signatures found\nSign {digest} with the private \
             key of authority authority-0 (countersign sign --key KEY {digest}) and apply again.\n"
        );
        assert_eq!(denied(self.deploy("web", &tag, [])), expected);
        assert_eq!(denied(self.deploy("web", &tag, ["--dry-run=server"])), expected);
        let applied = denied(
            self.cluster
                .apply(&workload("Deployment", "apps/v1", "web", &unsigned.by_tag())),
        );
        assert!(
            applied.starts_with("Error from server (BadRequest): error when creating \"STDIN\": admission webhook"),
            "{applied}"
        );
        assert!(kubectl("-n shop get deployment web").code != 0);

        sign(&digest, SIGNER);
        // A denial is kept for five seconds.
        self.cluster
            .until("the signature counts", || self.deploy("web", &tag, []).code == 0);
        assert_eq!(self.image_of("shop", "web"), pinned);

        // Nobody asked for the namespace "default" to be judged.
        let unsigned = self.push("shop/unsigned-too");
        kubectl(&format!("create deployment web --image {}", unsigned.by_tag())).success();
        assert_eq!(self.image_of("default", "web"), unsigned.by_tag());
        // No policy is for this one.
        let unknown = self.signed("elsewhere/app", SIGNER);
        let text = denied(self.deploy("elsewhere", &unknown.by_tag(), []));
        assert!(text.contains("no matching policies"), "{text}");
    }

    fn every_kind_is_judged_and_pinned(&self) {
        let (signed, unsigned) = (self.signed("shop/kinds", SIGNER), self.push("shop/kinds-unsigned"));
        let older = self
            .cluster
            .kubectl(["api-resources", "--api-group=batch", "--no-headers"])
            .run()
            .success()
            .stdout;
        for (kind, api, path) in [
            ("Pod", "v1", "spec"),
            ("ReplicationController", "v1", "spec.template.spec"),
            ("PodTemplate", "v1", "template.spec"),
            ("Deployment", "apps/v1", "spec.template.spec"),
            ("ReplicaSet", "apps/v1", "spec.template.spec"),
            ("StatefulSet", "apps/v1", "spec.template.spec"),
            ("DaemonSet", "apps/v1", "spec.template.spec"),
            ("Job", "batch/v1", "spec.template.spec"),
            ("CronJob", "batch/v1", "spec.jobTemplate.spec.template.spec"),
        ] {
            if kind == "CronJob" && older.contains("batch/v1beta1") {
                // Before Kubernetes 1.21 there is none in batch/v1.
                continue;
            }
            let text = denied(self.cluster.apply(&workload(kind, api, "kind", &unsigned.by_tag())));
            let field = format!("failed policy: my-image-policy: {path}.containers[0].image\n");
            assert!(text.contains(&field), "{kind}: {text}");
            self.cluster
                .apply(&workload(kind, api, "kind", &signed.by_tag()))
                .success();
            let path = format!("jsonpath={{.{path}.containers[0].image}}");
            let stored = self
                .cluster
                .kubectl(["-n", "shop", "get", kind, "kind", "-o", &path])
                .run();
            let pinned = format!("{}@{}", signed.by_tag(), signed.digest);
            assert_eq!(stored.success().stdout, pinned, "{kind}");
        }
    }

    /// A workload that was there before its namespace was judged is not stranded.
    fn what_changes_no_image_passes(&self) {
        let unsigned = self.push("shop/old");
        let namespace = |word: &str| {
            let label = format!("policy.sigstore.dev/include={word}");
            let run = self
                .cluster
                .kubectl(["label", "--overwrite", "namespace", "shop", &label]);
            run.run().success();
        };
        namespace("false");
        // The API server hears of a label a moment after it is written.
        self.cluster.until("the label is off", || {
            self.deploy("old", &unsigned.by_tag(), []).code == 0
        });
        namespace("true");
        self.cluster.until("the label is on", || {
            self.deploy("none", &unsigned.by_tag(), ["--dry-run=server"]).code != 0
        });
        let shop = |args: &[&str]| self.cluster.kubectl(["-n", "shop"]).args(args).run();
        shop(&["scale", "deployment/old", "--replicas=3"]).success();
        shop(&["scale", "deployment/old", "--replicas=0"]).success();
        shop(&["patch", "deployment", "old", "-p", r#"{"spec":{"replicas":1}}"#]).success();
        shop(&["label", "deployment", "old", "touched=yes"]).success();
        shop(&["set", "env", "deployment/old", "A=b"]).success();
        shop(&["rollout", "restart", "deployment/old"]).success();
        assert_eq!(self.image_of("shop", "old"), unsigned.by_tag());
        let other = self.push("shop/old-too");
        denied(shop(&[
            "set",
            "image",
            "deployment/old",
            &format!("old={}", other.by_tag()),
        ]));
        shop(&["delete", "deployment", "old"]).success();
    }

    fn a_changed_policy_counts_at_once(&self) {
        let image = self.signed("shop/changing", SIGNER);
        let dry = |name: &str| self.deploy(name, &image.by_tag(), ["--dry-run=server"]);
        dry("a").success();
        self.in_force("my-image-policy", &by_key("my-image-policy", "**/shop/**", OTHER));
        let text = denied(dry("b"));
        assert!(text.contains("failed policy: my-image-policy: "), "{text}");
        self.in_force("my-image-policy", &by_key("my-image-policy", "**/shop/**", SIGNER));
        dry("c").success();
        // The older version of the resource is the same resource.
        let older = by_key("older", "**/changing*", OTHER).replace("v1beta1", "v1alpha1");
        self.in_force("older", &older);
        let text = denied(dry("d"));
        assert!(text.contains("failed policy: older: "), "{text}");
        self.cluster.kubectl(["delete", "cip", "older"]).run().success();
        self.cluster.until("the policy is gone", || dry("e").code == 0);
    }

    fn warn_mode_warns(&self) {
        let image = self.push("lenient/app");
        let lenient = by_key("lenient", "**/lenient/**", SIGNER).replace("spec:\n", "spec:\n  mode: warn\n");
        self.in_force("lenient", &lenient);
        let run = self.deploy("lenient", &image.by_tag(), []).success();
        let start = "Warning: failed policy: lenient: spec.template.spec.containers[0].image: signature key validation failed \
                     for authority authority-0: no signatures found";
        assert!(run.stderr.starts_with(start), "{}", run.stderr);
        let row = self
            .cluster
            .kubectl(["get", "cip", "lenient", "--no-headers"])
            .run()
            .success();
        let row: Vec<_> = row.stdout.split_whitespace().collect();
        assert_eq!(row, ["lenient", "warn", "True", "Enforced"]);
    }

    fn keys_in_secrets(&self) {
        let image = self.signed("secret/app", SIGNER);
        let dry = || self.deploy("secret", &image.by_tag(), ["--dry-run=server"]);
        let referring = |name: &str| {
            policy(
                "by-secret",
                "**/secret/**",
                &format!("  - key: {{secretRef: {name}}}\n"),
            )
        };
        self.cluster.apply(&referring("{name: signer}")).success();
        let (reason, message) = self.cluster.condition("by-secret", "False");
        assert_eq!(reason, "ReferenceMissing");
        assert!(message.contains("secret signer: it does not exist"), "{message}");
        let text = denied(dry());
        assert!(
            text.contains("the secret \"signer\" with its key is not at hand"),
            "{text}"
        );

        for namespace in ["countersign-system", "default"] {
            self.cluster
                .kubectl(["-n", namespace, "create", "secret", "generic", "signer"])
                .arg(format!("--from-literal=cosign.pub={}", pem(SIGNER)))
                .run()
                .success();
        }
        // Another namespace is not the webhook's to read.
        self.cluster
            .apply(&referring("{name: signer, namespace: default}"))
            .success();
        self.cluster.until("the secret is refused", || {
            let (_, message) = self.cluster.condition("by-secret", "False");
            message.contains("the API server does not allow it (403 Forbidden)")
        });
        self.in_force("by-secret", &referring("{name: signer, namespace: countersign-system}"));
        dry().success();
    }

    fn rego_in_config_maps(&self) {
        let image = self.signed("rego/app", SIGNER);
        let rego = "package sigstore\nisCompliant { input.metadata.labels.team == \"shop\" }\n";
        self.cluster
            .kubectl(["-n", "countersign-system", "create", "configmap", "rules"])
            .arg(format!("--from-literal=team.rego={rego}"))
            .run()
            .success();
        let mut manifest = by_key("by-team", "**/rego/**", SIGNER);
        manifest
            .push_str("  policy: {type: rego, includeObjectMeta: true, configMapRef: {name: rules, key: team.rego}}\n");
        self.in_force("by-team", &manifest);
        let template = workload("Deployment", "apps/v1", "team", &image.by_tag());
        denied(self.cluster.apply(&template));
        let labelled = template.replacen("{name: team", "{labels: {team: shop}, name: team", 1);
        self.cluster.apply(&labelled).success();
        // The label is what the policy is about: without it, the same image is denied.
        denied(
            self.cluster
                .kubectl(["-n", "shop", "label", "deployment", "team", "team-"])
                .run(),
        );
    }

    fn what_is_wrong_with_a_policy_is_told(&self) {
        // The schema sees these.
        let good = by_key("malformed", "**/x/**", SIGNER);
        let refused = |what: &str, with: &str, field: &str| {
            let bad = good.replacen(what, with, 1);
            assert_ne!(bad, good, "{what}");
            let run = self.cluster.apply(&bad).expect_code(1);
            assert!(run.stderr.contains(field), "{field}\n{}", run.stderr);
        };
        refused("spec:\n", "spec:\n  mode: audit\n", "spec.mode");
        refused("  - glob: \"**/x/**\"\n", "  - digest: x\n", "glob");
        refused("**/x/**", "a b", "glob");
        refused("  - key:\n", "  - signatureFormat: old\n    key:\n", "signatureFormat");
        refused("  - key:\n", "  - static: {action: maybe}\n  - key:\n", "static.action");
        refused(
            "  - key:\n",
            "  - keyless: {identities: []}\n  - key:\n",
            "keyless.identities",
        );
        refused(
            "  - key:\n",
            "  - attestations: [{name: a, predicateType: b, policy: {type: cue, data: x}}]\n    key:\n",
            "policy.type",
        );
        let run = self
            .cluster
            .apply(&good.split("spec:").next().unwrap().replace("malformed", "bare"));
        assert!(run.expect_code(1).stderr.contains("spec"), "no spec");
        // The schema does not see these; the webhook does, says so, and does not put them in force.
        self.cluster
            .apply(&policy("invalid", "**/shop/**", "  - key: {data: not a key}\n"))
            .success();
        let (reason, message) = self.cluster.condition("invalid", "False");
        assert_eq!(reason, "InvalidSpec");
        assert!(message.contains("spec.authorities[0].key.data"), "{message}");
        let row = self
            .cluster
            .kubectl(["get", "cip", "invalid", "--no-headers"])
            .run()
            .success();
        let row: Vec<_> = row.stdout.split_whitespace().collect();
        assert_eq!(row, ["invalid", "False", "InvalidSpec"]);
        // Repaired, it counts.
        self.in_force("invalid", &by_key("invalid", "**/shop/**", SIGNER));
        self.cluster.kubectl(["delete", "cip", "invalid"]).run().success();
    }

    fn pull_secrets(&self) {
        let image = self.signed("shop/private", SIGNER);
        self.registry
            .control
            .configure(|options| options.user = Some(("me".to_owned(), "secret".to_owned())));
        let (tag, digest) = (image.by_tag(), image.by_digest());
        self.cluster
            .kubectl(["-n", "shop", "create", "secret", "docker-registry", "regcred"])
            .args(["--docker-username=me", "--docker-password=secret"])
            .arg(format!("--docker-server={}", self.registry.address))
            .run()
            .success();
        let pulling = |name: &str, image: &str| {
            workload("Pod", "v1", name, image).replace("spec: {", "spec: {imagePullSecrets: [{name: regcred}], ")
        };
        // The webhook may not read secrets of workloads until it is let.
        let text = denied(self.cluster.apply(&pulling("private", &digest)));
        for part in [
            "secret shop/regcred of the pod: the API server does not allow it",
            "401",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        self.cluster
            .kubectl(["-n", "shop", "create", "rolebinding", "countersign-pull-secrets"])
            .arg("--clusterrole=countersign-pull-secrets")
            .arg("--serviceaccount=countersign-system:countersign")
            .run()
            .success();
        self.cluster.until("the pull secret counts", || {
            self.cluster.apply(&pulling("private", &tag)).code == 0
        });
        // And those of the service account.
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: puller, namespace: shop}\n\
                       imagePullSecrets: [{name: regcred}]\n";
        self.cluster.apply(account).success();
        let control = self.registry.control.clone();
        control.configure(|options| options.user = None);
        let second = self.signed("shop/private-too", SIGNER);
        control.configure(|options| options.user = Some(("me".to_owned(), "secret".to_owned())));
        let pod = workload("Pod", "v1", "of-account", &second.by_tag());
        denied(self.cluster.apply(&pod));
        let pod = pod.replace("spec: {", "spec: {serviceAccountName: puller, ");
        self.cluster.apply(&pod).success();
        control.configure(|options| options.user = None);
    }

    fn without_the_webhook_nothing_runs(&mut self) {
        let image = self.signed("shop/late", SIGNER);
        self.cluster.end_webhook();
        let run = self.deploy("late", &image.by_tag(), []).expect_code(1);
        assert!(
            run.stderr.contains("failed calling webhook \"policy.sigstore.dev\""),
            "{}",
            run.stderr
        );
        self.cluster
            .kubectl(["create", "deployment", "late", "--image", &image.by_tag()])
            .run()
            .success();
        self.cluster
            .kubectl(["-n", "shop", "delete", "deployment", "web"])
            .run()
            .success();
        self.cluster.serve(&["--mutate=pods"]).unwrap();
        // With --mutate pods, what a Deployment says stays.
        self.cluster
            .until("it is ready", || self.deploy("late", &image.by_tag(), []).code == 0);
        assert_eq!(self.image_of("shop", "late"), image.by_tag());
    }
}
