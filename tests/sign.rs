//! Signing images as a release engineer does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::bundle::Bundle;
use countersign::key::{HashAlgorithm, PublicKey};
use countersign::rekor::LogKeys;
use countersign::verify::{
    Candidate, Check, Claims, Location, LogPolicy, Policy, Rejection, SignedContent, Signer, TimestampPolicy,
    VerifiedSignature, bundled,
};
use serde_json::json;

use support::image::{self, Image};
use support::log::Log;
use support::registry::{Embedded, Fault, Rule};
use support::tsa::Tsa;
use support::{Program, Run, countersign, vectors, wire};

fn sign(image: &str) -> Program {
    let key = vectors::path("cosign/keys/p256-empty-password.key");
    countersign()
        .env("COSIGN_PASSWORD", "")
        .args(["sign", "--yes", "--key"])
        .arg(key)
        .arg(image)
}

fn unlogged(image: &str) -> Program {
    sign(image).arg("--tlog-upload=false")
}

fn verify(image: &str) -> Program {
    let key = vectors::path("cosign/keys/p256-empty-password.pub");
    countersign().args(["verify", "--key"]).arg(key).arg(image)
}

fn ignoring_log(image: &str) -> Run {
    verify(image).arg("--insecure-ignore-tlog").run()
}

fn pushed() -> (Embedded, Image) {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    registry.control.forget();
    (registry, image)
}

fn layers(registry: &Embedded, image: &Image) -> Vec<serde_json::Value> {
    registry.layers("acme/app", &image.attached_tag(".sig"))
}

#[test]
fn an_image_is_signed_by_digest_and_its_signature_verifies() {
    let (registry, image) = pushed();
    let run = unlogged(&image.by_digest()).run().success();
    assert!(
        run.stderr
            .contains(&format!("Pushing signature to: {}/acme/app", registry.address)),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, "");
    let verified = ignoring_log(&image.by_digest()).success();
    let payload = &verified.json()[0][0];
    assert_eq!(
        payload["critical"]["image"]["docker-manifest-digest"],
        image.digest.as_str()
    );
    assert_eq!(
        payload["critical"]["identity"]["docker-reference"],
        format!("{}/acme/app", registry.address)
    );
}

#[test]
fn a_tag_is_signed_with_a_warning_and_is_resolved_once() {
    let (registry, image) = pushed();
    let run = unlogged(&image.by_tag()).run().success();
    assert!(run.stderr.contains("uses a tag, not a digest"), "{}", run.stderr);
    let asked = registry
        .requests()
        .iter()
        .filter(|request| request.ends_with("/manifests/1.0"))
        .count();
    assert_eq!(asked, 1);
    ignoring_log(&image.by_digest()).success();
}

#[test]
fn the_same_key_signs_once_another_key_is_added_and_annotations_make_another_signature() {
    let (registry, image) = pushed();
    unlogged(&image.by_digest()).run().success();
    let again = unlogged(&image.by_digest()).run().success();
    assert!(again.stderr.contains("Already signed"), "{}", again.stderr);
    assert_eq!(layers(&registry, &image).len(), 1);
    let other = vectors::path("cosign/keys/p256-password.key");
    countersign()
        .env("COSIGN_PASSWORD", "correct horse battery staple")
        .args(["sign", "--yes", "--tlog-upload=false", "--key"])
        .arg(other)
        .arg(image.by_digest())
        .run()
        .success();
    assert_eq!(layers(&registry, &image).len(), 2);
    unlogged(&image.by_digest())
        .args(["-a", "build=1,by=me"])
        .run()
        .success();
    assert_eq!(layers(&registry, &image).len(), 3);
    let asked = verify(&image.by_digest())
        .args(["--insecure-ignore-tlog", "-a", "by=me"])
        .run()
        .success();
    assert_eq!(asked.json()[0].as_array().unwrap().len(), 1);
}

#[test]
fn an_index_is_signed_recursively_and_only_itself_without_the_flag() {
    let registry = Embedded::start();
    let (index, children) = image::push_index(&registry.address, "acme/multi", "1.0", &["linux/amd64", "linux/arm64"]);
    let child = |digest: &str| format!("{}/acme/multi@{digest}", registry.address);
    unlogged(&index.by_digest()).run().success();
    ignoring_log(&index.by_digest()).success();
    ignoring_log(&child(&children[0])).expect_code(10);
    unlogged(&index.by_digest()).arg("--recursive").run().success();
    for digest in &children {
        ignoring_log(&child(digest)).success();
    }
}

