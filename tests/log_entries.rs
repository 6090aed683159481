//! Log entries are checked: recorded ones hold, and none that was altered or belongs to something else does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::dsse;
use countersign::key::{HashAlgorithm, PrivateKey, PublicKey};
use countersign::rekor::{
    Claim, Content, EntryBody, EntryError, LogEntry, LogKey, LogKeys, Verifier, annotation, distinct_logs,
    transparency_log_entry, verify_entry,
};
use countersign::trust::{TrustedRoot, Validity};
use serde_json::Value;

use support::vectors;

/// What was signed, with the entry that was recorded beside it.
#[derive(Clone)]
struct Recorded {
    name: String,
    entry: LogEntry,
    content: Signed,
    signature: Vec<u8>,
    verifier: Verifier,
}

#[derive(Clone)]
enum Signed {
    Message(Vec<u8>),
    Envelope { payload: Vec<u8>, pae: Vec<u8> },
}

impl Recorded {
    fn claim(&self) -> Claim<'_> {
        let content = match &self.content {
            Signed::Message(bytes) => Content::Message(bytes),
            Signed::Envelope { payload, pae } => Content::Envelope {
                payload,
                pae,
                json: None,
            },
        };
        Claim {
            content,
            signature: &self.signature,
            verifier: &self.verifier,
        }
    }
}

fn base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text.trim()).unwrap()
}

fn tutorial() -> (Recorded, LogKeys) {
    let recorded = Recorded {
        name: "tutorial".into(),
        entry: annotation::parse(&vectors::text("tutorial/bundle.json")).unwrap(),
        content: Signed::Message(vectors::read("tutorial/payload.json")),
        signature: base64(&vectors::text("tutorial/signature.b64")),
        verifier: Verifier::from_pem(&vectors::read("tutorial/cosign.pub")).unwrap(),
    };
    (
        recorded,
        LogKeys::from_pem(&vectors::read("tutorial/rekor.pub")).unwrap(),
    )
}

fn trusted() -> LogKeys {
    TrustedRoot::parse(&vectors::read("tlog/trust/trusted-root.json"))
        .unwrap()
        .logs
}

/// The recorded key that made `signature`.
fn signer(message: &[u8], signature: &[u8]) -> Verifier {
    for name in ["signer", "other"] {
        let key = PublicKey::from_pem(&vectors::read(&format!("tlog/keys/{name}.pub"))).unwrap();
        if key.verify(message, signature, HashAlgorithm::Sha256).is_ok() {
            return Verifier::PublicKey(key.spki_der().to_vec());
        }
    }
    panic!("no recorded key made this signature");
}

/// The entries of a bundle with what it signs.
fn bundle(name: &str, json: &Value, artifact: Option<&[u8]>) -> Vec<Recorded> {
    let (content, signature, signed) = match json.get("dsseEnvelope") {
        Some(envelope) => {
            let payload = base64(envelope["payload"].as_str().unwrap());
            let pae = dsse::pae(envelope["payloadType"].as_str().unwrap(), &payload);
            let signature = base64(envelope["signatures"][0]["sig"].as_str().unwrap());
            (
                Signed::Envelope {
                    payload,
                    pae: pae.clone(),
                },
                signature,
                pae,
            )
        }
        None => {
            let signature = base64(json["messageSignature"]["signature"].as_str().unwrap());
            let artifact = artifact.unwrap().to_vec();
            (Signed::Message(artifact.clone()), signature, artifact)
        }
    };
    let verifier = signer(&signed, &signature);
    let entries = json["verificationMaterial"]["tlogEntries"].as_array().unwrap();
    let read = |entry: &Value| transparency_log_entry::parse(entry.to_string().as_bytes()).unwrap();
    entries
        .iter()
        .map(|entry| Recorded {
            name: name.into(),
            entry: read(entry),
            content: content.clone(),
            signature: signature.clone(),
            verifier: verifier.clone(),
        })
        .collect()
}

