//! A real signature of the public log, good as it is and refused with any part changed or swapped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::annotations::Annotations;
use crate::certificate::Authority;
use crate::certificate::identity::Identity;
use crate::digest::Digest;
use crate::rekor::{LogEntry, LogKeys, annotation};
use crate::store::{SignatureLayer, SignatureManifest};
use crate::trust::Validity;

const PAYLOAD: &[u8] = include_bytes!("../../tests/vectors/tutorial/payload.json");
const SIGNATURE: &str = include_str!("../../tests/vectors/tutorial/signature.b64");
const SIGNER: &[u8] = include_bytes!("../../tests/vectors/tutorial/cosign.pub");
const OTHER: &[u8] = include_bytes!("../../tests/vectors/cosign/keys/p256-password.pub");
const ENTRY: &str = include_str!("../../tests/vectors/tutorial/bundle.json");
const LOG: &[u8] = include_bytes!("../../tests/vectors/tutorial/rekor.pub");
const OTHER_LOG: &[u8] = include_bytes!("../../tests/vectors/tlog/trust/rekor.pub");
const IMAGE: &str = "sha256:507f40e3f0520ef9cae6d05bb3663c298c06d3c968d651536ede5ea11bd1c71a";
const NOW: i64 = 1_800_000_000;

fn policy(key: &[u8], log: Option<&[u8]>) -> Policy {
    Policy {
        signer: Signer::Key {
            key: PublicKey::from_pem(key).unwrap(),
            hash: HashAlgorithm::Sha256,
        },
        claims: Claims::image(IMAGE.parse().unwrap()),
        log: log.map_or(LogPolicy::Ignore, |pem| {
            LogPolicy::require(LogKeys::from_pem(pem).unwrap())
        }),
        timestamps: TimestampPolicy::default(),
    }
}

fn evidence() -> Evidence {
    Evidence {
        entries: vec![annotation::parse(ENTRY).unwrap()],
        ..Evidence::new(
            SignedContent::SimpleSigning(PAYLOAD.trim_ascii_end().to_vec()),
            STANDARD.decode(SIGNATURE.trim()).unwrap(),
        )
    }
}

fn judged(evidence: Evidence, policy: &Policy) -> Result<VerifiedSignature, Rejection> {
    check(&Candidate::new(Location::new("here"), evidence), policy, NOW)
}

fn refused(evidence: Evidence, policy: &Policy) -> Check {
    judged(evidence, policy).expect_err("it was accepted").check()
}

#[test]
fn a_real_signature_passes_and_its_report_says_what_was_checked() {
    let verified = judged(evidence(), &policy(SIGNER, Some(LOG))).unwrap();
    assert_eq!(
        verified.checks().sentences(),
        [
            "The cosign claims were validated",
            "Existence of the claims in the transparency log was verified offline",
            "The signatures were verified against the specified public key",
        ]
    );
    let json = String::from_utf8(verified.json("unused", &Digest::sha256(b""))).unwrap();
    let expected = format!(
        "{{\"critical\":{{\"identity\":{{\"docker-reference\":\"index.docker.io/donaldsebleung/hello-cosign\"}},\
         \"image\":{{\"docker-manifest-digest\":\"{IMAGE}\"}},\"type\":\"cosign container image signature\"}},\
         \"optional\":{{\"Bundle\":{}}}}}",
        ENTRY.trim()
    );
    assert_eq!(json, expected);
}

#[test]
fn a_log_that_is_not_asked_for_is_not_reported() {
    let verified = judged(evidence(), &policy(SIGNER, None)).unwrap();
    assert_eq!(verified.checks().log, None);
    assert_eq!(verified.entries().count(), 0);
    assert!(
        !String::from_utf8(verified.json("", &Digest::sha256(b"")))
            .unwrap()
            .contains("Bundle")
    );
}

