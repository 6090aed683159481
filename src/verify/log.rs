//! The transparency log: entries of trusted logs that are about this content, this signature and this signer.

use super::rejection::{Check, Fault};
use super::{Evidence, LogPolicy, SignedContent};
use crate::rekor::{
    Claim, Content, EntryError, LogEntry, LogKeys, VerifiedEntry, Verifier, distinct_logs, verify_entry,
};
use crate::trust::write_time;

/// Entries that were verified and compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Logged {
    /// Those that lay beside the signature.
    pub attached: Vec<VerifiedEntry>,
    /// Those that the log gave when it was asked.
    pub fetched: Vec<VerifiedEntry>,
}

impl Logged {
    /// All of them.
    pub fn entries(&self) -> impl Iterator<Item = &VerifiedEntry> {
        self.attached.iter().chain(&self.fetched)
    }
}

/// Checks that the keys of logs whose entries bear no time of their own (Rekor v2) were valid at `times`.
pub(super) fn keys_valid_at(logged: &Logged, times: &[i64]) -> Result<(), Fault> {
    for entry in logged.entries().filter(|entry| entry.time().is_none()) {
        if let Some(at) = times.iter().find(|at| !entry.key_valid_at(**at)) {
            let reason = format!(
                "the log's key is valid {}, not at {}",
                entry.key_validity(),
                write_time(*at)
            );
            let advice = "have it signed with a timestamp, or sign again into a current log";
            return Err(Fault::new(Check::Log, reason, advice).at_this_time(true));
        }
    }
    Ok(())
}

/// Checks the entries of `evidence`, whose signature `verifier` has verified.
pub(super) fn check(evidence: &Evidence, policy: &LogPolicy, verifier: &Verifier) -> Result<Logged, Fault> {
    let LogPolicy::Require { keys, threshold } = policy else {
        return Ok(Logged::default());
    };
    let pae = pae(&evidence.content);
    let claim = claim(evidence, &pae, verifier);
    let mut unknown = None;
    let mut look = |entries: &[LogEntry]| verified(entries, keys, &claim, &mut unknown);
    let logged = Logged {
        attached: look(&evidence.entries)?,
        fetched: look(&evidence.fetched_entries)?,
    };
    if let Some(entry) = logged.fetched.iter().find(|entry| !entry.inclusion_checked()) {
        let reason = format!(
            "the log's entry {} comes without a proof that it is in the log",
            entry.log_index()
        );
        return Err(Fault::new(
            Check::Log,
            reason,
            "ask the log's operator; do not count on this entry",
        ));
    }
    let distinct = distinct_logs(logged.attached.iter().chain(&logged.fetched));
    if distinct < threshold.get() {
        return Err(too_few(unknown, distinct, threshold.get()));
    }
    Ok(logged)
}

/// What is signed in a DSSE envelope; empty for other content.
pub(super) fn pae(content: &SignedContent) -> Vec<u8> {
    match content {
        SignedContent::Dsse { envelope, .. } => envelope.pae(),
        _ => Vec::new(),
    }
}

/// What an entry has to be about.
pub(super) fn claim<'a>(evidence: &'a Evidence, pae: &'a [u8], verifier: &'a Verifier) -> Claim<'a> {
    Claim {
        content: match &evidence.content {
            SignedContent::SimpleSigning(bytes) | SignedContent::Message(bytes) => Content::Message(bytes),
            SignedContent::Digest(hash, digest) => Content::Digest(*hash, digest),
            SignedContent::Dsse { envelope, json } => Content::Envelope {
                payload: &envelope.payload,
                pae,
                json: json.as_deref(),
            },
        },
        signature: &evidence.signature,
        verifier,
    }
}

/// The entries that trusted logs vouch for and that are about `claim`. An entry of a log that is not trusted counts
/// for nothing, and is remembered in `unknown`; one of a trusted log that does not hold is a fault.
fn verified(
    entries: &[LogEntry],
    keys: &LogKeys,
    claim: &Claim<'_>,
    unknown: &mut Option<EntryError>,
) -> Result<Vec<VerifiedEntry>, Fault> {
    const ADVICE: &str = "it proves nothing about this signature: sign again, and find out who put it here";
    let fault = |error: &dyn std::fmt::Display| Fault::new(Check::Log, error, ADVICE);
    let mut verified = Vec::new();
    for entry in entries {
        match verify_entry(entry, keys) {
            Ok(entry) => {
                entry.matches(claim).map_err(|error| fault(&error))?;
                verified.push(entry);
            }
            Err(error @ (EntryError::UnknownLog { .. } | EntryError::NoKeys)) => *unknown = Some(error),
            Err(error) => return Err(fault(&error)),
        }
    }
    Ok(verified)
}

fn too_few(unknown: Option<EntryError>, found: usize, threshold: usize) -> Fault {
    match unknown {
        Some(error) if found == 0 => Fault::new(Check::Log, error, "trust the log only if you know whose it is"),
        None if found == 0 => Fault::new(
            Check::Log,
            "it has no transparency-log entry",
            "have it signed with --tlog-upload, or verify with --insecure-ignore-tlog if its signers use no log",
        ),
        _ => Fault::new(
            Check::Log,
            format!("entries of {found} trusted logs verify, {threshold} are asked"),
            "have it signed into more logs, or ask for fewer",
        ),
    }
}
