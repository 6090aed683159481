//! Each rule of the workflow broken alone: the metadata is refused. The whole workflow is held against the public
//! conformance suite (tests/conformance/tuf.sh) and tests/initialize.rs.

use serde_json::{Value, json};

use super::TrustedSet;
use super::canonical::canonical;
use super::error::TufError;
use crate::digest::{Digest, hex};
use crate::key::PrivateKey;

const NOW: i64 = 1_800_000_000;

fn key() -> PrivateKey {
    PrivateKey::generate().unwrap()
}

fn id(key: &PrivateKey) -> String {
    hex(&key.public_key().key_id())
}

fn public(key: &PrivateKey) -> Value {
    json!({"keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256", "keyval": {"public": key.public_key().to_pem()}})
}

fn sign(signed: &Value, keys: &[&PrivateKey]) -> Vec<u8> {
    let message = canonical(signed).unwrap();
    let signatures: Vec<_> = keys
        .iter()
        .map(|key| json!({"keyid": id(key), "sig": hex(&key.sign(&message).unwrap())}))
        .collect();
    json!({"signed": signed, "signatures": signatures})
        .to_string()
        .into_bytes()
}

fn root(version: u64, root: &[&PrivateKey], online: &PrivateKey) -> Value {
    let role = |keys: &[&PrivateKey]| json!({"keyids": keys.iter().map(|k| id(k)).collect::<Vec<_>>(), "threshold": 1});
    let keys: serde_json::Map<_, _> = root
        .iter()
        .copied()
        .chain([online])
        .map(|key| (id(key), public(key)))
        .collect();
    json!({
        "_type": "root", "spec_version": "1.0.31", "version": version, "expires": "2030-01-01T00:00:00Z",
        "consistent_snapshot": true, "keys": keys,
        "roles": {"root": role(root), "timestamp": role(&[online]), "snapshot": role(&[online]), "targets": role(root)},
    })
}

fn timestamp(version: u64, snapshot: u64) -> Value {
    json!({
        "_type": "timestamp", "spec_version": "1.0", "version": version, "expires": "2030-01-01T00:00:00Z",
        "meta": {"snapshot.json": {"version": snapshot}},
    })
}

fn snapshot(version: u64, meta: Value) -> Value {
    json!({
        "_type": "snapshot", "spec_version": "1.0", "version": version, "expires": "2030-01-01T00:00:00Z",
        "meta": meta,
    })
}

fn targets(version: u64) -> Value {
    json!({
        "_type": "targets", "spec_version": "1.0", "version": version, "expires": "2030-01-01T00:00:00Z",
        "targets": {"a": {"length": 1, "hashes": {"sha256": Digest::sha256(b"a").hex()}}},
    })
}

struct Stage {
    offline: PrivateKey,
    online: PrivateKey,
    set: TrustedSet,
}

/// Timestamp 2, snapshot 2, targets 2, all trusted.
fn stage() -> Stage {
    let (offline, online) = (key(), key());
    let mut set = TrustedSet::new(&sign(&root(1, &[&offline], &online), &[&offline])).unwrap();
    set.update_timestamp(&sign(&timestamp(2, 2), &[&online])).unwrap();
    let listed = json!({"targets.json": {"version": 2}, "a.json": {"version": 1}});
    set.update_snapshot(&sign(&snapshot(2, listed), &[&online]), false)
        .unwrap();
    set.update_targets(&sign(&targets(2), &[&offline]), NOW).unwrap();
    Stage { offline, online, set }
}

#[test]
fn the_built_in_root_follows_from_the_one_that_cosign_has() {
    let before = include_bytes!("../../../tests/vectors/tuf/14.root.json");
    let mut set = TrustedSet::new(before).unwrap();
    assert_eq!(set.root_version(), 14);
    set.update_root(include_bytes!("root.json")).unwrap();
    assert_eq!(TrustedSet::new(include_bytes!("root.json")).unwrap().root_version(), 15);
    TrustedSet::new(include_bytes!("staging_root.json")).unwrap();
}

#[test]
fn a_new_root_needs_the_old_keys_and_its_own_and_the_next_version() {
    let Stage {
        offline,
        online,
        mut set,
    } = stage();
    let next = key();
    let rotated = root(2, &[&next], &online);
    for signers in [&[&offline][..], &[&next], &[&online]] {
        assert!(matches!(
            set.update_root(&sign(&rotated, signers)),
            Err(TufError::Unsigned { .. })
        ));
    }
    for version in [1, 3, u64::MAX] {
        let skipping = sign(&root(version, &[&offline], &online), &[&offline]);
        assert!(matches!(set.update_root(&skipping), Err(TufError::Version { .. })));
    }
    set.update_root(&sign(&rotated, &[&offline, &next])).unwrap();
    assert_eq!(set.root_version(), 2);
}

