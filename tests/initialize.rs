//! Trust roots through TUF: fetched once, cached for all, used offline, shared with the real cosign.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use countersign::http;
use countersign::trust::tuf::{Refresh, Source, TufError};
use serde_json::json;
use support::tuf::Repository;
use support::{Run, countersign, peers, registry, vectors};

const DAY: i64 = 24 * 3600;
const NOW: i64 = 1_800_000_000;

fn trusted_root() -> Vec<u8> {
    vectors::read("tlog/trust/trusted-root.json")
}

fn repository() -> Repository {
    let signing = vectors::read("tlog/trust/signing-v1.json");
    Repository::serve(&[
        ("trusted_root.json", &trusted_root()),
        ("signing_config.v0.2.json", &signing),
    ])
}

/// A directory with the first root of `repository`, and a name for the cache in it.
fn place(repository: &Repository) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("root.json"), repository.file("1.root.json")).unwrap();
    let cache = directory.path().join("cache");
    (directory, cache)
}

fn initialize(repository: &Repository, directory: &Path, cache: &Path, flags: &[&str]) -> Run {
    countersign()
        .args(["initialize", "--mirror", &repository.address, "--root", "root.json"])
        .args(flags)
        .env("TUF_ROOT", cache)
        .directory(directory)
        .run()
}

/// The recorded image `name` where it is served now.
fn image(name: &str, served: &registry::Embedded) -> String {
    vectors::scenarios("tlog")
        .into_iter()
        .find_map(|s| s.argv.into_iter().find(|arg| arg.contains(&format!("{name}@sha256"))))
        .unwrap()
        .replace("localhost:5600", &served.address)
}

fn verify(scenario: &str, name: &str, flags: &[&str], cache: &Path) -> Run {
    let served = registry::Embedded::recorded("tlog", scenario);
    let image = image(name, &served);
    countersign()
        .args([
            "verify",
            "--key",
            vectors::path("tlog/keys/signer.pub").to_str().unwrap(),
        ])
        .args(flags)
        .arg(image)
        .env("TUF_ROOT", cache)
        .run()
}

/// The keys of the recorded logs and authorities, a target each, under the names that `name` gives: the certificates of
/// the timestamp authority are its leaf, intermediate and root.
fn single_targets(name: impl Fn(&str) -> String) -> Repository {
    let chain = vectors::text("tlog/trust/tsa-chain.pem");
    let end = "-----END CERTIFICATE-----\n";
    let tsa: Vec<String> = chain.split_inclusive(end).map(str::to_owned).collect();
    assert_eq!(tsa.len(), 3);
    let (rekor, ca) = (vectors::read("tlog/trust/rekor.pub"), vectors::read("tlog/keys/ca.crt"));
    let targets: Vec<(String, &[u8])> = vec![
        (name("rekor.pub"), &rekor),
        (name("fulcio_v1.crt.pem"), &ca),
        (name("tsa_leaf.crt.pem"), tsa[0].as_bytes()),
        (name("tsa_intermediate_0.crt.pem"), tsa[1].as_bytes()),
        (name("tsa_root.crt.pem"), tsa[2].as_bytes()),
    ];
    let targets: Vec<(&str, &[u8])> = targets.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    Repository::serve(&targets)
}

/// Verifies what each of the recorded keys and authorities is needed for.
fn verify_all_kinds(cache: &Path) {
    verify("rekor1", "rekor1", &["--offline"], cache).success();
    let timestamps = ["--offline", "--insecure-ignore-tlog", "--use-signed-timestamps"];
    verify("tsa-only", "tsa-only", &timestamps, cache).success();
    let served = registry::Embedded::recorded("tlog", "private-ca");
    countersign()
        .args(["verify", "--offline", "--insecure-ignore-sct"])
        .args(["--certificate-identity", "ci@example.com"])
        .args(["--certificate-oidc-issuer", "https://issuer.example.com"])
        .arg(image("private-ca", &served))
        .env("TUF_ROOT", cache)
        .run()
        .success();
}

fn source(repository: &Repository, cache: Option<&Path>) -> Source {
    Source::new(
        &repository.address,
        Some(repository.file("1.root.json")),
        cache.map(Into::into),
    )
}

