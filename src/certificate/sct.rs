//! Signed certificate timestamps (RFC 6962 section 3): a log's promise that a certificate was published.

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode as _, Encode as _, Reader as _, SliceReader};
use serde::Deserialize;
use sha2::Digest as _;

use super::Certificate;
use crate::digest::hex;
use crate::key::{HashAlgorithm, KeyAlgorithm, PublicKey};
use crate::proto_json::Bytes;
use crate::rekor::LogKeys;
use crate::trust::{Validity, write_time};

/// The list of timestamps in a certificate (RFC 6962 section 3.3).
const SCT_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");
/// Most timestamps of one certificate.
const MAX_SCTS: usize = 32;
/// Largest certificate body that can be signed: the length has 24 bits.
const MAX_TBS: usize = 0xff_ff_ff;
const SEQUENCE: u8 = 0x30;
/// The tag of `extensions` in a TBSCertificate (RFC 5280 section 4.1).
const EXTENSIONS: u8 = 0xa3;

/// One signed certificate timestamp. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sct {
    log_id: [u8; 32],
    /// Milliseconds since 1970.
    timestamp: u64,
    extensions: Vec<u8>,
    hash: u8,
    algorithm: u8,
    signature: Vec<u8>,
}

/// A timestamp that a trusted log signed for the certificate; only [`verify`] and [`verify_detached`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSct {
    log_id: [u8; 32],
    at: i64,
}

impl VerifiedSct {
    /// Which log.
    pub fn log_id(&self) -> &[u8; 32] {
        &self.log_id
    }

    /// When it was published, Unix seconds.
    pub fn at(&self) -> i64 {
        self.at
    }
}

/// Why the publication of a certificate is not shown.
#[derive(Debug, thiserror::Error)]
pub enum SctError {
    /// No timestamp.
    #[error(
        "the certificate carries no signed certificate timestamp; use --insecure-ignore-sct if its issuer logs none"
    )]
    Absent,
    /// Not well-formed.
    #[error("the signed certificate timestamp is malformed")]
    Malformed,
    /// Too many.
    #[error("the certificate carries more than {MAX_SCTS} signed certificate timestamps")]
    TooMany,
    /// No key for the log.
    #[error(
        "no trusted key for certificate transparency log {0}; give one with --trusted-root or SIGSTORE_CT_LOG_PUBLIC_KEY_FILE"
    )]
    UnknownLog(String),
    /// Outside the time in which the log is trusted.
    #[error("certificate transparency log {log} is not trusted at {} (trusted {window})", write_time(*at))]
    OutsideWindow {
        /// The log.
        log: String,
        /// The time of the timestamp, Unix seconds.
        at: i64,
        /// When it is trusted.
        window: Validity,
    },
    /// The signature is wrong.
    #[error("the signature of certificate transparency log {0} does not verify")]
    BadSignature(String),
    /// Fewer logs than asked for.
    #[error("signed certificate timestamps of {found} logs verify, {wanted} are required")]
    TooFew {
        /// Distinct logs.
        found: usize,
        /// The threshold.
        wanted: usize,
    },
}

/// The timestamps that are embedded in `certificate`; empty when there is no such extension.
///
/// # Errors
/// [`SctError::Malformed`] or [`SctError::TooMany`].
pub fn embedded(certificate: &Certificate) -> Result<Vec<Sct>, SctError> {
    let Some(extension) = certificate.extension(SCT_LIST) else {
        return Ok(Vec::new());
    };
    let list: &OctetStringRef =
        <&OctetStringRef>::from_der(extension.extn_value.as_bytes()).map_err(|_| SctError::Malformed)?;
    parse_list(list.as_bytes())
}

/// Checks the timestamps that `certificate` carries: those of at least `threshold` distinct logs must verify.
/// `issuer` is the certificate's issuer in its verified chain, `logs` are the trusted certificate transparency logs.
///
/// # Errors
/// [`SctError`]: of the first timestamp that does not hold, when too few do.
pub fn verify(
    certificate: &Certificate,
    issuer: &Certificate,
    logs: &LogKeys,
    threshold: usize,
) -> Result<Vec<VerifiedSct>, SctError> {
    let scts = embedded(certificate)?;
    if scts.is_empty() && threshold > 0 {
        return Err(SctError::Absent);
    }
    let entry = precertificate_entry(certificate, issuer).ok_or(SctError::Malformed)?;
    verify_all(&scts, 1, &entry, logs, threshold)
}

