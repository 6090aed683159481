//! How many requests commands make, counted at the registry: fewer requests are less time and fewer rate limits.

mod support;

use std::time::Duration;

use support::image::Image;
use support::registry::{Embedded, Fault, Rule};
use support::{Program, countersign, image, vectors};

fn sign(references: &[String]) -> Program {
    countersign()
        .env("COSIGN_PASSWORD", "")
        .args(["sign", "--yes", "--tlog-upload=false", "--key"])
        .arg(vectors::path("cosign/keys/p256-empty-password.key"))
        .args(references)
}

fn verify(references: &[String]) -> Program {
    countersign()
        .args(["verify", "--insecure-ignore-tlog=true", "--key"])
        .arg(vectors::path("cosign/keys/p256-empty-password.pub"))
        .args(references)
}

/// The requests that `program` makes.
#[track_caller]
fn count(registry: &Embedded, program: Program) -> Vec<String> {
    registry.control.forget();
    program.run().success();
    registry.requests()
}

fn signed(registry: &Embedded) -> Image {
    let image = image::push(&registry.address, "a/b", "v1");
    sign(&[image.by_digest()]).run().success();
    image
}

#[test]
fn verify_takes_one_request_by_digest_and_two_by_tag() {
    let registry = Embedded::start();
    let image = signed(&registry);
    let requests = count(&registry, verify(&[image.by_digest()]));
    assert_eq!(requests.len(), 1, "{requests:#?}");
    let requests = count(&registry, verify(&[image.by_tag()]));
    assert_eq!(requests.len(), 2, "{requests:#?}");
}

#[test]
fn a_first_sign_takes_at_most_seven_requests_and_another_at_most_five() {
    for referrers_api in [true, false] {
        let registry = Embedded::start();
        registry
            .control
            .configure(|options| options.referrers_api = referrers_api);
        let image = image::push(&registry.address, "a/b", "v1");
        let first = count(&registry, sign(&[image.by_digest()]));
        assert!(first.len() <= 7, "{} requests: {first:#?}", first.len());
        let again = count(&registry, sign(&[image.by_digest()]));
        assert!(again.len() <= 5, "{} requests: {again:#?}", again.len());
    }
}

/// Uploads are round trips that the key is not needed for.
#[test]
fn blobs_reach_a_far_registry_while_the_key_is_derived() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "a/b", "v1");
    registry
        .control
        .inject(Rule::new(Fault::Delay(Duration::from_millis(50))));
    registry.control.forget();
    sign(&[image.by_digest()])
        .env("COSIGN_PASSWORD", "wrong")
        .run()
        .expect_code(1);
    let requests = registry.requests();
    let uploads = requests.iter().filter(|line| line.contains("/blobs/uploads/")).count();
    assert_eq!(uploads, 2, "{requests:#?}");
    assert_eq!(registry.tags("a/b"), ["v1"]);

    let first = count(&registry, sign(&[image.by_digest()]));
    assert!(first.len() <= 7, "{} requests: {first:#?}", first.len());
    let again = count(&registry, sign(&[image.by_digest()]));
    assert!(again.len() <= 5, "{} requests: {again:#?}", again.len());
    assert!(again.iter().all(|line| !line.contains("/blobs/")), "{again:#?}");
    verify(&[image.by_digest()]).run().success();
}

#[test]
fn forty_images_take_a_request_each() {
    let registry = Embedded::start();
    let references: Vec<String> = (0..40)
        .map(|n| image::push(&registry.address, "a/b", &format!("v{n}")).by_digest())
        .collect();
    sign(&references).run().success();
    let requests = count(&registry, verify(&references));
    assert_eq!(requests.len(), 40, "{requests:#?}");
}

#[test]
fn requests_refused_by_a_rate_limit_are_sent_again_when_it_says() {
    let registry = Embedded::start();
    let references: Vec<String> = (0..20)
        .map(|n| image::push(&registry.address, "a/b", &format!("v{n}")).by_digest())
        .collect();
    sign(&references).run().success();
    registry.control.forget();
    registry.control.inject(Rule::new(Fault::retry_after(429, 1)).times(10));
    let run = verify(&references).run().success();
    assert_eq!(run.json().len(), 20);
    assert_eq!(
        registry.requests().len(),
        30,
        "each refused request was sent again, once"
    );
}
