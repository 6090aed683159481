//! Every recorded key of cosign and OpenSSL, and forgeries of signatures.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::file::{KeyFileError, SealedKey, read_private_key, write_encrypted};
use super::import::{ImportError, import};
use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/cosign/keys")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

/// One signing key of each algorithm.
fn keys() -> Vec<PrivateKey> {
    ["ec256-sec1", "ec384", "ec521", "rsa2048", "ed25519"]
        .iter()
        .map(|name| import(&read(&format!("source-{name}.pem")), None).unwrap())
        .collect()
}

#[test]
fn every_recorded_key_opens_and_has_its_public_half() {
    let mut seen = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "key") {
            continue;
        }
        let text = std::fs::read(&path).unwrap();
        let password = std::fs::read(path.with_extension("password")).unwrap();
        let public = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        let key = read_private_key(&text, &password).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(key.public_key().to_pem(), public, "{}", path.display());
        assert_eq!(&PublicKey::from_pem(public.as_bytes()).unwrap(), key.public_key());
        assert_eq!(read_private_key(&text, b"wrong").err(), Some(KeyFileError::Password));
        seen += 1;
    }
    assert_eq!(seen, 11);
}

#[test]
fn every_file_that_cosign_imported_imports_and_the_others_say_why_not() {
    for name in [
        "ec256-sec1",
        "ec384",
        "ec521",
        "ed25519",
        "rsa2048",
        "rsa2048-pkcs1",
        "rsa4096",
    ] {
        let key = import(&read(&format!("source-{name}.pem")), None).unwrap();
        assert_eq!(
            key.public_key().to_pem().as_bytes(),
            read(&format!("imported-{name}.pub")),
            "{name}"
        );
    }
    let weak = import(&read("source-rsa1024-weak.pem"), None).err().unwrap();
    assert_eq!(weak, ImportError::Key(PrivateKeyError::RsaSize { bits: 1024 }));
    let curve = import(&read("source-secp256k1-unsupported.pem"), None).err().unwrap();
    assert!(curve.to_string().contains("secp256k1"), "{curve}");
}

#[test]
fn pkcs8_is_written_as_go_writes_it() {
    // OpenSSL's PKCS#8 of these kinds has the same bytes as Go's.
    for name in ["ec384", "ec521", "ed25519", "rsa2048"] {
        let text = read(&format!("source-{name}.pem"));
        let block = crate::pem::first(&text).unwrap();
        let key = import(&text, None).unwrap();
        assert_eq!(*key.to_pkcs8_der().unwrap(), *block.contents, "{name}");
    }
}

#[test]
fn a_signature_of_each_algorithm_verifies_and_every_flipped_bit_does_not() {
    for key in keys() {
        let public = key.public_key();
        for hash in [
            HashAlgorithm::Sha224,
            HashAlgorithm::Sha256,
            HashAlgorithm::Sha384,
            HashAlgorithm::Sha512,
        ] {
            let signature = key.sign_with(b"message", hash).unwrap();
            public.verify(b"message", &signature, hash).unwrap();
            assert!(public.verify(b"messagf", &signature, hash).is_err());
        }
        let signature = key.sign(b"message").unwrap();
        for index in 0..signature.len() {
            let mut forged = signature.clone();
            forged[index] ^= 1 << (index % 8);
            assert!(
                public.verify(b"message", &forged, HashAlgorithm::Sha256).is_err(),
                "{public:?} byte {index}"
            );
        }
        for length in 0..signature.len() {
            assert!(
                public
                    .verify(b"message", &signature[..length], HashAlgorithm::Sha256)
                    .is_err()
            );
        }
        let longer = [signature.as_slice(), &[0]].concat();
        assert!(
            public.verify(b"message", &longer, HashAlgorithm::Sha256).is_err(),
            "{public:?}"
        );
    }
}

