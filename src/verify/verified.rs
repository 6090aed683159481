//! A signature that passed every check that was asked for, and the report of those checks.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use super::claims::Content;
use super::log::Logged;
use super::{Candidate, Location, Policy, SignedContent, Signer};
use crate::certificate::fulcio::Claim;
use crate::certificate::{Certificate, SubjectName, VerifiedChain};
use crate::digest::Digest;
use crate::dsse::Envelope;
use crate::json;
use crate::payload::{self, Payload};
use crate::rekor::{VerifiedEntry, annotation};
use crate::statement::{Statement, Subject};
use crate::timestamp::VerifiedTimestamp;

/// A good signature. Only [`super::check`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    candidate: Arc<Candidate>,
    content: Content,
    checks: Checks,
    proofs: Proofs,
}

/// What was verified beside the signature and its content.
#[derive(Clone, Debug)]
pub(super) struct Proofs {
    pub logged: Logged,
    pub timestamps: Vec<VerifiedTimestamp>,
    pub rejected_timestamps: Vec<String>,
    pub chain: Option<VerifiedChain>,
}

/// Which checks were made, beside the signature itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// The content is about the asked artifact.
    pub claims: bool,
    /// It carries the asked annotations.
    pub annotations: bool,
    /// It is in a transparency log.
    pub log: Option<LogCheck>,
    /// An asked key made it.
    pub key: bool,
    /// A certificate's key made it, and the certificate is good.
    pub certificate: bool,
    /// Timestamp authorities saw it.
    pub timestamps: bool,
}

/// How presence in a log was established.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogCheck {
    /// By entries that lay beside the signature.
    Offline,
    /// By asking the log.
    Online,
}

impl Checks {
    /// The checks that were made on both.
    pub fn common(self, other: Self) -> Self {
        Self {
            claims: self.claims && other.claims,
            annotations: self.annotations && other.annotations,
            log: self.log.filter(|_| self.log == other.log),
            key: self.key && other.key,
            certificate: self.certificate && other.certificate,
            timestamps: self.timestamps && other.timestamps,
        }
    }

    /// cosign's sentences for what was checked, in its order.
    pub fn sentences(self) -> Vec<&'static str> {
        let mut lines = Vec::new();
        if self.annotations {
            lines.push("The specified annotations were verified.");
        }
        if self.claims {
            lines.push("The cosign claims were validated");
        }
        match self.log {
            Some(LogCheck::Offline) => {
                lines.push("Existence of the claims in the transparency log was verified offline");
            }
            Some(LogCheck::Online) => {
                lines.push("The claims were present in the transparency log");
                if self.certificate {
                    lines.push(
                        "The signatures were integrated into the transparency log when the certificate was valid",
                    );
                }
            }
            None => {}
        }
        if self.key {
            lines.push("The signatures were verified against the specified public key");
        }
        if self.certificate {
            lines.push("The code-signing certificate was verified using trusted certificate authority certificates");
        }
        lines
    }
}

impl VerifiedSignature {
    pub(super) fn new(candidate: Arc<Candidate>, content: Content, policy: &Policy, proofs: Proofs) -> Self {
        let logged = &proofs.logged;
        let claims = policy.claims.subject.is_some();
        let checks = Checks {
            claims,
            annotations: claims && !policy.claims.annotations.is_empty(),
            log: match (logged.attached.is_empty(), logged.fetched.is_empty()) {
                (false, _) => Some(LogCheck::Offline),
                (true, false) => Some(LogCheck::Online),
                (true, true) => None,
            },
            key: matches!(policy.signer, Signer::Key { .. }),
            certificate: proofs.chain.is_some(),
            timestamps: !proofs.timestamps.is_empty(),
        };
        Self {
            candidate,
            content,
            checks,
            proofs,
        }
    }

    /// Where it lay.
    pub fn location(&self) -> &Location {
        &self.candidate.location
    }

    /// The checks that it passed.
    pub fn checks(&self) -> Checks {
        self.checks
    }

    /// The log entries that were verified: those that lay beside it, then those that the log gave.
    pub fn entries(&self) -> impl Iterator<Item = &VerifiedEntry> {
        self.proofs.logged.entries()
    }

    /// The timestamps that were verified.
    pub fn timestamps(&self) -> &[VerifiedTimestamp] {
        &self.proofs.timestamps
    }

    /// Why timestamps beside it count for nothing, where authorities are trusted. None of them was needed.
    pub fn rejected_timestamps(&self) -> &[String] {
        &self.proofs.rejected_timestamps
    }

