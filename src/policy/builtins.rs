//! Functions of OPA that the interpreter has not (Open Policy Agent, "Built-in Functions"): those about time and hashes
//! that policies over attestations use. The clock is the caller's. And functions that it has, but without limits: what
//! they are called with may come from a workload, and neither a panic nor a failed allocation can be caught.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use regorus::{Engine, Value};
use sha2::Digest as _;

use crate::digest::hex;
use crate::trust::time::timestamp;

/// A function of its arguments; `None` is undefined.
type Function = fn(&[Value]) -> Option<Value>;

/// A function that is an error for what it can't be called with, as the interpreter's own are.
type Strict = fn(&[Value]) -> Result<Value, Refused>;

/// Why a function is not evaluated.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(&'static str);

/// Most elements of a list that a function makes, as a power of two.
const MAX_LIST_BITS: u32 = 17;
const TOO_LONG: Refused = Refused("the list would have more than 131072 elements");

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// Adds the functions to `engine`, whose clock stands at `now` (seconds since 1970).
///
/// # Errors
/// Those of the interpreter.
pub fn add(engine: &mut Engine, now: i64) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let nanoseconds = now.saturating_mul(SECOND);
    engine.add_extension(
        "time.now_ns".to_owned(),
        0,
        Box::new(move |_| Ok(Value::from(nanoseconds))),
    )?;
    let functions: [(&str, u8, Function); 5] = [
        ("time.parse_rfc3339_ns", 1, |arguments| {
            let time = timestamp(text(arguments.first()?)?)?;
            i64::try_from(time.as_nanosecond()).ok().map(Value::from)
        }),
        ("time.parse_duration_ns", 1, |arguments| {
            duration(text(arguments.first()?)?).map(Value::from)
        }),
        ("time.add_date", 4, |arguments| {
            let [time, years, months, days] = arguments else {
                return None;
            };
            add_date(
                time.as_i64().ok()?,
                years.as_i64().ok()?,
                months.as_i64().ok()?,
                days.as_i64().ok()?,
            )
            .map(Value::from)
        }),
        ("crypto.sha256", 1, |arguments| {
            let text = text(arguments.first()?)?;
            Some(Value::from(hex(&sha2::Sha256::digest(text.as_bytes()))))
        }),
        ("re_match", 2, |arguments| {
            let [pattern, value] = arguments else { return None };
            let pattern = regex::RegexBuilder::new(text(pattern)?)
                .size_limit(1 << 20)
                .build()
                .ok()?;
            Some(Value::from(pattern.is_match(text(value)?)))
        }),
    ];
    for (name, arity, function) in functions {
        let call = move |arguments: Vec<Value>| Ok(function(&arguments).unwrap_or(Value::Undefined));
        engine.add_extension(name.to_owned(), arity, Box::new(call))?;
    }
    let bounded: [(&str, u8, Strict); 4] = [
        ("numbers.range", 2, range),
        ("numbers.range_step", 3, range),
        ("net.cidr_expand", 1, cidr_expand),
        ("strings.count", 2, occurrences),
    ];
    for (name, arity, function) in bounded {
        let call = move |arguments: Vec<Value>| Ok(function(&arguments)?);
        engine.add_extension(name.to_owned(), arity, Box::new(call))?;
    }
    Ok(())
}

/// The integers from the first to the second, up or down, in steps of the third.
fn range(arguments: &[Value]) -> Result<Value, Refused> {
    let integer = |value: &Value| value.as_i64().map_err(|_| Refused("a range is of integers"));
    let (from, to, step) = match arguments {
        [from, to] => (integer(from)?, integer(to)?, 1),
        [from, to, step] => (integer(from)?, integer(to)?, integer(step)?),
        _ => return Err(Refused("a range has two ends")),
    };
    let step = u64::try_from(step).unwrap_or_default();
    let last = from
        .abs_diff(to)
        .checked_div(step)
        .ok_or(Refused("the step of a range is positive"))?;
    if last >> MAX_LIST_BITS > 0 {
        return Err(TOO_LONG);
    }
    let number = |n: u64| {
        let by = n.saturating_mul(step);
        Value::from(match from <= to {
            true => from.saturating_add_unsigned(by),
            false => from.saturating_sub_unsigned(by),
        })
    };
    Ok(Value::from((0..=last).map(number).collect::<Vec<_>>()))
}

