use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const KEY_MESSAGE: &[u8] = include_bytes!("../../tests/vectors/cosign/blobs/blob.sigstore.json");
const KEY_DSSE: &[u8] = include_bytes!("../../tests/vectors/cosign/blobs/blob.att.sigstore.json");
const REKOR1_MESSAGE: &[u8] = include_bytes!("../../tests/vectors/tlog/blobs/blob.v1.sigstore.json");
const REKOR1_DSSE: &[u8] = include_bytes!("../../tests/vectors/tlog/blobs/blob.v1.att.sigstore.json");
const REKOR2_MESSAGE: &[u8] = include_bytes!("../../tests/vectors/tlog/blobs/blob.v2.sigstore.json");
const REKOR2_DSSE: &[u8] = include_bytes!("../../tests/vectors/tlog/blobs/blob.v2.att.sigstore.json");
const LEGACY: &[u8] = include_bytes!("../../tests/vectors/cosign/blobs/blob.old-bundle.json");
const LEGACY_LOGGED: &[u8] = include_bytes!("../../tests/vectors/tlog/blobs/blob.old-bundle.json");
const CERTIFICATE: &[u8] = include_bytes!("../../tests/vectors/tlog/keys/leaf.crt");

fn value(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap()
}

fn parse(value: &Value) -> Result<Bundle, BundleError> {
    Bundle::parse(&serde_json::to_vec(value).unwrap())
}

#[test]
fn cosigns_bundles_are_written_back_byte_for_byte() {
    for json in [
        KEY_MESSAGE,
        KEY_DSSE,
        REKOR1_MESSAGE,
        REKOR1_DSSE,
        REKOR2_MESSAGE,
        REKOR2_DSSE,
    ] {
        let bundle = Bundle::parse(json).unwrap();
        assert!(Bundle::is_bundle(json));
        assert_eq!(
            String::from_utf8(bundle.to_json().unwrap()).unwrap(),
            std::str::from_utf8(json).unwrap().trim_end()
        );
    }
}

#[test]
fn cosigns_older_bundles_are_written_back_byte_for_byte() {
    for json in [LEGACY, LEGACY_LOGGED] {
        assert!(!Bundle::is_bundle(json));
        let bundle = Legacy::parse(json).unwrap();
        assert_eq!(
            String::from_utf8(bundle.to_json().unwrap()).unwrap(),
            std::str::from_utf8(json).unwrap().trim_end()
        );
    }
}

#[test]
fn a_key_in_the_certificates_place_of_an_older_bundle_is_only_a_claim() {
    let key = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/vectors/tlog/keys/signer.pub"
    ))
    .unwrap();
    let mut older = value(LEGACY);
    older["cert"] = json!(crate::proto_json::encode_base64(&key));
    let bundle = Legacy::parse(&serde_json::to_vec(&older).unwrap()).unwrap();
    assert!(bundle.certificates.is_empty() && bundle.claimed_key.is_some());
    older["cert"] = json!(std::str::from_utf8(CERTIFICATE).unwrap());
    let bundle = Legacy::parse(&serde_json::to_vec(&older).unwrap()).unwrap();
    assert_eq!(bundle.certificates.len(), 1);
    for bad in [
        "x",
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
    ] {
        older["cert"] = json!(bad);
        assert!(Legacy::parse(&serde_json::to_vec(&older).unwrap()).is_err());
    }
}

#[test]
fn both_spellings_of_each_media_type_are_read_and_no_other() {
    let mut bundle = value(KEY_MESSAGE);
    for version in ["0.1", "0.2", "0.3"] {
        for media_type in [
            format!("application/vnd.dev.sigstore.bundle+json;version={version}"),
            format!("application/vnd.dev.sigstore.bundle.v{version}+json"),
        ] {
            bundle["mediaType"] = json!(media_type);
            assert!(parse(&bundle).is_ok(), "{media_type}");
        }
    }
    for media_type in [
        "",
        "application/vnd.dev.sigstore.bundle.v0.4+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.99",
        "application/vnd.dev.sigstore.bundle.v0.3+json; x",
        "application/json",
    ] {
        bundle["mediaType"] = json!(media_type);
        assert!(matches!(parse(&bundle), Err(BundleError::MediaType(_))), "{media_type}");
    }
}

#[test]
fn protobufs_other_spellings_are_read() {
    let mut bundle = value(REKOR1_MESSAGE);
    let entry = bundle["verificationMaterial"]["tlogEntries"][0]
        .as_object_mut()
        .unwrap();
    entry["logIndex"] = json!(41);
    entry["inclusionProof"]["treeSize"] = json!(42);
    bundle["messageSignature"]["messageDigest"]["algorithm"] = json!(1);
    let digest = bundle["messageSignature"]["messageDigest"]["digest"].as_str().unwrap();
    let digest = digest.replace('+', "-").replace('/', "_").replace('=', "");
    bundle["messageSignature"]["messageDigest"]["digest"] = json!(digest);
    bundle["dsseEnvelope"] = Value::Null;
    assert_eq!(parse(&bundle).unwrap(), Bundle::parse(REKOR1_MESSAGE).unwrap());
    let snake = String::from_utf8(KEY_MESSAGE.to_vec())
        .unwrap()
        .replace("verificationMaterial", "verification_material")
        .replace("messageSignature", "message_signature");
    assert_eq!(
        Bundle::parse(snake.as_bytes()).unwrap(),
        Bundle::parse(KEY_MESSAGE).unwrap()
    );
}

