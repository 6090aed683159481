//! A policy for each rule, valid and not.

use super::super::fields::Severity;
use super::super::resource::{AuthorityKind, Log, Mode};
use super::*;

const KEY: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZxAfzrQG1EbWyCI8LiSB7YgSFXoI\nFNGTyQGKHFc6/H8TQumT9VLS78pUwtv3w7EfKoyFZoP32KrO7nzUy2q6Cw==\n-----END PUBLIC KEY-----\n";

/// A policy with one authority, written as flow YAML.
fn with_authority(authority: &str) -> String {
    format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: p}}\nspec:\n  images: [{{glob: '**'}}]\n  authorities:\n  - {authority}\n"
    )
}

fn with_spec(spec: &str) -> String {
    format!("apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: p}}\nspec:\n{spec}\n")
}

fn key() -> String {
    format!("{{data: {KEY:?}}}")
}

fn parsed(text: &str) -> Parsed {
    let (mut policies, _) = read(text.as_bytes()).unwrap();
    assert_eq!(policies.len(), 1, "{text}");
    policies.remove(0)
}

fn valid(text: &str) -> ClusterImagePolicy {
    let parsed = parsed(text);
    parsed.policy.unwrap_or_else(|| panic!("{text}\n{:?}", parsed.problems))
}

fn errors(text: &str) -> Vec<String> {
    let parsed = parsed(text);
    assert!(parsed.policy.is_none(), "accepted:\n{text}");
    let errors = parsed.problems.iter().filter(|p| p.severity == Severity::Error);
    errors.map(|p| p.to_string()).collect()
}

#[test]
fn a_plain_policy_is_read() {
    let policy = valid(&with_authority(&format!("key: {}", key())));
    assert_eq!((policy.name.as_str(), policy.mode), ("p", Mode::Enforce));
    let authority = &policy.authorities[0];
    assert_eq!(authority.name, "authority-0");
    assert!(matches!(authority.kind, AuthorityKind::Key { .. }));
    assert_eq!(authority.log, Log::Ignored);
}

#[test]
fn both_versions_are_read_and_no_other() {
    let old = with_authority(&format!("key: {}", key())).replace("v1beta1", "v1alpha1");
    valid(&old);
    assert!(errors(&old.replace("v1alpha1", "v1"))[0].contains("apiVersion: invalid value: policy.sigstore.dev/v1"));
}

#[test]
fn an_error_names_its_line() {
    let text = with_authority("key:\n      data: nonsense");
    let parsed = parsed(&text);
    let problem = parsed.problems.iter().find(|p| p.severity == Severity::Error).unwrap();
    assert_eq!(problem.path, "spec.authorities[0].key.data");
    assert_eq!(problem.position.line, 8);
}

