//! A watch: one JSON document a line, for as long as the API server likes.

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::Value;

use super::ApiError;

/// Longest line, in bytes.
const MAX_LINE: usize = 4 << 20;

/// What a watch tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A policy was added or changed.
    Put(Box<Value>),
    /// A policy was removed.
    Gone(Box<Value>),
    /// Nothing happened up to this resource version.
    Bookmark(String),
    /// The watch is too far behind: list again.
    Expired,
}

/// An open watch.
pub struct Watch {
    body: crate::http::Incoming,
    buffer: Vec<u8>,
    lines: VecDeque<Vec<u8>>,
}

impl Watch {
    pub(super) fn new(body: crate::http::Incoming) -> Self {
        Self {
            body,
            buffer: Vec::new(),
            lines: VecDeque::new(),
        }
    }

    /// The next change; `None` when the API server ends the watch, which it does every few minutes.
    ///
    /// # Errors
    /// [`ApiError`] when the connection breaks or what comes is not understood.
    pub async fn next(&mut self) -> Result<Option<Change>, ApiError> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return parse(&line).map(Some);
            }
            let Some(piece) = self.body.piece().await? else {
                return Ok(None);
            };
            self.buffer.extend_from_slice(&piece);
            while let Some(end) = self.buffer.iter().position(|b| *b == b'\n') {
                let rest = self.buffer.split_off(end.saturating_add(1));
                let line = std::mem::replace(&mut self.buffer, rest);
                if line.iter().any(|b| !b.is_ascii_whitespace()) {
                    self.lines.push_back(line);
                }
            }
            if self.buffer.len() > MAX_LINE {
                return Err(ApiError::Malformed("a watch event is too large".to_owned()));
            }
        }
    }
}

fn parse(line: &[u8]) -> Result<Change, ApiError> {
    #[derive(Deserialize)]
    struct Event {
        #[serde(rename = "type")]
        kind: String,
        object: Value,
    }
    let event: Event = serde_json::from_slice(line).map_err(|e| ApiError::Malformed(e.to_string()))?;
    let version = || {
        event
            .object
            .pointer("/metadata/resourceVersion")
            .and_then(Value::as_str)
    };
    match event.kind.as_str() {
        "ADDED" | "MODIFIED" => Ok(Change::Put(Box::new(event.object))),
        "DELETED" => Ok(Change::Gone(Box::new(event.object))),
        "BOOKMARK" => Ok(Change::Bookmark(version().unwrap_or_default().to_owned())),
        "ERROR" => Ok(Change::Expired),
        other => Err(ApiError::Malformed(format!("a watch event of type {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_told_apart() {
        assert_eq!(
            parse(br#"{"type":"ADDED","object":{"a":1}}"#).unwrap(),
            Change::Put(Box::new(json!({"a":1})))
        );
        assert_eq!(
            parse(br#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}"#).unwrap(),
            Change::Bookmark("7".into())
        );
        assert_eq!(
            parse(br#"{"type":"ERROR","object":{"code":410}}"#).unwrap(),
            Change::Expired
        );
        assert!(parse(b"{}").is_err() && parse(br#"{"type":"X","object":1}"#).is_err());
    }
}
