//! What was decided on an image and why, and the words for it: policy-controller's lines, and one sentence that says
//! what to do.

use serde::Serialize;

use super::fields::{shown, shown_image};
use super::resource::Mode;

/// What happens to an image, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every matching policy is satisfied.
    Admitted,
    /// A policy in mode warn is not satisfied.
    Warned,
    /// A policy is not satisfied.
    Denied,
    /// It could not be found out; admission treats it as denied.
    Undecided,
}

impl Outcome {
    /// Whether the workload may run.
    pub fn is_admitted(self) -> bool {
        self <= Self::Warned
    }
}

/// The verdict on one authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorityVerdict {
    /// Its name.
    pub authority: String,
    /// Whether it is satisfied.
    pub satisfied: bool,
    /// Who signed, for the report: a key's digest or an identity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<String>,
    /// Why it is not satisfied, in policy-controller's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it could not be found out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// The verdict of one policy on one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyVerdict {
    /// The policy's name.
    pub policy: String,
    /// What a failure does.
    #[serde(serialize_with = "mode_name")]
    pub mode: Mode,
    /// Whether the policy is satisfied.
    pub satisfied: bool,
    /// Whether it could not be found out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// Its authorities; those that were not needed any more are left out.
    pub authorities: Vec<AuthorityVerdict>,
    /// Why the policy over the results fails, when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the policy wants to be shown although it is satisfied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

fn mode_name<S: serde::Serializer>(mode: &Mode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match mode {
        Mode::Enforce => "enforce",
        Mode::Warn => "warn",
    })
}

impl PolicyVerdict {
    /// What this verdict means for the image.
    pub fn outcome(&self) -> Outcome {
        match (self.satisfied, self.mode, self.undecided) {
            (true, ..) => Outcome::Admitted,
            (false, Mode::Warn, _) => Outcome::Warned,
            (false, Mode::Enforce, true) => Outcome::Undecided,
            (false, Mode::Enforce, false) => Outcome::Denied,
        }
    }

    /// Everything that speaks against the image, in policy-controller's words.
    pub fn reasons(&self) -> Vec<&str> {
        let own = self.authorities.iter().filter_map(|a| a.reason.as_deref());
        own.chain(self.reason.as_deref()).collect()
    }
}

/// The verdict on one image of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImageVerdict {
    /// The field, e.g. `spec.containers[0].image`; empty for an image given by itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub container: String,
    /// The image as written.
    pub image: String,
    /// The digest that was judged, with its repository; `None` when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// Whether the digest was looked up from a tag.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub from_tag: bool,
    /// What happens.
    pub outcome: Outcome,
    /// The verdicts of all matching policies.
    pub policies: Vec<PolicyVerdict>,
    /// Why, when it is no policy's verdict: policy-controller's words without the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What to do, one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl ImageVerdict {
    /// A verdict that no policy gave.
    pub fn without_policy(path: &str, container: &str, image: &str, outcome: Outcome, reason: Option<String>) -> Self {
        Self {
            path: path.to_owned(),
            container: container.to_owned(),
            image: image.to_owned(),
            resolved: None,
            from_tag: false,
            outcome,
            policies: Vec::new(),
            reason,
            advice: None,
        }
    }

    /// The texts of what speaks against the image, as knative prints them: message, field, details.
    ///
    /// `warnings` picks those of policies in mode warn instead of those that deny.
    pub fn texts(&self, warnings: bool) -> Vec<String> {
        let mut texts = Vec::new();
        if let Some(reason) = &self.reason
            && (self.outcome == Outcome::Warned) == warnings
            && self.outcome != Outcome::Admitted
        {
            texts.push(match reason.strip_prefix(INVALID) {
                Some(value) => format!("{INVALID}{value}: {}", self.path),
                None => format!("{reason}: {}\n{}", self.path, shown_image(&self.image)),
            });
        }
        for verdict in self.policies.iter().filter(|v| !v.satisfied) {
            if (verdict.mode == Mode::Warn) == warnings {
                let mut text = format!(
                    "failed policy: {}: {}\n{}",
                    verdict.policy,
                    self.path,
                    shown_image(&self.image)
                );
                for reason in verdict.reasons() {
                    text.push(' ');
                    text.push_str(reason);
                }
                texts.push(text);
            }
        }
        texts
    }
}

/// How knative starts a message on a value that is not valid.
pub const INVALID: &str = "invalid value: ";
/// Longest message of an admission response, in bytes: an API server refuses large ones.
const MAX_MESSAGE: usize = 16 << 10;

