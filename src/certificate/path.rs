use const_oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectAltName,
    SubjectKeyIdentifier,
};

use super::{Certificate, CertificateError, constraints};
use crate::trust::{Validity, write_time};

/// Longest path from a leaf to its anchor, in certificates.
const MAX_PATH: usize = 8;
/// Most signatures that are checked to find one path, so that a bag of look-alikes costs bounded work.
const MAX_SIGNATURE_CHECKS: usize = 100;

const CODE_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// Critical extensions that are understood or that change nothing for a path without policies.
const UNDERSTOOD: [ObjectIdentifier; 9] = [
    BasicConstraints::OID,
    KeyUsage::OID,
    ExtendedKeyUsage::OID,
    SubjectAltName::OID,
    NameConstraints::OID,
    AuthorityKeyIdentifier::OID,
    SubjectKeyIdentifier::OID,
    // Certificate policies: no policy is required of any path here.
    ObjectIdentifier::new_unwrap("2.5.29.32"),
    // Inhibit any-policy: the same.
    ObjectIdentifier::new_unwrap("2.5.29.54"),
];

/// What the leaf's key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing artifacts.
    CodeSigning,
    /// Signing RFC 3161 timestamps.
    TimeStamping,
}

impl Purpose {
    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::CodeSigning => CODE_SIGNING,
            Self::TimeStamping => TIME_STAMPING,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::CodeSigning => "code signing",
            Self::TimeStamping => "time stamping",
        }
    }
}

/// A path from a leaf to a trusted anchor; only [`verify`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedChain {
    leaf: Certificate,
    /// The authorities above the leaf, the anchor last; empty when the leaf is the anchor.
    authorities: Vec<Certificate>,
}

impl VerifiedChain {
    /// The certificate that was asked about.
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// Who issued the leaf: the next certificate, or the leaf itself when it is the anchor.
    pub fn issuer(&self) -> &Certificate {
        self.authorities.first().unwrap_or(&self.leaf)
    }

    /// The trusted anchor.
    pub fn anchor(&self) -> &Certificate {
        self.authorities.last().unwrap_or(&self.leaf)
    }
}

/// Why no path from a certificate to a trusted anchor holds.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// A certificate that cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Nobody trusted issued it.
    #[error("the certificate of {leaf:?} was issued by {issuer:?}, which leads to no trusted root")]
    NoPath {
        /// Whose certificate.
        leaf: String,
        /// Its issuer's name.
        issuer: String,
    },
    /// A member of the chain was not valid at the time.
    #[error("the certificate of {subject:?} was not valid at {} (valid {window})", write_time(*at))]
    NotValidAt {
        /// Whose certificate.
        subject: String,
        /// The time in question, Unix seconds.
        at: i64,
        /// When it is valid.
        window: Validity,
    },
    /// A signature in the chain is wrong.
    #[error("the signature on the certificate of {0:?} does not verify with its issuer's key")]
    BadSignature(String),
    /// A signature algorithm that is not accepted.
    #[error("the certificate of {0:?} is signed with algorithm {1}, which is not supported")]
    UnsupportedAlgorithm(String, ObjectIdentifier),
    /// The two statements of the algorithm differ (RFC 5280 section 4.1.1.2).
    #[error("the certificate of {0:?} states two different signature algorithms")]
    AlgorithmMismatch(String),
    /// An issuer that is no authority.
    #[error("the certificate of {0:?} issued another but is not that of a certificate authority")]
    NotAnAuthority(String),
    /// More intermediates than the authority allows.
    #[error("the certificate of {0:?} allows fewer intermediate certificates than the chain has")]
    PathTooLong(String),
    /// Not for this purpose.
    #[error("the certificate of {subject:?} is not for {purpose}")]
    Usage {
        /// Whose certificate.
        subject: String,
        /// What it was to be used for.
        purpose: &'static str,
    },
    /// An extension that has to be understood and is not.
    #[error("the certificate of {0:?} has the critical extension {1}, which is not understood")]
    CriticalExtension(String, ObjectIdentifier),
    /// A name outside the constraints of an authority.
    #[error("a name in the chain is outside the name constraints of {0:?}")]
    NameConstraint(String),
    /// Constraints on names of a kind that is not supported.
    #[error("the certificate of {0:?} constrains names of a kind that is not supported")]
    UnsupportedConstraint(String),
    /// Too much work.
    #[error("the certificate chain is too complex to be checked")]
    TooComplex,
}

/// Finds a path from `leaf` over `intermediates` (untrusted) to one of `roots` (trusted), every member of which is
/// valid at `at` (Unix seconds) and may be used for `purpose` (RFC 5280 section 6.1, without policies).
///
/// The root is checked as the others are, its validity included. A leaf that is itself one of `roots` is accepted, as
/// in Go. An extended key usage that is absent restricts nothing; one that is present holds for all below it.
///
/// # Errors
/// [`PathError`]: the reason of the path that came closest, or that there is none.
pub fn verify(
    leaf: &Certificate,
    intermediates: &[Certificate],
    roots: &[Certificate],
    at: i64,
    purpose: Purpose,
) -> Result<VerifiedChain, PathError> {
    let mut search = Search {
        intermediates,
        roots,
        at,
        purpose,
        checks_left: MAX_SIGNATURE_CHECKS,
        best_error: None,
    };
    let mut path = vec![leaf];
    if roots.contains(leaf) {
        match check_path(&path, at, purpose) {
            Ok(()) => {
                return Ok(VerifiedChain {
                    leaf: leaf.clone(),
                    authorities: Vec::new(),
                });
            }
            Err(error) => search.best_error = Some(error),
        }
    }
    if search.extend(&mut path) {
        return Ok(VerifiedChain {
            leaf: leaf.clone(),
            authorities: path.into_iter().skip(1).cloned().collect(),
        });
    }
    Err(search.best_error.unwrap_or_else(|| PathError::NoPath {
        leaf: leaf.display_name(),
        issuer: super::short(&leaf.issuer()),
    }))
}

