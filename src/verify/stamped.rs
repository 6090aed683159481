//! Timestamps: a trusted authority saw this signature.

use super::SignedContent;
use super::rejection::{Check, Fault};
use super::{Evidence, TimestampPolicy};
use crate::certificate::Authority;
use crate::timestamp::{self, TimestampError, VerifiedTimestamp, distinct_authorities};

/// The timestamps of `evidence` that trusted authorities made over its signature. One that does not hold counts for
/// nothing, and is what the fault tells of when too few do.
pub(super) fn check(evidence: &Evidence, policy: &TimestampPolicy) -> Result<Vec<VerifiedTimestamp>, Fault> {
    let mut verified = Vec::new();
    let mut refusal = None;
    if policy.authorities.is_empty() && policy.threshold == 0 {
        return Ok(verified);
    }
    for token in &evidence.timestamps {
        match stamped(token, evidence, &policy.authorities) {
            Ok(timestamp) => verified.push(timestamp),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    let found = distinct_authorities(&verified);
    if found >= policy.threshold {
        return Ok(verified);
    }
    let advice = "have it signed with --timestamp-server-url, or ask for no timestamp";
    Err(match refusal {
        Some(error) => Fault::new(Check::Timestamp, error, advice),
        None if found == 0 => Fault::new(Check::Timestamp, "it has no timestamp", advice),
        None => {
            let reason = format!("{found} trusted authorities saw it, {} are asked", policy.threshold);
            Fault::new(Check::Timestamp, reason, advice)
        }
    })
}

/// A timestamp is over the signature; cosign 2 has the whole envelope of an attestation stamped, signature included.
fn stamped(token: &[u8], evidence: &Evidence, authorities: &[Authority]) -> Result<VerifiedTimestamp, TimestampError> {
    match (
        timestamp::verify(token, &evidence.signature, authorities),
        &evidence.content,
    ) {
        (Err(TimestampError::OtherContent), SignedContent::Dsse { json: Some(json), .. }) => {
            timestamp::verify(token, json, authorities)
        }
        (verdict, _) => verdict,
    }
}
