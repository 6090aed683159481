use super::*;
use crate::rekor::{Claim, Content, Mismatch};
use proptest::prelude::*;
use serde_json::{Value, json};

fn key(n: u8) -> Verifier {
    Verifier::PublicKey(vec![n; 40])
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

fn sha256(bytes: &[u8]) -> Value {
    json!({"algorithm": "sha256", "value": crate::digest::hex(&HashAlgorithm::Sha256.digest(bytes))})
}

fn parse(body: &Value) -> Result<EntryBody, EntryBodyError> {
    EntryBody::parse(body.to_string().as_bytes())
}

const PAYLOAD: &[u8] = b"payload";
const ENVELOPE: &[u8] = b"{envelope}";

fn claim<'a>(signature: &'a [u8], verifier: &'a Verifier, json: Option<&'a [u8]>) -> Claim<'a> {
    Claim {
        content: Content::Envelope {
            payload: PAYLOAD,
            pae: b"pae",
            json,
        },
        signature,
        verifier,
    }
}

fn dsse_2() -> Value {
    let signature = |n: u8| {
        let verifier = json!({"keyDetails": "X", "publicKey": {"rawBytes": b64([n; 40])}});
        json!({"content": b64([n]), "verifier": verifier})
    };
    let digest = b64(HashAlgorithm::Sha256.digest(PAYLOAD));
    json!({"apiVersion": "0.0.2", "kind": "dsse", "spec": {"dsseV002": {
        "payloadHash": {"algorithm": "SHA2_256", "digest": digest}, "signatures": [signature(1), signature(2)],
    }}})
}

fn intoto_2() -> Value {
    json!({"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {
        "hash": sha256(b"something"), "payloadHash": sha256(PAYLOAD),
        "envelope": {"payloadType": "t", "signatures": [{"sig": b64(b64([1])), "publicKey": b64(key(1).to_pem())}]},
    }}})
}

fn intoto_1() -> Value {
    json!({"apiVersion": "0.0.1", "kind": "intoto", "spec": {
        "content": {"hash": sha256(ENVELOPE), "payloadHash": sha256(PAYLOAD)}, "publicKey": b64(key(1).to_pem()),
    }})
}

#[test]
fn a_dsse_entry_with_several_signatures_is_about_each_with_its_own_key() {
    let body = parse(&dsse_2()).unwrap();
    assert!(body.is_rekor_v2());
    for n in [1, 2] {
        assert_eq!(body.matches(&claim(&[n], &key(n), None)), Ok(()));
    }
    assert!(body.matches(&claim(&[1], &key(2), None)).is_err());
    assert!(body.matches(&claim(&[2], &key(1), None)).is_err());
    let signer = key(1);
    let blob = Claim {
        content: Content::Message(PAYLOAD),
        ..claim(&[1], &signer, None)
    };
    assert!(matches!(body.matches(&blob), Err(Mismatch::Kind(_))));
}

#[test]
fn an_intoto_entry_without_signature_needs_the_uploaded_envelope() {
    let body = parse(&intoto_1()).unwrap();
    assert_eq!(body.matches(&claim(&[9], &key(1), Some(ENVELOPE))), Ok(()));
    assert!(matches!(
        body.matches(&claim(&[9], &key(1), None)),
        Err(Mismatch::Unbound(_))
    ));
    assert!(matches!(
        body.matches(&claim(&[9], &key(1), Some(b"{other}"))),
        Err(Mismatch::Digest { .. })
    ));
    assert!(matches!(
        body.matches(&claim(&[9], &key(2), Some(ENVELOPE))),
        Err(Mismatch::Verifier { .. })
    ));
    let mut old = intoto_1();
    old["spec"]["content"].as_object_mut().unwrap().remove("payloadHash");
    assert_eq!(
        parse(&old).unwrap().matches(&claim(&[9], &key(1), Some(ENVELOPE))),
        Ok(())
    );
}

#[test]
fn an_intoto_entry_with_signature_is_bound_by_it() {
    let body = parse(&intoto_2()).unwrap();
    assert_eq!(body.matches(&claim(&[1], &key(1), None)), Ok(()));
    assert_eq!(body.matches(&claim(&[1], &key(1), Some(ENVELOPE))), Ok(()));
    assert_eq!(body.matches(&claim(&[2], &key(1), None)), Err(Mismatch::Signature));
    let mut old = intoto_2();
    old["spec"]["content"].as_object_mut().unwrap().remove("payloadHash");
    assert!(matches!(
        parse(&old).unwrap().matches(&claim(&[1], &key(1), None)),
        Err(Mismatch::Unbound(_))
    ));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    for (body, at, to) in [
        (intoto_1(), "/kind", json!("rfc3161")),
        (intoto_1(), "/apiVersion", json!("0.0.3")),
        (intoto_1(), "/spec/content/hash/algorithm", json!("md5")),
        (intoto_1(), "/spec/content/hash/value", json!("00")),
        (intoto_1(), "/spec/publicKey", json!("")),
        (
            intoto_1(),
            "/spec/publicKey",
            json!(b64(format!("{0}{0}", key(1).to_pem()))),
        ),
        (intoto_2(), "/spec/content/envelope/signatures", json!([])),
        (intoto_2(), "/spec/content/envelope/signatures/0/sig", json!("AAAA")),
        (
            dsse_2(),
            "/spec/dsseV002/signatures",
            json!(vec![dsse_2()["spec"]["dsseV002"]["signatures"][0].clone(); 65]),
        ),
        (dsse_2(), "/spec/dsseV002/signatures/0/verifier", json!({})),
        (dsse_2(), "/spec/dsseV002/payloadHash/algorithm", json!("SHA2_999")),
        (dsse_2(), "/spec/dsseV002/payloadHash/digest", json!("AAA")),
        (dsse_2(), "/spec", json!({})),
    ] {
        let mut altered = body.clone();
        *altered.pointer_mut(at).unwrap() = to.clone();
        assert!(parse(&body).is_ok());
        assert!(parse(&altered).is_err(), "{at} {to}");
    }
    let twice = intoto_1().to_string().replacen("{", r#"{"kind":"dsse","#, 1);
    assert!(
        EntryBody::parse(twice.as_bytes()).is_err(),
        "a member that is there twice"
    );
    assert!(matches!(
        EntryBody::parse(&vec![b' '; MAX_BODY_BYTES + 1]),
        Err(EntryBodyError::TooLarge(_))
    ));
    assert!(EntryBody::parse("[".repeat(100_000).as_bytes()).is_err());
}

proptest! {
    #[test]
    fn no_bytes_panic(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        fuzz_entry_body(&data);
    }

    #[test]
    fn no_altered_body_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for body in [intoto_1(), intoto_2(), dsse_2()] {
            let mut bytes = body.to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            fuzz_entry_body(&bytes);
        }
    }
}
