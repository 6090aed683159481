//! Signing and verifying files and statements about them, against recorded vectors, forgeries and the real cosigns.

mod support;

use std::path::{Path, PathBuf};

use ::countersign::digest::hex;
use ::countersign::dsse::{self, Envelope, IN_TOTO};
use ::countersign::key::{HashAlgorithm, PrivateKey};
use ::countersign::proto_json::encode_base64;
use serde_json::{Value, json};
use support::log::Log;
use support::{Program, Run, countersign, peers, vectors};

const KEY: &str = "cosign/keys/p256-empty-password";

fn key(kind: &str) -> PathBuf {
    vectors::path(&format!("{KEY}.{kind}"))
}

/// `verify-blob` or `verify-blob-attestation` of a recorded blob of `tlog`, with the recorded trust.
fn logged(command: &str, bundle: &Path) -> Run {
    countersign()
        .arg(command)
        .arg("--key")
        .arg(vectors::path("tlog/keys/signer.pub"))
        .arg("--trusted-root")
        .arg(vectors::path("tlog/trust/trusted-root.json"))
        .args(["--offline", "--bundle"])
        .arg(bundle)
        .arg(vectors::path("tlog/blobs/blob.bin"))
        .run()
}

fn command_of(bundle: &str) -> &'static str {
    if bundle.contains(".att.") {
        "verify-blob-attestation"
    } else {
        "verify-blob"
    }
}

const LOGGED: [&str; 4] = [
    "blob.v1.sigstore.json",
    "blob.v1.att.sigstore.json",
    "blob.v2.sigstore.json",
    "blob.v2.att.sigstore.json",
];

#[test]
fn recorded_bundles_of_both_logs_verify_offline() {
    for bundle in LOGGED {
        let run = logged(command_of(bundle), &vectors::path(&format!("tlog/blobs/{bundle}"))).success();
        assert_eq!(run.stderr, "Verified OK\n", "{bundle}");
    }
}

#[test]
fn recorded_signatures_without_a_log_verify_by_path_stdin_and_digest() {
    let blob = vectors::path("cosign/blobs/blob.bin");
    let hex = support::image::sha256(&vectors::read("cosign/blobs/blob.bin"));
    let digest = if hex.starts_with("sha256:") {
        hex
    } else {
        format!("sha256:{hex}")
    };
    let verify = |flag: &str, file: &str| {
        countersign()
            .args(["verify-blob", "--insecure-ignore-tlog", "--key"])
            .arg(key("pub"))
            .arg(flag)
            .arg(vectors::path(&format!("cosign/blobs/{file}")))
    };
    for (flag, file) in [
        ("--signature", "blob.sig"),
        ("--bundle", "blob.old-bundle.json"),
        ("--bundle", "blob.sigstore.json"),
    ] {
        verify(flag, file).arg(&blob).run().success();
        verify(flag, file).arg(&digest).run().success();
        let bytes = vectors::read("cosign/blobs/blob.bin");
        verify(flag, file).arg("-").stdin(bytes).run().success();
        verify(flag, file).arg(key("pub")).run().expect_code(1);
        verify(flag, file).arg("-").stdin("other").run().expect_code(1);
    }
}

/// Each leaf of a JSON document with its path.
fn leaves(value: &Value, path: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| leaves(value, &format!("{path}/{name}"), out)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), out)),
        _ => out.push(path.to_owned()),
    }
}

/// The same text with its middle character changed to another of the same alphabet.
fn flipped(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let middle = characters.len() / 2;
    characters[middle] = match characters[middle] {
        '0'..='8' => '9',
        'A' => 'B',
        _ => 'A',
    };
    characters.into_iter().collect()
}

#[test]
fn no_field_of_a_bundle_can_be_changed_unnoticed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bundle.json");
    for bundle in LOGGED {
        let good: Value = serde_json::from_slice(&vectors::read(&format!("tlog/blobs/{bundle}"))).unwrap();
        let mut all = Vec::new();
        leaves(&good, "", &mut all);
        for leaf in all {
            // A hint proves nothing and is not looked at.
            if leaf.ends_with("/hint") {
                continue;
            }
            let mut forged = good.clone();
            let field = forged.pointer_mut(&leaf).unwrap();
            *field = json!(flipped(field.as_str().unwrap()));
            std::fs::write(&path, serde_json::to_vec(&forged).unwrap()).unwrap();
            let run = logged(command_of(bundle), &path);
            let is_timestamp = leaf.contains("rfc3161Timestamps");
            // Without a certificate no time is needed, so that a bad timestamp counts for nothing.
            let expected = i32::from(!is_timestamp);
            assert_eq!(run.code, expected, "{bundle}{leaf}: {}", run.stderr);
            let is_told = run.stderr.contains("WARNING: ") && run.stderr.contains("does not count: the timestamp");
            assert_eq!(is_told, is_timestamp, "{bundle}{leaf}: {}", run.stderr);
        }
    }
}

