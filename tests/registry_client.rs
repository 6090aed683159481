//! Talking to real registries: credentials, tokens, TLS, proxies, retries; what `login` and `doctor` say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "hostile/server.rs"]
mod server;
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use countersign::http;
use countersign::oci::media_type;
use countersign::reference::{Repository, Target};
use countersign::registry::{Client, Credential, Credentials, Options};
use server::{Reply, Server};
use support::registry::{DockerRegistry, Embedded, Fault, Options as Docker, Rule};
use support::{countersign, image, peers};

const PASSWORD: &str = "secret";
const PASSWORD_BASE64: &str = "dXNlcjpzZWNyZXQ=";
const B64: base64::engine::GeneralPurpose = base64::engine::general_purpose::STANDARD;

fn client(credentials: Credentials, tls: http::TlsOptions) -> Client {
    let config = http::Config {
        tls,
        retries: 2,
        deadline: Some(Instant::now() + Duration::from_secs(60)),
        ..http::Config::default()
    };
    let options = Options {
        credentials,
        ..Options::default()
    };
    Client::new(http::Client::new(config), options)
}

fn plain() -> Client {
    client(Credentials::none(), http::TlsOptions::default())
}

fn user() -> Credentials {
    Credentials::none().given(Credential::of("user", PASSWORD.to_owned().into()), "a test")
}

fn tag(name: &str) -> Target {
    Target::Tag(name.parse().unwrap())
}