#[test]
fn every_rule_of_an_authority_is_checked() {
    let key = key();
    let rego = "{type: rego, data: \"package sigstore\\nisCompliant = true\"}";
    let identity = "identities: [{issuer: a, subject: b}]";
    let cases: Vec<(String, &str)> = vec![
        (
            "name: a".into(),
            "spec.authorities[0]: expected exactly one, got neither",
        ),
        (
            format!("{{key: {key}, static: {{action: pass}}}}"),
            "got both: keep one of key, static",
        ),
        (
            format!("{{key: {key}, keyless: {{url: 'https://f', {identity}}}}}"),
            "got both: keep one of key, keyless",
        ),
        (
            "key: {}".into(),
            "key: expected exactly one, got neither: write one of data, secretRef, kms",
        ),
        (
            format!("key: {{data: {KEY:?}, kms: 'awskms://x'}}"),
            "keep one of data, kms",
        ),
        (
            format!("key: {{data: {KEY:?}, secretRef: {{name: s}}}}"),
            "keep one of data, secretRef",
        ),
        (
            "key: {kms: 'awskms://x', secretRef: {name: s}}".into(),
            "keep one of secretRef, kms",
        ),
        (
            "key: {data: x}".into(),
            "key.data: invalid value: not a public key in PEM",
        ),
        ("key: {kms: 'file:///x'}".into(), "key.kms: invalid value"),
        ("key: {secretRef: {}}".into(), "key.secretRef.name: missing field"),
        (
            format!("key: {{data: {KEY:?}, hashAlgorithm: md5}}"),
            "key.hashAlgorithm: invalid value: md5",
        ),
        ("static: {}".into(), "static.action: missing field"),
        (
            "static: {action: maybe}".into(),
            "static.action: invalid value: maybe: unsupported action",
        ),
        (
            "{static: {action: pass}, ctlog: {}}".into(),
            "static and ctlog exclude each other",
        ),
        (
            "{static: {action: pass}, source: [{oci: a.b/c}]}".into(),
            "static and source exclude each other",
        ),
        (
            "{static: {action: pass}, rfc3161timestamp: {}}".into(),
            "static and rfc3161timestamp exclude",
        ),
        (
            "{static: {action: pass}, attestations: [{name: a, predicateType: 'https://x'}]}".into(),
            "static and attestations exclude each other",
        ),
        (
            "keyless: {url: 'https://f'}".into(),
            "keyless.identities: missing field",
        ),
        (
            "keyless: {url: f, identities: [{issuer: a, subject: b}]}".into(),
            "keyless.url: invalid value",
        ),
        (
            "keyless: {url: 'https://f', identities: [{issuer: a}]}".into(),
            "identities[0]: expected exactly one, got neither",
        ),
        (
            "keyless: {url: 'https://f', identities: [{subject: a}]}".into(),
            "write one of issuer, issuerRegExp",
        ),
        (
            "keyless: {url: 'https://f', identities: [{issuer: a, issuerRegExp: b, subject: c}]}".into(),
            "keep one of issuer, issuerRegExp",
        ),
        (
            "keyless: {url: 'https://f', identities: [{issuer: a, subject: b, subjectRegExp: c}]}".into(),
            "keep one of subject, subjectRegExp",
        ),
        (
            "keyless: {url: 'https://f', identities: [{issuer: a, subjectRegExp: '('}]}".into(),
            "subjectRegExp: invalid value: (: regex is invalid",
        ),
        (
            "keyless: {ca-cert: {data: x}, identities: [{issuer: a, subject: b}]}".into(),
            "ca-cert.data: invalid value: PEM certificates",
        ),
        (
            format!("{{key: {key}, source: [{{oci: a.b/c}}, {{oci: a.b/d}}]}}"),
            "source: invalid value: only single source",
        ),
        (
            format!("{{key: {key}, source: [{{oci: 'A B'}}]}}"),
            "source[0].oci: invalid value",
        ),
        (
            format!("{{key: {key}, source: [{{oci: 'localhost:5000'}}]}}"),
            "source[0].oci: invalid value",
        ),
        (
            format!("{{key: {key}, source: [{{oci: ghcr.io}}]}}"),
            "source[0].oci: invalid value",
        ),
        (
            format!("{{key: {key}, source: [{{tagPrefix: 'a/b'}}]}}"),
            "source[0].tagPrefix: invalid value",
        ),
        (
            format!("{{key: {key}, source: [{{signaturePullSecrets: [{{}}]}}]}}"),
            "source[0].signaturePullSecrets[0].name: missing field",
        ),
        (
            format!("{{key: {key}, signatureFormat: new}}"),
            "signatureFormat: invalid value: new",
        ),
        (
            format!("{{key: {key}, attestations: [{{predicateType: 'https://x'}}]}}"),
            "attestations[0].name: missing field",
        ),
        (
            format!("{{key: {key}, attestations: [{{name: a}}]}}"),
            "attestations[0].predicateType: missing field",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: opa, data: x}}}}]}}"
            ),
            "policy.type: invalid value: opa",
        ),
        (
            format!("{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: rego}}}}]}}"),
            "got neither: write one of data, configMapRef, remote",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: rego, data: 'package sigstore'}}}}]}}"
            ),
            "policy.data: the policy must be in package sigstore and have a rule isCompliant",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: cue, data: 'x: 1'}}}}]}}"
            ),
            "policies in CUE are not evaluated here; write the same rule in rego",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: rego, data: x, configMapRef: {{name: a, key: b}}}}}}]}}"
            ),
            "keep one of data, configMapRef",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: rego, configMapRef: {{}}}}}}]}}"
            ),
            "configMapRef.name: missing field",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: rego, remote: {{url: 'http://a/b', sha256sum: x}}}}}}]}}"
            ),
            "remote.url: invalid value: http://a/b: host and https scheme are expected",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {{type: rego, remote: {{url: 'https://a/b'}}}}}}]}}"
            ),
            "remote.sha256sum: missing field",
        ),
        (
            format!(
                "{{key: {key}, attestations: [{{name: a, predicateType: 'https://x', policy: {}}}]}}",
                rego.replace("type: rego", "type: rego, fetchConfigFile: true")
            ),
            "policy.fetchConfigFile: unknown field",
        ),
        (
            format!("{{key: {key}, ctLog: {{}}}}"),
            "ctLog: unknown field; did you mean ctlog?",
        ),
        (format!("{{key: {key}, name: 5}}"), "name: must be text"),
        ("[a]".into(), "spec.authorities[0]: must be a mapping"),
    ];
    for (authority, expected) in cases {
        let found = errors(&with_authority(&authority));
        assert!(
            found.iter().any(|e| e.contains(expected)),
            "{authority}\n{expected}\n{found:#?}"
        );
    }
}

