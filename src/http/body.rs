//! Bodies: what is sent, in memory or read while it is sent, and what is received, under a limit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use ::http::{Method, Uri};
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, SizeHint};

use super::Error;
use super::url::redacted;

/// Longest silence inside a body.
const SILENCE: Duration = Duration::from_secs(30);
/// Fewest bytes that so long a wait for a body must bring, where it is read at a pace.
const PACE: u64 = 16 << 10;

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
    uri: Uri,
    pace: Option<Pace>,
}

/// What came, and how long it was waited for, since the pace was last judged. The reader's own time does not count.
#[derive(Default)]
struct Pace {
    came: u64,
    waited: Duration,
}

impl Pace {
    /// Whether the body is too slow.
    fn lags(&mut self, came: u64, waited: Duration) -> bool {
        self.came = self.came.saturating_add(came);
        self.waited = self.waited.saturating_add(waited);
        if self.waited < SILENCE {
            return false;
        }
        let lags = self.came < PACE;
        *self = Self::default();
        lags
    }
}

impl Incoming {
    pub(super) fn new(body: hyper::body::Incoming, method: Method, uri: Uri) -> Self {
        Self {
            body,
            method,
            uri,
            pace: None,
        }
    }

    /// The same, with an error when it comes so slowly that its end is not to be awaited: not for events, which come
    /// when they happen.
    #[must_use]
    pub fn at_a_pace(mut self) -> Self {
        self.pace = Some(Pace::default());
        self
    }

    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    /// The length that the server says, when it does.
    pub fn length(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The connection broke before the end, is silent for too long, or too slow where a pace is kept.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let began = Instant::now();
            let frame = match tokio::time::timeout(SILENCE, self.body.frame()).await {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(error))) => return Err(self.broken(reason(&error))),
                Err(_) => return Err(self.broken(format!("nothing more came for {} s", SILENCE.as_secs()))),
            };
            let came = frame.data_ref().map_or(0, |data| data.len() as u64);
            if self.pace.as_mut().is_some_and(|pace| pace.lags(came, began.elapsed())) {
                let reason = format!("less than {} KiB came in {} s", PACE >> 10, SILENCE.as_secs());
                return Err(self.broken(reason));
            }
            // Trailers are not used.
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    fn broken(&self, reason: String) -> Error {
        Error::Interrupted {
            method: self.method.clone(),
            url: redacted(&self.uri),
            reason: format!("the answer broke off: {reason}"),
            not_http: false,
            unanswered: false,
        }
    }

    /// The whole body: at most `limit` bytes, of which the rest is an error, or left unread when `cut`.
    pub(super) async fn collect(self, limit: usize, cut: bool) -> Result<Bytes, Error> {
        self.at_a_pace().gather(limit, cut).await
    }

    async fn gather(mut self, limit: usize, cut: bool) -> Result<Bytes, Error> {
        let too_large = |uri: &Uri| Error::TooLarge {
            url: redacted(uri),
            limit,
        };
        if self.method == Method::HEAD {
            return Ok(Bytes::new());
        }
        if !cut && self.length().is_some_and(|length| length > limit as u64) {
            return Err(too_large(&self.uri));
        }
        let mut first = None;
        let mut all = BytesMut::new();
        while let Some(piece) = self.piece().await? {
            let had = first.as_ref().map_or(all.len(), Bytes::len);
            if piece.len() > limit.saturating_sub(had) {
                if !cut {
                    return Err(too_large(&self.uri));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trickle_lags_and_a_slow_line_does_not() {
        let half = Duration::from_millis(500);
        let until = |came: u64, pieces: usize| {
            let mut pace = Pace::default();
            (0..pieces).position(|_| pace.lags(came, half))
        };
        assert_eq!(until(1, 1000), Some(59));
        assert_eq!(until(PACE / 60 - 1, 1000), Some(59));
        assert_eq!(until(PACE / 60 + 1, 1000), None);
        // What came early does not pay for what comes late.
        let mut pace = Pace::default();
        assert!(!pace.lags(1 << 30, SILENCE));
        assert!(pace.lags(1, SILENCE));
    }
}
