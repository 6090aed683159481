//! Images that travel: copied, saved and loaded, with all that is attached to them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use support::image::{self, Image};
use support::registry::{DockerRegistry, Embedded, Fault, Options, Rule};
use support::{countersign, peers, vectors, wire};

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The shapes of images.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Image,
    Index,
    Nested,
}

/// An image with what belongs to it: its digest and those of all its manifests.
struct Built {
    image: Image,
    all: Vec<String>,
}

fn build(address: &str, shape: Shape) -> Built {
    let repository = "acme/app";
    match shape {
        Shape::Image => {
            let image = image::push(address, repository, "1.0");
            let all = vec![image.digest.clone()];
            Built { image, all }
        }
        Shape::Index => {
            let (image, mut all) = image::push_index(address, repository, "1.0", &["linux/amd64", "linux/arm64"]);
            all.push(image.digest.clone());
            Built { image, all }
        }
        Shape::Nested => {
            let (inner, mut all) = image::push_index(address, repository, "inner", &["linux/amd64", "linux/arm64"]);
            let bytes = wire::request(address, "GET", &path(&inner, "inner"), &[("Accept", OCI_INDEX)], b"").body;
            let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [
                {"mediaType": OCI_INDEX, "size": bytes.len(), "digest": inner.digest}]});
            let index = serde_json::to_vec(&index).unwrap();
            wire::push_manifest(address, repository, "1.0", OCI_INDEX, &index);
            all.push(inner.digest.clone());
            let image = Image {
                digest: image::sha256(&index),
                tag: "1.0".to_owned(),
                ..inner
            };
            all.push(image.digest.clone());
            Built { image, all }
        }
    }
}

fn path(image: &Image, reference: &str) -> String {
    format!("/v2/{}/manifests/{reference}", image.repository)
}

/// A DSSE envelope and a bundle that cosign made, changed so that each is another.
fn attest(directory: &Path, n: usize) -> (std::path::PathBuf, std::path::PathBuf) {
    let find = |scenario: &str, start: &str| -> Value {
        let dump = vectors::dumps("cosign", scenario).remove(0);
        let found = dump.blobs.into_values().find(|b| b.starts_with(start.as_bytes()));
        serde_json::from_slice(&found.unwrap()).unwrap()
    };
    let signature: Value = STANDARD.encode(format!("signature {n}")).into();
    let mut envelope = find("att-v2", r#"{"payloadType""#);
    envelope["signatures"][0]["sig"] = signature.clone();
    let mut bundle = find("bundle-v3", r#"{"mediaType":"application/vnd.dev.sigstore"#);
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = signature;
    let paths = (
        directory.join(format!("{n}.envelope")),
        directory.join(format!("{n}.bundle")),
    );
    std::fs::write(&paths.0, envelope.to_string()).unwrap();
    std::fs::write(&paths.1, bundle.to_string()).unwrap();
    paths
}

/// Attaches a signature, an attestation and a bundle to each manifest.
fn furnish(built: &Built) {
    let directory = tempfile::tempdir().unwrap();
    for (n, digest) in built.all.iter().enumerate() {
        let name = format!("{}/{}@{digest}", built.image.address, built.image.repository);
        let (envelope, bundle) = attest(directory.path(), n);
        let signature = directory.path().join("sig");
        std::fs::write(&signature, STANDARD.encode(format!("signature {n}"))).unwrap();
        let sign = countersign().args(["attach", "signature", &name, "--payload"]);
        sign.arg(&signature).arg("--signature").arg(&signature).run().success();
        let attest = countersign().args(["attach", "attestation", &name, "--attestation"]);
        attest.arg(envelope).arg("--attestation").arg(bundle).run().success();
    }
}

/// All that is attached to the manifests of `built` in `repository` at `address`: place → digests of the layers.
fn attached(address: &str, repository: &str, built: &Built) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let accept = format!("{OCI_MANIFEST}, {OCI_INDEX}");
    let get = |path: &str| -> Option<Value> {
        let answer = wire::request(address, "GET", path, &[("Accept", &accept)], b"");
        (answer.status == 200).then(|| answer.json())
    };
    let digests = |list: &Value| -> BTreeSet<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|d| d["digest"].as_str().unwrap().to_owned()).collect()
    };
    for digest in &built.all {
        assert!(
            get(&format!("/v2/{repository}/manifests/{digest}")).is_some(),
            "{digest} is not there"
        );
        let tag = digest.replacen(':', "-", 1);
        for suffix in [".sig", ".att"] {
            if let Some(manifest) = get(&format!("/v2/{repository}/manifests/{tag}{suffix}")) {
                found.insert(format!("{digest}{suffix}"), digests(&manifest["layers"]));
            }
        }
        let listed = get(&format!("/v2/{repository}/referrers/{digest}"))
            .or_else(|| get(&format!("/v2/{repository}/manifests/{tag}")))
            .map(|index| digests(&index["manifests"]));
        found.insert(format!("{digest} referrers"), listed.unwrap_or_default());
    }
    found
}