/// Checks a timestamp that came beside the certificate: JSON of RFC 6962 section 4.1 (`add-chain`), or the TLS form.
///
/// # Errors
/// [`SctError`].
pub fn verify_detached(certificate: &Certificate, sct: &[u8], logs: &LogKeys) -> Result<VerifiedSct, SctError> {
    let sct = parse_detached(sct)?;
    let mut entry = Vec::with_capacity(certificate.der().len() + 3);
    put_u24(&mut entry, certificate.der()).ok_or(SctError::Malformed)?;
    verify_all(&[sct], 0, &entry, logs, 1)?.pop().ok_or(SctError::Absent)
}

fn verify_all(
    scts: &[Sct],
    entry_type: u16,
    entry: &[u8],
    logs: &LogKeys,
    threshold: usize,
) -> Result<Vec<VerifiedSct>, SctError> {
    let mut verified: Vec<VerifiedSct> = Vec::new();
    let mut first_error = None;
    for sct in scts {
        match sct.check(entry_type, entry, logs) {
            // A log counts once, however many timestamps it gave.
            Ok(one) if verified.iter().all(|have| have.log_id != one.log_id) => verified.push(one),
            Ok(_) => {}
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    if verified.len() >= threshold {
        return Ok(verified);
    }
    Err(first_error.unwrap_or(SctError::TooFew {
        found: verified.len(),
        wanted: threshold,
    }))
}

impl Sct {
    fn check(&self, entry_type: u16, entry: &[u8], logs: &LogKeys) -> Result<VerifiedSct, SctError> {
        let name = hex(&self.log_id);
        let at = i64::try_from(self.timestamp / 1000).map_err(|_| SctError::Malformed)?;
        let signed = self.signed(entry_type, entry).ok_or(SctError::Malformed)?;
        let mut error = SctError::UnknownLog(name.clone());
        for log in logs.iter().filter(|log| log.log_id() == self.log_id) {
            if !log.validity().contains(at) {
                error = SctError::OutsideWindow {
                    log: name.clone(),
                    at,
                    window: log.validity(),
                };
                continue;
            }
            let verified = self
                .hash(log.key())
                .is_some_and(|hash| log.key().verify(&signed, &self.signature, hash).is_ok());
            if verified {
                return Ok(VerifiedSct {
                    log_id: self.log_id,
                    at,
                });
            }
            error = SctError::BadSignature(name.clone());
        }
        Err(error)
    }

    /// What the log signed (RFC 6962 section 3.2).
    fn signed(&self, entry_type: u16, entry: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(entry.len() + self.extensions.len() + 14);
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&entry_type.to_be_bytes());
        out.extend_from_slice(entry);
        out.extend_from_slice(&u16::try_from(self.extensions.len()).ok()?.to_be_bytes());
        out.extend_from_slice(&self.extensions);
        Some(out)
    }

    /// The hash that the timestamp names, when it names the kind of the key (RFC 5246 section 7.4.1.4.1).
    fn hash(&self, key: &PublicKey) -> Option<HashAlgorithm> {
        let fits = match key.algorithm() {
            KeyAlgorithm::Rsa { .. } => self.algorithm == 1,
            KeyAlgorithm::Ed25519 => return (self.hash == 8 && self.algorithm == 7).then_some(HashAlgorithm::Sha512),
            _ => self.algorithm == 3,
        };
        match self.hash {
            4 if fits => Some(HashAlgorithm::Sha256),
            5 if fits => Some(HashAlgorithm::Sha384),
            6 if fits => Some(HashAlgorithm::Sha512),
            _ => None,
        }
    }
}

/// `issuer_key_hash` and the body of the precertificate: the certificate's without the list of timestamps.
fn precertificate_entry(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let tbs = without_scts(certificate.tbs_der())?;
    let mut out = Vec::with_capacity(tbs.len() + 35);
    out.extend_from_slice(&sha2::Sha256::digest(issuer.spki_der()));
    put_u24(&mut out, &tbs)?;
    Some(out)
}

/// Copies a TBSCertificate byte for byte but for the extension [`SCT_LIST`] and the lengths around it.
fn without_scts(tbs: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(tbs.len());
    let mut reader = SliceReader::new(tbs).ok()?;
    reader
        .sequence(|fields| {
            while !fields.is_finished() {
                let field = fields.tlv_bytes()?;
                if field.first() == Some(&EXTENSIONS) {
                    body.extend(extensions_without_scts(field)?);
                } else {
                    body.extend_from_slice(field);
                }
            }
            Ok::<_, der::Error>(())
        })
        .ok()?;
    tlv(SEQUENCE, &body)
}

fn extensions_without_scts(field: &[u8]) -> der::Result<Vec<u8>> {
    let malformed = || der::Error::from(der::ErrorKind::Failed);
    let mut outer = SliceReader::new(field)?;
    let header = der::Header::decode(&mut outer)?;
    let inner = outer.read_slice(header.length())?;
    let mut kept = Vec::with_capacity(inner.len());
    SliceReader::new(inner)?.sequence(|list| {
        while !list.is_finished() {
            let extension = list.tlv_bytes()?;
            let oid = SliceReader::new(extension)?.sequence(|fields| {
                let oid: ObjectIdentifier = fields.decode()?;
                while !fields.is_finished() {
                    fields.tlv_bytes()?;
                }
                Ok::<_, der::Error>(oid)
            })?;
            if oid != SCT_LIST {
                kept.extend_from_slice(extension);
            }
        }
        Ok::<_, der::Error>(())
    })?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let list = tlv(SEQUENCE, &kept).ok_or_else(malformed)?;
    tlv(EXTENSIONS, &list).ok_or_else(malformed)
}

fn tlv(tag: u8, value: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![tag];
    der::Length::try_from(value.len()).ok()?.encode_to_vec(&mut out).ok()?;
    out.extend_from_slice(value);
    Some(out)
}

fn put_u24(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    if bytes.len() > MAX_TBS {
        return None;
    }
    let length = u32::try_from(bytes.len()).ok()?.to_be_bytes();
    out.extend_from_slice(length.get(1..)?);
    out.extend_from_slice(bytes);
    Some(())
}

/// A TLS `SignedCertificateTimestampList` (RFC 6962 section 3.3).
fn parse_list(bytes: &[u8]) -> Result<Vec<Sct>, SctError> {
    let (list, rest) = prefixed(bytes).ok_or(SctError::Malformed)?;
    if !rest.is_empty() {
        return Err(SctError::Malformed);
    }
    let mut out = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        if out.len() == MAX_SCTS {
            return Err(SctError::TooMany);
        }
        let (one, after) = prefixed(rest).ok_or(SctError::Malformed)?;
        out.push(parse(one).ok_or(SctError::Malformed)?);
        rest = after;
    }
    Ok(out)
}