#[test]
fn another_key_another_log_key_and_another_image_are_refused() {
    assert_eq!(refused(evidence(), &policy(OTHER, Some(LOG))), Check::Signature);
    assert_eq!(refused(evidence(), &policy(SIGNER, Some(OTHER_LOG))), Check::Log);
    let mut other_image = policy(SIGNER, Some(LOG));
    other_image.claims.subject = Some(Digest::sha256(b"another"));
    assert_eq!(refused(evidence(), &other_image), Check::Claims);
    let mut annotated = policy(SIGNER, Some(LOG));
    annotated.claims.annotations = Annotations::parse(["a=b"]).unwrap();
    assert_eq!(refused(evidence(), &annotated), Check::Claims);
}

#[test]
fn each_changed_byte_of_payload_and_signature_is_refused() {
    let policy = policy(SIGNER, Some(LOG));
    let payload = PAYLOAD.trim_ascii_end();
    for position in 0..payload.len() {
        let mut changed = payload.to_vec();
        changed[position] ^= 1;
        let content = SignedContent::SimpleSigning(changed);
        assert_eq!(
            refused(Evidence { content, ..evidence() }, &policy),
            Check::Signature,
            "byte {position}"
        );
    }
    for position in 0..evidence().signature.len() {
        let mut changed = evidence();
        changed.signature[position] ^= 1;
        assert_eq!(refused(changed, &policy), Check::Signature, "byte {position}");
    }
}

#[test]
fn each_changed_field_of_the_log_entry_is_refused() {
    let policy = policy(SIGNER, Some(LOG));
    type Change = (&'static str, fn(&mut LogEntry));
    let changes: [Change; 5] = [
        ("integrated time", |entry| entry.integrated_time += 1),
        ("index", |entry| entry.log_index += 1),
        ("log ID", |entry| entry.log_id[0] ^= 1),
        ("timestamp", |entry| {
            entry.signed_entry_timestamp.as_mut().unwrap()[9] ^= 1
        }),
        ("no timestamp", |entry| entry.signed_entry_timestamp = None),
    ];
    for (what, change) in changes {
        let mut changed = evidence();
        change(&mut changed.entries[0]);
        assert_eq!(refused(changed, &policy), Check::Log, "{what}");
    }
    let body = evidence().entries[0].body.clone();
    for position in 0..body.len() {
        let mut changed = evidence();
        changed.entries[0].body[position] ^= 1;
        assert_eq!(refused(changed, &policy), Check::Log, "body byte {position}");
    }
}

#[test]
fn the_log_entry_of_another_signature_is_refused() {
    // rekor1 and rekor1-twice were signed with one key and logged in one log: all that differs is what was signed.
    let of = |image: &str| vector("tlog", image);
    let (first, second) = (of("rekor1"), of("rekor1-twice"));
    let key = include_bytes!("../../tests/vectors/tlog/keys/signer.pub");
    let mut policy = policy(key, Some(OTHER_LOG));
    policy.claims.subject = Some(first.0.clone());
    judged(first.1.clone(), &policy).unwrap();
    let mut swapped = first.1.clone();
    swapped.entries = second.1.entries.clone();
    assert_eq!(refused(swapped, &policy), Check::Log);
    let mut without = first.1;
    without.entries.clear();
    assert_eq!(refused(without, &policy), Check::Log);
}

#[test]
fn a_threshold_counts_logs_and_not_entries() {
    let mut twice = evidence();
    twice.entries.push(twice.entries[0].clone());
    let mut policy = policy(SIGNER, Some(LOG));
    let LogPolicy::Require { threshold, .. } = &mut policy.log else {
        unreachable!()
    };
    *threshold = std::num::NonZeroUsize::new(2).unwrap();
    assert_eq!(refused(twice, &policy), Check::Log);
}

#[test]
fn more_entries_or_timestamps_than_the_limits_are_refused_unread() {
    let policy = policy(SIGNER, Some(LOG));
    let mut many = evidence();
    many.entries = vec![many.entries[0].clone(); MAX_ENTRIES + 1];
    assert_eq!(refused(many, &policy), Check::Form);
    let mut many = evidence();
    many.timestamps = vec![Vec::new(); MAX_TIMESTAMPS + 1];
    assert_eq!(refused(many, &policy), Check::Form);
}

#[test]
fn what_is_signed_but_is_no_image_signature_is_refused_whatever_is_checked() {
    let key = crate::key::PrivateKey::generate().unwrap();
    let sign = |content: SignedContent| {
        let signature = key.sign(&content.signed_bytes().unwrap()).unwrap();
        Evidence::new(content, signature)
    };
    let statement = |kind: &str, subject: &str| {
        let json = format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"digest":{{"sha256":"{subject}"}}}}],
            "predicateType":"{kind}","predicate":{{}}}}"#
        );
        SignedContent::Dsse {
            envelope: crate::dsse::Envelope::new(crate::dsse::IN_TOTO, json.into_bytes(), vec![1]),
            json: None,
        }
    };
    let mut policy = policy(SIGNER, None);
    policy.signer = Signer::Key {
        key: key.public_key().clone(),
        hash: HashAlgorithm::Sha256,
    };
    let image: Digest = IMAGE.parse().unwrap();
    for subject in [Some(image.clone()), None] {
        policy.claims.subject = subject;
        for garbage in [&b"garbage"[..], b"{}", b""] {
            let evidence = sign(SignedContent::SimpleSigning(garbage.to_vec()));
            assert_eq!(refused(evidence, &policy), Check::Claims);
        }
        let sbom = sign(statement("https://spdx.dev/Document", image.hex()));
        assert_eq!(refused(sbom, &policy), Check::Claims);
        let plain = sign(SignedContent::Message(PAYLOAD.to_vec()));
        assert_eq!(refused(plain, &policy), Check::Claims);
        judged(sign(statement(crate::statement::COSIGN_SIGN, image.hex())), &policy).unwrap();
    }
    policy.claims.subject = Some(image.clone());
    let other = sign(statement(crate::statement::COSIGN_SIGN, Digest::sha256(b"other").hex()));
    assert_eq!(refused(other, &policy), Check::Claims);
    policy.claims.expected = Expected::ImageSignatureOrStatement;
    judged(sign(statement("https://spdx.dev/Document", image.hex())), &policy).unwrap();
}

