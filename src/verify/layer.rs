//! Candidates from the layers of a `.sig` or `.att` manifest.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;

use super::{Candidate, Evidence, Location, SignedContent};
use crate::annotations::Annotations;
use crate::certificate::Certificate;
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::payload::Payload;
use crate::proto_json::decode_base64;
use crate::rekor::annotation;
use crate::store::{LayerFault, Place, SignatureLayer, StoreError, signatures};

/// Payloads that are likely signed for an image, by their digest: they need not be fetched.
pub struct Predicted(Vec<(Digest, Vec<u8>)>);

impl Predicted {
    /// The payloads that cosign signs for `image` under the name `identity`, without annotations and with those that
    /// are `asked`.
    pub fn new(identity: &str, image: &Digest, asked: &Annotations) -> Self {
        let predict = |annotations: &Annotations| {
            let bytes = Payload::new(identity, image, annotations).to_bytes();
            (Digest::sha256(&bytes), bytes)
        };
        let mut likely = vec![predict(&Annotations::default())];
        if !asked.is_empty() {
            likely.push(predict(asked));
        }
        Self(likely)
    }

    /// The candidate that `layer` of the manifest `name` is, whose content is fetched only where it is none of these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn candidate(
        &self,
        place: &Place,
        name: &str,
        layer: Result<SignatureLayer, LayerFault>,
    ) -> Result<Arc<Candidate>, StoreError> {
        let layer = match layer {
            Ok(layer) => layer,
            Err(fault) => return Ok(Candidate::malformed(Location::layer(name, fault.position), fault)),
        };
        let content = self.content(place, &layer.payload).await?;
        Ok(signature(Location::layer(name, layer.position), &layer, content))
    }

    async fn content(&self, place: &Place, layer: &Descriptor) -> Result<Vec<u8>, StoreError> {
        match self.0.iter().find(|(digest, _)| *digest == layer.digest) {
            Some((_, bytes)) => Ok(bytes.clone()),
            None => Box::pin(signatures::content(place, layer, signatures::MAX_PAYLOAD))
                .await
                .map(Vec::from),
        }
    }
}

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

/// The candidates that `layer` is, with its content: a DSSE envelope, each of whose signatures may be the asked one.
pub fn attestation(location: &Location, layer: &SignatureLayer, json: &Bytes) -> Vec<Arc<Candidate>> {
    let candidate = |evidence| {
        Arc::new(Candidate {
            location: location.clone(),
            evidence: with_annotations(evidence, layer),
        })
    };
    match Evidence::of_envelope(json) {
        Ok(several) => several.into_iter().map(candidate).collect(),
        Err(error) => vec![Candidate::malformed(location.clone(), error)],
    }
}

/// Adds what the annotations of `layer` say beside the signature to `evidence`.
///
/// # Errors
/// Which annotation is malformed.
fn with_annotations(mut evidence: Evidence, layer: &SignatureLayer) -> Result<Evidence, String> {
    if let Some(text) = filled(&layer.bundle) {
        let entry = annotation::parse(text).map_err(|error| error.to_string())?;
        evidence.entries.push(entry);
    }
    for text in [&layer.certificate, &layer.chain].into_iter().filter_map(filled) {
        let chain = Certificate::chain_from_pem(text.as_bytes()).map_err(|error| error.to_string())?;
        evidence
            .certificates
            .extend(chain.iter().map(|certificate| certificate.der().to_vec()));
    }
    if let Some(text) = filled(&layer.timestamp) {
        evidence.timestamps.push(timestamp(text)?);
    }
    Ok(evidence)
}

/// An annotation that says something: tools write empty ones where they have nothing.
fn filled(annotation: &Option<String>) -> Option<&str> {
    let text = annotation.as_deref()?.trim();
    (!matches!(text, "" | "null" | "{}")).then_some(text)
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
    decode_base64(text.trim().as_bytes()).map_err(|_| format!("{what} is not base64"))
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
