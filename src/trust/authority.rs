//! Certificate authorities and timestamp authorities as a trusted root lists them.

use der::Decode as _;
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;

use super::Validity;

/// Most certificates in the chain of one authority.
pub const MAX_CHAIN: usize = 16;

/// An authority that issues certificates (Fulcio, a private CA) or timestamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    uri: String,
    certificates: Vec<Vec<u8>>,
    validity: Validity,
}

/// Why certificates are not an authority.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// None, or more than [`MAX_CHAIN`].
    #[error("the certificate chain has {0} certificates; expected 1 to {MAX_CHAIN}")]
    Count(usize),
    /// Not an X.509 certificate.
    #[error("certificate {number} of the chain is malformed: {reason}")]
    Certificate {
        /// Which one, from 1.
        number: usize,
        /// What is wrong.
        reason: der::Error,
    },
}

/// What a certificate says of itself, as far as a trusted root repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSummary {
    /// The first organisation of the subject, or nothing.
    pub organization: String,
    /// The common name of the subject, or nothing.
    pub common_name: String,
    /// From when it is valid, in seconds since 1970.
    pub not_before: i64,
    /// Whether its basic constraints say that it is an authority.
    pub is_ca: bool,
    /// Whether its issuer has the name of its subject, as a root's has.
    pub self_issued: bool,
}

impl Authority {
    /// An authority with a chain in DER, the end certificate (of timestamps) or the lowest intermediate first, the root
    /// last.
    ///
    /// # Errors
    /// [`AuthorityError`] when there is no certificate, too many, or one is malformed.
    pub fn new(uri: impl Into<String>, certificates: Vec<Vec<u8>>, validity: Validity) -> Result<Self, AuthorityError> {
        if certificates.is_empty() || certificates.len() > MAX_CHAIN {
            return Err(AuthorityError::Count(certificates.len()));
        }
        for (index, der) in certificates.iter().enumerate() {
            parse(der).map_err(|reason| AuthorityError::Certificate {
                number: index + 1,
                reason,
            })?;
        }
        Ok(Self {
            uri: uri.into(),
            certificates,
            validity,
        })
    }

    /// Where the authority is.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The chain in DER, at least one certificate, the root last.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// The last certificate of the chain, in DER.
    pub fn root(&self) -> &[u8] {
        self.certificates.last().map_or(&[], Vec::as_slice)
    }

    /// When the authority may be used.
    pub fn validity(&self) -> Validity {
        self.validity
    }
}

fn parse(der: &[u8]) -> Result<Certificate, der::Error> {
    Certificate::from_der(der)
}

/// Reads what a trusted root repeats of a certificate.
///
/// # Errors
/// [`der::Error`] when it is not a certificate.
pub fn summary(der: &[u8]) -> Result<CertificateSummary, der::Error> {
    const ORGANIZATION: der::oid::ObjectIdentifier = der::oid::ObjectIdentifier::new_unwrap("2.5.4.10");
    const COMMON_NAME: der::oid::ObjectIdentifier = der::oid::ObjectIdentifier::new_unwrap("2.5.4.3");
    let certificate = parse(der)?;
    let tbs = certificate.tbs_certificate();
    let name = |oid| {
        tbs.subject()
            .iter_rdn()
            .flat_map(|rdn| rdn.iter())
            .find(|attribute| attribute.oid == oid)
            .map(|attribute| String::from_utf8_lossy(attribute.value.value()).into_owned())
            .unwrap_or_default()
    };
    let is_ca = tbs
        .get_extension::<BasicConstraints>()?
        .is_some_and(|(_, constraints)| constraints.ca);
    let not_before = tbs.validity().not_before.to_unix_duration().as_secs();
    Ok(CertificateSummary {
        organization: name(ORGANIZATION),
        common_name: name(COMMON_NAME),
        not_before: i64::try_from(not_before).unwrap_or(i64::MAX),
        is_ca,
        self_issued: tbs.subject() == tbs.issuer(),
    })
}
