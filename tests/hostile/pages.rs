//! Listings in pages: all of them, or an error (go-containerregistry#2446; CVE-2023-46737; notation CVE-2023-33957).

use countersign::digest::Digest;
use countersign::key::{HashAlgorithm, PrivateKey};
use countersign::oci::{Descriptor, media_type};
use countersign::reference::Target;
use countersign::registry::Error;
use countersign::store::{Place, Store};
use countersign::verify::{Claims, Image, LogPolicy, Policy, Search, Signer, TimestampPolicy, Workflow};

use super::server::{Reply, Server};
use super::{anonymous, repository};

fn subject() -> Digest {
    Digest::sha256(b"subject")
}

fn index(from: usize, count: usize) -> String {
    let list: Vec<String> = (from..from + count)
        .map(|i| serde_json::to_string(&Descriptor::of(media_type::OCI_MANIFEST, i.to_string().as_bytes())).unwrap())
        .collect();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}}"#,
        media_type::OCI_INDEX,
        list.join(",")
    )
}

fn page(from: usize, count: usize, next: Option<&str>) -> Reply {
    let mut headers = vec![("Content-Type", media_type::OCI_INDEX)];
    let link = next.map(|next| format!("<{next}>; rel=\"next\""));
    headers.extend(link.as_deref().map(|link| ("Link", link)));
    Reply::new(200, &headers, index(from, count))
}

fn number(path: &str) -> usize {
    path.split("page=").nth(1).and_then(|n| n.parse().ok()).unwrap_or(1)
}

async fn list(server: &Server) -> Result<Option<Vec<Descriptor>>, Error> {
    anonymous()
        .referrers(&repository(&server.address), &subject(), None)
        .await
}

#[tokio::test]
async fn what_is_on_the_third_page_is_found() {
    let server = Server::start(|seen| match number(&seen.path) {
        3 => page(20, 5, None),
        n => page((n - 1) * 10, 10, Some(&format!("?page={}", n + 1))),
    });
    assert_eq!(list(&server).await.unwrap().unwrap().len(), 25);
}

#[tokio::test]
async fn a_failing_page_fails_the_listing() {
    for status in [401, 403, 404, 429, 500] {
        let server = Server::start(move |seen| match number(&seen.path) {
            2 => Reply::json(status, r#"{"errors":[{"code":"X","message":"y"}]}"#),
            _ => page(0, 1, Some("?page=2")),
        });
        assert!(list(&server).await.is_err(), "{status}");
    }
}

#[tokio::test]
async fn a_page_cut_short_fails_the_listing() {
    let server = Server::start(|seen| match number(&seen.path) {
        2 => Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{\"schemaVersion\":2,".to_vec()),
        _ => page(0, 1, Some("?page=2")),
    });
    assert!(list(&server).await.is_err());
}

#[tokio::test]
async fn pages_in_a_circle_are_seen() {
    let server = Server::start(|seen| page(0, 1, Some(&format!("?page={}", number(&seen.path) % 3 + 1))));
    let error = list(&server).await.unwrap_err().to_string();
    assert!(error.contains("circle"), "{error}");
    assert!(server.seen().len() <= 5);
}

#[tokio::test]
async fn pages_without_end_are_bounded() {
    let server = Server::start(|seen| page(0, 100, Some(&format!("?page={}", number(&seen.path) + 1))));
    let error = list(&server).await.unwrap_err().to_string();
    assert!(error.contains("more than the 10000 referrers"), "{error}");
    let server = Server::start(|seen| page(0, 0, Some(&format!("?page={}", number(&seen.path) + 1))));
    let error = list(&server).await.unwrap_err().to_string();
    assert!(error.contains("more than the 1000 pages"), "{error}");
}

#[tokio::test]
async fn a_hundred_thousand_referrers_are_an_error_that_says_more_exist() {
    let server = Server::start(|_| page(0, 10_001, None));
    let error = list(&server).await.unwrap_err().to_string();
    assert!(
        error.contains("10001 entries") || error.contains("more than the"),
        "{error}"
    );
}

/// Manifests of signatures, each of which may list as many as a `.sig` manifest.
#[tokio::test]
async fn signatures_that_are_not_looked_at_are_not_absent() {
    let listed = |count: usize| {
        let one = |n: usize| Descriptor {
            artifact_type: Some("application/vnd.dev.cosign.artifact.sig.v1+json".to_owned()),
            ..Descriptor::of(media_type::OCI_MANIFEST, manifest(n).as_bytes())
        };
        let list: Vec<_> = (0..count).map(|n| serde_json::to_string(&one(n)).unwrap()).collect();
        let list = list.join(",");
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{list}]}}"#,
            media_type::OCI_INDEX
        )
    };
    fn manifest(number: usize) -> String {
        let layer = serde_json::to_string(&Descriptor::of("x/y", b"x")).unwrap();
        let subject = serde_json::to_string(&Descriptor::of(media_type::OCI_MANIFEST, b"subject")).unwrap();
        let layers = vec![layer.as_str(); 300].join(",");
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","config":{layer},"layers":[{layers}],"subject":{subject},"annotations":{{"n":"{number}"}}}}"#,
            media_type::OCI_MANIFEST
        )
    }
    for (manifests, refused) in [(3, false), (20, true)] {
        let list = listed(manifests);
        let server = Server::start(move |seen| match seen.path.rsplit('/').next() {
            _ if seen.path.contains("/referrers/") => {
                Reply::new(200, &[("Content-Type", media_type::OCI_INDEX)], list.clone())
            }
            Some(digest) if seen.path.contains("/manifests/") => {
                let found = (0..manifests)
                    .map(manifest)
                    .find(|text| Digest::sha256(text.as_bytes()).to_string() == digest);
                found.map_or_else(Reply::not_found, |text| {
                    Reply::new(200, &[("Content-Type", media_type::OCI_MANIFEST)], text)
                })
            }
            Some(_) if seen.path.contains("/blobs/") => Reply::new(200, &[], "x"),
            _ => Reply::not_found(),
        });
        let store = Store::Registry {
            client: anonymous(),
            repository: repository(&server.address),
        };
        let workflow = Workflow {
            policy: Policy {
                signer: Signer::Key {
                    key: PrivateKey::generate().unwrap().public_key().clone(),
                    hash: HashAlgorithm::Sha256,
                },
                claims: Claims::signature(),
                log: LogPolicy::Ignore,
                timestamps: TimestampPolicy::default(),
            },
            check_claims: true,
            search: Search::default(),
            log: None,
            now: 1_767_225_600,
        };
        let image = Image {
            name: "image".to_owned(),
            target: Target::Digest(subject()),
            place: Place::beside(store.clone()),
            store,
            identity: "image".to_owned(),
        };
        let error = workflow.verify(&image).await.unwrap_err().to_string();
        assert_eq!(error.contains("more than the 1000 that are opened"), refused, "{error}");
        let blobs = server
            .seen()
            .iter()
            .filter(|seen| seen.path.contains("/blobs/"))
            .count();
        assert!(blobs <= 1000, "{blobs}");
    }
}

