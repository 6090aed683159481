//! In-toto statements (in-toto/attestation, "Statement" layer, v0.1 and v1): which subjects a predicate is about.

mod predicate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::digest::Digest;
use crate::proto_json::{bounded, null_as_default};

pub use predicate::{PredicateError, PredicateType, SHORT_NAMES};

/// Most subjects in one statement (GHSA-cq38-jh5f-37mq: endless subjects exhaust a verifier).
pub const MAX_SUBJECTS: usize = 1024;
/// Most digests of one subject.
pub const MAX_SUBJECT_DIGESTS: usize = 32;
/// The predicate of cosign's image signatures in bundles.
pub const COSIGN_SIGN: &str = "https://sigstore.dev/cosign/sign/v1";

/// The version of the statement layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementType {
    /// `https://in-toto.io/Statement/v0.1`.
    #[serde(rename = "https://in-toto.io/Statement/v0.1")]
    V01,
    /// `https://in-toto.io/Statement/v1`.
    #[serde(rename = "https://in-toto.io/Statement/v1")]
    V1,
}

/// An in-toto statement. Parsing proves nothing about who made it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// The version of the statement layer.
    #[serde(rename = "_type")]
    pub statement_type: StatementType,
    /// What it is about: at least one, at most [`MAX_SUBJECTS`].
    #[serde(default, deserialize_with = "bounded::<_, _, MAX_SUBJECTS>")]
    pub subject: Vec<Subject>,
    /// The URI that says what the predicate is.
    #[serde(rename = "predicateType", alias = "predicate_type")]
    pub predicate_type: String,
    /// The predicate: JSON as it was written, `null` when absent.
    #[serde(default = "null")]
    pub predicate: Box<RawValue>,
}

/// One subject of a [`Statement`] (in-toto's `ResourceDescriptor`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// A name for people; for images, cosign writes the repository.
    #[serde(
        default,
        skip_serializing_if = "String::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub name: String,
    /// Algorithm name to hexadecimal digits; at least one, at most [`MAX_SUBJECT_DIGESTS`].
    #[serde(default, deserialize_with = "null_as_default")]
    pub digest: BTreeMap<String, String>,
    /// Free annotations; cosign 3 puts those of `sign -a` here.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub annotations: BTreeMap<String, serde_json::Value>,
}

/// Why a payload is not an in-toto statement.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// Not JSON of the right shape.
    #[error("the signed payload is not an in-toto statement: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A statement about nothing.
    #[error("the in-toto statement names no subject, so it says nothing about any artifact")]
    NoSubject,
    /// A subject without a digest.
    #[error("subject {0:?} of the in-toto statement has no digest")]
    NoDigest(String),
    /// Too many digests.
    #[error("a subject of the in-toto statement has {0} digests, more than the {MAX_SUBJECT_DIGESTS} that are read")]
    TooManyDigests(usize),
    /// An empty predicate type.
    #[error("the in-toto statement has no predicateType")]
    NoPredicateType,
}

fn null() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}

impl Subject {
    /// A subject that is one digest, with a name (may be empty).
    pub fn new(name: impl Into<String>, digest: &Digest) -> Self {
        Self {
            name: name.into(),
            digest: BTreeMap::from([(digest.algorithm().name().to_owned(), digest.hex().to_owned())]),
            annotations: BTreeMap::new(),
        }
    }

    /// Whether one of its digests is `hex` (lower case) under `algorithm` (`sha256`, `sha384`, `sha512`).
    pub fn has(&self, algorithm: &str, hex: &str) -> bool {
        self.digest.get(algorithm).is_some_and(|have| have == hex)
    }
}

impl Statement {
    /// A statement about `subject`.
    pub fn new(
        statement_type: StatementType,
        predicate_type: impl Into<String>,
        subject: Vec<Subject>,
        predicate: Box<RawValue>,
    ) -> Self {
        Self {
            statement_type,
            subject,
            predicate_type: predicate_type.into(),
            predicate,
        }
    }

    /// Cosign's statement of an image signature: predicate [`COSIGN_SIGN`], `{}`, the annotations on the subject.
    pub fn cosign_sign(digest: &Digest, annotations: BTreeMap<String, serde_json::Value>) -> Self {
        let subject = Subject {
            annotations,
            ..Subject::new("", digest)
        };
        let empty = RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| null());
        Self::new(StatementType::V1, COSIGN_SIGN, vec![subject], empty)
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// [`StatementError`]: not JSON of the right shape, another `_type`, no subject, a subject without a digest, or
    /// more subjects or digests than the limits.
    pub fn parse(json: &[u8]) -> Result<Self, StatementError> {
        let statement: Self = serde_json::from_slice(json)?;
        if statement.predicate_type.is_empty() {
            return Err(StatementError::NoPredicateType);
        }
        if statement.subject.is_empty() {
            return Err(StatementError::NoSubject);
        }
        for subject in &statement.subject {
            if subject.digest.is_empty() {
                return Err(StatementError::NoDigest(subject.name.chars().take(200).collect()));
            }
            if subject.digest.len() > MAX_SUBJECT_DIGESTS {
                return Err(StatementError::TooManyDigests(subject.digest.len()));
            }
        }
        Ok(statement)
    }