#[track_caller]
fn same(built: &Built, address: &str, repository: &str) {
    let before = attached(&built.image.address, &built.image.repository, built);
    assert_eq!(before.len(), 3 * built.all.len());
    assert!(before.values().all(|layers| layers.len() == 1), "{before:#?}");
    assert_eq!(attached(address, repository, built), before);
}

fn registries() -> Vec<(&'static str, Embedded)> {
    let with = Embedded::start();
    let without = Embedded::start();
    without.control.configure(|options| options.referrers_api = false);
    vec![("with referrers API", with), ("without referrers API", without)]
}

#[test]
fn a_copy_has_everything_that_was_attached() {
    for shape in [Shape::Image, Shape::Index, Shape::Nested] {
        for (kind, source) in registries() {
            let built = build(&source.address, shape);
            furnish(&built);
            for (target_kind, target) in registries() {
                let to = format!("{}/mirror/app:2.0", target.address);
                let run = countersign().args(["copy", &built.image.by_tag(), &to]).run().success();
                assert!(run.stderr.contains("Copying "), "{shape:?} {kind} {target_kind}");
                same(&built, &target.address, "mirror/app");
                let again = countersign().args(["copy", &built.image.by_tag(), &to]).run().success();
                assert_eq!(again.stderr, "", "{shape:?} {kind} {target_kind}: copied twice");
            }
        }
    }
}

#[test]
fn what_was_saved_is_loaded_with_everything() {
    for shape in [Shape::Image, Shape::Index, Shape::Nested] {
        for (_, source) in registries() {
            let built = build(&source.address, shape);
            furnish(&built);
            let directory = tempfile::tempdir().unwrap();
            let dir = directory.path().join("saved");
            countersign()
                .args(["save", &built.image.by_tag(), "--dir"])
                .arg(&dir)
                .run()
                .success();
            for (_, target) in registries() {
                let to = format!("{}/loaded/app:2.0", target.address);
                countersign().args(["load", &to, "--dir"]).arg(&dir).run().success();
                same(&built, &target.address, "loaded/app");
            }
        }
    }
}

#[test]
fn a_copy_goes_through_a_directory() {
    let (source, target) = (Embedded::start(), Embedded::start());
    let built = build(&source.address, Shape::Index);
    furnish(&built);
    let directory = tempfile::tempdir().unwrap();
    let layout = format!("oci:{}:1.0", directory.path().join("layout").display());
    countersign()
        .args(["copy", &built.image.by_tag(), &layout])
        .run()
        .success();
    let to = format!("{}/mirror/app:2.0", target.address);
    countersign().args(["copy", &layout, &to]).run().success();
    same(&built, &target.address, "mirror/app");
    let tree = countersign().args(["tree", "-o", "json", &layout]).run().success();
    assert_eq!(tree.json()[0]["attached"].as_array().unwrap().len(), 3);
}

#[test]
fn a_copy_works_with_docker_registry() {
    let Some(target) = DockerRegistry::start(&Options::default()) else {
        return;
    };
    let source = Embedded::start();
    let built = build(&source.address, Shape::Nested);
    furnish(&built);
    let to = format!("{}/mirror/app:2.0", target.address);
    countersign().args(["copy", &built.image.by_tag(), &to]).run().success();
    same(&built, &target.address, "mirror/app");
    let back = format!("{}/back/app:2.0", source.address);
    countersign().args(["copy", &to, &back]).run().success();
    same(&built, &source.address, "back/app");
}