/// Pushes a small artifact with our own client and reads it back.
async fn round_trip(client: &Client, repository: &str) {
    let repository: Repository = repository.parse().unwrap();
    let config = client.put_blob(&repository, &b"{}"[..]).await.unwrap();
    let layer = client.put_blob(&repository, &b"layer"[..]).await.unwrap();
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"{}","size":2,"digest":"{config}"}},"layers":[{{"mediaType":"text/plain","size":5,"digest":"{layer}"}}]}}"#,
        media_type::OCI_MANIFEST,
        media_type::OCI_EMPTY
    );
    let put = client
        .put_manifest(
            &repository,
            &tag("v1"),
            media_type::OCI_MANIFEST,
            manifest.clone(),
            None,
        )
        .await;
    let digest = put.unwrap().digest;
    let fetched = client.manifest(&repository, &tag("v1")).await.unwrap().unwrap();
    assert_eq!((&fetched.bytes[..], &fetched.digest), (manifest.as_bytes(), &digest));
    let described = client
        .head_manifest(&repository, &Target::Digest(digest.clone()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((described.size, &described.digest), (manifest.len() as u64, &digest));
    assert!(client.blob_exists(&repository, &layer).await.unwrap());
    assert_eq!(client.manifest(&repository, &tag("other")).await.unwrap(), None);
    assert_eq!(client.tags(&repository).await.unwrap().unwrap().len(), 1);
    assert!(
        client
            .delete_manifest(&repository, &Target::Digest(digest))
            .await
            .unwrap()
    );
    assert_eq!(client.manifest(&repository, &tag("v1")).await.unwrap(), None);
}

#[tokio::test]
async fn a_registry_without_users_is_written_and_read() {
    let embedded = Embedded::start();
    round_trip(&plain(), &format!("{}/a/b", embedded.address)).await;
    let Some(registry) = DockerRegistry::start(&Docker::default()) else {
        return;
    };
    round_trip(&plain(), &format!("{}/a/b", registry.address)).await;
}

#[tokio::test]
async fn docker_registry_has_no_referrers_api_and_says_so() {
    let Some(registry) = DockerRegistry::start(&Docker::default()) else {
        return;
    };
    let image = image::push(&registry.address, "a/b", "v1");
    let repository: Repository = format!("{}/a/b", registry.address).parse().unwrap();
    let listed = plain()
        .referrers(&repository, &image.digest.parse().unwrap(), None)
        .await;
    assert_eq!(listed.unwrap(), None);
}

#[tokio::test]
async fn a_blob_is_copied_by_mount_and_between_registries_in_pieces() {
    let (from, to) = (Embedded::start(), Embedded::start());
    let client = plain();
    let bytes = vec![7_u8; 3 << 20];
    let source: Repository = format!("{}/a/b", from.address).parse().unwrap();
    let digest = client.put_blob(&source, bytes.clone()).await.unwrap();
    let descriptor = countersign::oci::Descriptor::of("x/y", &bytes);
    assert_eq!(descriptor.digest, digest);
    for target in [format!("{}/c/d", from.address), format!("{}/c/d", to.address)] {
        let target: Repository = target.parse().unwrap();
        client.copy_blob(&source, &descriptor, &client, &target).await.unwrap();
        assert_eq!(client.blob(&target, &descriptor, 4 << 20).await.unwrap(), bytes);
    }
    let mounts = from
        .requests()
        .iter()
        .filter(|request| request.contains("mount="))
        .count();
    assert_eq!(mounts, 1);
    let empty = countersign::oci::Descriptor::of("x/y", b"");
    client.put_blob(&source, &b""[..]).await.unwrap();
    client
        .copy_blob(&source, &empty, &client, &format!("{}/e", to.address).parse().unwrap())
        .await
        .unwrap();
}

/// Registries and what lies before them don't know every way to push a blob.
#[tokio::test]
async fn blobs_are_pushed_where_only_some_ways_work() {
    let bytes = vec![7_u8; 1 << 20];
    let descriptor = countersign::oci::Descriptor::of("x/y", &bytes);
    let small = countersign::oci::Descriptor::of("x/y", b"small");
    for (method, path, status) in [
        ("POST", "?digest=", 403),
        ("POST", "?digest=", 404),
        ("POST", "?digest=", 500),
        ("POST", "?mount=", 400),
        ("POST", "?mount=", 404),
        ("POST", "?mount=", 405),
    ] {
        let registry = Embedded::start();
        let source: Repository = format!("{}/a/b", registry.address).parse().unwrap();
        let target: Repository = format!("{}/c/d", registry.address).parse().unwrap();
        registry
            .control
            .inject(Rule::new(Fault::status(status)).method(method).path(path));
        let client = plain();
        client.put_blob(&source, &b"small"[..]).await.unwrap();
        client.put_blob(&source, bytes.clone()).await.unwrap();
        for descriptor in [&descriptor, &small] {
            client.copy_blob(&source, descriptor, &client, &target).await.unwrap();
            assert!(
                client.blob_exists(&target, &descriptor.digest).await.unwrap(),
                "{path} {status}"
            );
        }
    }
}

/// A registry that takes bytes only before the request that names their digest.
#[tokio::test]
async fn blobs_are_pushed_where_a_put_takes_no_body() {
    for refusal in [400, 405] {
        let from = Embedded::start();
        let source: Repository = format!("{}/a/b", from.address).parse().unwrap();
        let bytes = vec![7_u8; 1 << 20];
        let descriptor = countersign::oci::Descriptor::of("x/y", &bytes);
        plain().put_blob(&source, bytes.clone()).await.unwrap();
        let registry = Server::start(move |seen| {
            let body = seen.raw.split("\r\n\r\n").nth(1).is_some_and(|body| !body.is_empty());
            let upload = [("Location", "/v2/c/d/blobs/uploads/1")];
            match (seen.method.as_str(), body) {
                ("HEAD", _) => Reply::new(404, &[], ""),
                ("POST", false) | ("PATCH", true) => Reply::new(202, &upload, ""),
                ("PUT", false) => Reply::new(201, &[], ""),
                _ => Reply::new(refusal, &[], ""),
            }
        });
        let target: Repository = format!("{}/c/d", registry.address).parse().unwrap();
        plain().put_blob(&target, &b"small"[..]).await.unwrap();
        let client = plain();
        client.copy_blob(&source, &descriptor, &client, &target).await.unwrap();
        let patched: Vec<usize> = registry
            .seen()
            .iter()
            .filter(|seen| seen.method == "PATCH")
            .map(|seen| seen.raw.split("\r\n\r\n").nth(1).unwrap().len())
            .collect();
        assert_eq!(patched, [5, 1 << 20], "{refusal}");
    }
}

#[tokio::test]
async fn a_blob_that_is_pushed_in_pieces_follows_a_redirect() {
    let from = Embedded::start();
    let source: Repository = format!("{}/a/b", from.address).parse().unwrap();
    let bytes = vec![7_u8; 1 << 16];
    let descriptor = countersign::oci::Descriptor::of("x/y", &bytes);
    plain().put_blob(&source, bytes.clone()).await.unwrap();
    for endless in [false, true] {
        let registry = Server::start(move |seen| match seen.method.as_str() {
            "POST" => Reply::new(202, &[("Location", "/first/v2/1?state=x")], ""),
            "PUT" if endless || seen.path.starts_with("/first/") => {
                let to = seen.path.replace("/first/", "/second/");
                Reply::new(307, &[("Location", &to)], "")
            }
            "PUT" => Reply::new(201, &[], ""),
            _ => Reply::new(404, &[], ""),
        });
        let target: Repository = format!("{}/c/d", registry.address).parse().unwrap();
        let client = plain();
        let copied = client.copy_blob(&source, &descriptor, &client, &target).await;
        assert_eq!(copied.is_err(), endless);
        let seen = registry.seen();
        let last = seen.last().unwrap();
        assert!(
            last.path.starts_with("/second/v2/1?state=x&digest=sha256"),
            "{}",
            last.path
        );
        assert_eq!(last.path.matches("digest=").count(), 1, "{}", last.path);
        assert!(last.raw.ends_with("\u{7}\u{7}"));
        assert!(seen.len() < 10);
    }
}

#[tokio::test]
async fn a_password_is_given_where_it_is_asked_for() {
    let Some(registry) = DockerRegistry::start(&Docker {
        htpasswd: true,
        ..Docker::default()
    }) else {
        return;
    };
    let name = format!("{}/a/b", registry.address);
    round_trip(&client(user(), http::TlsOptions::default()), &name).await;
    let wrong = Credentials::none().given(Credential::of("user", "wrong".to_owned().into()), "the flag of a test");
    let error = client(wrong, http::TlsOptions::default())
        .manifest(&name.parse().unwrap(), &tag("v1"))
        .await
        .unwrap_err();
    assert!(
        error.is_authentication() && error.to_string().contains("the flag of a test"),
        "{error}"
    );
    let error = plain()
        .manifest(&name.parse().unwrap(), &tag("v1"))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no credentials") && error.contains("countersign login"),
        "{error}"
    );
}

