//! Signatures are made public, and looked up, in a transparency log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use countersign::dsse;
use countersign::http;
use countersign::key::{HashAlgorithm, KeyAlgorithm, PrivateKey};
use countersign::rekor::{
    self, ApiVersion, Claim, Client, ClientError, Content, LogEntry, Submission, Verifier, verify_entry,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use support::log::Log;
use support::{image, peers, registry};

/// A signature by a key of its own.
struct Signed {
    message: Vec<u8>,
    digest: [u8; 32],
    signature: Vec<u8>,
    verifier: Verifier,
}

impl Signed {
    fn new(message: &[u8]) -> Self {
        let key = PrivateKey::generate().unwrap();
        Self {
            message: message.to_vec(),
            digest: Sha256::digest(message).into(),
            signature: key.sign(message).unwrap(),
            verifier: Verifier::PublicKey(key.public_key().spki_der().to_vec()),
        }
    }

    fn submission(&self) -> Submission<'_> {
        Submission {
            hash: HashAlgorithm::Sha256,
            digest: &self.digest,
            signature: &self.signature,
            verifier: &self.verifier,
            key: KeyAlgorithm::EcdsaP256,
        }
    }

    fn claim(&self) -> Claim<'_> {
        Claim {
            content: Content::Message(&self.message),
            signature: &self.signature,
            verifier: &self.verifier,
        }
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn client(log: &Log, version: ApiVersion) -> Client {
    let http = http::Client::new(http::Config {
        proxies: false,
        ..Default::default()
    });
    Client::with_version(http, &log.url(), version)
        .unwrap()
        .trusting(log.keys())
}

fn create(log: &Log, version: ApiVersion, signed: &Signed) -> Result<LogEntry, ClientError> {
    run(client(log, version).create_hashedrekord(&signed.submission()))
}

#[test]
fn an_upload_becomes_an_entry_that_verifies_and_is_about_the_signature() {
    let log = Log::start();
    for version in [ApiVersion::V1, ApiVersion::V2] {
        for n in 0..5 {
            let signed = Signed::new(&[n]);
            let entry = create(&log, version, &signed).unwrap();
            let verified = verify_entry(&entry, &log.keys()).unwrap();
            verified.matches(&signed.claim()).unwrap();
            assert!(verified.inclusion_checked());
            assert_eq!(verified.promise_checked(), version == ApiVersion::V1);
            assert_eq!(verified.time().is_some(), version == ApiVersion::V1);
            assert_eq!(verified.log_index(), i64::from(n));
        }
    }
}

#[test]
fn a_lost_answer_is_no_failure_and_makes_no_second_entry() {
    let log = Log::start();
    for version in [ApiVersion::V1, ApiVersion::V2] {
        log.fill(3);
        let (before, before_v2) = (log.size(), log.size_v2());
        let signed = Signed::new(b"payload");
        log.drop_replies(1);
        let entry = create(&log, version, &signed).unwrap();
        assert_eq!((log.size() - before) + (log.size_v2() - before_v2), 1);
        assert_eq!(entry.log_index, 3 * if version == ApiVersion::V1 { 1 } else { 2 });
        verify_entry(&entry, &log.keys())
            .unwrap()
            .matches(&signed.claim())
            .unwrap();
    }
}

#[test]
fn an_entry_that_exists_already_is_found_in_trees_of_any_size() {
    let log = Log::start();
    let signed = Signed::new(b"payload");
    let other = Signed::new(b"other");
    create(&log, ApiVersion::V1, &signed).unwrap();
    create(&log, ApiVersion::V2, &signed).unwrap();
    for fill in [0, 1, 4, 250, 1, 255, 400] {
        log.fill(fill);
        for version in [ApiVersion::V1, ApiVersion::V2] {
            let again = create(&log, version, &signed).unwrap();
            assert_eq!(again.log_index, 0);
            verify_entry(&again, &log.keys())
                .unwrap()
                .matches(&signed.claim())
                .unwrap();
        }
    }
    let late = create(&log, ApiVersion::V2, &other).unwrap();
    let again = create(&log, ApiVersion::V2, &other).unwrap();
    assert_eq!(again.log_index, late.log_index);
    assert_eq!(again.inclusion_proof, late.inclusion_proof);
}

#[test]
fn a_service_that_is_briefly_away_is_asked_again() {
    let log = Log::start();
    log.fail(2, 503);
    create(&log, ApiVersion::V1, &Signed::new(b"payload")).unwrap();
    log.fail(1, 429);
    create(&log, ApiVersion::V2, &Signed::new(b"payload")).unwrap();
}

#[test]
fn an_answer_about_something_else_is_refused() {
    for version in [ApiVersion::V1, ApiVersion::V2] {
        let log = Log::start();
        let stranger = Signed::new(b"of another");
        let foreign = create(&log, version, &stranger).unwrap();
        let signed = Signed::new(b"mine");
        let answer = match version {
            ApiVersion::V1 => {
                let id = format!("0123456789abcdef{}", hex(&rekor::inclusion::leaf_hash(&foreign.body)));
                support::wire::get(&log.url()["http://".len()..], &format!("/api/v1/log/entries/{id}")).json()
            }
            ApiVersion::V2 => {
                let entry = rekor::transparency_log_entry::TransparencyLogEntry::try_from(&foreign).unwrap();
                serde_json::to_value(entry).unwrap()
            }
        };
        log.tamper(move |_, json| *json = answer.clone());
        let refused = create(&log, version, &signed).unwrap_err();
        assert!(matches!(refused, ClientError::Foreign { .. }), "{refused}");
    }
}

#[test]
fn an_answer_of_another_key_is_refused_whatever_key_the_log_says_it_has() {
    let log = Log::start();
    let other = Log::start();
    for version in [ApiVersion::V1, ApiVersion::V2] {
        let client = client(&log, version).trusting(other.keys());
        let refused = run(client.create_hashedrekord(&Signed::new(b"payload").submission())).unwrap_err();
        assert!(matches!(refused, ClientError::Unverified { .. }), "{refused}");
    }
    let claimed = run(client(&log, ApiVersion::V1).claimed_key()).unwrap();
    assert_eq!(claimed, log.key().to_pem());
}

#[test]
fn an_altered_member_of_the_answer_is_refused() {
    type Alteration = (&'static str, fn(&mut serde_json::Value));
    let alter: [Alteration; 7] = [
        ("integratedTime", |e| e["integratedTime"] = json!(1)),
        ("logIndex", |e| e["logIndex"] = json!(7)),
        ("logID", |e| e["logID"] = json!("00".repeat(32))),
        ("set", |e| e["verification"]["signedEntryTimestamp"] = json!("MEUC")),
        ("root", |e| {
            e["verification"]["inclusionProof"]["rootHash"] = json!("00".repeat(32))
        }),
        ("index in tree", |e| {
            e["verification"]["inclusionProof"]["logIndex"] = json!(1)
        }),
        ("size", |e| e["verification"]["inclusionProof"]["treeSize"] = json!(9)),
    ];
    for (what, alter) in alter {
        let log = Log::start();
        log.tamper(move |_, json| {
            if let Some(entry) = json.as_object_mut().and_then(|map| map.values_mut().next()) {
                alter(entry);
            }
        });
        assert!(
            create(&log, ApiVersion::V1, &Signed::new(b"payload")).is_err(),
            "{what}"
        );
    }
    let log = Log::start();
    log.tamper(|_, json| {
        let entries = std::mem::take(json.as_object_mut().unwrap());
        json["0".repeat(80)] = entries.into_values().next().unwrap();
    });
    let refused = create(&log, ApiVersion::V1, &Signed::new(b"payload")).unwrap_err();
    assert!(refused.to_string().contains("identifier"), "{refused}");
}

#[test]
fn a_refusal_is_told_in_the_logs_own_words() {
    let log = Log::start();
    let mut signed = Signed::new(b"payload");
    signed.digest[0] ^= 1;
    let refused = create(&log, ApiVersion::V1, &signed).unwrap_err().to_string();
    assert!(
        refused.contains("400") && refused.contains("verifying signature"),
        "{refused}"
    );
    assert_eq!(log.requests().len(), 1, "a refusal is not tried again");
}

#[test]
fn a_signature_that_no_log_can_check_is_not_sent() {
    let log = Log::start();
    let signed = Signed::new(b"payload");
    for version in [ApiVersion::V1, ApiVersion::V2] {
        let submission = Submission {
            key: KeyAlgorithm::Ed25519,
            ..signed.submission()
        };
        let refused = run(client(&log, version).create_hashedrekord(&submission)).unwrap_err();
        assert!(matches!(refused, ClientError::Algorithm(_)), "{refused}");
    }
    assert!(log.requests().is_empty());
}

#[test]
fn entries_are_found_by_signature_and_by_digest() {
    let log = Log::start();
    let client = client(&log, ApiVersion::V1);
    let (one, two) = (Signed::new(b"payload"), Signed::new(b"payload"));
    run(async {
        assert!(client.find(&one.submission()).await.unwrap().is_empty());
        client.create_hashedrekord(&one.submission()).await.unwrap();
        client.create_hashedrekord(&two.submission()).await.unwrap();
        let found = client.find(&two.submission()).await.unwrap();
        assert_eq!(found.iter().map(|entry| entry.log_index).collect::<Vec<_>>(), [1]);
        let found = client.find_by_hash(HashAlgorithm::Sha256, &one.digest).await.unwrap();
        assert_eq!(found.len(), 2);
        assert!(
            client
                .find_by_hash(HashAlgorithm::Sha256, &[0; 32])
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(client.info().await.unwrap().tree_size, 2);
    });
}

#[test]
fn a_search_that_brings_an_entry_that_was_not_asked_for_is_refused_whole() {
    let log = Log::start();
    let client = client(&log, ApiVersion::V1);
    let (one, two) = (Signed::new(b"payload"), Signed::new(b"another"));
    run(async {
        client.create_hashedrekord(&one.submission()).await.unwrap();
        client.create_hashedrekord(&two.submission()).await.unwrap();
        let foreign = run_elsewhere(&log, &two);
        log.tamper(move |path, json| {
            if path.ends_with("/retrieve") && json.is_array() && path.contains("entries") {
                json.as_array_mut().unwrap().push(foreign.clone());
            }
        });
        let refused = client
            .find_by_hash(HashAlgorithm::Sha256, &one.digest)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("not asked for"), "{refused}");
        let refused = client.find(&one.submission()).await.unwrap_err();
        assert!(matches!(refused, ClientError::Foreign { .. }), "{refused}");
    });
}

/// What the log has of `signed`, as its own JSON.
fn run_elsewhere(log: &Log, signed: &Signed) -> serde_json::Value {
    let query = json!({"hash": format!("sha256:{}", hex(&signed.digest))}).to_string();
    let address = &log.url()["http://".len()..];
    let ids = support::wire::request(address, "POST", "/api/v1/index/retrieve", &[], query.as_bytes()).json();
    let path = format!("/api/v1/log/entries/{}", ids[0].as_str().unwrap());
    support::wire::get(address, &path).json()
}

#[test]
fn envelopes_become_dsse_and_intoto_entries() {
    let log = Log::start();
    let client = client(&log, ApiVersion::V1);
    let key = PrivateKey::generate().unwrap();
    let verifier = Verifier::PublicKey(key.public_key().spki_der().to_vec());
    let payload = br#"{"_type":"https://in-toto.io/Statement/v0.1"}"#.to_vec();
    let signature = key.sign(&dsse::pae(dsse::IN_TOTO, &payload)).unwrap();
    let json = dsse::Envelope::new(dsse::IN_TOTO, payload, signature).to_json();
    run(async {
        let dsse = client.create_dsse(&json, &verifier).await.unwrap();
        let intoto = client.create_intoto(&json, &verifier).await.unwrap();
        for (entry, kind) in [(dsse, "dsse 0.0.1"), (intoto, "intoto 0.0.1")] {
            assert_eq!(
                verify_entry(&entry, &log.keys()).unwrap().body().kind().to_string(),
                kind
            );
        }
        assert_eq!(client.find_envelope(&json, &verifier).await.unwrap().len(), 2);
        let again = client.create_dsse(&json, &verifier).await.unwrap();
        assert_eq!((again.log_index, log.size()), (0, 2));
    });
}

#[test]
fn an_envelope_that_is_too_large_is_refused_before_it_is_sent() {
    let log = Log::start();
    let payload = vec![b' '; rekor::client::MAX_UPLOAD];
    let json = dsse::Envelope::new(dsse::IN_TOTO, payload, vec![1]).to_json();
    let verifier = Signed::new(b"").verifier;
    let refused = run(client(&log, ApiVersion::V1).create_dsse(&json, &verifier)).unwrap_err();
    let text = refused.to_string();
    assert!(matches!(refused, ClientError::TooLarge { .. }), "{text}");
    assert!(text.contains("--tlog-upload=false") && text.contains("--rekor-url") && text.contains(&log.url()));
    assert!(log.requests().is_empty());
}

#[test]
fn a_url_without_scheme_or_host_is_refused() {
    for bad in [
        "",
        "rekor.example",
        "ftp://rekor.example",
        "http://",
        "http://user:pw@rekor.example",
        "http://a?b",
    ] {
        let http = http::Client::new(http::Config::default());
        assert!(matches!(Client::new(http, bad), Err(ClientError::Url(_))), "{bad}");
    }
}

#[test]
fn real_cosigns_sign_and_verify_with_the_log_of_the_tests() {
    let log = Log::start();
    let registry = registry::Embedded::start();
    let directory = tempfile::tempdir().unwrap();
    let key_file = log.key_file();
    for (name, modern) in [("cosign25", false), ("cosign31", true)] {
        let Some(cosign) = peers::require(name) else { return };
        let cosign = || {
            support::Program::new(&cosign)
                .directory(directory.path())
                .env("COSIGN_PASSWORD", "")
                .env("SIGSTORE_REKOR_PUBLIC_KEY", &key_file)
        };
        cosign()
            .args(["generate-key-pair", "--output-key-prefix", name])
            .run()
            .success();
        let (private, public) = (format!("{name}.key"), format!("{name}.pub"));
        let image = image::push(&registry.address, "acme/logged", name);
        let url = log.url();
        let mut sign = vec!["sign", "-y", "--key", &private, "--rekor-url", &url];
        if modern {
            sign.extend(["--use-signing-config=false", "--new-bundle-format=false"]);
        }
        let reference = image.by_digest();
        sign.push(&reference);
        let before = log.size();
        cosign().args(&sign).run().success();
        assert_eq!(log.size(), before + 1);
        let mut verify = vec!["verify", "--key", &public];
        if modern {
            verify.push("--new-bundle-format=false");
        }
        let mut online = verify.clone();
        verify.extend(["--offline", &reference]);
        online.extend(["--rekor-url", &url, &reference]);
        cosign().args(&verify).run().success();
        cosign().args(&online).run().success();
    }
}

#[test]
fn real_cosign_makes_and_verifies_bundles_with_the_log_of_the_tests() {
    let Some(cosign) = peers::require("cosign31") else {
        return;
    };
    let log = Log::start();
    log.fill(5);
    let directory = tempfile::tempdir().unwrap();
    let cosign = || {
        support::Program::new(&cosign)
            .directory(directory.path())
            .env("COSIGN_PASSWORD", "")
    };
    cosign()
        .args(["generate-key-pair", "--output-key-prefix", "k"])
        .run()
        .success();
    std::fs::write(directory.path().join("blob"), "content").unwrap();
    let root = log.trusted_root();
    let keys = countersign::trust::TrustedRoot::parse(&std::fs::read(&root).unwrap())
        .unwrap()
        .logs;
    for version in [1, 2] {
        let sign = cosign().args(["sign-blob", "-y", "--key", "k.key", "--bundle", "bundle.json", "blob"]);
        sign.services(log.signing_config(version), &root).run().success();
        let verify = cosign().args(["verify-blob", "--key", "k.pub", "--bundle", "bundle.json", "blob"]);
        verify.arg("--trusted-root").arg(&root).run().success();
        let bundle = std::fs::read(directory.path().join("bundle.json")).unwrap();
        let bundle: serde_json::Value = serde_json::from_slice(&bundle).unwrap();
        let entry = bundle["verificationMaterial"]["tlogEntries"][0].to_string();
        let entry = rekor::transparency_log_entry::parse(entry.as_bytes()).unwrap();
        assert!(verify_entry(&entry, &keys).unwrap().inclusion_checked());
    }
    assert_eq!((log.size(), log.size_v2()), (6, 6));
}

#[test]
fn real_cosign_and_this_read_each_others_bundles_of_two_logs() {
    let Some(cosign) = peers::require("cosign31") else {
        return;
    };
    let (one, two) = (Log::start(), Log::start());
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("blob"), "content").unwrap();
    let root = one.trusted_root_with(&[&two]);
    let config = one.signing_config_with(&[&two], 2, &json!({"selector": "ALL"}));
    let ours = support::countersign;
    let theirs = || support::Program::new(&cosign);
    let prepared = |program: support::Program| program.directory(directory.path()).env("COSIGN_PASSWORD", "");
    prepared(ours())
        .args(["generate-key-pair", "--output-key-prefix", "k"])
        .run()
        .success();
    for (signer, verifier) in [(ours(), theirs()), (theirs(), ours())] {
        prepared(signer)
            .args(["sign-blob", "-y", "--key", "k.key", "--bundle", "bundle.json", "blob"])
            .services(&config, &root)
            .run()
            .success();
        let bundle = std::fs::read(directory.path().join("bundle.json")).unwrap();
        let bundle = countersign::bundle::Bundle::parse(&bundle).unwrap();
        assert_eq!(bundle.entries.len(), 2);
        prepared(verifier)
            .args(["verify-blob", "--key", "k.pub", "--bundle", "bundle.json", "blob"])
            .arg("--trusted-root")
            .arg(&root)
            .run()
            .success();
    }
    assert_eq!((one.size_v2(), two.size_v2()), (2, 2));
}

/// Run by hand against real servers: see docs/testing.md, "The log in a test".
#[test]
#[ignore = "needs a real Rekor v1 on 127.0.0.1:3000 and a Rekor v2 on 127.0.0.1:3003"]
fn real_logs_take_signatures_and_envelopes() {
    let folder =
        std::path::PathBuf::from(std::env::var_os("REKOR_KEYS").expect("REKOR_KEYS names the folder of the keys"));
    let keys = |name: &str| rekor::LogKeys::from_pem(&std::fs::read(folder.join(name)).unwrap()).unwrap();
    let http = http::Client::new(http::Config {
        proxies: false,
        ..Default::default()
    });
    let one = Client::new(http.clone(), "http://127.0.0.1:3000")
        .unwrap()
        .trusting(keys("rekor.pub"));
    let two = Client::with_version(http, "http://127.0.0.1:3003", ApiVersion::V2)
        .unwrap()
        .trusting(keys("rekor2.pub"));
    let signed = Signed::new(b"payload");
    run(async {
        for (client, keys) in [(&one, keys("rekor.pub")), (&two, keys("rekor2.pub"))] {
            let entry = client.create_hashedrekord(&signed.submission()).await.unwrap();
            verify_entry(&entry, &keys).unwrap().matches(&signed.claim()).unwrap();
            match client.create_hashedrekord(&signed.submission()).await {
                Ok(again) => {
                    verify_entry(&again, &keys).unwrap().matches(&signed.claim()).unwrap();
                    assert_eq!(again.log_index, entry.log_index);
                }
                // A Rekor v2 by itself only writes; something else serves its tiles.
                Err(ClientError::Unreadable { index, .. }) => assert_eq!(i64::try_from(index), Ok(entry.log_index)),
                Err(other) => panic!("{other}"),
            }
        }
        let key = PrivateKey::generate().unwrap();
        let verifier = Verifier::PublicKey(key.public_key().spki_der().to_vec());
        let payload = br#"{"_type":"https://in-toto.io/Statement/v0.1","subject":[],"predicateType":"x"}"#.to_vec();
        let signature = key.sign(&dsse::pae(dsse::IN_TOTO, &payload)).unwrap();
        let json = dsse::Envelope::new(dsse::IN_TOTO, payload, signature).to_json();
        one.create_dsse(&json, &verifier).await.unwrap();
        one.create_intoto(&json, &verifier).await.unwrap();
        assert!(one.info().await.unwrap().tree_size >= 3);
    });
}

fn hex(bytes: &[u8]) -> String {
    countersign::digest::hex(bytes)
}
