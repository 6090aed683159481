//! The images of a workload, judged by every policy that matches.

use std::future::Future;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::super::decision::{ImageVerdict, Outcome, PolicyVerdict};
use super::super::fields::shown_image;
use super::super::glob::Names;
use super::super::resource::{ClusterImagePolicy, Mode};
use super::super::workload::{ImageUse, Workload};
use super::{Evidence, judge};
use crate::reference::{InvalidReference, Reference, Target, pinned};

/// Most images of a workload, and most policies of an image, that are judged at once.
const AT_ONCE: usize = 16;

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

/// Whether a policy is for objects of the kind and with the labels of `workload`.
fn for_kind(policy: &ClusterImagePolicy, workload: &Workload) -> bool {
    let kind = workload.resource_kind();
    policy.matches.is_empty()
        || workload.resource.is_empty()
        || policy.matches.iter().any(|m| m.matches(&kind, &workload.labels))
}

/// The policies that match an image in a workload by one of its names.
fn matching<'a>(
    policies: &'a [Arc<ClusterImagePolicy>],
    workload: &Workload,
    names: &Names,
) -> Vec<&'a Arc<ClusterImagePolicy>> {
    policies
        .iter()
        .filter(|p| for_kind(p, workload) && p.images.iter().any(|g| g.matches(names)))
        .collect()
}

/// Whether the digest of an image that is `written` by tag is needed: a policy that matches looks something up by it, or
/// one that does not match the tag may match the digest.
pub fn needs_digest(
    policies: &[Arc<ClusterImagePolicy>],
    workload: &Workload,
    image: &Reference,
    written: &str,
) -> bool {
    let names = Names::of(image, written);
    matches!(image.target(), Target::Tag(_))
        && policies.iter().filter(|p| for_kind(p, workload)).any(|policy| {
            match policy.images.iter().any(|g| g.matches(&names)) {
                true => !policy.is_static(),
                false => policy.images.iter().any(|g| g.may_match_digest(image, written)),
            }
        })
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
    let from_tag = needs_digest(policies, workload, &reference, &used.image);
    if from_tag && tags == Tags::Refuse {
        let reason = format!("invalid value: {} must be an image digest", shown_image(&used.image));
        let advice = "Name the image by digest, or let the mutating webhook resolve it.".to_owned();
        return Err(verdict(Outcome::Denied, Some(reason), Some(advice)));
    }
    let (image, names) = if from_tag {
        match evidence.resolve(&reference).await {
            // The names that a mutation would leave, so that a check beforehand says what admission will.
            Ok(digest) => {
                let written = pinned(&used.image, &digest);
                let image = reference.repository().with_digest(digest);
                let names = Names::of(&image, &written);
                (image, names)
            }
            Err(error) => {
                let outcome = if error.image_missing {
                    Outcome::Denied
                } else {
                    Outcome::Undecided
                };
                let advice = format!("Check that {reference} exists and can be pulled.");
                return Err(verdict(outcome, Some(error.message), Some(advice)));
            }
        }
    } else {
        let names = Names::of(&reference, &used.image);
        (reference, names)
    };
    let matched = matching(policies, workload, &names);
    if matched.is_empty() {
        let reason = Some("no matching policies".to_owned());
        return Err(match no_match {
            NoMatch::Allow => verdict(Outcome::Admitted, None, None),
            NoMatch::Warn => verdict(Outcome::Warned, reason, None),
            NoMatch::Deny => {
                let advice = format!(
                    "Add a ClusterImagePolicy with a glob that matches {}, or use an image that one matches.",
                    shown_image(&image.to_string())
                );
                verdict(Outcome::Denied, reason, Some(advice))
            }
        });
    }
    Ok(Ready {
        from_tag,
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
        combine(used, &ready, some_at_once(judged.collect()).await)
    });
    some_at_once(verdicts.collect()).await
}

/// The results of all, in order, of which a few are worked on at once: a workload may name many images.
pub async fn some_at_once<F: Future>(work: Vec<F>) -> Vec<F::Output> {
    stream::iter(work).buffered(AT_ONCE).collect().await
}
