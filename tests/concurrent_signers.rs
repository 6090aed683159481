//! Many signers of one image at once, each a process of its own: every signature is there in the end.

mod support;

use std::time::Duration;

use support::image::Image;
use support::registry::{DockerRegistry, Embedded, Options};
use support::{countersign, image, vectors, wire};

/// Signers at once.
const SIGNERS: usize = 20;

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Layers,
    Bundles,
}

/// Runs all signers, each with an annotation of its own, and waits until all have succeeded.
#[track_caller]
fn sign_all(image: &Image, format: Format) {
    let reference = image.by_digest();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let signers: Vec<_> = (0..SIGNERS)
            .map(|number| {
                scope.spawn({
                    let reference = &reference;
                    move || {
                        let key = vectors::path("cosign/keys/p256-empty-password.key");
                        let mut program = countersign()
                            .args(["sign", "--yes", "--tlog-upload=false", "--key"])
                            .arg(key);
                        if format == Format::Bundles {
                            program = program.args(["--new-bundle-format=true", "--use-signing-config=false"]);
                        }
                        program
                            .env("COSIGN_PASSWORD", "")
                            .args(["-a", &format!("signer={number}"), reference])
                            .run()
                    }
                })
            })
            .collect();
        let runs = signers.into_iter().map(|signer| signer.join().unwrap());
        runs.filter(|run| run.code != 0).map(|run| run.stderr).collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {SIGNERS} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// How many signatures with different annotations `verify` reports.
#[track_caller]
fn signers_of(image: &Image) -> usize {
    let key = vectors::path("cosign/keys/p256-empty-password.pub");
    let program = countersign()
        .args(["verify", "--insecure-ignore-tlog", "--key"])
        .arg(key)
        .arg(image.by_digest());
    let documents = program.run().success().json();
    let mut signers: Vec<String> = documents[0]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|payload| payload["optional"]["signer"].as_str().map(str::to_owned))
        .collect();
    signers.sort();
    signers.dedup();
    signers.len()
}

fn layers(address: &str, image: &Image) -> usize {
    let path = format!("/v2/{}/manifests/{}", image.repository, image.attached_tag(".sig"));
    wire::get(address, &path).json()["layers"].as_array().unwrap().len()
}

#[test]
fn on_a_registry_that_honours_preconditions() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    registry
        .control
        .configure(|options| options.jitter = Duration::from_millis(20));
    sign_all(&image, Format::Layers);
    assert_eq!(
        (layers(&registry.address, &image), signers_of(&image)),
        (SIGNERS, SIGNERS)
    );
}

#[test]
fn on_a_registry_that_delays_and_reorders() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    registry.control.configure(|options| {
        options.preconditions = false;
        options.jitter = Duration::from_millis(60);
    });
    sign_all(&image, Format::Layers);
    registry.control.configure(|options| options.jitter = Duration::ZERO);
    assert_eq!(
        (layers(&registry.address, &image), signers_of(&image)),
        (SIGNERS, SIGNERS)
    );
}

#[test]
fn on_a_registry_that_answers_from_the_past() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    registry.control.configure(|options| {
        options.preconditions = false;
        options.stale_for = Duration::from_millis(150);
        options.jitter = Duration::from_millis(30);
    });
    sign_all(&image, Format::Layers);
    registry
        .control
        .configure(|options| (options.stale_for, options.jitter) = (Duration::ZERO, Duration::ZERO));
    assert_eq!(
        (layers(&registry.address, &image), signers_of(&image)),
        (SIGNERS, SIGNERS)
    );
}

#[test]
fn with_bundles_and_no_referrers_api() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "acme/app", "1.0");
    registry.control.configure(|options| {
        options.referrers_api = false;
        options.preconditions = false;
        options.jitter = Duration::from_millis(60);
    });
    sign_all(&image, Format::Bundles);
    registry.control.configure(|options| options.jitter = Duration::ZERO);
    let path = format!("/v2/{}/manifests/{}", image.repository, image.attached_tag(""));
    assert_eq!(
        wire::get(&registry.address, &path).json()["manifests"]
            .as_array()
            .unwrap()
            .len(),
        SIGNERS
    );
    assert_eq!(signers_of(&image), SIGNERS);
}

#[test]
fn on_a_real_registry() {
    let Some(registry) = DockerRegistry::start(&Options::default()) else {
        return;
    };
    let image = image::push(&registry.address, "acme/app", "1.0");
    sign_all(&image, Format::Layers);
    assert_eq!(
        (layers(&registry.address, &image), signers_of(&image)),
        (SIGNERS, SIGNERS)
    );
    let image = image::push(&registry.address, "acme/other", "1.0");
    sign_all(&image, Format::Bundles);
    assert_eq!(signers_of(&image), SIGNERS);
}
