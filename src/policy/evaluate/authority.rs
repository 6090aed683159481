//! One authority against what lies beside an image.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::decision::AuthorityVerdict;
use super::super::fields::shown;
use super::super::rego::RegoError;
use super::super::resource::{Authority, AuthorityKind, Pattern, RequiredAttestation};
use super::{Evidence, Found, Rejected, run};
use crate::reference::Reference;

/// Most rejected candidates that a reason names.
const MAX_NAMED: usize = 3;

/// One authority's result: a verdict, and what the policy over the results sees.
pub(super) struct Checked {
    pub verdict: AuthorityVerdict,
    pub matched: Option<Value>,
    pub signers: Vec<String>,
}

/// Checks an authority.
pub(super) async fn check_authority<E: Evidence>(evidence: &E, authority: &Authority, image: &Reference) -> Checked {
    let failed = |reason: String, undecided: bool, advice: Option<String>| Checked {
        verdict: AuthorityVerdict {
            authority: authority.name.clone(),
            satisfied: false,
            signers: Vec::new(),
            reason: Some(reason),
            undecided,
            advice,
        },
        matched: None,
        signers: Vec::new(),
    };
    if let AuthorityKind::Static { pass, message } = &authority.kind {
        if !pass {
            let advice = "Use another image: the policy disallows this one whoever signs it.".to_owned();
            return failed(
                format!("disallowed by static policy: {}", shown(message)),
                false,
                Some(advice),
            );
        }
        return Checked {
            verdict: AuthorityVerdict {
                authority: authority.name.clone(),
                satisfied: true,
                signers: Vec::new(),
                reason: None,
                undecided: false,
                advice: None,
            },
            matched: Some(json!({ "static": true })),
            signers: Vec::new(),
        };
    }
    let heading = heading(authority, image);
    if let Some(reason) = evidence.unusable(authority) {
        let advice = format!("Ask the owner of the policy to repair authority {}.", authority.name);
        return failed(format!("{heading}: {reason}"), true, Some(advice));
    }
    let attestations = !authority.attestations.is_empty();
    let gathered = evidence.candidates(image, &authority.source, attestations).await;
    let mut found = Vec::new();
    let mut rejected = Vec::new();
    for candidate in &gathered.candidates {
        // A statement of another kind proves that someone attested something, not that the image is signed.
        match evidence.verify(candidate, image, authority) {
            Ok(valid) if valid.statement.is_some() == attestations => found.push(valid),
            Ok(_) => {}
            Err(reason) => rejected.push(reason),
        }
    }
    let unknown = gathered.failure.as_ref().map(|error| {
        let advice = if error.image_missing {
            format!("Check the name: {image} is not in its registry.")
        } else {
            "Try again; if it persists, check that the registry is reachable and the pull secret valid.".to_owned()
        };
        failed(
            format!("{heading}: {}", error.message),
            !error.image_missing,
            Some(advice),
        )
    });
    if found.is_empty() {
        if let Some(unknown) = unknown {
            return unknown;
        }
        let reason = format!("{heading}: {}", nothing(attestations, &rejected));
        return failed(reason, false, Some(advice(authority, image, rejected.is_empty())));
    }
    let matched = if attestations {
        match check_attestations(&authority.attestations, &found, evidence.now()).await {
            Ok((matched, signers)) => Ok((json!({ "attestations": matched }), signers)),
            Err((reason, unknown)) => Err((reason, unknown)),
        }
    } else {
        let list: Vec<_> = found.iter().map(|f| Value::Object(f.signature.clone())).collect();
        Ok((json!({ "signatures": list }), signers_of(found.iter())))
    };
    match matched {
        Ok((matched, signers)) => Checked {
            verdict: AuthorityVerdict {
                authority: authority.name.clone(),
                satisfied: true,
                signers: signers.clone(),
                reason: None,
                undecided: false,
                advice: None,
            },
            matched: Some(matched),
            signers,
        },
        Err(_) if unknown.is_some() => unknown.unwrap_or_else(|| failed(heading, true, None)),
        Err((reason, undecided)) => {
            let advice = advice(authority, image, false);
            failed(format!("{heading}: {reason}"), undecided, Some(advice))
        }
    }
}

