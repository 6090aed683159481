use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const COSIGNS: &str = include_str!("../../../tests/vectors/tlog/trust/trusted-root.json");

fn edited(edit: impl FnOnce(&mut Value)) -> Result<TrustedRoot, TrustedRootError> {
    let mut value = serde_json::from_str(COSIGNS).unwrap();
    edit(&mut value);
    TrustedRoot::parse(value.to_string().as_bytes())
}

#[test]
fn cosigns_own_file_is_read_and_written_byte_for_byte() {
    let root = TrustedRoot::parse(COSIGNS.as_bytes()).unwrap();
    assert_eq!(root.logs.len(), 2);
    assert_eq!(root.timestamp_authorities[0].certificates().len(), 3);
    assert_eq!(root.to_json().unwrap(), COSIGNS.trim_end());
    let snake = crate::proto_json::in_snake_case(&serde_json::from_str(COSIGNS).unwrap()).to_string();
    let root = TrustedRoot::parse(snake.as_bytes()).unwrap();
    assert_eq!(root.to_json().unwrap(), COSIGNS.trim_end());
    let twice = COSIGNS.replacen("\"tlogs\"", "\"timestamp_authorities\":[],\"tlogs\"", 1);
    assert_ne!(twice, COSIGNS);
    assert!(TrustedRoot::parse(twice.as_bytes()).is_err());
}

#[test]
fn unknown_members_are_tolerated_and_a_newer_kind_of_key_is_not_trusted() {
    let root = edited(|v| {
        v["new"] = json!({"a": 1});
        v["tlogs"][0]["operator"] = json!("x");
        v["tlogs"][1]["publicKey"]["keyDetails"] = json!("PKIX_ML_DSA_99");
    });
    assert_eq!(root.unwrap().logs.len(), 1);
    for media_type in MEDIA_TYPES {
        assert!(edited(|v| v["mediaType"] = json!(media_type)).is_ok());
    }
}

#[test]
fn what_is_malformed_is_refused_and_named() {
    for (at, to) in [
        ("/mediaType", json!("application/json")),
        ("/mediaType", json!(null)),
        ("/tlogs", json!({})),
        ("/tlogs/0/hashAlgorithm", json!("SHA2_512")),
        ("/tlogs/0/publicKey", json!({})),
        ("/tlogs/0/publicKey/rawBytes", json!("AAAA")),
        ("/tlogs/0/publicKey/rawBytes", json!("*")),
        ("/tlogs/0/publicKey/keyDetails", json!("PKIX_ED25519")),
        ("/tlogs/0/publicKey/validFor/start", json!("yesterday")),
        ("/tlogs/0/logId/keyId", json!("AAAA")),
        ("/timestampAuthorities/0/certChain/certificates", json!([])),
        (
            "/timestampAuthorities/0/certChain/certificates/0/rawBytes",
            json!("AAAA"),
        ),
        ("/timestampAuthorities/0/validFor/start", json!("2024")),
    ] {
        let refused = edited(|v| *v.pointer_mut(at).unwrap() = to.clone());
        assert!(refused.is_err(), "{at} {to}");
    }
    let error = edited(|v| v["tlogs"][1]["logId"]["keyId"] = json!("AAAA")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("transparency log 2 (\"http://127.0.0.1:3003\")"),
        "{error}"
    );
    let many = edited(|v| v["tlogs"] = json!(vec![v["tlogs"][0].clone(); MAX_ENTRIES + 1]));
    assert!(many.is_err());
}

proptest! {
    #[test]
    fn no_bytes_panic(data in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = TrustedRoot::parse(&data);
    }
}

#[test]
fn a_window_that_ends_with_the_year_9999_is_written_so() {
    let mut root: Value = serde_json::from_str(COSIGNS).unwrap();
    root["tlogs"][0]["publicKey"]["validFor"]["end"] = "9999-12-31T23:59:59Z".into();
    let root = TrustedRoot::parse(root.to_string().as_bytes()).unwrap();
    let again = TrustedRoot::parse(root.to_json().unwrap().as_bytes()).unwrap();
    let ends = |root: &TrustedRoot| root.logs.iter().map(|log| log.validity().end).collect::<Vec<_>>();
    assert_eq!(ends(&again), ends(&root));
    assert!(ends(&again).contains(&Some(253_402_300_799)));
}
