//! What an authority is asked, and whether the answer is one to it.

use super::cms::SignedData;
use super::tst_info::{TstInfo, hash_identifier};
use super::{TimestampError, tlv, token};
use crate::key::HashAlgorithm;

/// A `TimeStampReq` over a signature (RFC 3161 section 2.4.1), with a nonce, asking for the certificates.
#[derive(Clone, Debug)]
pub struct Request {
    der: Vec<u8>,
    hash: HashAlgorithm,
    hashed: Vec<u8>,
    nonce: Vec<u8>,
}

impl Request {
    /// A request over the SHA-256 of `signature`; `nonce` is random.
    pub fn new(signature: &[u8], nonce: [u8; 8]) -> Self {
        let hash = HashAlgorithm::Sha256;
        let hashed = hash.digest(signature);
        let nonce = positive_integer(nonce);
        let mut imprint = hash_identifier(hash).unwrap_or_default();
        imprint.extend(tlv::encode(tlv::OCTET_STRING, &hashed));
        let mut body = tlv::encode(tlv::INTEGER, &[1]);
        body.extend(tlv::encode(tlv::SEQUENCE, &imprint));
        body.extend(tlv::encode(tlv::INTEGER, &nonce));
        body.extend(tlv::encode(tlv::BOOLEAN, &[0xff]));
        Self {
            der: tlv::encode(tlv::SEQUENCE, &body),
            hash,
            hashed,
            nonce,
        }
    }

    /// The DER to send as `application/timestamp-query`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// The contents of a positive DER INTEGER: no needless zeros, none missing before a high bit.
fn positive_integer(bytes: [u8; 8]) -> Vec<u8> {
    let mut out: Vec<u8> = bytes.into_iter().skip_while(|b| *b == 0).collect();
    if out.first().is_none_or(|b| b & 0x80 != 0) {
        out.insert(0, 0);
    }
    out
}

/// Checks that `response` is the answer to `request`: granted, over the same hash, with the same nonce. Whether its
/// signer is trusted is for [`super::verify`].
///
/// # Errors
/// [`TimestampError`].
pub fn check_response(request: &Request, response: &[u8]) -> Result<(), TimestampError> {
    let signed = SignedData::parse(token(response)?)?;
    let info = TstInfo::parse(signed.content)?;
    if info.hash != request.hash || info.hashed != request.hashed {
        return Err(TimestampError::OtherContent);
    }
    if info.nonce.as_ref() != Some(&request.nonce) {
        return Err(TimestampError::Nonce);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_that_of_openssl() {
        // openssl ts -query -data (the byte "x") -sha256 -cert, with this nonce.
        let request = Request::new(b"x", [0, 0xff, 2, 3, 4, 5, 6, 7]);
        assert_eq!(
            crate::digest::hex(request.der()),
            concat!(
                "3043020101",
                "3031300d060960864801650304020105000420",
                "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
                "020800ff020304050607",
                "0101ff"
            )
        );
        assert_eq!(positive_integer([0; 8]), [0]);
        assert_eq!(positive_integer([0, 0, 0, 0, 0, 0, 0, 1]), [1]);
    }
}
