//! One entry of `spec.authorities`.

use super::super::fields::{Field, Object, Problems, shown};
use super::super::resource::{
    Authority, AuthorityKind, CaSource, Identity, KeySource, Keyless, Log, Pattern, RequiredAttestation,
    SignatureFormat, Source, TimestampAuthority,
};
use super::{at, code, limited};
use crate::certificate::identity::{Matcher, PatternError};
use crate::key::{HashAlgorithm, PublicKey};
use crate::reference::{Repository, Tag};
use crate::statement::SHORT_NAMES;

const FIELDS: [&str; 9] = [
    "name",
    "key",
    "keyless",
    "static",
    "source",
    "ctlog",
    "attestations",
    "rfc3161timestamp",
    "signatureFormat",
];
const KMS: [&str; 4] = ["awskms://", "azurekms://", "gcpkms://", "hashivault://"];

/// Reads an authority.
pub fn read(item: &Field<'_>, index: usize, problems: &mut Problems) -> Option<Authority> {
    let object = item.object(&FIELDS, problems)?;
    let name = object
        .text("name", problems)
        .map_or_else(|| format!("authority-{index}"), str::to_owned);
    let kind = match object.exactly_one(&["key", "keyless", "static"], problems)? {
        "key" => key_authority(&object, problems),
        "keyless" => keyless(&object, problems).map(AuthorityKind::Keyless),
        _ => fixed(&object, problems),
    };
    let log = log(&object, problems);
    let timestamp = object.field("rfc3161timestamp").and_then(|field| {
        let timestamp = field.object(&["trustRootRef"], problems)?;
        Some(TimestampAuthority {
            trust_root: timestamp.text("trustRootRef", problems).map(str::to_owned),
        })
    });
    let attestations = attestations(&object, problems);
    let source = source(&object, problems);
    let format = match object.text("signatureFormat", problems) {
        None => SignatureFormat::Any,
        Some("legacy") => SignatureFormat::Legacy,
        Some("bundle") => SignatureFormat::Bundle,
        Some(other) => {
            let message = format!("invalid value: {}: write legacy or bundle", shown(other));
            problems.error(
                object.path_of("signatureFormat"),
                at(&object, "signatureFormat"),
                message,
            );
            SignatureFormat::Any
        }
    };
    Some(Authority {
        name,
        kind: kind?,
        source,
        log,
        timestamp,
        attestations,
        format,
    })
}

fn fixed(object: &Object<'_>, problems: &mut Problems) -> Option<AuthorityKind> {
    for other in ["attestations", "source", "ctlog", "rfc3161timestamp"] {
        if object.has(other) {
            let message = format!("expected exactly one, got both: static and {other} exclude each other; remove one");
            problems.error(object.path_of(other), at(object, other), message);
        }
    }
    let field = object.field("static")?;
    let fixed = field.object(&["action", "message"], problems)?;
    let message = fixed.text("message", problems).unwrap_or_default().to_owned();
    let pass = match fixed.required_text("action", problems)? {
        "pass" => true,
        "fail" => false,
        other => {
            let message = format!(
                "invalid value: {}: unsupported action; write pass or fail",
                shown(other)
            );
            problems.error(fixed.path_of("action"), at(&fixed, "action"), message);
            return None;
        }
    };
    Some(AuthorityKind::Static { pass, message })
}

fn key_authority(object: &Object<'_>, problems: &mut Problems) -> Option<AuthorityKind> {
    let field = object.field("key")?;
    let key = field.object(&["data", "secretRef", "kms", "hashAlgorithm"], problems)?;
    let hash = match key.text("hashAlgorithm", problems) {
        None | Some("sha256") => HashAlgorithm::Sha256,
        Some("sha224") => HashAlgorithm::Sha224,
        Some("sha384") => HashAlgorithm::Sha384,
        Some("sha512") => HashAlgorithm::Sha512,
        Some(other) => {
            let message = format!(
                "invalid value: {}: write sha224, sha256, sha384 or sha512",
                shown(other)
            );
            problems.error(key.path_of("hashAlgorithm"), at(&key, "hashAlgorithm"), message);
            HashAlgorithm::Sha256
        }
    };
    let key = match key.exactly_one(&["data", "secretRef", "kms"], problems)? {
        "data" => {
            let text = key.required_text("data", problems)?;
            match PublicKey::from_pem(text.as_bytes()) {
                Ok(public) => KeySource::Keys(vec![public]),
                Err(error) => {
                    let message = format!("invalid value: not a public key in PEM: {error}");
                    problems.error(key.path_of("data"), at(&key, "data"), message);
                    return None;
                }
            }
        }
        "secretRef" => {
            let (namespace, name) = secret(&key, problems)?;
            KeySource::Secret { namespace, name }
        }
        _ => {
            let kms = key.required_text("kms", problems)?;
            if KMS.iter().any(|scheme| kms.starts_with(scheme)) {
                let message = "this program does not speak to key services; export the public key and write it as data";
                problems.warning(key.path_of("kms"), at(&key, "kms"), message);
            } else {
                let message = format!(
                    "invalid value: {}: it must start with one of {}",
                    shown(kms),
                    KMS.join(", ")
                );
                problems.error(key.path_of("kms"), at(&key, "kms"), message);
            }
            KeySource::Kms(kms.to_owned())
        }
    };
    Some(AuthorityKind::Key { key, hash })
}

