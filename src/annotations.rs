//! Annotations of a signature: what `-a key=value` signs and what `verify -a key=value` asks for.

use std::collections::BTreeMap;

/// Names and values, sorted by name as Go sorts the keys of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations(BTreeMap<String, String>);

/// Why a flag's value is not a list of annotations.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidAnnotation {
    /// No `=`.
    #[error("unable to parse annotation: {0:?}: write -a key=value")]
    NoValue(String),
    /// Broken quoting.
    #[error(
        "unable to parse annotation: {0:?}: a quote is not closed, or stands inside a value; write \"key=a,b\" in quotes"
    )]
    Quote(String),
}

impl Annotations {
    /// Parses the values of `-a`: each is one line of CSV (RFC 4180 quoting), whose fields are `key=value`. A later
    /// key replaces an earlier one.
    ///
    /// # Errors
    /// [`InvalidAnnotation`] names the value.
    pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidAnnotation> {
        let mut annotations = BTreeMap::new();
        for value in values {
            for field in csv_fields(value).ok_or_else(|| InvalidAnnotation::Quote(value.to_owned()))? {
                let (key, value) = field
                    .split_once('=')
                    .ok_or_else(|| InvalidAnnotation::NoValue(field.clone()))?;
                annotations.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(Self(annotations))
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a map.
    pub fn as_map(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl FromIterator<(String, String)> for Annotations {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The fields of the first line of `text` as Go's `encoding/csv` reads them; `None` when the quoting is broken.
fn csv_fields(text: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    if text.is_empty() {
        return Some(fields);
    }
    let mut rest = text;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                if field.contains('"') {
                    return None;
                }
                (field.trim_end_matches('\r').to_owned(), after)
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Some(fields),
        }
    }
}

/// The field that `text` (behind its opening quote) begins with, and what follows its closing quote.
fn quoted_field(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        field.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None if after.is_empty() || after.starts_with([',', '\n', '\r']) => return Some((field, after)),
            None => return None,
        }
    }
}

/// For the fuzzers: any text as the value of `-a`.
pub fn fuzz_annotations(data: &[u8]) {
    let _ = Annotations::parse([String::from_utf8_lossy(data).as_ref()]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(values: &[&str]) -> Vec<(String, String)> {
        let annotations = Annotations::parse(values.iter().copied()).unwrap();
        annotations.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    #[test]
    fn values_are_csv() {
        let case = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            pairs(&["a=1,b=2", "c=3"]),
            [case("a", "1"), case("b", "2"), case("c", "3")]
        );
        assert_eq!(pairs(&["\"a=x,\"\"y\"\"\""]), [case("a", "x,\"y\"")]);
        assert_eq!(pairs(&["a=1=2"]), [case("a", "1=2")]);
        assert_eq!(pairs(&["a=1", "a=2"]), [case("a", "2")]);
        assert_eq!(pairs(&["a="]), [case("a", "")]);
        assert_eq!(pairs(&[""]), []);
    }

    #[test]
    fn a_field_without_value_or_with_broken_quotes_is_refused() {
        for text in ["a", "a=1,b", "a=1,", "\"a=1", "\"a\"=1", "a=\"1\""] {
            assert!(Annotations::parse([text]).is_err(), "{text:?} was accepted");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = Annotations::parse([text.as_str()]);
        }
    }
}