#[test]
fn a_registry_that_answers_mounts_wrongly_gets_its_blobs_all_the_same() {
    for fault in [
        Fault::status(400),
        Fault::status(403),
        Fault::status(404),
        Fault::status(500),
        Fault::status(201),
        Fault::status(202),
    ] {
        let (registry, image) = pushed();
        registry.control.inject(Rule::new(fault.clone()).path("mount="));
        unlogged(&image.by_digest()).run().success();
        assert_eq!(layers(&registry, &image).len(), 1, "{fault:?}");
        ignoring_log(&image.by_digest()).success();
    }
}

#[test]
fn several_images_are_signed_at_once_each_once() {
    let registry = Embedded::start();
    let images = image::push_several(&registry.address, "acme/app", 12);
    let mut names: Vec<_> = images.iter().map(Image::by_digest).collect();
    // Another name of the first.
    names.push(images[0].by_tag());
    registry.control.forget();
    let run = unlogged(&names[0]).args(&names[1..]).run().success();
    assert_eq!(run.stderr.matches("Pushing signature").count(), 12, "{}", run.stderr);
    for image in &images {
        assert_eq!(layers(&registry, image).len(), 1);
    }
    let requests = registry.requests();
    let written = requests.iter().position(|r| r.starts_with("PUT") && r.contains(".sig"));
    let begun = &requests[..written.unwrap()];
    let looks = begun.iter().filter(|r| r.starts_with("GET") && r.contains(".sig"));
    assert!(looks.count() > 1, "one after the other: {requests:#?}");
}

#[test]
fn what_is_under_way_when_an_image_fails_is_ended_and_told() {
    let registry = Embedded::start();
    let log = Log::start();
    let images = image::push_several(&registry.address, "acme/app", 20);
    let names: Vec<_> = images.iter().map(Image::by_digest).collect();
    let refused = Rule::new(Fault::status(403)).method("PUT");
    registry.control.inject(refused.path(&images[2].attached_tag(".sig")));
    let run = sign(&names[0])
        .args(&names[1..])
        .args(["--rekor-url", &log.url()])
        .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file())
        .run()
        .expect_code(1);
    assert!(run.stderr.contains(&format!("signing {}", names[2])), "{}", run.stderr);
    let signed = images
        .iter()
        .filter(|image| !layers(&registry, image).is_empty())
        .count();
    assert!((2..19).contains(&signed), "{signed}");
    assert_eq!(
        run.stderr.matches("Pushing signature").count(),
        signed,
        "{}",
        run.stderr
    );
    assert_eq!(
        log.size(),
        signed + 1,
        "what is in the log is on an image, but for the refused one"
    );
    // Nothing is signed where one of the images is not found.
    let (registry, image) = pushed();
    let missing = format!("{}/acme/app:nope", image.address);
    unlogged(&image.by_digest()).arg(&missing).run().expect_code(1);
    assert!(layers(&registry, &image).is_empty());
}

/// As with cosign: a pipeline may sign before it pushes, and nobody can pull what is not signed.
#[test]
fn a_digest_is_signed_before_it_is_pushed() {
    let (_registry, image) = pushed();
    let missing = format!("{}/acme/app@sha256:{}", image.address, "0".repeat(64));
    unlogged(&missing).run().success();
    ignoring_log(&missing).success();
    let again = unlogged(&missing).run().success();
    assert!(again.stderr.contains("Already signed"), "{}", again.stderr);
}

#[test]
fn what_has_to_be_looked_up_and_does_not_exist_is_an_error_and_nothing_is_written() {
    let (registry, image) = pushed();
    let missing = format!("{}/acme/app@sha256:{}", image.address, "0".repeat(64));
    let tag = format!("{}/acme/app:nope", image.address);
    registry.control.forget();
    for program in [
        unlogged(&missing).arg("--new-bundle-format"),
        unlogged(&missing).args(["--registry-referrers-mode", "oci-1-1"]),
        unlogged(&missing).arg("--recursive"),
        unlogged(&tag),
    ] {
        let run = program.run().expect_code(1);
        assert!(run.stderr.contains("does not exist"), "{}", run.stderr);
    }
    let requests = registry.requests();
    assert!(
        requests.iter().all(|request| request.starts_with("GET")),
        "{requests:#?}"
    );
}

