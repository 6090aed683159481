//! What was found of one image so far.

use std::sync::Arc;

use super::super::{Candidate, Check, Policy, Rejection, VerifiedSignature, VerifyError, check, online};
use super::{VerifiedImage, Workflow};
use crate::digest::Digest;

/// Judged candidates, and the first look-up that failed.
pub(super) struct Findings<'a> {
    workflow: &'a Workflow,
    policy: &'a Policy,
    good: Vec<VerifiedSignature>,
    rejections: Vec<Rejection>,
    attestations: usize,
    failure: Option<VerifyError>,
}

impl<'a> Findings<'a> {
    pub fn new(workflow: &'a Workflow, policy: &'a Policy) -> Self {
        Self {
            workflow,
            policy,
            good: Vec::new(),
            rejections: Vec::new(),
            attestations: 0,
            failure: None,
        }
    }

    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The time that signatures are checked for.
    pub fn now(&self) -> i64 {
        self.workflow.now
    }

    /// A candidate that was checked already, and is good.
    pub fn good(&mut self, signature: VerifiedSignature) {
        self.good.push(signature);
    }

    pub fn has_good(&self) -> bool {
        !self.good.is_empty()
    }

    /// Judges `candidate`, asking the log when nothing but its entry is missing.
    pub async fn judge(&mut self, candidate: &Arc<Candidate>) {
        let now = self.workflow.now;
        let mut verdict = check(candidate, self.policy, now);
        let unlogged = verdict.as_ref().is_err_and(|rejection| rejection.check() == Check::Log)
            && candidate
                .evidence
                .as_ref()
                .is_ok_and(|evidence| evidence.entries.is_empty());
        if let (true, Some(log)) = (unlogged, &self.workflow.log) {
            match online::ask(log, candidate, self.policy).await {
                Ok(Some(candidate)) => verdict = check(&candidate, self.policy, now),
                Ok(None) => {}
                Err(error) => self.failed(error),
            }
        }
        match verdict {
            Ok(signature) => self.good.push(signature),
            Err(rejection) => self.rejections.push(rejection),
        }
    }

    /// A look-up failed: what it would have found is not known.
    pub fn failed(&mut self, error: impl Into<VerifyError>) {
        self.failure.get_or_insert_with(|| error.into());
    }

    /// An attestation that does not count as a signature.
    pub fn attestation(&mut self) {
        self.attestations = self.attestations.saturating_add(1);
    }

    /// What is good and what is not; else why nothing is. `places` names where was looked.
    pub fn into_attestations(
        self,
        artifact: String,
        places: String,
    ) -> Result<(Vec<VerifiedSignature>, Vec<Rejection>), VerifyError> {
        if !self.good.is_empty() {
            return Ok((self.good, self.rejections));
        }
        match self.failure {
            Some(failure) => Err(failure),
            None => Err(VerifyError::unverified(
                "attestations",
                artifact,
                places,
                self.rejections,
            )),
        }
    }

    /// The verdict over all; `places` names where was looked.
    pub fn into_image(
        self,
        name: &str,
        digest: Digest,
        places: impl FnOnce() -> String,
    ) -> Result<VerifiedImage, VerifyError> {
        if !self.good.is_empty() {
            return Ok(VerifiedImage {
                name: name.to_owned(),
                digest,
                signatures: self.good,
                rejections: self.rejections,
            });
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let mut places = places();
        if self.attestations > 0 {
            places.push_str(&format!(
                "; its {} attestations are no signatures: see verify-attestation, or --accept-attestations",
                self.attestations
            ));
        }
        Err(VerifyError::unverified(
            "signatures",
            name.to_owned(),
            places,
            self.rejections,
        ))
    }
}
