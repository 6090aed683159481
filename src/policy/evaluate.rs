//! Judges one image by one policy, and the images of a workload by all that match.
//!
//! What is fetched and how a signature is checked lies behind [`Evidence`]; here is only what a policy means: any one of
//! its authorities (or `n` distinct signers), then its own policy over the results; and every matching policy.

mod authority;
mod workload;

use std::future::Future;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::budget::Share;
use super::decision::PolicyVerdict;
use super::rego::{self, RegoError};
use super::resource::{Authority, AuthorityKind, ClusterImagePolicy, Code, Source};
use super::workload::Workload;
use crate::digest::Digest;
use crate::reference::Reference;

use authority::check_authority;
pub use workload::{NoMatch, Ready, Tags, combine, needs_digest, prepare, some_at_once, workload};

/// Why something could not be looked up. One line: what, where, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LookupError {
    /// What went wrong.
    pub message: String,
    /// Whether the image itself is not there.
    pub image_missing: bool,
}

/// What a candidate turned out to be.
#[derive(Clone, Debug)]
pub struct Found {
    /// Who signed: equal for the same signer, different for another one.
    pub signer: String,
    /// What the policy over the results sees of it (`id`, `subject`, `issuer`, `githubWorkflow…`).
    pub signature: Map<String, Value>,
    /// The statement, when this is an attestation rather than a signature.
    pub statement: Option<Arc<Value>>,
    /// SHA-256 of the attestation, as `sha256:…`.
    pub digest: String,
}

/// Why a candidate does not count. One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Where it lies.
    pub place: String,
    /// The first check that failed.
    pub reason: String,
}

/// What lies beside an image, as far as it could be looked up.
#[derive(Debug)]
pub struct Gathered<C> {
    /// What was found.
    pub candidates: Vec<C>,
    /// The first place that could not be looked at. A good candidate from another place counts all the same.
    pub failure: Option<LookupError>,
    /// The memory that the candidates take.
    pub held: Share,
}

/// What is known of images, and the checks.
pub trait Evidence: Sync {
    /// Something that may be a signature or attestation of an image.
    type Candidate: Send + Sync;

    /// The digest that a tag has now.
    fn resolve(&self, image: &Reference) -> impl Future<Output = Result<Digest, LookupError>> + Send;

    /// Everything of one kind (attestations or signatures) that lies beside the image at `source`, fetched at most once.
    fn candidates(
        &self,
        image: &Reference,
        source: &Source,
        attestations: bool,
    ) -> impl Future<Output = Arc<Gathered<Self::Candidate>>> + Send;

    /// The configuration files of the image, by platform (`linux/amd64`).
    fn config_files(&self, image: &Reference) -> impl Future<Output = Result<Value, LookupError>> + Send;

    /// Checks a candidate against an authority, in memory.
    fn verify(&self, candidate: &Self::Candidate, image: &Reference, authority: &Authority) -> Result<Found, Rejected>;

    /// What an authority needs and is not at hand, such as a trusted root.
    fn unusable(&self, authority: &Authority) -> Option<String>;

    /// The time, in seconds since 1970.
    fn now(&self) -> i64;
}

/// The object around an image, for policies that want to see it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `spec`.
    pub spec: &'a Value,
    /// `metadata`.
    pub metadata: &'a Value,
    /// `apiVersion` and `kind`.
    pub type_meta: &'a Value,
}

impl<'a> From<&'a Workload> for Subject<'a> {
    fn from(workload: &'a Workload) -> Self {
        Self {
            spec: &workload.spec,
            metadata: &workload.metadata,
            type_meta: &workload.type_meta,
        }
    }
}