/// Every entry that the real cosigns left in vectors/tlog.
fn recorded() -> Vec<Recorded> {
    let mut all = vec![];
    for registry in vectors::registries("tlog") {
        for dump in vectors::dumps("tlog", &registry) {
            for (_, bytes) in dump.manifests.values() {
                let manifest: Value = serde_json::from_slice(bytes).unwrap();
                for layer in manifest["layers"].as_array().into_iter().flatten() {
                    let annotations = &layer["annotations"];
                    let Some(entry) = annotations[annotation::NAME].as_str() else {
                        continue;
                    };
                    let payload = dump.blobs[layer["digest"].as_str().unwrap()].clone();
                    let signature = base64(annotations["dev.cosignproject.cosign/signature"].as_str().unwrap());
                    let verifier = match annotations["dev.sigstore.cosign/certificate"].as_str() {
                        Some(pem) => Verifier::from_pem(pem.as_bytes()).unwrap(),
                        None => signer(&payload, &signature),
                    };
                    all.push(Recorded {
                        name: registry.clone(),
                        entry: annotation::parse(entry).unwrap(),
                        content: Signed::Message(payload),
                        signature,
                        verifier,
                    });
                }
            }
            for bytes in dump.blobs.values() {
                let Ok(json) = serde_json::from_slice::<Value>(bytes) else {
                    continue;
                };
                if json.get("verificationMaterial").is_some() {
                    all.extend(bundle(&registry, &json, None));
                }
            }
        }
    }
    let artifact = vectors::read("tlog/blobs/blob.bin");
    for name in [
        "blob.v1.sigstore",
        "blob.v2.sigstore",
        "blob.v1.att.sigstore",
        "blob.v2.att.sigstore",
    ] {
        let json = serde_json::from_slice(&vectors::read(&format!("tlog/blobs/{name}.json"))).unwrap();
        all.extend(bundle(name, &json, Some(&artifact)));
    }
    let old: Value = serde_json::from_slice(&vectors::read("tlog/blobs/blob.old-bundle.json")).unwrap();
    let signature = base64(old["base64Signature"].as_str().unwrap());
    all.push(Recorded {
        name: "blob.old-bundle".into(),
        entry: annotation::from_value(old["rekorBundle"].clone()).unwrap(),
        verifier: signer(&artifact, &signature),
        content: Signed::Message(artifact),
        signature,
    });
    all
}

#[test]
fn every_recorded_entry_holds_and_is_about_its_signature() {
    let all = recorded();
    assert!(all.len() >= 12, "{}", all.len());
    for one in &all {
        let verified = verify_entry(&one.entry, &trusted()).unwrap_or_else(|error| panic!("{}: {error}", one.name));
        verified
            .matches(&one.claim())
            .unwrap_or_else(|error| panic!("{}: {error}", one.name));
        assert_eq!(verified.inclusion_checked(), one.entry.inclusion_proof.is_some());
        assert_eq!(verified.time().is_some(), one.entry.signed_entry_timestamp.is_some());
    }
    let kinds: std::collections::BTreeSet<_> = all
        .iter()
        .map(|one| EntryBody::parse(&one.entry.body).unwrap().kind().to_string())
        .collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["dsse 0.0.1", "hashedrekord 0.0.1", "hashedrekord 0.0.2"]
    );
}

#[test]
fn no_entry_is_about_the_signature_of_another() {
    let mut all = recorded();
    all.push(tutorial().0);
    for (i, one) in all.iter().enumerate() {
        let body = EntryBody::parse(&one.entry.body).unwrap();
        for (j, other) in all.iter().enumerate().filter(|(j, _)| *j != i) {
            assert!(
                body.matches(&other.claim()).is_err(),
                "{} for {} ({i}, {j})",
                one.name,
                other.name
            );
        }
    }
}