#[test]
fn the_subject_that_matched_is_the_one_that_is_reported() {
    let key = crate::key::PrivateKey::generate().unwrap();
    let image: Digest = IMAGE.parse().unwrap();
    let json = format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"decoy","digest":{{"sha256":"{}"}},
        "annotations":{{"who":"decoy"}}}},{{"name":"real","digest":{{"sha256":"{}"}},"annotations":{{"who":"real"}}}}],
        "predicateType":"{}","predicate":{{}}}}"#,
        Digest::sha256(b"decoy").hex(),
        image.hex(),
        crate::statement::COSIGN_SIGN
    );
    let envelope = crate::dsse::Envelope::new(crate::dsse::IN_TOTO, json.into_bytes(), vec![1]);
    let signature = key.sign(&envelope.pae()).unwrap();
    let mut policy = policy(SIGNER, None);
    policy.signer = Signer::Key {
        key: key.public_key().clone(),
        hash: HashAlgorithm::Sha256,
    };
    policy.claims.annotations = Annotations::parse(["who=real"]).unwrap();
    let evidence = Evidence::new(SignedContent::Dsse { envelope, json: None }, signature);
    let verified = judged(evidence.clone(), &policy).unwrap();
    assert_eq!(verified.subject().unwrap().name, "real");
    let json = String::from_utf8(verified.json("a.b/c", &image)).unwrap();
    assert!(
        json.contains(IMAGE) && json.contains("\"optional\":{\"who\":\"real\"}"),
        "{json}"
    );
    policy.claims.annotations = Annotations::parse(["who=decoy"]).unwrap();
    assert_eq!(refused(evidence, &policy), Check::Claims);
}