fn signers_of<'a>(found: impl Iterator<Item = &'a Found>) -> Vec<String> {
    let mut signers: Vec<_> = found.map(|f| f.signer.clone()).collect();
    signers.sort();
    signers.dedup();
    signers
}

/// policy-controller's words for what failed.
fn heading(authority: &Authority, image: &Reference) -> String {
    let what = if authority.attestations.is_empty() {
        "signature"
    } else {
        "attestation"
    };
    let kind = match authority.kind {
        AuthorityKind::Keyless(_) => "keyless",
        _ => "key",
    };
    format!(
        "{what} {kind} validation failed for authority {} for {image}",
        authority.name
    )
}

fn nothing(attestations: bool, rejected: &[Rejected]) -> String {
    let what = if attestations { "attestations" } else { "signatures" };
    if rejected.is_empty() {
        return format!("no {what} found");
    }
    let named: Vec<_> = rejected
        .iter()
        .take(MAX_NAMED)
        .map(|r| format!("{}: {}", r.place, r.reason))
        .collect();
    let more = match rejected.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("no matching {what}: {}{more}", named.join("; "))
}

/// One plain sentence that says what to do.
fn advice(authority: &Authority, image: &Reference, unsigned: bool) -> String {
    let who = match &authority.kind {
        AuthorityKind::Keyless(keyless) => {
            let identity = keyless.identities.first().map(|i| match &i.subject {
                Pattern::Exact(subject) | Pattern::Regexp(subject) => shown(subject),
            });
            format!("as {}", identity.unwrap_or_default())
        }
        _ => format!("with the private key of authority {}", authority.name),
    };
    match authority.attestations.first() {
        Some(attestation) => format!(
            "Attest {image} {who}, predicate type {}, so that its policy is satisfied, and apply again.",
            shown(&attestation.predicate_type)
        ),
        None if unsigned => format!("Sign {image} {who} (countersign sign --key KEY {image}) and apply again."),
        None => format!(
            "The signatures there are not of authority {}: sign {image} {who} and apply again.",
            authority.name
        ),
    }
}

/// What a policy over the results sees of attestations, and the signers that made all of them.
type Attested = (Map<String, Value>, Vec<String>);

/// Each required attestation must be there, of its type, and its policy true. A failure says whether it only could not
/// be found out.
async fn check_attestations(
    required: &[RequiredAttestation],
    found: &[Found],
    now: i64,
) -> Result<Attested, (String, bool)> {
    let mut matched = Map::new();
    let mut signers: Option<Vec<String>> = None;
    for wanted in required {
        let mut types: Vec<String> = Vec::new();
        let mut first_reason = None;
        let mut satisfied = Vec::new();
        for one in found {
            let Some(statement) = &one.statement else {
                continue;
            };
            let predicate_type = statement
                .get("predicateType")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if predicate_type != wanted.predicate_type {
                types.push(shown(predicate_type));
                continue;
            }
            let result = match &wanted.policy {
                Some(code) => run(code, Arc::clone(statement), now).await,
                None => Ok(None),
            };
            match result {
                Ok(_) => satisfied.push(one),
                Err(error) => {
                    first_reason.get_or_insert(error);
                }
            }
        }
        if satisfied.is_empty() {
            return Err(match first_reason {
                Some(error) => (
                    format!("failed evaluating rego policy for {}: {error}", shown(&wanted.name)),
                    !matches!(error, RegoError::NotCompliant(_)),
                ),
                None => {
                    types.sort();
                    types.dedup();
                    let message = format!(
                        "no matching attestations with type {}, checked the following predicateTypes: {:?}",
                        shown(&wanted.written_type),
                        types.join(",")
                    );
                    (message, false)
                }
            });
        }
        let list = satisfied.iter().map(|one| {
            let mut entry = one.signature.clone();
            entry.insert("predicateType".to_owned(), wanted.written_type.clone().into());
            entry.insert("digest".to_owned(), one.digest.clone().into());
            Value::Object(entry)
        });
        matched.insert(wanted.name.clone(), list.collect());
        // A signer counts when it made every attestation that is asked for.
        let these = signers_of(satisfied.iter().copied());
        signers = Some(match signers {
            None => these,
            Some(mut so_far) => {
                so_far.retain(|s| these.contains(s));
                so_far
            }
        });
    }
    Ok((matched, signers.unwrap_or_default()))
}
