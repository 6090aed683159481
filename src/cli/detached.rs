//! `--signature` and `--payload`: a signature that does not lie with the image.

use std::path::Path;
use std::sync::Arc;

use countersign::annotations::Annotations;
use countersign::digest::Digest;
use countersign::file::read_limited;
use countersign::http;
use countersign::payload::{MAX_PAYLOAD, Payload};
use countersign::proto_json::decode_base64;
use countersign::verify::{Candidate, Evidence, Image, Location, SignedContent};

use super::Failure;

/// A signature and what it is over.
pub struct Detached {
    name: String,
    signature: Vec<u8>,
    payload: Option<Vec<u8>>,
}

impl Detached {
    /// Reads `signature` (a file, an address, or the base64 itself) and `payload` (a file or an address).
    pub async fn read(signature: &str, payload: Option<&str>, client: &http::Client) -> Result<Self, Failure> {
        let is_text = !signature.contains("://") && !Path::new(signature).exists();
        let (name, bytes) = if is_text {
            ("--signature".to_owned(), signature.as_bytes().to_vec())
        } else {
            (
                signature.to_owned(),
                file_or_address("--signature", signature, client).await?,
            )
        };
        let payload = match payload {
            Some(payload) => Some(file_or_address("--payload", payload, client).await?),
            None => None,
        };
        Ok(Self {
            name,
            // As in cosign, what is not base64 is the signature itself.
            signature: decode_base64(bytes.trim_ascii()).unwrap_or(bytes),
            payload,
        })
    }

    /// The candidate for `image`; without a payload it is over the one that cosign makes.
    pub fn candidate(&self, image: &Image, digest: &Digest) -> Arc<Candidate> {
        let payload = self
            .payload
            .clone()
            .unwrap_or_else(|| Payload::new(image.identity.as_str(), digest, &Annotations::default()).to_bytes());
        let evidence = Evidence::new(SignedContent::SimpleSigning(payload), self.signature.clone());
        Candidate::new(Location::new(self.name.clone()), evidence)
    }
}

/// The content of a file, or of what an http or https address serves to `client`, at most [`MAX_PAYLOAD`] bytes.
pub async fn file_or_address(flag: &str, name: &str, client: &http::Client) -> Result<Vec<u8>, Failure> {
    let failure = |reason: &dyn std::fmt::Display| Failure::new(format!("{flag} {name}: {reason}"));
    if !name.starts_with("http://") && !name.starts_with("https://") {
        return read_limited(Path::new(name), MAX_PAYLOAD as u64).map_err(|error| failure(&error));
    }
    let address: http::Uri = name.parse().map_err(|error| failure(&error))?;
    let answer = client.send(http::Request::get(address, MAX_PAYLOAD)).await;
    let answer = answer.map_err(|error| failure(&error))?;
    if !answer.status.is_success() {
        return Err(failure(&format!("the server answers {}", answer.status)));
    }
    Ok(answer.body.to_vec())
}
