//! The tests' own tools work.

mod support;

use support::{image, registry, vectors, wire};

#[test]
fn every_recorded_command_is_read() {
    assert_eq!(vectors::scenarios("cosign").len(), 164);
    assert_eq!(vectors::scenarios("tlog").len(), 36);
}

#[test]
fn a_real_registry_takes_images_and_recorded_dumps() {
    let Some(registry) = registry::DockerRegistry::start(&registry::Options::default()) else {
        return;
    };
    let image = image::push(&registry.address, "acme/app", "1.0");
    let served = wire::get(&registry.address, "/v2/acme/app/manifests/1.0");
    assert_eq!(served.header("docker-content-digest"), Some(image.digest.as_str()));
    let (index, children) = image::push_index(&registry.address, "acme/multi", "1", &["linux/amd64", "linux/arm64"]);
    assert!(index.by_digest().contains("@sha256:") && children.len() == 2);
    vectors::push_all(&registry.address, "cosign");
    vectors::push_all(&registry.address, "tlog");
}

#[test]
fn a_real_registry_asks_for_a_password() {
    let options = registry::Options {
        htpasswd: true,
        ..Default::default()
    };
    let Some(registry) = registry::DockerRegistry::start(&options) else {
        return;
    };
    assert_eq!(wire::get(&registry.address, "/v2/").status, 401);
    let headers = [("Authorization", "Basic dXNlcjpzZWNyZXQ=")];
    assert_eq!(
        wire::request(&registry.address, "GET", "/v2/", &headers, &[]).status,
        200
    );
}

#[test]
fn the_embedded_registry_takes_images_and_recorded_dumps() {
    let registry = registry::Embedded::start();
    vectors::push_all(&registry.address, "cosign");
    vectors::push_all(&registry.address, "tlog");
    let (index, _) = image::push_index(&registry.address, "acme/multi2", "1", &["linux/amd64", "linux/arm64"]);
    assert!(
        wire::get(
            &registry.address,
            &format!("/v2/acme/multi2/manifests/{}", index.digest)
        )
        .status
            == 200
    );
    assert_eq!(registry.tags("acme/multi2"), ["1"]);
}

#[test]
fn crane_oras_and_cosign_accept_the_embedded_registry() {
    let registry = registry::Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    let address = &registry.address;
    if let Some(crane) = support::peers::require("crane") {
        let copy = format!("{address}/acme/copy:1.0");
        support::Program::new(&crane)
            .args(["copy", "--insecure", &image.by_tag(), &copy])
            .run()
            .success();
        let digest = support::Program::new(&crane)
            .args(["digest", "--insecure", &copy])
            .run()
            .success();
        assert_eq!(digest.stdout.trim(), image.digest);
        support::Program::new(&crane)
            .args(["validate", "--insecure", "--remote", &image.by_tag()])
            .run();
    }
    if let Some(oras) = support::peers::require("oras") {
        let run = support::Program::new(&oras).args([
            "attach",
            "--plain-http",
            "--artifact-type",
            "application/x",
            "-a",
            "a=b",
        ]);
        run.arg(image.by_tag()).run().success();
        let found = support::Program::new(&oras)
            .args(["discover", "--plain-http", "--format", "json", &image.by_tag()])
            .run();
        assert!(found.success().stdout.contains("application/x"));
        let run =
            support::Program::new(&oras).args(["cp", "-r", "--from-plain-http", "--to-plain-http", &image.by_tag()]);
        run.arg(format!("{address}/acme/oras:1.0")).run().success();
    }
    for cosign in ["cosign25", "cosign31"] {
        let Some(cosign) = support::peers::require(cosign) else {
            continue;
        };
        let key = vectors::path("cosign/keys/p256-empty-password.key");
        let mut sign = support::Program::new(&cosign)
            .args(["sign", "-y", "--tlog-upload=false", "--key"])
            .arg(&key);
        if cosign.ends_with("cosign31") {
            sign = sign.args(["--use-signing-config=false", "--new-bundle-format=true"]);
        }
        sign.env("COSIGN_PASSWORD", "").arg(image.by_digest()).run().success();
        let verify = support::Program::new(&cosign).args(["verify", "--insecure-ignore-tlog", "--key"]);
        verify
            .arg(key.with_extension("pub"))
            .arg(image.by_digest())
            .run()
            .success();
    }
    assert_eq!(registry.layers("acme/app", &image.attached_tag(".sig")).len(), 1);
}