/// docker-registry does so while another uploads the same blob.
#[test]
fn a_blob_that_is_missed_for_a_moment_is_waited_for() {
    let missed = || {
        let body = json!({"errors": [{"code": "BLOB_UNKNOWN", "message": "blob unknown to registry"}]});
        Rule::new(Fault::Answer {
            status: 400,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: body.to_string().into_bytes(),
        })
        .method("PUT")
        .path("/manifests/")
    };
    let (source, target) = (Embedded::start(), Embedded::start());
    let built = build(&source.address, Shape::Image);
    source.control.inject(missed().times(2));
    furnish(&built);
    target.control.inject(missed().times(3));
    let to = format!("{}/mirror/app:2.0", target.address);
    countersign().args(["copy", &built.image.by_tag(), &to]).run().success();
    same(&built, &target.address, "mirror/app");

    let empty = Embedded::start();
    empty.control.inject(missed());
    let to = format!("{}/mirror/app:2.0", empty.address);
    let run = countersign()
        .args(["copy", &built.image.by_tag(), &to])
        .run()
        .expect_code(1);
    assert!(run.stderr.contains("blob unknown"), "{}", run.stderr);
}

#[test]
fn only_what_was_asked_for_is_copied() {
    let (source, target) = (Embedded::start(), Embedded::start());
    let built = build(&source.address, Shape::Image);
    furnish(&built);
    let to = format!("{}/mirror/app:2.0", target.address);
    countersign()
        .args(["copy", "--only=sig", &built.image.by_tag(), &to])
        .run()
        .success();
    let there = attached(&target.address, "mirror/app", &built);
    assert_eq!(there[&format!("{}.sig", built.image.digest)].len(), 1);
    assert!(!there.contains_key(&format!("{}.att", built.image.digest)));
    assert_eq!(
        there[&format!("{} referrers", built.image.digest)].len(),
        1,
        "the bundle is a signature"
    );
    assert!(!target.tags("mirror/app").contains(&"2.0".to_owned()));
    let wrong = countersign()
        .args(["copy", "--only=all", &built.image.by_tag(), &to])
        .run();
    assert_eq!(wrong.code, 1);
}

#[test]
fn one_platform_is_copied_alone() {
    let (source, target) = (Embedded::start(), Embedded::start());
    let built = build(&source.address, Shape::Index);
    furnish(&built);
    let to = format!("{}/mirror/app:2.0", target.address);
    countersign()
        .args(["copy", "--platform=linux/arm64", &built.image.by_tag(), &to])
        .run()
        .success();
    let answer = wire::request(
        &target.address,
        "GET",
        "/v2/mirror/app/manifests/2.0",
        &[("Accept", OCI_MANIFEST)],
        b"",
    );
    assert_eq!(image::sha256(&answer.body), built.all[1]);
    let none = countersign()
        .args(["copy", "--platform=windows/amd64", &built.image.by_tag(), &to])
        .run();
    assert_eq!(none.code, 1);
    assert!(none.stderr.contains("linux/amd64, linux/arm64"), "{}", none.stderr);
}

#[test]
fn another_image_is_replaced_only_by_force() {
    let (source, target) = (Embedded::start(), Embedded::start());
    let built = build(&source.address, Shape::Image);
    let other = image::push(&target.address, "mirror/app", "2.0");
    let to = format!("{}/mirror/app:2.0", target.address);
    target.control.forget();
    let refused = countersign().args(["copy", &built.image.by_tag(), &to]).run();
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("already exists. Use `-f` to overwrite"),
        "{}",
        refused.stderr
    );
    assert!(
        !target.requests().iter().any(|r| r.starts_with("PUT")),
        "something was written before the refusal"
    );
    countersign()
        .args(["copy", "-f", &built.image.by_tag(), &to])
        .run()
        .success();
    let answer = wire::request(
        &target.address,
        "GET",
        &path(&other, "2.0"),
        &[("Accept", OCI_MANIFEST)],
        b"",
    );
    assert_eq!(image::sha256(&answer.body), built.image.digest);
}

