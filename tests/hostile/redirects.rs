//! Redirects and upload locations (GHSA-jxpm-75mh-9fp7, GHSA-vh4v-2xq2-g5cg; GHSA-28r5-37g7-p6mp).

use countersign::digest::Digest;
use countersign::http::{Error as HttpError, HeaderValue, Origin, Request, header};
use countersign::oci::{Descriptor, media_type};

use super::server::{Reply, Server};
use super::{anonymous, http, repository, tag, with_password};

/// A registry that wants the password, and answers `granted` to who gives it.
fn guarded(granted: impl Fn(&super::server::Seen) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |seen| match seen.authorization() {
        Some(_) => granted(seen),
        None => Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""),
    })
}

#[tokio::test]
async fn a_blob_redirect_to_another_server_carries_no_credentials() {
    for status in [301, 302, 303, 307, 308] {
        let storage = Server::start(|_| Reply::new(200, &[], "twelve bytes"));
        let target = format!("http://{}/signed?sig=abc", storage.address);
        let server = guarded(move |_| Reply::new(status, &[("Location", &target)], ""));
        let descriptor = Descriptor::of("x/y", b"twelve bytes");
        let blob = with_password()
            .blob(&repository(&server.address), &descriptor, 99)
            .await
            .unwrap();
        assert_eq!(&blob[..], b"twelve bytes");
        assert!(server.saw_secret() && !storage.saw_secret(), "{status}");
        assert!(
            storage.seen().iter().all(|seen| seen.authorization().is_none()),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_redirect_within_the_registry_keeps_credentials() {
    let server = guarded(|seen| match seen.path.as_str() {
        "/elsewhere" => Reply::new(200, &[], "twelve bytes"),
        _ => Reply::new(307, &[("Location", "/elsewhere")], ""),
    });
    let descriptor = Descriptor::of("x/y", b"twelve bytes");
    assert!(
        with_password()
            .blob(&repository(&server.address), &descriptor, 99)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_401_behind_a_redirect_gets_no_credentials() {
    let other = Server::start(|_| Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"gimme\"")], ""));
    let target = format!("http://{}/x", other.address);
    let server = Server::start(move |_| Reply::new(307, &[("Location", &target)], ""));
    let client = with_password();
    assert!(client.manifest(&repository(&server.address), &tag("v1")).await.is_err());
    assert!(client.manifest(&repository(&server.address), &tag("v1")).await.is_err());
    assert!(!other.saw_secret());
}

#[tokio::test]
async fn a_push_redirected_to_another_server_carries_no_credentials() {
    let other = Server::start(|_| Reply::new(201, &[], ""));
    let target = format!("http://{}/x", other.address);
    let server = guarded(move |_| Reply::new(307, &[("Location", &target)], ""));
    let _ = with_password()
        .put_manifest(
            &repository(&server.address),
            &tag("v1"),
            media_type::OCI_MANIFEST,
            "{}",
            None,
        )
        .await;
    assert!(!other.saw_secret());
    assert!(other.seen().iter().all(|seen| seen.authorization().is_none()));
}

#[tokio::test]
async fn an_upload_location_on_another_server_gets_no_credentials() {
    let storage = Server::start(|_| Reply::new(201, &[], ""));
    let target = format!("http://{}/upload?sig=abc", storage.address);
    let server = guarded(move |_| Reply::new(202, &[("Location", &target)], ""));
    with_password()
        .put_blob(&repository(&server.address), &b"payload"[..])
        .await
        .unwrap();
    let [put] = storage.seen().try_into().unwrap();
    assert_eq!(put.authorization(), None);
    assert!(put.path.starts_with("/upload?sig=abc&digest=sha256%3A"), "{}", put.path);
}

#[tokio::test]
async fn an_upload_location_on_another_server_cannot_ask_for_credentials() {
    let other = Server::start(|_| Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"gimme\"")], ""));
    let target = format!("http://{}/upload", other.address);
    let server = guarded(move |_| Reply::new(202, &[("Location", &target)], ""));
    assert!(
        with_password()
            .put_blob(&repository(&server.address), &b"payload"[..])
            .await
            .is_err()
    );
    assert!(!other.saw_secret());
}

