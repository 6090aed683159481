//! Who a certificate must be of: the subject alternative name, the OIDC issuer and GitHub's workflow claims.

use std::fmt;

use super::fulcio::{Claim, Claims};
use super::{Certificate, CertificateError, re2, short};

/// Longest pattern, in bytes.
const MAX_PATTERN: usize = 16 * 1024;
/// Largest compiled pattern, in bytes.
const MAX_COMPILED: usize = 4 * 1024 * 1024;

/// What a value must be.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// Exactly this text.
    Exact(String),
    /// Text in which the pattern matches anywhere, as in cosign: anchor with `^` and `$`.
    Pattern {
        /// As it was given, in Go's syntax.
        source: String,
        /// Compiled.
        regex: regex::Regex,
    },
    /// Exactly this text, in which the pattern matches too.
    Both(String, Box<Matcher>),
}

/// Why a pattern cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// Not a regular expression.
    #[error("{pattern:?} is not a valid regular expression (Go syntax): {source}")]
    Syntax {
        /// The pattern.
        pattern: String,
        /// What the parser says.
        source: Box<regex::Error>,
    },
    /// Too long.
    #[error("the pattern is longer than {MAX_PATTERN} bytes")]
    TooLong,
}

impl Matcher {
    /// A matcher for a regular expression in Go's syntax.
    ///
    /// # Errors
    /// [`PatternError`] when it is not one.
    pub fn pattern(source: &str) -> Result<Self, PatternError> {
        if source.len() > MAX_PATTERN {
            return Err(PatternError::TooLong);
        }
        let regex = regex::RegexBuilder::new(&re2::to_rust(source))
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|error| PatternError::Syntax {
                pattern: short(source),
                source: Box::new(error),
            })?;
        Ok(Self::Pattern {
            source: source.to_owned(),
            regex,
        })
    }

    /// Whether `value` is what is asked for.
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Exact(expected) => expected == value,
            Self::Pattern { regex, .. } => regex.is_match(value),
            Self::Both(expected, pattern) => expected == value && pattern.matches(value),
        }
    }

    /// Whether this is a pattern that also matches longer text than it seems to name: no `^` at its start or no `$` at
    /// its end. Worth a warning.
    pub fn is_unanchored(&self) -> bool {
        match self {
            Self::Exact(_) | Self::Both(..) => false,
            Self::Pattern { source, .. } => {
                let starts = source.starts_with('^') || source.starts_with("\\A");
                let ends = source.ends_with('$') || source.ends_with("\\z") || source.ends_with(".*");
                !(starts && ends)
            }
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => write!(f, "{text:?}"),
            Self::Pattern { source, .. } => write!(f, "pattern {source:?}"),
            Self::Both(text, pattern) => write!(f, "{text:?} and {pattern}"),
        }
    }
}

/// The identity that a signer must have. Every part that is given must hold.
#[derive(Clone, Debug)]
pub struct Identity {
    /// What one of the subject alternative names must be.
    pub subject: Matcher,
    /// What the OIDC issuer must be.
    pub issuer: Matcher,
    /// Fulcio's claims that must have exactly these values (`--certificate-github-workflow-*`).
    pub claims: Vec<(Claim, String)>,
}

/// The certificate is not of the identity that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum IdentityMismatch {
    /// The certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Another subject.
    #[error("the certificate is of {actual:?}, expected {expected}")]
    Subject {
        /// The names in the certificate.
        actual: Vec<String>,
        /// What was asked for.
        expected: String,
    },
    /// Another issuer.
    #[error("the certificate's OIDC issuer is {actual:?}, expected {expected}")]
    Issuer {
        /// The issuer in the certificate.
        actual: String,
        /// What was asked for.
        expected: String,
    },
    /// Another claim.
    #[error("the certificate's {claim:?} is {actual:?}, expected {expected:?}")]
    Claim {
        /// Which claim.
        claim: Claim,
        /// Its value in the certificate; empty when absent.
        actual: String,
        /// What was asked for.
        expected: String,
    },
}

impl Identity {
    /// An identity of exactly this subject and issuer.
    pub fn exact(subject: impl Into<String>, issuer: impl Into<String>) -> Self {
        Self {
            subject: Matcher::Exact(subject.into()),
            issuer: Matcher::Exact(issuer.into()),
            claims: Vec::new(),
        }
    }

    /// Checks that `certificate` is of this identity. The certificate must have been verified before: its names prove
    /// nothing by themselves.
    ///
    /// # Errors
    /// [`IdentityMismatch`]: the first part that does not hold.
    pub fn check(&self, certificate: &Certificate) -> Result<(), IdentityMismatch> {
        let claims = certificate.fulcio()?;
        self.check_claims(&claims)?;
        let issuer = claims.issuer().unwrap_or_default();
        if !self.issuer.matches(issuer) {
            return Err(IdentityMismatch::Issuer {
                actual: short(issuer),
                expected: self.issuer.to_string(),
            });
        }
        let names = certificate.subject_names()?;
        if !names.iter().any(|name| self.subject.matches(name.value())) {
            return Err(IdentityMismatch::Subject {
                actual: names.iter().take(4).map(|name| short(name.value())).collect(),
                expected: self.subject.to_string(),
            });
        }
        Ok(())
    }

    fn check_claims(&self, claims: &Claims) -> Result<(), IdentityMismatch> {
        for (claim, expected) in &self.claims {
            let actual = claims.get(*claim).unwrap_or_default();
            if actual != expected {
                return Err(IdentityMismatch::Claim {
                    claim: *claim,
                    actual: short(actual),
                    expected: expected.clone(),
                });
            }
        }
        Ok(())
    }
}
