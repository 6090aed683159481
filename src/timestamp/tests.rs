use der::Encode as _;
use proptest::prelude::*;

use super::*;
use crate::key::{HashAlgorithm, PrivateKey};

const SIGNATURE: &[u8] = b"a signature";

fn vector(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/vectors/timestamp/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn certificate(name: &str) -> Certificate {
    Certificate::chain_from_pem(&vector(&format!("{name}.crt")))
        .unwrap()
        .remove(0)
}

fn authority(chain: &[&str]) -> Authority {
    let chain = chain.iter().map(|name| certificate(name)).collect();
    Authority::new(chain, Validity::ALWAYS, "").unwrap()
}

/// What a token made here says; each field can be forged.
struct Forged {
    signature_over: Vec<u8>,
    /// Of the TSTInfo, `YYYYMMDDhhmmss`.
    time: &'static str,
    bag: Vec<&'static str>,
    content_type: Option<&'static str>,
    digest_of: Option<Vec<u8>>,
    /// The certificates of `SigningCertificate` and of `SigningCertificateV2`.
    committed_to: [Option<Commitment>; 2],
    serial: u8,
}

/// What a token says of its signer's certificate.
#[derive(Clone, Copy)]
struct Commitment {
    certificate: &'static str,
    /// Which byte of the digest is another.
    flipped: Option<usize>,
    /// The `IssuerSerial`: whose issuer, and the number.
    issuer_serial: Option<(&'static str, u8)>,
}

impl Commitment {
    fn to(certificate: &'static str) -> Self {
        Self {
            certificate,
            flipped: None,
            issuer_serial: None,
        }
    }

    /// The attribute of the first or the second version.
    fn attribute(self, version: usize) -> Vec<u8> {
        use tlv::encode;
        let der = certificate(self.certificate);
        let (oid, mut digest) = match version {
            1 => (
                "1.2.840.113549.1.9.16.2.12",
                ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, der.der())
                    .as_ref()
                    .to_vec(),
            ),
            _ => ("1.2.840.113549.1.9.16.2.47", HashAlgorithm::Sha256.digest(der.der())),
        };
        if let Some(at) = self.flipped {
            digest[at] ^= 1;
        }
        let mut id = encode(tlv::OCTET_STRING, &digest);
        if let Some((name, serial)) = self.issuer_serial {
            let issuer = certificate(name).parsed().issuer().to_der().unwrap();
            let names = encode(tlv::SEQUENCE, &encode(0xa4, &issuer));
            id.extend(encode(
                tlv::SEQUENCE,
                &[names, encode(tlv::INTEGER, &[serial])].concat(),
            ));
        }
        let ids = encode(tlv::SEQUENCE, &encode(tlv::SEQUENCE, &id));
        let oid = encode(
            tlv::OBJECT_IDENTIFIER,
            const_oid::ObjectIdentifier::new_unwrap(oid).as_bytes(),
        );
        let values = encode(tlv::SET, &encode(tlv::SEQUENCE, &ids));
        encode(tlv::SEQUENCE, &[oid, values].concat())
    }
}

impl Default for Forged {
    fn default() -> Self {
        Self {
            signature_over: SIGNATURE.to_vec(),
            time: "20270101000000",
            bag: vec!["ec"],
            content_type: Some("1.2.840.113549.1.9.16.1.4"),
            digest_of: None,
            committed_to: [None, Some(Commitment::to("ec"))],
            serial: 9,
        }
    }
}

impl Forged {
    /// A response, signed with the key of `ec.crt`.
    fn der(&self) -> Vec<u8> {
        use const_oid::ObjectIdentifier;
        use tlv::encode;
        let oid = |text: &str| encode(tlv::OBJECT_IDENTIFIER, ObjectIdentifier::new_unwrap(text).as_bytes());
        let seq = |parts: &[Vec<u8>]| encode(tlv::SEQUENCE, &parts.concat());
        let set = |parts: &[Vec<u8>]| encode(tlv::SET, &parts.concat());
        let sha256 = tst_info::hash_identifier(HashAlgorithm::Sha256).unwrap();
        let hashed = HashAlgorithm::Sha256.digest(&self.signature_over);
        let info = seq(&[
            encode(tlv::INTEGER, &[1]),
            oid("1.2.3"),
            seq(&[sha256.clone(), encode(tlv::OCTET_STRING, &hashed)]),
            encode(tlv::INTEGER, &[1]),
            encode(tlv::GENERALIZED_TIME, format!("{}Z", self.time).as_bytes()),
        ]);
        let digest = HashAlgorithm::Sha256.digest(self.digest_of.as_ref().unwrap_or(&info));
        let mut attributes = vec![seq(&[
            oid("1.2.840.113549.1.9.4"),
            set(&[encode(tlv::OCTET_STRING, &digest)]),
        ])];
        if let Some(kind) = self.content_type {
            attributes.push(seq(&[oid("1.2.840.113549.1.9.3"), set(&[oid(kind)])]));
        }
        for (index, commitment) in self.committed_to.into_iter().enumerate() {
            attributes.extend(commitment.map(|commitment| commitment.attribute(index + 1)));
        }
        let key: PrivateKey = crate::key::import::import(&vector("ec.key"), None).unwrap();
        let signature = key.sign(&set(&attributes)).unwrap();
        let issuer = certificate("ec").parsed().issuer().to_der().unwrap();
        let signer = seq(&[
            encode(tlv::INTEGER, &[1]),
            seq(&[issuer, encode(tlv::INTEGER, &[self.serial])]),
            sha256.clone(),
            encode(0xa0, &attributes.concat()),
            seq(&[oid("1.2.840.10045.4.3.2")]),
            encode(tlv::OCTET_STRING, &signature),
        ]);
        let bag: Vec<u8> = self
            .bag
            .iter()
            .flat_map(|name| certificate(name).der().to_vec())
            .collect();
        let data = seq(&[
            encode(tlv::INTEGER, &[3]),
            set(&[sha256]),
            seq(&[
                oid("1.2.840.113549.1.9.16.1.4"),
                encode(0xa0, &encode(tlv::OCTET_STRING, &info)),
            ]),
            encode(0xa0, &bag),
            set(&[signer]),
        ]);
        seq(&[
            seq(&[encode(tlv::INTEGER, &[0])]),
            seq(&[oid("1.2.840.113549.1.7.2"), encode(0xa0, &data)]),
        ])
    }

    fn verified(&self) -> Result<VerifiedTimestamp, TimestampError> {
        verify(&self.der(), SIGNATURE, &[authority(&["inter", "root"])])
    }
}

#[test]
fn tokens_of_openssl_verify_with_each_kind_of_key_and_hash() {
    for (token, signer) in [
        ("ec-sha256", "ec"),
        ("ec384-sha384", "ec384"),
        ("rsa-sha512", "rsa"),
        ("ec-sha256-bare", "ec"),
    ] {
        let token = vector(&format!("{token}.tsr"));
        let verified = verify(&token, SIGNATURE, &[authority(&[signer, "inter", "root"])]).unwrap();
        assert!(verified.time() > 1_790_000_000);
        assert!(matches!(
            verify(&token, b"another", &[authority(&[signer, "inter", "root"])]),
            Err(TimestampError::OtherContent)
        ));
    }
}

#[test]
fn the_signers_certificate_comes_with_the_token_or_from_the_caller() {
    let embedded = vector("ec-sha256.tsr");
    assert!(verify(&embedded, SIGNATURE, &[authority(&["inter", "root"])]).is_ok());
    assert!(verify(&embedded, SIGNATURE, &[authority(&["root"])]).is_ok());
    let bare = vector("ec-sha256-bare.tsr");
    assert!(matches!(
        verify(&bare, SIGNATURE, &[authority(&["inter", "root"])]),
        Err(TimestampError::UnknownAuthority)
    ));
    // Where the caller names the signer's certificate, another of the same authority does not count.
    assert!(verify(&embedded, SIGNATURE, &[authority(&["ec384", "inter", "root"])]).is_err());
    assert!(verify(&embedded, SIGNATURE, &[]).is_err());
    // The token alone, without the response around it.
    let response = Tlv::whole(&embedded).unwrap();
    let token = response.elements().collect(2).unwrap()[1].whole;
    assert!(verify(token, SIGNATURE, &[authority(&["root"])]).is_ok());
}

#[test]
fn a_token_made_here_verifies_until_it_is_forged() {
    Forged::default().verified().unwrap();
    let refused = |forged: Forged| forged.verified().unwrap_err();
    let error = refused(Forged {
        signature_over: b"another".to_vec(),
        ..Forged::default()
    });
    assert!(matches!(error, TimestampError::OtherContent), "{error}");
    let error = refused(Forged {
        digest_of: Some(b"another".to_vec()),
        ..Forged::default()
    });
    assert!(matches!(error, TimestampError::ContentDigest), "{error}");
    for content_type in [None, Some("1.2.840.113549.1.7.1")] {
        let error = refused(Forged {
            content_type,
            ..Forged::default()
        });
        assert!(matches!(error, TimestampError::Malformed(_)), "{error}");
    }
    let error = refused(Forged {
        serial: 8,
        ..Forged::default()
    });
    assert!(matches!(error, TimestampError::UnknownAuthority), "{error}");
    // Before the certificates were valid.
    let error = refused(Forged {
        time: "20200101000000",
        ..Forged::default()
    });
    assert!(
        matches!(error, TimestampError::Chain(PathError::NotValidAt { .. })),
        "{error}"
    );
}

#[test]
fn a_forged_certificate_first_in_the_bag_changes_nothing() {
    for bag in [["forged", "ec"], ["ec", "forged"]] {
        Forged {
            bag: bag.to_vec(),
            ..Forged::default()
        }
        .verified()
        .unwrap();
    }
    for (committed_to, expected) in [
        ("ec", TimestampError::SignerCertificate),
        ("forged", TimestampError::BadSignature),
    ] {
        let error = Forged {
            bag: vec!["forged"],
            committed_to: [None, Some(Commitment::to(committed_to))],
            ..Forged::default()
        }
        .verified()
        .unwrap_err();
        assert_eq!(error.to_string(), expected.to_string());
    }
    // A good certificate of another key does not lend its purpose to the one that signed.
    for bad in ["two", "uncritical"] {
        let error = Forged {
            bag: vec!["forged", bad],
            committed_to: [None, Some(Commitment::to(bad))],
            ..Forged::default()
        }
        .verified()
        .unwrap_err();
        assert!(matches!(error, TimestampError::Usage), "{bad}: {error}");
    }
}

#[test]
fn the_certificate_is_the_one_that_the_signer_committed_to() {
    let with = |committed_to| {
        Forged {
            committed_to,
            ..Forged::default()
        }
        .verified()
    };
    let to = |certificate| Some(Commitment::to(certificate));
    // The serial number of `ec.crt` is 9.
    let named = |issuer_serial| {
        Some(Commitment {
            issuer_serial: Some(issuer_serial),
            ..Commitment::to("ec")
        })
    };
    for good in [[to("ec"), None], [None, to("ec")], [to("ec"), to("ec")]] {
        with(good).unwrap();
    }
    for good in [[named(("ec", 9)), None], [None, named(("ec", 9))]] {
        with(good).unwrap();
    }
    let error = with([None, None]).unwrap_err();
    assert!(matches!(error, TimestampError::SignerUnnamed), "{error}");
    // `two.crt` has the same key, issuer and serial number. One good commitment does not make up for a bad one.
    for bad in [
        to("two"),
        named(("root", 9)),
        named(("root", 8)),
        named(("ec", 8)),
        named(("inter", 9)),
    ] {
        for committed_to in [[bad, None], [None, bad], [bad, to("ec")], [to("ec"), bad]] {
            let error = with(committed_to).unwrap_err();
            assert!(matches!(error, TimestampError::SignerCertificate), "{error}");
        }
    }
    for at in 0..20 {
        let flipped = Some(Commitment {
            flipped: Some(at),
            ..Commitment::to("ec")
        });
        for committed_to in [[flipped, None], [None, flipped], [flipped, to("ec")]] {
            let error = with(committed_to).unwrap_err();
            assert!(matches!(error, TimestampError::SignerCertificate), "{at}: {error}");
        }
    }
}

#[test]
fn a_token_of_openssl_names_its_certificate_by_sha1() {
    let token = vector("ec-sha256-sha1-id.tsr");
    assert!(verify(&token, SIGNATURE, &[authority(&["ec", "inter", "root"])]).is_ok());
    let signed = SignedData::parse(super::token(&token).unwrap()).unwrap();
    signed.verify(&certificate("ec")).unwrap();
    // The same key in another certificate.
    let error = signed.verify(&certificate("uncritical")).unwrap_err();
    assert!(matches!(error, TimestampError::SignerCertificate), "{error}");
}

#[test]
fn an_authority_counts_only_within_its_own_window() {
    let token = Forged::default().der();
    let window = |start, end| {
        let mut authority = authority(&["inter", "root"]);
        authority.valid = Validity { start, end };
        authority
    };
    let at = Forged::default().verified().unwrap().time();
    assert!(verify(&token, SIGNATURE, &[window(Some(at), Some(at))]).is_ok());
    for outside in [window(Some(at + 1), None), window(None, Some(at - 1))] {
        let error = verify(&token, SIGNATURE, std::slice::from_ref(&outside)).unwrap_err();
        assert!(matches!(error, TimestampError::OutsideValidity { .. }), "{error}");
        // Another authority's window does not help.
        let other = Authority::new(vec![certificate("forged")], Validity::ALWAYS, "").unwrap();
        assert!(verify(&token, SIGNATURE, &[outside, other]).is_err());
    }
}

#[test]
fn a_threshold_counts_authorities_and_not_timestamps() {
    let one = Forged::default().verified().unwrap();
    let later = Forged {
        time: "20280101000000",
        ..Forged::default()
    }
    .verified()
    .unwrap();
    assert_eq!(distinct_authorities(&[one.clone(), one.clone(), later.clone()]), 1);
    let elsewhere = VerifiedTimestamp {
        anchor: certificate("forged"),
        ..later
    };
    assert_eq!(distinct_authorities(&[one, elsewhere]), 2);
    assert_eq!(distinct_authorities(&[]), 0);
}

#[test]
fn refusals_and_foreign_answers_are_told_apart() {
    let mut response = vector("ec-sha256.tsr");
    let status = response.windows(3).position(|w| w == [2, 1, 0]).unwrap();
    response[status + 2] = 2;
    assert!(matches!(
        verify(&response, SIGNATURE, &[]),
        Err(TimestampError::Refused(2))
    ));
    let request = Request::new(SIGNATURE, [1; 8]);
    assert!(matches!(
        check_response(&request, &vector("ec-sha256.tsr")),
        Err(TimestampError::Nonce)
    ));
    let request = Request::new(b"another", [1; 8]);
    assert!(matches!(
        check_response(&request, &vector("ec-sha256.tsr")),
        Err(TimestampError::OtherContent)
    ));
}

#[test]
fn no_changed_byte_of_what_is_signed_verifies() {
    let good = vector("ec-sha256-bare.tsr");
    let authorities = [authority(&["ec", "inter", "root"])];
    let time = verify(&good, SIGNATURE, &authorities).unwrap().time();
    for at in 0..good.len() {
        let mut changed = good.clone();
        changed[at] ^= 1;
        if let Ok(verified) = verify(&changed, SIGNATURE, &authorities) {
            // Status texts, versions and the list of digests are not signed and not used.
            assert_eq!(verified.time(), time, "byte {at}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        fuzz_timestamp(&bytes);
    }

    #[test]
    fn no_changed_bytes_panic(at in 0_usize..1300, value: u8) {
        let mut token = vector("ec-sha256.tsr");
        if let Some(byte) = token.get_mut(at) {
            *byte = value;
        }
        fuzz_timestamp(&token);
    }
}