#[test]
fn an_entry_is_refused_for_another_payload_signature_or_key() {
    let mut all = recorded();
    all.push(tutorial().0);
    let key = PrivateKey::generate().unwrap().public_key().spki_der().to_vec();
    for one in &all {
        let body = EntryBody::parse(&one.entry.body).unwrap();
        let claim = one.claim();
        let stranger = Verifier::PublicKey(key.clone());
        assert!(
            body.matches(&Claim {
                verifier: &stranger,
                ..claim
            })
            .is_err()
        );
        let swapped = match &one.verifier {
            Verifier::PublicKey(der) => Verifier::Certificate(der.clone()),
            Verifier::Certificate(der) => Verifier::PublicKey(der.clone()),
        };
        assert!(
            body.matches(&Claim {
                verifier: &swapped,
                ..claim
            })
            .is_err(),
            "a key is no certificate"
        );
        for at in 0..one.signature.len() {
            let mut signature = one.signature.clone();
            signature[at] ^= 1;
            assert!(
                body.matches(&Claim {
                    signature: &signature,
                    ..claim
                })
                .is_err()
            );
        }
        assert!(
            body.matches(&Claim {
                signature: &[],
                ..claim
            })
            .is_err()
        );
        let other = match claim.content {
            Content::Envelope { .. } => Content::Envelope {
                payload: b"{}",
                pae: b"{}",
                json: None,
            },
            _ => Content::Message(b"{}"),
        };
        assert!(
            body.matches(&Claim {
                content: other,
                ..claim
            })
            .is_err()
        );
    }
}

#[test]
fn each_flipped_bit_of_the_real_entry_is_refused() {
    let (one, keys) = tutorial();
    let Signed::Message(payload) = &one.content else {
        panic!()
    };
    let verified = verify_entry(&one.entry, &keys).unwrap();
    for at in 0..payload.len() {
        let mut payload = payload.clone();
        payload[at] ^= 1;
        let content = Content::Message(&payload);
        assert!(verified.matches(&Claim { content, ..one.claim() }).is_err());
    }
    refuse_each_alteration(&one, &keys);
}

#[test]
fn each_altered_member_of_every_recorded_entry_is_refused() {
    for one in recorded() {
        refuse_each_alteration(&one, &trusted());
    }
}

fn refuse_each_alteration(one: &Recorded, keys: &LogKeys) {
    let refused = |entry: &LogEntry, what: &str| {
        assert!(verify_entry(entry, keys).is_err(), "{}: {what}", one.name);
    };
    let altered = |alter: &dyn Fn(&mut LogEntry)| {
        let mut entry = one.entry.clone();
        alter(&mut entry);
        entry
    };
    for at in 0..one.entry.body.len() {
        refused(&altered(&|e| e.body[at] ^= 1), "body");
    }
    refused(&altered(&|e| e.body.push(b' ')), "longer body");
    for at in 0..32 {
        refused(&altered(&|e| e.log_id[at] ^= 1), "log ID");
    }
    if let Some(set) = &one.entry.signed_entry_timestamp {
        for change in [1, -1, 3600, -3600, i64::MAX / 2] {
            refused(&altered(&|e| e.integrated_time += change), "integrated time");
            refused(&altered(&|e| e.log_index += change), "log index");
        }
        for at in 0..set.len() {
            refused(
                &altered(&|e| {
                    if let Some(set) = &mut e.signed_entry_timestamp {
                        set[at] ^= 1;
                    }
                }),
                "signed entry timestamp",
            );
        }
    } else {
        refused(&altered(&|e| e.log_index += 1), "log index");
    }
    refused(
        &altered(&|e| {
            e.signed_entry_timestamp = None;
            e.inclusion_proof = None;
        }),
        "no evidence",
    );
    let Some(proof) = &one.entry.inclusion_proof else {
        return;
    };
    let reproved = |alter: &dyn Fn(&mut countersign::rekor::InclusionProof)| {
        altered(&|e| alter(e.inclusion_proof.as_mut().unwrap()))
    };
    refused(&reproved(&|p| p.log_index ^= 1), "leaf index");
    refused(&reproved(&|p| p.tree_size += 1), "tree size");
    refused(&reproved(&|p| p.root_hash[0] ^= 1), "root hash");
    refused(&reproved(&|p| p.hashes.push([0; 32])), "longer path");
    for at in 0..proof.hashes.len() {
        refused(&reproved(&|p| p.hashes[at][7] ^= 1), "path");
    }
    let note: Vec<char> = proof.checkpoint.chars().collect();
    for at in 0..note.len() {
        let mut note = note.clone();
        note[at] = if note[at] == 'A' { 'B' } else { 'A' };
        let note: String = note.into_iter().collect();
        refused(&reproved(&|p| p.checkpoint = note.clone()), "checkpoint");
    }
    refused(&reproved(&|p| p.checkpoint.clear()), "no checkpoint");
}

