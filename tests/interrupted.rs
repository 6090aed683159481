//! A signer that is killed, or whose requests fail, at any point leaves the image's signatures as they were.

mod support;

use std::time::{Duration, Instant};

use support::image::Image;
use support::registry::{Embedded, Fault, Rule};
use support::{Program, countersign, vectors, wire};

/// No signing makes more requests than this; a test that reaches it would go on for ever.
const MAX_REQUESTS: u64 = 60;

/// A registry with an image that cosign signed with one key.
fn signed_image(bundle: bool) -> (Embedded, Image) {
    let scenario = if bundle { "bundle-v3" } else { "plain" };
    let registry = Embedded::recorded("cosign", scenario);
    let dump = vectors::dumps("cosign", scenario).remove(0);
    let image = Image {
        address: registry.address.clone(),
        digest: dump.tags["1.0"].clone(),
        tag: "1.0".to_owned(),
        repository: dump.repository,
    };
    (registry, image)
}

/// Signs with a second key, whose derivation takes no time.
fn sign(image: &Image, bundle: bool) -> Program {
    let mut program = countersign().args(["sign", "--yes", "--tlog-upload=false", "--retries=0", "--key"]);
    program = program
        .arg(vectors::path("quick.key"))
        .env("COSIGN_PASSWORD", vectors::text("cosign/keys/p256-password.password"));
    if bundle {
        program = program.args(["--new-bundle-format=true", "--use-signing-config=false"]);
    }
    program.arg(image.by_digest())
}

fn verifies(image: &Image, key: &str) -> bool {
    let key = vectors::path(&format!("cosign/keys/{key}.pub"));
    let program = countersign()
        .args(["verify", "--insecure-ignore-tlog", "--key"])
        .arg(key);
    program.arg(image.by_digest()).run().code == 0
}

/// Every tag's manifest and everything it refers to can be fetched.
#[track_caller]
fn assert_whole(registry: &Embedded, image: &Image) {
    for tag in registry.tags(&image.repository) {
        let manifest = wire::get(&registry.address, &format!("/v2/{}/manifests/{tag}", image.repository)).json();
        let empty = Vec::new();
        for (list, kind) in [("layers", "blobs"), ("manifests", "manifests")] {
            for entry in manifest[list].as_array().unwrap_or(&empty) {
                let path = format!("/v2/{}/{kind}/{}", image.repository, entry["digest"].as_str().unwrap());
                assert_eq!(
                    wire::get(&registry.address, &path).status,
                    200,
                    "{tag} refers to {path}"
                );
            }
        }
    }
}

/// Signs with a second key under `fault` at request after request, and checks after each that the first signature is
/// still there. `killed`: the signer never gets an answer, and is killed. Returns how many requests a signing makes.
fn at_each_request(bundle: bool, fault: &Fault, killed: bool) -> u64 {
    for number in 0..MAX_REQUESTS {
        let (registry, image) = signed_image(bundle);
        registry.control.inject(Rule::new(fault.clone()).skip(number).times(1));
        let program = sign(&image, bundle);
        if killed {
            let mut signer = program.start();
            let start = Instant::now();
            while registry.control.requests().len() as u64 <= number {
                if let Some(code) = signer.try_wait() {
                    assert_eq!(code, 0, "it ended by itself after {number} requests");
                    registry.control.heal();
                    assert!(verifies(&image, "p256-password"));
                    return number;
                }
                assert!(
                    start.elapsed() < Duration::from_secs(60),
                    "the signer neither ends nor makes request {number}"
                );
                std::thread::sleep(Duration::from_millis(5));
            }
            // The request is taken by the registry now; what it does without answering, it does at once.
            std::thread::sleep(Duration::from_millis(50));
            signer.kill();
        } else {
            let run = program.run();
            let reached = registry.control.requests().len() as u64 > number;
            if !reached {
                run.success();
                return number;
            }
        }
        registry.control.heal();
        assert!(
            verifies(&image, "p256-empty-password"),
            "request {number} of {:?}",
            registry.requests()
        );
        assert_whole(&registry, &image);
        // Whatever was left, the next attempt completes.
        sign(&image, bundle).run().success();
        assert!(verifies(&image, "p256-password") && verifies(&image, "p256-empty-password"));
    }
    panic!("a signing makes more than {MAX_REQUESTS} requests");
}

#[test]
fn a_signer_killed_before_any_of_its_requests_takes_effect_loses_no_signature() {
    assert!(at_each_request(false, &Fault::Hang, true) >= 3);
}

#[test]
fn a_signer_killed_after_any_of_its_requests_took_effect_loses_no_signature() {
    assert!(at_each_request(false, &Fault::HangAfter, true) >= 3);
}

#[test]
fn a_signer_killed_while_it_adds_a_bundle_loses_no_signature() {
    assert!(at_each_request(true, &Fault::Hang, true) >= 3);
    assert!(at_each_request(true, &Fault::HangAfter, true) >= 3);
}

#[test]
fn an_answer_that_breaks_off_loses_no_signature() {
    assert!(at_each_request(false, &Fault::Close, false) >= 3);
    assert!(at_each_request(false, &Fault::CloseAfter, false) >= 3);
    assert!(at_each_request(false, &Fault::Truncate(10), false) >= 3);
}

#[test]
fn a_failing_registry_loses_no_signature() {
    assert!(at_each_request(false, &Fault::status(500), false) >= 3);
    assert!(at_each_request(true, &Fault::status(500), false) >= 3);
}