fn fetch(source: &Source, refresh: Refresh, now: i64) -> Result<Vec<u8>, TufError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = http::Client::new(http::Config {
            retries: 0,
            ..http::Config::default()
        });
        source
            .open(client, refresh, now)
            .await?
            .target("trusted_root.json")
            .await
    })
}

fn leftovers(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(leftovers(&entry.path()));
        } else if entry.file_name().to_str().unwrap().ends_with(".tmp") {
            found.push(entry.path().display().to_string());
        }
    }
    found
}

#[test]
fn after_initialize_signatures_are_verified_with_the_keys_of_the_repository() {
    let repository = repository();
    let (directory, cache) = place(&repository);
    let run = initialize(&repository, directory.path(), &cache, &[]).success();
    assert!(run.stderr.contains("version 1"), "{}", run.stderr);
    repository.take_requests();
    for (scenario, name, flags) in [
        ("rekor1", "rekor1", &[][..]),
        ("rekor1", "rekor1", &["--offline"]),
        ("bundle-v1", "bundle-v1", &["--offline"]),
        ("bundle-v2", "bundle-v2", &[]),
    ] {
        verify(scenario, name, flags, &cache).success();
    }
    assert_eq!(repository.take_requests(), [""; 0], "asked although the cache is fresh");
}

