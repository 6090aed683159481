//! Endless bodies, bombs and oversize heads, on each endpoint (go-containerregistry#2204, #2296; CVE-2020-1702;
//! GHSA-f36w-mj3v-6jqv; CVE-2024-29902).

use countersign::digest::Digest;
use countersign::oci::{Descriptor, media_type};
use countersign::registry::{Client, Error};

use super::server::{Reply, Seen, Server};
use super::{anonymous, repository, tag, with_password};

fn digest() -> Digest {
    Digest::sha256(b"x")
}

async fn manifest(client: &Client, server: &Server) -> Error {
    client
        .manifest(&repository(&server.address), &tag("v1"))
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_endless_manifest_is_cut_off() {
    let server = Server::start(|_| Reply::endless(200, &[("Content-Type", media_type::OCI_MANIFEST)]));
    let error = manifest(&anonymous(), &server).await.to_string();
    assert!(error.contains("longer than the 4194304 bytes"), "{error}");
}

#[tokio::test]
async fn an_endless_error_is_cut_off() {
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let server = Server::start(move |_| Reply::endless(status, &[]));
        let error = manifest(&anonymous(), &server).await.to_string();
        assert!(error.contains(&status.to_string()), "{status}: {error}");
        assert!(error.len() < 1000, "{status}: {} characters", error.len());
    }
}

#[tokio::test]
async fn an_endless_401_with_a_challenge_is_cut_off() {
    let server = Server::start(|_| Reply::endless(401, &[("WWW-Authenticate", "Basic realm=\"x\"")]));
    let error = manifest(&with_password(), &server).await;
    assert!(error.is_authentication(), "{error}");
}

/// Silence is not the only way to hold a client.
#[tokio::test]
async fn a_trickling_error_ends_with_the_time_allowed() {
    for status in [401, 404, 500] {
        let server = Server::start(move |seen| match seen.method.as_str() {
            "HEAD" => Reply::new(200, &[], ""),
            _ => Reply::Trickle(status, Vec::new()),
        });
        let started = std::time::Instant::now();
        let client = super::within(std::time::Duration::from_secs(1));
        let descriptor = Descriptor::of("x/y", b"twelve bytes");
        let read = client.read_blob(&repository(&server.address), &descriptor).await;
        let error = read.err().unwrap();
        assert!(
            matches!(&error, Error::Http { error, .. } if error.is_timeout()),
            "{status}: {error}"
        );
        assert!(started.elapsed() < std::time::Duration::from_secs(10), "{status}");
    }
}

fn bearer_to(realm: &str) -> Reply {
    Reply::new(
        401,
        &[("WWW-Authenticate", &format!("Bearer realm=\"{realm}\",service=\"s\""))],
        "",
    )
}

#[tokio::test]
async fn an_endless_token_is_cut_off() {
    for status in [200, 401, 500] {
        let token = Server::start(move |_| Reply::endless(status, &[("Content-Type", "application/json")]));
        let realm = format!("http://{}/token", token.address);
        let server = Server::start(move |_| bearer_to(&realm));
        let error = manifest(&with_password(), &server).await.to_string();
        assert!(error.len() < 1000, "{status}: {error}");
    }
}

#[tokio::test]
async fn an_endless_referrers_page_is_cut_off() {
    let server = Server::start(|_| Reply::endless(200, &[("Content-Type", media_type::OCI_INDEX)]));
    let error = anonymous()
        .referrers(&repository(&server.address), &digest(), None)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("longer than"), "{error}");
}

#[tokio::test]
async fn an_endless_tag_list_is_cut_off() {
    let server = Server::start(|_| Reply::endless(200, &[("Content-Type", "application/json")]));
    let error = anonymous().tags(&repository(&server.address)).await.unwrap_err();
    assert!(error.to_string().contains("longer than"), "{error}");
}

