//! The images of a workload, judged by every policy that matches.

use std::sync::Arc;

use super::super::decision::{ImageVerdict, Outcome, PolicyVerdict};
use super::super::fields::shown_image;
use super::super::resource::{ClusterImagePolicy, Mode};
use super::super::workload::{ImageUse, Workload};
use super::{Evidence, judge};
use crate::reference::{InvalidReference, Reference, Target};

/// What happens to an image that no policy matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoMatch {
    /// It is admitted.
    Allow,
    /// It is admitted with a warning.
    Warn,
    /// It is denied.
    #[default]
    Deny,
}

/// What happens to an image that is named by a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tags {
    /// Its digest is looked up and judged.
    Resolve,
    /// It is denied, since the tag can move until it runs.
    Refuse,
}

/// The policies that match an image in a workload.
pub fn matching<'a>(
    policies: &'a [Arc<ClusterImagePolicy>],
    workload: &Workload,
    image: &Reference,
    written: &str,
) -> Vec<&'a Arc<ClusterImagePolicy>> {
    let kind = workload.resource_kind();
    policies
        .iter()
        .filter(|p| {
            let for_kind = p.matches.is_empty()
                || workload.resource.is_empty()
                || p.matches.iter().any(|m| m.matches(&kind, &workload.labels));
            for_kind && p.images.iter().any(|g| g.matches(image, written))
        })
        .collect()
}

/// An image of a workload that is ready to be judged.
pub struct Ready<'a> {
    /// The image by digest.
    pub image: Reference,
    /// Whether the digest was looked up from a tag.
    pub from_tag: bool,
    /// The policies that match.
    pub policies: Vec<&'a Arc<ClusterImagePolicy>>,
}

/// Parses the image of a use and finds its policies; `Err` is a verdict that needs no policy.
///
/// # Errors
/// The verdict on an image that is malformed, named by a tag where that is refused, not found, or matched by no policy.
pub async fn prepare<'a, E: Evidence>(
    evidence: &E,
    policies: &'a [Arc<ClusterImagePolicy>],
    no_match: NoMatch,
    tags: Tags,
    workload: &Workload,
    used: &ImageUse,
) -> Result<Ready<'a>, Box<ImageVerdict>> {
    let verdict = |outcome, reason: Option<String>, advice: Option<String>| {
        let mut verdict = ImageVerdict::without_policy(&used.path, &used.container, &used.image, outcome, reason);
        verdict.advice = advice;
        Box::new(verdict)
    };
    let reference: Reference = used.image.parse().map_err(|error: InvalidReference| {
        let advice = "Write the image as REGISTRY/REPOSITORY@sha256:DIGEST.".to_owned();
        verdict(Outcome::Denied, Some(error.to_string()), Some(advice))
    })?;
    let matched = matching(policies, workload, &reference, &used.image);
    let by_tag = matches!(reference.target(), Target::Tag(_));
    // A digest is needed only where something is looked up by it.
    if by_tag && tags == Tags::Refuse && matched.iter().any(|p| !p.is_static()) {
        let reason = format!("invalid value: {} must be an image digest", shown_image(&used.image));
        let advice = "Name the image by digest, or let the mutating webhook resolve it.".to_owned();
        return Err(verdict(Outcome::Denied, Some(reason), Some(advice)));
    }
    if matched.is_empty() {
        let reason = Some("no matching policies".to_owned());
        return Err(match no_match {
            NoMatch::Allow => verdict(Outcome::Admitted, None, None),
            NoMatch::Warn => verdict(Outcome::Warned, reason, None),
            NoMatch::Deny => {
                let advice = format!(
                    "Add a ClusterImagePolicy with a glob that matches {}, or use an image that one matches.",
                    shown_image(&reference.to_string())
                );
                verdict(Outcome::Denied, reason, Some(advice))
            }
        });
    }
    let image = match reference.digest() {
        Some(_) => reference,
        None if matched.iter().all(|p| p.is_static()) => reference,
        None => match evidence.resolve(&reference).await {
            Ok(digest) => reference.repository().with_digest(digest),
            Err(error) => {
                let outcome = if error.image_missing {
                    Outcome::Denied
                } else {
                    Outcome::Undecided
                };
                let advice = format!("Check that {reference} exists and can be pulled.");
                return Err(verdict(outcome, Some(error.message), Some(advice)));
            }
        },
    };
    Ok(Ready {
        from_tag: by_tag && image.digest().is_some(),
        image,
        policies: matched,
    })
}

/// Puts the verdicts of all matching policies together.
pub fn combine(used: &ImageUse, ready: &Ready<'_>, policies: Vec<PolicyVerdict>) -> ImageVerdict {
    let outcome = policies
        .iter()
        .map(PolicyVerdict::outcome)
        .max()
        .unwrap_or(Outcome::Undecided);
    let failing = || policies.iter().filter(|p| !p.satisfied);
    let mut advices = failing().filter(|p| p.mode == Mode::Enforce).chain(failing()).map(|p| {
        let authorities = p.authorities.iter();
        let decided = authorities.clone().filter(|a| !a.undecided);
        let advice = decided.chain(authorities).find_map(|a| a.advice.clone());
        advice.unwrap_or_else(|| format!("Ask the owner of policy {} what it wants.", p.policy))
    });
    let advice = advices.next();
    drop(advices);
    ImageVerdict {
        path: used.path.clone(),
        container: used.container.clone(),
        image: used.image.clone(),
        resolved: ready.image.digest().map(|_| ready.image.to_string()),
        from_tag: ready.from_tag,
        outcome,
        policies,
        reason: None,
        advice,
    }
}

/// Judges every image of a workload, images and policies concurrently.
pub async fn workload<E: Evidence>(
    evidence: &E,
    policies: &[Arc<ClusterImagePolicy>],
    no_match: NoMatch,
    tags: Tags,
    workload: &Workload,
) -> Vec<ImageVerdict> {
    let verdicts = workload.images.iter().map(|used| async move {
        let ready = match prepare(evidence, policies, no_match, tags, workload, used).await {
            Ok(ready) => ready,
            Err(verdict) => return *verdict,
        };
        let judged = ready
            .policies
            .iter()
            .map(|p| judge(evidence, p, &ready.image, workload.into()));
        let judged = futures_util::future::join_all(judged).await;
        combine(used, &ready, judged)
    });
    futures_util::future::join_all(verdicts).await
}