#[test]
fn offline_without_a_cache_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let run = verify("rekor1", "rekor1", &["--offline"], &directory.path().join("none"));
    assert_ne!(run.code, 0);
    assert!(
        run.stderr.contains("countersign initialize") && run.stderr.contains("--trusted-root"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_first_root_must_have_its_checksum_and_sign_for_the_mirror() {
    let repository = repository();
    let (directory, cache) = place(&repository);
    let root = repository.file("1.root.json");
    let sum = countersign::digest::Digest::sha256(&root);
    for right in [sum.hex().to_owned(), sum.to_string()] {
        initialize(&repository, directory.path(), &cache, &["--root-checksum", &right]).success();
    }
    for wrong in ["00", "sha256:00", "md5:00"] {
        let run = initialize(&repository, directory.path(), &cache, &["--root-checksum", wrong]).expect_code(1);
        assert!(run.stderr.contains("checksum"), "{}", run.stderr);
    }
    let other = Repository::serve(&[]);
    std::fs::write(directory.path().join("root.json"), other.file("1.root.json")).unwrap();
    let run = initialize(&repository, directory.path(), &cache, &[]).expect_code(1);
    assert!(run.stderr.contains("signed by 0 of the 1 keys"), "{}", run.stderr);
    // What was there before is still of use.
    verify("rekor1", "rekor1", &["--offline"], &cache).success();
}

#[test]
fn a_mirror_in_a_directory_serves_as_well() {
    let repository = repository();
    let (directory, cache) = place(&repository);
    let mirror = directory.path().join("mirror");
    std::fs::create_dir_all(mirror.join("targets")).unwrap();
    let name = format!(
        "targets/{}.trusted_root.json",
        countersign::digest::Digest::sha256(&trusted_root()).hex()
    );
    for path in [
        "1.root.json",
        "1.targets.json",
        "1.snapshot.json",
        "timestamp.json",
        &name,
    ] {
        std::fs::write(mirror.join(path), repository.file(path)).unwrap();
    }
    let address = format!("file://{}", mirror.display());
    let run = countersign()
        .args(["initialize", "--mirror", &address, "--root", "root.json"])
        .env("TUF_ROOT", &cache)
        .directory(directory.path())
        .run()
        .success();
    assert!(
        run.stderr.contains("signing_config"),
        "the missing target is named: {}",
        run.stderr
    );
    verify("rekor1", "rekor1", &["--offline"], &cache).success();
}

#[test]
fn a_repository_without_a_trusted_root_is_used_by_its_single_keys_and_certificates() {
    // By the names that cosign knows.
    let repository = single_targets(str::to_owned);
    let (directory, cache) = place(&repository);
    let run = initialize(&repository, directory.path(), &cache, &[]).success();
    assert!(run.stderr.contains("no trusted_root.json"), "{}", run.stderr);
    verify_all_kinds(&cache);

    // By what their metadata says. A key whose log takes no more entries still vouches for those that it has.
    let mut repository = single_targets(|name| format!("mine-{name}"));
    for (name, usage, status) in [
        ("mine-rekor.pub", "Rekor", "Expired"),
        ("mine-fulcio_v1.crt.pem", "Fulcio", "Active"),
        ("mine-tsa_leaf.crt.pem", "TSA", "Active"),
        ("mine-tsa_intermediate_0.crt.pem", "tsa", "active"),
        ("mine-tsa_root.crt.pem", "TSA", "Active"),
    ] {
        let custom = json!({"sigstore": {"status": status, "uri": "https://example.com", "usage": usage}});
        repository.describe(name, custom);
    }
    repository.publish();
    let (directory, cache) = place(&repository);
    initialize(&repository, directory.path(), &cache, &[]).success();
    verify_all_kinds(&cache);
}

#[test]
fn cosign_reads_single_keys_as_we_do() {
    let Some(cosign) = peers::require("cosign25") else {
        return;
    };
    // Cosign 2.5 leaves a key out that is stated to be of another use, or of a status that it does not know.
    for (custom, verifies) in [
        (json!({"sigstore": {"usage": "Rekor", "status": "Active"}}), true),
        (json!({"sigstore": {"usage": "rekor", "status": "EXPIRED"}}), true),
        (json!({"sigstore": {"usage": "Rekor"}}), true),
        (json!({"sigstore": {"usage": "Rekor", "status": "Revoked"}}), false),
        (json!({"sigstore": {"usage": "CTFE", "status": "Active"}}), false),
    ] {
        let rekor = vectors::read("tlog/trust/rekor.pub");
        let mut repository = Repository::serve(&[("log.pub", &rekor), ("ctfe.pub", &rekor)]);
        repository.describe("log.pub", custom.clone());
        repository.publish();
        let (directory, cache) = place(&repository);
        let ours = directory.path().join("ours");
        initialize(&repository, directory.path(), &ours, &[]).success();
        let verdict = verify("rekor1", "rekor1", &["--offline"], &ours);
        assert_eq!(verdict.code == 0, verifies, "{custom}: {}", verdict.stderr);
        support::Program::new(&cosign)
            .args(["initialize", "--mirror", &repository.address, "--root", "root.json"])
            .env("TUF_ROOT", &cache)
            .directory(directory.path())
            .run()
            .success();
        let served = registry::Embedded::recorded("tlog", "rekor1");
        let verdict = support::Program::new(&cosign)
            .args(["verify", "--offline", "--key"])
            .arg(vectors::path("tlog/keys/signer.pub"))
            .arg(image("rekor1", &served))
            .env("TUF_ROOT", &cache)
            .run();
        assert_eq!(verdict.code == 0, verifies, "{custom}: {}", verdict.stderr);
    }
}

#[test]
fn a_target_that_is_said_to_be_of_another_use_is_not_a_log_key() {
    let mut repository = single_targets(str::to_owned);
    // Another key is the log's: that of the name does not count beside it.
    repository.set_target("other.pub", &vectors::read("tlog/keys/other.pub"));
    repository.describe("other.pub", json!({"sigstore": {"usage": "Rekor", "status": "Active"}}));
    repository.publish();
    let (directory, cache) = place(&repository);
    initialize(&repository, directory.path(), &cache, &[]).success();
    assert_ne!(verify("rekor1", "rekor1", &["--offline"], &cache).code, 0);
    // Metadata that is not understood makes no key.
    for custom in [
        json!({"sigstore": {"usage": "CTFE", "status": "Active"}}),
        json!({"sigstore": {"usage": "Rekor", "status": "Revoked"}}),
        json!({"sigstore": {"status": "Active"}}),
        json!("Rekor"),
    ] {
        repository.describe("other.pub", custom.clone());
        repository.publish();
        initialize(&repository, directory.path(), &cache, &[]).success();
        let run = verify("rekor1", "rekor1", &["--offline"], &cache);
        assert_eq!(run.code, 0, "{custom}: {}", run.stderr);
    }
}

#[test]
fn a_repository_with_neither_form_or_with_a_broken_key_is_refused() {
    let repository = Repository::serve(&[("README", b"x")]);
    let (directory, cache) = place(&repository);
    let run = initialize(&repository, directory.path(), &cache, &[]).expect_code(1);
    assert!(
        run.stderr.contains("has no target \"trusted_root.json\""),
        "{}",
        run.stderr
    );

    let repository = Repository::serve(&[("rekor.pub", b"no key")]);
    let (directory, cache) = place(&repository);
    let run = initialize(&repository, directory.path(), &cache, &[]).expect_code(1);
    assert!(run.stderr.contains("TUF target rekor.pub: "), "{}", run.stderr);

    // One that is there but broken is not replaced by single keys.
    let rekor = vectors::read("tlog/trust/rekor.pub");
    let repository = Repository::serve(&[("trusted_root.json", b"{}"), ("rekor.pub", &rekor)]);
    let (directory, cache) = place(&repository);
    let run = initialize(&repository, directory.path(), &cache, &[]).expect_code(1);
    assert!(run.stderr.contains("TUF target trusted_root.json: "), "{}", run.stderr);
}

#[test]
fn the_repository_is_asked_again_after_a_day_or_when_metadata_expires() {
    let mut repository = repository();
    let (_directory, cache) = place(&repository);
    let source = source(&repository, Some(&cache));
    assert_eq!(fetch(&source, Refresh::WhenStale, NOW).unwrap(), trusted_root());
    assert!(!repository.take_requests().is_empty());
    for later in [0, 60, DAY - 1] {
        assert_eq!(fetch(&source, Refresh::WhenStale, NOW + later).unwrap(), trusted_root());
        assert!(repository.take_requests().is_empty(), "{later}");
    }
    repository.set_target("trusted_root.json", b"new");
    repository.publish_root();
    repository.publish();
    assert_eq!(
        fetch(&source, Refresh::WhenStale, NOW + DAY - 1).unwrap(),
        trusted_root()
    );
    assert_eq!(fetch(&source, Refresh::WhenStale, NOW + DAY).unwrap(), b"new");
    // A clock that was set back makes nothing fresh.
    repository.take_requests();
    fetch(&source, Refresh::WhenStale, NOW - 1).unwrap();
    assert!(!repository.take_requests().is_empty());
    // Past its time: asked, and refused while the repository has nothing newer; offline it still serves.
    let end = 4_102_444_800;
    assert!(matches!(
        fetch(&source, Refresh::WhenStale, end),
        Err(TufError::Expired { .. })
    ));
    assert_eq!(fetch(&source, Refresh::Never, end).unwrap(), b"new");
}

#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let repository = repository();
    // Below a file there can be no directory, whoever asks.
    let file = tempfile::NamedTempFile::new().unwrap();
    let unwritable = file.path().join("cache");
    for cache in [None, Some(unwritable.as_path())] {
        assert_eq!(
            fetch(&source(&repository, cache), Refresh::WhenStale, NOW).unwrap(),
            trusted_root()
        );
    }
}

#[test]
fn fifty_cold_starts_at_once_all_succeed_and_leave_a_whole_cache() {
    let repository = repository();
    let (_directory, cache) = place(&repository);
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                let bytes = fetch(&source(&repository, Some(&cache)), Refresh::WhenStale, NOW).unwrap();
                assert_eq!(bytes, trusted_root());
            });
        }
    });
    assert_eq!(leftovers(&cache), [""; 0]);
    assert_eq!(
        fetch(&source(&repository, Some(&cache)), Refresh::Never, NOW).unwrap(),
        trusted_root()
    );
}

