//! The one retry policy: which failures are tried again, and when.

use std::time::{Duration, SystemTime};

use ::http::{HeaderMap, StatusCode, header};

/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(200);
/// The longest wait that is chosen here; `Retry-After` may ask for more.
const LONGEST: Duration = Duration::from_secs(15);

/// Whether an answer of `status` is tried again.
pub fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// How long to wait before try number `attempt + 1` (the first try is number 1): exponential, the upper half random,
/// so that clients that failed together do not come back together.
pub fn backoff(attempt: u32) -> Duration {
    let doubled = FIRST
        .saturating_mul(1 << attempt.saturating_sub(1).min(10))
        .min(LONGEST);
    let mut random = [0_u8; 4];
    // Without randomness the full wait is used.
    let fraction = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    };
    doubled.mul_f64(0.5 + fraction / 2.0)
}

/// What `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date taken against `now`.
pub fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_transient_statuses_are_tried_again() {
        for status in 100..600 {
            let again = is_transient(StatusCode::from_u16(status).unwrap());
            assert_eq!(again, [408, 429, 500, 502, 503, 504].contains(&status), "{status}");
        }
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        for attempt in 1..200 {
            let wait = backoff(attempt);
            assert!(wait <= LONGEST && wait >= FIRST / 2, "{attempt}: {wait:?}");
        }
        assert!(backoff(1) <= FIRST);
        assert!(backoff(4) >= FIRST * 4);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Tue, 24 Nov 2026 06:00:00 GMT").unwrap();
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().unwrap());
            asked(&headers, now)
        };
        assert_eq!(of("7"), Some(Duration::from_secs(7)));
        assert_eq!(of("Tue, 24 Nov 2026 06:00:09 GMT"), Some(Duration::from_secs(9)));
        assert_eq!(of("Tue, 24 Nov 2026 05:00:09 GMT"), Some(Duration::ZERO));
        assert_eq!(of("soon"), None);
        assert_eq!(of("99999999999999999999999999"), None);
    }
}