/// A token service whose tokens docker-registry takes: signed with a key whose certificate it has.
struct TokenService {
    directory: tempfile::TempDir,
    server: Server,
}

impl TokenService {
    fn start() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        certificate(directory.path(), "token", None)?;
        let key = std::fs::read_to_string(directory.path().join("token.key")).unwrap();
        let pem = std::fs::read_to_string(directory.path().join("token.pem")).unwrap();
        let x5c: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let server = Server::start(move |seen| {
            let basic = seen
                .authorization()
                .is_some_and(|a| a == format!("Basic {PASSWORD_BASE64}"));
            let refresh = seen.method == "POST" && seen.raw.contains("refresh_token=identity%2Dtoken") || {
                seen.method == "POST" && seen.raw.contains("refresh_token=identity-token")
            };
            if !basic && !refresh {
                return Reply::json(401, r#"{"errors":[{"code":"UNAUTHORIZED","message":"who are you?"}]}"#);
            }
            let query = seen.path.split('?').nth(1).map_or_else(
                || seen.raw.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned(),
                ToOwned::to_owned,
            );
            let name = if seen.method == "POST" { "access_token" } else { "token" };
            Reply::json(
                200,
                format!(r#"{{"{name}":"{}","expires_in":300}}"#, jwt(&key, &x5c, &query)),
            )
        });
        Some(Self { directory, server })
    }

    fn registry(&self) -> Option<DockerRegistry> {
        let extra = format!(
            "auth: {{token: {{realm: 'http://{}/token', service: tests, issuer: tester, rootcertbundle: {}}}}}\n",
            self.server.address,
            self.directory.path().join("token.pem").display()
        );
        DockerRegistry::start(&Docker {
            extra,
            ..Docker::default()
        })
    }
}

/// A token that allows what the query asks for (Docker token authentication, "Token Claims").
fn jwt(key: &str, x5c: &str, query: &str) -> String {
    use p256::ecdsa::signature::Signer as _;
    use p256::pkcs8::DecodePrivateKey as _;
    let decode = |text: &str| {
        text.replace("%3A", ":")
            .replace("%2F", "/")
            .replace("%2C", ",")
            .replace("%20", " ")
    };
    let access: Vec<String> = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("scope="))
        .flat_map(|scopes| decode(scopes).split(' ').map(ToOwned::to_owned).collect::<Vec<_>>())
        .filter_map(|scope| {
            let mut parts = scope.splitn(3, ':');
            let (kind, name, actions) = (parts.next()?, parts.next()?, parts.next()?);
            let actions: Vec<String> = actions.split(',').map(|action| format!("\"{action}\"")).collect();
            Some(format!(
                r#"{{"type":"{kind}","name":"{name}","actions":[{}]}}"#,
                actions.join(",")
            ))
        })
        .collect();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let header = format!(r#"{{"typ":"JWT","alg":"ES256","x5c":["{x5c}"]}}"#);
    let claims = format!(
        r#"{{"iss":"tester","sub":"user","aud":"tests","exp":{},"nbf":{},"iat":{now},"jti":"1","access":[{}]}}"#,
        now + 300,
        now - 10,
        access.join(",")
    );
    let url = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let signed = format!("{}.{}", url.encode(header), url.encode(claims));
    let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from_pkcs8_pem(key)
        .unwrap()
        .sign(signed.as_bytes());
    format!("{signed}.{}", url.encode(signature.to_bytes()))
}

#[tokio::test]
async fn a_token_is_fetched_and_read_and_write_work() {
    let Some(service) = TokenService::start() else { return };
    let Some(registry) = service.registry() else { return };
    round_trip(
        &client(user(), http::TlsOptions::default()),
        &format!("{}/a/b", registry.address),
    )
    .await;
    // Push, pull and delete are three scopes; a wider token serves the narrower request.
    assert!(service.server.seen().len() <= 3, "{:?}", service.server.seen());
}

#[tokio::test]
async fn an_identity_token_is_exchanged() {
    let Some(service) = TokenService::start() else { return };
    let Some(registry) = service.registry() else { return };
    let identity = Credential::of("<token>", "identity-token".to_owned().into());
    let client = client(
        Credentials::none().given(identity, "a test"),
        http::TlsOptions::default(),
    );
    round_trip(&client, &format!("{}/a/b", registry.address)).await;
    assert!(service.server.seen().iter().all(|seen| seen.method == "POST"));
}

#[tokio::test]
async fn a_hundred_requests_at_once_share_one_token() {
    let Some(service) = TokenService::start() else { return };
    let Some(registry) = service.registry() else { return };
    let repository: Repository = format!("{}/a/b", registry.address).parse().unwrap();
    let client = client(user(), http::TlsOptions::default());
    // The first request learns that a token is needed.
    assert_eq!(client.manifest(&repository, &tag("x")).await.unwrap(), None);
    let one = async |n: u32| client.manifest(&repository, &tag(&format!("t{n}"))).await.unwrap();
    let all = futures_util::future::join_all((0..100).map(one)).await;
    assert!(all.iter().all(Option::is_none));
    assert_eq!(service.server.seen().len(), 1);
}

#[tokio::test]
async fn a_refused_token_names_the_service_and_the_source() {
    let Some(service) = TokenService::start() else { return };
    let Some(registry) = service.registry() else { return };
    let wrong = Credentials::none().given(Credential::of("user", "wrong".to_owned().into()), "the flag of a test");
    let error = client(wrong, http::TlsOptions::default())
        .manifest(&format!("{}/a/b", registry.address).parse().unwrap(), &tag("v1"))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the flag of a test") && error.contains("who are you?"),
        "{error}"
    );
}