fn prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

fn parse(bytes: &[u8]) -> Option<Sct> {
    let (version, rest) = bytes.split_first()?;
    let (log_id, rest) = rest.split_first_chunk::<32>()?;
    let (timestamp, rest) = rest.split_first_chunk::<8>()?;
    let (extensions, rest) = prefixed(rest)?;
    let ([hash, algorithm], rest) = rest.split_first_chunk::<2>()?;
    let (signature, rest) = prefixed(rest)?;
    (*version == 0 && rest.is_empty()).then(|| Sct {
        log_id: *log_id,
        timestamp: u64::from_be_bytes(*timestamp),
        extensions: extensions.to_vec(),
        hash: *hash,
        algorithm: *algorithm,
        signature: signature.to_vec(),
    })
}

fn parse_detached(bytes: &[u8]) -> Result<Sct, SctError> {
    #[derive(Deserialize)]
    struct AddChain {
        sct_version: u8,
        id: Bytes,
        timestamp: u64,
        #[serde(default)]
        extensions: Bytes,
        signature: Bytes,
    }
    if bytes.first() == Some(&0) {
        return parse(bytes).ok_or(SctError::Malformed);
    }
    let json: AddChain = serde_json::from_slice(bytes).map_err(|_| SctError::Malformed)?;
    let ([hash, algorithm], rest) = json.signature.0.split_first_chunk::<2>().ok_or(SctError::Malformed)?;
    let (signature, rest) = prefixed(rest).ok_or(SctError::Malformed)?;
    if json.sct_version != 0 || !rest.is_empty() {
        return Err(SctError::Malformed);
    }
    Ok(Sct {
        log_id: json.id.0.try_into().map_err(|_| SctError::Malformed)?,
        timestamp: json.timestamp,
        extensions: json.extensions.0,
        hash: *hash,
        algorithm: *algorithm,
        signature: signature.to_vec(),
    })
}

/// For the fuzzers: the TLS list and the detached forms.
pub fn fuzz_sct(data: &[u8]) {
    let _ = parse_list(data);
    let _ = parse_detached(data);
    let _ = without_scts(data);
}

#[cfg(test)]
mod tests;
