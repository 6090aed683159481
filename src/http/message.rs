use std::time::Duration;

use ::http::{HeaderMap, Method, StatusCode, Uri};
use bytes::Bytes;

use super::Origin;

/// Most bytes that are read of an answer that is not a success: enough for its error text.
pub const MAX_ERROR_BODY: usize = 16 << 10;

/// A request with its whole body in memory.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// An absolute http or https URI.
    pub uri: Uri,
    /// Headers; those with secrets must be marked sensitive, so that they do not cross origins.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// Most bytes of a successful answer's body; a longer one is an error.
    pub limit: usize,
    /// The server that led here (a realm, an upload location); `None` when the user named the target.
    pub chosen_by: Option<Origin>,
    /// Whether the body holds a secret, which must not follow a redirect to another origin.
    pub secret_body: bool,
    /// Whether a redirect is followed. Otherwise its answer is returned.
    pub follow: bool,
    /// How many times it is tried again, instead of what the client's configuration says.
    pub retries: Option<u32>,
    /// Whether it is a first try at a scheme, so that a connection closed without an answer is one: it is not tried again.
    pub first_contact: bool,
    /// Whether the answer's body is wanted even when it is an error and longer than [`MAX_ERROR_BODY`]; it is always
    /// bounded by `limit`.
    pub whole_errors: bool,
}

impl Request {
    /// A request without body or headers; `limit` is the most bytes that the answer may have.
    pub fn new(method: Method, uri: Uri, limit: usize) -> Self {
        Self {
            method,
            uri,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            limit,
            chosen_by: None,
            secret_body: false,
            follow: true,
            retries: None,
            first_contact: false,
            whole_errors: false,
        }
    }

    /// A GET request.
    pub fn get(uri: Uri, limit: usize) -> Self {
        Self::new(Method::GET, uri, limit)
    }

    /// A POST request with a body of `content_type`.
    pub fn post(uri: Uri, content_type: ::http::HeaderValue, body: impl Into<Bytes>, limit: usize) -> Self {
        let mut request = Self::new(Method::POST, uri, limit);
        request.headers.insert(::http::header::CONTENT_TYPE, content_type);
        request.body = body.into();
        request
    }
}

/// An answer of any status, with its body.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body: whole when the status is a success, else cut at [`MAX_ERROR_BODY`].
    pub body: Bytes,
    /// Where the answer came from, after redirects.
    pub uri: Uri,
    /// How many times the request was sent.
    pub attempts: u32,
}

impl Response {
    /// A header's value as text, when there is one and it is visible ASCII.
    pub fn header(&self, name: impl ::http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// One request and its answer, for an observer. It holds no secret: neither headers nor bodies, and the URL's query
/// only as far as it is known to be harmless.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The method.
    pub method: &'a Method,
    /// The URI, redacted.
    pub url: String,
    /// The status, or why there is none.
    pub outcome: Result<StatusCode, String>,
    /// From sending the request to the end of the answer's head.
    pub elapsed: Duration,
}

/// Is told of each request that went out, retries and redirects included.
pub type Observer = std::sync::Arc<dyn Fn(&Exchange<'_>) + Send + Sync>;