/// Makes `<name>.key` and `<name>.pem` for localhost, signed by `ca` or by itself, with openssl.
fn certificate(directory: &Path, name: &str, ca: Option<&str>) -> Option<()> {
    let file = |suffix: &str| directory.join(format!("{name}.{suffix}"));
    let run = |arguments: &[&str]| {
        Command::new("openssl")
            .args(arguments)
            .current_dir(directory)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let made = run(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        file("key").to_str()?,
    ]);
    if !made {
        peers::skip("openssl is not there to make certificates");
        return None;
    }
    let (key, pem) = (format!("{name}.key"), format!("{name}.pem"));
    match ca {
        None => assert!(run(&[
            "req",
            "-x509",
            "-key",
            &key,
            "-subj",
            &format!("/CN={name}"),
            "-days",
            "2",
            "-out",
            &pem
        ])),
        Some(ca) => {
            std::fs::write(
                file("ext"),
                "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
            )
            .unwrap();
            let (csr, ext) = (format!("{name}.csr"), format!("{name}.ext"));
            assert!(run(&[
                "req",
                "-new",
                "-key",
                &key,
                "-subj",
                &format!("/CN={name}"),
                "-out",
                &csr
            ]));
            let (ca_pem, ca_key) = (format!("{ca}.pem"), format!("{ca}.key"));
            assert!(run(&[
                "x509",
                "-req",
                "-in",
                &csr,
                "-CA",
                &ca_pem,
                "-CAkey",
                &ca_key,
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                &ext,
                "-out",
                &pem,
            ]));
        }
    }
    Some(())
}