#[test]
fn a_damaged_cache_is_replaced_and_never_believed() {
    let repository = repository();
    let (_directory, cache) = place(&repository);
    let source = source(&repository, Some(&cache));
    fetch(&source, Refresh::Always, NOW).unwrap();
    let name = repository.address.trim_start_matches("http://").replace(':', "-");
    for file in [
        "timestamp.json",
        "snapshot.json",
        "targets.json",
        "targets/trusted_root.json",
        "root.json",
    ] {
        let path = cache.join(&name).join(file);
        let before = std::fs::read(&path).unwrap();
        for damage in [&b""[..], b"{}", &before[..before.len() / 2]] {
            std::fs::write(&path, damage).unwrap();
            assert_eq!(
                fetch(&source, Refresh::WhenStale, NOW).unwrap(),
                trusted_root(),
                "{file}"
            );
        }
    }
}

#[test]
fn what_the_repository_did_not_sign_is_refused() {
    let target = format!(
        "targets/{}.trusted_root.json",
        countersign::digest::Digest::sha256(&trusted_root()).hex()
    );
    for path in ["timestamp.json", "1.snapshot.json", "1.targets.json", &target] {
        let repository = repository();
        let bytes = String::from_utf8(repository.file(path)).unwrap();
        for forged in [
            bytes.replacen('1', "2", 1),
            bytes.replacen("{", "{ \"x\": 1,", 1),
            String::new(),
        ] {
            repository.tamper(path, forged.as_bytes());
            let result = fetch(&source(&repository, None), Refresh::Always, NOW);
            // A member beside `signed` and `signatures` is not signed and changes nothing.
            if path != target && forged.contains("\"x\"") {
                assert!(result.is_ok(), "{path}");
            } else {
                assert!(result.is_err(), "{path}");
            }
        }
    }
}

