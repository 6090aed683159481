//! Candidates from the layers of a `.sig` or `.att` manifest.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::{Candidate, Evidence, Location, SignedContent};
use crate::certificate::Certificate;
use crate::rekor::annotation;
use crate::store::SignatureLayer;

/// The candidate that `layer` is, with its `content`: a simple-signing payload whose signature is an annotation.
pub fn signature(location: Location, layer: &SignatureLayer, content: Vec<u8>) -> Arc<Candidate> {
    let evidence = layer
        .signature
        .as_deref()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| "it carries no signature".to_owned())
        .and_then(|text| decode(text, "the signature"))
        .and_then(|signature| with_annotations(Evidence::new(SignedContent::SimpleSigning(content), signature), layer));
    Arc::new(Candidate { location, evidence })
}

/// Adds what the annotations of `layer` say beside the signature to `evidence`.
///
/// # Errors
/// Which annotation is malformed.
pub fn with_annotations(mut evidence: Evidence, layer: &SignatureLayer) -> Result<Evidence, String> {
    if let Some(text) = &layer.bundle {
        let entry = annotation::parse(text).map_err(|error| error.to_string())?;
        evidence.entries.push(entry);
    }
    for text in [&layer.certificate, &layer.chain]
        .into_iter()
        .flatten()
        .filter(|text| !text.trim().is_empty())
    {
        let chain = Certificate::chain_from_pem(text.as_bytes()).map_err(|error| error.to_string())?;
        evidence
            .certificates
            .extend(chain.iter().map(|certificate| certificate.der().to_vec()));
    }
    if let Some(text) = &layer.timestamp {
        evidence.timestamps.push(timestamp(text)?);
    }
    Ok(evidence)
}

/// The token in the annotation `dev.sigstore.cosign/rfc3161timestamp`: `{"SignedRFC3161Timestamp":"<base64>"}`.
fn timestamp(text: &str) -> Result<Vec<u8>, String> {
    #[derive(Deserialize)]
    struct Annotation {
        #[serde(rename = "SignedRFC3161Timestamp")]
        token: String,
    }
    let annotation: Annotation =
        serde_json::from_str(text).map_err(|error| format!("the timestamp annotation is malformed: {error}"))?;
    decode(&annotation.token, "the timestamp")
}

fn decode(text: &str, what: &str) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(text.trim())
        .map_err(|_| format!("{what} is not base64"))
}

/// For the fuzzers: any bytes as the manifest of a recorded signature, judged without a panic.
pub fn fuzz_layer(data: &[u8]) {
    let Ok(manifest) = crate::store::SignatureManifest::parse(data, None) else {
        return;
    };
    for layer in manifest.layers().flatten().take(8) {
        let candidate = signature(Location::new("fuzz"), &layer, data.to_vec());
        if let Ok(evidence) = &candidate.evidence {
            assert!(!evidence.signature.is_empty() || layer.signature.is_some());
        }
    }
}