#[test]
fn every_rule_of_the_spec_is_checked() {
    let pass = "  authorities: [{static: {action: pass}}]\n";
    let images = "  images: [{glob: '**'}]\n";
    let cases: Vec<(String, &str)> = vec![
        (pass.into(), "spec.images: missing field"),
        (format!("  images: []\n{pass}"), "spec.images: missing field"),
        (
            format!("  images: [{{}}]\n{pass}"),
            "spec.images[0].glob: missing field",
        ),
        (
            format!("  images: [{{glob: 'a[b]'}}]\n{pass}"),
            "spec.images[0].glob: invalid value: a[b]: glob is invalid",
        ),
        (format!("  images: '**'\n{pass}"), "spec.images: must be a list"),
        (
            format!("{images}{pass}  mode: audit"),
            "spec.mode: invalid value: audit: unsupported mode",
        ),
        (
            format!("{images}{pass}  match: [{{resource: services}}]"),
            "match[0].resource: invalid value: services",
        ),
        (
            format!("{images}{pass}  match: [{{selector: {{matchLabels: {{a: b}}}}}}]"),
            "match[0].selector: selector requires a resource type",
        ),
        (
            format!(
                "{images}{pass}  match: [{{resource: pods, selector: {{matchExpressions: [{{key: a, operator: In}}]}}}}]"
            ),
            "operator: invalid value: In",
        ),
        (
            format!("{images}{pass}  match: [{{resource: pods, selector: {{matchLabels: {{a: 1}}}}}}]"),
            "matchLabels.a: must be text",
        ),
        (
            format!(
                "{images}  authorities: [{{name: a, static: {{action: pass}}}}, {{name: a, static: {{action: pass}}}}]"
            ),
            "duplicate value",
        ),
        (
            format!("{images}{pass}  policy: {{type: cue, data: x}}"),
            "spec.policy.type: policies in CUE",
        ),
        (
            format!("{images}{pass}  policy: {{type: rego, data: x, fetchConfigFile: 1}}"),
            "fetchConfigFile: must be true or false",
        ),
        (images.to_owned(), "without an authority"),
        (format!("{images}  authorities: []"), "without an authority"),
        (
            format!("{images}{pass}  authority: []"),
            "spec.authority: unknown field",
        ),
    ];
    for (spec, expected) in cases {
        let found = errors(&with_spec(&spec));
        assert!(
            found.iter().any(|e| e.contains(expected)),
            "{spec}\n{expected}\n{found:#?}"
        );
    }
    assert!(
        errors("apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: p}")[0]
            .contains("spec: missing")
    );
    assert!(
        errors("apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nspec: {images: [{glob: a}]}")[0]
            .contains("metadata.name")
    );
}

