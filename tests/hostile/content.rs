//! Content that is not what it was asked by, or that has two readings.

use countersign::digest::Digest;
use countersign::oci::{Descriptor, media_type};
use countersign::reference::Target;
use countersign::registry::Error;

use super::server::{Reply, Server};
use super::{anonymous, repository, tag};

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn manifest_bytes() -> String {
    let d = format!(r#"{{"mediaType":"x/y","size":0,"digest":"sha256:{HEX}"}}"#);
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","config":{d},"layers":[{d}]}}"#,
        media_type::OCI_MANIFEST
    )
}

/// notation CVE-2023-33959.
#[tokio::test]
async fn a_digest_request_answered_with_other_bytes_is_refused() {
    let server = Server::start(|_| Reply::new(200, &[("Content-Type", media_type::OCI_MANIFEST)], manifest_bytes()));
    let asked = Target::Digest(Digest::sha256(b"what the user named"));
    let error = anonymous()
        .manifest(&repository(&server.address), &asked)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Digest { .. }), "{error}");
    let descriptor = Descriptor::of("x/y", b"twelve bytes");
    let server = Server::start(|_| Reply::new(200, &[], "other bytes!"));
    let error = anonymous()
        .blob(&repository(&server.address), &descriptor, 99)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Digest { .. }), "{error}");
    let mut reader = anonymous()
        .read_blob(&repository(&server.address), &descriptor)
        .await
        .unwrap();
    assert!(matches!(reader.piece().await, Err(Error::Digest { .. })));
}

#[tokio::test]
async fn a_tag_whose_bytes_are_not_of_the_digest_that_is_said_is_refused() {
    let said = format!("sha256:{HEX}");
    let server = Server::start(move |_| Reply::new(200, &[("Docker-Content-Digest", &said)], manifest_bytes()));
    let error = anonymous()
        .manifest(&repository(&server.address), &tag("v1"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Digest { .. }), "{error}");
}

#[tokio::test]
async fn a_look_up_by_digest_that_names_another_digest_is_refused() {
    let said = format!("sha256:{HEX}");
    let server = Server::start(move |_| Reply::new(200, &[("Docker-Content-Digest", &said)], "x"));
    let asked = Target::Digest(Digest::sha256(b"what the user named"));
    let error = anonymous()
        .head_manifest(&repository(&server.address), &asked)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error}");
}

/// CVE-2024-3727.
#[tokio::test]
async fn malformed_digests_are_refused_in_every_field() {
    let bad = [
        "sha256:../../../etc/passwd".to_owned(),
        format!("sha256:{}", &HEX[1..]),
        format!("sha256:{}", HEX.to_uppercase()),
        format!("sha1:{}", &HEX[..40]),
        format!("sha256:{HEX}/../x"),
        String::new(),
    ];
    for text in bad {
        let said = text.clone();
        let server = Server::start(move |_| Reply::new(200, &[("Docker-Content-Digest", &said)], manifest_bytes()));
        let repository = repository(&server.address);
        assert!(
            anonymous().head_manifest(&repository, &tag("v1")).await.is_err(),
            "header of HEAD {text:?}"
        );
        assert!(
            anonymous().manifest(&repository, &tag("v1")).await.is_err(),
            "header of GET {text:?}"
        );
        let put = anonymous()
            .put_manifest(&repository, &tag("v1"), media_type::OCI_MANIFEST, "{}", None)
            .await;
        assert!(put.is_err(), "header of PUT {text:?}");
        for field in ["config", "layers", "manifests", "subject"] {
            let body = document(field, &text);
            let parsed = countersign::oci::parse(body.as_bytes(), None);
            assert!(parsed.is_err(), "{field} {text:?}: {parsed:?}");
        }
        let listed = document("manifests", &text);
        let server =
            Server::start(move |_| Reply::new(200, &[("Content-Type", media_type::OCI_INDEX)], listed.clone()));
        let subject = Digest::sha256(b"x");
        let error = anonymous()
            .referrers(&super::repository(&server.address), &subject, None)
            .await;
        assert!(matches!(error, Err(Error::Malformed { .. })), "{text:?}: {error:?}");
    }
}

fn document(field: &str, digest: &str) -> String {
    let good = format!(r#"{{"mediaType":"x/y","size":0,"digest":"sha256:{HEX}"}}"#);
    let bad = format!(r#"{{"mediaType":"x/y","size":0,"digest":"{digest}"}}"#);
    let pick = |name: &str| if name == field { bad.clone() } else { good.clone() };
    if field == "manifests" {
        return format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{bad}]}}"#,
            media_type::OCI_INDEX
        );
    }
    format!(
        r#"{{"schemaVersion":2,"config":{},"layers":[{}],"subject":{}}}"#,
        pick("config"),
        pick("layers"),
        pick("subject")
    )
}

