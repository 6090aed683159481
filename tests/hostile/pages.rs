//! Listings in pages: all of them, or an error (go-containerregistry#2446; CVE-2023-46737; notation CVE-2023-33957).

use countersign::digest::Digest;
use countersign::oci::{Descriptor, media_type};
use countersign::registry::Error;

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
