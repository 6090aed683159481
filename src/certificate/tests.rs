use proptest::prelude::*;

use super::fulcio::Claim;
use super::identity::{Identity, IdentityMismatch, Matcher};
use super::*;

const IN_2021: i64 = 1_620_000_000;
const IN_2025: i64 = 1_740_000_000;

fn pem(name: &str) -> Vec<Certificate> {
    let path = format!("{}/tests/vectors/certificate/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    Certificate::chain_from_pem(&std::fs::read(path).unwrap()).unwrap()
}

fn one(name: &str) -> Certificate {
    pem(name).remove(0)
}

fn path(leaf: &str, intermediates: &[&str], root: &str, at: i64) -> Result<VerifiedChain, PathError> {
    let intermediates: Vec<_> = intermediates.iter().map(|name| one(name)).collect();
    verify(&one(leaf), &intermediates, &[one(root)], at, Purpose::CodeSigning)
}

#[test]
fn a_good_chain_verifies_and_names_its_members() {
    let chain = path("leaf", &["inter"], "root", IN_2025).unwrap();
    assert_eq!(chain.leaf(), &one("leaf"));
    assert_eq!(chain.issuer(), &one("inter"));
    assert_eq!(chain.anchor(), &one("root"));
    // What else lies in the bag, and in which order, is no matter.
    assert!(
        path(
            "leaf",
            &["inter-other-key", "leaf", "root", "inter-forged", "inter"],
            "root",
            IN_2025
        )
        .is_ok()
    );
    // An intermediate may itself be the anchor.
    assert!(path("leaf", &[], "inter", IN_2025).is_ok());
}

#[test]
fn every_kind_of_key_certifies() {
    for kind in ["p256", "p384", "p521", "rsa", "ed25519"] {
        let mut chain = pem(&format!("chain-{kind}"));
        let root = chain.pop().unwrap();
        let leaf = chain.pop().unwrap();
        assert!(root.is_self_signed() && !leaf.is_self_signed());
        verify(&leaf, &[], &[root], IN_2025, Purpose::CodeSigning).unwrap();
    }
}

#[test]
fn no_member_of_a_chain_may_be_expired() {
    assert!(path("leaf-expired", &["inter-expired"], "root-expired", IN_2021).is_ok());
    for (leaf, inter, root) in [
        ("leaf-expired", "inter", "root"),
        ("leaf", "inter-expired", "root"),
        ("leaf", "inter", "root-expired"),
    ] {
        let error = path(leaf, &[inter], root, IN_2025).unwrap_err();
        assert!(
            matches!(error, PathError::NotValidAt { .. }),
            "{leaf} {inter} {root}: {error}"
        );
    }
    assert!(matches!(
        path("leaf", &["inter"], "root", 0),
        Err(PathError::NotValidAt { .. })
    ));
}

#[test]
fn only_an_authority_may_issue() {
    for inter in ["inter-not-ca", "inter-no-constraints", "inter-no-cert-sign"] {
        let error = path("leaf", &[inter], "root", IN_2025).unwrap_err();
        assert!(matches!(error, PathError::NotAnAuthority(_)), "{inter}: {error}");
    }
    let error = path("leaf-below", &["below", "inter"], "root", IN_2025).unwrap_err();
    assert!(matches!(error, PathError::PathTooLong(_)), "{error}");
}

#[test]
fn a_forged_or_foreign_issuer_leads_nowhere() {
    assert!(matches!(
        path("leaf", &["inter-forged"], "root", IN_2025),
        Err(PathError::BadSignature(_))
    ));
    assert!(path("leaf", &["inter-other-key"], "root", IN_2025).is_err());
    assert!(matches!(
        path("leaf", &[], "root", IN_2025),
        Err(PathError::NoPath { .. })
    ));
    assert!(
        verify(
            &one("leaf"),
            &[one("inter"), one("root")],
            &[],
            IN_2025,
            Purpose::CodeSigning
        )
        .is_err()
    );
}

#[test]
fn a_certificate_serves_only_its_purpose() {
    for (leaf, inter) in [
        ("leaf-tls", "inter"),
        ("leaf", "inter-tls-only"),
        ("leaf-no-signature-usage", "inter"),
    ] {
        let error = path(leaf, &[inter], "root", IN_2025).unwrap_err();
        assert!(matches!(error, PathError::Usage { .. }), "{leaf} {inter}: {error}");
    }
    assert!(path("leaf-no-usage", &["inter"], "root", IN_2025).is_ok());
    let error = verify(
        &one("leaf"),
        &[one("inter")],
        &[one("root")],
        IN_2025,
        Purpose::TimeStamping,
    )
    .unwrap_err();
    assert!(matches!(error, PathError::Usage { .. }), "{error}");
}

#[test]
fn critical_extensions_have_to_be_understood() {
    for (leaf, inter) in [("leaf-unknown-critical", "inter"), ("leaf", "inter-unknown-critical")] {
        let error = path(leaf, &[inter], "root", IN_2025).unwrap_err();
        assert!(matches!(error, PathError::CriticalExtension(..)), "{error}");
    }
}

#[test]
fn name_constraints_hold() {
    assert!(path("leaf", &["inter-permits-example-com"], "root", IN_2025).is_ok());
    assert!(path("leaf", &["inter-permits-uris"], "root", IN_2025).is_ok());
    for inter in ["inter-permits-other-com", "inter-excludes-example-com"] {
        let error = path("leaf", &[inter], "root", IN_2025).unwrap_err();
        assert!(matches!(error, PathError::NameConstraint(_)), "{inter}: {error}");
    }
    assert!(matches!(
        path("leaf-names", &["inter-permits-uris"], "root", IN_2025),
        Err(PathError::NameConstraint(_))
    ));
    assert!(matches!(
        path("leaf", &["inter-constrains-directory"], "root", IN_2025),
        Err(PathError::UnsupportedConstraint(_))
    ));
}

#[test]
fn names_and_claims_are_read_in_both_spellings() {
    let leaf = one("leaf-names");
    let names: Vec<_> = leaf.subject_names().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        [
            "me@example.com",
            "https://github.com/a/b/.github/workflows/c.yml@refs/heads/main",
            "example.com",
            "192.0.2.1",
            "2001:db8::1",
            "user!example.com",
        ]
    );
    let claims = leaf.fulcio().unwrap();
    assert_eq!(claims.issuer(), Some("https://token.actions.githubusercontent.com"));
    assert_eq!(claims.get(Claim::GithubWorkflowTrigger), Some("push"));
    assert_eq!(claims.get(Claim::BuildSignerUri), Some("https://github.com/a/b/signer"));
    assert_eq!(claims.get(Claim::SourceRepositoryVisibility), Some("public"));
    assert_eq!(claims.get(Claim::BuildTrigger), None);
    assert_eq!(
        one("leaf-old-issuer").fulcio().unwrap().issuer(),
        Some("https://old.example.com")
    );
    assert!(one("leaf-malformed-issuer").fulcio().is_err());
}

