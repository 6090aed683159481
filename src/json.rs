//! The two ways in which Sigstore writes JSON where each byte counts: as Go's `encoding/json` does (payloads,
//! annotations, bundles), and canonically by RFC 8785 (what a transparency log signs).

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use std::io;

/// Deepest nesting of a value that is written canonically. A signed entry timestamp needs 1.
pub const MAX_DEPTH: usize = 64;

/// Largest integer that every JSON reader takes exactly: 2^53 − 1 (RFC 7493 section 2.2, RFC 8785 section 3.2.2.3).
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why a value has no canonical form here.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotCanonical {
    /// The number is not an integer between −(2^53 − 1) and 2^53 − 1.
    #[error("the number {0} has no exact canonical form: only integers up to 2^53 - 1 are written")]
    Number(String),
    /// The value is nested deeper than [`MAX_DEPTH`].
    #[error("the JSON value is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
}

/// Writes `value` compactly into a vector with room for `length` bytes, so that long text is not moved while it is
/// written.
///
/// # Errors
/// What `value` says cannot be written.
pub(crate) fn to_sized_vec(value: &impl Serialize, length: usize) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(length);
    serde_json::to_writer(&mut out, value)?;
    Ok(out)
}

/// Writes `value` in the canonical form of RFC 8785: no white space, members sorted by the UTF-16 code units of
/// their names (section 3.2.3), only the required escapes (section 3.2.2.2).
///
/// Numbers must be integers that a double holds exactly; what signers and logs write are such. Anything else is
/// refused rather than rounded.
///
/// # Errors
/// [`NotCanonical`] for any other number, and for nesting beyond [`MAX_DEPTH`].
pub fn canonical(value: &Value) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::new();
    write_canonical(value, 0, &mut out)?;
    Ok(out)
}

fn write_canonical(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    if depth > MAX_DEPTH {
        return Err(NotCanonical::TooDeep);
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let exact = match (number.as_u64(), number.as_i64()) {
                (Some(n), _) => n <= MAX_SAFE_INTEGER,
                (None, Some(n)) => n.unsigned_abs() <= MAX_SAFE_INTEGER,
                (None, None) => false,
            };
            let text = number.to_string();
            if !exact {
                return Err(NotCanonical::Number(text));
            }
            out.extend_from_slice(text.as_bytes());
        }
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_canonical(item, depth + 1, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (i, (name, member)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_string(name, out);
                out.push(b':');
                write_canonical(member, depth + 1, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// serde_json's own escapes are those of RFC 8785: the two-character ones, and `\u00xx` in lower case.
fn write_string(text: &str, out: &mut Vec<u8>) {
    let quoted = Value::from(text).to_string();
    out.extend_from_slice(quoted.as_bytes());
}

/// `text` as Go's `encoding/json` writes it, with the quotes: `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`,
/// U+2028 and U+2029 as `\u2028` and `\u2029`.
pub fn go_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        match go_escape(c) {
            Some(escape) => out.push_str(escape),
            None => out.push(c),
        }
    }
    out
}

/// `value` as Go's `json.Marshal` writes it: compact, with the escapes of [`go_string`].
///
/// Go sorts the keys of a map: give a `BTreeMap` or a [`Value`] where the original is a map, a struct in the
/// original's field order where it is a struct.
///
/// # Errors
/// Only when `T`'s own serialisation fails (a map whose keys are not strings).
pub fn go_to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, GoFormatter(CompactFormatter)))?;
    Ok(out)
}

fn go_escape(c: char) -> Option<&'static str> {
    Some(match c {
        '<' => "\\u003c",
        '>' => "\\u003e",
        '&' => "\\u0026",
        '\u{2028}' => "\\u2028",
        '\u{2029}' => "\\u2029",
        _ => return None,
    })
}

struct GoFormatter(CompactFormatter);

impl Formatter for GoFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, escape)) = rest.char_indices().find_map(|(i, c)| go_escape(c).map(|e| ((i, c), e))) {
            let (index, c) = at;
            let (plain, tail) = rest.split_at(index);
            writer.write_all(plain.as_bytes())?;
            writer.write_all(escape.as_bytes())?;
            rest = tail.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_utf16_code_units() {
        // RFC 8785 section 3.2.3's example: U+1F600 (a surrogate pair) comes before U+FB33.
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
        assert_eq!(
            text,
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
    }

    #[test]
    fn strings_have_only_the_required_escapes() {
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\"/<>&\u{2028}\u{7f}");
        assert_eq!(
            String::from_utf8(canonical(&value).unwrap()).unwrap(),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/<>&\u{2028}\u{7f}\""
        );
    }

    #[test]
    fn integers_are_exact_and_other_numbers_are_refused() {
        for n in ["0", "-1", "1689771460", "9007199254740991", "-9007199254740991"] {
            let value: Value = serde_json::from_str(n).unwrap();
            assert_eq!(canonical(&value).unwrap(), n.as_bytes());
        }
        for n in [
            "9007199254740992",
            "-9007199254740992",
            "18446744073709551615",
            "1.5",
            "1e3",
            "-0.0",
        ] {
            let value: Value = serde_json::from_str(n).unwrap();
            assert!(matches!(canonical(&value), Err(NotCanonical::Number(_))), "{n}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nest = |n: usize| (0..n).fold(json!(1), |v, _| json!([v]));
        assert!(canonical(&nest(MAX_DEPTH)).is_ok());
        assert_eq!(canonical(&nest(MAX_DEPTH + 1)), Err(NotCanonical::TooDeep));
    }

    #[test]
    fn go_escapes_html_and_line_separators() {
        assert_eq!(go_string("a<b>&\u{2028}\u{2029}\"\\\n\u{1}\u{8}\u{c}é"), {
            "\"a\\u003cb\\u003e\\u0026\\u2028\\u2029\\\"\\\\\\n\\u0001\\b\\fé\""
        });
        let value = json!({"b": "x<y", "a": ["&"], "<": null});
        assert_eq!(
            String::from_utf8(go_to_vec(&value).unwrap()).unwrap(),
            r#"{"\u003c":null,"a":["\u0026"],"b":"x\u003cy"}"#
        );
    }

    proptest! {
        #[test]
        fn both_forms_read_back_as_the_same_text(text in any::<String>()) {
            let go: String = serde_json::from_str(&go_string(&text)).unwrap();
            prop_assert_eq!(&go, &text);
            let vec = go_to_vec(&text).unwrap();
            prop_assert_eq!(go_string(&text).into_bytes(), vec);
            let canonical = canonical(&Value::from(text.clone())).unwrap();
            prop_assert_eq!(serde_json::from_slice::<String>(&canonical).unwrap(), text);
        }
    }
}