#[test]
fn the_log_entry_of_another_signature_does_not_count() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bundle.json");
    for (bundle, other) in [
        (LOGGED[0], LOGGED[1]),
        (LOGGED[1], LOGGED[0]),
        (LOGGED[0], LOGGED[2]),
        (LOGGED[3], LOGGED[2]),
    ] {
        let read =
            |name: &str| -> Value { serde_json::from_slice(&vectors::read(&format!("tlog/blobs/{name}"))).unwrap() };
        let mut swapped = read(bundle);
        swapped["verificationMaterial"]["tlogEntries"] = read(other)["verificationMaterial"]["tlogEntries"].clone();
        std::fs::write(&path, serde_json::to_vec(&swapped).unwrap()).unwrap();
        logged(command_of(bundle), &path).expect_code(1);
    }
}

#[test]
fn an_attestation_counts_only_with_its_own_type() {
    let verify = |kind: &str| {
        countersign()
            .args([
                "verify-blob-attestation",
                "--insecure-ignore-tlog",
                "--type",
                kind,
                "--key",
            ])
            .arg(key("pub"))
            .arg("--bundle")
            .arg(vectors::path("cosign/blobs/blob.att.sigstore.json"))
            .arg(vectors::path("cosign/blobs/blob.bin"))
            .run()
    };
    verify("custom").success();
    verify("https://cosign.sigstore.dev/attestation/v1").success();
    let run = verify("slsaprovenance").expect_code(1);
    assert!(run.stderr.contains("predicate type"), "{}", run.stderr);
}

fn sign(directory: &Path, command: &str) -> Program {
    countersign()
        .directory(directory)
        .env("COSIGN_PASSWORD", "")
        .args([command, "--yes", "--tlog-upload=false", "--key"])
        .arg(key("key"))
}

fn files() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("blob"), "content").unwrap();
    std::fs::write(directory.path().join("pred.json"), r#"{"a": 1}"#).unwrap();
    directory
}

#[test]
fn what_is_signed_verifies_in_every_form() {
    let directory = files();
    let at = directory.path();
    let run = sign(at, "sign-blob")
        .args(["--output-signature", "sig", "--bundle", "new", "blob"])
        .run()
        .success();
    assert!(run.stderr.contains("Wrote bundle to file new"), "{}", run.stderr);
    sign(at, "sign-blob")
        .args(["--bundle", "old", "--new-bundle-format=false", "blob"])
        .run()
        .success();
    sign(at, "attest-blob")
        .args(["--predicate", "pred.json", "--bundle", "new.att", "blob"])
        .run()
        .success();
    sign(at, "attest-blob")
        .args([
            "--predicate",
            "pred.json",
            "--output-signature",
            "envelope",
            "--output-attestation",
            "statement",
            "blob",
        ])
        .run()
        .success();
    let verify = |command: &str, flag: &str, file: &str| {
        countersign()
            .directory(at)
            .args([command, "--insecure-ignore-tlog", flag, file, "--key"])
            .arg(key("pub"))
    };
    for (flag, file) in [("--signature", "sig"), ("--bundle", "new"), ("--bundle", "old")] {
        verify("verify-blob", flag, file).arg("blob").run().success();
        verify("verify-blob", flag, file).arg("pred.json").run().expect_code(1);
        // A log is asked for unless it is waived.
        let strict = countersign()
            .directory(at)
            .args(["verify-blob", flag, file, "--offline", "--trusted-root"])
            .arg(vectors::path("tlog/trust/trusted-root.json"))
            .arg("--key")
            .arg(key("pub"))
            .arg("blob");
        strict.run().expect_code(1);
    }
    for (flag, file) in [("--bundle", "new.att"), ("--signature", "envelope")] {
        verify("verify-blob-attestation", flag, file)
            .arg("blob")
            .run()
            .success();
        verify("verify-blob-attestation", flag, file)
            .arg("pred.json")
            .run()
            .expect_code(1);
        // An attestation is no signature of the file, and the other way round.
        verify("verify-blob", flag, file).arg("blob").run().expect_code(1);
    }
    verify("verify-blob-attestation", "--bundle", "new")
        .arg("blob")
        .run()
        .expect_code(1);
    let statement: Value = serde_json::from_slice(&std::fs::read(at.join("statement")).unwrap()).unwrap();
    assert_eq!(statement["subject"][0]["name"], "blob");
}

