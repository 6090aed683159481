//! Answers: status, header fields, body; and errors in the specification's JSON.

use std::io::{self, Read};

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::json;

/// The body of an answer.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Bytes of a file per frame.
const FRAME: usize = 64 << 10;

/// An answer under construction.
pub(super) struct Reply(Response<Body>);

impl Reply {
    pub(super) fn new(status: StatusCode) -> Self {
        let mut response = Response::new(full(Bytes::new()));
        *response.status_mut() = status;
        let reply = Self(response);
        reply.header("Docker-Distribution-Api-Version", "registry/2.0")
    }

    /// Adds a header field; one that can't be sent is left out.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            self.0.headers_mut().insert(name, value);
        }
        self
    }

    pub(super) fn bytes(mut self, content_type: &str, body: Bytes) -> Self {
        // Said even of an empty body, for the answer to HEAD.
        self.0
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        *self.0.body_mut() = full(body);
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    pub(super) fn json(self, content_type: &str, document: &serde_json::Value) -> Self {
        self.bytes(content_type, document.to_string().into())
    }

    /// The rest of a file, of `length` bytes.
    pub(super) fn file(mut self, file: std::fs::File, length: u64) -> Self {
        let frames = stream::unfold(Some(file), |file| async {
            let mut file = file?;
            let mut buffer = vec![0; FRAME];
            match file.read(&mut buffer) {
                Ok(0) => None,
                Ok(read) => {
                    buffer.truncate(read);
                    Some((Ok(Frame::data(Bytes::from(buffer))), Some(file)))
                }
                Err(error) => Some((Err(error), None)),
            }
        });
        *self.0.body_mut() = UnsyncBoxBody::new(StreamBody::new(frames));
        self.header(CONTENT_LENGTH.as_str(), &length.to_string())
            .header(CONTENT_TYPE.as_str(), "application/octet-stream")
    }

    pub(super) fn into_response(self) -> Response<Body> {
        self.0
    }

    /// An answer as given, without the fields that all of ours have.
    pub(super) fn raw(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Response<Body> {
        let mut response = Response::new(full(body.into()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = Self(response);
        for (name, value) in headers {
            reply = reply.header(&name, &value);
        }
        reply.0
    }
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// The answer with its whole length announced, but only `length` bytes of the body sent.
pub(super) async fn truncated(response: Response<Body>, length: usize) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let bytes = collect(body).await;
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let part = bytes.slice(..length.min(bytes.len()));
    let frames = [
        Ok(Frame::data(part)),
        Err(io::Error::other("truncated by an injected fault")),
    ];
    Response::from_parts(head, UnsyncBoxBody::new(StreamBody::new(stream::iter(frames))))
}

/// The answer with the last byte of its body changed.
pub(super) async fn corrupted(response: Response<Body>) -> Response<Body> {
    let (head, body) = response.into_parts();
    let mut bytes = collect(body).await.to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    Response::from_parts(head, full(bytes.into()))
}

async fn collect(body: Body) -> Bytes {
    body.collect().await.map(|body| body.to_bytes()).unwrap_or_default()
}

/// A failure that the client is told.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(super) fn into_reply(self) -> Reply {
        let body = json!({"errors": [{"code": self.code, "message": self.message}]});
        let reply = Reply::new(self.status).json("application/json", &body);
        match self.status {
            StatusCode::UNAUTHORIZED => reply.header("WWW-Authenticate", "Basic realm=\"countersign\""),
            _ => reply,
        }
    }
}

/// The storage failed; the client isn't told paths.
impl From<io::Error> for ApiError {
    fn from(error: io::Error) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "UNKNOWN",
            format!("the storage failed: {}", error.kind()),
        )
    }
}