#[test]
fn without_upload_the_signature_goes_to_files_and_verifies_detached() {
    let (registry, image) = pushed();
    let directory = tempfile::tempdir().unwrap();
    unlogged(&image.by_digest())
        .directory(directory.path())
        .args([
            "--upload=false",
            "--output-signature",
            "s",
            "--output-payload",
            "p",
            "--output-certificate",
            "c",
        ])
        .run()
        .success();
    assert!(layers(&registry, &image).is_empty());
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
    assert_eq!(read("c"), vectors::text("cosign/keys/p256-empty-password.pub"));
    assert!(read("p").contains(&image.digest));
    let detached = |payload: &str| {
        verify(&image.by_digest())
            .directory(directory.path())
            .args(["--insecure-ignore-tlog", "--signature", "s", "--payload", payload])
            .run()
    };
    detached("p").success();
    std::fs::write(directory.path().join("q"), read("p").replace("null", "{}")).unwrap();
    detached("q").expect_code(12);
    verify(&image.by_digest())
        .args(["--insecure-ignore-tlog", "--signature", &read("s")])
        .run()
        .success();
    let printed = unlogged(&image.by_digest()).arg("--upload=false").run().success();
    assert_eq!(
        printed.stdout.trim(),
        read("s"),
        "signatures of ECDSA keys are deterministic"
    );
}

#[test]
fn identity_payload_repository_and_media_types_are_as_asked() {
    let (registry, image) = pushed();
    unlogged(&image.by_digest())
        .args(["--sign-container-identity", "example.com/app:prod"])
        .run()
        .success();
    let verified = ignoring_log(&image.by_digest()).success();
    assert_eq!(
        verified.json()[0][0]["critical"]["identity"]["docker-reference"],
        "example.com/app:prod"
    );

    let elsewhere = image::push(&registry.address, "acme/elsewhere", "1.0");
    let repository = format!("{}/acme/signatures", registry.address);
    unlogged(&elsewhere.by_digest())
        .env("COSIGN_REPOSITORY", &repository)
        .env("COSIGN_DOCKER_MEDIA_TYPES", "1")
        .run()
        .success();
    ignoring_log(&elsewhere.by_digest()).expect_code(10);
    verify(&elsewhere.by_digest())
        .env("COSIGN_REPOSITORY", &repository)
        .arg("--insecure-ignore-tlog")
        .run()
        .success();
    let manifest = wire::get(
        &registry.address,
        &format!("/v2/acme/signatures/manifests/{}", elsewhere.attached_tag(".sig")),
    );
    assert_eq!(
        manifest.json()["mediaType"],
        "application/vnd.docker.distribution.manifest.v2+json"
    );

    let custom = image::push(&registry.address, "acme/custom", "1.0");
    let generated = countersign()
        .args(["generate", "-a", "x=<&>", &custom.by_digest()])
        .run()
        .success();
    assert!(
        generated.stdout.contains(r#""x":"\u003c\u0026\u003e""#),
        "{}",
        generated.stdout
    );
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("payload"), &generated.stdout).unwrap();
    unlogged(&custom.by_digest())
        .directory(directory.path())
        .args(["--payload", "payload"])
        .run()
        .success();
    let verified = verify(&custom.by_digest())
        .args(["--insecure-ignore-tlog", "-a", "x=<&>"])
        .run()
        .success();
    assert_eq!(verified.json()[0][0]["optional"]["x"], "<&>");
}