fn secret(object: &Object<'_>, problems: &mut Problems) -> Option<(Option<String>, String)> {
    let field = object.field("secretRef")?;
    let secret = field.object(&["name", "namespace"], problems)?;
    let namespace = secret.text("namespace", problems).map(str::to_owned);
    Some((namespace, secret.required_text("name", problems)?.to_owned()))
}

fn keyless(object: &Object<'_>, problems: &mut Problems) -> Option<Keyless> {
    let field = object.field("keyless")?;
    let known = ["url", "ca-cert", "identities", "trustRootRef", "insecureIgnoreSCT"];
    let keyless = field.object(&known, problems)?;
    let mut ca_cert = None;
    // Without either it is the public good instance, https://fulcio.sigstore.dev.
    let named = keyless.has("url") || keyless.has("ca-cert");
    match named
        .then(|| keyless.exactly_one(&["url", "ca-cert"], problems))
        .flatten()
    {
        Some("url") => {
            let url = keyless.required_text("url", problems).unwrap_or_default();
            let absolute = |u: http::Uri| u.scheme().is_some() && u.host().is_some();
            if !url.is_empty() && !url.parse::<http::Uri>().is_ok_and(absolute) {
                let message = format!(
                    "invalid value: {}: an address with scheme and host is expected",
                    shown(url)
                );
                problems.error(keyless.path_of("url"), at(&keyless, "url"), message);
            }
        }
        Some(_) => ca_cert = ca(&keyless, problems),
        None => {}
    }
    let items = limited(&keyless, "identities", problems);
    if items.is_empty() {
        let message = "missing field; without an identity anyone may sign: write issuer and subject";
        problems.error(keyless.path_of("identities"), keyless.position(), message);
    }
    let mut identities = Vec::new();
    for item in items {
        let known = ["issuer", "subject", "issuerRegExp", "subjectRegExp"];
        let Some(identity) = item.object(&known, problems) else {
            continue;
        };
        let issuer = pattern(&identity, "issuer", "issuerRegExp", problems);
        let subject = pattern(&identity, "subject", "subjectRegExp", problems);
        identities.extend(
            issuer
                .zip(subject)
                .map(|(issuer, subject)| Identity { issuer, subject }),
        );
    }
    let ignore_sct = keyless.boolean("insecureIgnoreSCT", problems).unwrap_or(false);
    if ignore_sct {
        let message =
            "a certificate that no transparency log has seen is accepted; remove this unless the authority has none";
        problems.warning(
            keyless.path_of("insecureIgnoreSCT"),
            at(&keyless, "insecureIgnoreSCT"),
            message,
        );
    }
    Some(Keyless {
        identities,
        ca_cert,
        trust_root: keyless.text("trustRootRef", problems).map(str::to_owned),
        ignore_sct,
    })
}

fn ca(keyless: &Object<'_>, problems: &mut Problems) -> Option<CaSource> {
    let field = keyless.field("ca-cert")?;
    let ca = field.object(&["data", "secretRef", "kms", "hashAlgorithm"], problems)?;
    match ca.exactly_one(&["data", "secretRef", "kms"], problems)? {
        "data" => {
            let text = ca.required_text("data", problems)?;
            if !text.contains("-----BEGIN CERTIFICATE-----") {
                let message = "invalid value: PEM certificates (BEGIN CERTIFICATE) are expected";
                problems.error(ca.path_of("data"), at(&ca, "data"), message);
            }
            Some(CaSource::Pem(text.to_owned()))
        }
        "secretRef" => secret(&ca, problems).map(|(namespace, name)| CaSource::Secret { namespace, name }),
        _ => {
            let message = "a certificate does not come from a key service; write data or secretRef";
            problems.error(ca.path_of("kms"), at(&ca, "kms"), message);
            None
        }
    }
}

fn pattern(identity: &Object<'_>, exact: &str, regexp: &str, problems: &mut Problems) -> Option<Pattern> {
    match identity.exactly_one(&[exact, regexp], problems) {
        Some(name) if name == exact => identity
            .required_text(exact, problems)
            .map(|text| Pattern::Exact(text.to_owned())),
        Some(_) => {
            let text = identity.required_text(regexp, problems)?;
            match Matcher::pattern(text) {
                Err(error) => {
                    let reason = match &error {
                        PatternError::Syntax { source, .. } => last_line(&source.to_string()),
                        PatternError::TooLong => error.to_string(),
                    };
                    let message = format!("invalid value: {}: regex is invalid: {reason}", shown(text));
                    problems.error(identity.path_of(regexp), at(identity, regexp), message);
                }
                Ok(matcher) if matcher.is_unanchored() && !text.starts_with(".*") => {
                    let message = "the expression matches anywhere in the text; start it with ^ and end it with $ to match all of it";
                    problems.warning(identity.path_of(regexp), at(identity, regexp), message);
                }
                Ok(_) => {}
            }
            Some(Pattern::Regexp(text.to_owned()))
        }
        None => None,
    }
}

