//! From a proposed entry to its canonical body: what Rekor v1 checks and keeps.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::digest::from_hex;
use countersign::key::{HashAlgorithm, PublicKey};
use countersign::rekor::Verifier;
use serde_json::{Value, json};

use super::{hex, sha256};

/// The canonical body and the digests that the index finds it by.
pub struct Canonical {
    pub body: Vec<u8>,
    pub index: Vec<String>,
}

type Refused = String;

pub fn canonical(proposal: &Value) -> Result<Canonical, Refused> {
    match (text(proposal, "/kind")?, text(proposal, "/apiVersion")?) {
        ("hashedrekord", "0.0.1") => hashedrekord(proposal),
        ("dsse", "0.0.1") => dsse(proposal),
        ("intoto", "0.0.1") => intoto(proposal),
        (kind, version) => Err(format!("entries of kind {kind} {version} are not known")),
    }
}

fn hashedrekord(proposal: &Value) -> Result<Canonical, Refused> {
    let hash = match text(proposal, "/spec/data/hash/algorithm")? {
        "sha256" => HashAlgorithm::Sha256,
        "sha384" => HashAlgorithm::Sha384,
        "sha512" => HashAlgorithm::Sha512,
        other => return Err(format!("unknown hash {other}")),
    };
    let value = text(proposal, "/spec/data/hash/value")?;
    let digest = from_hex(value).ok_or("the hash is not hexadecimal")?;
    let signature = base64(text(proposal, "/spec/signature/content")?)?;
    let verifier = pem(text(proposal, "/spec/signature/publicKey/content")?)?;
    let key = key_of(&verifier)?;
    key.verify_prehashed(hash, &digest, &signature)
        .or_else(|_| key.verify_ed25519ph(&digest, &signature))
        .map_err(|error| format!("verifying signature: {error}"))?;
    Ok(Canonical {
        body: json!({
            "apiVersion": "0.0.1", "kind": "hashedrekord",
            "spec": {
                "data": {"hash": {"algorithm": hash.name(), "value": hex(&digest)}},
                "signature": {
                    "content": STANDARD.encode(&signature),
                    "publicKey": {"content": STANDARD.encode(verifier.to_pem())},
                },
            },
        })
        .to_string()
        .into_bytes(),
        index: vec![format!("{}:{}", hash.name(), hex(&digest)), key_index(&verifier)],
    })
}

/// An envelope whose signature by `verifier` holds.
struct Envelope {
    text: String,
    payload: Vec<u8>,
    signature: String,
}

fn envelope(text_: &str, verifier: &Verifier) -> Result<Envelope, Refused> {
    let json: Value = serde_json::from_str(text_).map_err(|error| error.to_string())?;
    let payload = base64(text(&json, "/payload")?)?;
    let kind = text(&json, "/payloadType")?;
    let signature = text(&json, "/signatures/0/sig")?;
    let pae = [
        format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).as_bytes(),
        &payload,
    ]
    .concat();
    key_of(verifier)?
        .verify(&pae, &base64(signature)?, HashAlgorithm::Sha256)
        .map_err(|error| format!("verifying envelope: {error}"))?;
    Ok(Envelope {
        text: text_.to_owned(),
        payload,
        signature: signature.to_owned(),
    })
}

fn dsse(proposal: &Value) -> Result<Canonical, Refused> {
    let verifier = pem(text(proposal, "/spec/proposedContent/verifiers/0")?)?;
    let envelope = envelope(text(proposal, "/spec/proposedContent/envelope")?, &verifier)?;
    let hash = |bytes: &[u8]| json!({"algorithm": "sha256", "value": hex(&sha256(bytes))});
    let body = json!({
        "apiVersion": "0.0.1", "kind": "dsse",
        "spec": {
            "envelopeHash": hash(envelope.text.as_bytes()),
            "payloadHash": hash(&envelope.payload),
            "signatures": [{
                "signature": envelope.signature,
                "verifier": STANDARD.encode(verifier.to_pem()),
            }],
        },
    });
    Ok(indexed(&body, &envelope, &verifier))
}

fn intoto(proposal: &Value) -> Result<Canonical, Refused> {
    let verifier = pem(text(proposal, "/spec/publicKey")?)?;
    let envelope = envelope(text(proposal, "/spec/content/envelope")?, &verifier)?;
    let hash = |bytes: &[u8]| json!({"algorithm": "sha256", "value": hex(&sha256(bytes))});
    let body = json!({
        "apiVersion": "0.0.1", "kind": "intoto",
        "spec": {
            "content": {"hash": hash(envelope.text.as_bytes()), "payloadHash": hash(&envelope.payload)},
            "publicKey": STANDARD.encode(verifier.to_pem()),
        },
    });
    Ok(indexed(&body, &envelope, &verifier))
}

fn indexed(body: &Value, envelope: &Envelope, verifier: &Verifier) -> Canonical {
    let digest = |bytes: &[u8]| format!("sha256:{}", hex(&sha256(bytes)));
    Canonical {
        body: body.to_string().into_bytes(),
        index: vec![
            digest(envelope.text.as_bytes()),
            digest(&envelope.payload),
            key_index(verifier),
        ],
    }
}

fn key_index(verifier: &Verifier) -> String {
    format!("sha256:{}", hex(&sha256(verifier.to_pem().as_bytes())))
}

pub fn key_of(verifier: &Verifier) -> Result<PublicKey, Refused> {
    use der::{Decode as _, Encode as _};
    let spki = match verifier {
        Verifier::PublicKey(der) => der.clone(),
        Verifier::Certificate(der) => x509_cert::Certificate::from_der(der)
            .and_then(|certificate| certificate.tbs_certificate().subject_public_key_info().to_der())
            .map_err(|error| error.to_string())?,
    };
    PublicKey::from_spki_der(&spki).map_err(|error| error.to_string())
}

pub fn text<'a>(json: &'a Value, at: &str) -> Result<&'a str, Refused> {
    json.pointer(at)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("{at} is missing"))
}

pub fn base64(text: &str) -> Result<Vec<u8>, Refused> {
    STANDARD.decode(text).map_err(|error| error.to_string())
}

fn pem(text: &str) -> Result<Verifier, Refused> {
    Verifier::from_pem(&base64(text)?).map_err(|error| error.to_string())
}