struct Search<'a> {
    intermediates: &'a [Certificate],
    roots: &'a [Certificate],
    at: i64,
    purpose: Purpose,
    checks_left: usize,
    best_error: Option<PathError>,
}

impl<'a> Search<'a> {
    /// Extends `path` to an anchor; true leaves the whole path in it.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let Some(last) = path.last().copied() else {
            return false;
        };
        if path.len() >= MAX_PATH {
            return false;
        }
        let (roots, intermediates) = (self.roots, self.intermediates);
        let candidates = roots
            .iter()
            .map(|c| (c, true))
            .chain(intermediates.iter().map(|c| (c, false)));
        for (candidate, is_root) in candidates {
            if !last.issued_by_name_of(candidate) || !key_ids_agree(last, candidate) || path.contains(&candidate) {
                continue;
            }
            if self.checks_left == 0 {
                self.best_error = Some(PathError::TooComplex);
                return false;
            }
            self.checks_left -= 1;
            if let Err(error) = last.check_signature(candidate.public_key()) {
                self.best_error.get_or_insert(error);
                continue;
            }
            path.push(candidate);
            if is_root {
                match check_path(path, self.at, self.purpose) {
                    Ok(()) => return true,
                    Err(error) => self.best_error = Some(error),
                }
            } else if self.extend(path) {
                return true;
            }
            path.pop();
        }
        false
    }
}

/// Key identifiers only save work: where both are given and differ, the candidate is another key of the same name.
fn key_ids_agree(certificate: &Certificate, issuer: &Certificate) -> bool {
    let authority = certificate.decoded::<AuthorityKeyIdentifier>().ok().flatten();
    let subject = issuer.decoded::<SubjectKeyIdentifier>().ok().flatten();
    match (authority.and_then(|(_, id)| id.key_identifier), subject) {
        (Some(authority), Some((_, subject))) => authority == subject.0,
        _ => true,
    }
}

/// Everything but the signatures of a path, leaf first.
fn check_path(path: &[&Certificate], at: i64, purpose: Purpose) -> Result<(), PathError> {
    let mut budget = constraints::Budget::new();
    for (depth, certificate) in path.iter().enumerate() {
        let window = certificate.validity();
        if !window.contains(at) {
            return Err(PathError::NotValidAt {
                subject: certificate.display_name(),
                at,
                window,
            });
        }
        if let Some(extension) = certificate
            .extensions()
            .iter()
            .find(|e| e.critical && !UNDERSTOOD.contains(&e.extn_id))
        {
            return Err(PathError::CriticalExtension(
                certificate.display_name(),
                extension.extn_id,
            ));
        }
        check_usage(certificate, purpose)?;
        if depth == 0 {
            check_leaf(certificate, purpose)?;
        } else {
            check_authority(certificate, depth - 1)?;
            constraints::check(certificate, path.iter().take(depth).copied(), &mut budget)?;
        }
    }
    Ok(())
}

fn check_usage(certificate: &Certificate, purpose: Purpose) -> Result<(), PathError> {
    let allowed = certificate.decoded::<ExtendedKeyUsage>()?.is_none_or(|(_, usages)| {
        usages
            .0
            .iter()
            .any(|usage| *usage == purpose.oid() || *usage == ANY_USAGE)
    });
    if allowed {
        Ok(())
    } else {
        Err(PathError::Usage {
            subject: certificate.display_name(),
            purpose: purpose.name(),
        })
    }
}

fn check_leaf(certificate: &Certificate, purpose: Purpose) -> Result<(), PathError> {
    let may_sign = certificate
        .decoded::<KeyUsage>()?
        .is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation());
    if may_sign {
        Ok(())
    } else {
        Err(PathError::Usage {
            subject: certificate.display_name(),
            purpose: purpose.name(),
        })
    }
}

fn check_authority(certificate: &Certificate, intermediates_below: usize) -> Result<(), PathError> {
    let not_an_authority = || PathError::NotAnAuthority(certificate.display_name());
    let (_, constraints) = certificate
        .decoded::<BasicConstraints>()?
        .ok_or_else(not_an_authority)?;
    if !constraints.ca {
        return Err(not_an_authority());
    }
    if let Some((_, usage)) = certificate.decoded::<KeyUsage>()?
        && !usage.key_cert_sign()
    {
        return Err(not_an_authority());
    }
    match constraints.path_len_constraint {
        Some(most) if intermediates_below > usize::from(most) => {
            Err(PathError::PathTooLong(certificate.display_name()))
        }
        _ => Ok(()),
    }
}