#[test]
fn a_signature_is_logged_verified_offline_and_online_and_not_logged_twice() {
    let (registry, image) = pushed();
    let log = Log::start();
    log.fill(3);
    let logged = |image: &str| {
        sign(image)
            .args(["--rekor-url", &log.url()])
            .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file())
    };
    let run = logged(&image.by_digest()).run().success();
    assert!(
        run.stderr.contains("tlog entry created with index: 3"),
        "{}",
        run.stderr
    );
    // Also where a registry does not tell that it has a blob.
    for mounts in [true, false] {
        registry.control.configure(|options| options.mounts = mounts);
        let again = logged(&image.by_digest()).run().success();
        assert!(again.stderr.contains("Already signed"), "{}", again.stderr);
        assert_eq!((log.size(), layers(&registry, &image).len()), (4, 1));
    }
    let key = log.key_file();
    let offline = verify(&image.by_digest())
        .arg("--offline")
        .env("SIGSTORE_REKOR_PUBLIC_KEY", &key)
        .run()
        .success();
    assert!(offline.stderr.contains("verified offline"), "{}", offline.stderr);
    assert_eq!(offline.json()[0][0]["optional"]["Bundle"]["Payload"]["logIndex"], 3);

    // A signature whose entry is in the log only.
    let bare = image::push(&registry.address, "acme/bare", "1.0");
    unlogged(&bare.by_digest()).run().success();
    let online = |image: &Image| {
        verify(&image.by_digest())
            .args(["--rekor-url", &log.url()])
            .env("SIGSTORE_REKOR_PUBLIC_KEY", &key)
            .run()
    };
    let run = online(&bare).expect_code(12);
    assert!(run.stderr.contains("transparency log"), "{}", run.stderr);
    logged(&bare.by_digest()).arg("--upload=false").run().success();
    let run = online(&bare).success();
    assert!(
        run.stderr.contains("The claims were present in the transparency log"),
        "{}",
        run.stderr
    );
    verify(&bare.by_digest())
        .arg("--offline")
        .env("SIGSTORE_REKOR_PUBLIC_KEY", &key)
        .run()
        .expect_code(12);
}

#[test]
fn a_bundle_is_pushed_as_a_referrer_logged_in_either_log_and_not_made_twice() {
    for api_version in [1, 2] {
        let (registry, image) = pushed();
        let log = Log::start();
        let directory = tempfile::tempdir().unwrap();
        let bundle = || {
            sign(&image.by_digest())
                .directory(directory.path())
                .services(log.signing_config(api_version), log.trusted_root())
                .args(["-a", "env=prod", "--bundle", "b.json"])
        };
        bundle().run().success();
        bundle().run().success();
        assert_eq!(log.size() + log.size_v2(), 1, "Rekor v{api_version}");
        assert!(registry.tags("acme/app").iter().all(|tag| !tag.ends_with(".sig")));
        assert!(directory.path().join("b.json").exists());
        let verified = verify(&image.by_digest())
            .arg("--trusted-root")
            .arg(log.trusted_root())
            .args(["-a", "env=prod", "--offline"])
            .run()
            .success();
        let document = &verified.json()[0];
        assert_eq!(document.as_array().unwrap().len(), 1);
        assert_eq!(document[0]["critical"]["type"], "https://sigstore.dev/cosign/sign/v1");
        assert_eq!(document[0]["optional"]["env"], "prod");
        verify(&image.by_digest())
            .arg("--trusted-root")
            .arg(log.trusted_root())
            .args(["-a", "env=test"])
            .run()
            .expect_code(12);
    }
}

