use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::annotations::Annotations;
use countersign::bundle::Bundle;
use countersign::payload::{Payload, docker_reference};
use countersign::rekor::annotation;
use countersign::store::{Attachment, Located, NewLayer, Store, append, signature_manifest};

use super::attach::read;
use super::options::{Attached, Registry, media_types};
use super::{Context, Failure, attach_attestation};

/// Attach a signature that was made elsewhere
///
/// Adds a payload and its signature, with what proves it, to the signatures of the image. Those that are there already
/// are kept, also when others write at the same time; an equal one is not added twice.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign attach signature --payload payload.json --signature payload.sig ghcr.io/me/app:1.0\n\n  \
    # with the entry of a transparency log, or a timestamp\n  \
    countersign attach signature --payload p.json --signature p.sig --rekor-response bundle.json IMAGE\n  \
    countersign attach signature --payload p.json --signature p.sig --tsr response.tsr IMAGE\n\n  \
    # a Sigstore bundle\n  \
    countersign attach signature --bundle bundle.sigstore.json IMAGE")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// What was signed; without it, the payload that cosign implies for the image
    #[arg(long, value_name = "FILE", alias = "bundle")]
    payload: Option<PathBuf>,
    /// The signature, base64; - reads standard input
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// Certificate of the signer (PEM FILE)
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// CA certificates above it, ending with the root (PEM FILE)
    #[arg(long, value_name = "FILE")]
    certificate_chain: Option<PathBuf>,
    /// Log entry: a bundle of cosign, its rekorBundle, or the answer of Rekor (JSON FILE)
    #[arg(long, value_name = "FILE")]
    rekor_response: Option<PathBuf>,
    /// Timestamp response (RFC 3161, DER FILE)
    #[arg(long, value_name = "FILE")]
    tsr: Option<PathBuf>,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let payload = args
        .payload
        .as_deref()
        .map(|path| read("--payload", path))
        .transpose()?;
    if let Some(payload) = &payload
        && Bundle::is_bundle(payload)
    {
        return attach_attestation::attach_bundle(&located, payload).await;
    }
    // An image that does not exist cannot be signed.
    let image = located.fetch().await?;
    let payload = match payload {
        Some(payload) => payload,
        None => implied(&located, &image.digest, context)?,
    };
    let layers = [layer(&args, payload)?];
    let change = append::Change::add(&layers, media_types());
    append::append(&located.attached, &image.digest, Attachment::Signatures, &change).await?;
    Ok(())
}

/// The payload that cosign takes when none is given.
fn implied(located: &Located, digest: &countersign::digest::Digest, context: &Context) -> Result<Vec<u8>, Failure> {
    let Store::Registry { repository, .. } = &located.images else {
        return Err(Failure::new(
            "an image in a directory has no implied payload; give --payload FILE",
        ));
    };
    context.note(&format!(
        "WARNING: using obsolete implied signature payload data (with digested reference {}); specify it explicitly \
         with --payload instead",
        repository.with_digest(digest.clone())
    ));
    Ok(Payload::new(docker_reference(repository), digest, &Annotations::default()).to_bytes())
}

fn layer(args: &Args, payload: Vec<u8>) -> Result<NewLayer, Failure> {
    let Some(path) = &args.signature else {
        return Err(Failure::new(
            "--signature FILE is needed: the signature of the payload, base64",
        ));
    };
    let signature = String::from_utf8(read("--signature", path)?).unwrap_or_default();
    let signature: String = signature.split_whitespace().collect();
    if signature.is_empty() || STANDARD.decode(&signature).is_err() {
        return Err(Failure::new(format!(
            "--signature {}: it is empty or not base64; write it as `sign --output-signature` and `sign-blob` do",
            path.display()
        )));
    }
    let certificate = args.certificate.as_deref().map(|path| pem("--certificate", path));
    let chain = args
        .certificate_chain
        .as_deref()
        .map(|path| pem("--certificate-chain", path));
    let entry = args.rekor_response.as_deref().map(log_entry);
    let timestamp = args.tsr.as_deref().map(|path| -> Result<String, Failure> {
        let response = STANDARD.encode(read("--tsr", path)?);
        Ok(format!(r#"{{"SignedRFC3161Timestamp":"{response}"}}"#))
    });
    Ok(NewLayer::signature(payload, &signature)
        .with(signature_manifest::CERTIFICATE, certificate.transpose()?)
        .with(signature_manifest::CHAIN, chain.transpose()?)
        .with(signature_manifest::BUNDLE, entry.transpose()?)
        .with(signature_manifest::TIMESTAMP, timestamp.transpose()?))
}

/// A file with PEM certificates, as text.
fn pem(flag: &str, path: &std::path::Path) -> Result<String, Failure> {
    let text = String::from_utf8(read(flag, path)?).unwrap_or_default();
    if text.contains("-----BEGIN CERTIFICATE-----") {
        return Ok(text);
    }
    Err(Failure::new(format!(
        "{flag} {}: it holds no PEM certificate; convert it with `openssl x509 -inform der`",
        path.display()
    )))
}

/// The annotation for a log entry in any of the forms in which it is handed around.
fn log_entry(path: &std::path::Path) -> Result<String, Failure> {
    let bad = |reason: String| {
        Failure::new(format!(
            "--rekor-response {}: {reason}; give the bundle of `sign-blob --bundle`, its rekorBundle, or the answer of \
             the log's API",
            path.display()
        ))
    };
    let bytes = read("--rekor-response", path)?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    let bundle = match value {
        serde_json::Value::Object(mut object) if object.contains_key("rekorBundle") => {
            object.remove("rekorBundle").unwrap_or_default()
        }
        serde_json::Value::Object(object) if object.len() == 1 && !object.contains_key("Payload") => object
            .into_iter()
            .next()
            .and_then(|(_, answer)| of_answer(&answer))
            .unwrap_or_default(),
        value => value,
    };
    let entry = annotation::from_value(bundle).map_err(|error| bad(error.to_string()))?;
    annotation::write(&entry).map_err(|error| bad(error.to_string()))
}

/// Rekor's answer for an entry, as the annotation has it.
fn of_answer(answer: &serde_json::Value) -> Option<serde_json::Value> {
    Some(serde_json::json!({
        "SignedEntryTimestamp": answer.get("verification")?.get("signedEntryTimestamp")?,
        "Payload": {
            "body": answer.get("body")?,
            "integratedTime": answer.get("integratedTime")?,
            "logIndex": answer.get("logIndex")?,
            "logID": answer.get("logID")?,
        },
    }))
}