fn by_certificate(identity: Identity, root: &[u8]) -> Policy {
    let authority = Authority::new(Certificate::chain_from_pem(root).unwrap(), Validity::ALWAYS, "").unwrap();
    let certificates = CertificatePolicy {
        authorities: vec![authority],
        identities: vec![identity],
        publication: Publication::Unchecked,
        given: Vec::new(),
    };
    Policy {
        signer: Signer::Certificate(Arc::new(certificates)),
        ..policy(SIGNER, Some(OTHER_LOG))
    }
}

#[test]
fn a_certificate_counts_by_its_authority_its_identity_and_the_time_of_its_log_entry() {
    const ROOT: &[u8] = include_bytes!("../../tests/vectors/tlog/keys/ca.crt");
    const TSA: &[u8] = include_bytes!("../../tests/vectors/tlog/trust/tsa-chain.pem");
    let (image, evidence) = vector("tlog", "private-ca");
    let identity = || Identity::exact("ci@example.com", "https://issuer.example.com");
    let with = |identity, root| {
        let mut policy = by_certificate(identity, root);
        policy.claims.subject = Some(image.clone());
        policy
    };
    let verified = judged(evidence.clone(), &with(identity(), ROOT)).unwrap();
    assert!(verified.checks().certificate && !verified.checks().key);
    let json = String::from_utf8(verified.json("", &image)).unwrap();
    for member in [
        r#""optional":{"1.3.6.1.4.1.57264.1.1":"https://issuer.example.com","Bundle":{"#,
        r#""Issuer":"https://issuer.example.com","Subject":"ci@example.com"}"#,
    ] {
        assert!(json.contains(member), "{json}");
    }
    for other in [
        Identity::exact("x@example.com", "https://issuer.example.com"),
        Identity::exact("ci@example.com", "https://issuer.example.com.evil.com"),
    ] {
        assert_eq!(refused(evidence.clone(), &with(other, ROOT)), Check::Identity);
    }
    assert_eq!(refused(evidence.clone(), &with(identity(), TSA)), Check::Certificate);
    let mut nobody = with(identity(), ROOT);
    let Signer::Certificate(certificates) = &mut nobody.signer else {
        unreachable!()
    };
    Arc::make_mut(certificates).identities.clear();
    assert_eq!(refused(evidence.clone(), &nobody), Check::Identity);
    let mut unlogged = with(identity(), ROOT);
    unlogged.log = LogPolicy::Ignore;
    let candidate = Candidate::new(Location::new("here"), evidence.clone());
    let expired = check(&candidate, &unlogged, i64::from(u32::MAX)).unwrap_err();
    assert_eq!(expired.check(), Check::Certificate);
    assert!(!expired.reason().contains("its timestamp"), "{expired}");
    // A time for the certificate was there, and it is told why it does not count; but only where time matters.
    let mut stamped = evidence.clone();
    stamped.timestamps = vec![b"no timestamp".to_vec()];
    let candidate = Candidate::new(Location::new("here"), stamped.clone());
    let expired = check(&candidate, &unlogged, i64::from(u32::MAX)).unwrap_err();
    assert!(
        expired
            .reason()
            .ends_with("(its timestamp does not count: the timestamp is malformed: not an RFC 3161 response)"),
        "{expired}"
    );
    unlogged = with(Identity::exact("x@example.com", "https://issuer.example.com"), ROOT);
    unlogged.log = LogPolicy::Ignore;
    let other = check(
        &candidate,
        &unlogged,
        verified.certificate().unwrap().validity().start.unwrap(),
    )
    .unwrap_err();
    assert_eq!(other.check(), Check::Identity);
    assert!(!other.reason().contains("its timestamp"), "{other}");
    // The log dates it, so that the timestamp is not needed; that no authority is trusted is no news.
    assert!(
        judged(stamped.clone(), &with(identity(), ROOT))
            .unwrap()
            .rejected_timestamps()
            .is_empty()
    );
    let mut trusting = with(identity(), ROOT);
    trusting.timestamps.authorities =
        vec![Authority::new(Certificate::chain_from_pem(TSA).unwrap(), Validity::ALWAYS, "").unwrap()];
    let told = judged(stamped.clone(), &trusting).unwrap();
    assert_eq!(
        told.rejected_timestamps(),
        ["the timestamp is malformed: not an RFC 3161 response"]
    );
    trusting.timestamps.threshold = 1;
    let error = judged(stamped, &trusting).unwrap_err();
    assert!(error.reason().contains("malformed"), "{error}");
    let mut published = with(identity(), ROOT);
    let Signer::Certificate(certificates) = &mut published.signer else {
        unreachable!()
    };
    Arc::make_mut(certificates).publication = Publication::Required {
        logs: LogKeys::new(),
        detached: None,
    };
    assert_eq!(refused(evidence.clone(), &published), Check::Certificate);
    let mut bare = evidence;
    bare.certificates.clear();
    assert_eq!(refused(bare, &with(identity(), ROOT)), Check::CertificatePresent);
}