#[test]
fn a_signature_of_the_old_format_may_refer_to_the_image_and_is_found_by_every_command() {
    for referrers_api in [true, false] {
        let (registry, image) = pushed();
        registry
            .control
            .configure(|options| options.referrers_api = referrers_api);
        let log = Log::start();
        let key = vectors::path("cosign/keys/p256-empty-password.key");
        let name = image.by_digest();
        let refer = || {
            countersign()
                .env("COSIGN_PASSWORD", "")
                .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file())
                .args(["sign", "--yes", "--registry-referrers-mode", "oci-1-1", "--rekor-url"])
                .arg(log.url())
                .arg("--key")
                .arg(&key)
                .arg(&name)
        };
        let verify = || {
            let program = verify(&name).env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file());
            program.arg("--offline")
        };
        let referrers = || {
            let tree = countersign().args(["tree", "-o", "json", &name]).run().success();
            let attached = tree.json()[0]["attached"].as_array().unwrap().clone();
            let kind = "application/vnd.dev.cosign.artifact.sig.v1+json";
            assert!(attached.iter().all(|a| a["artifactType"] == kind), "{attached:?}");
            attached.len()
        };
        refer().run().success();
        let again = refer().run().success();
        assert!(again.stderr.contains("Already signed"), "{}", again.stderr);
        assert_eq!((referrers(), log.size()), (1, 1));
        refer().args(["-a", "env=prod"]).run().success();
        assert_eq!(referrers(), 2);
        assert!(layers(&registry, &image).is_empty());
        let fallback = image.attached_tag("");
        assert_eq!(registry.tags("acme/app").contains(&fallback), !referrers_api);
        assert_eq!(verify().run().success().json()[0].as_array().unwrap().len(), 2);
        verify().args(["-a", "env=prod"]).run().success();
        let old = || verify().arg("--new-bundle-format=false");
        old().run().expect_code(10);
        old().arg("--experimental-oci11").run().success();
        verify().args(["-a", "env=test"]).run().expect_code(12);
        let other = vectors::path("cosign/keys/p256-password.pub");
        verify().arg("--key").arg(other).run().expect_code(12);

        let inspected = countersign().args(["inspect", "-o", "json", &name]).run().success();
        let claims = inspected.json()[0]["claims"].clone();
        assert_eq!(claims.as_array().unwrap().len(), 2, "{claims}");
        assert_eq!(claims[0]["format"], "referrer");
        let downloaded = countersign().args(["download", "signature", &name]).run().success();
        assert_eq!(downloaded.json().len(), 2);
        let copy = format!("{}/mirror/app:1.0", image.address);
        let copied = |only: &str| countersign().args(["copy", only, &name, &copy]).run().success();
        let tree = || {
            countersign()
                .args(["tree", &copy.replace(":1.0", &format!("@{}", image.digest))])
                .run()
        };
        copied("--only=sbom");
        assert!(!tree().stdout.contains("artifact.sig"));
        copied("--only=sig");
        assert_eq!(tree().success().stdout.matches("artifact.sig").count(), 2);

        let clean = |kind: &str| {
            countersign()
                .args(["clean", "-f", "--type", kind, &name])
                .run()
                .success()
        };
        clean("attestation");
        assert_eq!(referrers(), 2);
        clean("signature");
        assert_eq!(referrers(), 0);
        verify().run().expect_code(10);
    }
}

/// What is signed of another image does not count, and one that cannot be listed is no reason to say "signed".
#[test]
fn a_referring_signature_of_another_image_is_none_of_this() {
    let (registry, image) = pushed();
    let other = image::push(&registry.address, "acme/app", "other");
    assert_ne!(image.digest, other.digest);
    let refer = |name: &str| unlogged(name).args(["--registry-referrers-mode", "oci-1-1"]).run();
    refer(&other.by_digest()).success();
    ignoring_log(&image.by_digest()).expect_code(10);
    registry
        .control
        .inject(Rule::new(Fault::status(403)).path("/referrers/"));
    refer(&image.by_digest()).expect_code(1);
    registry.control.heal();
    ignoring_log(&image.by_digest()).expect_code(10);
}

/// The bundle in `file` against `logs`, of which `threshold` have to have it.
fn judged(file: &Path, logs: &[&Log], threshold: usize) -> Result<VerifiedSignature, Rejection> {
    let bundle = Bundle::parse(&std::fs::read(file).unwrap()).unwrap();
    judged_bundle(bundle, logs, threshold)
}

fn judged_bundle(bundle: Bundle, logs: &[&Log], threshold: usize) -> Result<VerifiedSignature, Rejection> {
    let keys: LogKeys = logs
        .iter()
        .flat_map(|log| log.keys().iter().cloned().collect::<Vec<_>>())
        .collect();
    let policy = Policy {
        signer: Signer::Key {
            key: PublicKey::from_pem(&std::fs::read(vectors::path("cosign/keys/p256-empty-password.pub")).unwrap())
                .unwrap(),
            hash: HashAlgorithm::Sha256,
        },
        claims: Claims::message(),
        log: LogPolicy::Require {
            keys: Arc::new(keys),
            threshold: NonZeroUsize::new(threshold).unwrap(),
        },
        timestamps: TimestampPolicy::default(),
    };
    let evidence = bundled::evidence(bundle, Some(SignedContent::Message(b"blob".to_vec()))).unwrap();
    countersign::verify::check(&Candidate::new(Location::new("here"), evidence), &policy, 1_800_000_000)
}

