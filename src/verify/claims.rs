//! What a signature says: its content is of the expected kind, about the asked artifact, with the asked annotations.

use serde_json::Value;

use super::rejection::{Check, Fault, quoted};
use super::{Claims, Expected, SignedContent};
use crate::annotations::Annotations;
use crate::digest::Digest;
use crate::dsse::{self, Envelope};
use crate::payload::Payload;
use crate::statement::{self, Statement, Subject};

const ADVICE_KIND: &str = "it is not a signature of an image; do not count on it";

/// Content that was found to be what it has to be.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Payload(Payload),
    /// A statement, and the position of the subject that matched.
    Statement(Box<Statement>, Option<usize>),
    Message,
}

/// Checks `content` against `claims`. The signature over it has to be verified before.
pub(super) fn check(content: &SignedContent, claims: &Claims) -> Result<Content, Fault> {
    match content {
        SignedContent::SimpleSigning(bytes) => payload(bytes, claims),
        SignedContent::Dsse { envelope, .. } => statement(envelope, claims),
        SignedContent::Message(_) | SignedContent::Digest(..) if claims.expected == Expected::Message => {
            Ok(Content::Message)
        }
        SignedContent::Message(_) | SignedContent::Digest(..) => Err(Fault::new(
            Check::Claims,
            "it is a signature over plain bytes",
            "check it with verify-blob",
        )),
    }
}

fn payload(bytes: &[u8], claims: &Claims) -> Result<Content, Fault> {
    if !matches!(
        claims.expected,
        Expected::ImageSignature | Expected::ImageSignatureOrStatement
    ) {
        return Err(Fault::new(
            Check::Claims,
            "it is an image signature, not an attestation",
            "check it with verify",
        ));
    }
    let payload = Payload::parse(bytes).map_err(|error| Fault::new(Check::Claims, error, ADVICE_KIND))?;
    if let Some(wanted) = &claims.subject {
        if payload.image() != wanted {
            return Err(other_artifact(wanted, &payload.image().to_string()));
        }
        annotations(&claims.annotations, |key| payload.optional().get(key))?;
    }
    Ok(Content::Payload(payload))
}

fn statement(envelope: &Envelope, claims: &Claims) -> Result<Content, Fault> {
    let statement = match &claims.expected {
        Expected::Message => {
            return Err(Fault::new(
                Check::Claims,
                "it is an attestation, not a signature over the bytes",
                "check it with verify-blob-attestation",
            ));
        }
        _ if envelope.payload_type != dsse::IN_TOTO => {
            let reason = format!(
                "the envelope holds {}, not an in-toto statement",
                quoted(&envelope.payload_type)
            );
            return Err(Fault::new(Check::Claims, reason, ADVICE_KIND));
        }
        _ => Statement::parse(&envelope.payload).map_err(|error| Fault::new(Check::Claims, error, ADVICE_KIND))?,
    };
    predicate(&statement, &claims.expected)?;
    let Some(wanted) = &claims.subject else {
        return Ok(Content::Statement(Box::new(statement), None));
    };
    let found = statement
        .subject
        .iter()
        .position(|subject| subject.has(wanted.algorithm().name(), wanted.hex()));
    let Some((position, subject)) = found.and_then(|position| Some((position, statement.subject.get(position)?)))
    else {
        return Err(other_artifact(wanted, &named_subjects(&statement.subject)));
    };
    annotations(&claims.annotations, |key| subject.annotations.get(key))?;
    Ok(Content::Statement(Box::new(statement), Some(position)))
}

fn predicate(statement: &Statement, expected: &Expected) -> Result<(), Fault> {
    let found = statement.predicate_type.as_str();
    match expected {
        Expected::AnyStatement | Expected::ImageSignatureOrStatement | Expected::Message => Ok(()),
        Expected::ImageSignature if found == statement::COSIGN_SIGN => Ok(()),
        Expected::ImageSignature => Err(Fault::new(
            Check::Claims,
            format!("it is an attestation of type {}, not a signature", quoted(found)),
            "check it with verify-attestation, or let attestations count with --accept-attestations",
        )),
        Expected::Statement(types) if types.iter().any(|accepted| accepted == found) => Ok(()),
        Expected::Statement(types) => Err(Fault::new(
            Check::Claims,
            format!("its predicate type is {}, not {}", quoted(found), types.join(" or ")),
            "ask for its type with --type",
        )),
    }
}

fn named_subjects(subjects: &[Subject]) -> String {
    let digests = subjects.iter().flat_map(|subject| &subject.digest);
    let mut names: Vec<String> = digests
        .take(3)
        .map(|(name, hex)| quoted(&format!("{name}:{hex}")))
        .collect();
    if subjects.len() > names.len() {
        names.push("…".to_owned());
    }
    names.join(", ")
}

fn other_artifact(wanted: &Digest, found: &str) -> Fault {
    Fault::new(
        Check::Claims,
        format!("it was made for {found}, not for {wanted}"),
        "it belongs to another artifact and may have been copied here; sign this one",
    )
}

fn annotations<'a>(wanted: &Annotations, signed: impl Fn(&str) -> Option<&'a Value>) -> Result<(), Fault> {
    for (key, value) in wanted.iter() {
        let reason = match signed(key) {
            Some(Value::String(signed)) if signed == value => continue,
            Some(Value::String(signed)) => {
                format!(
                    "missing or incorrect annotation: {key}={} was signed, {key}={value} is asked",
                    quoted(signed)
                )
            }
            Some(_) => format!("missing or incorrect annotation: {key} is not a text"),
            None => format!("missing or incorrect annotation: {key} is not signed"),
        };
        return Err(Fault::new(
            Check::Claims,
            reason,
            "ask for what was signed, or sign again with -a",
        ));
    }
    Ok(())
}
