//! Why a candidate is no good: the first check that failed, and what to do.

use std::fmt;

use super::Location;

/// Longest piece of untrusted text that a message quotes, in characters.
const MAX_QUOTE: usize = 120;

/// The checks, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// The candidate is a signature at all, within limits.
    Form,
    /// It carries a certificate, which the policy asks for.
    CertificatePresent,
    /// The signature is over the content, by the asked key or the certificate's.
    Signature,
    /// The content is a statement of the right kind about the asked artifact, with the asked annotations.
    Claims,
    /// A trusted transparency log has the signature.
    Log,
    /// A trusted authority saw the signature in time.
    Timestamp,
    /// The certificate is by a trusted authority and was valid.
    Certificate,
    /// The certificate is of an asked identity.
    Identity,
}

impl Check {
    /// A word or two for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::CertificatePresent | Self::Certificate => "certificate",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Log => "transparency log",
            Self::Timestamp => "timestamp",
            Self::Identity => "identity",
        }
    }
}

/// A candidate that was judged and found wanting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {}: {reason}; {advice}", check.name())]
pub struct Rejection {
    location: Location,
    check: Check,
    reason: String,
    advice: String,
}

impl Rejection {
    pub(super) fn new(location: &Location, fault: Fault) -> Self {
        Self {
            location: location.clone(),
            check: fault.check,
            reason: fault.reason,
            advice: fault.advice,
        }
    }

    /// Where the candidate lay.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The first check that failed.
    pub fn check(&self) -> Check {
        self.check
    }

    /// Why it failed.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What to do.
    pub fn advice(&self) -> &str {
        &self.advice
    }
}

/// A failed check, before it is known of which candidate.
pub(super) struct Fault {
    check: Check,
    reason: String,
    advice: String,
    hinges_on_time: bool,
}

impl Fault {
    pub(super) fn new(check: Check, reason: impl fmt::Display, advice: impl Into<String>) -> Self {
        Self {
            check,
            reason: reason.to_string(),
            advice: advice.into(),
            hinges_on_time: false,
        }
    }

    /// The same of a check that could have ended otherwise at another time.
    pub(super) fn at_this_time(mut self, hinges_on_time: bool) -> Self {
        self.hinges_on_time = hinges_on_time;
        self
    }

    /// The same with the reason why no better time is known, where time matters.
    pub(super) fn undated_because(mut self, cause: impl fmt::Display) -> Self {
        if self.hinges_on_time {
            self.reason = format!("{} ({cause})", self.reason);
        }
        self
    }
}

/// Untrusted text as a message may show it: quoted, control characters escaped, cut.
pub(super) fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(MAX_QUOTE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("{cut:?}")
}
