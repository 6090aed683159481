//! The annotation `dev.sigstore.cosign/bundle` of a signature layer, and the member `rekorBundle` of an old blob bundle
//! (sigstore/cosign `specs/SIGNATURE_SPEC.md`):
//! `{"SignedEntryTimestamp":"…","Payload":{"body":"…","integratedTime":0,"logIndex":0,"logID":"…"}}`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::LogEntry;
use super::entry::MAX_BODY_BYTES;
use crate::digest::{from_hex, hex};
use crate::proto_json::decode_base64;

/// The annotation's name.
pub const NAME: &str = "dev.sigstore.cosign/bundle";

/// Longest text that is read, in bytes: the largest body in base64 and its frame.
pub const MAX_BYTES: usize = MAX_BODY_BYTES / 3 * 4 + 64 * 1024;

/// Why a text is not such an annotation.
#[derive(Debug, thiserror::Error)]
pub enum AnnotationError {
    /// Longer than [`MAX_BYTES`].
    #[error("the annotation {NAME} has {0} bytes, more than the limit of {MAX_BYTES}")]
    TooLarge(usize),
    /// Not JSON of that shape.
    #[error("the annotation {NAME} is malformed: {0}")]
    Json(#[from] serde_json::Error),
    /// A member is not canonical base64, not hexadecimal of 32 bytes, or negative.
    #[error("the annotation {NAME} is malformed: {0}")]
    Member(&'static str),
    /// The entry has no signed entry timestamp, which this format requires.
    #[error(
        "the log entry has no signed entry timestamp, which the annotation {NAME} needs: entries of Rekor v2 can be \
         stored in the bundle format only"
    )]
    NoTimestamp,
}

#[derive(Deserialize, Serialize)]
struct Annotation {
    #[serde(rename = "SignedEntryTimestamp")]
    signed_entry_timestamp: String,
    #[serde(rename = "Payload")]
    payload: Payload,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    body: String,
    integrated_time: i64,
    log_index: i64,
    #[serde(rename = "logID")]
    log_id: String,
}

/// Reads the annotation.
///
/// # Errors
/// [`AnnotationError`] for text that is too long or has another shape. Nothing is verified.
pub fn parse(text: &str) -> Result<LogEntry, AnnotationError> {
    if text.len() > MAX_BYTES {
        return Err(AnnotationError::TooLarge(text.len()));
    }
    from_parts(serde_json::from_str(text)?)
}

/// Reads the annotation's JSON where it stands inside another document.
///
/// # Errors
/// [`AnnotationError`] as [`parse`].
pub fn from_value(value: serde_json::Value) -> Result<LogEntry, AnnotationError> {
    from_parts(serde_json::from_value(value)?)
}

fn from_parts(annotation: Annotation) -> Result<LogEntry, AnnotationError> {
    let Annotation {
        signed_entry_timestamp,
        payload,
    } = annotation;
    let set = decode_base64(signed_entry_timestamp.as_bytes())
        .map_err(|_| AnnotationError::Member("SignedEntryTimestamp is not base64"))?;
    let body =
        decode_base64(payload.body.as_bytes()).map_err(|_| AnnotationError::Member("Payload.body is not base64"))?;
    let log_id = from_hex(&payload.log_id)
        .and_then(|id| id.try_into().ok())
        .ok_or(AnnotationError::Member("Payload.logID is not 64 hexadecimal digits"))?;
    if payload.log_index < 0 || payload.integrated_time < 0 {
        return Err(AnnotationError::Member(
            "Payload.logIndex or Payload.integratedTime is negative",
        ));
    }
    Ok(LogEntry {
        body,
        integrated_time: payload.integrated_time,
        log_index: payload.log_index,
        log_id,
        signed_entry_timestamp: Some(set),
        inclusion_proof: None,
    })
}

/// Writes the annotation, in cosign's order of members and without white space.
///
/// # Errors
/// [`AnnotationError::NoTimestamp`] for an entry without a signed entry timestamp.
pub fn write(entry: &LogEntry) -> Result<String, AnnotationError> {
    let set = entry
        .signed_entry_timestamp
        .as_ref()
        .ok_or(AnnotationError::NoTimestamp)?;
    Ok(serde_json::to_string(&Annotation {
        signed_entry_timestamp: STANDARD.encode(set),
        payload: Payload {
            body: STANDARD.encode(&entry.body),
            integrated_time: entry.integrated_time,
            log_index: entry.log_index,
            log_id: hex(&entry.log_id),
        },
    })?)
}

/// Fuzz entry: no text panics, and what is read is written back to what reads the same.
pub fn fuzz_annotation(data: &[u8]) {
    if let Some(entry) = std::str::from_utf8(data).ok().and_then(|text| parse(text).ok()) {
        let again = write(&entry).ok().and_then(|text| parse(&text).ok());
        assert_eq!(again, Some(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TUTORIAL: &str = include_str!("../../tests/vectors/tutorial/bundle.json");

    #[test]
    fn cosigns_own_annotation_is_read_and_written_byte_for_byte() {
        let entry = parse(TUTORIAL).unwrap();
        assert_eq!(entry.log_index, 28_001_047);
        assert_eq!(entry.integrated_time, 1_689_771_460);
        assert_eq!(write(&entry).unwrap(), TUTORIAL);
    }

    #[test]
    fn other_shapes_are_refused() {
        let id = "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d";
        for (from, to) in [
            (r#""integratedTime":1689771460"#, r#""integratedTime":-1"#),
            (r#""integratedTime":1689771460"#, r#""integratedTime":"1689771460""#),
            (r#""logIndex":28001047"#, r#""logIndex":-2"#),
            (r#""logIndex":28001047"#, r#""logIndex":2.5"#),
            (id, "c0d2"),
            (id, "zz"),
            (r#""body":"ey"#, r#""body":"=ey"#),
            (r#""body":"ey"#, r#""body":null,"x":"ey"#),
            (r#"":"MEUC"#, r#"":"MEUC "#),
            (r#""Payload""#, r#""Other""#),
        ] {
            assert!(TUTORIAL.contains(from), "{from}");
            assert!(parse(&TUTORIAL.replacen(from, to, 1)).is_err(), "{to}");
        }
        assert!(matches!(
            parse(&" ".repeat(MAX_BYTES + 1)),
            Err(AnnotationError::TooLarge(_))
        ));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_written_is_read_again(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            set in proptest::collection::vec(any::<u8>(), 0..100),
            integrated_time in 0..i64::MAX, log_index in 0..i64::MAX, log_id in any::<[u8; 32]>(),
        ) {
            let entry = LogEntry {
                body, integrated_time, log_index, log_id, signed_entry_timestamp: Some(set), inclusion_proof: None,
            };
            prop_assert_eq!(parse(&write(&entry).unwrap()).unwrap(), entry);
        }
    }
}
