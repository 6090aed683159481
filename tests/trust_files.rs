//! Trusted roots and signing configurations are made, as the real cosign makes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{countersign, peers, vectors};

const START: &str = "start-time=2024-01-01T00:00:00Z";

/// The command lines of the recorded files, and more, with paths of vectors.
fn commands() -> Vec<Vec<String>> {
    let path = |file: &str| vectors::path(&format!("tlog/{file}")).display().to_string();
    let (rekor, rekor2, tsa) = (
        path("trust/rekor.pub"),
        path("trust/rekor2.pub"),
        path("trust/tsa-chain.pem"),
    );
    let (ca, key) = (path("keys/ca.crt"), path("keys/signer.pub"));
    let service = |url: &str, version: u32| format!("url={url},api-version={version},{START},operator=local");
    let lines = [
        vec![
            "trusted-root".into(),
            "create".into(),
            format!("--rekor=url=http://127.0.0.1:3000,public-key={rekor},{START}"),
            format!("--rekor=url=http://127.0.0.1:3003,public-key={rekor2},{START},origin=127.0.0.1"),
            format!("--tsa=url=http://127.0.0.1:3005/api/v1/timestamp,certificate-chain={tsa}"),
        ],
        vec![
            "trusted-root".into(),
            "create".into(),
            format!("--fulcio=url=https://f.example,certificate-chain={ca},end-time=2030-01-01T00:00:00Z"),
            format!("--fulcio=url=https://g.example,certificate-chain={ca},start-time=2020-01-01T00:00:00+02:00"),
            format!("--ctfe=url=https://ct.example,public-key={key},{START},end-time=2031-01-01T00:00:00Z"),
            format!("--ctfe=url=https://ct2.example,public-key={rekor2},start-time=2019-01-01T00:00:00Z,origin=ct2"),
        ],
        vec![
            "trusted-root".into(),
            "create".into(),
            format!("--rekor-key={rekor2},127.0.0.1"),
            format!("--rekor-key={rekor}"),
            "--rekor-start-time=2021-01-01T00:00:00Z".into(),
            "--rekor-url=https://r.example".into(),
            format!("--certificate-chain={ca}"),
            format!("--timestamp-certificate-chain={tsa}"),
            "--timestamp-uri=https://t.example".into(),
            format!("--ctfe-key={key}"),
        ],
        vec!["trusted-root".into(), "create".into()],
        vec![
            "signing-config".into(),
            "create".into(),
            format!("--rekor={}", service("http://127.0.0.1:3000", 1)),
            "--rekor-config=ANY".into(),
            format!("--tsa={}", service("http://127.0.0.1:3005/api/v1/timestamp", 1)),
            "--tsa-config=ANY".into(),
        ],
        vec![
            "signing-config".into(),
            "create".into(),
            format!("--fulcio={}", service("https://f.example", 1)),
            format!("--oidc-provider={}", service("https://o.example", 1)),
            format!(
                "--rekor={},end-time=2030-01-01T00:00:00Z",
                service("https://r.example", 2)
            ),
            format!("--rekor={}", service("https://s.example", 2)),
            "--rekor-config=exact:2".into(),
        ],
        vec!["signing-config".into(), "create".into()],
    ];
    lines.into()
}

#[test]
fn the_recorded_files_come_out_byte_for_byte() {
    let commands = commands();
    let printed = |index: usize| countersign().args(&commands[index]).run().success().stdout;
    assert_eq!(
        printed(0).trim_end(),
        vectors::text("tlog/trust/trusted-root.json").trim_end()
    );
    assert_eq!(
        printed(4).trim_end(),
        vectors::text("tlog/trust/signing-v1.json").trim_end()
    );
}

#[test]
fn real_cosign_writes_the_same() {
    let Some(cosign) = peers::require("cosign31") else {
        return;
    };
    for command in commands() {
        let ours = countersign().args(&command).run().success().stdout;
        let theirs = || support::Program::new(&cosign).args(&command).run().success().stdout;
        // cosign keeps services in a Go map: each run writes them in another order.
        let same = (0..40).any(|_| theirs() == ours);
        assert!(same, "{command:?}\nours: {ours}\ntheirs, once: {}", theirs());
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_written_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    for name in ["trusted-root", "signing-config"] {
        let run = countersign()
            .directory(directory.path())
            .args([name, "create", "--out", name])
            .run()
            .success();
        assert_eq!(run.stdout, "");
        let mode = std::fs::metadata(directory.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_base_configuration_is_kept_where_no_flag_replaces_it() {
    let base = vectors::path("tlog/trust/signing-v1.json");
    let create = || {
        countersign()
            .args(["signing-config", "create", "--base-config"])
            .arg(&base)
    };
    assert_eq!(
        create().run().success().stdout.trim_end(),
        vectors::text("tlog/trust/signing-v1.json").trim_end()
    );
    let replaced = create()
        .args([
            &format!("--rekor=url=https://new,api-version=2,{START},operator=n"),
            "--rekor-config=ALL",
        ])
        .run()
        .success()
        .stdout;
    assert!(replaced.contains("https://new") && !replaced.contains(":3000") && replaced.contains(":3005"));
    let without = create()
        .args(["--no-default-tsa", "--no-default-rekor"])
        .run()
        .success()
        .stdout;
    assert!(!without.contains(":3000") && !without.contains(":3005"));
}

#[test]
fn what_is_wrong_is_named() {
    let key = vectors::path("tlog/trust/rekor.pub").display().to_string();
    let ca = vectors::path("tlog/keys/ca.crt").display().to_string();
    for (args, reason) in [
        (vec!["trusted-root", "create", "--rekor=url=http://x"], "public-key"),
        (vec!["trusted-root", "create", "--rekor=url"], "key=value"),
        (
            vec![
                "trusted-root",
                "create",
                &format!("--rekor=url=http://x,public-key={key},start-time=2020"),
            ],
            "RFC 3339",
        ),
        (
            vec![
                "trusted-root",
                "create",
                &format!("--rekor=url=http://x,public-key={key},{START},bogus=1"),
            ],
            "bogus",
        ),
        (
            vec![
                "trusted-root",
                "create",
                &format!("--rekor=url=http://x,public-key={ca},{START}"),
            ],
            "public-key",
        ),
        (
            vec![
                "trusted-root",
                "create",
                "--rekor=url=http://x,public-key=/none,start-time=2020-01-01T00:00:00Z",
            ],
            "/none",
        ),
        (
            vec![
                "trusted-root",
                "create",
                &format!("--tsa=url=http://x,certificate-chain={ca}"),
            ],
            "leaf certificate",
        ),
        (
            vec!["trusted-root", "create", &format!("--rekor-key={key}"), "--rekor=url=x"],
            "at the same time",
        ),
        (vec!["trusted-root", "create", "--rekor-url=http://x"], "--rekor-url"),
        (
            vec!["signing-config", "create", "--rekor=url=http://x"],
            "--rekor-config",
        ),
        (vec!["signing-config", "create", "--tsa=url=http://x"], "--tsa-config"),
        (vec!["signing-config", "create", "--rekor-config=SOME"], "SOME"),
        (vec!["signing-config", "create", "--rekor-config=EXACT:0"], "at least 1"),
        (
            vec!["signing-config", "create", "--rekor-config=ANY:1"],
            "does not accept a count",
        ),
        (
            vec!["signing-config", "create", "--with-default-rekor-v2"],
            "--with-default-services",
        ),
    ] {
        let run = countersign().args(&args).run().expect_code(1);
        assert!(run.stderr.contains(reason), "{args:?}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}
