//! Times of RFC 3339 and spans of them, as protobuf's JSON mapping writes them.

use serde::{Deserialize, Serialize};

use super::Validity;

/// A text is not a time of RFC 3339.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a time of RFC 3339, such as 2024-01-01T00:00:00Z")]
pub struct InvalidTime(String);

impl InvalidTime {
    fn new(text: &str) -> Self {
        Self(text.chars().take(60).collect())
    }
}

/// Start and end of a time range.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct TimeRange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<String>,
}

impl TimeRange {
    pub(super) fn of(validity: Validity) -> Option<Self> {
        (validity != Validity::ALWAYS).then(|| Self {
            start: validity.start.map(write),
            end: validity.end.map(write),
        })
    }

    pub(super) fn validity(window: Option<&Self>) -> Result<Validity, InvalidTime> {
        let parse = |text: Option<&String>| text.map(|text| parse(text)).transpose();
        match window {
            None => Ok(Validity::ALWAYS),
            Some(window) => Ok(Validity {
                start: parse(window.start.as_ref())?,
                end: parse(window.end.as_ref())?,
            }),
        }
    }
}

/// The last second of the year 9999, the largest time of protobuf.
const LAST: i64 = 253_402_300_799;

/// Seconds since 1970 of an RFC 3339 time; a fraction of a second is dropped.
///
/// # Errors
/// [`InvalidTime`] when it is none.
pub fn parse(text: &str) -> Result<i64, InvalidTime> {
    // The last second of the year 9999 stands for no end; jiff ends a day earlier, for the sake of zones.
    if let Some(fraction) = text.strip_prefix("9999-12-31T")
        && fraction.ends_with('Z')
        && parse(&format!("9999-12-29T{fraction}")).is_ok()
    {
        return Ok(LAST);
    }
    timestamp(text)
        .map(jiff::Timestamp::as_second)
        .ok_or_else(|| InvalidTime::new(text))
}

/// An RFC 3339 time to the nanosecond.
pub fn timestamp(text: &str) -> Option<jiff::Timestamp> {
    // jiff also takes a date with a space, a zone in brackets and other forms of ISO 8601.
    let strict = text.len() <= 40 && text.as_bytes().get(10) == Some(&b'T') && !text.contains('[');
    strict.then(|| text.parse().ok()).flatten()
}

/// The time in RFC 3339, in UTC and whole seconds.
pub fn write(seconds: i64) -> String {
    if seconds >= LAST {
        return "9999-12-31T23:59:59Z".to_owned();
    }
    jiff::Timestamp::from_second(seconds.clamp(-62_135_596_800, jiff::Timestamp::MAX.as_second()))
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rfc_3339_is_a_time() {
        assert_eq!(parse("2024-01-01T00:00:00Z"), Ok(1_704_067_200));
        assert_eq!(parse("2024-01-01T01:00:00.5+01:00"), Ok(1_704_067_200));
        assert_eq!(write(1_704_067_200), "2024-01-01T00:00:00Z");
        assert_eq!(parse("9999-12-31T23:59:59Z"), Ok(LAST));
        assert_eq!(parse("9999-12-31T23:59:59.999Z"), Ok(LAST));
        for late in [LAST, LAST - 1, LAST - 86_400] {
            assert!(write(late).starts_with("9999-12-3"), "{}", write(late));
        }
        assert_eq!(parse(&write(LAST)), Ok(LAST));
        assert!(parse("9999-12-31T24:59:59Z").is_err() && parse("9999-12-31Tx").is_err());
        for bad in [
            "",
            "2024-01-01",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00Z[UTC]",
            "1",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        write(i64::MAX);
        write(i64::MIN);
    }
}