/// Two libraries check P-256 signatures, one for messages and one for digests: whatever the bytes, they agree.
#[test]
fn a_message_and_its_digest_have_the_same_p256_signatures() {
    use p256::ecdsa::{DerSignature, Signature};
    use p256::elliptic_curve::{Curve as _, PrimeField as _};

    let order = p256::NonZeroScalar::new(-p256::Scalar::ONE).unwrap();
    let one = p256::NonZeroScalar::new(p256::Scalar::ONE).unwrap();
    let key = PrivateKey::generate().unwrap();
    let (message, digest) = (b"message", HashAlgorithm::Sha256.digest(b"message"));
    let good = key.sign(message).unwrap();
    let parsed = Signature::from_der(&good).unwrap();
    let (r, s) = parsed.split_scalars();
    let der = |r: &[u8], s: &[u8]| {
        let integers = [&[2, r.len() as u8], r, &[2, s.len() as u8], s].concat();
        [&[0x30, integers.len() as u8], integers.as_slice()].concat()
    };
    let (r_bytes, s_bytes) = (r.to_repr(), s.to_repr());
    let padded = |bytes: &[u8]| [&[0], bytes].concat();
    let n = p256::FieldBytes::from(p256::NistP256::ORDER.to_be_bytes());
    let scalars = |r, s| {
        DerSignature::from(Signature::from_scalars(r, s).unwrap())
            .as_bytes()
            .to_vec()
    };
    let mut signatures = vec![
        good.clone(),
        scalars(*r, *-s),
        scalars(*-r, *s),
        scalars(*order, *order),
        scalars(*one, *one),
        scalars(*r, *one),
        der(&[0], &[0]),
        der(&[1], &[0]),
        der(&padded(&n), &padded(&n)),
        der(&padded(&r_bytes), &padded(&n)),
        der(&r_bytes, &s_bytes),
        der(&padded(&r_bytes), &padded(&s_bytes)),
        der(&padded(&padded(&r_bytes)), &padded(&padded(&s_bytes))),
        der(&[], &[]),
        [good.as_slice(), &[0]].concat(),
        [&[0x30, 0x81], &good[1..]].concat(),
        [&r_bytes[..], &s_bytes[..]].concat(),
        Vec::new(),
    ];
    for index in 0..good.len() {
        for bit in 0..8 {
            let mut flipped = good.clone();
            flipped[index] ^= 1 << bit;
            signatures.push(flipped);
        }
    }
    let mut valid = 0;
    for signature in signatures {
        let by_message = key.public_key().verify(message, &signature, HashAlgorithm::Sha256);
        let by_digest = key
            .public_key()
            .verify_prehashed(HashAlgorithm::Sha256, &digest, &signature);
        assert_eq!(by_message, by_digest, "{signature:02x?}");
        valid += usize::from(by_message.is_ok());
    }
    // Itself and its negative, and perhaps the plainly padded form of either.
    assert!((2..=4).contains(&valid), "{valid}");
}

#[test]
fn a_key_does_not_verify_what_another_signed() {
    let keys = keys();
    for signer in &keys {
        let signature = signer.sign(b"message").unwrap();
        for verifier in &keys {
            let right = signer.public_key() == verifier.public_key();
            let result = verifier
                .public_key()
                .verify(b"message", &signature, HashAlgorithm::Sha256);
            assert_eq!(result.is_ok(), right, "{} {}", signer.algorithm(), verifier.algorithm());
        }
    }
}