#[test]
fn an_identity_has_to_match_in_every_part() {
    let leaf = one("leaf-names");
    let issuer = "https://token.actions.githubusercontent.com";
    for name in ["me@example.com", "192.0.2.1", "user!example.com"] {
        Identity::exact(name, issuer).check(&leaf).unwrap();
    }
    for (name, issuer) in [
        ("ME@example.com", issuer),
        ("me@example.co", issuer),
        ("other", issuer),
        ("me@example.com", "https://old.example.com"),
        ("", issuer),
        ("me@example.com", ""),
    ] {
        assert!(Identity::exact(name, issuer).check(&leaf).is_err(), "{name} {issuer}");
    }
    let mut identity = Identity::exact("x", issuer);
    identity.subject = Matcher::pattern(r"^https://github\.com/a/\Qb/.github\E/.*@refs/heads/main$").unwrap();
    identity.check(&leaf).unwrap();
    assert!(!identity.subject.is_unanchored() && Matcher::pattern("example").unwrap().is_unanchored());
    identity.claims = vec![(Claim::GithubWorkflowRepository, "a/b".to_owned())];
    identity.check(&leaf).unwrap();
    identity
        .claims
        .push((Claim::GithubWorkflowRef, "refs/heads/other".to_owned()));
    assert!(matches!(identity.check(&leaf), Err(IdentityMismatch::Claim { .. })));
    assert!(Matcher::pattern("(").is_err());
}

#[test]
fn pem_that_is_no_certificate_is_refused() {
    let key = one("leaf").public_key().to_pem();
    assert!(matches!(
        Certificate::chain_from_pem(key.as_bytes()),
        Err(CertificateError::NotACertificate(label)) if label == "PUBLIC KEY"
    ));
    assert!(Certificate::chain_from_pem(b"").is_err());
    assert!(Certificate::from_der(one("leaf").spki_der()).is_err());
    let leaf = one("leaf");
    assert_eq!(
        Certificate::chain_from_pem(leaf.to_pem().as_bytes()).unwrap(),
        std::slice::from_ref(&leaf)
    );
    let mut trailing = leaf.der().to_vec();
    trailing.push(0);
    assert!(Certificate::from_der(&trailing).is_err());
}

#[test]
fn no_changed_byte_of_a_leaf_verifies() {
    let (leaf, inter, root) = (one("leaf"), one("inter"), one("root"));
    for at in 0..leaf.der().len() {
        let mut der = leaf.der().to_vec();
        der[at] ^= 1;
        if let Ok(changed) = Certificate::from_der(&der) {
            let verified = verify(
                &changed,
                std::slice::from_ref(&inter),
                std::slice::from_ref(&root),
                IN_2025,
                Purpose::CodeSigning,
            );
            assert!(verified.is_err(), "byte {at} may be changed");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        fuzz_certificate(&bytes);
        sct::fuzz_sct(&bytes);
    }

    #[test]
    fn no_changed_bytes_panic(at in 0_usize..600, value: u8) {
        let mut der = one("leaf-names").der().to_vec();
        if let Some(byte) = der.get_mut(at) {
            *byte = value;
        }
        fuzz_certificate(&der);
    }
}