#[tokio::test]
async fn redirects_are_counted() {
    let server = Server::start(|_| Reply::new(307, &[("Location", "/again")], ""));
    let error = anonymous()
        .manifest(&repository(&server.address), &tag("v1"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("too many"), "{error}");
    assert!(server.seen().len() <= 6, "{}", server.seen().len());
}

#[tokio::test]
async fn redirects_to_what_is_no_web_address_are_refused() {
    for location in [
        "file:///etc/passwd",
        "gopher://x/",
        "http://user:pw@127.0.0.1/x",
        "http://",
        "javascript:x",
    ] {
        let server = Server::start(move |_| Reply::new(307, &[("Location", location)], ""));
        let error = anonymous()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err();
        assert!(!error.is_absent(), "{location}: {error}");
        assert_eq!(server.seen().len(), 1, "{location}");
    }
}

/// go-containerregistry#2193, #2284: metadata services and this host, by address and by name.
#[tokio::test]
async fn a_redirect_to_a_metadata_or_link_local_address_is_refused() {
    for host in [
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "[fe80::1]",
        "0.0.0.0",
        "[fd00:ec2::254]",
        "100.100.100.200",
    ] {
        let location = format!("http://{host}:1/latest/meta-data/");
        let server = Server::start(move |_| Reply::new(307, &[("Location", &location)], ""));
        let error = anonymous()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("refused"), "{host}: {error}");
    }
}

#[tokio::test]
async fn a_public_server_cannot_lead_to_this_host() {
    let local = Server::start(|_| Reply::new(200, &[], "secret of this host"));
    let port = local.address.rsplit(':').next().unwrap().to_owned();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "127.1.2.3",
        "x.localhost",
    ] {
        let mut request = Request::get(format!("http://{host}:{port}/x").parse().unwrap(), 99);
        request.chosen_by = Origin::of(&"https://registry.example".parse().unwrap());
        let error = http().send(request).await.unwrap_err();
        assert!(matches!(error, HttpError::ForbiddenAddress { .. }), "{host}: {error}");
    }
    assert_eq!(local.seen().len(), 0);
}

#[tokio::test]
async fn a_secret_header_does_not_cross_origins() {
    let other = Server::start(|_| Reply::new(200, &[], ""));
    let target = format!("http://{}/x", other.address);
    let server = Server::start(move |_| Reply::new(302, &[("Location", &target)], ""));
    let mut request = Request::get(format!("http://{}/", server.address).parse().unwrap(), 99);
    let mut secret = HeaderValue::from_static(super::PASSWORD);
    secret.set_sensitive(true);
    request.headers.insert("x-api-key", secret);
    request
        .headers
        .insert(header::COOKIE, HeaderValue::from_static(super::PASSWORD));
    http().send(request).await.unwrap();
    assert!(server.saw_secret() && !other.saw_secret());
}

/// CVE-2022-47633: what a tag names is asked once and then pinned.
#[tokio::test]
async fn a_tag_that_changes_between_requests_is_seen_as_two_contents() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let round = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Reply::new(
            200,
            &[("Content-Type", media_type::OCI_MANIFEST)],
            format!("{{\"round\":{round}}}"),
        )
    });
    let repository = repository(&server.address);
    let first = anonymous().manifest(&repository, &tag("v1")).await.unwrap().unwrap();
    assert_eq!(first.digest, Digest::sha256(b"{\"round\":0}"));
    // By the digest that the first answer had, the changed content is refused.
    let pinned = countersign::reference::Target::Digest(first.digest);
    assert!(anonymous().manifest(&repository, &pinned).await.is_err());
}