#[test]
fn several_logs_each_get_an_entry_and_a_threshold_counts_them() {
    for (api_version, selector) in [
        (1, json!({"selector": "ALL"})),
        (2, json!({"selector": "ALL"})),
        (2, json!({"selector": "EXACT", "count": 2})),
    ] {
        let (one, two) = (Log::start(), Log::start());
        let directory = tempfile::tempdir().unwrap();
        let config = one.signing_config_with(&[&two], api_version, &selector);
        let root = one.trusted_root_with(&[&two]);
        std::fs::write(directory.path().join("blob"), "blob").unwrap();
        countersign()
            .directory(directory.path())
            .env("COSIGN_PASSWORD", "")
            .args(["sign-blob", "--yes", "--bundle", "b.json", "blob", "--key"])
            .arg(vectors::path("cosign/keys/p256-empty-password.key"))
            .services(&config, &root)
            .run()
            .success();
        assert_eq!([&one, &two].map(|log| log.size() + log.size_v2()), [1, 1], "{selector}");
        let file = directory.path().join("b.json");
        assert_eq!(judged(&file, &[&one, &two], 2).unwrap().entries().count(), 2);
        // Each log alone is one; an entry of another counts for nothing and does no harm.
        for log in [&one, &two] {
            judged(&file, &[log], 1).unwrap();
            assert_eq!(judged(&file, &[log], 2).unwrap_err().check(), Check::Log);
        }
        // The same log twice is one.
        let mut twice = Bundle::parse(&std::fs::read(&file).unwrap()).unwrap();
        twice.entries[1] = twice.entries[0].clone();
        assert!(judged_bundle(twice.clone(), &[&one, &two], 1).is_ok());
        assert_eq!(judged_bundle(twice, &[&one, &two], 2).unwrap_err().check(), Check::Log);
    }
}

#[test]
fn an_image_signed_into_two_logs_verifies_and_is_not_signed_twice() {
    let (_registry, image) = pushed();
    let (one, two) = (Log::start(), Log::start());
    let config = one.signing_config_with(&[&two], 2, &json!({"selector": "ALL"}));
    let root = one.trusted_root_with(&[&two]);
    let signed = || sign(&image.by_digest()).services(&config, &root).run().success();
    assert_eq!(signed().stderr.matches("tlog entry created").count(), 2);
    signed();
    assert_eq!([one.size_v2(), two.size_v2()], [1, 1]);
    verify(&image.by_digest())
        .arg("--trusted-root")
        .arg(&root)
        .run()
        .success();
    let only = two.trusted_root();
    verify(&image.by_digest())
        .arg("--trusted-root")
        .arg(only)
        .run()
        .success();
    // Another log is asked for, which has no entry: that signature is made again.
    let three = Log::start();
    sign(&image.by_digest())
        .services(
            one.signing_config_with(&[&two, &three], 2, &json!({"selector": "ALL"})),
            one.trusted_root_with(&[&two, &three]),
        )
        .run()
        .success();
    assert_eq!(three.size_v2(), 1);
}

#[test]
fn nothing_is_pushed_when_one_of_two_logs_fails() {
    for first_fails in [true, false] {
        let (registry, image) = pushed();
        let (one, two) = (Log::start(), Log::start());
        (if first_fails { &one } else { &two }).fail(100, 500);
        let run = sign(&image.by_digest())
            .args(["--retries", "0", "--signing-config"])
            .arg(one.signing_config_with(&[&two], 1, &json!({"selector": "ALL"})))
            .arg("--trusted-root")
            .arg(one.trusted_root_with(&[&two]))
            .run();
        assert_ne!(run.code, 0);
        let failed = if first_fails { one.url() } else { two.url() };
        assert!(run.stderr.contains(&failed), "{}", run.stderr);
        assert!(registry.requests().iter().all(|request| !request.starts_with("PUT")));
        assert_eq!(registry.tags("acme/app"), ["1.0"]);
    }
}

/// The signing configuration of `log` with timestamp authorities, each of an operator of its own.
fn with_authorities(log: &Log, authorities: &[&Tsa], selector: &serde_json::Value) -> PathBuf {
    let path = log.signing_config(2);
    let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let services = authorities.iter().enumerate().map(|(n, tsa)| {
        json!({
            "url": tsa.url(), "majorApiVersion": 1, "validFor": {"start": "2020-01-01T00:00:00Z"},
            "operator": format!("test{n}"),
        })
    });
    config["tsaUrls"] = services.collect();
    config["tsaConfig"] = selector.clone();
    std::fs::write(&path, config.to_string()).unwrap();
    path
}

