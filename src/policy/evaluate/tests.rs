//! What policies mean, over evidence that is made up.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::json;

use super::super::decision::{self, ImageVerdict, Outcome};
use super::super::{document, parse, workload as workloads};
use super::*;

const KEY: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZxAfzrQG1EbWyCI8LiSB7YgSFXoI\nFNGTyQGKHFc6/H8TQumT9VLS78pUwtv3w7EfKoyFZoP32KrO7nzUy2q6Cw==\n-----END PUBLIC KEY-----\n";
const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Candidates are `authority name` of who signed, or that and a statement.
#[derive(Clone)]
struct Signed(&'static str, Option<Value>);

#[derive(Default)]
struct World {
    images: HashMap<String, Vec<Signed>>,
    down: bool,
    asked: Mutex<Vec<String>>,
}

impl World {
    fn with(candidates: Vec<Signed>) -> Self {
        Self {
            images: HashMap::from([(image().to_string(), candidates)]),
            ..Self::default()
        }
    }

    fn ask(&self, what: String) -> Result<(), LookupError> {
        self.asked.lock().unwrap().push(what);
        match self.down {
            true => Err(LookupError {
                message: "r.io: connection refused".into(),
                image_missing: false,
            }),
            false => Ok(()),
        }
    }
}

impl Evidence for World {
    type Candidate = Signed;

    async fn resolve(&self, image: &Reference) -> Result<Digest, LookupError> {
        self.ask(format!("resolve {image}"))?;
        Ok(format!("sha256:{HEX}").parse().unwrap())
    }

    async fn candidates(&self, image: &Reference, _: &Source, attestations: bool) -> Arc<Gathered<Signed>> {
        let failure = self.ask(format!("candidates {image}")).err();
        let mut candidates = self.images.get(&image.to_string()).cloned().unwrap_or_default();
        candidates.retain(|c| c.1.is_some() == attestations);
        Arc::new(Gathered {
            candidates,
            failure,
            held: Share::default(),
        })
    }

    async fn config_files(&self, image: &Reference) -> Result<Value, LookupError> {
        self.ask(format!("config {image}"))?;
        Ok(json!({"linux/amd64": {"config": {"User": "nobody"}}}))
    }

    fn verify(&self, candidate: &Signed, _: &Reference, authority: &Authority) -> Result<Found, Rejected> {
        if !authority.name.starts_with(candidate.0) {
            return Err(Rejected {
                place: "layer 1".into(),
                reason: "the signature is not by this key".into(),
            });
        }
        Ok(Found {
            signer: candidate.0.to_owned(),
            signature: Map::from_iter([("id".to_owned(), json!("1"))]),
            statement: candidate.1.clone().map(Arc::new),
            digest: "sha256:2".into(),
        })
    }

    fn unusable(&self, authority: &Authority) -> Option<String> {
        (authority.name == "broken").then(|| "no trusted root".to_owned())
    }

    fn now(&self) -> i64 {
        0
    }
}

fn image() -> Reference {
    format!("r.io/app@sha256:{HEX}").parse().unwrap()
}

fn policy(spec: &str) -> Arc<ClusterImagePolicy> {
    named("p", "{}", spec)
}

fn named(name: &str, annotations: &str, spec: &str) -> Arc<ClusterImagePolicy> {
    let spec = spec.replace("KEY", &format!("key: {{data: {KEY:?}}}"));
    let text = format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: {name}, annotations: {annotations}}}\nspec:\n{spec}"
    );
    let (mut policies, _) = parse::read(text.as_bytes()).unwrap();
    let parsed = policies.remove(0);
    Arc::new(parsed.policy.unwrap_or_else(|| panic!("{:?}", parsed.problems)))
}

fn deployment(image: &str) -> Workload {
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, labels: {{team: shop}}}}\nspec: {{replicas: 1, template: {{spec: {{containers: [{{name: c, image: {image:?}}}]}}}}}}"
    );
    let node = document::read(text.as_bytes()).unwrap().remove(0);
    workloads::of_document(&node).remove(0).0
}

async fn run_all(world: &World, policies: &[Arc<ClusterImagePolicy>], image: &str) -> ImageVerdict {
    let mut verdicts = workload(world, policies, NoMatch::Deny, Tags::Refuse, &deployment(image)).await;
    verdicts.remove(0)
}

async fn run(world: &World, spec: &str) -> ImageVerdict {
    run_all(world, &[policy(spec)], &image().to_string()).await
}

const ONE: &str = "  images: [{glob: 'r.io/**'}]\n  authorities: [{KEY}]\n";

