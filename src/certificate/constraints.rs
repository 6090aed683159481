//! Name constraints (RFC 5280 section 4.2.1.10) for the kinds of names that are identities here. A constraint of
//! another kind refuses the chain: ignoring it could accept what the authority forbade.

use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::constraints::name::{GeneralSubtree, GeneralSubtrees};
use x509_cert::ext::pkix::name::GeneralName;

use super::{Certificate, PathError, name};

/// Most name comparisons for one chain.
const MAX_COMPARISONS: usize = 250_000;

/// Checks every subject alternative name of `below` against the constraints of `issuer`.
pub(super) fn check<'a>(
    issuer: &Certificate,
    below: impl Iterator<Item = &'a Certificate>,
    budget: &mut Budget,
) -> Result<(), PathError> {
    let refused = || PathError::NameConstraint(issuer.display_name());
    let Some((_, constraints)) = issuer.decoded::<NameConstraints>()? else {
        return Ok(());
    };
    let permitted = constraints.permitted_subtrees.unwrap_or_default();
    let excluded = constraints.excluded_subtrees.unwrap_or_default();
    if !all_known(&permitted) || !all_known(&excluded) {
        return Err(PathError::UnsupportedConstraint(issuer.display_name()));
    }
    for certificate in below {
        for subject in name::general_names(certificate)? {
            budget.spend(permitted.len().saturating_add(excluded.len()))?;
            let named = |subtree: &GeneralSubtree| within(&subject, &subtree.base).is_some();
            if !is_judgeable(&subject) && permitted.iter().chain(&excluded).any(named) {
                return Err(refused());
            }
            if excluded
                .iter()
                .any(|subtree| within(&subject, &subtree.base) == Some(true))
            {
                return Err(refused());
            }
            let mut of_its_kind = permitted
                .iter()
                .filter_map(|subtree| within(&subject, &subtree.base))
                .peekable();
            if of_its_kind.peek().is_some() && !of_its_kind.any(|inside| inside) {
                return Err(refused());
            }
        }
    }
    Ok(())
}

/// Bounds the work that hostile constraints can ask for.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new() -> Self {
        Self(MAX_COMPARISONS)
    }

    fn spend(&mut self, comparisons: usize) -> Result<(), PathError> {
        self.0 = self.0.checked_sub(comparisons).ok_or(PathError::TooComplex)?;
        Ok(())
    }
}

fn all_known(subtrees: &GeneralSubtrees) -> bool {
    subtrees.iter().all(|subtree| {
        subtree.minimum == 0
            && subtree.maximum.is_none()
            && matches!(
                subtree.base,
                GeneralName::Rfc822Name(_)
                    | GeneralName::DnsName(_)
                    | GeneralName::UniformResourceIdentifier(_)
                    | GeneralName::IpAddress(_)
            )
    })
}

/// A name without the part that constraints speak about cannot be shown to be outside an excluded subtree.
fn is_judgeable(subject: &GeneralName) -> bool {
    match subject {
        GeneralName::Rfc822Name(text) => text.as_str().contains('@'),
        GeneralName::UniformResourceIdentifier(text) => uri_host(text.as_str()).is_some(),
        _ => true,
    }
}

/// Whether `subject` lies within `base`; `None` when they are of different kinds.
fn within(subject: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (subject, base) {
        (GeneralName::Rfc822Name(subject), GeneralName::Rfc822Name(base)) => {
            Some(email(subject.as_str(), base.as_str()))
        }
        (GeneralName::DnsName(subject), GeneralName::DnsName(base)) => Some(dns(subject.as_str(), base.as_str())),
        (GeneralName::UniformResourceIdentifier(subject), GeneralName::UniformResourceIdentifier(base)) => {
            Some(uri_host(subject.as_str()).is_some_and(|host| host_constraint(host, base.as_str())))
        }
        (GeneralName::IpAddress(subject), GeneralName::IpAddress(base)) => {
            Some(ip(subject.as_bytes(), base.as_bytes()))
        }
        _ => None,
    }
}

fn email(subject: &str, base: &str) -> bool {
    let Some((local, host)) = subject.rsplit_once('@') else {
        return false;
    };
    match base.rsplit_once('@') {
        Some((base_local, base_host)) => local == base_local && host.eq_ignore_ascii_case(base_host),
        None => host_constraint(host, base),
    }
}

fn dns(subject: &str, base: &str) -> bool {
    base.is_empty()
        || host_constraint(subject, base.strip_prefix('.').unwrap_or(base))
        || host_constraint(subject, &format!(".{}", base.trim_start_matches('.')))
}

/// A host equals the constraint, or with a leading dot lies below it.
fn host_constraint(host: &str, base: &str) -> bool {
    if base.starts_with('.') {
        host.len() > base.len()
            && host
                .get(host.len() - base.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(base))
    } else {
        host.eq_ignore_ascii_case(base)
    }
}

fn uri_host(uri: &str) -> Option<&str> {
    let rest = uri.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty()).then_some(host)
}

fn ip(subject: &[u8], base: &[u8]) -> bool {
    base.len() == subject.len() * 2
        && base.split_at_checked(subject.len()).is_some_and(|(address, mask)| {
            subject
                .iter()
                .zip(address)
                .zip(mask)
                .all(|((subject, address), mask)| subject & mask == address & mask)
        })
}
