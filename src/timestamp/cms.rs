//! The signed data of CMS (RFC 5652 section 5) as far as timestamps use it: one signer, signed attributes.

use const_oid::ObjectIdentifier;
use der::Encode as _;

use super::TimestampError;
use super::tlv::{self, Tlv};
use super::tst_info::{hash_algorithm, oid};
use crate::certificate::{Certificate, signature_hash};
use crate::key::HashAlgorithm;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Most certificates in the bag.
const MAX_CERTIFICATES: usize = 16;
/// Most signed attributes.
const MAX_ATTRIBUTES: usize = 32;

/// A token whose attributes agree with its content; the signature is not yet verified.
pub(super) struct SignedData<'a> {
    /// The DER of the content, a `TSTInfo`.
    pub content: &'a [u8],
    /// The certificates that came along; any of them may be forged.
    pub certificates: Vec<&'a [u8]>,
    signer: SignerInfo<'a>,
}

struct SignerInfo<'a> {
    id: SignerId<'a>,
    digest: HashAlgorithm,
    /// The attributes as they are signed: a SET.
    signed: Vec<u8>,
    algorithm: ObjectIdentifier,
    signature: &'a [u8],
    /// What the signer signed of its own certificate, at least one.
    certificates: Vec<CertificateId<'a>>,
}

/// `ESSCertID` (RFC 2634 section 5.4.1) or `ESSCertIDv2` (RFC 5035 section 4).
struct CertificateId<'a> {
    hash: CertificateHash,
    digest: &'a [u8],
    /// `IssuerSerial`: the DER of the issuer's name, the bytes of the serial number.
    issuer_and_serial: Option<(&'a [u8], &'a [u8])>,
}

enum CertificateHash {
    /// That of the first version. It names a certificate whose key and chain are verified, it does not stand in for them.
    Sha1,
    Known(HashAlgorithm),
}