/// Judges `image`, which names a digest, by one policy.
pub async fn judge<E: Evidence>(
    evidence: &E,
    policy: &ClusterImagePolicy,
    image: &Reference,
    subject: Subject<'_>,
) -> PolicyVerdict {
    let mut verdict = PolicyVerdict {
        policy: policy.name.clone(),
        mode: policy.mode,
        satisfied: false,
        undecided: false,
        authorities: Vec::new(),
        reason: None,
        warnings: Vec::new(),
    };
    if let Some(reason) = &policy.invalid {
        let text = format!("the policy is not valid, so that nothing can satisfy it; repair or delete it: {reason}");
        verdict.reason = Some(text);
        return verdict;
    }
    // Without a policy over the results one authority suffices, and one that needs no network is asked first.
    let all_needed = policy.policy.is_some() || policy.required_signers > 1;
    let mut order: Vec<_> = policy.authorities.iter().collect();
    order.sort_by_key(|a| !matches!(a.kind, AuthorityKind::Static { .. }));
    let mut matches = Map::new();
    let mut signers = Vec::new();
    for authority in order {
        let checked = check_authority(evidence, authority, image).await;
        verdict.authorities.push(checked.verdict);
        signers.extend(checked.signers);
        if let Some(matched) = checked.matched {
            matches.insert(authority.name.clone(), matched);
            if !all_needed {
                break;
            }
        }
    }
    signers.sort();
    signers.dedup();
    let undecided = verdict.authorities.iter().any(|a| a.undecided);
    if matches.is_empty() {
        verdict.undecided = undecided;
        if policy.authorities.is_empty() {
            verdict.reason = Some("the policy has no authorities, so that nothing can satisfy it".to_owned());
        }
        return verdict;
    }
    let needed = usize::try_from(policy.required_signers).unwrap_or(usize::MAX);
    if needed > 1 && signers.len() < needed {
        verdict.undecided = undecided;
        verdict.reason = Some(format!(
            "signed by {} of {needed} required distinct signers",
            signers.len()
        ));
        return verdict;
    }
    match check_results(evidence, policy, image, subject, matches).await {
        Ok(warning) => {
            verdict.satisfied = true;
            verdict.warnings.extend(warning);
        }
        Err((reason, unknown)) => {
            verdict.reason = Some(reason);
            verdict.undecided = unknown || undecided;
        }
    }
    verdict
}

/// The policy over the results; an error says whether it is only that it could not be found out.
async fn check_results<E: Evidence>(
    evidence: &E,
    policy: &ClusterImagePolicy,
    image: &Reference,
    subject: Subject<'_>,
    matches: Map<String, Value>,
) -> Result<Option<String>, (String, bool)> {
    let Some(results) = &policy.policy else {
        return Ok(None);
    };
    let mut input = Map::new();
    input.insert("authorityMatches".to_owned(), Value::Object(matches));
    if results.fetch_config_file {
        let config = evidence.config_files(image).await.map_err(|e| (e.message, true))?;
        input.insert("config".to_owned(), config);
    }
    for (wanted, name, value) in [
        (results.include_spec, "spec", subject.spec),
        (results.include_object_meta, "metadata", subject.metadata),
        (results.include_type_meta, "typemeta", subject.type_meta),
    ] {
        if wanted {
            input.insert(name.to_owned(), value.clone());
        }
    }
    let result = run(&results.code, Arc::new(Value::Object(input)), evidence.now()).await;
    result.map_err(|e| {
        let unknown = !matches!(e, RegoError::NotCompliant(_));
        (
            format!("failed evaluating rego policy for ClusterImagePolicy: {e}"),
            unknown,
        )
    })
}

/// Evaluates on a thread of its own: a policy may take its whole time limit, and others are waiting.
async fn run(code: &Code, input: Arc<Value>, now: i64) -> Result<Option<String>, RegoError> {
    let Code::Inline(text) = code else {
        return Err(RegoError::Evaluation("its text is not at hand".to_owned()));
    };
    let text = text.clone();
    let evaluation = tokio::task::spawn_blocking(move || rego::evaluate(&text, &input, now));
    let failed = |_| Err(RegoError::Evaluation("it did not come to an end".to_owned()));
    evaluation.await.unwrap_or_else(failed)
}

#[cfg(test)]
mod tests;