/// Changes `path` of `json` by `change`, and expects a refusal.
fn refused(json: &[u8], what: &str, change: impl FnOnce(&mut Value)) {
    let mut bundle = value(json);
    change(&mut bundle);
    assert!(parse(&bundle).is_err(), "accepted: {what}");
}

#[test]
fn what_is_missing_doubled_or_forbidden_is_refused() {
    let envelope = value(KEY_DSSE)["dsseEnvelope"].clone();
    refused(KEY_MESSAGE, "two contents", |b| b["dsseEnvelope"] = envelope.clone());
    refused(KEY_MESSAGE, "no content", |b| b["messageSignature"] = Value::Null);
    refused(KEY_MESSAGE, "no material", |b| b["verificationMaterial"] = Value::Null);
    refused(KEY_MESSAGE, "no signer", |b| {
        b["verificationMaterial"]["publicKey"] = Value::Null
    });
    refused(KEY_MESSAGE, "an unknown field", |b| b["extra"] = json!(1));
    refused(KEY_MESSAGE, "an unknown material", |b| {
        b["verificationMaterial"]["extra"] = json!(1);
    });
    refused(KEY_MESSAGE, "no signature", |b| {
        b["messageSignature"]["signature"] = json!("")
    });
    refused(KEY_MESSAGE, "base64", |b| {
        b["messageSignature"]["signature"] = json!("%%%")
    });
    refused(KEY_MESSAGE, "a short digest", |b| {
        b["messageSignature"]["messageDigest"]["digest"] = json!("AAAA");
    });
    refused(KEY_MESSAGE, "an unknown algorithm", |b| {
        b["messageSignature"]["messageDigest"]["algorithm"] = json!("MD5");
    });
    refused(KEY_DSSE, "two signatures", |b| {
        let one = b["dsseEnvelope"]["signatures"][0].clone();
        b["dsseEnvelope"]["signatures"] = json!([one, one]);
    });
    refused(REKOR2_MESSAGE, "v0.1 without a promise", |b| {
        b["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
    });
    refused(REKOR1_MESSAGE, "no proof", |b| {
        b["verificationMaterial"]["tlogEntries"][0]["inclusionProof"] = Value::Null;
    });
    refused(REKOR1_MESSAGE, "a negative index", |b| {
        b["verificationMaterial"]["tlogEntries"][0]["logIndex"] = json!("-1");
    });
    refused(REKOR1_MESSAGE, "another kind", |b| {
        b["verificationMaterial"]["tlogEntries"][0]["kindVersion"]["kind"] = json!("dsse");
    });
    refused(REKOR1_MESSAGE, "an empty timestamp", |b| {
        b["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"][0]["signedTimestamp"] = json!("");
    });
    let doubled =
        String::from_utf8(KEY_MESSAGE.to_vec())
            .unwrap()
            .replacen("{", r#"{"mediaType":"application/json","#, 1);
    assert!(
        Bundle::parse(doubled.as_bytes()).is_err(),
        "accepted: a field given twice"
    );
}

#[test]
fn a_certificate_is_one_and_is_a_certificate() {
    let der = Certificate::chain_from_pem(CERTIFICATE).unwrap().remove(0);
    let raw = json!({"rawBytes": crate::proto_json::encode_base64(der.der())});
    let key = json!({"rawBytes": crate::proto_json::encode_base64(der.spki_der())});
    let with = |media_type: &str, field: &str, content: Value| {
        let mut bundle = value(KEY_MESSAGE);
        bundle["mediaType"] = json!(media_type);
        bundle["verificationMaterial"] = json!({ field: content });
        parse(&bundle)
    };
    let v1 = "application/vnd.dev.sigstore.bundle+json;version=0.1";
    let chain = |certificates: Value| json!({ "certificates": certificates });
    assert_eq!(
        with(MEDIA_TYPE, "certificate", raw.clone()).unwrap().certificates(),
        [der]
    );
    assert!(with(v1, "x509CertificateChain", chain(json!([raw, raw]))).is_ok());
    assert!(with(MEDIA_TYPE, "x509CertificateChain", chain(json!([raw]))).is_err());
    assert!(with(v1, "x509CertificateChain", chain(json!([]))).is_err());
    assert!(
        with(
            v1,
            "x509CertificateChain",
            chain(json!(vec![raw.clone(); MAX_CERTIFICATES + 1]))
        )
        .is_err()
    );
    assert!(
        with(MEDIA_TYPE, "certificate", key).is_err(),
        "a bare key is no certificate"
    );
    refused(KEY_MESSAGE, "a key and a certificate", |b| {
        b["verificationMaterial"]["certificate"] = raw.clone();
    });
}

#[test]
fn endless_entries_and_timestamps_are_refused() {
    for (path, most) in [
        ("/verificationMaterial/tlogEntries", MAX_ENTRIES),
        (
            "/verificationMaterial/timestampVerificationData/rfc3161Timestamps",
            MAX_TIMESTAMPS,
        ),
    ] {
        for (count, accepted) in [(most, true), (most + 1, false)] {
            let mut bundle = value(REKOR1_MESSAGE);
            let list = bundle.pointer_mut(path).unwrap();
            *list = json!(vec![list[0].clone(); count]);
            assert_eq!(parse(&bundle).is_ok(), accepted, "{count} at {path}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        fuzz_bundle(&bytes);
    }

    #[test]
    fn no_changed_byte_panics(at in 0..REKOR1_DSSE.len(), byte: u8) {
        let mut json = REKOR1_DSSE.to_vec();
        json[at] = byte;
        fuzz_bundle(&json);
    }
}
