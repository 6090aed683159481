//! The certificate of a signature: by a trusted authority, valid whenever the signature was seen, of an asked identity.

use super::rejection::{Check, Fault};
use crate::certificate::identity::Identity;
use crate::certificate::sct;
use crate::certificate::{self, Authority, Certificate, PathError, Purpose, VerifiedChain};
use crate::rekor::LogKeys;
use crate::trust::write_time;

/// Whose certificates count.
#[derive(Clone, Debug)]
pub struct CertificatePolicy {
    /// The authorities that are trusted to certify.
    pub authorities: Vec<Authority>,
    /// The certificate has to be of one of these; none accepts nobody.
    pub identities: Vec<Identity>,
    /// How its publication has to be shown.
    pub publication: Publication,
    /// The signer's certificate and those above it, where the caller has them; they stand in for those beside the
    /// signature, and are checked like them.
    pub given: Vec<Certificate>,
}

/// How it has to be shown that a certificate was published in a certificate transparency log.
#[derive(Clone, Debug)]
pub enum Publication {
    /// It need not be (`--insecure-ignore-sct`, private authorities): a certificate issued in secret goes unnoticed.
    Unchecked,
    /// By a timestamp of one of `logs`, in the certificate or, when it is given, beside it.
    Required {
        /// The logs that are trusted.
        logs: LogKeys,
        /// A timestamp that came beside the certificate; those within it are checked as well when there are any.
        detached: Option<Vec<u8>>,
    },
}

/// The certificates of a candidate, the signer's first.
pub(super) fn parse(
    certificates: &[Vec<u8>],
    policy: &CertificatePolicy,
) -> Result<(Certificate, Vec<Certificate>), Fault> {
    if let Some((leaf, rest)) = policy.given.split_first() {
        return Ok((leaf.clone(), rest.to_vec()));
    }
    let Some((leaf, rest)) = certificates.split_first() else {
        return Err(Fault::new(
            Check::CertificatePresent,
            "it carries no certificate",
            "verify it with --key, if it was made with a key",
        ));
    };
    let read = |der: &Vec<u8>| {
        Certificate::from_der(der).map_err(|error| {
            Fault::new(
                Check::Certificate,
                error,
                "have it signed again with a good certificate",
            )
        })
    };
    let rest = rest.iter().map(read).collect::<Result<_, _>>()?;
    Ok((read(leaf)?, rest))
}

/// Checks `leaf` against `policy` at each of `times` (Unix seconds, at least one), with `others` (untrusted) to
/// complete its chain.
pub(super) fn check(
    leaf: &Certificate,
    others: &[Certificate],
    policy: &CertificatePolicy,
    times: &[i64],
) -> Result<VerifiedChain, Fault> {
    let chain = chain(leaf, others, &policy.authorities, times)?;
    publication(&chain, &policy.publication)?;
    let mut mismatch = None;
    for identity in &policy.identities {
        match identity.check(leaf) {
            Ok(()) => return Ok(chain),
            Err(error) => mismatch = mismatch.or(Some(error)),
        }
    }
    let reason = mismatch.map_or_else(|| "no identity is asked for".to_owned(), |error| error.to_string());
    Err(Fault::new(
        Check::Identity,
        format!("none of the expected identities matched what was in the certificate: {reason}"),
        "ask for the identity that signs, if it is the one you trust",
    ))
}

fn chain(
    leaf: &Certificate,
    others: &[Certificate],
    authorities: &[Authority],
    times: &[i64],
) -> Result<VerifiedChain, Fault> {
    const ADVICE: &str =
        "name its certificate authority with --trusted-root, --ca-roots or --certificate-chain, if you trust it";
    let fault = |reason: String, of_time| Fault::new(Check::Certificate, reason, ADVICE).at_this_time(of_time);
    let mut refusal: Option<Fault> = None;
    for authority in authorities {
        let intermediates: Vec<Certificate> = authority.below().iter().chain(others).cloned().collect();
        let mut chain = Err(None);
        for at in times {
            if !authority.valid.contains(*at) {
                let reason = format!(
                    "its certificate authority is trusted {}, not at {}",
                    authority.valid,
                    write_time(*at)
                );
                chain = Err(Some(fault(reason, true)));
                break;
            }
            let verified = certificate::verify(leaf, &intermediates, authority.anchor(), *at, Purpose::CodeSigning);
            match verified {
                Ok(verified) => chain = Ok(verified),
                Err(error) => {
                    let near = !matches!(error, PathError::NoPath { .. });
                    let told = || fault(error.to_string(), matches!(error, PathError::NotValidAt { .. }));
                    chain = Err(near.then(told));
                    refusal = refusal.or_else(|| Some(told()));
                    break;
                }
            }
        }
        match chain {
            Ok(chain) => return Ok(chain),
            // What an authority that did issue it says is worth more than that others did not.
            Err(Some(reason)) => refusal = Some(reason),
            Err(None) => {}
        }
    }
    Err(refusal.unwrap_or_else(|| fault("no certificate authority is trusted".to_owned(), false)))
}

fn publication(chain: &VerifiedChain, policy: &Publication) -> Result<(), Fault> {
    let Publication::Required { logs, detached } = policy else {
        return Ok(());
    };
    let fault = |error: sct::SctError| {
        Fault::new(
            Check::Certificate,
            error,
            "or accept unpublished certificates with --insecure-ignore-sct",
        )
    };
    let leaf = chain.leaf();
    if let Some(timestamp) = detached {
        sct::verify_detached(leaf, timestamp, logs).map_err(fault)?;
        if sct::embedded(leaf).map_err(fault)?.is_empty() {
            return Ok(());
        }
    }
    sct::verify(leaf, chain.issuer(), logs, 1).map_err(fault)?;
    Ok(())
}