    /// The statement as compact JSON, fields in cosign 3's order: `_type`, `subject`, `predicateType`, `predicate`.
    pub fn to_json(&self) -> Vec<u8> {
        crate::json::to_sized_vec(self, self.predicate.get().len().saturating_add(1 << 10)).unwrap_or_default()
    }

    /// The subject that `digest` identifies.
    pub fn subject_of(&self, digest: &Digest) -> Option<&Subject> {
        self.subject_with(digest.algorithm().name(), digest.hex())
    }

    /// The subject that has the digest `hex` (lower case) under `algorithm` (`sha256`, `sha384`, `sha512`).
    pub fn subject_with(&self, algorithm: &str, hex: &str) -> Option<&Subject> {
        self.subject.iter().find(|subject| subject.has(algorithm, hex))
    }
}

/// For the fuzzers: a statement, and a predicate of each type made of the bytes.
pub fn fuzz_statement(data: &[u8]) {
    if let Ok(statement) = Statement::parse(data) {
        assert!(Statement::parse(&statement.to_json()).is_ok());
    }
    for (name, _) in SHORT_NAMES {
        if let Ok(kind) = name.parse::<PredicateType>() {
            let _ = kind.predicate(data, "2026-01-01T00:00:00Z");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cosigns_signature_statement_is_written_byte_for_byte() {
        let digest = "sha256:7e3fee88c2d8bf4ced6b79dc12d0a02dd9c538fd20751b3c035f201d04ee7b84"
            .parse()
            .unwrap();
        let statement = Statement::cosign_sign(&digest, BTreeMap::from([("build".to_owned(), "42".into())]));
        assert_eq!(
            String::from_utf8(statement.to_json()).unwrap(),
            concat!(
                r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"#,
                r#""7e3fee88c2d8bf4ced6b79dc12d0a02dd9c538fd20751b3c035f201d04ee7b84"},"annotations":{"build":"42"}}],"#,
                r#""predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}"#
            )
        );
    }

    #[test]
    fn both_orders_of_fields_and_both_versions_are_read() {
        let digest = Digest::sha256(b"x");
        for kind in ["v0.1", "v1"] {
            let json = format!(
                r#"{{"_type":"https://in-toto.io/Statement/{kind}","predicateType":"p","predicate":"text",
                "subject":[{{"name":"n","digest":{{"sha512":"00","sha256":"{}"}}}}],"extra":1}}"#,
                digest.hex()
            );
            let statement = Statement::parse(json.as_bytes()).unwrap();
            assert_eq!(statement.subject_of(&digest).unwrap().name, "n");
            assert!(statement.subject_of(&Digest::sha256(b"y")).is_none());
            assert_eq!(statement.predicate.get(), "\"text\"");
        }
    }

    #[test]
    fn statements_about_nothing_or_too_much_are_refused() {
        let with = |subjects: &str| {
            Statement::parse(
                format!(
                    r#"{{"_type":"https://in-toto.io/Statement/v1","predicateType":"p","subject":[{subjects}],"predicate":{{}}}}"#
                )
                .as_bytes(),
            )
        };
        let one = r#"{"digest":{"sha256":"00"}}"#;
        assert!(with(one).is_ok());
        assert!(matches!(with(""), Err(StatementError::NoSubject)));
        assert!(matches!(with(r#"{"name":"a"}"#), Err(StatementError::NoDigest(_))));
        assert!(with(&vec![one; MAX_SUBJECTS].join(",")).is_ok());
        assert!(with(&vec![one; MAX_SUBJECTS + 1].join(",")).is_err());
        let digests: Vec<_> = (0..=MAX_SUBJECT_DIGESTS).map(|i| format!("\"a{i}\":\"00\"")).collect();
        assert!(matches!(
            with(&format!(r#"{{"digest":{{{}}}}}"#, digests.join(","))),
            Err(StatementError::TooManyDigests(33))
        ));
        for json in [
            "{}",
            "[]",
            "null",
            r#"{"_type":"https://in-toto.io/Statement/v2","subject":[{"digest":{"a":"b"}}],"predicateType":"p"}"#,
        ] {
            assert!(Statement::parse(json.as_bytes()).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Statement::parse(&bytes);
        }
    }
}