/// All addresses of a network such as `10.0.0.0/24`.
fn cidr_expand(arguments: &[Value]) -> Result<Value, Refused> {
    let parsed = || {
        let (address, prefix) = text(arguments.first()?)?.split_once('/')?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
        let prefix = prefix.parse::<u32>().ok().filter(|_| digits)?;
        let (number, bits) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(address.to_bits()), Ipv4Addr::BITS),
            IpAddr::V6(address) => (address.to_bits(), Ipv6Addr::BITS),
        };
        Some((number, bits, bits.checked_sub(prefix)?))
    };
    let (number, bits, hosts) = parsed().ok_or(Refused("it is no network such as 10.0.0.0/24"))?;
    if hosts > MAX_LIST_BITS {
        return Err(TOO_LONG);
    }
    let first = number >> hosts << hosts;
    let address = |host: u128| match u32::try_from(first | host) {
        Ok(address) if bits == Ipv4Addr::BITS => Ipv4Addr::from_bits(address).to_string(),
        _ => Ipv6Addr::from_bits(first | host).to_string(),
    };
    let all: BTreeSet<Value> = (0..1 << hosts).map(|host| Value::from(address(host))).collect();
    Ok(Value::from(all))
}

/// How often the second text is in the first.
fn occurrences(arguments: &[Value]) -> Result<Value, Refused> {
    let [whole, part] = arguments else {
        return Err(Refused("it takes two texts"));
    };
    let (Some(whole), Some(part)) = (text(whole), text(part)) else {
        return Err(Refused("it takes two texts"));
    };
    // As in Go: an empty text is before each character, and at the end.
    Ok(Value::from(whole.matches(part).count()))
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Nanoseconds of a duration as Go writes it: `1h30m`, `-1.5h`, `300ms`.
fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(end);
        let end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        rest = after;
        let unit: i64 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => SECOND,
            "m" => 60 * SECOND,
            "h" => 3_600 * SECOND,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total = total.checked_add(whole.checked_mul(unit)?)?;
        let mut scale = unit;
        for digit in fraction.chars() {
            scale /= 10;
            total = total.checked_add(i64::from(digit.to_digit(10)?).checked_mul(scale)?)?;
        }
    }
    total.checked_mul(sign)
}