#[test]
fn digests_are_signed_and_checked_without_the_message() {
    for key in keys() {
        let digest = HashAlgorithm::Sha256.digest(b"message");
        let result = key.sign_prehashed(HashAlgorithm::Sha256, &digest);
        if key.algorithm() == KeyAlgorithm::Ed25519 {
            assert!(result.is_err());
            assert!(
                key.public_key()
                    .verify_prehashed(HashAlgorithm::Sha256, &digest, &[0; 64])
                    .is_err()
            );
            continue;
        }
        let signature = result.unwrap();
        let public = key.public_key();
        public
            .verify_prehashed(HashAlgorithm::Sha256, &digest, &signature)
            .unwrap();
        public.verify(b"message", &signature, HashAlgorithm::Sha256).unwrap();
        assert!(
            public
                .verify_prehashed(HashAlgorithm::Sha512, &digest, &signature)
                .is_err()
        );
        assert!(
            public
                .verify_prehashed(HashAlgorithm::Sha256, &digest[1..], &signature)
                .is_err()
        );
        assert!(key.sign_ed25519ph(&[0; 64]).is_err());
    }
}

#[test]
fn ed25519ph_is_another_scheme_than_ed25519() {
    // RFC 8032, section 7.3.
    let seed = "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42";
    let expected = "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406";
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len() / 2)
            .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    };
    let mut der = hex("302e020100300506032b657004220420");
    der.extend(hex(seed));
    let key = PrivateKey::from_pkcs8_der(&der).unwrap();
    let digest = HashAlgorithm::Sha512.digest(b"abc");
    let signature = key.sign_ed25519ph(&digest).unwrap();
    assert_eq!(signature, hex(expected));
    key.public_key().verify_ed25519ph(&digest, &signature).unwrap();
    assert!(
        key.public_key()
            .verify(b"abc", &signature, HashAlgorithm::Sha512)
            .is_err()
    );
    assert!(
        key.public_key()
            .verify_ed25519ph(&digest, &key.sign(b"abc").unwrap())
            .is_err()
    );
    assert!(key.public_key().verify_ed25519ph(&[0; 64], &signature).is_err());
}

