use std::fmt;
use std::net::IpAddr;

use const_oid::ObjectIdentifier;
use der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::{Certificate, CertificateError};

/// Fulcio's user name in an `otherName` (fulcio, `docs/oid-info.md`, 1.3.6.1.4.1.57264.1.7).
const FULCIO_USER_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");

/// One subject alternative name (RFC 5280 section 4.2.1.6) that can be an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// An e-mail address.
    Email(String),
    /// A URI, e.g. of a workflow or a SPIFFE identity.
    Uri(String),
    /// A host name.
    Dns(String),
    /// An IP address.
    Ip(String),
    /// Fulcio's user name.
    UserName(String),
}

impl SubjectName {
    /// The name itself.
    pub fn value(&self) -> &str {
        match self {
            Self::Email(value) | Self::Uri(value) | Self::Dns(value) | Self::Ip(value) | Self::UserName(value) => value,
        }
    }
}

impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.value())
    }
}

pub(super) fn general_names(certificate: &Certificate) -> Result<Vec<GeneralName>, CertificateError> {
    Ok(certificate
        .decoded::<SubjectAltName>()?
        .map_or_else(Vec::new, |(_, names)| names.0))
}

pub(super) fn subject_names(certificate: &Certificate) -> Result<Vec<SubjectName>, CertificateError> {
    let malformed = || CertificateError::Extension(<SubjectAltName as const_oid::AssociatedOid>::OID);
    let mut out = Vec::new();
    for name in general_names(certificate)? {
        match name {
            GeneralName::Rfc822Name(text) => out.push(SubjectName::Email(text.as_str().to_owned())),
            GeneralName::UniformResourceIdentifier(text) => out.push(SubjectName::Uri(text.as_str().to_owned())),
            GeneralName::DnsName(text) => out.push(SubjectName::Dns(text.as_str().to_owned())),
            GeneralName::IpAddress(bytes) => {
                let address = ip(bytes.as_bytes()).ok_or_else(malformed)?;
                out.push(SubjectName::Ip(address.to_string()));
            }
            GeneralName::OtherName(other) if other.type_id == FULCIO_USER_NAME => {
                let text = der::asn1::Utf8StringRef::try_from(&other.value).map_err(|_| malformed())?;
                out.push(SubjectName::UserName(text.as_str().to_owned()));
            }
            // A name of another kind is never an identity.
            _ => {}
        }
    }
    Ok(out)
}

pub(super) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}

/// The text of a DER UTF8String, whole.
pub(super) fn utf8_string(der: &[u8]) -> Option<String> {
    der::asn1::Utf8StringRef::from_der(der)
        .ok()
        .map(|text| text.as_str().to_owned())
}
