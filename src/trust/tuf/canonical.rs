//! OLPC's canonical JSON, which TUF metadata is signed over: members sorted, no spaces, and strings with only `"` and
//! `\` escaped. It is not RFC 8785.

use serde_json::Value;

/// `value` in canonical form; `None` when it has a fraction or a number beyond 64 bits, which cannot be signed.
pub fn canonical(value: &Value) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Some(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) if number.is_f64() => return None,
        Value::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // UTF-8 sorts as code points do.
            members.sort_by(|a, b| a.0.cmp(b.0));
            out.push(b'{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(name, out);
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
    }
    Some(())
}

fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_sorted_and_control_characters_stay_raw() {
        let value: Value = serde_json::from_str(r#"{"b": [1, -2, true, null], "a": "\n\"\\é", "": {}}"#).unwrap();
        assert_eq!(
            canonical(&value).unwrap(),
            "{\"\":{},\"a\":\"\n\\\"\\\\é\",\"b\":[1,-2,true,null]}".as_bytes()
        );
        assert_eq!(canonical(&serde_json::json!({"a": 1.5})), None);
        assert_eq!(canonical(&serde_json::json!(1e30)), None);
    }
}