#[test]
fn what_is_written_opens_again_with_that_password_only_and_has_the_shape_of_cosigns() {
    let key = PrivateKey::generate().unwrap();
    let text = write_encrypted(&key, "pässwörd".as_bytes()).unwrap();
    let again = read_private_key(text.as_bytes(), "pässwörd".as_bytes()).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    assert!(read_private_key(text.as_bytes(), b"").is_err());
    let shape = |text: &[u8]| {
        let json = String::from_utf8(crate::pem::first(text).unwrap().contents.to_vec()).unwrap();
        // The values differ, their lengths and everything between must not.
        json.split('"')
            .enumerate()
            .map(|(i, part)| {
                if part.len() > 30 {
                    format!("{i}:{}", part.len())
                } else {
                    part.into()
                }
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(shape(text.as_bytes()), shape(&read("p256-password.key")));
    let lines = |text: &[u8]| text.split(|b| *b == b'\n').map(<[u8]>::len).collect::<Vec<_>>();
    assert_eq!(lines(text.as_bytes()), lines(&read("p256-password.key")));
}

#[test]
fn the_old_label_is_read() {
    let text = String::from_utf8(read("p256-empty-password.key"))
        .unwrap()
        .replace("SIGSTORE", "COSIGN");
    assert!(file::is_private_key(text.as_bytes()));
    read_private_key(text.as_bytes(), b"").unwrap();
}

fn with_json(change: impl FnOnce(&mut serde_json::Value)) -> KeyFileError {
    let block = crate::pem::first(&read("p256-password.key")).unwrap();
    let mut json = serde_json::from_slice(&block.contents).unwrap();
    change(&mut json);
    let text = crate::pem::encode(file::LABEL, json.to_string().as_bytes());
    SealedKey::parse(text.as_bytes()).map(|_| ()).unwrap_err()
}

#[test]
fn hostile_scrypt_parameters_are_refused_before_anything_is_derived() {
    for (n, r, p) in [
        (1_u64 << 40, 8_u64, 1_u64),
        (65536, 1 << 30, 1),
        (65536, 8, 1 << 20),
        (1 << 63, 8, 1),
        (u64::MAX, u64::MAX, u64::MAX),
        (65537, 8, 1),
        (0, 8, 1),
        (1, 8, 1),
        (65536, 0, 1),
        (65536, 8, 0),
    ] {
        let error = with_json(|json| json["kdf"]["params"] = serde_json::json!({"N": n, "r": r, "p": p}));
        assert_eq!(error, KeyFileError::Scrypt { n, r, p });
    }
    assert!(matches!(
        with_json(|json| json["kdf"]["params"]["N"] = (-1).into()),
        KeyFileError::Malformed(_)
    ));
}

#[test]
fn other_malformed_files_are_refused_with_a_reason() {
    let text = |change: fn(&mut serde_json::Value)| with_json(change).to_string();
    assert!(text(|json| json["kdf"]["name"] = "argon2".into()).contains("argon2"));
    assert!(text(|json| json["cipher"]["name"] = "aes".into()).contains("aes"));
    assert!(text(|json| json["cipher"]["nonce"] = "AAAA".into()).contains("24 bytes"));
    assert!(text(|json| json["ciphertext"] = "AAAA".into()).contains("too short"));
    assert!(text(|json| json["kdf"]["salt"] = "?".into()).contains("base64"));
    let plain = read_private_key(&read("source-ec384.pem"), b"")
        .err()
        .unwrap()
        .to_string();
    assert!(plain.contains("import-key-pair"), "{plain}");
    let public = read_private_key(&read("p256-v3.pub"), b"").err().unwrap().to_string();
    assert!(public.contains("public key"), "{public}");
}

#[test]
fn a_private_key_where_a_public_one_belongs_says_what_to_do() {
    let error = PublicKey::from_pem(&read("p256-v3.key")).unwrap_err().to_string();
    assert!(error.contains("countersign public-key"), "{error}");
}

#[test]
fn unusual_public_keys_are_refused() {
    let key = PublicKey::from_pem(&read("p256-v3.pub")).unwrap();
    // The point off its curve, compressed, of another curve; a byte more.
    let mut off = key.spki_der().to_vec();
    *off.last_mut().unwrap() ^= 1;
    assert!(matches!(
        PublicKey::from_spki_der(&off),
        Err(PublicKeyError::Malformed(_))
    ));
    let longer = [key.spki_der(), &[0]].concat();
    assert!(PublicKey::from_spki_der(&longer).is_err());
    let certificate = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(
        PublicKey::from_pem(certificate),
        Err(PublicKeyError::Label { .. })
    ));
}

proptest! {
    #[test]
    fn no_bytes_panic(data in proptest::collection::vec(any::<u8>(), 0..600)) {
        fuzz_public_key(&data);
        file::fuzz_key_file(&data);
        import::fuzz_import(&data);
    }

    #[test]
    fn no_mutation_of_a_key_panics(index in 0_usize..10_000, byte: u8, which in 0_usize..5) {
        let name = ["ec256-sec1", "ec384", "ec521", "ed25519", "rsa2048"][which];
        let mut block = crate::pem::first(&read(&format!("source-{name}.pem"))).unwrap();
        let index = index % block.contents.len();
        block.contents[index] = byte;
        let _ = PrivateKey::from_pkcs8_der(&block.contents);
        let _ = PrivateKey::from_sec1_der(&block.contents);
    }

    #[test]
    fn no_mutation_of_a_public_key_panics(index in 0_usize..1000, byte: u8, which in 0_usize..5) {
        let name = ["ec256-sec1", "ec384", "ec521", "ed25519", "rsa4096"][which];
        let mut block = crate::pem::first(&read(&format!("imported-{name}.pub"))).unwrap();
        let index = index % block.contents.len();
        block.contents[index] = byte;
        if let Ok(key) = PublicKey::from_spki_der(&block.contents) {
            // What is accepted is encoded as it came: no two encodings of a key.
            prop_assert_eq!(key.spki_der(), block.contents.as_slice());
        }
    }
}
