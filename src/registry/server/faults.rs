//! Faults on chosen requests: how a real registry or network misbehaves.

use std::time::Duration;

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Handled after this time.
    Delay(Duration),
    /// Never answered, and without effect.
    Hang,
    /// The request takes effect, and is never answered.
    HangAfter,
    /// The connection closes without an answer; the request has no effect.
    Close,
    /// The request takes effect, then the connection closes without an answer.
    CloseAfter,
    /// The answer announces its whole length and ends after this many bytes of the body.
    Truncate(usize),
    /// The last byte of the answer's body is another one.
    Corrupt,
    /// This answer instead; the request has no effect.
    Answer {
        /// The status code.
        status: u16,
        /// Header fields, name and value.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
}

impl Fault {
    /// An answer of only a status.
    pub fn status(status: u16) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// An answer of a status with a `Retry-After` of so many seconds.
    pub fn retry_after(status: u16, seconds: u32) -> Self {
        Self::Answer {
            status,
            headers: vec![("Retry-After".into(), seconds.to_string())],
            body: Vec::new(),
        }
    }
}

/// A fault and the requests it applies to.
#[derive(Clone, Debug)]
pub struct Rule {
    method: Option<String>,
    path: String,
    skip: u64,
    times: Option<u64>,
    fault: Fault,
}

impl Rule {
    /// The fault on every request; narrow it down with the other functions.
    pub fn new(fault: Fault) -> Self {
        Self {
            method: None,
            path: String::new(),
            skip: 0,
            times: None,
            fault,
        }
    }

    /// Only on requests of this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only on requests whose path and query contain this text.
    #[must_use]
    pub fn path(mut self, part: &str) -> Self {
        part.clone_into(&mut self.path);
        self
    }

    /// Not on the first `count` requests that match.
    #[must_use]
    pub fn skip(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// At most so many times.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.times = Some(count);
        self
    }

    /// The fault, if it applies to this request; counts it.
    pub(super) fn apply(&mut self, method: &str, path: &str) -> Option<Fault> {
        if self.method.as_deref().is_some_and(|m| m != method) || !path.contains(&self.path) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        match &mut self.times {
            Some(0) => return None,
            Some(left) => *left -= 1,
            None => {}
        }
        Some(self.fault.clone())
    }
}