#[test]
fn signatures_at_the_target_are_kept_unless_forced() {
    let (source, target) = (Embedded::start(), Embedded::start());
    let built = build(&source.address, Shape::Image);
    furnish(&built);
    let to = format!("{}/mirror/app:2.0", target.address);
    let copy = |flags: &[&str]| {
        countersign()
            .arg("copy")
            .args(flags)
            .args([&built.image.by_tag(), &to])
            .run()
            .success();
    };
    copy(&[]);
    let directory = tempfile::tempdir().unwrap();
    let signature = directory.path().join("sig");
    std::fs::write(&signature, STANDARD.encode("made at the mirror")).unwrap();
    let sign = countersign().args(["attach", "signature", &to, "--payload"]);
    sign.arg(&signature).arg("--signature").arg(&signature).run().success();
    let tag = built.image.attached_tag(".sig");
    assert_eq!(target.layers("mirror/app", &tag).len(), 2);
    copy(&[]);
    assert_eq!(target.layers("mirror/app", &tag).len(), 2);
    copy(&["-f"]);
    assert_eq!(target.layers("mirror/app", &tag).len(), 1);
}

#[test]
fn a_bundle_can_be_added_to_an_image_that_cosign_copied() {
    // cosign's copy tags the image itself sha256-<hex>, which is the name of its fallback index.
    for shape in [Shape::Image, Shape::Index] {
        let registry = Embedded::start();
        registry.control.configure(|options| options.referrers_api = false);
        let built = build(&registry.address, shape);
        let answer = wire::request(
            &registry.address,
            "GET",
            &path(&built.image, &built.image.digest),
            &[("Accept", &format!("{OCI_MANIFEST}, {OCI_INDEX}"))],
            b"",
        );
        let media_type = if shape == Shape::Index { OCI_INDEX } else { OCI_MANIFEST };
        wire::push_manifest(
            &registry.address,
            "acme/app",
            &built.image.attached_tag(""),
            media_type,
            &answer.body,
        );
        furnish(&built);
        let tree = countersign()
            .args(["tree", "-o", "json", &built.image.by_tag()])
            .run()
            .success();
        assert_eq!(tree.json()[0]["attached"].as_array().unwrap().len(), 3, "{shape:?}");
    }
}

#[test]
fn an_interrupted_save_leaves_the_old_layout() {
    let registry = Embedded::start();
    let old = build(&registry.address, Shape::Image);
    furnish(&old);
    let directory = tempfile::tempdir().unwrap();
    let dir = directory.path().join("saved");
    countersign()
        .args(["save", &old.image.by_tag(), "--dir"])
        .arg(&dir)
        .run()
        .success();
    let before = std::fs::read(dir.join("index.json")).unwrap();
    let (new, _) = image::push_index(&registry.address, "acme/new", "1.0", &["linux/amd64", "linux/arm64"]);
    registry
        .control
        .configure(|options| options.latency = Duration::from_millis(20));
    for wait in [30, 60, 90, 120, 150] {
        let save = countersign().args(["save", &new.by_tag(), "--dir"]).arg(&dir);
        let mut running = save.start();
        std::thread::sleep(Duration::from_millis(wait));
        running.kill();
        assert_eq!(
            std::fs::read(dir.join("index.json")).unwrap(),
            before,
            "killed after {wait} ms"
        );
    }
    registry.control.configure(|options| options.latency = Duration::ZERO);
    countersign()
        .args(["save", &new.by_tag(), "--dir"])
        .arg(&dir)
        .run()
        .success();
    assert_ne!(std::fs::read(dir.join("index.json")).unwrap(), before);
}

#[test]
fn clean_removes_both_formats_and_nothing_else() {
    for (kind, registry) in registries() {
        let built = build(&registry.address, Shape::Image);
        furnish(&built);
        let image = built.image.by_tag();
        let left = |types: &[&str]| {
            let mut kinds: Vec<String> = Vec::new();
            let tree = countersign().args(["tree", "-o", "json", &image]).run().success();
            for branch in tree.json()[0]["attached"].as_array().unwrap() {
                kinds.push(branch["kind"].as_str().unwrap().to_owned());
            }
            assert_eq!(kinds, types, "{kind}");
        };
        left(&["signatures", "attestations", "referrer"]);
        let asked = countersign().args(["clean", &image]).run();
        assert!(asked.stderr.contains("consent with --force"), "{}", asked.stderr);
        assert_eq!(asked.code, 1, "{kind}: without a terminal nobody consents");
        left(&["signatures", "attestations", "referrer"]);
        countersign()
            .args(["clean", "-f", "--type=signature", &image])
            .run()
            .success();
        left(&["attestations"]);
        countersign().args(["clean", "-f", &image]).run().success();
        left(&[]);
        countersign().args(["clean", "-f", &image]).run().success();
        assert_eq!(
            wire::get(&registry.address, &path(&built.image, &built.image.digest)).status,
            200
        );
    }
}

