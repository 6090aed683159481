//! RFC 3161 timestamps: an authority's word that a signature existed at a time.
//!
//! [`verify`] is pure: the authorities are arguments, and the only time is the one in the token. The signer's
//! certificate is the one whose key verifies the token, among those that the token names by issuer and serial number;
//! every further check is made on that same certificate (CVE-2026-39984: a forged certificate first in the bag).

mod client;
mod cms;
mod request;
mod tlv;
mod tst_info;

use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage};

use crate::certificate::{self, Authority, Certificate, PathError, Purpose};
use crate::trust::{Validity, write_time};
use cms::SignedData;
use tlv::Tlv;
use tst_info::TstInfo;

pub use client::{Client, ClientError};
pub use request::{Request, check_response};

/// Largest response or token that is read, in bytes.
pub const MAX_TIMESTAMP: usize = 64 * 1024;

/// A timestamp that a trusted authority made over the signature at hand; only [`verify`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedTimestamp {
    time: i64,
    anchor: Certificate,
    uri: String,
}

impl VerifiedTimestamp {
    /// When, in Unix seconds.
    pub fn time(&self) -> i64 {
        self.time
    }

    /// The authority: its address in the trusted material, else the name on its anchor.
    pub fn authority(&self) -> String {
        if self.uri.is_empty() {
            self.anchor.display_name()
        } else {
            self.uri.clone()
        }
    }

    /// Whether both are of one authority: the same address or the same anchor, whatever their time.
    fn same_authority(&self, other: &Self) -> bool {
        self.anchor == other.anchor || (!self.uri.is_empty() && self.uri == other.uri)
    }
}

/// How many distinct authorities made `timestamps`: what a threshold counts (GHSA-9vcr-p3rj-q5q6).
pub fn distinct_authorities(timestamps: &[VerifiedTimestamp]) -> usize {
    timestamps
        .iter()
        .enumerate()
        .filter(|(i, one)| timestamps.iter().take(*i).all(|earlier| !earlier.same_authority(one)))
        .count()
}

/// Why a timestamp does not count.
#[derive(Debug, thiserror::Error)]
pub enum TimestampError {
    /// Not an RFC 3161 response or token.
    #[error("the timestamp is malformed: {0}")]
    Malformed(&'static str),
    /// Too large.
    #[error("the timestamp has {0} bytes, more than the {MAX_TIMESTAMP} that are read")]
    TooLarge(usize),
    /// The authority refused the request.
    #[error("the timestamp authority refused: status {0}")]
    Refused(u8),
    /// Another number of signers than one.
    #[error("the timestamp has not exactly one signer")]
    Signers,
    /// Over something else.
    #[error("the timestamp is over something else than this signature")]
    OtherContent,
    /// The attributes do not belong to the content.
    #[error("the timestamp's message digest is not that of its content")]
    ContentDigest,
    /// The signer committed to no certificate.
    #[error("the timestamp does not name its signer's certificate (RFC 3161 section 2.4.2)")]
    SignerUnnamed,
    /// The certificate is not the one that the signer committed to.
    #[error("the timestamp was made with another certificate than the one that it names")]
    SignerCertificate,
    /// An algorithm that is not supported.
    #[error(
        "the timestamp uses an algorithm that is not supported; supported are ECDSA, RSA and Ed25519 with SHA-256, SHA-384 or SHA-512"
    )]
    Algorithm,
    /// The signature is wrong.
    #[error("the timestamp's signature does not verify with its signer's certificate")]
    BadSignature,
    /// Nobody trusted made it.
    #[error(
        "the timestamp was made by no trusted authority; name it with --timestamp-certificate-chain or --trusted-root, if you trust it"
    )]
    UnknownAuthority,
    /// The signer's certificate leads to no trusted authority or was not valid.
    #[error("the timestamp authority's certificate: {0}")]
    Chain(#[from] PathError),
    /// The certificate is not only for time stamping.
    #[error(
        "the timestamp authority's certificate is not for time stamping alone, critically so (RFC 3161 section 2.3)"
    )]
    Usage,
    /// Made when the authority was not trusted.
    #[error("the timestamp is of {}, when its authority was not trusted (trusted {window})", write_time(*time))]
    OutsideValidity {
        /// Of when it is, Unix seconds.
        time: i64,
        /// When the authority is trusted.
        window: Validity,
    },
    /// Not the answer to our request.
    #[error("the timestamp is not the answer to this request: its nonce differs")]
    Nonce,
}

