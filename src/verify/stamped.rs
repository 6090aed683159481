//! Timestamps: a trusted authority saw this signature.

use super::SignedContent;
use super::rejection::{Check, Fault};
use super::{Evidence, TimestampPolicy};
use crate::certificate::Authority;
use crate::timestamp::{self, TimestampError, VerifiedTimestamp, distinct_authorities};

/// What became of the timestamps of a signature.
#[derive(Default)]
pub(super) struct Stamped {
    /// Those that trusted authorities made over it.
    pub verified: Vec<VerifiedTimestamp>,
    /// Why each of the others counts for nothing.
    pub rejected: Vec<TimestampError>,
}

impl Stamped {
    /// `fault` of a check for which no verified time was known, with the reason why there was none.
    pub(super) fn explain(&self, fault: Fault) -> Fault {
        match self.rejected.first() {
            Some(error) => fault.undated_because(format_args!("its timestamp does not count: {error}")),
            None => fault,
        }
    }
}

/// Judges the timestamps of `evidence`. One that does not hold counts for nothing, and is what the fault tells of when
/// too few do.
pub(super) fn check(evidence: &Evidence, policy: &TimestampPolicy) -> Result<Stamped, Fault> {
    let mut outcome = Stamped::default();
    for token in &evidence.timestamps {
        match stamped(token, evidence, &policy.authorities) {
            Ok(timestamp) => outcome.verified.push(timestamp),
            Err(error) => outcome.rejected.push(error),
        }
    }
    let found = distinct_authorities(&outcome.verified);
    if found >= policy.threshold {
        return Ok(outcome);
    }
    let advice = "have it signed with --timestamp-server-url, or ask for no timestamp";
    Err(match outcome.rejected.first() {
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
