//! The report for people.

use std::fmt::Write as _;

use super::super::decision::Outcome;
use super::super::fields::{shown, shown_image};
use super::{Item, counts};

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Admitted => "ADMITTED",
        Outcome::Warned => "WARNING",
        Outcome::Denied => "DENIED",
        Outcome::Undecided => "UNDECIDED",
    }
}

/// The report: a paragraph for each image, and the sums.
pub fn text(items: &[Item]) -> String {
    let mut out = String::new();
    for item in items {
        paragraph(&mut out, item);
    }
    let sums: Vec<_> = counts(items)
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{count} {}", word(*outcome).to_lowercase()))
        .collect();
    let total = items.len();
    let _ = writeln!(
        out,
        "{total} image{}: {}",
        if total == 1 { "" } else { "s" },
        if sums.is_empty() {
            "nothing to check".to_owned()
        } else {
            sums.join(", ")
        }
    );
    out
}

fn paragraph(out: &mut String, item: &Item) {
    let verdict = &item.verdict;
    let mut heading = format!("{:9} {}", word(verdict.outcome), shown_image(&verdict.image));
    if verdict.from_tag
        && let Some(resolved) = &verdict.resolved
    {
        let _ = write!(heading, " (the tag is now {resolved})");
    }
    let around = [item.subject(), item.place()];
    let around: Vec<_> = around.iter().filter(|s| !s.is_empty()).map(String::as_str).collect();
    if !around.is_empty() {
        let _ = write!(heading, " in {}", around.join(", "));
    }
    let _ = writeln!(out, "{heading}");
    if let Some(reason) = &verdict.reason {
        let _ = writeln!(out, "  {reason}");
    }
    for policy in &verdict.policies {
        let state = match (policy.satisfied, policy.undecided) {
            (true, _) => "satisfied",
            (false, true) => "could not be decided",
            (false, false) => "failed",
        };
        let _ = writeln!(out, "  policy {}: {state}", policy.policy);
        for authority in &policy.authorities {
            match &authority.reason {
                Some(reason) => {
                    let _ = writeln!(out, "    {}: {reason}", authority.authority);
                }
                None if authority.signers.is_empty() => {
                    let _ = writeln!(out, "    {}: passes", authority.authority);
                }
                None => {
                    let _ = writeln!(
                        out,
                        "    {}: signed by {}",
                        authority.authority,
                        authority.signers.join(" and ")
                    );
                }
            }
        }
        if let Some(reason) = &policy.reason {
            let _ = writeln!(out, "    {reason}");
        }
        for warning in &policy.warnings {
            let _ = writeln!(out, "    warning: {}", shown(warning));
        }
    }
    if let Some(advice) = verdict.advice.as_ref().filter(|_| verdict.outcome != Outcome::Admitted) {
        let _ = writeln!(out, "  {advice}");
    }
}
