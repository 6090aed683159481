//! The registry over real connections.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::*;
use crate::digest::Digest;
use crate::oci::media_type::{OCI_INDEX, OCI_MANIFEST};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap().to_owned()
    }
}

#[derive(Clone)]
struct Web {
    client: Client<HttpConnector, Full<Bytes>>,
    control: Control,
}

impl Web {
    async fn try_send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.control.address()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .client
            .request(request.body(Full::from(body.to_vec())).unwrap())
            .await
            .ok()?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some(Answer {
            status: head.status,
            headers: head.headers,
            body,
        })
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_send(method, path, headers, body).await.unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], &[]).await
    }

    async fn push_blob(&self, repository: &str, bytes: &[u8]) -> Digest {
        let digest = Digest::sha256(bytes);
        let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
        assert_eq!(
            self.send(Method::POST, &path, &[], bytes).await.status,
            StatusCode::CREATED
        );
        digest
    }

    /// The manifest of an image whose config is `{}` and that differs by `text`.
    async fn manifest(&self, repository: &str, text: &str, subject: Option<&Digest>) -> Vec<u8> {
        let config = self.push_blob(repository, b"{}").await;
        let mut document = json!({
            "schemaVersion": 2, "mediaType": OCI_MANIFEST, "annotations": {"text": text},
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2, "digest": config}, "layers": [],
        });
        if let Some(subject) = subject {
            document["artifactType"] = json!(format!("application/{text}+json"));
            document["subject"] = json!({"mediaType": OCI_MANIFEST, "size": 1, "digest": subject});
        }
        serde_json::to_vec(&document).unwrap()
    }

    async fn put(&self, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Answer {
        let mut all = vec![("Content-Type", OCI_MANIFEST)];
        all.extend_from_slice(headers);
        self.send(Method::PUT, path, &all, bytes).await
    }
}

/// Runs `test` against a registry over `storage`, and stops the registry.
fn with<T: Future<Output = ()>>(storage: Storage, test: impl FnOnce(Web) -> T) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)), storage)
            .await
            .unwrap();
        let control = server.control();
        control.configure(|options| options.record = true);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async { drop(stopped.await) }));
        let client = Client::builder(TokioExecutor::new()).build_http();
        test(Web { client, control }).await;
        drop(stop);
        running.await.unwrap();
    });
}

#[test]
fn only_loopback_is_served() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let bound = runtime.block_on(Server::bind(SocketAddr::from(([0, 0, 0, 0], 0)), Storage::memory()));
    assert!(matches!(bound, Err(ServerError::NotLoopback(_))));
}

