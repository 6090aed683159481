//! To whom credentials go (go-containerregistry#2193, #2284, #2292; CVE-2020-15157; GHSA-xf85-363p-868w).

use countersign::http::{Origin, Request};
use countersign::registry::{Client, Credential, Credentials, Error, Options};

use super::server::{Reply, Seen, Server};
use super::{PASSWORD, client, repository, tag, with_password};

fn challenge(realm: &str) -> Reply {
    let value = format!("Bearer realm=\"{realm}\",service=\"s\",scope=\"repository:a/b:pull\"");
    Reply::new(401, &[("WWW-Authenticate", &value)], "")
}

/// A registry whose realm is `realm`, and which takes the token `good`.
fn registry(realm: String) -> Server {
    Server::start(move |seen| match seen.authorization() {
        Some("Bearer good") => Reply::not_found(),
        _ => challenge(&realm),
    })
}

fn token(_: &Seen) -> Reply {
    Reply::json(200, r#"{"token":"good"}"#)
}

/// A second loopback address of this host: another host than 127.0.0.1, as far as a client can tell.
fn other_host(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Option<Server> {
    // Not every system has all of 127.0.0.0/8.
    std::net::TcpListener::bind("127.0.0.2:0").ok()?;
    Some(Server::on("127.0.0.2:0", answer))
}

#[tokio::test]
async fn a_token_service_on_the_same_host_gets_the_password() {
    let service = Server::start(token);
    let server = registry(format!("http://{}/token", service.address));
    let client = with_password();
    assert_eq!(
        client.manifest(&repository(&server.address), &tag("v1")).await.unwrap(),
        None
    );
    assert!(service.saw_secret());
    assert!(!server.saw_secret(), "the registry itself needs only the token");
    assert!(
        service.seen()[0].path.contains("scope=repository%3Aa%2Fb%3Apull"),
        "{}",
        service.seen()[0].path
    );
}

#[tokio::test]
async fn the_scope_of_a_challenge_is_asked_for() {
    let service = Server::start(|seen| match seen.path.contains("repository%3Aproxied%2Fa%2Fb%3Apull") {
        true => Reply::json(200, r#"{"token":"good"}"#),
        false => Reply::json(200, r#"{"token":"too little"}"#),
    });
    let realm = format!("http://{}/token", service.address);
    let server = Server::start(move |seen| match seen.authorization() {
        Some("Bearer good") => Reply::not_found(),
        _ => {
            let value = format!(
                "Bearer realm=\"{realm}\",service=\"s\",scope=\"repository:proxied/a/b:pull repository:a/b:pull,push\""
            );
            Reply::new(401, &[("WWW-Authenticate", &value)], "")
        }
    });
    let found = with_password().manifest(&repository(&server.address), &tag("v1")).await;
    assert_eq!(found.unwrap(), None);
    let seen = service.seen();
    assert_eq!(seen.len(), 1);
    // What is read needs no right to write.
    assert!(!seen[0].path.contains("push"), "{}", seen[0].path);
}

/// cosign's way with services that know no OAuth2.
#[tokio::test]
async fn an_identity_token_is_a_password_where_there_is_no_oauth2() {
    let service = Server::start(|seen| match (seen.method.as_str(), seen.authorization()) {
        ("GET", Some(_)) => Reply::json(200, r#"{"token":"good","expires_in":-1}"#),
        _ => Reply::new(404, &[], ""),
    });
    let server = registry(format!("http://{}/token", service.address));
    let given = Credential::IdentityToken(PASSWORD.to_owned().into());
    let client = client(Options {
        credentials: Credentials::none().given(given, "a test"),
        ..Options::default()
    });
    let found = client.manifest(&repository(&server.address), &tag("v1")).await;
    assert_eq!(found.unwrap(), None);
    assert!(!server.saw_secret());
}

#[tokio::test]
async fn a_realm_that_redirects_to_another_server_gives_it_no_secret() {
    for status in [302, 307] {
        let thief = Server::start(token);
        let target = format!("http://{}/steal", thief.address);
        let service = Server::start(move |_| Reply::new(status, &[("Location", &target)], ""));
        let server = registry(format!("http://{}/token", service.address));
        let _ = with_password().manifest(&repository(&server.address), &tag("v1")).await;
        assert!(!thief.saw_secret(), "{status}");
        assert!(
            thief.seen().iter().all(|seen| seen.authorization().is_none()),
            "{status}"
        );
    }
}

#[tokio::test]
async fn an_identity_token_does_not_follow_a_redirect() {
    let thief = Server::start(token);
    let target = format!("http://{}/steal", thief.address);
    let service = Server::start(move |_| Reply::new(307, &[("Location", &target)], ""));
    let server = registry(format!("http://{}/token", service.address));
    let given = Credential::IdentityToken(PASSWORD.to_owned().into());
    let client = client(Options {
        credentials: Credentials::none().given(given, "a test"),
        ..Options::default()
    });
    let error = client
        .manifest(&repository(&server.address), &tag("v1"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("holds credentials"), "{error}");
    assert!(service.saw_secret() && thief.seen().is_empty());
}

#[tokio::test]
async fn a_realm_at_a_metadata_address_is_not_asked() {
    for host in ["169.254.169.254", "[fe80::1]", "0.0.0.0", "[::]"] {
        let server = registry(format!("http://{host}:1/latest"));
        let error = with_password()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("refused"), "{host}: {error}");
        assert!(!error.contains(PASSWORD));
    }
}

#[tokio::test]
async fn a_realm_of_a_public_registry_on_this_host_is_not_asked() {
    let local = Server::start(token);
    let mut request = Request::get(format!("http://{}/token", local.address).parse().unwrap(), 99);
    request.chosen_by = Origin::of(&"http://registry.example".parse().unwrap());
    assert!(super::http().send(request).await.is_err());
    assert_eq!(local.seen().len(), 0);
}

#[tokio::test]
async fn nonsense_realms_are_refused_with_the_realm_named() {
    for realm in [
        "",
        "file:///etc/passwd",
        "/relative",
        "http://user:pw@host/",
        "ldap://x",
        "http://",
    ] {
        let server = registry(realm.to_owned());
        let error = with_password()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Realm { .. }), "{realm}: {error}");
    }
}

#[tokio::test]
async fn a_realm_on_another_host_is_asked_without_credentials() {
    let Some(service) = other_host(token) else { return };
    // Loopback addresses count as one host, as all of them are this one: so the registry must not be on loopback for
    // this test. A name that resolves to it will do.
    let server = registry(format!("http://{}/token", service.address));
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    let Some(name) = host_name() else { return };
    let client = client(Options {
        credentials: Credentials::none().given(Credential::of("user", PASSWORD.to_owned().into()), "a test"),
        allow_http: true,
        ..Options::default()
    });
    let Ok(found) = client
        .manifest(&repository(&format!("{name}:{port}")), &tag("v1"))
        .await
    else {
        // The name does not lead to loopback here; what counts is that nothing was sent.
        assert!(!service.saw_secret());
        return;
    };
    assert_eq!(found, None);
    assert!(!service.seen().is_empty() && !service.saw_secret());
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim().to_ascii_lowercase();
    (!name.is_empty() && name != "localhost").then_some(name)
}

#[tokio::test]
async fn credentials_of_one_registry_do_not_go_to_another() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.json");
    let mine = Server::start(|seen| match seen.authorization() {
        Some(_) => Reply::not_found(),
        None => Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""),
    });
    let other = Server::start(|_| Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""));
    let config = format!(
        r#"{{"auths":{{"{}":{{"auth":"{}"}}}}}}"#,
        mine.address,
        super::PASSWORD_BASE64
    );
    std::fs::write(&path, config).unwrap();
    let client = client(Options {
        credentials: Credentials::from_files(vec![path.clone()]),
        ..Options::default()
    });
    assert_eq!(
        client.manifest(&repository(&mine.address), &tag("v1")).await.unwrap(),
        None
    );
    let error = client
        .manifest(&repository(&other.address), &tag("v1"))
        .await
        .unwrap_err()
        .to_string();
    assert!(mine.saw_secret() && !other.saw_secret());
    assert!(
        error.contains(path.to_str().unwrap()),
        "the place that was looked in is named: {error}"
    );
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_asked_for() {
    let server = Server::start(|_| Reply::not_found());
    assert_eq!(
        with_password()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap(),
        None
    );
    assert!(server.seen().iter().all(|seen| seen.authorization().is_none()));
}

#[tokio::test]
async fn a_registry_that_never_takes_the_token_is_not_asked_for_ever() {
    let service = Server::start(|_| Reply::json(200, r#"{"token":"bad"}"#));
    let server = registry(format!("http://{}/token", service.address));
    let error = with_password()
        .manifest(&repository(&server.address), &tag("v1"))
        .await
        .unwrap_err();
    assert!(error.is_authentication(), "{error}");
    assert!(
        error.to_string().contains("--registry-username"),
        "the source is named: {error}"
    );
    assert_eq!((server.seen().len(), service.seen().len()), (2, 1));
}

#[tokio::test]
async fn oversize_and_odd_challenges_are_no_challenge() {
    for value in [
        "Bearer ".to_owned() + &"x".repeat(20_000),
        "Bearer realm=\"a\",realm=\"b\"".into(),
        "Negotiate".into(),
    ] {
        let server = Server::start(move |_| Reply::new(401, &[("WWW-Authenticate", &value)], ""));
        let error = with_password()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err();
        assert!(error.is_authentication(), "{error}");
        // The other request asks at `/v2/` for a challenge that is one.
        assert_eq!((server.seen().len(), asked_base(&server)), (2, 1));
        assert!(!server.saw_secret());
    }
}

#[tokio::test]
async fn errors_never_hold_a_secret() {
    let servers: Vec<Server> = vec![
        Server::start(|_| Reply::new(403, &[], "no")),
        registry("file:///x".into()),
        Server::start(|seen| match seen.authorization() {
            // A registry that repeats what it was sent.
            Some(sent) => Reply::new(403, &[], sent.to_owned()),
            None => Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""),
        }),
    ];
    for server in &servers[..2] {
        let error = with_password()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err();
        assert!(!format!("{error} {error:?}").contains(PASSWORD));
    }
    let error = with_password()
        .manifest(&repository(&servers[2].address), &tag("v1"))
        .await
        .unwrap_err();
    assert!(!error.to_string().contains(PASSWORD), "{error}");
}

#[tokio::test]
async fn offline_only_the_named_registry_is_contacted() {
    let other = Server::start(|_| Reply::not_found());
    let server = Server::start(|_| Reply::not_found());
    let http = countersign::http::Client::new(countersign::http::Config {
        offline: true,
        retries: 0,
        proxies: false,
        ..countersign::http::Config::default()
    });
    let client = Client::new(http.clone(), Options::default());
    assert_eq!(
        client.manifest(&repository(&server.address), &tag("v1")).await.unwrap(),
        None
    );
    let error = http
        .send(Request::get(format!("http://{}/", other.address).parse().unwrap(), 9))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--offline"), "{error}");
    assert_eq!(other.seen().len(), 0);
}

/// A registry that hides what it has from anonymous requests with `status` and asks for a password at `/v2/` only.
fn hiding(status: u16, base: u16) -> Server {
    Server::start(move |seen| match (seen.path.as_str(), seen.authorization()) {
        (_, Some(_)) => Reply::new(200, &[("Content-Type", "application/json")], "{}"),
        ("/v2/", None) => Reply::new(base, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""),
        _ => Reply::json(status, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#),
    })
}

fn asked_base(server: &Server) -> usize {
    server.seen().iter().filter(|seen| seen.path == "/v2/").count()
}

#[tokio::test]
async fn a_registry_that_asks_only_at_its_base_is_given_the_password() {
    for status in [404, 403, 401] {
        let server = hiding(status, 401);
        let client = with_password();
        let repository = repository(&server.address);
        for name in ["v1", "v2"] {
            let found = client.manifest(&repository, &tag(name)).await.unwrap();
            assert!(found.is_some(), "{status}");
        }
        assert_eq!((asked_base(&server), server.seen().len()), (1, 4), "{status}");
        // A body that is read piece by piece is asked for in the same way.
        let server = hiding(status, 401);
        let repository = super::repository(&server.address);
        let blob = countersign::oci::Descriptor::of("x/y", b"{}");
        let mut read = with_password().read_blob(&repository, &blob).await.unwrap();
        assert_eq!(&read.piece().await.unwrap().unwrap()[..], b"{}");
    }
}

#[tokio::test]
async fn the_base_is_not_asked_without_a_credential_and_only_once() {
    let server = hiding(404, 401);
    let repository = repository(&server.address);
    let anonymous = super::anonymous();
    assert_eq!(anonymous.manifest(&repository, &tag("v1")).await.unwrap(), None);
    assert_eq!(asked_base(&server), 0);
    let open = hiding(404, 200);
    let repository = super::repository(&open.address);
    let client = with_password();
    for name in ["v1", "v2"] {
        assert_eq!(client.manifest(&repository, &tag(name)).await.unwrap(), None);
    }
    assert_eq!(asked_base(&open), 1);
    assert!(!open.saw_secret());
}

/// A base that fails leaves it open whether the 404 was one.
#[tokio::test]
async fn a_failing_base_is_not_absence() {
    for base in [429, 500, 503] {
        let server = hiding(404, base);
        let error = with_password()
            .manifest(&repository(&server.address), &tag("v1"))
            .await
            .unwrap_err();
        assert!(error.is_network(), "{base}: {error}");
    }
}

#[tokio::test]
async fn a_base_elsewhere_is_given_no_secret() {
    let thief = Server::start(|seen| match seen.authorization() {
        Some(_) => Reply::json(200, "{}"),
        None => Reply::new(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], ""),
    });
    let target = format!("http://{}/v2/", thief.address);
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/v2/" => Reply::new(307, &[("Location", &target)], ""),
        _ => Reply::not_found(),
    });
    let found = with_password().manifest(&repository(&server.address), &tag("v1")).await;
    assert_eq!(found.unwrap(), None);
    assert!(!thief.saw_secret() && !server.saw_secret());
}

#[tokio::test]
async fn a_credential_that_was_not_sent_is_not_said_to_be_tried() {
    let server = hiding(403, 200);
    let error = with_password()
        .manifest(&repository(&server.address), &tag("v1"))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("tried no credentials: --registry-username was not asked for"),
        "{error}"
    );
}