#[tokio::test]
async fn an_endless_blob_is_cut_off_at_its_descriptors_size() {
    let server = Server::start(|_| Reply::endless(200, &[]));
    let descriptor = Descriptor::of("x/y", b"twelve bytes");
    let error = anonymous()
        .blob(&repository(&server.address), &descriptor, 1 << 20)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("longer than the 12 bytes"), "{error}");
    let mut reader = anonymous()
        .read_blob(&repository(&server.address), &descriptor)
        .await
        .unwrap();
    let error = loop {
        match reader.piece().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("an endless blob ended"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("longer than its descriptor"), "{error}");
}

#[tokio::test]
async fn a_descriptor_that_claims_a_huge_size_is_refused_before_it_is_fetched() {
    let server = Server::start(|_| Reply::endless(200, &[]));
    let mut descriptor = Descriptor::of("x/y", b"twelve bytes");
    for size in [10 << 30, u64::MAX] {
        descriptor.size = size;
        let error = anonymous()
            .blob(&repository(&server.address), &descriptor, 1 << 20)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("more than the 1048576"), "{error}");
    }
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_blob_whose_descriptor_lies_about_its_size_is_refused() {
    let server = Server::start(|_| Reply::new(200, &[], "twelve bytes"));
    let mut descriptor = Descriptor::of("x/y", b"twelve bytes");
    descriptor.size = 13;
    let error = anonymous()
        .blob(&repository(&server.address), &descriptor, 1 << 20)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("its descriptor says 13"), "{error}");
}

#[tokio::test]
async fn a_compressed_answer_is_refused_unread() {
    for encoding in ["gzip", "br", "deflate", "gzip, gzip"] {
        let server = Server::start(move |_| Reply::endless(200, &[("Content-Encoding", encoding)]));
        let error = manifest(&anonymous(), &server).await.to_string();
        assert!(error.contains("was not asked for; refused"), "{error}");
        assert!(
            server
                .seen()
                .iter()
                .all(|seen| !seen.raw.to_lowercase().contains("accept-encoding"))
        );
    }
}

#[tokio::test]
async fn heads_are_bounded() {
    let large = format!("HTTP/1.1 200 OK\r\nX-Large: {}\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Many: y\r\n".repeat(5000));
    for bytes in [large, many] {
        let server = Server::start(move |_| Reply::Raw(bytes.clone().into_bytes()));
        let error = manifest(&anonymous(), &server).await;
        assert!(matches!(error, Error::Http { .. }), "{error}");
    }
    let endless = |_: &Seen| Reply::RawEndless(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 4096]);
    let error = manifest(&anonymous(), &Server::start(endless)).await;
    assert!(matches!(error, Error::Http { .. }), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_an_error_not_absence() {
    let server = Server::start(|_| Reply::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()));
    let error = manifest(&anonymous(), &server).await;
    assert!(!error.is_absent(), "{error}");
}

#[tokio::test]
async fn control_characters_of_error_bodies_are_escaped() {
    let body = "{\"errors\":[{\"code\":\"DENIED\\u001b[2J\",\"message\":\"\\u001b]0;owned\\u0007\\r\\nOK \\u202e\"}]}";
    let server = Server::start(move |_| Reply::json(400, body));
    let error = manifest(&anonymous(), &server).await.to_string();
    assert!(error.contains("DENIED\\u{1b}[2J"), "{error}");
    assert!(!error.chars().any(|c| c.is_control() || c == '\u{202e}'), "{error:?}");
    let server = Server::start(|_| Reply::new(400, &[("Content-Type", "text/plain")], "\x1b[31mred\n\u{9b}31m"));
    let error = manifest(&anonymous(), &server).await.to_string();
    assert!(!error.chars().any(char::is_control), "{error:?}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error() {
    let server = Server::start(|_| Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"schema".to_vec()));
    let error = manifest(&anonymous(), &server).await;
    assert!(matches!(error, Error::Http { .. }), "{error}");
    assert!(error.is_network());
}