#[test]
fn what_is_odd_but_works_is_a_warning() {
    for (text, expected) in [
        (
            with_spec("  images: [{glob: '*'}]\n  authorities: [{static: {action: pass}}]"),
            "index.docker.io/library/*",
        ),
        (
            with_authority("key: {kms: 'awskms:///alias/x'}"),
            "export the public key",
        ),
        (
            with_authority(&format!(
                "{{key: {}, attestations: [{{name: a, predicateType: custom}}]}}",
                key()
            )),
            "deprecated value, please use RFC 3986 conformant values; write https://cosign.sigstore.dev/attestation/v1",
        ),
        (
            with_authority("keyless: {url: 'https://f', identities: [{issuer: a, subjectRegExp: 'b'}]}"),
            "matches anywhere",
        ),
    ] {
        let parsed = parsed(&text);
        assert!(parsed.policy.is_some(), "{:?}", parsed.problems);
        assert!(
            parsed.problems.iter().any(|p| p.message.contains(expected)),
            "{text}\n{:?}",
            parsed.problems
        );
    }
}

#[test]
fn the_log_is_checked_with_ctlog_and_without_a_key() {
    let identities = "identities: [{issuer: a, subject: b}]";
    let log = |authority: &str| valid(&with_authority(authority)).authorities[0].log.clone();
    let required = |url: Option<&str>, root: Option<&str>| Log::Required {
        url: url.map(str::to_owned),
        trust_root: root.map(str::to_owned),
    };
    assert_eq!(log(&format!("{{key: {}}}", key())), Log::Ignored);
    assert_eq!(log(&format!("{{key: {}, ctlog: {{}}}}", key())), required(None, None));
    assert_eq!(
        log(&format!(
            "{{key: {}, ctlog: {{url: 'https://r', trustRootRef: t}}}}",
            key()
        )),
        required(Some("https://r"), Some("t"))
    );
    // Without url and ca-cert it is the public good instance.
    for keyless in [
        format!("keyless: {{url: 'https://f', {identities}}}"),
        format!("keyless: {{{identities}}}"),
    ] {
        assert_eq!(log(&keyless), required(None, None));
    }
}

#[test]
fn distinct_signers_are_asked_for_by_annotation() {
    let two = "  images: [{glob: '**'}]\n  authorities: [{name: a, key: {secretRef: {name: s}}}, {name: b, key: {secretRef: {name: t}}}]";
    let annotated = |value: &str| {
        with_spec(two).replace(
            "metadata: {name: p}",
            &format!("metadata: {{name: p, annotations: {{countersign.dev/required-signers: {value}}}}}"),
        )
    };
    assert_eq!(valid(&annotated("'2'")).required_signers, 2);
    for bad in ["'0'", "2", "x", "'-1'"] {
        assert!(
            errors(&annotated(bad))[0].contains("how many distinct signers"),
            "{bad}"
        );
    }
}

#[test]
fn references_are_listed_and_resolved() {
    let mut policy = valid(&with_authority(
        "{key: {secretRef: {name: s}}, attestations: [{name: a, predicateType: 'https://x', policy: {type: rego, configMapRef: {name: c, key: k}}}]}",
    ));
    let needed = policy.references();
    assert_eq!(needed.len(), 2);
    let mut found = super::super::resource::Resolved::new();
    assert!(
        policy
            .clone()
            .resolve(&found)
            .unwrap_err()
            .to_string()
            .contains("not at hand")
    );
    for one in needed {
        let text = match &one {
            super::super::resource::Needed::Secret { .. } => KEY.as_bytes().to_vec(),
            _ => b"package sigstore\nisCompliant = true".to_vec(),
        };
        found.insert(one, vec![text]);
    }
    policy.resolve(&found).unwrap();
    assert!(policy.references().is_empty());
}

#[test]
fn lists_and_other_documents_are_sorted_out() {
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: List\nitems:\n- {}",
        "{apiVersion: policy.sigstore.dev/v1beta1, kind: ClusterImagePolicy, metadata: {name: q}, spec: {images: [{glob: '**'}], authorities: [{static: {action: pass}}]}}"
    );
    let (policies, others) = read(text.as_bytes()).unwrap();
    assert_eq!((policies.len(), others), (1, 1));
    assert_eq!(policies[0].name, "q");
}