#[test]
fn real_cosigns_verify_what_is_signed_here() {
    let directory = files();
    let at = directory.path();
    sign(at, "sign-blob")
        .args(["--output-signature", "sig", "--bundle", "new", "blob"])
        .run()
        .success();
    sign(at, "sign-blob")
        .args(["--bundle", "old", "--new-bundle-format=false", "blob"])
        .run()
        .success();
    sign(at, "attest-blob")
        .args(["--predicate", "pred.json", "--bundle", "att", "blob"])
        .run()
        .success();
    for (peer, flag, file, command) in [
        ("cosign25", "--signature", "sig", "verify-blob"),
        ("cosign25", "--bundle", "old", "verify-blob"),
        ("cosign31", "--signature", "sig", "verify-blob"),
        ("cosign31", "--bundle", "new", "verify-blob"),
        ("cosign31", "--bundle", "old", "verify-blob"),
        ("cosign31", "--bundle", "att", "verify-blob-attestation"),
    ] {
        let Some(cosign) = peers::require(peer) else { return };
        let run = |blob: &str| {
            Program::new(&cosign)
                .directory(at)
                .args([command, "--insecure-ignore-tlog", flag, file, "--key"])
                .arg(key("pub"))
                .arg(blob)
                .run()
        };
        run("blob").success();
        assert_ne!(run("pred.json").code, 0, "{peer} {file}");
    }
}

/// Whoever names an authority wants its timestamp; and what nobody could verify is not signed.
#[test]
fn flags_about_evidence_that_is_not_there_fail() {
    let directory = files();
    let at = directory.path();
    sign(at, "sign-blob")
        .args(["--output-signature", "sig", "--bundle", "new", "blob"])
        .run()
        .success();
    for (flag, file) in [("--signature", "sig"), ("--bundle", "new")] {
        let verify = |flags: &[&str]| {
            countersign()
                .directory(at)
                .args(["verify-blob", "--insecure-ignore-tlog", flag, file, "blob", "--key"])
                .arg(key("pub"))
                .args(flags)
                .run()
        };
        verify(&[]).success();
        let chain = vectors::path("tlog/trust/tsa-chain.pem");
        let run = verify(&["--timestamp-certificate-chain", chain.to_str().unwrap()]).expect_code(1);
        assert!(run.stderr.contains("no timestamp"), "{}", run.stderr);
    }
    // In base64, as --output-certificate writes them and verify-blob reads them.
    let pem = std::fs::read(vectors::path("tlog/keys/leaf.crt")).unwrap();
    std::fs::write(at.join("leaf.base64"), encode_base64(&pem)).unwrap();
    let certified = |chain: &str| {
        countersign()
            .directory(at)
            .env("COSIGN_PASSWORD", "")
            .args(["sign-blob", "--yes", "--tlog-upload=false", "--key"])
            .arg(vectors::path("tlog/keys/leaf.key"))
            .args(["--certificate", "leaf.base64"])
            .arg("--certificate-chain")
            .arg(vectors::path(chain))
            .args(["--output-signature", "certified", "blob"])
            .run()
    };
    let run = certified("tlog/trust/tsa-chain.pem").expect_code(1);
    assert!(run.stderr.contains("leads to no trusted root"), "{}", run.stderr);
    assert!(!at.join("certified").exists());
    certified("tlog/keys/ca.crt").success();
}

/// npm's provenance names its tarballs by SHA-512 alone.
#[test]
fn an_attestation_may_be_about_a_sha512_digest() {
    let directory = files();
    let at = directory.path();
    let signer = PrivateKey::generate().unwrap();
    std::fs::write(at.join("signer.pub"), signer.public_key().to_pem()).unwrap();
    let sha512 = |content: &[u8]| hex(&HashAlgorithm::Sha512.digest(content));
    let write = |file: &str, subject: Value| {
        let statement = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "predicateType": "https://slsa.dev/provenance/v1",
            "subject": [{"name": "pkg:npm/x@1.0.0", "digest": subject}],
            "predicate": {},
        });
        let payload = statement.to_string().into_bytes();
        let pae = dsse::pae(IN_TOTO, &payload);
        let signature = signer.sign(&pae).unwrap();
        std::fs::write(at.join(file), Envelope::new(IN_TOTO, payload, signature).to_json()).unwrap();
    };
    write("sha512.json", json!({"sha512": sha512(b"content")}));
    write("other.json", json!({"sha512": sha512(b"other")}));
    write("both.json", json!({"sha256": "00", "sha512": sha512(b"content")}));
    for (file, code) in [("sha512.json", 0), ("other.json", 1), ("both.json", 1)] {
        countersign()
            .directory(at)
            .args([
                "verify-blob-attestation",
                "--insecure-ignore-tlog",
                "--key",
                "signer.pub",
            ])
            .args(["--type", "slsaprovenance1", "--signature", file, "blob"])
            .run()
            .expect_code(code);
    }
}