/// A registry with TLS, which asks for client certificates when `mutual`, and the directory of its certificates.
fn tls_registry(mutual: bool) -> Option<(DockerRegistry, tempfile::TempDir)> {
    let directory = tempfile::tempdir().unwrap();
    certificate(directory.path(), "ca", None)?;
    certificate(directory.path(), "server", Some("ca"))?;
    certificate(directory.path(), "client", Some("ca"))?;
    let file = |name: &str| directory.path().join(name);
    let registry = DockerRegistry::start(&Docker {
        tls: Some((file("server.pem"), file("server.key"))),
        client_ca: mutual.then(|| file("ca.pem")),
        ..Docker::default()
    })?;
    Some((registry, directory))
}

fn ca(directory: &Path) -> http::TlsOptions {
    http::TlsOptions {
        ca_file: Some(directory.join("ca.pem")),
        ..http::TlsOptions::default()
    }
}

#[tokio::test]
async fn tls_works_with_the_registrys_ca() {
    let Some((registry, directory)) = tls_registry(false) else {
        return;
    };
    let port = registry.address.rsplit(':').next().unwrap();
    for host in ["localhost", "127.0.0.1"] {
        round_trip(
            &client(Credentials::none(), ca(directory.path())),
            &format!("{host}:{port}/a/b"),
        )
        .await;
    }
    let insecure = http::TlsOptions {
        insecure: true,
        ..http::TlsOptions::default()
    };
    round_trip(&client(Credentials::none(), insecure), &format!("localhost:{port}/a/b")).await;
}

#[tokio::test]
async fn an_unknown_ca_a_wrong_name_and_a_bad_file_say_what_to_do() {
    let Some((registry, directory)) = tls_registry(false) else {
        return;
    };
    let port = registry.address.rsplit(':').next().unwrap();
    let error = async |tls: http::TlsOptions, host: &str| {
        let repository = format!("{host}:{port}/a/b").parse().unwrap();
        client(Credentials::none(), tls)
            .manifest(&repository, &tag("v1"))
            .await
            .unwrap_err()
            .to_string()
    };
    certificate(directory.path(), "other", None).unwrap();
    let other = http::TlsOptions {
        ca_file: Some(directory.path().join("other.pem")),
        ..http::TlsOptions::default()
    };
    let text = error(other, "localhost").await;
    assert!(text.contains("--registry-cacert"), "{text}");
    let named = http::TlsOptions {
        server_name: Some("elsewhere.example".into()),
        ..ca(directory.path())
    };
    let text = error(named, "localhost").await;
    assert!(text.contains("--registry-server-name"), "{text}");
    let missing = http::TlsOptions {
        ca_file: Some(PathBuf::from("/nowhere/ca.pem")),
        ..http::TlsOptions::default()
    };
    let text = error(missing, "localhost").await;
    assert!(text.contains("/nowhere/ca.pem"), "{text}");
    // A name that resolves to the server, with the name in its certificate given.
    let right = http::TlsOptions {
        server_name: Some("localhost".into()),
        ..ca(directory.path())
    };
    round_trip(&client(Credentials::none(), right), &format!("x.localhost:{port}/a/b")).await;
}

