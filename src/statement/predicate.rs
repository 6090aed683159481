//! Predicate types by cosign's short names and by URI, and the predicates that cosign makes of a file.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::value::RawValue;

/// Cosign's short names of predicate types, each with its URI (`--type`).
pub const SHORT_NAMES: [(&str, &str); 10] = [
    ("slsaprovenance", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance02", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance1", "https://slsa.dev/provenance/v1"),
    ("link", "https://in-toto.io/Link/v1"),
    ("spdx", "https://spdx.dev/Document"),
    ("spdxjson", "https://spdx.dev/Document"),
    ("cyclonedx", "https://cyclonedx.org/bom"),
    ("vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"),
    ("openvex", "https://openvex.dev/ns"),
    ("custom", CUSTOM),
];
const CUSTOM: &str = "https://cosign.sigstore.dev/attestation/v1";

/// A predicate type, as `--type` names it: a short name or a URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredicateType {
    name: String,
    uri: String,
}

/// Why a predicate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PredicateError {
    /// Neither a short name nor a URI.
    #[error(
        "invalid predicate type: {0:?}; use a URI or one of slsaprovenance, slsaprovenance02, slsaprovenance1, link, \
         spdx, spdxjson, cyclonedx, vuln, openvex, custom"
    )]
    UnknownType(String),
    /// The file is not JSON, or not an object.
    #[error("the predicate is not a JSON object, which type {kind} asks for: {source}")]
    NotAnObject {
        /// The type asked for.
        kind: String,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A field that the type requires.
    #[error("the predicate is no {kind}: required field {field} missing")]
    MissingField {
        /// The type asked for.
        kind: String,
        /// The field.
        field: &'static str,
    },
    /// The file is not text.
    #[error("the predicate is not UTF-8 text")]
    NotText,
}

impl PredicateType {
    /// The type that is asked for when statements are looked for: a short name, or any text, as old and other tools
    /// also write what is no URI.
    pub fn asked(text: &str) -> Self {
        text.parse().unwrap_or_else(|_| Self {
            name: text.to_owned(),
            uri: text.to_owned(),
        })
    }

    /// The URI that a statement of this type carries.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// What was asked for: the short name or the URI.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The predicate that cosign makes of the file `content`.
    ///
    /// `custom` wraps the text as `{"Data":…,"Timestamp":…}`, `spdx` makes it a JSON string, every other type
    /// takes a JSON object. `timestamp` is RFC 3339 in UTC, with seconds.
    ///
    /// # Errors
    /// [`PredicateError`]: not text, not a JSON object, or a field that the type requires is missing.
    pub fn predicate(&self, content: &[u8], timestamp: &str) -> Result<Box<RawValue>, PredicateError> {
        let text = || std::str::from_utf8(content).map_err(|_| PredicateError::NotText);
        let not_an_object = |source| PredicateError::NotAnObject {
            kind: self.name.clone(),
            source,
        };
        match self.name.as_str() {
            "custom" | CUSTOM => {
                #[derive(Serialize)]
                #[serde(rename_all = "PascalCase")]
                struct Custom<'a> {
                    data: &'a str,
                    timestamp: &'a str,
                }
                serde_json::value::to_raw_value(&Custom {
                    data: text()?,
                    timestamp,
                })
                .map_err(not_an_object)
            }
            "spdx" => serde_json::value::to_raw_value(text()?).map_err(not_an_object),
            name => {
                self.check_fields(content, required_fields(name))?;
                RawValue::from_string(compact(text()?)).map_err(not_an_object)
            }
        }
    }

    fn check_fields(&self, content: &[u8], required: &'static [&'static str]) -> Result<(), PredicateError> {
        let fields: std::collections::BTreeMap<&str, &RawValue> = match serde_json::from_slice(content) {
            Ok(fields) => fields,
            // Keys with escapes cannot be borrowed; rare enough to be read a second time.
            Err(_) => {
                return serde_json::from_slice::<std::collections::BTreeMap<String, serde::de::IgnoredAny>>(content)
                    .map_err(|source| PredicateError::NotAnObject {
                        kind: self.name.clone(),
                        source,
                    })
                    .and_then(|fields| self.require(required, |field| fields.contains_key(field)));
            }
        };
        self.require(required, |field| fields.contains_key(field))
    }

    fn require(&self, required: &'static [&'static str], has: impl Fn(&str) -> bool) -> Result<(), PredicateError> {
        match required.iter().find(|field| !has(field)) {
            None => Ok(()),
            Some(field) => Err(PredicateError::MissingField {
                kind: self.name.clone(),
                field,
            }),
        }
    }
}

fn required_fields(name: &str) -> &'static [&'static str] {
    match name {
        "slsaprovenance" | "slsaprovenance02" => &["builder", "buildType"],
        "slsaprovenance1" => &["buildDefinition", "runDetails"],
        "link" => &[
            "_type",
            "name",
            "materials",
            "products",
            "byproducts",
            "command",
            "environment",
        ],
        "vuln" => &["scanner", "metadata"],
        _ => &[],
    }
}

/// Drops the white space between the tokens of valid JSON; one pass, so that a predicate of 32 MiB costs one copy.
fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            out.push(c);
            in_string = c == '"';
        }
    }
    out
}

impl FromStr for PredicateType {
    type Err = PredicateError;

    fn from_str(text: &str) -> Result<Self, PredicateError> {
        if let Some((name, uri)) = SHORT_NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(Self {
                name: (*name).to_owned(),
                uri: (*uri).to_owned(),
            });
        }
        let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
        let is_uri = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
            && !text.bytes().any(|b| b.is_ascii_control() || b == b' ');
        if !is_uri && !text.starts_with('/') {
            return Err(PredicateError::UnknownType(text.chars().take(200).collect()));
        }
        Ok(Self {
            name: text.to_owned(),
            uri: text.to_owned(),
        })
    }
}

impl fmt::Display for PredicateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> PredicateType {
        name.parse().unwrap()
    }

    #[test]
    fn short_names_and_uris_are_types_and_nothing_else() {
        assert_eq!(kind("slsaprovenance1").uri(), "https://slsa.dev/provenance/v1");
        assert_eq!(kind("https://example.com/x").uri(), "https://example.com/x");
        for name in ["", "slsa", "spdx json", "1x:y", "a b:c"] {
            assert!(name.parse::<PredicateType>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn custom_and_spdx_take_any_text_and_the_others_an_object() {
        let of = |name: &str, content: &str| {
            kind(name)
                .predicate(content.as_bytes(), "2026-01-02T03:04:05Z")
                .map(|p| p.get().to_owned())
        };
        assert_eq!(
            of("custom", "a \"b\"\n").unwrap(),
            r#"{"Data":"a \"b\"\n","Timestamp":"2026-01-02T03:04:05Z"}"#
        );
        assert_eq!(of("spdx", "SPDXVersion: 2").unwrap(), "\"SPDXVersion: 2\"");
        assert_eq!(
            of("spdxjson", "{ \"a b\" : \"c \\\" d\" ,\n\"e\":[1, 2] }").unwrap(),
            r#"{"a b":"c \" d","e":[1,2]}"#
        );
        assert_eq!(of("openvex", "{\"\\u0061\": 1}").unwrap(), r#"{"\u0061":1}"#);
        assert!(of("cyclonedx", "[1]").is_err());
        assert!(of("cyclonedx", "not json").is_err());
        let error = of("slsaprovenance", r#"{"buildType":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("required field builder missing"), "{error}");
    }
}
