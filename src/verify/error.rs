//! Why an image, or another artifact, is not verified. Each cause has one exit code of the program, whatever the
//! format in which signatures were found.

use std::fmt;

use super::{Check, Rejection};
use crate::rekor::ClientError;
use crate::store::StoreError;

/// Most rejected candidates that a message lists.
const MAX_LISTED: usize = 20;

/// Why an artifact is not verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is none at all: every place was looked at, and a registry said that nothing is there.
    #[error("no {noun} found: {artifact} has none (looked at {places})")]
    None {
        /// `signatures` or `attestations`.
        noun: &'static str,
        /// What was to be verified.
        artifact: String,
        /// Where it was looked.
        places: String,
    },
    /// The tag names nothing.
    #[error("image tag not found: {image} does not exist in its registry; check its name and tag")]
    TagNotFound {
        /// The image as it was asked.
        image: String,
    },
    /// There are some, and each is rejected.
    #[error("no matching {noun}: {}", Listed(.rejections))]
    NoMatch {
        /// `signatures` or `attestations`.
        noun: &'static str,
        /// What was wrong with each; at least one.
        rejections: Vec<Rejection>,
    },
    /// A certificate is asked for, and none of the signatures has one.
    #[error("no certificate found on signature: {}", Listed(.rejections))]
    NoCertificate {
        /// What was wrong with each; at least one.
        rejections: Vec<Rejection>,
    },
    /// More candidates than are looked at, and none of those is good.
    #[error(
        "{image} has {found} referrers, more than the {limit} that are opened, and none of those is a good signature"
    )]
    TooMany {
        /// The image as it was asked.
        image: String,
        /// How many there are.
        found: usize,
        /// How many are opened.
        limit: usize,
    },
    /// It is not known whether there are any: a look-up failed.
    #[error("{0}")]
    Lookup(#[from] StoreError),
    /// The transparency log could not be asked.
    #[error("the transparency log could not be asked: {0}; --offline asks it for nothing")]
    Log(#[from] ClientError),
}

impl VerifyError {
    /// The error for `rejections` of `noun`, none of them good; `artifact` and `places` name it when there are none.
    pub fn unverified(noun: &'static str, artifact: String, places: String, rejections: Vec<Rejection>) -> Self {
        if rejections.is_empty() {
            return Self::None { noun, artifact, places };
        }
        if rejections
            .iter()
            .all(|rejection| rejection.check() == Check::CertificatePresent)
        {
            return Self::NoCertificate { rejections };
        }
        Self::NoMatch { noun, rejections }
    }

    /// What was wrong with each candidate.
    pub fn rejections(&self) -> &[Rejection] {
        match self {
            Self::NoMatch { rejections, .. } | Self::NoCertificate { rejections } => rejections,
            _ => &[],
        }
    }
}

/// Rejections for people: one on the line itself, several on a line each.
struct Listed<'a>(&'a [Rejection]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0 {
            return only.fmt(f);
        }
        write!(f, "none of {} is good", self.0.len())?;
        for rejection in self.0.iter().take(MAX_LISTED) {
            write!(f, "\n  {rejection}")?;
        }
        if self.0.len() > MAX_LISTED {
            write!(f, "\n  … and {} more", self.0.len().saturating_sub(MAX_LISTED))?;
        }
        Ok(())
    }
}