#[test]
fn several_timestamp_authorities_each_stamp_and_one_that_fails_ends_the_run() {
    for (selector, expected) in [
        (json!({"selector": "ANY"}), 1),
        (json!({"selector": "EXACT", "count": 2}), 2),
        (json!({"selector": "ALL"}), 3),
    ] {
        let (registry, image) = pushed();
        let log = Log::start();
        let tsas = [Tsa::start(), Tsa::start(), Tsa::start()];
        let directory = tempfile::tempdir().unwrap();
        let signed = || {
            sign(&image.by_digest())
                .directory(directory.path())
                .args(["--retries", "0", "--bundle", "b.json", "--signing-config"])
                .arg(with_authorities(&log, &[&tsas[0], &tsas[1], &tsas[2]], &selector))
                .arg("--trusted-root")
                .arg(log.trusted_root())
        };
        signed().run().success();
        assert_eq!(tsas.iter().map(Tsa::stamped).sum::<usize>(), expected, "{selector}");
        assert!(tsas.iter().all(|tsa| tsa.stamped() <= 1));
        let bundle = Bundle::parse(&std::fs::read(directory.path().join("b.json")).unwrap()).unwrap();
        assert_eq!(bundle.timestamps.len(), expected);
        for timestamp in &bundle.timestamps {
            countersign::timestamp::verify(timestamp, bundle.signature(), &[Tsa::authority()]).unwrap();
        }
        verify(&image.by_digest())
            .arg("--trusted-root")
            .arg(log.trusted_root())
            .run()
            .success();
        if expected == 3 {
            tsas[2].fail(503);
            registry.control.forget();
            let run = signed().args(["-a", "another=signature"]).run();
            assert_ne!(run.code, 0);
            assert!(run.stderr.contains(&tsas[2].url()), "{}", run.stderr);
            assert_eq!(log.size_v2(), 1, "what is not stamped is not logged");
            assert!(registry.requests().iter().all(|request| !request.starts_with("PUT")));
        }
    }
}

#[test]
fn several_logs_do_not_fit_into_a_layer_and_none_is_told() {
    let (registry, image) = pushed();
    let (one, two) = (Log::start(), Log::start());
    let run = sign(&image.by_digest())
        .args(["--new-bundle-format=false", "--signing-config"])
        .arg(one.signing_config_with(&[&two], 1, &json!({"selector": "ALL"})))
        .arg("--trusted-root")
        .arg(one.trusted_root_with(&[&two]))
        .run();
    assert_ne!(run.code, 0);
    assert!(
        run.stderr.contains("asks for 2 transparency logs") && run.stderr.contains("--new-bundle-format"),
        "{}",
        run.stderr
    );
    assert_eq!(one.size() + two.size(), 0);
    assert_eq!(registry.tags("acme/app"), ["1.0"]);
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_logged_or_pushed() {
    let (registry, image) = pushed();
    let log = Log::start();
    let key = vectors::path("cosign/keys/p256-empty-password.key");
    countersign()
        .env("COSIGN_PASSWORD", "")
        .args(["sign", "--rekor-url", &log.url(), "--key"])
        .arg(key)
        .arg(image.by_digest())
        .run()
        .expect_code(1);
    assert_eq!(log.size(), 0);
    assert!(layers(&registry, &image).is_empty());
}

#[test]
fn flags_without_effect_are_refused_and_a_failed_look_up_ends_the_run() {
    let (registry, image) = pushed();
    for flags in [
        &["--sk"][..],
        &["--identity-token", "x"],
        &["--issue-certificate"],
        &["--bundle", "b", "--new-bundle-format=false"],
        &["--new-bundle-format", "--record-creation-timestamp"],
    ] {
        let run = unlogged(&image.by_digest()).args(flags).run().expect_code(1);
        assert!(run.stderr.contains(flags[0]), "{flags:?}: {}", run.stderr);
    }
    registry.control.inject(Rule::new(Fault::status(403)).path(".sig"));
    unlogged(&image.by_digest()).run().expect_code(1);
    registry.control.heal();
    assert!(layers(&registry, &image).is_empty());
}