/// `time` in nanoseconds, so much later in the calendar of UTC, as Go's `AddDate` counts: a month after 31 January is
/// 3 March.
fn add_date(time: i64, years: i64, months: i64, days: i64) -> Option<i64> {
    const DAY: i64 = 86_400 * SECOND;
    let date = jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::from_nanosecond(time.into()).ok()?)
        .date();
    let months = i64::from(date.year())
        .checked_add(years)?
        .checked_mul(12)?
        .checked_add(i64::from(date.month()) - 1)?
        .checked_add(months)?;
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    let first = jiff::civil::Date::new(year, month, 1).ok()?;
    let epoch = jiff::civil::Date::new(1970, 1, 1).ok()?;
    let whole = first.duration_since(epoch).as_hours().checked_div(24)?;
    let days = whole.checked_add(i64::from(date.day()) - 1)?.checked_add(days)?;
    days.checked_mul(DAY)?.checked_add(time.rem_euclid(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        for (text, expected) in [
            ("1h30m", Some(5_400 * SECOND)),
            ("-1.5h", Some(-5_400 * SECOND)),
            ("300ms", Some(300_000_000)),
            ("+2.25s", Some(2_250_000_000)),
            (".5s", Some(500_000_000)),
            ("0", Some(0)),
            ("", None),
            ("-", None),
            ("1", None),
            ("1d", None),
            ("h", None),
            (".s", None),
            ("9999999999999h", None),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_added_as_go_does() {
        let ns = |text: &str| i64::try_from(text.parse::<jiff::Timestamp>().unwrap().as_nanosecond()).unwrap();
        for (from, (years, months, days), to) in [
            ("2025-01-31T10:00:00.5Z", (0, 1, 0), "2025-03-03T10:00:00.5Z"),
            ("2024-02-29T00:00:00Z", (1, 0, 0), "2025-03-01T00:00:00Z"),
            ("2025-12-15T23:59:59Z", (0, 1, 20), "2026-02-04T23:59:59Z"),
            ("2025-01-01T00:00:00Z", (0, -13, -1), "2023-11-30T00:00:00Z"),
            ("1960-05-05T01:00:00Z", (0, 0, 1), "1960-05-06T01:00:00Z"),
        ] {
            assert_eq!(add_date(ns(from), years, months, days), Some(ns(to)), "{from}");
        }
        assert_eq!(add_date(0, i64::MAX, 1, 1), None);
        assert_eq!(add_date(0, 0, 0, i64::MAX), None);
    }

    #[test]
    fn lists_are_bounded_and_nothing_panics() {
        let mut engine = Engine::new();
        add(&mut engine, 0).unwrap();
        for (query, expected) in [
            ("numbers.range(1, 3) == [1, 2, 3]", true),
            ("numbers.range(2, 0) == [2, 1, 0]", true),
            ("numbers.range_step(-1, 4, 2) == [-1, 1, 3]", true),
            ("numbers.range_step(4, -2, 3) == [4, 1, -2]", true),
            ("count(numbers.range(1, 131072)) == 131072", true),
            (
                "net.cidr_expand(\"10.0.0.5/30\") == {\"10.0.0.4\", \"10.0.0.5\", \"10.0.0.6\", \"10.0.0.7\"}",
                true,
            ),
            ("net.cidr_expand(\"fd00::1/128\") == {\"fd00::1\"}", true),
            ("net.cidr_expand(\"::1/127\") == {\"::\", \"::1\"}", true),
            ("strings.count(\"aaa\", \"aa\") == 1", true),
            ("strings.count(\"\u{e4}b\", \"\") == 3", true),
        ] {
            let found = engine.eval_query(query.to_owned(), false).unwrap();
            assert_eq!(found.result[0].expressions[0].value, Value::from(expected), "{query}");
        }
        for query in [
            "numbers.range(0, 131072)",
            "numbers.range(0, 9223372036854775807)",
            "numbers.range(-9223372036854775808, 9223372036854775807)",
            "numbers.range(0, 0.5)",
            "numbers.range_step(1, 5, 0)",
            "numbers.range_step(1, 5, -1)",
            "net.cidr_expand(\"10.0.0.0/14\")",
            "net.cidr_expand(\"::/0\")",
            "net.cidr_expand(\"10.0.0.0/33\")",
            "net.cidr_expand(\"10.0.0.0/+30\")",
            "net.cidr_expand(\"10.0.0.0\")",
            "strings.count(\"a\", 1)",
        ] {
            assert!(engine.eval_query(query.to_owned(), false).is_err(), "{query}");
        }
    }

    #[test]
    fn policies_call_them() {
        let mut engine = Engine::new();
        add(&mut engine, 100).unwrap();
        for (query, expected) in [
            ("time.now_ns()", Value::from(100 * SECOND)),
            ("time.parse_rfc3339_ns(\"1970-01-01T00:00:01Z\")", Value::from(SECOND)),
            ("time.add_date(0, 0, 0, 1)", Value::from(86_400 * SECOND)),
            ("time.parse_duration_ns(\"2s\")", Value::from(2 * SECOND)),
            ("re_match(`^\\w+$`, \"abc\")", Value::from(true)),
            (
                "crypto.sha256(\"\")",
                Value::from("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned()),
            ),
        ] {
            let found = engine.eval_query(query.to_owned(), false).unwrap();
            assert_eq!(found.result[0].expressions[0].value, expected, "{query}");
        }
        // Only times of RFC 3339 are any.
        let undefined = "time.parse_rfc3339_ns(\"1970-01-01 00:00:01Z\")".to_owned();
        assert!(engine.eval_query(undefined, false).unwrap().result.is_empty());
    }
}