#[test]
fn a_manifest_is_found_by_tag_and_by_digest_and_is_gone_once_deleted() {
    with(Storage::memory(), async |web| {
        let manifest = web.manifest("acme/app", "a", None).await;
        let digest = Digest::sha256(&manifest);
        let put = web.put("/v2/acme/app/manifests/1.0", &[], &manifest).await;
        assert_eq!(put.status, StatusCode::CREATED);
        assert_eq!(put.header("docker-content-digest"), Some(digest.to_string().as_str()));
        for reference in ["1.0", &digest.to_string()] {
            let got = web.get(&format!("/v2/acme/app/manifests/{reference}")).await;
            assert_eq!(
                (got.status, got.header("content-type")),
                (StatusCode::OK, Some(OCI_MANIFEST))
            );
            assert_eq!(got.body, manifest);
        }
        let head = web.send(Method::HEAD, "/v2/acme/app/manifests/1.0", &[], &[]).await;
        assert_eq!(head.header("content-length"), Some(manifest.len().to_string().as_str()));
        assert!(head.body.is_empty());
        assert_eq!(
            web.get("/v2/acme/app/tags/list").await.json(),
            json!({"name": "acme/app", "tags": ["1.0"]})
        );
        assert_eq!(
            web.get("/v2/_catalog").await.json(),
            json!({"repositories": ["acme/app"]})
        );
        let path = format!("/v2/acme/app/manifests/{digest}");
        assert_eq!(
            web.send(Method::DELETE, &path, &[], &[]).await.status,
            StatusCode::ACCEPTED
        );
        for path in [&path, "/v2/acme/app/manifests/1.0"] {
            assert_eq!(web.get(path).await.code(), "MANIFEST_UNKNOWN");
        }
        assert_eq!(
            web.send(Method::DELETE, &path, &[], &[]).await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn a_blob_arrives_whole_in_chunks_or_by_mount() {
    with(Storage::memory(), async |web| {
        chunks(&web).await;
        let digest = Digest::sha256(b"hello world");
        let mounted = format!("/v2/acme/other/blobs/uploads/?mount={digest}&from=acme/app");
        assert_eq!(
            web.send(Method::POST, &mounted, &[], &[]).await.status,
            StatusCode::CREATED
        );
        assert_eq!(
            web.get(&format!("/v2/acme/other/blobs/{digest}")).await.body,
            "hello world"
        );
        // A mount that isn't possible becomes an upload.
        let other = Digest::sha256(b"other");
        let mount = format!("/v2/acme/other/blobs/uploads/?mount={other}&from=acme/app");
        assert_eq!(
            web.send(Method::POST, &mount, &[], &[]).await.status,
            StatusCode::ACCEPTED
        );
        let delete = web
            .send(Method::DELETE, &format!("/v2/acme/app/blobs/{digest}"), &[], &[])
            .await;
        assert_eq!(delete.status, StatusCode::ACCEPTED);
        assert_eq!(
            web.get(&format!("/v2/acme/app/blobs/{digest}")).await.code(),
            "BLOB_UNKNOWN"
        );
        assert_eq!(
            web.get(&format!("/v2/acme/other/blobs/{digest}")).await.status,
            StatusCode::OK
        );
    });
}

async fn chunks(web: &Web) {
    let started = web.send(Method::POST, "/v2/acme/app/blobs/uploads/", &[], &[]).await;
    let location = started.header("location").unwrap().to_owned();
    let first = web
        .send(Method::PATCH, &location, &[("Content-Range", "0-4")], b"hello")
        .await;
    assert_eq!(
        (first.status, first.header("range")),
        (StatusCode::ACCEPTED, Some("0-4"))
    );
    let again = web
        .send(Method::PATCH, &location, &[("Content-Range", "0-4")], b"hello")
        .await;
    assert_eq!(again.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(web.get(&location).await.header("range"), Some("0-4"));
    let digest = Digest::sha256(b"hello world");
    let done = web
        .send(Method::PUT, &format!("{location}?digest={digest}"), &[], b" world")
        .await;
    assert_eq!(done.status, StatusCode::CREATED);
    assert_eq!(
        web.get(&format!("/v2/acme/app/blobs/{digest}")).await.body,
        "hello world"
    );
    assert_eq!(web.get(&location).await.code(), "BLOB_UPLOAD_UNKNOWN");
}

#[test]
fn what_is_put_is_checked() {
    with(Storage::memory(), async |web| {
        let other = Digest::sha256(b"other");
        let path = format!("/v2/a/blobs/uploads/?digest={other}");
        assert_eq!(
            web.send(Method::POST, &path, &[], b"bytes").await.code(),
            "DIGEST_INVALID"
        );
        let manifest = web.manifest("a", "a", None).await;
        assert_eq!(
            web.put(&format!("/v2/a/manifests/{other}"), &[], &manifest)
                .await
                .code(),
            "DIGEST_INVALID"
        );
        assert_eq!(
            web.put("/v2/b/manifests/1", &[], &manifest).await.code(),
            "MANIFEST_BLOB_UNKNOWN"
        );
        assert_eq!(
            web.put("/v2/a/manifests/1", &[], b"{}").await.code(),
            "MANIFEST_INVALID"
        );
        let large = web.put("/v2/a/manifests/1", &[], &vec![b' '; (4 << 20) + 1]).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [
            {"mediaType": OCI_MANIFEST, "size": 1, "digest": other}]});
        let index = index.to_string();
        let put = web.send(
            Method::PUT,
            "/v2/a/manifests/1",
            &[("Content-Type", OCI_INDEX)],
            index.as_bytes(),
        );
        assert_eq!(put.await.code(), "MANIFEST_BLOB_UNKNOWN");
        for path in [
            "/v2/../manifests/1",
            "/v2/A/manifests/1",
            "/v2/a/blobs/sha256:0",
            "/v2/a/manifests/-",
        ] {
            assert_eq!(web.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
        }
        assert_eq!(web.get("/v1/").await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            web.send(Method::POST, "/v2/a/manifests/1", &[], &[]).await.status,
            StatusCode::METHOD_NOT_ALLOWED
        );
    });
}

#[test]
fn a_writer_with_a_precondition_never_overwrites_another() {
    with(Storage::memory(), async |web| {
        let (a, b) = (web.manifest("r", "a", None).await, web.manifest("r", "b", None).await);
        let first = web.put("/v2/r/manifests/t", &[("If-None-Match", "*")], &a).await;
        assert_eq!(first.status, StatusCode::CREATED);
        let tag = web.get("/v2/r/manifests/t").await.header("etag").unwrap().to_owned();
        assert_eq!(
            web.put("/v2/r/manifests/t", &[("If-None-Match", "*")], &b).await.status,
            StatusCode::PRECONDITION_FAILED
        );
        assert_eq!(
            web.put("/v2/r/manifests/t", &[("If-Match", &tag)], &b).await.status,
            StatusCode::CREATED
        );
        assert_eq!(
            web.put("/v2/r/manifests/t", &[("If-Match", &tag)], &a).await.status,
            StatusCode::PRECONDITION_FAILED
        );
        assert_eq!(web.get("/v2/r/manifests/t").await.body, b);
        web.control.configure(|options| options.preconditions = false);
        assert_eq!(
            web.put("/v2/r/manifests/t", &[("If-Match", &tag)], &a).await.status,
            StatusCode::CREATED
        );
        assert_eq!(web.get("/v2/r/manifests/t").await.header("etag"), None);
        web.control.configure(|options| options.immutable_tags = true);
        assert_eq!(web.put("/v2/r/manifests/t", &[], &b).await.status, StatusCode::CONFLICT);
    });
}

#[test]
fn referrers_are_listed_filtered_and_paged() {
    with(Storage::memory(), async |web| {
        let subject = Digest::sha256(&web.manifest("r", "image", None).await);
        let list = format!("/v2/r/referrers/{subject}");
        assert_eq!(web.get(&list).await.json()["manifests"], json!([]));
        for text in ["a", "b", "c"] {
            let referrer = web.manifest("r", text, Some(&subject)).await;
            let put = web
                .put(
                    &format!("/v2/r/manifests/{}", Digest::sha256(&referrer)),
                    &[],
                    &referrer,
                )
                .await;
            assert_eq!(put.header("oci-subject"), Some(subject.to_string().as_str()));
        }
        assert_eq!(web.get(&list).await.json()["manifests"].as_array().unwrap().len(), 3);
        let filtered = web.get(&format!("{list}?artifactType=application/b+json")).await;
        assert_eq!(filtered.header("oci-filters-applied"), Some("artifactType"));
        let entry = &filtered.json()["manifests"][0];
        assert_eq!(
            (entry["annotations"]["text"].as_str(), entry["mediaType"].as_str()),
            (Some("b"), Some(OCI_MANIFEST))
        );
        assert_eq!(filtered.json()["manifests"].as_array().unwrap().len(), 1);
        web.control.configure(|options| options.page_size = 1);
        let (mut next, mut pages) = (Some(list.clone()), 0);
        while let Some(path) = next {
            let page = web.get(&path).await;
            assert_eq!(page.json()["manifests"].as_array().unwrap().len(), 1);
            next = page
                .header("link")
                .map(|link| link[1..link.find('>').unwrap()].to_owned());
            pages += 1;
        }
        assert_eq!(pages, 3);
        web.control.configure(|options| options.referrers_api = false);
        assert_eq!(web.get(&list).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_directory_is_served_again_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let mut digest = None;
    with(Storage::directory(directory.path()).unwrap(), async |web| {
        let manifest = web.manifest("acme/deep/app", "a", None).await;
        digest = Some(Digest::sha256(&manifest));
        assert_eq!(
            web.put("/v2/acme/deep/app/manifests/1.0", &[], &manifest).await.status,
            StatusCode::CREATED
        );
        chunks(&web).await;
    });
    with(Storage::directory(directory.path()).unwrap(), async |web| {
        let got = web.get("/v2/acme/deep/app/manifests/1.0").await;
        assert_eq!(Digest::sha256(&got.body), digest.clone().unwrap());
        let blob = Digest::sha256(b"hello world");
        assert_eq!(web.get(&format!("/v2/acme/app/blobs/{blob}")).await.body, "hello world");
    });
    // A manifest that was damaged is not served.
    let file = directory
        .path()
        .join("content/sha256")
        .join(digest.clone().unwrap().hex());
    std::fs::write(file, "{}").unwrap();
    with(Storage::directory(directory.path()).unwrap(), async |web| {
        assert_eq!(
            web.get("/v2/acme/deep/app/manifests/1.0").await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn faults_are_injected_and_requests_recorded() {
    with(Storage::memory(), async |web| {
        let manifest = web.manifest("r", "a", None).await;
        web.control.inject(
            Rule::new(Fault::retry_after(503, 1))
                .method("PUT")
                .path("/manifests/")
                .times(1),
        );
        assert_eq!(
            web.put("/v2/r/manifests/t", &[], &manifest).await.header("retry-after"),
            Some("1")
        );
        assert_eq!(
            web.put("/v2/r/manifests/t", &[], &manifest).await.status,
            StatusCode::CREATED
        );
        web.control.forget();
        web.control.inject(Rule::new(Fault::Truncate(5)).method("GET").times(1));
        assert!(web.try_send(Method::GET, "/v2/r/manifests/t", &[], &[]).await.is_none());
        web.control.inject(Rule::new(Fault::Close).times(1));
        assert!(web.try_send(Method::GET, "/v2/r/manifests/t", &[], &[]).await.is_none());
        web.control.inject(Rule::new(Fault::Corrupt).skip(1).times(1));
        assert_eq!(web.get("/v2/r/manifests/t").await.body, manifest);
        assert_ne!(web.get("/v2/r/manifests/t").await.body, manifest);
        web.control
            .on_request(|seen| (seen.method == "DELETE").then_some(Fault::CloseAfter));
        assert!(
            web.try_send(Method::DELETE, "/v2/r/manifests/t", &[], &[])
                .await
                .is_none()
        );
        web.control.heal();
        assert_eq!(web.get("/v2/r/manifests/t").await.status, StatusCode::NOT_FOUND);
        let statuses: Vec<u16> = web.control.requests().iter().map(|seen| seen.status).collect();
        assert_eq!(statuses, [200, 0, 200, 200, 0, 404]);
    });
}

#[test]
fn a_stale_registry_answers_from_the_past() {
    with(Storage::memory(), async |web| {
        let (a, b) = (web.manifest("r", "a", None).await, web.manifest("r", "b", None).await);
        web.put("/v2/r/manifests/t", &[], &a).await;
        web.control
            .configure(|options| options.stale_for = Duration::from_secs(3600));
        web.put("/v2/r/manifests/t", &[], &b).await;
        assert_eq!(web.get("/v2/r/manifests/t").await.body, a);
        web.control.configure(|options| options.stale_for = Duration::ZERO);
        assert_eq!(web.get("/v2/r/manifests/t").await.body, b);
    });
}

#[test]
fn a_user_is_asked_for() {
    with(Storage::memory(), async |web| {
        web.control
            .configure(|options| options.user = Some(("user".into(), "secret".into())));
        let refused = web.get("/v2/").await;
        assert_eq!(
            (refused.status, refused.header("www-authenticate")),
            (StatusCode::UNAUTHORIZED, Some("Basic realm=\"countersign\""))
        );
        let allowed = web
            .send(Method::GET, "/v2/", &[("Authorization", "Basic dXNlcjpzZWNyZXQ=")], &[])
            .await;
        assert_eq!(allowed.status, StatusCode::OK);
    });
}