#[test]
fn a_checkpoint_of_another_entry_does_not_prove_this_one() {
    let all: Vec<_> = recorded()
        .into_iter()
        .filter(|one| one.entry.inclusion_proof.is_some())
        .collect();
    for (i, one) in all.iter().enumerate() {
        for (j, other) in all.iter().enumerate().filter(|(j, _)| *j != i) {
            let mut entry = one.entry.clone();
            entry.signed_entry_timestamp = None;
            let theirs = other.entry.inclusion_proof.clone().unwrap();
            entry.inclusion_proof.as_mut().unwrap().checkpoint = theirs.checkpoint.clone();
            assert!(
                verify_entry(&entry, &trusted()).is_err(),
                "{i} with the checkpoint of {j}"
            );
            entry.inclusion_proof = Some(theirs);
            assert!(verify_entry(&entry, &trusted()).is_err(), "{i} with the proof of {j}");
        }
    }
}

#[test]
fn another_logs_key_no_key_and_a_key_out_of_its_time_are_refused() {
    let (one, keys) = tutorial();
    assert!(matches!(
        verify_entry(&one.entry, &LogKeys::new()),
        Err(EntryError::NoKeys)
    ));
    let refused = verify_entry(&one.entry, &trusted()).unwrap_err();
    assert!(matches!(refused, EntryError::UnknownLog { .. }));
    assert!(refused.to_string().contains("c0d23d6ad406973f"), "{refused}");

    // Another key that claims to be of this log.
    let id = one.entry.log_id;
    let impostor: LogKeys = LogKey::new(PrivateKey::generate().unwrap().public_key().clone())
        .with_log_id(id)
        .into();
    assert!(matches!(
        verify_entry(&one.entry, &impostor),
        Err(EntryError::SignedEntryTimestamp(_))
    ));

    let key = keys.iter().next().unwrap().key().clone();
    let time = one.entry.integrated_time;
    for (start, end, holds) in [
        (Some(time), Some(time), true),
        (None, Some(time - 1), false),
        (Some(time + 1), None, false),
    ] {
        let keys: LogKeys = LogKey::new(key.clone()).with_validity(Validity { start, end }).into();
        match verify_entry(&one.entry, &keys) {
            Ok(_) => assert!(holds),
            Err(error) => assert!(!holds && matches!(error, EntryError::KeyNotValid { .. }), "{error}"),
        }
    }
}

#[test]
fn one_log_counts_once_however_many_entries_it_has() {
    let all = recorded();
    let verified: Vec<_> = all
        .iter()
        .map(|one| verify_entry(&one.entry, &trusted()).unwrap())
        .collect();
    assert_eq!(distinct_logs(&verified), 2);
    let first = &verified[0];
    assert_eq!(distinct_logs([first, first, first]), 1);
    assert_eq!(distinct_logs([]), 0);
}

#[test]
fn a_checkpoint_names_the_log_that_is_trusted() {
    let two = recorded()
        .into_iter()
        .find(|one| one.name == "blob.v2.sigstore")
        .unwrap();
    let key = PublicKey::from_pem(&vectors::read("tlog/trust/rekor2.pub")).unwrap();
    // Without an ID, the ID that origin and key make is recognised.
    let plain: LogKeys = LogKey::new(key.clone()).into();
    verify_entry(&two.entry, &plain).unwrap();
    // With an ID that was not made of this origin, the URL has to name it.
    let mut entry = two.entry.clone();
    entry.log_id = key.key_id();
    let at = |url: &str| -> LogKeys {
        LogKey::new(key.clone())
            .with_log_id(key.key_id())
            .with_base_url(url)
            .into()
    };
    verify_entry(&entry, &at("https://127.0.0.1")).unwrap();
    verify_entry(&entry, &at("http://127.0.0.1:3003/")).unwrap();
    let refused = verify_entry(&entry, &at("https://other.example")).unwrap_err();
    assert!(matches!(refused, EntryError::Checkpoint(_)), "{refused}");
}
