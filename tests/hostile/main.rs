//! Registries that attack: a test per fault of user-needs part D that concerns a registry or client, each against a
//! server written for it. The library's client is what all commands talk through.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bodies;
mod content;
mod credentials;
mod memory;
mod pages;
mod redirects;
mod server;

use countersign::http;
use countersign::reference::{Repository, Target};
use countersign::registry::{Client, Credential, Credentials, Options};

/// What must never reach anyone but the registry and its token service.
const PASSWORD: &str = "hunter2-very-secret";
/// `user:hunter2-very-secret` in base64.
const PASSWORD_BASE64: &str = "dXNlcjpodW50ZXIyLXZlcnktc2VjcmV0";

/// A client without credentials that tries each request once.
fn anonymous() -> Client {
    client(Options::default())
}

/// A client that has a password for every registry.
fn with_password() -> Client {
    let given = Credential::of("user", PASSWORD.to_owned().into());
    client(Options {
        credentials: Credentials::none().given(given, "--registry-username"),
        ..Options::default()
    })
}

fn client(options: Options) -> Client {
    Client::new(http(), options)
}

/// An anonymous client that has so much time.
fn within(time: std::time::Duration) -> Client {
    Client::new(http_within(time), Options::default())
}

fn http() -> http::Client {
    http_within(std::time::Duration::from_secs(60))
}

fn http_within(time: std::time::Duration) -> http::Client {
    http::Client::new(http::Config {
        retries: 0,
        proxies: false,
        deadline: Some(std::time::Instant::now() + time),
        ..http::Config::default()
    })
}

fn repository(address: &str) -> Repository {
    format!("{address}/a/b").parse().unwrap()
}

fn tag(name: &str) -> Target {
    Target::Tag(name.parse().unwrap())
}