#[test]
fn signatures_count_by_key_not_by_key_id() {
    let (one, online) = (key(), key());
    let mut signed = root(1, &[&one], &online);
    signed["keys"]["other-id"] = public(&one);
    signed["roles"]["root"] = json!({"keyids": [id(&one), "other-id"], "threshold": 2});
    let signature = hex(&one.sign(&canonical(&signed).unwrap()).unwrap());
    let file = json!({"signed": signed, "signatures": [
        {"keyid": id(&one), "sig": signature}, {"keyid": "other-id", "sig": signature},
    ]});
    let error = TrustedSet::new(file.to_string().as_bytes()).err().unwrap();
    assert!(
        matches!(
            error,
            TufError::Unsigned {
                valid: 1,
                threshold: 2,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn roots_that_no_one_could_sign_or_anyone_are_refused() {
    let (offline, online) = (key(), key());
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut signed = root(1, &[&offline], &online);
        change(&mut signed);
        TrustedSet::new(&sign(&signed, &[&offline]))
            .err()
            .unwrap_or_else(|| panic!("accepted: {signed}"))
            .to_string()
    };
    refused(&|root| root["roles"]["timestamp"]["threshold"] = 0.into());
    refused(&|root| root["roles"]["root"]["threshold"] = (-1).into());
    refused(&|root| root["roles"]["root"]["threshold"] = 2.into());
    refused(&|root| root["roles"]["root"]["keyids"] = json!([id(&offline), id(&offline)]));
    refused(&|root| root["roles"]["root"]["keyids"] = json!([]));
    refused(&|root| drop(root["roles"].as_object_mut().unwrap().remove("snapshot")));
    refused(&|root| root["version"] = 0.into());
    refused(&|root| root["version"] = (-1).into());
    refused(&|root| root["version"] = "1".into());
    refused(&|root| root["_type"] = "targets".into());
    refused(&|root| root["spec_version"] = "2.0".into());
    refused(&|root| root["expires"] = "never".into());
}

#[test]
fn odd_key_ids_unknown_key_types_and_extra_members_are_tolerated() {
    let (offline, online) = (key(), key());
    let mut signed = root(1, &[&offline], &online);
    signed["keys"]["not-a-hash ☃"] = json!({"keytype": "post-quantum", "scheme": "x", "keyval": {"secret": 1}});
    signed["keys"]["broken"] = json!("not even an object");
    signed["roles"]["timestamp"]["keyids"]
        .as_array_mut()
        .unwrap()
        .push("not-a-hash ☃".into());
    signed["roles"]["timestamp"]["x-extra"] = json!({"a": [1, null]});
    signed["x-extra"] = json!({"b": "c"});
    let mut set = TrustedSet::new(&sign(&signed, &[&offline])).unwrap();
    set.update_timestamp(&sign(&timestamp(1, 1), &[&online])).unwrap();
}

#[test]
fn each_flipped_byte_of_a_signed_file_is_refused() {
    let (offline, online) = (key(), key());
    let file = sign(&root(1, &[&offline], &online), &[&offline]);
    let signed = file.windows(9).position(|w| w == b"\"signed\":").unwrap();
    for index in (signed + 9..file.len() - 1).step_by(7) {
        let mut forged = file.clone();
        forged[index] ^= 1;
        assert!(TrustedSet::new(&forged).is_err(), "byte {index}");
    }
}

#[test]
fn nothing_rolls_back() {
    let Stage { online, mut set, .. } = stage();
    assert!(matches!(
        set.update_timestamp(&sign(&timestamp(1, 2), &[&online])),
        Err(TufError::Version { .. })
    ));
    assert!(matches!(
        set.update_timestamp(&sign(&timestamp(3, 1), &[&online])),
        Err(TufError::Version { .. })
    ));
    assert!(!set.update_timestamp(&sign(&timestamp(2, 9), &[&online])).unwrap());
    set.update_timestamp(&sign(&timestamp(3, 3), &[&online])).unwrap();
    let older = json!({"targets.json": {"version": 1}, "a.json": {"version": 1}});
    assert!(matches!(
        set.update_snapshot(&sign(&snapshot(3, older), &[&online]), false),
        Err(TufError::Version { .. })
    ));
    let fewer = json!({"targets.json": {"version": 2}});
    assert!(matches!(
        set.update_snapshot(&sign(&snapshot(3, fewer), &[&online]), false),
        Err(TufError::Removed(_))
    ));
}

#[test]
fn only_what_was_announced_is_taken() {
    let Stage {
        offline,
        online,
        mut set,
    } = stage();
    set.update_timestamp(&sign(&timestamp(3, 3), &[&online])).unwrap();
    let listed = json!({"targets.json": {"version": 3, "length": 5}, "a.json": {"version": 1}});
    assert!(matches!(
        set.update_snapshot(&sign(&snapshot(4, listed.clone()), &[&online]), false),
        Err(TufError::Version { .. })
    ));
    assert!(matches!(
        set.update_snapshot(&sign(&snapshot(3, listed.clone()), &[&offline]), false),
        Err(TufError::Unsigned { .. })
    ));
    set.update_snapshot(&sign(&snapshot(3, listed), &[&online]), false)
        .unwrap();
    let result = set.update_targets(&sign(&targets(3), &[&offline]), NOW);
    assert!(matches!(result, Err(TufError::Mismatch { property: "length", .. })));
    assert!(matches!(set.targets_file("b"), Err(TufError::Unlisted(_))));
}

#[test]
fn metadata_is_refused_from_the_second_it_expires() {
    let Stage { offline, mut set, .. } = stage();
    let end = 1_893_456_000;
    set.check_root(end - 1).unwrap();
    assert!(matches!(set.check_root(end), Err(TufError::Expired { .. })));
    assert!(matches!(set.check_timestamp(end), Err(TufError::Expired { .. })));
    assert!(matches!(set.check_snapshot(end), Err(TufError::Expired { .. })));
    assert!(matches!(
        set.update_targets(&sign(&targets(2), &[&offline]), end),
        Err(TufError::Expired { .. })
    ));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(data in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..500)) {
        super::fuzz_metadata(&data);
    }

    #[test]
    fn no_mutation_of_real_metadata_panics(index in 0_usize..6000, byte: u8) {
        let mut data = include_bytes!("root.json").to_vec();
        let index = index % data.len();
        data[index] = byte;
        super::fuzz_metadata(&data);
        let _ = TrustedSet::new(&data);
    }
}