#[tokio::test]
async fn mutual_tls_shows_the_client_certificate() {
    let Some((registry, directory)) = tls_registry(true) else {
        return;
    };
    let port = registry.address.rsplit(':').next().unwrap();
    let file = |name: &str| directory.path().join(name);
    let tls = http::TlsOptions {
        client: Some((file("client.pem"), file("client.key"))),
        ..ca(directory.path())
    };
    round_trip(&client(Credentials::none(), tls), &format!("localhost:{port}/a/b")).await;
    let without = client(Credentials::none(), ca(directory.path()));
    let error = without
        .manifest(&format!("localhost:{port}/a/b").parse().unwrap(), &tag("v1"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--registry-client-cert"), "{error}");
}

#[tokio::test]
async fn plain_http_is_not_used_elsewhere_without_being_asked_for() {
    let registry = Embedded::start();
    let port = registry.address.rsplit(':').next().unwrap();
    // An https registry on a loopback name is found although http is tried first.
    let Some((tls, _directory)) = tls_registry(false) else {
        return;
    };
    let insecure = http::TlsOptions {
        insecure: true,
        ..http::TlsOptions::default()
    };
    round_trip(&client(Credentials::none(), insecure), &format!("{}/a/b", tls.address)).await;
    // Another name than a loopback one: only https, which this server does not speak.
    let Ok(host) = std::fs::read_to_string("/proc/sys/kernel/hostname") else {
        return;
    };
    let name = format!(
        "{}.example:{port}/a/b",
        host.trim().to_ascii_lowercase().replace('_', "-")
    );
    if let Ok(repository) = name.parse() {
        assert!(plain().manifest(&repository, &tag("v1")).await.is_err());
    }
    assert_eq!(registry.requests().len(), 0);
}

#[tokio::test]
async fn transient_failures_are_tried_again_and_others_are_not() {
    let registry = Embedded::start();
    let image = image::push(&registry.address, "a/b", "v1");
    let repository: Repository = format!("{}/a/b", registry.address).parse().unwrap();
    for fault in [
        Fault::status(429),
        Fault::status(503),
        Fault::status(500),
        Fault::status(408),
        Fault::Close,
        Fault::Truncate(3),
    ] {
        registry.control.forget();
        registry.control.inject(Rule::new(fault.clone()).times(2));
        let found = plain().manifest(&repository, &tag("v1")).await;
        assert_eq!(found.unwrap().unwrap().digest.to_string(), image.digest, "{fault:?}");
        registry.control.heal();
    }
    for status in [400, 401, 403, 404, 405, 409, 410, 501] {
        registry.control.forget();
        registry.control.inject(Rule::new(Fault::status(status)));
        let _ = plain().manifest(&repository, &tag("v1")).await;
        assert_eq!(registry.requests().len(), 1, "{status}");
        registry.control.heal();
    }
}

#[tokio::test]
async fn retry_after_is_obeyed_and_bounded_by_the_deadline() {
    let registry = Embedded::start();
    image::push(&registry.address, "a/b", "v1");
    let repository: Repository = format!("{}/a/b", registry.address).parse().unwrap();
    registry.control.inject(Rule::new(Fault::retry_after(503, 1)).times(1));
    let started = Instant::now();
    plain().manifest(&repository, &tag("v1")).await.unwrap().unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    registry.control.inject(Rule::new(Fault::retry_after(429, 86_400)));
    let error = plain().manifest(&repository, &tag("v1")).await.unwrap_err();
    assert!(error.is_network() && error.to_string().contains("86400 s"), "{error}");
}

#[tokio::test]
async fn an_http_proxy_of_the_environment_is_used() {
    let target = Embedded::start();
    let image = image::push(&target.address, "a/b", "v1");
    let address = target.address.clone();
    // A proxy that leads every name to the embedded registry.
    let proxy = Server::start(move |seen| {
        let path = seen
            .path
            .strip_prefix("http://registry.example")
            .unwrap_or("/not-absolute");
        let answer = support::wire::request(&address, &seen.method, path, &[], b"");
        let headers = ["docker-content-digest", "content-type"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), answer.header(name)?.to_owned())))
            .collect();
        Reply::Full(answer.status, headers, answer.body)
    });
    let run = countersign()
        .args([
            "doctor",
            "--allow-http-registry",
            "--timeout",
            "20s",
            "--retries",
            "0",
            "registry.example/a/b:v1",
        ])
        .env("HTTP_PROXY", format!("http://user:{PASSWORD}@{}", proxy.address))
        .env("NO_PROXY", "other.example")
        .run();
    // https is tried first, and fails here, as there is no name server for registry.example.
    assert!(run.stdout.contains(&image.digest), "{}{}", run.stdout, run.stderr);
    assert!(
        proxy
            .seen()
            .iter()
            .any(|seen| seen.raw.to_lowercase().contains("proxy-authorization: basic"))
    );
    assert!(!run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD));
}

/// A proxy asks for whatever it is told, so the addresses that no server may lead to must not reach it.
#[test]
fn no_redirect_leads_a_proxy_to_metadata() {
    for host in ["169.254.169.254", "2852039166", "[fd00:ec2::254]", "0xa9.0xfe.43518"] {
        let target = format!("http://{host}/latest");
        let proxy = Server::start(move |seen| match seen.path.starts_with("http://registry.example/") {
            true => Reply::new(307, &[("Location", &target)], ""),
            false => Reply::new(200, &[], "secret"),
        });
        let run = countersign()
            .args([
                "tree",
                "--allow-http-registry",
                "--retries",
                "0",
                "registry.example/a/b:v1",
            ])
            .env("HTTP_PROXY", format!("http://{}", proxy.address))
            .run();
        assert_ne!(run.code, 0, "{host}");
        assert!(run.stderr.contains("metadata"), "{host}: {}", run.stderr);
        let seen = proxy.seen();
        assert!(
            seen.iter()
                .all(|seen| seen.path.starts_with("http://registry.example/")),
            "{host}: {seen:?}"
        );
    }
}