/// How the signer names its certificate (RFC 5652 section 5.3).
enum SignerId<'a> {
    /// DER of the issuer's name, bytes of the serial number.
    IssuerAndSerial(&'a [u8], &'a [u8]),
    KeyId(&'a [u8]),
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` and checks the signed attributes against the content.
    pub(super) fn parse(token: Tlv<'a>) -> Result<Self, TimestampError> {
        let malformed = || TimestampError::Malformed("CMS signed data");
        let mut info = token.elements();
        if info.expect(tlv::OBJECT_IDENTIFIER).and_then(oid) != Some(SIGNED_DATA) {
            return Err(malformed());
        }
        let outer = info.expect(0xa0).ok_or_else(malformed)?;
        let data = Tlv::whole(outer.value)
            .filter(|tlv| tlv.tag == tlv::SEQUENCE)
            .ok_or_else(malformed)?;
        let mut fields = data.elements();
        fields.expect(tlv::INTEGER).ok_or_else(malformed)?;
        fields.expect(tlv::SET).ok_or_else(malformed)?;
        let content = fields.expect(tlv::SEQUENCE).and_then(content).ok_or_else(malformed)?;
        let certificates = match fields.optional(0xa0) {
            None => Vec::new(),
            Some(bag) => bag.elements().collect(MAX_CERTIFICATES).ok_or_else(malformed)?,
        };
        fields.optional(0xa1);
        let signers = fields.expect(tlv::SET).ok_or_else(malformed)?;
        let signers = signers.elements().collect(2).ok_or(TimestampError::Signers)?;
        let [signer] = signers.as_slice() else {
            return Err(TimestampError::Signers);
        };
        if !fields.is_empty() || !info.is_empty() {
            return Err(malformed());
        }
        Ok(Self {
            content,
            certificates: certificates.into_iter().map(|tlv| tlv.whole).collect(),
            signer: SignerInfo::parse(*signer, content)?,
        })
    }

    /// Whether the signer names `certificate` as its own.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        match self.signer.id {
            SignerId::IssuerAndSerial(issuer, serial) => is_by(certificate, issuer, serial),
            SignerId::KeyId(id) => certificate
                .decoded::<x509_cert::ext::pkix::SubjectKeyIdentifier>()
                .ok()
                .flatten()
                .is_some_and(|(_, have)| have.0.as_bytes() == id),
        }
    }

    /// Checks the signature with the key of `certificate`, and that it is the certificate that the signer committed to.
    pub(super) fn verify(&self, certificate: &Certificate) -> Result<(), TimestampError> {
        let signer = &self.signer;
        if !signer.certificates.iter().all(|id| id.is_of(certificate)) {
            return Err(TimestampError::SignerCertificate);
        }
        let key = certificate.public_key();
        let hash = if signer.algorithm == RSA_ENCRYPTION {
            matches!(key.algorithm(), crate::key::KeyAlgorithm::Rsa { .. }).then_some(signer.digest)
        } else {
            signature_hash(signer.algorithm, key)
        };
        let hash = hash.ok_or(TimestampError::Algorithm)?;
        key.verify(&signer.signed, signer.signature, hash)
            .map_err(|_| TimestampError::BadSignature)
    }
}

/// Whether `certificate` is the one of `issuer` (DER) with `serial`.
fn is_by(certificate: &Certificate, issuer: &[u8], serial: &[u8]) -> bool {
    let tbs = certificate.parsed();
    tbs.issuer().to_der().is_ok_and(|der| der == issuer)
        && tbs
            .serial_number()
            .to_der()
            .is_ok_and(|der| der == tlv::encode(tlv::INTEGER, serial))
}

fn content(encapsulated: Tlv<'_>) -> Option<&[u8]> {
    let mut fields = encapsulated.elements();
    if oid(fields.expect(tlv::OBJECT_IDENTIFIER)?)? != TST_INFO {
        return None;
    }
    let explicit = fields.expect(0xa0)?;
    let octets = Tlv::whole(explicit.value).filter(|tlv| tlv.tag == tlv::OCTET_STRING)?;
    fields.is_empty().then_some(octets.value)
}

impl<'a> SignerInfo<'a> {
    fn parse(info: Tlv<'a>, content: &[u8]) -> Result<Self, TimestampError> {
        let malformed = || TimestampError::Malformed("CMS signer information");
        let mut fields = info.elements();
        fields.expect(tlv::INTEGER).ok_or_else(malformed)?;
        let id = fields.next().and_then(signer_id).ok_or_else(malformed)?;
        let digest = fields
            .expect(tlv::SEQUENCE)
            .and_then(hash_algorithm)
            .ok_or(TimestampError::Algorithm)?;
        let attributes = fields.expect(0xa0).ok_or_else(malformed)?;
        let algorithm = fields.expect(tlv::SEQUENCE).ok_or_else(malformed)?;
        let algorithm = algorithm
            .elements()
            .expect(tlv::OBJECT_IDENTIFIER)
            .and_then(oid)
            .ok_or_else(malformed)?;
        let signature = fields.expect(tlv::OCTET_STRING).ok_or_else(malformed)?.value;
        fields.optional(0xa1);
        if !fields.is_empty() {
            return Err(malformed());
        }
        let certificates = check_attributes(attributes, digest, content)?;
        Ok(Self {
            id,
            digest,
            signed: tlv::encode(tlv::SET, attributes.value),
            algorithm,
            signature,
            certificates,
        })
    }
}

fn signer_id(tlv: Tlv<'_>) -> Option<SignerId<'_>> {
    match tlv.tag {
        tlv::SEQUENCE => {
            let mut fields = tlv.elements();
            let issuer = fields.expect(tlv::SEQUENCE)?.whole;
            let serial = fields.expect(tlv::INTEGER)?.value;
            fields.is_empty().then_some(SignerId::IssuerAndSerial(issuer, serial))
        }
        0x80 => Some(SignerId::KeyId(tlv.value)),
        _ => None,
    }
}

/// Checks the attributes that RFC 5652 section 11 and RFC 3161 section 2.4.2 (with RFC 5816) require, each at most once;
/// returns what they say of the signer's certificate.
fn check_attributes<'a>(
    attributes: Tlv<'a>,
    digest: HashAlgorithm,
    content: &[u8],
) -> Result<Vec<CertificateId<'a>>, TimestampError> {
    let malformed = || TimestampError::Malformed("CMS signed attributes");
    let (mut has_type, mut has_digest, mut first, mut second) = (false, false, None, None);
    for attribute in attributes.elements().collect(MAX_ATTRIBUTES).ok_or_else(malformed)? {
        let mut fields = attribute.elements();
        let kind = fields
            .expect(tlv::OBJECT_IDENTIFIER)
            .and_then(oid)
            .ok_or_else(malformed)?;
        let values = fields.expect(tlv::SET).ok_or_else(malformed)?;
        let is_new = match kind {
            CONTENT_TYPE => !std::mem::replace(&mut has_type, true),
            MESSAGE_DIGEST => !std::mem::replace(&mut has_digest, true),
            SIGNING_CERTIFICATE => first.is_none(),
            SIGNING_CERTIFICATE_V2 => second.is_none(),
            _ => continue,
        };
        let value = Tlv::whole(values.value).filter(|_| is_new).ok_or_else(malformed)?;
        match kind {
            CONTENT_TYPE if oid(value) != Some(TST_INFO) => return Err(malformed()),
            MESSAGE_DIGEST if value.tag != tlv::OCTET_STRING || value.value != digest.digest(content) => {
                return Err(TimestampError::ContentDigest);
            }
            SIGNING_CERTIFICATE => first = Some(CertificateId::first(value, false).ok_or_else(malformed)?),
            SIGNING_CERTIFICATE_V2 => second = Some(CertificateId::first(value, true).ok_or_else(malformed)?),
            _ => {}
        }
    }
    if !has_type || !has_digest {
        return Err(malformed());
    }
    let certificates: Vec<_> = first.into_iter().chain(second).collect();
    if certificates.is_empty() {
        return Err(TimestampError::SignerUnnamed);
    }
    Ok(certificates)
}

impl<'a> CertificateId<'a> {
    /// The first identifier, which is the signer's, of a `SigningCertificate` (RFC 2634 section 5.4) or of a
    /// `SigningCertificateV2` (RFC 5035 section 3), where the hash is SHA-256 unless it says otherwise.
    fn first(value: Tlv<'a>, has_algorithm: bool) -> Option<Self> {
        let ids = value.elements().expect(tlv::SEQUENCE)?;
        let mut id = ids.elements().expect(tlv::SEQUENCE)?.elements();
        let hash = if !has_algorithm {
            CertificateHash::Sha1
        } else if let Some(identifier) = id.optional(tlv::SEQUENCE) {
            CertificateHash::Known(hash_algorithm(identifier)?)
        } else {
            CertificateHash::Known(HashAlgorithm::Sha256)
        };
        let digest = id.expect(tlv::OCTET_STRING)?.value;
        let issuer_and_serial = match id.optional(tlv::SEQUENCE) {
            Some(named) => Some(issuer_and_serial(named)?),
            None => None,
        };
        id.is_empty().then_some(Self {
            hash,
            digest,
            issuer_and_serial,
        })
    }

    fn is_of(&self, certificate: &Certificate) -> bool {
        let der = certificate.der();
        let has_digest = match self.hash {
            CertificateHash::Sha1 => {
                ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, der).as_ref() == self.digest
            }
            CertificateHash::Known(hash) => hash.digest(der) == self.digest,
        };
        has_digest
            && self
                .issuer_and_serial
                .is_none_or(|(issuer, serial)| is_by(certificate, issuer, serial))
    }
}

/// The name and the number of an `IssuerSerial` (RFC 5035 section 5): of a certificate, the name is one directory name.
fn issuer_and_serial(named: Tlv<'_>) -> Option<(&[u8], &[u8])> {
    const DIRECTORY_NAME: u8 = 0xa4;
    let mut fields = named.elements();
    let names = fields.expect(tlv::SEQUENCE)?;
    let name = Tlv::whole(names.value).filter(|name| name.tag == DIRECTORY_NAME)?;
    let serial = fields.expect(tlv::INTEGER)?.value;
    fields.is_empty().then_some((name.value, serial))
}