#[tokio::test]
async fn an_unsigned_image_is_denied_in_policy_controllers_words() {
    let world = World::with(vec![]);
    let policies = [named("my-image-policy", "{}", ONE)];
    let verdict = run_all(&world, &policies, &image().to_string()).await;
    assert_eq!(verdict.outcome, Outcome::Denied);
    let i = image();
    assert_eq!(
        decision::denial(&[verdict]).unwrap(),
        format!(
            "validation failed: failed policy: my-image-policy: spec.template.spec.containers[0].image\n{i} signature key \
             validation failed for authority authority-0 for {i}: no signatures found\nSign {i} with the private key of \
             authority authority-0 (countersign sign --key KEY {i}) and apply again."
        )
    );
}

#[tokio::test]
async fn a_signed_image_is_admitted_and_another_key_is_not() {
    let signed = run(&World::with(vec![Signed("authority-0", None)]), ONE).await;
    assert_eq!(signed.outcome, Outcome::Admitted);
    assert_eq!(signed.policies[0].authorities[0].signers, ["authority-0"]);
    let other = run(&World::with(vec![Signed("mallory", None)]), ONE).await;
    assert_eq!(other.outcome, Outcome::Denied);
    assert!(
        other.policies[0].reasons()[0].ends_with("no matching signatures: layer 1: the signature is not by this key")
    );
}

#[tokio::test]
async fn an_attestation_is_no_signature_and_a_signature_no_attestation() {
    let statement = json!({"predicateType": "https://x", "predicate": {}});
    let attested = World::with(vec![Signed("authority-0", Some(statement))]);
    assert_eq!(run(&attested, ONE).await.outcome, Outcome::Denied);
    let spec =
        "  images: [{glob: '**'}]\n  authorities: [{KEY, attestations: [{name: a, predicateType: 'https://x'}]}]\n";
    assert_eq!(run(&attested, spec).await.outcome, Outcome::Admitted);
    assert_eq!(
        run(&World::with(vec![Signed("authority-0", None)]), spec).await.outcome,
        Outcome::Denied
    );
}

#[tokio::test]
async fn every_attestation_is_needed_of_its_type_and_with_its_policy() {
    let statement = |kind: &str, n: i64| {
        Signed(
            "authority-0",
            Some(json!({"predicateType": kind, "predicate": {"n": n}})),
        )
    };
    let spec = "  images: [{glob: '**'}]\n  authorities:\n  - {KEY, attestations: [{name: a, predicateType: 'https://a', policy: {type: rego, data: \"package sigstore\\nisCompliant { input.predicate.n == 1 }\"}}, {name: b, predicateType: 'https://b'}]}\n";
    let outcome = |candidates| async move { run(&World::with(candidates), spec).await };
    assert_eq!(
        outcome(vec![statement("https://a", 1), statement("https://b", 2)])
            .await
            .outcome,
        Outcome::Admitted
    );
    // A sibling that fails the policy does not spoil the one that satisfies it.
    assert_eq!(
        outcome(vec![
            statement("https://a", 2),
            statement("https://a", 1),
            statement("https://b", 2)
        ])
        .await
        .outcome,
        Outcome::Admitted
    );
    // The policy over the results sees the type as the policy writes it.
    let short = "  images: [{glob: '**'}]\n  authorities: [{name: k, KEY, attestations: [{name: a, predicateType: spdxjson}]}]\n  policy: {type: rego, data: \"package sigstore\\nisCompliant { input.authorityMatches.k.attestations.a[0].predicateType == \\\"spdxjson\\\" }\"}\n";
    let signed = World::with(vec![Signed(
        "k",
        Some(json!({"predicateType": "https://spdx.dev/Document", "predicate": {}})),
    )]);
    assert_eq!(run(&signed, short).await.outcome, Outcome::Admitted);
    let wrong = outcome(vec![statement("https://a", 2), statement("https://b", 2)]).await;
    assert!(wrong.policies[0].reasons()[0].contains("failed evaluating rego policy for a: policy is not compliant"));
    let missing = outcome(vec![statement("https://a", 1)]).await;
    assert!(
        missing.policies[0].reasons()[0].contains(
            "no matching attestations with type https://b, checked the following predicateTypes: \"https://a\""
        )
    );
}