/// A server of TLS that closes the connection on which plain http comes without a word, as OpenSSL does.
fn silent_to_http(tls: &str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let tls = tls.to_owned();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut first = [0];
            let Ok(1) = client.peek(&mut first) else { continue };
            if first[0] != 0x16 {
                // All of it is read first, so that the end is no reset.
                let _ = std::io::Read::read(&mut client, &mut [0; 4096]);
                continue;
            }
            let mut server = std::net::TcpStream::connect(&tls).unwrap();
            let (mut back, mut forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut back, &mut forth));
            std::thread::spawn(move || std::io::copy(&mut client, &mut server));
        }
    });
    address
}

#[tokio::test]
async fn tls_is_tried_where_a_server_of_this_host_closes_on_http() {
    let Some((registry, _directory)) = tls_registry(false) else {
        return;
    };
    let port = silent_to_http(&registry.address);
    let port = port.rsplit(':').next().unwrap();
    let insecure = http::TlsOptions {
        insecure: true,
        ..http::TlsOptions::default()
    };
    round_trip(&client(Credentials::none(), insecure), &format!("localhost:{port}/a/b")).await;
    // A certificate that is not accepted is the error, not the connection before.
    let error = plain()
        .manifest(&format!("localhost:{port}/a/b").parse().unwrap(), &tag("v1"))
        .await;
    assert!(error.unwrap_err().to_string().contains("--registry-cacert"));
}

#[tokio::test]
async fn a_self_signed_certificate_that_is_given_is_accepted() {
    let directory = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.pem".split(' '))
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-days",
            "2",
        ])
        .current_dir(directory.path())
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        peers::skip("openssl is not there to make certificates");
        return;
    }
    let file = |name: &str| directory.path().join(name);
    let Some(registry) = DockerRegistry::start(&Docker {
        tls: Some((file("own.pem"), file("own.key"))),
        ..Docker::default()
    }) else {
        return;
    };
    let port = registry.address.rsplit(':').next().unwrap();
    let own = || http::TlsOptions {
        ca_file: Some(file("own.pem")),
        ..http::TlsOptions::default()
    };
    round_trip(&client(Credentials::none(), own()), &format!("localhost:{port}/a/b")).await;
    let error = client(Credentials::none(), own())
        .manifest(&format!("127.0.0.1:{port}/a/b").parse().unwrap(), &tag("v1"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--registry-server-name"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_helper_ends_with_the_time_allowed() {
    let directory = tempfile::tempdir().unwrap();
    let helper = directory.path().join("docker-credential-slow");
    std::fs::write(&helper, "#!/bin/sh\nexec sleep 60\n").unwrap();
    std::fs::set_permissions(&helper, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::write(directory.path().join("config.json"), r#"{"credsStore":"slow"}"#).unwrap();
    let registry = Server::start(|_| Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""));
    let path = format!("{}:{}", directory.path().display(), std::env::var("PATH").unwrap());
    let started = Instant::now();
    let run = countersign()
        .args(["tree", "--timeout", "1s", &format!("{}/a/b:v1", registry.address)])
        .env("DOCKER_CONFIG", directory.path())
        .env("PATH", path)
        .run();
    assert!(run.stderr.contains("raise --timeout"), "{}", run.stderr);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn login_stores_only_what_the_registry_accepts() {
    let Some(registry) = DockerRegistry::start(&Docker {
        htpasswd: true,
        ..Docker::default()
    }) else {
        return;
    };
    let login = |password: &str, home: &Path| {
        countersign()
            .args(["login", &registry.address, "-u", "user", "--password-stdin"])
            .env("DOCKER_CONFIG", home)
            .stdin(format!("{password}\n"))
            .run()
    };
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.json");
    let refused = login("wrong", home.path()).expect_code(1);
    assert!(refused.stderr.contains("401"), "{}", refused.stderr);
    assert!(!config.exists());
    let accepted = login(PASSWORD, home.path()).success();
    assert!(accepted.stderr.contains("logged in via"), "{}", accepted.stderr);
    assert!(
        std::fs::read_to_string(&config)
            .unwrap()
            .contains(&B64.encode("user:secret"))
    );
    image_of(&registry);
    let doctor = countersign()
        .args(["doctor", &format!("{}/a/b:v1", registry.address)])
        .env("DOCKER_CONFIG", home.path())
        .run()
        .success();
    assert!(
        doctor.stdout.contains("the entry") && doctor.stdout.contains("basic"),
        "{}",
        doctor.stdout
    );
    let logout = countersign()
        .args(["logout", &registry.address])
        .env("DOCKER_CONFIG", home.path())
        .run()
        .success();
    assert!(logout.stderr.contains("removed"), "{}", logout.stderr);
    assert!(!std::fs::read_to_string(&config).unwrap().contains(&registry.address));
}

/// Pushes an image to a registry with a user, by our own client.
fn image_of(registry: &DockerRegistry) {
    let repository: Repository = format!("{}/a/b", registry.address).parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = client(user(), http::TlsOptions::default());
        let config = client.put_blob(&repository, &b"{}"[..]).await.unwrap();
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"{}","size":2,"digest":"{config}"}},"layers":[]}}"#,
            media_type::OCI_MANIFEST,
            media_type::OCI_EMPTY
        );
        client.put_manifest(&repository, &tag("v1"), media_type::OCI_MANIFEST, manifest, None).await.unwrap();
    });
}

