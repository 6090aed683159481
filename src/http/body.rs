//! Bodies: what is sent, in memory or read while it is sent, and what is received, under a limit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ::http::Method;
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, SizeHint};

use super::Error;

/// Longest silence inside a body.
const SILENCE: Duration = Duration::from_secs(30);

/// A request's body.
pub enum Outgoing {
    /// In memory.
    Whole(Option<Bytes>),
    /// Read while it is sent, of a known length.
    Stream {
        /// The pieces.
        pieces: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
        /// Bytes still to come.
        left: u64,
    },
}

impl Outgoing {
    /// A body of exactly `length` bytes that come in pieces.
    pub fn stream(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static, length: u64) -> Self {
        Self::Stream {
            pieces: Box::pin(pieces),
            left: length,
        }
    }
}

impl From<Bytes> for Outgoing {
    fn from(bytes: Bytes) -> Self {
        Self::Whole((!bytes.is_empty()).then_some(bytes))
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream { pieces, left } => match pieces.as_mut().poll_next(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Some(Ok(piece))) => {
                    let length = piece.len() as u64;
                    let Some(rest) = left.checked_sub(length) else {
                        return Poll::Ready(Some(Err(io::Error::other("the content is longer than was said"))));
                    };
                    *left = rest;
                    Poll::Ready(Some(Ok(Frame::data(piece))))
                }
                Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error))),
                Poll::Ready(None) if *left > 0 => {
                    Poll::Ready(Some(Err(io::Error::other("the content is shorter than was said"))))
                }
                Poll::Ready(None) => Poll::Ready(None),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Stream { left, .. } => SizeHint::with_exact(*left),
        }
    }
}

/// An answer's body, still to be read.
pub struct Incoming {
    body: hyper::body::Incoming,
    method: Method,
    url: String,
}

impl Incoming {
    pub(super) fn new(body: hyper::body::Incoming, method: Method, url: String) -> Self {
        Self { body, method, url }
    }

    /// The length that the server says, when it does.
    pub fn length(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The connection broke before the end, or is silent for too long.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let frame = match tokio::time::timeout(SILENCE, self.body.frame()).await {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(error))) => return Err(self.broken(reason(&error))),
                Err(_) => return Err(self.broken(format!("nothing more came for {} s", SILENCE.as_secs()))),
            };
            // Trailers are not used.
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    fn broken(&self, reason: String) -> Error {
        Error::Interrupted {
            method: self.method.clone(),
            url: self.url.clone(),
            reason: format!("the answer broke off: {reason}"),
            not_http: false,
        }
    }

    /// The whole body: at most `limit` bytes, of which the rest is an error, or left unread when `cut`.
    pub(super) async fn collect(mut self, limit: usize, cut: bool) -> Result<Bytes, Error> {
        let too_large = |url: String| Error::TooLarge { url, limit };
        if self.method == Method::HEAD {
            return Ok(Bytes::new());
        }
        if !cut && self.length().is_some_and(|length| length > limit as u64) {
            return Err(too_large(self.url));
        }
        let mut first = None;
        let mut all = BytesMut::new();
        while let Some(piece) = self.piece().await? {
            let had = first.as_ref().map_or(all.len(), Bytes::len);
            if piece.len() > limit.saturating_sub(had) {
                if !cut {
                    return Err(too_large(self.url));
                }
                let room = limit.saturating_sub(had);
                all.extend_from_slice(&first.take().unwrap_or_default());
                all.extend_from_slice(piece.get(..room).unwrap_or_default());
                return Ok(all.freeze());
            }
            // Most answers are one piece, which is then not copied.
            if had == 0 {
                first = Some(piece);
            } else {
                if let Some(first) = first.take() {
                    let said = self.body.size_hint().lower().min(limit as u64);
                    all.reserve(first.len() + piece.len() + usize::try_from(said).unwrap_or(0).min(1 << 20));
                    all.extend_from_slice(&first);
                }
                all.extend_from_slice(&piece);
            }
        }
        Ok(first.unwrap_or_else(|| all.freeze()))
    }
}

fn reason(error: &hyper::Error) -> String {
    let mut text = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        text = format!("{text}: {source}");
    }
    text
}