#[test]
fn signed_names_that_lead_elsewhere_are_refused() {
    let repository = Repository::serve(&[("../../evil", b"x"), ("/etc/evil", b"x")]);
    let (_directory, cache) = place(&repository);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for name in ["../../evil", "/etc/evil"] {
        let result = runtime.block_on(async {
            let client = http::Client::new(http::Config::default());
            source(&repository, Some(&cache))
                .open(client, Refresh::Always, NOW)
                .await?
                .target(name)
                .await
        });
        assert!(matches!(result, Err(TufError::TargetName(_))));
    }
}

#[test]
fn a_cache_of_cosign_serves_us_and_ours_serves_cosign() {
    let Some(cosign) = peers::require("cosign31") else {
        return;
    };
    let repository = repository();
    let (directory, cache) = place(&repository);
    let arguments = ["initialize", "--mirror", &repository.address, "--root", "root.json"];
    support::Program::new(&cosign)
        .args(arguments)
        .env("TUF_ROOT", &cache)
        .directory(directory.path())
        .run()
        .success();
    repository.take_requests();
    verify("rekor1", "rekor1", &["--offline"], &cache).success();
    verify("bundle-v2", "bundle-v2", &[], &cache).success();
    assert_eq!(repository.take_requests(), [""; 0]);

    let ours = directory.path().join("ours");
    initialize(&repository, directory.path(), &ours, &[]).success();
    let served = registry::Embedded::recorded("tlog", "bundle-v1");
    let recorded = vectors::scenarios("tlog");
    let image = recorded
        .iter()
        .flat_map(|s| &s.argv)
        .find(|arg| arg.contains("bundle-v1@sha256"))
        .unwrap();
    let image = image.replace("localhost:5600", &served.address);
    support::Program::new(&cosign)
        .args([
            "verify",
            "--key",
            vectors::path("tlog/keys/signer.pub").to_str().unwrap(),
            &image,
        ])
        .env("TUF_ROOT", &ours)
        .run()
        .success();
}

#[test]
fn signing_finds_its_services_in_the_repository() {
    // Both services moved to where nobody listens: whichever is asked first refuses the connection.
    let signing = vectors::text("tlog/trust/signing-v1.json");
    assert!(signing.contains("127.0.0.1:3000") && signing.contains("127.0.0.1:3005"));
    let signing = signing.replace(":3000", ":1").replace(":3005", ":1");
    let repository = Repository::serve(&[
        ("trusted_root.json", &trusted_root()),
        ("signing_config.v0.2.json", signing.as_bytes()),
    ]);
    let (directory, cache) = place(&repository);
    initialize(&repository, directory.path(), &cache, &[]).success();
    std::fs::write(directory.path().join("blob"), "blob").unwrap();
    let sign = |cache: &Path| {
        countersign()
            .args(["sign-blob", "--yes", "--use-signing-config", "--retries", "0", "--key"])
            .arg(vectors::path("cosign/keys/p256-empty-password.key"))
            .args(["--bundle", "out.json", "blob"])
            .env("COSIGN_PASSWORD", "")
            .env("TUF_ROOT", cache)
            .env("TUF_MIRROR", &repository.address)
            .directory(directory.path())
            .run()
            .expect_code(1)
            .stderr
    };
    let error = sign(&cache);
    assert!(
        error.contains("can't connect to http://127.0.0.1:1:"),
        "no service of the configuration was asked: {error}"
    );
    let error = sign(&directory.path().join("none"));
    assert!(error.contains("countersign initialize"), "{error}");
}
