//! How many requests commands make, counted at the registry: fewer requests are less time and fewer rate limits.

mod support;

use support::image::Image;
use support::log::Log;
use support::registry::{DockerRegistry, Embedded, Fault, Rule};
use support::{Program, countersign, image, vectors};

fn sign(references: &[String]) -> Program {
    sign_with("cosign/keys/p256-empty-password.key", references)
}

fn sign_with(key: &str, references: &[String]) -> Program {
    countersign()
        .env("COSIGN_PASSWORD", "")
        .args(["sign", "--yes", "--tlog-upload=false", "--key"])
        .arg(vectors::path(key))
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

/// `.sig` is looked up before the referrers, but where a flag of cosign 3 says where to look.
#[test]
fn verify_takes_three_requests_for_a_bundle_and_two_where_it_is_asked_for() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "a/b", "v1");
    sign(&[image.by_digest()]).arg("--new-bundle-format").run().success();
    let requests = count(&registry, verify(&[image.by_digest()]));
    assert_eq!(requests.len(), 3, "{requests:#?}");
    let requests = count(&registry, verify(&[image.by_digest()]).arg("--new-bundle-format"));
    assert_eq!(requests.len(), 2, "{requests:#?}");

    // One that cosign wrote does not name its bundle in the list.
    let registry = Embedded::recorded("cosign", "bundle-v3");
    let [dump] = vectors::dumps("cosign", "bundle-v3").try_into().ok().unwrap();
    let image = format!(
        "{}/{}@{}",
        registry.address,
        dump.repository,
        dump.tags.values().next().unwrap()
    );
    let requests = count(&registry, verify(&[image]).arg("--new-bundle-format"));
    assert_eq!(requests.len(), 3, "{requests:#?}");
}

/// The attempt with the fewest requests, of as many as it takes to need no more than `enough`: where a registry answers
/// unevenly, as on a busy machine, the tag is read once more for each sign of it, so that nothing is lost to others.
fn fewest(enough: usize, mut attempt: impl FnMut(&str) -> Vec<String>) -> Vec<String> {
    let mut fewest = attempt("v0");
    for n in 1..20 {
        if fewest.len() <= enough {
            break;
        }
        let requests = attempt(&format!("v{n}"));
        if requests.len() < fewest.len() {
            fewest = requests;
        }
    }
    fewest
}

#[test]
fn a_first_sign_takes_at_most_seven_requests_and_another_two() {
    let registry = Embedded::start();
    let first = fewest(7, |tag| {
        let image = image::push(&registry.address, "a/b", tag);
        let first = count(&registry, sign(&[image.by_digest()]));
        let again = count(&registry, sign(&[image.by_digest()]));
        assert_eq!(again.len(), 2, "{again:#?}");
        first
    });
    assert!(first.len() <= 7, "{first:#?}");
}

#[test]
fn a_first_sign_takes_at_most_seven_requests_on_docker_registry() {
    let Some(registry) = DockerRegistry::start(&Default::default()) else {
        return;
    };
    let log = Log::start();
    let requests = |image: &Image, logged| {
        let mut program = sign(&[image.by_digest()]);
        if logged {
            program = program
                .args(["--tlog-upload=true", "--rekor-url", &log.url()])
                .env("SIGSTORE_REKOR_PUBLIC_KEY", log.key_file());
        }
        let run = program.arg("--verbose").run().success();
        let seen = run.stderr.lines().filter(|line| line.contains("/v2/a/b/"));
        seen.map(str::to_owned).collect::<Vec<_>>()
    };
    for logged in [false, true] {
        let first = fewest(7, |tag| {
            let image = image::push(&registry.address, "a/b", &format!("{tag}-{logged}"));
            let first = requests(&image, logged);
            let again = requests(&image, logged);
            assert_eq!(again.len(), 2, "{again:#?}");
            first
        });
        assert_eq!(first.len(), 7, "{first:#?}");
    }
}

#[test]
fn attaching_a_signature_takes_at_most_seven_requests() {
    let registry = Embedded::start();
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, "bm90IGNoZWNrZWQ=").unwrap();
        path
    };
    let first = fewest(7, |tag| {
        let image = image::push(&registry.address, "a/b", tag);
        let attach = countersign()
            .args(["attach", "signature", "--payload"])
            .arg(file("payload"))
            .arg("--signature")
            .arg(file("signature"))
            .arg(image.by_digest());
        count(&registry, attach)
    });
    assert!(first.len() <= 7, "{first:#?}");
}

/// Uploads are round trips that the key is not needed for. Without a key nothing is sent.
#[test]
fn blobs_reach_the_registry_while_the_key_is_derived() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "a/b", "v1");
    registry.control.forget();
    sign_with("cosign/keys/p256-v3.password", &[image.by_digest()])
        .run()
        .expect_code(1);
    assert_eq!(registry.requests(), [""; 0]);
    sign(&[image.by_digest()])
        .env("COSIGN_PASSWORD", "wrong")
        .run()
        .expect_code(1);
    let requests = registry.requests();
    let uploads = requests.iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(uploads, 2, "{requests:#?}");
    assert_eq!(registry.tags("a/b"), ["v1"]);

    sign(&[image.by_digest()]).run().success();
    verify(&[image.by_digest()]).run().success();
}

#[test]
fn forty_images_take_a_request_each() {
    let registry = Embedded::start();
    let images = image::push_several(&registry.address, "a/b", 40);
    let references: Vec<_> = images.iter().map(Image::by_digest).collect();
    sign(&references).run().success();
    let requests = count(&registry, verify(&references));
    assert_eq!(requests.len(), 40, "{requests:#?}");
}

/// A policy looks at every place, but the payload is known from the digest.
#[test]
fn a_policy_takes_one_round_trip_for_a_signed_image() {
    let registry = Embedded::start();
    let image = signed(&registry);
    let key = vectors::text("cosign/keys/p256-empty-password.pub").replace('\n', "\n        ");
    let policy = format!(
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {{name: p}}\nspec:\n  \
         images: [{{glob: '**'}}]\n  authorities:\n  - key:\n      data: |\n        {key}\n"
    );
    let check = countersign()
        .args(["policy", "check", "-p", "-"])
        .arg(image.by_digest())
        .stdin(policy);
    let requests = count(&registry, check);
    assert_eq!(requests.len(), 3, "{requests:#?}");
    assert!(
        requests.iter().all(|request| !request.contains("/blobs/")),
        "{requests:#?}"
    );
}

/// Results come in order, but one slow answer does not stop the others.
#[test]
fn an_image_that_hangs_holds_up_no_others() {
    let registry = Embedded::start();
    let images = image::push_several(&registry.address, "a/b", 40);
    let references: Vec<_> = images.iter().map(Image::by_digest).collect();
    sign(&references).run().success();
    registry.control.forget();
    let first = images[0].attached_tag(".sig");
    registry.control.inject(Rule::new(Fault::Hang).path(&first));
    let run = verify(&references)
        .args(["--timeout", "2s", "--max-workers", "4"])
        .run()
        .expect_code(1);
    assert!(run.stderr.contains("time"), "{}", run.stderr);
    assert_eq!(registry.requests().len(), 32, "{:#?}", registry.requests());
}

#[test]
fn requests_refused_by_a_rate_limit_are_sent_again_when_it_says() {
    let registry = Embedded::start();
    let images = image::push_several(&registry.address, "a/b", 20);
    let references: Vec<_> = images.iter().map(Image::by_digest).collect();
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