#[tokio::test]
async fn one_authority_suffices_and_all_policies_are_needed() {
    let two = "  images: [{glob: '**'}]\n  authorities: [{name: a, KEY}, {name: b, KEY}]\n";
    assert_eq!(
        run(&World::with(vec![Signed("b", None)]), two).await.outcome,
        Outcome::Admitted
    );
    let policies = [
        named(
            "first",
            "{}",
            "  images: [{glob: '**'}]\n  authorities: [{name: a, KEY}]\n",
        ),
        named(
            "second",
            "{}",
            "  images: [{glob: 'r.io/*'}]\n  authorities: [{name: b, KEY}]\n",
        ),
    ];
    let both = World::with(vec![Signed("a", None), Signed("b", None)]);
    assert_eq!(
        run_all(&both, &policies, &image().to_string()).await.outcome,
        Outcome::Admitted
    );
    let one = run_all(&World::with(vec![Signed("a", None)]), &policies, &image().to_string()).await;
    assert_eq!(one.outcome, Outcome::Denied);
    assert!(one.texts(false)[0].starts_with("failed policy: second: "));
}

#[tokio::test]
async fn static_authorities_need_no_network() {
    let world = World {
        down: true,
        ..World::default()
    };
    let pass = "  images: [{glob: '**'}]\n  authorities: [{static: {action: pass}}]\n";
    assert_eq!(run(&world, pass).await.outcome, Outcome::Admitted);
    let both = "  images: [{glob: '**'}]\n  authorities: [{KEY}, {static: {action: pass}}]\n";
    assert_eq!(run(&world, both).await.outcome, Outcome::Admitted);
    let fail = "  images: [{glob: '**'}]\n  authorities: [{static: {action: fail, message: not this one}}]\n";
    let denied = run(&world, fail).await;
    assert_eq!(denied.outcome, Outcome::Denied);
    assert_eq!(
        denied.policies[0].reasons(),
        ["disallowed by static policy: not this one"]
    );
    assert!(world.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_found_out_is_not_decided() {
    let world = World {
        down: true,
        ..World::default()
    };
    let verdict = run(&world, ONE).await;
    assert_eq!(verdict.outcome, Outcome::Undecided);
    assert!(verdict.policies[0].reasons()[0].ends_with("connection refused"));
    let warn = format!("{ONE}  mode: warn\n");
    assert_eq!(run(&world, &warn).await.outcome, Outcome::Warned);
    let broken = "  images: [{glob: '**'}]\n  authorities: [{name: broken, KEY}]\n";
    assert_eq!(run(&World::with(vec![]), broken).await.outcome, Outcome::Undecided);
}

#[tokio::test]
async fn a_good_signature_counts_although_another_place_failed() {
    let world = World {
        down: true,
        ..World::with(vec![Signed("authority-0", None)])
    };
    assert_eq!(run(&world, ONE).await.outcome, Outcome::Admitted);
}

#[tokio::test]
async fn n_of_m_counts_distinct_signers() {
    let spec = "  images: [{glob: '**'}]\n  authorities: [{name: a, KEY}, {name: a2, KEY}, {name: b, KEY}]\n";
    let policies = [named("p", "{countersign.dev/required-signers: '2'}", spec)];
    let run = |candidates| {
        let policies = &policies;
        async move { run_all(&World::with(candidates), policies, &image().to_string()).await }
    };
    assert_eq!(
        run(vec![Signed("a", None), Signed("b", None)]).await.outcome,
        Outcome::Admitted
    );
    // The same signer through two authorities, or with two signatures, is one.
    let twice = run(vec![Signed("a", None), Signed("a", None)]).await;
    assert_eq!(twice.outcome, Outcome::Denied);
    assert_eq!(
        twice.policies[0].reason.as_deref(),
        Some("signed by 1 of 2 required distinct signers")
    );
}

#[tokio::test]
async fn a_policy_that_computes_long_holds_up_nobody_else() {
    let world = World::with(vec![Signed("authority-0", None)]);
    let spec = "  images: [{glob: '**'}]\n  authorities: [{KEY}]\n  policy: {type: rego, includeSpec: true, data: \"package sigstore\\nisCompliant { input.spec.replicas == 1; count([1 | numbers.range(1, 100000)[_]; numbers.range(1, 100000)[_]]) == 0 }\"}\n";
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(10));
    let mut judged = std::pin::pin!(run(&world, spec));
    let mut others = 0;
    let verdict = loop {
        tokio::select! {
            verdict = &mut judged => break verdict,
            _ = ticks.tick() => others += 1,
        }
    };
    assert_eq!(verdict.outcome, Outcome::Undecided);
    assert!(others > 5, "{others}");
}

#[tokio::test]
async fn the_policy_over_the_results_sees_what_it_asks_for() {
    let rule = |condition: &str, fields: &str| {
        format!(
            "  images: [{{glob: '**'}}]\n  authorities: [{{KEY}}]\n  policy: {{type: rego, {fields} data: \"package sigstore\\nisCompliant {{ {condition} }}\"}}\n"
        )
    };
    let signed = || World::with(vec![Signed("authority-0", None)]);
    for (condition, fields, expected) in [
        (
            "count(input.authorityMatches[\\\"authority-0\\\"].signatures) == 1",
            "",
            Outcome::Admitted,
        ),
        ("count(input.authorityMatches) == 2", "", Outcome::Denied),
        ("input.spec.replicas == 1", "includeSpec: true,", Outcome::Admitted),
        ("input.spec.replicas == 1", "", Outcome::Denied),
        (
            "input.metadata.labels.team == \\\"shop\\\"",
            "includeObjectMeta: true,",
            Outcome::Admitted,
        ),
        (
            "input.typemeta.kind == \\\"Deployment\\\"",
            "includeTypeMeta: true,",
            Outcome::Admitted,
        ),
        (
            "input.config[\\\"linux/amd64\\\"].config.User != \\\"root\\\"",
            "fetchConfigFile: true,",
            Outcome::Admitted,
        ),
    ] {
        let verdict = run(&signed(), &rule(condition, fields)).await;
        assert_eq!(
            verdict.outcome, expected,
            "{condition}: {:?}",
            verdict.policies[0].reason
        );
    }
    // It can't save an image that no authority passes.
    assert_eq!(
        run(&World::with(vec![]), &rule("true", "")).await.outcome,
        Outcome::Denied
    );
}

#[tokio::test]
async fn tags_are_refused_or_resolved() {
    let world = World::with(vec![Signed("authority-0", None)]);
    let policies = [policy(ONE)];
    let refused = run_all(&world, &policies, "r.io/app:1").await;
    assert_eq!(refused.outcome, Outcome::Denied);
    assert!(decision::denial(&[refused]).unwrap().starts_with(
        "validation failed: invalid value: r.io/app:1 must be an image digest: spec.template.spec.containers[0].image"
    ));
    let resolved = workload(
        &world,
        &policies,
        NoMatch::Deny,
        Tags::Resolve,
        &deployment("r.io/app:1"),
    )
    .await;
    assert_eq!(resolved[0].outcome, Outcome::Admitted);
    assert!(resolved[0].from_tag);
    assert_eq!(resolved[0].resolved, Some(image().to_string()));
}

#[tokio::test]
async fn an_image_that_nothing_matches_follows_the_setting() {
    let world = World::default();
    let other = [policy("  images: [{glob: 'other.io/**'}]\n  authorities: [{KEY}]\n")];
    let workload_ = deployment(&image().to_string());
    for (setting, expected) in [
        (NoMatch::Allow, Outcome::Admitted),
        (NoMatch::Warn, Outcome::Warned),
        (NoMatch::Deny, Outcome::Denied),
    ] {
        let verdicts = workload(&world, &other, setting, Tags::Refuse, &workload_).await;
        assert_eq!(verdicts[0].outcome, expected);
    }
    let denied = workload(&world, &other, NoMatch::Deny, Tags::Refuse, &workload_).await;
    assert!(decision::denial(&denied).unwrap().starts_with(&format!(
        "validation failed: no matching policies: spec.template.spec.containers[0].image\n{}",
        image()
    )));
    assert!(world.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn match_limits_a_policy_to_resources() {
    let world = World::with(vec![]);
    let only_pods = format!("{ONE}  match: [{{version: v1, resource: pods}}]\n");
    let verdicts = workload(
        &world,
        &[policy(&only_pods)],
        NoMatch::Allow,
        Tags::Refuse,
        &deployment(&image().to_string()),
    )
    .await;
    assert_eq!(verdicts[0].outcome, Outcome::Admitted);
    let labelled =
        format!("{ONE}  match: [{{group: apps, resource: deployments, selector: {{matchLabels: {{team: shop}}}}}}]\n");
    assert_eq!(run(&world, &labelled).await.outcome, Outcome::Denied);
}

#[tokio::test]
async fn a_malformed_image_is_denied() {
    let verdict = run_all(&World::default(), &[policy(ONE)], "r.io/App").await;
    assert_eq!(verdict.outcome, Outcome::Denied);
    let empty = run_all(&World::default(), &[policy(ONE)], "").await;
    assert_eq!(empty.outcome, Outcome::Denied);
}
