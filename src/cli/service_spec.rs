//! The services that `trusted-root create` and `signing-config create` are given: `key=value,key=value`.

use std::path::Path;

use countersign::trust::{Validity, parse_time};

use super::Failure;

/// The keys and values of one flag.
pub struct Spec {
    flag: &'static str,
    pairs: Vec<(String, String)>,
}

impl Spec {
    /// Splits `text`, the value of `flag`. Each of `required` has to be there with a value; a key that is neither
    /// required nor `optional` is refused.
    pub fn parse(flag: &'static str, text: &str, required: &[&str], optional: &[&str]) -> Result<Self, Failure> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in text.split(',') {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(Failure::new(format!(
                    "parsing {flag} spec: invalid key-value pair: {pair:?}; write key=value,key=value"
                )));
            };
            let (key, value) = (key.trim(), value.trim());
            if !required.contains(&key) && !optional.contains(&key) {
                return Err(Failure::new(format!(
                    "parsing {flag} spec: unknown key {key:?}; known: {}",
                    [required, optional].concat().join(", ")
                )));
            }
            if pairs.iter().any(|(known, _)| known == key) {
                return Err(Failure::new(format!("parsing {flag} spec: {key} is given twice")));
            }
            pairs.push((key.to_owned(), value.to_owned()));
        }
        let spec = Self { flag, pairs };
        for key in required {
            if spec.get(key).is_none() {
                return Err(spec.fault(&format!("missing or empty required key '{key}'")));
            }
        }
        Ok(spec)
    }

    /// The value of `key`, when it is there and not empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(known, _)| known == key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The value of a required key.
    pub fn value(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    /// The times of `start-time` and `end-time`; `start` where there is no start.
    pub fn validity(&self, start: Option<i64>) -> Result<Validity, Failure> {
        let time = |key: &str| self.get(key).map(|text| time(key, text)).transpose();
        Ok(Validity {
            start: time("start-time")
                .map_err(|failure| self.fault(&failure.line()))?
                .or(start),
            end: time("end-time").map_err(|failure| self.fault(&failure.line()))?,
        })
    }

    /// A failure that names the flag.
    pub fn fault(&self, reason: &str) -> Failure {
        Failure::new(format!("parsing {} spec: {reason}", self.flag))
    }
}

/// A time of a flag.
pub fn time(flag: &str, text: &str) -> Result<i64, Failure> {
    parse_time(text).map_err(|error| Failure::new(format!("{flag}: {error}")))
}

/// A file of a flag.
pub fn read(flag: &str, path: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(Path::new(path)).map_err(|error| Failure::new(format!("{flag} {path}: {error}")))
}