#[cfg(unix)]
#[test]
fn login_stores_in_the_helper_that_is_configured_and_uses_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(registry) = DockerRegistry::start(&Docker {
        htpasswd: true,
        ..Docker::default()
    }) else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let helper = home.path().join("docker-credential-testing");
    // Keeps one credential in a file beside itself.
    let script = "#!/bin/sh\ncd \"$(dirname \"$0\")\"\ncase $1 in\nstore) cat > kept ;;\nget) cat > asked; if [ -f kept ]; then cat kept; \
                  else echo 'credentials not found in native keychain'; exit 1; fi ;;\nerase) rm -f kept ;;\nesac\n";
    std::fs::write(&helper, script).unwrap();
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(home.path().join("config.json"), r#"{"credsStore":"testing","other":1}"#).unwrap();
    let path = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
    let program = || countersign().env("DOCKER_CONFIG", home.path()).env("PATH", &path);
    program()
        .args(["login", &registry.address, "-u", "user", "--password-stdin"])
        .stdin(PASSWORD)
        .run()
        .success();
    let config = std::fs::read_to_string(home.path().join("config.json")).unwrap();
    assert!(
        !config.contains(PASSWORD_BASE64) && config.contains("\"other\""),
        "{config}"
    );
    assert!(
        std::fs::read_to_string(home.path().join("kept"))
            .unwrap()
            .contains(PASSWORD)
    );
    image_of(&registry);
    let doctor = program()
        .args(["doctor", &format!("{}/a/b:v1", registry.address)])
        .run()
        .success();
    assert!(doctor.stdout.contains("docker-credential-testing"), "{}", doctor.stdout);
    assert_eq!(
        std::fs::read_to_string(home.path().join("asked")).unwrap(),
        registry.address
    );
    program().args(["logout", &registry.address]).run().success();
    assert!(!home.path().join("kept").exists());
}

#[test]
fn doctor_says_what_does_not_work_and_what_to_do() {
    let registry = Embedded::start();
    image::push(&registry.address, "a/b", "v1");
    let reference = format!("{}/a/b:v1", registry.address);
    let run = countersign().args(["doctor", "--write", &reference]).run().success();
    assert!(run.stdout.contains("conditional writes are honoured"), "{}", run.stdout);
    assert_eq!(registry.tags("a/b"), ["v1"], "the trial tag is gone");
    registry.control.configure(|options| {
        options.referrers_api = false;
        options.immutable_tags = true;
    });
    let run = countersign()
        .args(["doctor", "--write", &reference])
        .run()
        .expect_code(1);
    assert!(
        run.stdout.contains("no API") && run.stdout.contains("can't be overwritten"),
        "{}",
        run.stdout
    );
    let run = countersign()
        .args(["doctor", &format!("{}/a/b:v2", registry.address)])
        .run()
        .expect_code(1);
    assert!(run.stdout.contains("does not exist"), "{}", run.stdout);
    let closed = support::registry::free_address();
    let run = countersign()
        .args(["doctor", "--retries", "0", &format!("{closed}/a/b:v1")])
        .run()
        .expect_code(1);
    assert!(run.stdout.contains("FAIL connection"), "{}", run.stdout);
}

#[test]
fn verbose_shows_requests_and_no_secret() {
    let registry = Embedded::start();
    image::push(&registry.address, "a/b", "v1");
    registry
        .control
        .configure(|options| options.user = Some(("user".into(), PASSWORD.into())));
    let run = countersign()
        .args([
            "doctor",
            "-d",
            "--registry-username",
            "user",
            "--registry-password",
            PASSWORD,
        ])
        .arg(format!("{}/a/b:v1", registry.address))
        .run()
        .success();
    assert!(
        run.stderr.contains("GET http://") && run.stderr.contains("401"),
        "{}",
        run.stderr
    );
    assert!(
        !run.stderr.contains(PASSWORD) && !run.stderr.contains(PASSWORD_BASE64),
        "{}",
        run.stderr
    );
}