    /// The signer's certificate, when a certificate was asked for.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.proofs.chain.as_ref().map(VerifiedChain::leaf)
    }

    /// The payload, when it is a simple-signing signature.
    pub fn payload(&self) -> Option<&Payload> {
        match &self.content {
            Content::Payload(payload) => Some(payload),
            _ => None,
        }
    }

    /// The statement, when it is an attestation or a signature in a bundle.
    pub fn statement(&self) -> Option<&Statement> {
        match &self.content {
            Content::Statement(statement, _) => Some(statement),
            _ => None,
        }
    }

    /// The subject of the statement that is the asked artifact.
    pub fn subject(&self) -> Option<&Subject> {
        match &self.content {
            Content::Statement(statement, Some(position)) => statement.subject.get(*position),
            _ => None,
        }
    }

    /// The envelope of the statement.
    pub fn envelope(&self) -> Option<&Envelope> {
        match &self.candidate.evidence.as_ref().ok()?.content {
            SignedContent::Dsse { envelope, .. } => Some(envelope),
            _ => None,
        }
    }

    /// Writes the envelope of the statement as `verify-attestation` prints it: in the JSON form of the place where it
    /// lay. Nothing where there is none.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_envelope(&self, out: impl io::Write) -> io::Result<()> {
        match self.candidate.evidence.as_ref().map(|evidence| &evidence.content) {
            Ok(SignedContent::Dsse {
                envelope,
                json: Some(_),
            }) => Ok(serde_json::to_writer(out, &envelope.to_layer_form())?),
            Ok(SignedContent::Dsse { envelope, json: None }) => {
                Ok(serde_json::to_writer(out, &envelope.to_bundle_form())?)
            }
            _ => Ok(()),
        }
    }

    /// The signed bytes of a simple-signing payload, or a document of the same shape that says what the statement of
    /// a bundle proves: what `verify -o text` prints. `image` is the reference that was asked, `digest` its digest.
    pub fn text(&self, image: &str, digest: &Digest) -> Vec<u8> {
        match (&self.content, self.candidate.evidence.as_ref().map(|e| &e.content)) {
            (Content::Payload(_), Ok(SignedContent::SimpleSigning(bytes))) => bytes.clone(),
            _ => self.json(image, digest),
        }
    }

    /// The document that `verify -o json` prints of it: shape of the simple-signing payload, in `optional` the signed
    /// annotations and the evidence that was verified. For a bundle, `docker-reference` repeats what was asked, as
    /// cosign does, and the digest is that of the subject that matched.
    pub fn json(&self, image: &str, digest: &Digest) -> Vec<u8> {
        match &self.content {
            Content::Payload(payload) => {
                let mut optional = raw_members(payload.optional());
                self.add_evidence(&mut optional);
                let optional = Some(&optional).filter(|members| !members.is_empty());
                payload::document(payload.identity(), payload.image(), payload::PAYLOAD_TYPE, optional)
            }
            Content::Statement(statement, position) => {
                let subject = position.and_then(|position| statement.subject.get(position));
                let mut optional = subject.map(|s| raw_members(&s.annotations)).unwrap_or_default();
                self.add_certificate(&mut optional);
                payload::document(image, digest, &statement.predicate_type, Some(&optional))
            }
            Content::Message => payload::document::<()>(image, digest, "message", None),
        }
    }

    fn add_evidence(&self, optional: &mut BTreeMap<String, Box<RawValue>>) {
        let attached = self.candidate.evidence.iter().flat_map(|evidence| &evidence.entries);
        let bundle = self.proofs.logged.attached.first().and_then(|verified| {
            let mut same =
                attached.filter(|entry| entry.log_id == verified.log_id() && entry.log_index == verified.log_index());
            annotation::write(same.next()?).ok()
        });
        if let Some(bundle) = bundle.and_then(|text| RawValue::from_string(text).ok()) {
            optional.insert("Bundle".to_owned(), bundle);
        }
        if !self.proofs.timestamps.is_empty()
            && let Some(token) = self
                .candidate
                .evidence
                .iter()
                .flat_map(|evidence| &evidence.timestamps)
                .next()
            && let Ok(raw) = serde_json::value::to_raw_value(&serde_json::json!({
                "SignedRFC3161Timestamp": STANDARD.encode(token)
            }))
        {
            optional.insert("RFC3161Timestamp".to_owned(), raw);
        }
        self.add_certificate(optional);
    }

    /// The names and claims of the certificate, each claim of GitHub's under its identifier and under its name.
    fn add_certificate(&self, optional: &mut BTreeMap<String, Box<RawValue>>) {
        let Some(certificate) = self.certificate() else { return };
        let mut add = |name: &str, value: &str| {
            if let Ok(raw) = RawValue::from_string(json::go_string(value)) {
                optional.insert(name.to_owned(), raw);
            }
        };
        let names = certificate.subject_names().unwrap_or_default();
        add("Subject", names.first().map_or("", SubjectName::value));
        let claims = certificate.fulcio().unwrap_or_default();
        if let Some(issuer) = claims.issuer() {
            add("Issuer", issuer);
            add("1.3.6.1.4.1.57264.1.1", issuer);
        }
        for (arc, claim, name) in GITHUB {
            if let Some(value) = claims.get(claim).filter(|value| !value.is_empty()) {
                add(&format!("1.3.6.1.4.1.57264.1.{arc}"), value);
                add(name, value);
            }
        }
    }
}

/// The claims of GitHub's workflows that cosign prints: last arc of the identifier, claim, name.
const GITHUB: [(u8, Claim, &str); 5] = [
    (2, Claim::GithubWorkflowTrigger, "githubWorkflowTrigger"),
    (3, Claim::GithubWorkflowSha, "githubWorkflowSha"),
    (4, Claim::GithubWorkflowName, "githubWorkflowName"),
    (5, Claim::GithubWorkflowRepository, "githubWorkflowRepository"),
    (6, Claim::GithubWorkflowRef, "githubWorkflowRef"),
];

fn raw_members(values: &BTreeMap<String, serde_json::Value>) -> BTreeMap<String, Box<RawValue>> {
    let raw = |value| RawValue::from_string(String::from_utf8(json::go_to_vec(value).ok()?).ok()?).ok();
    let members = values
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), raw(value)?)));
    members.collect()
}