/// Checks that `timestamp` (a response or a bare token, DER) was made by one of `authorities` over `signature`.
///
/// The signer's certificate, its chain and the authority's window must all hold at the time of the timestamp. Where an
/// authority's chain begins with the signer's certificate, it must be exactly that one; else it comes with the token.
///
/// # Errors
/// [`TimestampError`]: of the authority that came closest.
pub fn verify(
    timestamp: &[u8],
    signature: &[u8],
    authorities: &[Authority],
) -> Result<VerifiedTimestamp, TimestampError> {
    let token = token(timestamp)?;
    let signed = SignedData::parse(token)?;
    let info = TstInfo::parse(signed.content)?;
    if info.hash.digest(signature) != info.hashed {
        return Err(TimestampError::OtherContent);
    }
    // Certificates that cannot be read are no reason to refuse: anything may lie in the bag.
    let embedded: Vec<Certificate> = signed
        .certificates
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .collect();
    let mut closest = TimestampError::UnknownAuthority;
    for authority in authorities {
        match made_by(authority, &signed, &embedded, info.time) {
            Ok(()) => {
                return Ok(VerifiedTimestamp {
                    time: info.time,
                    anchor: authority
                        .anchor()
                        .first()
                        .cloned()
                        .ok_or(TimestampError::UnknownAuthority)?,
                    uri: authority.uri.clone(),
                });
            }
            Err(TimestampError::UnknownAuthority) => {}
            Err(error) => closest = error,
        }
    }
    Err(closest)
}

fn made_by(
    authority: &Authority,
    signed: &SignedData<'_>,
    embedded: &[Certificate],
    time: i64,
) -> Result<(), TimestampError> {
    let pinned = authority.chain().first().filter(|first| !is_authority(first));
    let candidates: Vec<&Certificate> = match pinned {
        Some(pinned) => vec![pinned],
        None => embedded.iter().collect(),
    };
    let mut refusal = TimestampError::UnknownAuthority;
    for signer in candidates.into_iter().filter(|certificate| signed.names(certificate)) {
        match signed
            .verify(signer)
            .and_then(|()| check_signer(signer, authority, embedded, time))
        {
            Ok(()) if authority.valid.contains(time) => return Ok(()),
            Ok(()) => {
                refusal = TimestampError::OutsideValidity {
                    time,
                    window: authority.valid,
                };
            }
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// The certificate that verified the token: its purpose and its chain at `time`.
fn check_signer(
    signer: &Certificate,
    authority: &Authority,
    embedded: &[Certificate],
    time: i64,
) -> Result<(), TimestampError> {
    const TIME_STAMPING: const_oid::ObjectIdentifier = const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
    let usage = signer.decoded::<ExtendedKeyUsage>().map_err(PathError::from)?;
    if !usage.is_some_and(|(critical, usages)| critical && usages.0 == [TIME_STAMPING]) {
        return Err(TimestampError::Usage);
    }
    let intermediates: Vec<Certificate> = authority.below().iter().chain(embedded).cloned().collect();
    match certificate::verify(signer, &intermediates, authority.anchor(), time, Purpose::TimeStamping) {
        Ok(_) => Ok(()),
        Err(PathError::NoPath { .. }) => Err(TimestampError::UnknownAuthority),
        Err(error) => Err(error.into()),
    }
}

fn is_authority(certificate: &Certificate) -> bool {
    certificate
        .decoded::<BasicConstraints>()
        .is_ok_and(|constraints| constraints.is_some_and(|(_, constraints)| constraints.ca))
}

/// The `ContentInfo` in a `TimeStampResp` (RFC 3161 section 2.4.2), or `timestamp` itself when it is one already.
fn token(timestamp: &[u8]) -> Result<Tlv<'_>, TimestampError> {
    let malformed = || TimestampError::Malformed("not an RFC 3161 response");
    if timestamp.len() > MAX_TIMESTAMP {
        return Err(TimestampError::TooLarge(timestamp.len()));
    }
    let outer = Tlv::whole(timestamp)
        .filter(|tlv| tlv.tag == tlv::SEQUENCE)
        .ok_or_else(malformed)?;
    let mut fields = outer.elements();
    let first = fields.next().ok_or_else(malformed)?;
    if first.tag == tlv::OBJECT_IDENTIFIER {
        return Ok(outer);
    }
    let status = (first.tag == tlv::SEQUENCE)
        .then(|| first.elements().expect(tlv::INTEGER))
        .flatten()
        .ok_or_else(malformed)?;
    match status.value {
        // Granted, or granted with modifications.
        [0 | 1] => {}
        [status] => return Err(TimestampError::Refused(*status)),
        _ => return Err(malformed()),
    }
    let token = fields.expect(tlv::SEQUENCE).ok_or_else(malformed)?;
    fields.is_empty().then_some(token).ok_or_else(malformed)
}

/// For the fuzzers: a response against an authority that could have made it.
pub fn fuzz_timestamp(data: &[u8]) {
    let _ = verify(data, b"", &[]);
    if let Ok(token) = token(data)
        && let Ok(signed) = SignedData::parse(token)
    {
        let _ = TstInfo::parse(signed.content);
        for der in &signed.certificates {
            if let Ok(certificate) = Certificate::from_der(der) {
                let _ = (signed.names(&certificate), signed.verify(&certificate).is_ok());
            }
        }
    }
}

#[cfg(test)]
mod tests;
