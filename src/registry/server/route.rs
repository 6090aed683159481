//! From the method and path of a request to what handles it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode, Uri};
use subtle::ConstantTimeEq;

use super::control::Shared;
use super::reply::{ApiError, Reply};
use super::{blobs, lists, manifests};
use crate::digest::Digest;

/// The longest name of a repository.
const MAX_NAME: usize = 255;

/// The name of a repository; well-formed, so that it is safe as a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(String);

impl Name {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() <= MAX_NAME && text.split('/').all(component);
        well_formed.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn component(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let edges = text.starts_with(alphanumeric) && text.ends_with(alphanumeric);
    edges
        && text
            .split(alphanumeric)
            .all(|gap| matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|b| b == b'-'))
}

/// A well-formed tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
pub(super) fn is_tag(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|b| word(b) || b == b'.' || b == b'-')
}

/// What a manifest is asked by.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Tag(String),
    Digest(Digest),
}

impl Target {
    fn parse(text: &str) -> Option<Self> {
        if text.contains(':') {
            return text.parse().ok().map(Self::Digest);
        }
        is_tag(text).then(|| Self::Tag(text.to_owned()))
    }
}

/// The thing that a path names.
#[derive(Debug)]
enum Route {
    Base,
    Catalog,
    Manifest(Name, Target),
    Blob(Name, Digest),
    Uploads(Name),
    Upload(Name, String),
    Tags(Name),
    Referrers(Name, Digest),
}

impl Route {
    fn parse(path: &str) -> Result<Self, ApiError> {
        let unknown = || ApiError::not_found("NOT_FOUND", "no such endpoint");
        let name = |text: &str| {
            Name::parse(text)
                .ok_or_else(|| ApiError::bad("NAME_INVALID", "the name of the repository is not well-formed"))
        };
        let digest = |text: &str| {
            text.parse::<Digest>()
                .map_err(|_| ApiError::bad("DIGEST_INVALID", "the digest is not well-formed"))
        };
        let rest = match path.strip_prefix("/v2") {
            Some("" | "/") => return Ok(Self::Base),
            Some("/_catalog") => return Ok(Self::Catalog),
            Some(rest) => rest.strip_prefix('/').ok_or_else(unknown)?,
            None => return Err(unknown()),
        };
        if let Some((repository, id)) = rest.rsplit_once("/blobs/uploads/") {
            let repository = name(repository)?;
            return Ok(if id.is_empty() {
                Self::Uploads(repository)
            } else {
                Self::Upload(repository, id.to_owned())
            });
        }
        if let Some(repository) = rest.strip_suffix("/blobs/uploads") {
            return name(repository).map(Self::Uploads);
        }
        if let Some(repository) = rest.strip_suffix("/tags/list") {
            return name(repository).map(Self::Tags);
        }
        if let Some((repository, reference)) = rest.rsplit_once("/manifests/") {
            let target = Target::parse(reference).ok_or_else(|| {
                ApiError::bad("MANIFEST_INVALID", "neither a well-formed tag nor a well-formed digest")
            })?;
            return Ok(Self::Manifest(name(repository)?, target));
        }
        if let Some((repository, text)) = rest.rsplit_once("/blobs/") {
            return Ok(Self::Blob(name(repository)?, digest(text)?));
        }
        if let Some((repository, text)) = rest.rsplit_once("/referrers/") {
            return Ok(Self::Referrers(name(repository)?, digest(text)?));
        }
        Err(unknown())
    }
}

/// A value of the query, decoded.
pub(super) fn query(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query()?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(n, _)| *n == name)
        .and_then(|(_, v)| decode(v))
}

/// Percent-decoding. `+` stays as it is: media types have it, and clients don't escape it in queries.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok())?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Handles a request.
pub(super) async fn dispatch(shared: &Shared, request: Request<Incoming>) -> Result<Reply, ApiError> {
    authorise(shared, &request)?;
    let method = request.method().clone();
    let read = method == Method::GET || method == Method::HEAD;
    let not_allowed = || {
        ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "the method is not supported here",
        )
    };
    match Route::parse(request.uri().path())? {
        Route::Base if read => Ok(Reply::new(StatusCode::OK).json("application/json", &serde_json::json!({}))),
        Route::Catalog if read => Ok(lists::catalog(shared)),
        Route::Tags(name) if read => lists::tags(shared, &name, request.uri()),
        Route::Referrers(name, subject) if read => lists::referrers(shared, &name, &subject, request.uri()),
        Route::Manifest(name, target) if read => manifests::get(shared, &name, &target, request.headers()),
        Route::Manifest(name, target) if method == Method::PUT => manifests::put(shared, &name, &target, request).await,
        Route::Manifest(name, target) if method == Method::DELETE => manifests::delete(shared, &name, &target),
        Route::Blob(name, digest) if read => blobs::get(shared, &name, &digest),
        Route::Blob(name, digest) if method == Method::DELETE => blobs::delete(shared, &name, &digest),
        Route::Uploads(name) if method == Method::POST => blobs::start(shared, &name, request).await,
        Route::Upload(name, id) if method == Method::GET => blobs::status(shared, &name, &id),
        Route::Upload(name, id) if method == Method::PATCH => blobs::append(shared, &name, &id, request).await,
        Route::Upload(name, id) if method == Method::PUT => blobs::finish(shared, &name, &id, request).await,
        Route::Upload(name, id) if method == Method::DELETE => blobs::cancel(shared, &name, &id),
        _ => Err(not_allowed()),
    }
}

fn authorise(shared: &Shared, request: &Request<Incoming>) -> Result<(), ApiError> {
    let Some((user, password)) = shared.options().user else {
        return Ok(());
    };
    let expected = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    let given = request
        .headers()
        .get("authorization")
        .map(|v| v.as_bytes())
        .unwrap_or_default();
    if given.ct_eq(expected.as_bytes()).into() {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNAUTHORIZED,
        "UNAUTHORIZED",
        "authentication required",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_specification() {
        for good in ["a", "acme/app", "a.b_c__d-e---f/0", "library/ubuntu"] {
            assert!(Name::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "/",
            "a//b",
            "A",
            "a/",
            "/a",
            "../a",
            "a/..",
            "a/_manifests",
            "a..b",
            "a___b",
            "a._b",
            "-a",
            "a/.",
            "ü",
        ] {
            assert!(Name::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_query_is_decoded_but_for_the_plus() {
        let uri: Uri = "/v2/a/referrers/x?artifactType=application%2Fvnd.x+json&n=2"
            .parse()
            .unwrap();
        assert_eq!(query(&uri, "artifactType").as_deref(), Some("application/vnd.x+json"));
        assert_eq!(query(&uri, "n").as_deref(), Some("2"));
        assert_eq!(query(&uri, "last"), None);
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_path_panics(path in "/v2/.{0,60}") {
            let _ = Route::parse(&path);
        }
    }
}
