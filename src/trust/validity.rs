//! When a key or a service may be used.

use std::fmt;

/// A span of time, both ends included; an end that is absent is open (sigstore/protobuf-specs `TimeRange`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// The first second, in seconds since 1970.
    pub start: Option<i64>,
    /// The last second, in seconds since 1970.
    pub end: Option<i64>,
}

impl Validity {
    /// Open at both ends.
    pub const ALWAYS: Self = Self { start: None, end: None };

    /// Whether `time`, in seconds since 1970, lies in it.
    pub fn contains(&self, time: i64) -> bool {
        self.start.is_none_or(|start| start <= time) && self.end.is_none_or(|end| time <= end)
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |end: Option<i64>| match end.map(jiff::Timestamp::from_second) {
            Some(Ok(time)) => time.to_string(),
            Some(Err(_)) => "?".to_owned(),
            None => "open".to_owned(),
        };
        write!(f, "{} to {}", text(self.start), text(self.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_included_and_an_absent_end_is_open() {
        let window = Validity {
            start: Some(10),
            end: Some(20),
        };
        assert_eq!([9, 10, 20, 21].map(|t| window.contains(t)), [false, true, true, false]);
        assert!(Validity::ALWAYS.contains(i64::MIN) && Validity::ALWAYS.contains(i64::MAX));
        assert_eq!(window.to_string(), "1970-01-01T00:00:10Z to 1970-01-01T00:00:20Z");
    }
}