#[test]
fn a_misspelled_kind_is_an_error_and_not_another_document() {
    let good = "{apiVersion: policy.sigstore.dev/v1beta1, kind: ClusterImagePolicy, metadata: {name: q}, spec: {images: [{glob: '**'}], authorities: [{static: {action: pass}}]}}";
    for (from, to) in [
        ("kind: ClusterImagePolicy", "kind: clusterImagePolicy"),
        ("kind: ClusterImagePolicy", "kind: ImagePolicy"),
        ("v1beta1, kind: ClusterImagePolicy", "v1, kind: ClusterImagePolicys"),
        (
            "policy.sigstore.dev/v1beta1, kind: ClusterImagePolicy",
            "v1, kind: clusterimagepolicy",
        ),
    ] {
        let bad = good.replace(from, to);
        for text in [
            format!("{good}\n---\n{bad}"),
            format!("apiVersion: v1\nkind: List\nitems:\n- {good}\n- {bad}"),
            format!("apiVersion: v1\nkind: List\nitems:\n- {good}\n- {{kind: List, items: [{bad}]}}"),
        ] {
            let (policies, others) = read(text.as_bytes()).unwrap();
            assert_eq!((policies.len(), others), (2, 0), "{text}");
            assert!(policies[0].policy.is_some() && policies[1].policy.is_none(), "{text}");
            assert!(
                policies[1].reason().contains("kind: invalid value"),
                "{}",
                policies[1].reason()
            );
        }
    }
    let root = "apiVersion: policy.sigstore.dev/v1alpha1\nkind: TrustRoot";
    let (policies, others) = read(root.as_bytes()).unwrap();
    assert_eq!((policies.len(), others), (0, 1));
}

#[test]
fn values_of_a_selector_are_text() {
    let text = with_spec(
        "  images: [{glob: '**'}]\n  match: [{resource: pods, selector: {matchExpressions: [{key: a, operator: In, values: [x, 1]}]}}]\n  authorities: [{static: {action: pass}}]",
    );
    assert!(
        errors(&text)[0].contains("matchExpressions[0].values[1]: must be text"),
        "{:?}",
        errors(&text)
    );
}

#[test]
fn what_stands_for_a_policy_covers_all_that_it_may_be_for() {
    let images = |spec: &str| {
        let node = document::read(with_spec(spec).as_bytes()).unwrap().remove(0);
        let policy = stand_in(&node, "why");
        assert!(policy.invalid.is_some() && policy.matches.is_empty());
        policy.images.iter().map(|g| g.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(images("  images: [{glob: a}, {glob: 'b*'}]\n  mode: x"), ["a", "b*"]);
    for unreadable in [
        "  mode: x",
        "  images: []",
        "  images: [{glob: a}, {glob: 'b c'}]",
        "  images: [{glob: a}, b]",
        "  images: {glob: a}",
    ] {
        assert_eq!(images(unreadable), ["**"], "{unreadable}");
    }
}

#[test]
fn a_fingerprint_tells_apart_what_judges_differently() {
    let text = with_authority("key: {secretRef: {name: s}}");
    let first = valid(&text);
    let uid = text.replace("{name: p}", "{name: p, uid: u, generation: 7, annotations: {a: b}}");
    assert_eq!(valid(&uid).fingerprint, first.fingerprint);
    for other in [
        text.replace("{name: p}", "{name: q}"),
        text.replace("'**'", "'*/*'"),
        text.replace("{name: s}", "{name: t}"),
        text.replace(
            "{name: p}",
            "{name: p, annotations: {countersign.dev/required-signers: '2'}}",
        ),
    ] {
        let parsed = policy(&document::read(other.as_bytes()).unwrap()[0]);
        if let Some(policy) = parsed.policy {
            assert_ne!(policy.fingerprint, first.fingerprint, "{other}");
        }
    }
    let with = |content: &[u8]| {
        let mut policy = first.clone();
        let needed = policy.references().remove(0);
        let _ = policy.resolve(&[(needed, vec![content.to_vec()])].into());
        policy.fingerprint
    };
    assert_ne!(with(b"one"), with(b"two"));
    assert_eq!(with(KEY.as_bytes()), with(KEY.as_bytes()));
}