/// CVE-2021-41190.
#[tokio::test]
async fn a_document_with_layers_and_manifests_is_refused() {
    let d = format!(r#"{{"mediaType":"x/y","size":0,"digest":"sha256:{HEX}"}}"#);
    let both = format!(r#"{{"schemaVersion":2,"config":{d},"layers":[{d}],"manifests":[{d}]}}"#);
    for served in [media_type::OCI_INDEX, media_type::OCI_MANIFEST] {
        let both = both.clone();
        let server = Server::start(move |_| Reply::new(200, &[("Content-Type", served)], both.clone()));
        let fetched = anonymous()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap()
            .unwrap();
        assert!(
            fetched
                .parse()
                .unwrap_err()
                .to_string()
                .contains("both layers and manifests")
        );
        let subject = Digest::sha256(b"x");
        assert!(
            anonymous()
                .referrers(&repository(&server.address), &subject, None)
                .await
                .is_err()
        );
    }
}

/// CVE-2021-41190.
#[tokio::test]
async fn a_content_type_against_the_documents_media_type_is_refused() {
    for served in [
        media_type::OCI_INDEX,
        media_type::DOCKER_MANIFEST,
        media_type::DOCKER_INDEX,
    ] {
        let server = Server::start(move |_| Reply::new(200, &[("Content-Type", served)], manifest_bytes()));
        let fetched = anonymous()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap()
            .unwrap();
        assert!(fetched.parse().unwrap_err().to_string().contains("refused"), "{served}");
    }
}

/// A 404 is absence only from a registry; a captive portal or a wrong port must not make an image unsigned (A1).
#[tokio::test]
async fn a_404_of_something_else_is_not_absence() {
    let pages = [
        ("text/html", "<html>not here</html>"),
        ("text/plain", "404 page not found"),
        ("application/json", "{"),
    ];
    for (content_type, body) in pages {
        let server = Server::start(move |_| Reply::new(404, &[("Content-Type", content_type)], body));
        let error = anonymous()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotRegistry { .. }), "{error}");
    }
    let server = Server::start(|_| Reply::not_found());
    assert_eq!(
        anonymous()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap(),
        None
    );
}

/// A1: every failure of a look-up is an error.
#[tokio::test]
async fn no_failure_is_absence() {
    for status in [
        400, 401, 402, 403, 405, 408, 409, 410, 418, 429, 451, 500, 501, 502, 503, 504, 301, 304,
    ] {
        let server = Server::start(move |_| {
            Reply::json(
                status,
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#,
            )
        });
        let repository = repository(&server.address);
        assert!(
            anonymous().manifest(&repository, &tag("v1")).await.is_err(),
            "GET {status}"
        );
        assert!(
            anonymous().head_manifest(&repository, &tag("v1")).await.is_err(),
            "HEAD {status}"
        );
        assert!(anonymous().tags(&repository).await.is_err(), "tags {status}");
        assert!(
            anonymous()
                .blob_exists(&repository, &Digest::sha256(b"x"))
                .await
                .is_err(),
            "blob {status}"
        );
        let referrers = anonymous().referrers(&repository, &Digest::sha256(b"x"), None).await;
        // These say that there is no such API, as the specification and old registries do.
        let no_api = [405, 501].contains(&status);
        assert_eq!(referrers.is_err(), !no_api, "referrers {status}");
    }
}

/// The front page of a registry without the API, or a bare refusal of the path, as some registries answer.
#[tokio::test]
async fn what_is_no_index_says_that_there_is_no_referrers_api() {
    let html = [("Content-Type", "text/html; charset=utf-8")];
    let subject = Digest::sha256(b"x");
    let listed = async |server: &Server| {
        anonymous()
            .referrers(&repository(&server.address), &subject, None)
            .await
    };
    for status in [200, 400, 404, 406] {
        let server = Server::start(move |_| Reply::new(status, &html, "<html>sign in</html>"));
        assert_eq!(listed(&server).await.unwrap(), None, "{status}");
    }
    let null = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":null,"annotations":null}}"#,
        media_type::OCI_INDEX
    );
    let server = Server::start(move |_| Reply::new(200, &[("Content-Type", media_type::OCI_INDEX)], null.clone()));
    assert_eq!(listed(&server).await.unwrap(), Some(Vec::new()));
    // What claims to be an index and is none, and another page in the middle, are failures.
    let server = Server::start(move |_| Reply::new(200, &[("Content-Type", media_type::OCI_INDEX)], "<html>"));
    assert!(listed(&server).await.is_err());
    let server = Server::start(move |seen| match seen.path.contains("page=2") {
        true => Reply::new(200, &html, "<html>sign in</html>"),
        false => Reply::new(
            200,
            &[
                ("Content-Type", media_type::OCI_INDEX),
                ("Link", "<?page=2>; rel=\"next\""),
            ],
            r#"{"schemaVersion":2,"manifests":[]}"#,
        ),
    });
    assert!(listed(&server).await.is_err());
}

#[tokio::test]
async fn a_manifest_is_looked_up_where_there_is_no_head() {
    for status in [400, 403, 405, 501] {
        let server = Server::start(move |seen| match (seen.method.as_str(), seen.path.contains("/v1")) {
            ("HEAD", _) => Reply::new(status, &[], ""),
            (_, true) => Reply::new(200, &[("Content-Type", media_type::OCI_MANIFEST)], manifest_bytes()),
            _ => Reply::not_found(),
        });
        let repository = repository(&server.address);
        let found = anonymous()
            .head_manifest(&repository, &tag("v1"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.digest, Digest::sha256(manifest_bytes().as_bytes()), "{status}");
        assert_eq!(anonymous().head_manifest(&repository, &tag("v2")).await.unwrap(), None);
    }
}
