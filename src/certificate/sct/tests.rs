//! Against certificates of the public Fulcio and its staging instance, and the trusted roots of both.

use super::*;
use crate::certificate::{Authority, Purpose};
use crate::key::PrivateKey;
use crate::rekor::LogKey;
use crate::trust::TrustedRoot;

const CTFE_2022: &str = "dd3d306ac6c7113263191e1c99673702a24a5eb8de3cadff878a72802f29ee8e";
/// When `github.pem` was published, in milliseconds.
const PUBLISHED: u64 = 1_733_354_041_630;

fn vector(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn leaf(name: &str) -> Certificate {
    Certificate::chain_from_pem(&vector(&format!("fulcio/{name}.pem")))
        .unwrap()
        .remove(0)
}

fn trusted(name: &str) -> TrustedRoot {
    TrustedRoot::parse(&vector(&format!("fulcio/{name}.json"))).unwrap()
}

fn public() -> TrustedRoot {
    trusted("trusted-root")
}

/// The issuer of `leaf` by its verified chain, as the workflow finds it.
fn issuer(leaf: &Certificate, root: &TrustedRoot) -> Certificate {
    let at = leaf.validity().start.unwrap();
    root.certificate_authorities
        .iter()
        .filter_map(|authority| Authority::try_from(authority).ok())
        .find_map(|authority| {
            let below: Vec<_> = authority.below().to_vec();
            crate::certificate::verify(leaf, &below, authority.anchor(), at, Purpose::CodeSigning).ok()
        })
        .unwrap()
        .issuer()
        .clone()
}

fn github() -> (Certificate, Certificate, Sct) {
    let (leaf, root) = (leaf("github"), public());
    let issuer = issuer(&leaf, &root);
    let sct = embedded(&leaf).unwrap().remove(0);
    (leaf, issuer, sct)
}

fn list(scts: &[Sct]) -> Vec<u8> {
    let mut out = Vec::new();
    for sct in scts {
        put_u16(&mut out, &tls(sct));
    }
    let mut list = Vec::new();
    put_u16(&mut list, &out);
    list
}

fn put_u16(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u16::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend_from_slice(bytes);
}

fn tls(sct: &Sct) -> Vec<u8> {
    let mut out = vec![0];
    out.extend_from_slice(&sct.log_id);
    out.extend_from_slice(&sct.timestamp.to_be_bytes());
    put_u16(&mut out, &sct.extensions);
    out.extend_from_slice(&[sct.hash, sct.algorithm]);
    put_u16(&mut out, &sct.signature);
    out
}

fn parts(der: &[u8]) -> Vec<Vec<u8>> {
    SliceReader::new(der)
        .unwrap()
        .sequence(|fields| {
            let mut out = Vec::new();
            while !fields.is_finished() {
                out.push(fields.tlv_bytes()?.to_vec());
            }
            Ok::<_, der::Error>(out)
        })
        .unwrap()
}

fn contents(field: &[u8]) -> &[u8] {
    let mut reader = SliceReader::new(field).unwrap();
    let header = der::Header::decode(&mut reader).unwrap();
    reader.read_slice(header.length()).unwrap()
}

/// `certificate` with another list of timestamps. Its own signature is broken by that; the logs' are not.
fn with_list(certificate: &Certificate, list: &[u8]) -> Certificate {
    const OCTETS: u8 = 0x04;
    let value = tlv(OCTETS, &tlv(OCTETS, list).unwrap()).unwrap();
    let extension = tlv(SEQUENCE, &[SCT_LIST.to_der().unwrap(), value].concat()).unwrap();
    let mut tbs = parts(&without_scts(certificate.tbs_der()).unwrap());
    let extensions = tbs.pop().unwrap();
    assert_eq!(extensions[0], EXTENSIONS);
    let extensions = [&extension, contents(contents(&extensions))].concat();
    tbs.push(tlv(EXTENSIONS, &tlv(SEQUENCE, &extensions).unwrap()).unwrap());
    with_tbs(certificate, &tlv(SEQUENCE, &tbs.concat()).unwrap()).unwrap()
}

fn with_tbs(certificate: &Certificate, tbs: &[u8]) -> Option<Certificate> {
    let mut fields = parts(certificate.der());
    fields[0] = tbs.to_vec();
    Certificate::from_der(&tlv(SEQUENCE, &fields.concat()).unwrap()).ok()
}

/// A log of our own, and its timestamp of what it is asked to sign.
fn own_log(entry_type: u16, entry: &[u8], timestamp: u64) -> (LogKey, Sct) {
    let key = PrivateKey::generate().unwrap();
    let log = LogKey::new(key.public_key().clone());
    let mut sct = Sct {
        log_id: log.log_id(),
        timestamp,
        extensions: Vec::new(),
        hash: 4,
        algorithm: 3,
        signature: Vec::new(),
    };
    sct.signature = key.sign(&sct.signed(entry_type, entry).unwrap()).unwrap();
    (log, sct)
}

#[test]
fn a_real_certificate_verifies_with_the_log_of_its_trusted_root() {
    for (name, root, log) in [
        ("github", "trusted-root", Some(CTFE_2022)),
        ("gitlab", "trusted-root", Some(CTFE_2022)),
        ("staging", "staging-trusted-root", None),
    ] {
        let (leaf, root) = (leaf(name), trusted(root));
        let scts = verify(&leaf, &issuer(&leaf, &root), &root.ct_logs, 1).unwrap();
        assert_eq!(scts.len(), 1, "{name}");
        assert!(log.is_none_or(|log| hex(scts[0].log_id()) == log), "{name}");
        assert!(leaf.validity().contains(scts[0].at()), "{name}");
    }
}

#[test]
fn the_logs_of_another_instance_do_not_count() {
    for (name, own, other) in [
        ("github", "trusted-root", "staging-trusted-root"),
        ("staging", "staging-trusted-root", "trusted-root"),
    ] {
        let leaf = leaf(name);
        let issuer = issuer(&leaf, &trusted(own));
        let error = verify(&leaf, &issuer, &trusted(other).ct_logs, 1).unwrap_err();
        assert!(matches!(error, SctError::UnknownLog(_)), "{name}: {error}");
        let error = verify(&leaf, &issuer, &LogKeys::new(), 1).unwrap_err();
        assert!(matches!(error, SctError::UnknownLog(_)), "{name}: {error}");
    }
}

#[test]
fn the_timestamp_is_what_the_certificate_says() {
    let (leaf, issuer, sct) = github();
    assert_eq!((sct.timestamp, sct.hash, sct.algorithm), (PUBLISHED, 4, 3));
    assert!(sct.extensions.is_empty() && hex(&sct.log_id) == CTFE_2022);
    // The list written anew, elsewhere among the extensions, is as good: no log signs it.
    let moved = with_list(&leaf, &list(std::slice::from_ref(&sct)));
    assert_ne!(moved, leaf);
    assert_eq!(
        verify(&moved, &issuer, &public().ct_logs, 1).unwrap(),
        verify(&leaf, &issuer, &public().ct_logs, 1).unwrap()
    );
}

#[test]
fn no_field_of_a_timestamp_may_be_changed() {
    let (leaf, issuer, real) = github();
    let logs = public().ct_logs;
    let refused = |change: &dyn Fn(&mut Sct)| {
        let mut sct = real.clone();
        change(&mut sct);
        assert_ne!(sct, real);
        verify(&with_list(&leaf, &list(&[sct])), &issuer, &logs, 1).unwrap_err()
    };
    for at in 0..32 {
        let error = refused(&|sct| sct.log_id[at] ^= 1);
        assert!(matches!(error, SctError::UnknownLog(_)), "{at}: {error}");
    }
    for bit in 0..64 {
        refused(&|sct| sct.timestamp ^= 1 << bit);
    }
    assert!(matches!(refused(&|sct| sct.timestamp += 1), SctError::BadSignature(_)));
    assert!(matches!(
        refused(&|sct| sct.extensions.push(0)),
        SctError::BadSignature(_)
    ));
    for at in 0..real.signature.len() {
        let error = refused(&|sct| sct.signature[at] ^= 1);
        assert!(matches!(error, SctError::BadSignature(_)), "{at}: {error}");
    }
    assert!(matches!(
        refused(&|sct| sct.signature.clear()),
        SctError::BadSignature(_)
    ));
    assert!(matches!(
        refused(&|sct| sct.signature.push(0)),
        SctError::BadSignature(_)
    ));
    for hash in (0..=255).filter(|hash| *hash != real.hash) {
        assert!(
            matches!(refused(&|sct| sct.hash = hash), SctError::BadSignature(_)),
            "{hash}"
        );
    }
    for algorithm in (0..=255).filter(|algorithm| *algorithm != real.algorithm) {
        let error = refused(&|sct| sct.algorithm = algorithm);
        assert!(matches!(error, SctError::BadSignature(_)), "{algorithm}");
    }
    // The other log of the same root is named, which is trusted at other times.
    let test_log = logs.iter().map(LogKey::log_id).find(|id| *id != real.log_id).unwrap();
    let error = refused(&|sct| sct.log_id = test_log);
    assert!(matches!(error, SctError::OutsideWindow { .. }), "{error}");
    // And it had not signed this either.
    let always: LogKeys = logs
        .iter()
        .map(|log| LogKey::new(log.key().clone()).with_log_id(log.log_id()))
        .collect();
    let mut sct = real.clone();
    sct.log_id = test_log;
    let error = verify(&with_list(&leaf, &list(&[sct])), &issuer, &always, 1).unwrap_err();
    assert!(matches!(error, SctError::BadSignature(_)), "{error}");
}

#[test]
fn no_byte_of_what_was_published_may_be_changed() {
    let (leaf, issuer, _) = github();
    let logs = public().ct_logs;
    let mut read = 0;
    for at in 0..leaf.tbs_der().len() {
        let mut tbs = leaf.tbs_der().to_vec();
        tbs[at] ^= 1;
        if let Some(changed) = with_tbs(&leaf, &tbs) {
            read += 1;
            assert!(verify(&changed, &issuer, &logs, 1).is_err(), "byte {at} may be changed");
        }
    }
    assert!(read > 500, "only {read} changed certificates were read");
}

#[test]
fn the_issuers_key_is_part_of_what_was_published() {
    let (leaf, issuer, _) = github();
    let logs = public().ct_logs;
    let root = public();
    let authority = Authority::try_from(root.certificate_authorities.last().unwrap()).unwrap();
    assert_ne!(authority.anchor().first().unwrap(), &issuer);
    for other in [&authority.anchor()[0], &leaf] {
        let error = verify(&leaf, other, &logs, 1).unwrap_err();
        assert!(matches!(error, SctError::BadSignature(_)), "{error}");
    }
}

#[test]
fn the_key_counts_only_in_its_window_and_under_its_id() {
    let (leaf, issuer, sct) = github();
    let real = public()
        .ct_logs
        .iter()
        .find(|log| log.log_id() == sct.log_id)
        .unwrap()
        .clone();
    let at = i64::try_from(PUBLISHED / 1000).unwrap();
    let check = |start, end| {
        let log = real.clone().with_validity(Validity { start, end });
        verify(&leaf, &issuer, &log.into(), 1)
    };
    for (start, end) in [(None, None), (Some(at), Some(at)), (Some(at), None), (None, Some(at))] {
        check(start, end).unwrap();
    }
    for (start, end) in [(Some(at + 1), None), (None, Some(at - 1)), (Some(at + 1), Some(at - 1))] {
        let error = check(start, end).unwrap_err();
        assert!(
            matches!(error, SctError::OutsideWindow { at: told, .. } if told == at),
            "{error}"
        );
    }
    let other = PrivateKey::generate().unwrap().public_key().clone();
    let other = LogKey::new(other).with_log_id(sct.log_id);
    let error = verify(&leaf, &issuer, &other.clone().into(), 1).unwrap_err();
    assert!(matches!(error, SctError::BadSignature(_)), "{error}");
    // A second key of the same ID is tried as well.
    let both: LogKeys = [other, real].into_iter().collect();
    verify(&leaf, &issuer, &both, 1).unwrap();
}

#[test]
fn a_list_counts_distinct_logs() {
    let (leaf, issuer, real) = github();
    let entry = precertificate_entry(&leaf, &issuer).unwrap();
    let (own, own_sct) = own_log(1, &entry, PUBLISHED + 1000);
    let (_, foreign) = own_log(1, &entry, PUBLISHED);
    let mut logs = public().ct_logs;
    logs.push(own);
    let mut broken = own_sct.clone();
    broken.timestamp += 1;
    let check = |scts: &[&Sct], threshold| {
        let scts: Vec<Sct> = scts.iter().map(|sct| (*sct).clone()).collect();
        verify(&with_list(&leaf, &list(&scts)), &issuer, &logs, threshold).map(|found| found.len())
    };
    assert_eq!(check(&[&real, &own_sct], 2).unwrap(), 2);
    assert_eq!(check(&[&foreign, &broken, &own_sct, &foreign, &real], 2).unwrap(), 2);
    assert_eq!(check(&[&foreign, &real], 1).unwrap(), 1);
    assert!(matches!(check(&[&foreign, &real], 2), Err(SctError::UnknownLog(_))));
    assert!(matches!(check(&[&broken, &real], 2), Err(SctError::BadSignature(_))));
    assert!(matches!(
        check(&[&real, &real], 2),
        Err(SctError::TooFew { found: 1, wanted: 2 })
    ));
    assert!(matches!(check(&[], 1), Err(SctError::Absent)));
    assert!(matches!(check(&[&real; MAX_SCTS + 1], 1), Err(SctError::TooMany)));
    assert_eq!(check(&[&real; MAX_SCTS], 1).unwrap(), 1);
}

#[test]
fn a_malformed_list_is_none() {
    let (leaf, issuer, real) = github();
    let whole = list(std::slice::from_ref(&real));
    let refused = |list: &[u8]| verify(&with_list(&leaf, list), &issuer, &public().ct_logs, 1).unwrap_err();
    for end in 0..whole.len() {
        assert!(matches!(refused(&whole[..end]), SctError::Malformed), "{end}");
    }
    assert!(matches!(refused(&[&whole[..], &[0]].concat()), SctError::Malformed));
    let mut version = whole.clone();
    version[4] = 1;
    assert!(matches!(refused(&version), SctError::Malformed));
    // A timestamp with bytes behind its signature.
    let mut long = Vec::new();
    put_u16(&mut long, &[tls(&real), vec![0]].concat());
    let mut outer = Vec::new();
    put_u16(&mut outer, &long);
    assert!(matches!(refused(&outer), SctError::Malformed));
}

#[test]
fn a_detached_timestamp_is_of_the_certificate_as_it_is() {
    let (leaf, _, embedded) = github();
    let mut entry = Vec::new();
    put_u24(&mut entry, leaf.der()).unwrap();
    let (log, sct) = own_log(0, &entry, PUBLISHED);
    let logs = LogKeys::from(log);
    let json = |sct: &Sct| {
        let mut signature = vec![sct.hash, sct.algorithm];
        put_u16(&mut signature, &sct.signature);
        serde_json::to_vec(&serde_json::json!({
            "sct_version": 0,
            "id": Bytes(sct.log_id.to_vec()),
            "timestamp": sct.timestamp,
            "extensions": Bytes(sct.extensions.clone()),
            "signature": Bytes(signature),
        }))
        .unwrap()
    };
    for form in [tls(&sct), json(&sct)] {
        assert_eq!(verify_detached(&leaf, &form, &logs).unwrap().log_id(), &sct.log_id);
        let other = self::leaf("gitlab");
        assert!(matches!(
            verify_detached(&other, &form, &logs),
            Err(SctError::BadSignature(_))
        ));
        assert!(matches!(
            verify_detached(&leaf, &form, &public().ct_logs),
            Err(SctError::UnknownLog(_))
        ));
        for end in 0..form.len() {
            assert!(verify_detached(&leaf, &form[..end], &logs).is_err(), "{end}");
        }
    }
    let changes: [fn(&mut Sct); 6] = [
        |sct| sct.log_id[0] ^= 1,
        |sct| sct.timestamp += 1,
        |sct| sct.extensions.push(1),
        |sct| sct.signature[9] ^= 1,
        |sct| sct.hash = 6,
        |sct| sct.algorithm = 1,
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = sct.clone();
        change(&mut changed);
        for form in [tls(&changed), json(&changed)] {
            assert!(verify_detached(&leaf, &form, &logs).is_err(), "{number}");
        }
    }
    // One that was given for the precertificate does not stand for the certificate, nor the reverse.
    assert!(matches!(
        verify_detached(&leaf, &tls(&embedded), &public().ct_logs),
        Err(SctError::BadSignature(_))
    ));
    let (leaf, issuer, _) = github();
    assert!(verify(&with_list(&leaf, &list(&[sct])), &issuer, &logs, 1).is_err());
}

#[test]
fn a_certificate_without_timestamps_is_told_as_such() {
    let leaf = Certificate::chain_from_pem(&vector("certificate/leaf.pem"))
        .unwrap()
        .remove(0);
    let error = verify(&leaf, &leaf, &public().ct_logs, 1).unwrap_err();
    assert!(matches!(error, SctError::Absent), "{error}");
    assert!(verify(&leaf, &leaf, &public().ct_logs, 0).unwrap().is_empty());
}
