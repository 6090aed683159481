//! Asking a timestamp authority (RFC 3161 section 3.4, over HTTP).

use ::http::{HeaderValue, StatusCode, Uri};

use super::{MAX_TIMESTAMP, Request, TimestampError, check_response};
use crate::http;

/// The client of one authority.
#[derive(Clone)]
pub struct Client {
    http: http::Client,
    url: Uri,
}

/// Why there is no timestamp.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not an address.
    #[error(
        "{0:?} is not the address of a timestamp authority; give one such as https://tsa.example.com/api/v1/timestamp"
    )]
    Url(String),
    /// The exchange failed.
    #[error("timestamp authority {url}: {source}")]
    Http {
        /// The authority.
        url: String,
        /// What failed.
        source: Box<http::Error>,
    },
    /// Another status than success.
    #[error("timestamp authority {url} answered {status}")]
    Status {
        /// The authority.
        url: String,
        /// The status.
        status: StatusCode,
    },
    /// The answer is not one to the request.
    #[error("timestamp authority {url}: {source}")]
    Answer {
        /// The authority.
        url: String,
        /// What is wrong.
        source: Box<TimestampError>,
    },
    /// No random number for the nonce.
    #[error("no random numbers from the operating system: {0}")]
    Random(#[from] getrandom::Error),
}

impl Client {
    /// A client of the authority at `url`, the whole address of its service.
    ///
    /// # Errors
    /// [`ClientError::Url`].
    pub fn new(http: http::Client, url: &str) -> Result<Self, ClientError> {
        let parsed: Option<Uri> = url.parse().ok().filter(|uri: &Uri| uri.host().is_some());
        let url = parsed.ok_or_else(|| ClientError::Url(url.chars().take(200).collect()))?;
        Ok(Self { http, url })
    }

    /// A timestamp over `signature`: the whole response in DER, as bundles and annotations carry it.
    ///
    /// # Errors
    /// [`ClientError`]. The answer is checked against the request, not against trusted authorities.
    pub async fn stamp(&self, signature: &[u8]) -> Result<Vec<u8>, ClientError> {
        let mut nonce = [0; 8];
        getrandom::fill(&mut nonce)?;
        let request = Request::new(signature, nonce);
        let mut post = http::Request::post(
            self.url.clone(),
            HeaderValue::from_static("application/timestamp-query"),
            request.der().to_vec(),
            MAX_TIMESTAMP,
        );
        post.headers.insert(
            ::http::header::ACCEPT,
            HeaderValue::from_static("application/timestamp-reply"),
        );
        let url = || self.url.to_string();
        let response = self.http.send(post).await.map_err(|source| ClientError::Http {
            url: url(),
            source: Box::new(source),
        })?;
        if !response.status.is_success() {
            return Err(ClientError::Status {
                url: url(),
                status: response.status,
            });
        }
        check_response(&request, &response.body).map_err(|source| ClientError::Answer {
            url: url(),
            source: Box::new(source),
        })?;
        Ok(response.body.to_vec())
    }
}