#[test]
fn inspect_shows_all_and_says_that_nothing_is_verified() {
    let registry = Embedded::start();
    let built = build(&registry.address, Shape::Image);
    furnish(&built);
    let text = countersign()
        .args(["inspect", &built.image.by_tag()])
        .run()
        .success()
        .stdout;
    assert!(
        text.contains("NOT VERIFIED") && text.contains("another one: it will not verify"),
        "{text}"
    );
    let report = countersign()
        .args(["inspect", "-o", "json", &built.image.by_tag()])
        .run()
        .success();
    let report = &report.json()[0];
    assert_eq!(report["verified"], false);
    assert_eq!(report["claims"].as_array().unwrap().len(), 3);
}

/// cosign and ours hand layouts to each other in both directions, and verify what the other moved.
#[test]
fn layouts_go_between_cosign_and_us() {
    let (Some(cosign25), Some(cosign31)) = (peers::require("cosign25"), peers::require("cosign31")) else {
        return;
    };
    let registry = Embedded::start();
    let key = vectors::path("cosign/keys/p256-empty-password.key");
    let public = vectors::path("cosign/keys/p256-empty-password.pub");
    let cosign = |version: &Path| support::Program::new(version).env("COSIGN_PASSWORD", "");
    let verify = |version: &Path| {
        cosign(version)
            .args(["verify", "--insecure-ignore-tlog", "--key"])
            .arg(&public)
    };
    for (shape, n) in [(Shape::Image, 0), (Shape::Index, 1)] {
        let built = build(&registry.address, shape);
        let image = built.image.by_digest();
        let sign = cosign(&cosign25)
            .args(["sign", "--tlog-upload=false", "-y", "--key"])
            .arg(&key);
        sign.arg(&image).run().success();
        let directory = tempfile::tempdir().unwrap();
        let (ours, theirs) = (directory.path().join("ours"), directory.path().join("theirs"));
        countersign().args(["save", &image, "--dir"]).arg(&ours).run().success();
        for version in [&cosign25, &cosign31] {
            verify(version).arg("--local-image").arg(&ours).run().success();
            let to = format!("{}/loaded/{n}:by-cosign", registry.address);
            cosign(version).args(["load", &to, "--dir"]).arg(&ours).run().success();
            verify(version).arg(&to).run().success();
            let _ = std::fs::remove_dir_all(&theirs);
            cosign(version)
                .args(["save", &image, "--dir"])
                .arg(&theirs)
                .run()
                .success();
            let to = format!("{}/loaded/{n}:by-us", registry.address);
            countersign().args(["load", &to, "--dir"]).arg(&theirs).run().success();
            verify(version).arg(&to).run().success();
        }
    }
}

/// Bundles that cosign 3.1 saves lie among the blobs, unlisted; they are loaded all the same. Those that we save are
/// loaded by cosign.
#[test]
fn bundles_go_between_cosign_and_us() {
    let Some(cosign31) = peers::require("cosign31") else {
        return;
    };
    let registry = Embedded::recorded("cosign", "bundle-v3");
    let image = format!("{}/acme/bundle-v3:1.0", registry.address);
    let directory = tempfile::tempdir().unwrap();
    let (theirs, ours) = (directory.path().join("theirs"), directory.path().join("ours"));
    let cosign = |args: &[&str]| support::Program::new(&cosign31).args(args);
    cosign(&["save", &image, "--dir"]).arg(&theirs).run().success();
    countersign().args(["save", &image, "--dir"]).arg(&ours).run().success();
    let (by_us, by_cosign) = (
        format!("{}/loaded/by-us:1.0", registry.address),
        // cosign 3.1 pushes the manifest of a bundle before the bundle, which registries refuse unless they have it.
        format!("{}/acme/bundle-v3:by-cosign", registry.address),
    );
    countersign()
        .args(["load", &by_us, "--dir"])
        .arg(&theirs)
        .run()
        .success();
    cosign(&["load", &by_cosign, "--dir"]).arg(&ours).run().success();
    let public = vectors::path("cosign/keys/p256-empty-password.pub");
    for loaded in [&by_us, &by_cosign] {
        let verify = cosign(&["verify", "--insecure-ignore-tlog", "--key"]);
        verify.arg(&public).arg(loaded).run().success();
    }
}
