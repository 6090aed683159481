use serde::Deserialize;

use crate::digest::DigestMismatch;
use crate::http::{self, Response, StatusCode, header, redacted, shown};

/// Longest text of a registry's error that is passed on, in characters.
const MAX_DETAIL: usize = 300;
/// Most errors of one answer that are passed on.
const MAX_ERRORS: usize = 3;

/// Why a registry did not do what it was asked to.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No answer was had.
    #[error("{what}: {error}")]
    Http {
        /// What was being done.
        what: String,
        /// What happened.
        error: http::Error,
    },
    /// 401: the registry or its token service does not accept the credentials, or there are none.
    #[error(
        "{what}: {registry} asks for credentials (401{}); tried {tried}; run `countersign login {registry}`",
        colon(detail)
    )]
    Unauthorized {
        /// What was being done.
        what: String,
        /// The registry.
        registry: String,
        /// Where the credentials came from that were tried.
        tried: String,
        /// What the registry says.
        detail: String,
    },
    /// 403: the credentials do not allow it.
    #[error(
        "{what}: {registry} does not allow it (403{}); tried {tried}; use an account that may do it",
        colon(detail)
    )]
    Forbidden {
        /// What was being done.
        what: String,
        /// The registry.
        registry: String,
        /// Where the credentials came from that were tried.
        tried: String,
        /// What the registry says.
        detail: String,
    },
    /// 404 where something must be.
    #[error("{what}: the registry has no such thing (404{})", colon(detail))]
    Absent {
        /// What was being done.
        what: String,
        /// What the registry says.
        detail: String,
    },
    /// 404 by something that does not look like a registry.
    #[error("{what}: {url} answers 404, but not as a registry does; check the host and port")]
    NotRegistry {
        /// What was being done.
        what: String,
        /// The URL.
        url: String,
    },
    /// 412: what was to be replaced has changed meanwhile.
    #[error("{what}: it was changed by someone else meanwhile")]
    PreconditionFailed {
        /// What was being done.
        what: String,
    },
    /// Any other status.
    #[error("{what}: {url} answers {status}{}{}", colon(detail), tries(*attempts))]
    Status {
        /// What was being done.
        what: String,
        /// The URL, redacted.
        url: String,
        /// The status.
        status: StatusCode,
        /// What the registry says.
        detail: String,
        /// How many times it was tried.
        attempts: u32,
    },
    /// The bytes do not have the digest they were asked by.
    #[error("{what}: {mismatch}; the registry or something on the way changed them")]
    Digest {
        /// What was being done.
        what: String,
        /// Both digests.
        mismatch: DigestMismatch,
    },
    /// An answer that makes no sense.
    #[error("{what}: the registry's answer is not valid: {reason}")]
    Malformed {
        /// What was being done.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More than is read.
    #[error("{what}: there are more than the {limit} {items} that are read; nothing was concluded from a part of them")]
    TooMany {
        /// What was being done.
        what: String,
        /// The limit.
        limit: usize,
        /// Of what.
        items: &'static str,
    },
    /// The registry names a token service that is not used.
    #[error("{what}: {registry} names the token service {realm:?}, which is refused: {reason}")]
    Realm {
        /// What was being done.
        what: String,
        /// The registry.
        registry: String,
        /// The realm as the registry gives it.
        realm: String,
        /// Why not.
        reason: &'static str,
    },
    /// Credentials could not be looked up.
    #[error("{what}: {reason}")]
    Credentials {
        /// What was being done.
        what: String,
        /// What is wrong, and where.
        reason: String,
    },
}

/// Whether an answer says that the service fails now, and nothing of what it was asked for.
pub(super) fn is_transient(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 429)
}

fn colon(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(": {detail}")
    }
}

fn tries(attempts: u32) -> String {
    if attempts > 1 {
        format!(" ({attempts} tries)")
    } else {
        String::new()
    }
}

impl Error {
    /// Whether credentials are missing, wrong or insufficient.
    pub fn is_authentication(&self) -> bool {
        matches!(
            self,
            Self::Unauthorized { .. } | Self::Forbidden { .. } | Self::Credentials { .. } | Self::Realm { .. }
        )
    }

    /// Whether the network or the service failed, so that trying again later can help.
    pub fn is_network(&self) -> bool {
        match self {
            Self::Http { error, .. } => error.is_transient() || error.is_timeout(),
            Self::Status { status, .. } => is_transient(*status),
            _ => false,
        }
    }