/// DSSE lets several sign one envelope; whoever asks for one of them need not know the others.
#[test]
fn an_envelope_of_several_signers_is_good_for_each_of_them_as_with_cosign() {
    let directory = files();
    let at = directory.path();
    sign(at, "attest-blob")
        .args(["--predicate", "pred.json", "--output-signature", "one.json"])
        .args(["--new-bundle-format=false", "blob"])
        .run()
        .success();
    let text = std::fs::read(at.join("one.json")).unwrap();
    let mut envelope: Value = serde_json::from_slice(&text).unwrap();
    let good = envelope["signatures"][0].clone();
    let other = json!({"keyid": "other", "sig": "MAYCAQECAQE="});
    for (file, signatures) in [("several.json", [&other, &good]), ("none.json", [&other, &other])] {
        envelope["signatures"] = json!(signatures);
        std::fs::write(at.join(file), envelope.to_string()).unwrap();
    }
    let verify = |program: Program, file: &str| {
        program
            .directory(at)
            .args(["verify-blob-attestation", "--insecure-ignore-tlog", "--signature", file])
            .arg("--key")
            .arg(key("pub"))
            .arg("blob")
            .run()
    };
    verify(countersign(), "several.json").success();
    let run = verify(countersign(), "none.json").expect_code(1);
    assert!(run.stderr.contains("signature"), "{}", run.stderr);
    for peer in ["cosign25", "cosign31"] {
        let Some(cosign) = peers::require(peer) else { return };
        verify(Program::new(&cosign), "several.json").success();
        assert_ne!(verify(Program::new(&cosign), "none.json").code, 0);
    }
}

#[test]
fn a_bare_signature_is_looked_up_in_the_log_and_made_a_bundle() {
    let log = Log::start();
    log.fill(3);
    let directory = files();
    let logged = |arguments: &[&str]| {
        countersign()
            .args(arguments.iter().copied())
            .args(["--rekor-url", &log.url()])
            .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file())
            .env("COSIGN_PASSWORD", "")
            .directory(directory.path())
    };
    let (private, public) = (key("key"), key("pub"));
    let (private, public) = (private.to_str().unwrap(), public.to_str().unwrap());
    let verify = ["verify-blob", "--key", public, "--signature", "blob.sig", "blob"];
    let create = [
        "bundle",
        "create",
        "--artifact",
        "blob",
        "--signature",
        "blob.sig",
        "--key",
        public,
        "--out",
        "made.json",
    ];
    countersign()
        .args([
            "sign-blob",
            "--yes",
            "--tlog-upload=false",
            "--output-signature",
            "blob.sig",
            "--key",
            private,
            "blob",
        ])
        .env("COSIGN_PASSWORD", "")
        .directory(directory.path())
        .run()
        .success();
    // Not in the log: no signature that counts, and no bundle.
    logged(&verify).run().expect_code(1);
    let run = logged(&create).run().expect_code(1);
    assert!(run.stderr.contains("has no entry for this signature"), "{}", run.stderr);
    assert!(!directory.path().join("made.json").exists());

    logged(&[
        "sign-blob",
        "--yes",
        "--output-signature",
        "logged.sig",
        "--key",
        private,
        "blob",
    ])
    .run()
    .success();
    let signature = std::fs::read(directory.path().join("logged.sig")).unwrap();
    assert_eq!(
        signature,
        std::fs::read(directory.path().join("blob.sig")).unwrap(),
        "deterministic"
    );
    logged(&verify).run().success();
    logged(&create).run().success();
    countersign()
        .args([
            "verify-blob",
            "--offline",
            "--key",
            public,
            "--bundle",
            "made.json",
            "--trusted-root",
        ])
        .arg(log.trusted_root())
        .arg("blob")
        .directory(directory.path())
        .run()
        .success();
}

#[test]
fn a_flag_that_cannot_have_its_effect_is_refused() {
    let directory = files();
    for flags in [
        &["--issue-certificate"][..],
        &["--identity-token", "x"],
        &["--fulcio-url", "https://fulcio.example.com"],
        &["--sk"],
        &["--signing-algorithm", "ecdsa-sha2-384-nistp384"],
        &["--timestamp-server-url", "http://127.0.0.1:1"],
    ] {
        let run = sign(directory.path(), "sign-blob")
            .args(flags)
            .arg("blob")
            .run()
            .expect_code(1);
        assert!(run.stderr.starts_with("Error: "), "{flags:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{flags:?}");
    }
    let run = sign(directory.path(), "sign-blob").arg("nosuch").run().expect_code(1);
    assert!(run.stderr.contains("signing nosuch"), "{}", run.stderr);
}