#[tokio::test]
async fn a_next_page_on_another_server_is_refused() {
    let other = Server::start(|_| page(0, 1, None));
    let next = format!("http://{}/v2/a/b/referrers/x", other.address);
    let server = Server::start(move |_| page(0, 1, Some(&next)));
    let error = list(&server).await.unwrap_err().to_string();
    assert!(error.contains("another server"), "{error}");
    assert_eq!(other.seen().len(), 0);
}

#[tokio::test]
async fn a_link_that_cannot_be_read_is_not_the_end() {
    for link in [
        "garbage",
        "<unterminated; rel=next",
        "<ftp://x/y>; rel=\"next\"",
        "<\u{7f}>; rel=next",
    ] {
        let server = Server::start(move |_| {
            Reply::new(
                200,
                &[("Content-Type", media_type::OCI_INDEX), ("Link", link)],
                index(0, 1),
            )
        });
        assert!(list(&server).await.is_err(), "{link:?}");
    }
}

#[tokio::test]
async fn tag_lists_follow_the_same_rules() {
    let tags = |n: usize, next: Option<String>| {
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        headers.extend(next.map(|next| ("Link".to_owned(), format!("<{next}>; rel=\"next\""))));
        Reply::Full(
            200,
            headers,
            format!(r#"{{"name":"a/b","tags":["t{n}"]}}"#).into_bytes(),
        )
    };
    let server = Server::start(move |seen| match number(&seen.path) {
        4 => tags(4, None),
        n => tags(n, Some(format!("/v2/a/b/tags/list?page={}", n + 1))),
    });
    assert_eq!(
        anonymous()
            .tags(&repository(&server.address))
            .await
            .unwrap()
            .unwrap()
            .len(),
        4
    );
    let server = Server::start(move |_| tags(1, Some("?page=1".to_owned())));
    assert!(anonymous().tags(&repository(&server.address)).await.is_err());
    for bad in ["../x", "a b", "-x", "\\u001b[31m", ""] {
        let server = Server::start(move |_| Reply::json(200, format!(r#"{{"tags":["{bad}"]}}"#)));
        assert!(anonymous().tags(&repository(&server.address)).await.is_err(), "{bad:?}");
    }
}