/// The parser of expressions draws the place of a mistake over several lines and says what it is on the last.
fn last_line(text: &str) -> String {
    shown(text.lines().last().unwrap_or_default().trim_start_matches("error: "))
}

fn log(object: &Object<'_>, problems: &mut Problems) -> Log {
    match object.field("ctlog") {
        Some(field) => {
            let log = field.object(&["url", "trustRootRef"], problems);
            let mut text = |name| log.as_ref().and_then(|l| l.text(name, problems)).map(str::to_owned);
            Log::Required {
                url: text("url"),
                trust_root: text("trustRootRef"),
            }
        }
        // With a certificate the log is what tells when it was used.
        None if object.has("keyless") && !object.has("rfc3161timestamp") => Log::Required {
            url: None,
            trust_root: None,
        },
        None => Log::Ignored,
    }
}

fn source(object: &Object<'_>, problems: &mut Problems) -> Source {
    let items = object.list("source", problems);
    let [item] = items.as_slice() else {
        if !items.is_empty() {
            let message = "invalid value: only single source is supported; remove all but one";
            problems.error(object.path_of("source"), at(object, "source"), message);
        }
        return Source::default();
    };
    let Some(source) = item.object(&["oci", "tagPrefix", "signaturePullSecrets"], problems) else {
        return Source::default();
    };
    let repository = source.text("oci", problems).map(str::to_owned);
    if let Some(oci) = repository.as_deref() {
        // A host by itself would read as a repository of Docker Hub, and host:port as none.
        let host = !oci.contains('/') && (oci.contains(['.', ':']) || oci == "localhost");
        if host || oci.parse::<Repository>().is_err() {
            let message = format!(
                "invalid value: {}: not a repository; write REGISTRY/REPOSITORY",
                shown(oci)
            );
            problems.error(source.path_of("oci"), at(&source, "oci"), message);
        }
    }
    let tag_prefix = source.text("tagPrefix", problems).map(str::to_owned);
    if let Some(prefix) = tag_prefix
        .as_deref()
        .filter(|p| p.parse::<Tag>().is_err() || p.len() > 40)
    {
        let message = format!(
            "invalid value: {}: at most 40 letters, digits and _ - . are expected",
            shown(prefix)
        );
        problems.error(source.path_of("tagPrefix"), at(&source, "tagPrefix"), message);
    }
    let mut pull_secrets = Vec::new();
    for item in source.list("signaturePullSecrets", problems) {
        if let Some(secret) = item.object(&["name"], problems) {
            pull_secrets.extend(secret.required_text("name", problems).map(str::to_owned));
        }
    }
    Source {
        repository,
        tag_prefix,
        pull_secrets,
    }
}

fn attestations(object: &Object<'_>, problems: &mut Problems) -> Vec<RequiredAttestation> {
    let mut attestations: Vec<RequiredAttestation> = Vec::new();
    for item in limited(object, "attestations", problems) {
        let Some(attestation) = item.object(&["name", "predicateType", "policy"], problems) else {
            continue;
        };
        let name = attestation.required_text("name", problems);
        let written = attestation.required_text("predicateType", problems);
        let policy = attestation.field("policy").and_then(|field| {
            let object = field.object(&code::FIELDS, problems)?;
            code::read(&object, problems)
        });
        let (Some(name), Some(written)) = (name, written) else {
            continue;
        };
        if attestations.iter().any(|a| a.name == name) {
            let message = format!("duplicate value: another attestation is called {}", shown(name));
            problems.error(attestation.path_of("name"), at(&attestation, "name"), message);
        }
        let full = SHORT_NAMES
            .iter()
            .find(|(short, _)| *short == written)
            .map(|(_, uri)| *uri);
        if full.is_some() || !written.contains("://") {
            let advice = full.map_or_else(String::new, |uri| format!("; write {uri}"));
            let message = format!(
                "invalid value: {}: deprecated value, please use RFC 3986 conformant values{advice}",
                shown(written)
            );
            problems.warning(
                attestation.path_of("predicateType"),
                at(&attestation, "predicateType"),
                message,
            );
        }
        attestations.push(RequiredAttestation {
            name: name.to_owned(),
            predicate_type: full.unwrap_or(written).to_owned(),
            written_type: written.to_owned(),
            policy,
        });
    }
    attestations
}
