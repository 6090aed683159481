//! Verifying what has no place in a registry: a blob, with a signature that the caller brings.

use std::sync::Arc;

use super::{Candidate, Check, Policy, Rejection, VerifiedSignature, check, online};
use crate::rekor::{Client, ClientError};

/// Why a blob's signature does not count.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// A check failed.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The log could not be asked.
    #[error(transparent)]
    Log(#[from] ClientError),
}

/// Checks `candidate` against `policy`, asking `log` when nothing but a log entry is missing. `now` is in seconds since
/// 1970.
///
/// # Errors
/// [`BlobError`].
pub async fn verify(
    candidate: &Arc<Candidate>,
    policy: &Policy,
    log: Option<&Client>,
    now: i64,
) -> Result<VerifiedSignature, BlobError> {
    let rejection = match check(candidate, policy, now) {
        Ok(verified) => return Ok(verified),
        Err(rejection) => rejection,
    };
    let has_entries = candidate
        .evidence
        .as_ref()
        .is_ok_and(|evidence| !evidence.entries.is_empty());
    let Some(log) = log.filter(|_| rejection.check() == Check::Log && !has_entries) else {
        return Err(rejection.into());
    };
    match online::ask(log, candidate, policy).await? {
        Some(candidate) => Ok(check(&candidate, policy, now)?),
        None => Err(rejection.into()),
    }
}