    /// Whether the registry answered that it does not do such a thing, or has no such thing.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status.as_u16(), 400 | 405),
            Self::Absent { .. } | Self::NotRegistry { .. } => true,
            _ => false,
        }
    }

    /// Whether the registry answered that the thing, or the repository, is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. })
    }

    /// Whether a conditional write lost against another writer.
    pub fn is_precondition_failed(&self) -> bool {
        matches!(self, Self::PreconditionFailed { .. })
    }

    /// Whether a manifest was refused because a blob that it names is not found.
    pub fn is_missing_blob(&self) -> bool {
        match self {
            Self::Status { status, detail, .. } => {
                status.is_client_error() && (detail.contains("BLOB_UNKNOWN") || detail.contains("DIGEST_INVALID"))
            }
            Self::Absent { detail, .. } => detail.contains("BLOB_UNKNOWN"),
            _ => false,
        }
    }

    pub(super) fn malformed(what: &str, reason: impl Into<String>) -> Self {
        Self::Malformed {
            what: what.to_owned(),
            reason: reason.into(),
        }
    }

    /// The error of an answer that is not what was asked for. 401 and 403 are the caller's, which knows what was tried.
    pub(super) fn of_answer(what: &str, response: &Response) -> Self {
        let what = what.to_owned();
        let detail = detail(response);
        match response.status {
            StatusCode::NOT_FOUND if looks_like_registry(response) => Self::Absent { what, detail },
            StatusCode::NOT_FOUND => Self::NotRegistry {
                what,
                url: redacted(&response.uri),
            },
            StatusCode::PRECONDITION_FAILED => Self::PreconditionFailed { what },
            status => Self::Status {
                what,
                url: redacted(&response.uri),
                status,
                detail,
                attempts: response.attempts,
            },
        }
    }
}

/// The body of a registry's error (OCI distribution-spec v1.1, "Error Codes").
#[derive(Deserialize)]
struct Body {
    errors: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

fn items(response: &Response) -> Vec<Item> {
    serde_json::from_slice::<Body>(&response.body)
        .map(|body| body.errors)
        .unwrap_or_default()
}

/// What the answer says is wrong, fit for a message.
pub(super) fn detail(response: &Response) -> String {
    let items = items(response);
    if !items.is_empty() {
        let texts: Vec<String> = items
            .iter()
            .take(MAX_ERRORS)
            .map(|item| match (item.code.is_empty(), item.message.is_empty()) {
                (false, false) => format!("{}: {}", item.code, item.message),
                (false, true) => item.code.clone(),
                _ => item.message.clone(),
            })
            .collect();
        return shown(&texts.join("; "), MAX_DETAIL);
    }
    let text = String::from_utf8_lossy(&response.body);
    let text = text.trim();
    if text.starts_with('<') {
        return "an HTML page".to_owned();
    }
    shown(text, MAX_DETAIL)
}

/// Whether one of the answer's errors has one of `codes`.
pub(super) fn has_code(response: &Response, codes: &[&str]) -> bool {
    items(response).iter().any(|item| codes.contains(&item.code.as_str()))
}

/// Whether the answer does not say by any code what is wrong.
pub(super) fn has_no_code(response: &Response) -> bool {
    items(response).iter().all(|item| item.code.is_empty())
}

/// Whether a 404 is a registry's: it says so in a header, has a registry's error, or has no body at all (HEAD).
pub(super) fn looks_like_registry(response: &Response) -> bool {
    if response.headers.contains_key("docker-distribution-api-version") || response.body.is_empty() {
        return true;
    }
    let json = response
        .header(header::CONTENT_TYPE)
        .is_some_and(|t| t.split(';').next().unwrap_or(t).trim().ends_with("json"));
    !items(response).is_empty() || (json && serde_json::from_slice::<serde::de::IgnoredAny>(&response.body).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str, headers: &[(&'static str, &'static str)]) -> Response {
        let mut map = http::HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Response {
            status: StatusCode::from_u16(status).unwrap(),
            headers: map,
            body: http::Bytes::from_static(body.as_bytes()),
            uri: "https://r.example/v2/a/manifests/b".parse().unwrap(),
            attempts: 1,
        }
    }

    #[test]
    fn absent_is_only_a_registrys_404() {
        let registry = r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#;
        assert!(Error::of_answer("x", &answer(404, registry, &[])).is_absent());
        assert!(Error::of_answer("x", &answer(404, "", &[])).is_absent());
        let header = [("docker-distribution-api-version", "registry/2.0")];
        assert!(Error::of_answer("x", &answer(404, "404 page not found", &header)).is_absent());
        for page in ["<html>not found</html>", "404 page not found", "{\"errors\":"] {
            assert!(!Error::of_answer("x", &answer(404, page, &[])).is_absent(), "{page}");
        }
        for status in [400, 401, 403, 429, 500, 503] {
            assert!(
                !Error::of_answer("x", &answer(status, registry, &[])).is_absent(),
                "{status}"
            );
        }
    }

    #[test]
    fn details_are_escaped_and_cut() {
        let evil = "{\"errors\":[{\"code\":\"A\",\"message\":\"x\\u001b[2Jy\\nz\"}]}";
        let error = Error::of_answer("pull", &answer(400, evil, &[])).to_string();
        assert!(error.contains("A: x\\u{1b}[2Jy\\nz"), "{error}");
        let long: &'static str = Box::leak("x".repeat(9000).into_boxed_str());
        assert!(Error::of_answer("pull", &answer(500, long, &[])).to_string().len() < 500);
    }
}