/// The denial of a workload, as `kubectl` shows it behind `admission webhook "policy.sigstore.dev" denied the request: `.
///
/// `None` when nothing denies it.
pub fn denial(verdicts: &[ImageVerdict]) -> Option<String> {
    let denying: Vec<_> = verdicts.iter().filter(|v| !v.outcome.is_admitted()).collect();
    if denying.is_empty() {
        return None;
    }
    let texts: Vec<_> = denying.iter().flat_map(|v| v.texts(false)).collect();
    let mut message = format!("validation failed: {}", texts.join("\n"));
    let mut told = Vec::new();
    for advice in denying.iter().filter_map(|v| v.advice.as_deref()) {
        if !told.contains(&advice) {
            told.push(advice);
            message.push('\n');
            message.push_str(advice);
        }
    }
    Some(cut(message, MAX_MESSAGE))
}

/// The warnings of a workload, one text each.
pub fn warnings(verdicts: &[ImageVerdict]) -> Vec<String> {
    let mut warnings = Vec::new();
    for verdict in verdicts {
        let image = shown_image(&verdict.image);
        if let (Some(reason), Outcome::Warned) = (&verdict.reason, verdict.outcome) {
            warnings.push(format!("{reason}: {} {image}", verdict.path));
        }
        for policy in &verdict.policies {
            if !policy.satisfied && policy.mode == Mode::Warn {
                // A warning is short, and names of images are long: the name comes last, and once.
                let judged = verdict.resolved.as_deref().unwrap_or(&verdict.image);
                let reasons: Vec<_> = policy
                    .reasons()
                    .iter()
                    .map(|r| r.replace(&format!(" for {judged}"), "").replace('\n', " "))
                    .collect();
                let reasons = reasons.join("; ");
                warnings.push(format!(
                    "failed policy: {}: {}: {reasons}: {image}",
                    policy.policy, verdict.path
                ));
            }
            let own = policy.warnings.iter();
            warnings.extend(own.map(|w| format!("{}: {}: {}", policy.policy, verdict.path, shown(w))));
        }
    }
    warnings
}

/// A message that is not longer than `limit` bytes.
pub fn cut(mut message: String, limit: usize) -> String {
    if message.len() > limit {
        let mut end = limit.saturating_sub(4);
        while !message.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        message.truncate(end);
        message.push('…');
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(mode: Mode) -> ImageVerdict {
        ImageVerdict {
            policies: vec![PolicyVerdict {
                policy: "my-image-policy".into(),
                mode,
                satisfied: false,
                undecided: false,
                authorities: vec![AuthorityVerdict {
                    authority: "authority-0".into(),
                    satisfied: false,
                    signers: vec![],
                    reason: Some(
                        "signature key validation failed for authority authority-0 for r.io/app@sha256:1: no signatures found"
                            .into(),
                    ),
                    undecided: false,
                    advice: None,
                }],
                reason: None,
                warnings: vec![],
            }],
            advice: Some("Sign it.".into()),
            ..ImageVerdict::without_policy(
                "spec.template.spec.containers[0].image",
                "",
                "r.io/app@sha256:1",
                match mode {
                    Mode::Enforce => Outcome::Denied,
                    Mode::Warn => Outcome::Warned,
                },
                None,
            )
        }
    }

    #[test]
    fn a_denial_reads_as_policy_controllers_with_a_sentence_more() {
        assert_eq!(
            denial(&[verdict(Mode::Enforce)]).unwrap(),
            "validation failed: failed policy: my-image-policy: spec.template.spec.containers[0].image\nr.io/app@sha256:1 \
             signature key validation failed for authority authority-0 for r.io/app@sha256:1: no signatures found\nSign it."
        );
        assert!(warnings(&[verdict(Mode::Enforce)]).is_empty());
    }

    #[test]
    fn a_policy_in_mode_warn_warns() {
        assert_eq!(denial(&[verdict(Mode::Warn)]), None);
        let warnings = warnings(&[verdict(Mode::Warn)]);
        assert_eq!(
            warnings[0],
            "failed policy: my-image-policy: spec.template.spec.containers[0].image: signature key validation failed for \
             authority authority-0: no signatures found: r.io/app@sha256:1"
        );
    }

    #[test]
    fn verdicts_without_a_policy_have_knatives_form() {
        let none = ImageVerdict::without_policy(
            "spec.containers[0].image",
            "",
            "a@b",
            Outcome::Denied,
            Some("no matching policies".into()),
        );
        assert_eq!(
            denial(&[none]).unwrap(),
            "validation failed: no matching policies: spec.containers[0].image\na@b"
        );
        let tag = ImageVerdict::without_policy(
            "spec.containers[0].image",
            "",
            "a:1",
            Outcome::Denied,
            Some("invalid value: a:1 must be an image digest".into()),
        );
        assert_eq!(
            denial(&[tag]).unwrap(),
            "validation failed: invalid value: a:1 must be an image digest: spec.containers[0].image"
        );
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let text = cut("é".repeat(100), 21);
        assert!(text.len() <= 21 && text.ends_with('…'), "{text}");
    }
}