#[test]
fn a_signature_with_a_certificate_verifies_by_its_key_as_well() {
    let (image, evidence) = vector("tlog", "private-ca");
    let mut policy = policy(
        include_bytes!("../../tests/vectors/tlog/keys/leaf.pub"),
        Some(OTHER_LOG),
    );
    policy.claims.subject = Some(image);
    assert!(judged(evidence, &policy).unwrap().checks().key);
}

#[test]
fn a_bare_key_where_a_certificate_belongs_is_refused_over_any_key() {
    let mut layer = SignatureLayer {
        position: 0,
        payload: crate::oci::Descriptor::of("", b""),
        signature: Some("AQI=".to_owned()),
        bundle: None,
        certificate: Some(String::from_utf8(SIGNER.to_vec()).unwrap()),
        chain: None,
        timestamp: None,
        predicate_type: None,
    };
    let candidate = |layer: &SignatureLayer| layer::signature(Location::new("test"), layer, b"{}".to_vec());
    assert!(candidate(&layer).evidence.is_err());
    layer.certificate = None;
    assert!(candidate(&layer).evidence.is_ok());
}

#[test]
fn messages_quote_untrusted_text_harmlessly() {
    let fault = rejection::quoted(&format!("a\u{1b}[31m\n{}", "x".repeat(500)));
    assert!(!fault.contains('\u{1b}') && !fault.contains('\n') && fault.chars().count() < 200);
}

/// The first signature of a recorded image: the image's digest and the evidence.
fn vector(folder: &str, image: &str) -> (Digest, Evidence) {
    let root = format!("{}/tests/vectors/{folder}/registry/{image}", env!("CARGO_MANIFEST_DIR"));
    let repository = std::fs::read_dir(root).unwrap().next().unwrap().unwrap().path();
    let tags: serde_json::Value =
        serde_json::from_slice(&std::fs::read(repository.join("tags.json")).unwrap()).unwrap();
    let of = |tag: &str| tags[tag]["digest"].as_str().unwrap().to_owned();
    let digest: Digest = of("1.0").parse().unwrap();
    let signatures = of(&format!("{}.sig", digest.tag_prefix()));
    let read = |kind: &str, digest: &str| std::fs::read(repository.join(kind).join(digest.replace(':', "-"))).unwrap();
    let manifest = SignatureManifest::parse(&read("manifests", &signatures), None).unwrap();
    let layer = manifest.layers().next().unwrap().unwrap();
    let content = read("blobs", &layer.payload.digest.to_string());
    let candidate = layer::signature(Location::new("here"), &layer, content);
    (digest, candidate.evidence.clone().unwrap())
}
