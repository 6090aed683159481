use std::time::Duration;

use super::auth::Access;
use super::client::{Call, Client};
use super::error::Error;
use crate::digest::Digest;
use crate::http::{Bytes, Method, Response, StatusCode, header};
use crate::oci::{self, Descriptor, MAX_MANIFEST, ManifestError, Parsed, media_type};
use crate::reference::{Repository, Target};

/// A manifest as the registry sent it. Its bytes have its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedManifest {
    /// The bytes.
    pub bytes: Bytes,
    /// The `Content-Type`, without parameters; empty when there was none.
    pub media_type: String,
    /// The digest, computed from the bytes.
    pub digest: Digest,
    /// The `ETag`, for a conditional write.
    pub etag: Option<String>,
}

impl FetchedManifest {
    /// Parses the bytes; what they say they are must be what they were served as.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn parse(&self) -> Result<Parsed, ManifestError> {
        oci::parse(
            &self.bytes,
            Some(&self.media_type).filter(|t| !t.is_empty()).map(String::as_str),
        )
    }

    /// The descriptor of the manifest.
    pub fn descriptor(&self) -> Descriptor {
        let mut descriptor = Descriptor::of(self.media_type.clone(), &[]);
        descriptor.size = self.bytes.len() as u64;
        descriptor.digest = self.digest.clone();
        descriptor
    }
}

/// When a manifest may be written (RFC 9110, section 13). Registries that don't know conditions ignore them, so what
/// was written must still be read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Only while the tag has this `ETag`.
    Unchanged(String),
    /// Only while there is nothing under the tag.
    Absent,
}

/// What a registry says about a manifest that it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutManifest {
    /// The manifest's digest.
    pub digest: Digest,
    /// `OCI-Subject`: the registry keeps referrers itself; without it the fallback index must be written
    /// (OCI distribution-spec v1.1, "Pushing Manifests with Subject").
    pub subject: Option<Digest>,
}

impl Client {
    /// Fetches a manifest or index; `None` when the registry says that there is none.
    ///
    /// # Errors
    /// Any failure but a registry's own 404; bytes that do not have the digest they were asked by.
    pub async fn manifest(&self, repository: &Repository, target: &Target) -> Result<Option<FetchedManifest>, Error> {
        let what = format!("fetch the manifest {}", named(repository, target));
        let mut call = Call::new(what.clone(), repository, Access::Pull, Method::GET, path(target))
            .header(header::ACCEPT, media_type::ACCEPT_MANIFESTS);
        call.limit = MAX_MANIFEST;
        let response = self.send(call).await?;
        if response.status != StatusCode::OK {
            return absent(&what, &response);
        }
        let digest = checked(&what, target, &response)?;
        Ok(Some(FetchedManifest {
            media_type: content_type(&response),
            digest,
            etag: response.header(header::ETAG).map(ToOwned::to_owned),
            bytes: response.body,
        }))
    }

    /// Media type, size and digest of a manifest, without its bytes; `None` when the registry says that there is none.
    ///
    /// # Errors
    /// Any failure but a registry's own 404.
    pub async fn head_manifest(&self, repository: &Repository, target: &Target) -> Result<Option<Descriptor>, Error> {
        let what = format!("look up the manifest {}", named(repository, target));
        let call = Call::new(what.clone(), repository, Access::Pull, Method::HEAD, path(target))
            .header(header::ACCEPT, media_type::ACCEPT_MANIFESTS);
        let fetched = async || {
            let manifest = self.manifest(repository, target).await?;
            Ok(manifest.map(|manifest| manifest.descriptor()))
        };
        let response = match self.send(call).await {
            Err(Error::Forbidden { .. }) => return fetched().await,
            outcome => outcome?,
        };
        match response.status {
            StatusCode::OK => {}
            // Some registries have no HEAD.
            StatusCode::BAD_REQUEST | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {
                return fetched().await;
            }
            _ => return absent(&what, &response),
        }
        let size = response
            .header(header::CONTENT_LENGTH)
            .and_then(|length| length.parse::<u64>().ok());
        let (Some(digest), Some(size)) = (said_digest(&what, &response)?, size) else {
            // Registries need not say the digest; then it is computed.
            return fetched().await;
        };
        if let Target::Digest(asked) = target
            && *asked != digest
        {
            return Err(Error::malformed(
                &what,
                format!("it says that {asked} has the digest {digest}"),
            ));
        }
        let mut descriptor = Descriptor::of(content_type(&response), &[]);
        descriptor.size = size;
        descriptor.digest = digest;
        Ok(Some(descriptor))
    }

    /// Writes a manifest under a tag or its own digest. With a precondition it is sent once.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] when the condition does not hold; any other failure.
    pub async fn put_manifest(
        &self,
        repository: &Repository,
        target: &Target,
        media_type: &str,
        bytes: impl Into<Bytes>,
        precondition: Option<Precondition>,
    ) -> Result<PutManifest, Error> {
        let what = format!("push the manifest {}", named(repository, target));
        let bytes = bytes.into();
        if bytes.len() > MAX_MANIFEST {
            let reason = format!(
                "it would have {} bytes, more than the {MAX_MANIFEST} that registries take",
                bytes.len()
            );
            return Err(Error::Malformed { what, reason });
        }
        let digest = match target {
            Target::Digest(asked) => Digest::of(asked.algorithm(), &bytes),
            Target::Tag(_) => Digest::sha256(&bytes),
        };
        let call = || {
            let mut call = Call::new(what.clone(), repository, Access::Push, Method::PUT, path(target))
                .header(header::CONTENT_TYPE, media_type);
            call.body = bytes.clone();
            // A conditional write is based on what was read just before; sent again after a pause, where conditions
            // are ignored, it would undo what others wrote meanwhile. The writer reads again and decides.
            call.retries = precondition.as_ref().map(|_| 0);
            match &precondition {
                Some(Precondition::Unchanged(etag)) => call.header(header::IF_MATCH, etag),
                Some(Precondition::Absent) => call.header(header::IF_NONE_MATCH, "*"),
                None => call,
            }
        };
        let mut response = self.send(call()).await?;
        // docker-registry doesn't see a blob while another writer uploads the same one. By digest it's safe to repeat.
        if matches!(target, Target::Digest(_)) && precondition.is_none() {
            for pause in UNSEEN_BLOB_PAUSES {
                if response.status.is_success() || !mentions(&response.body, b"MANIFEST_BLOB_UNKNOWN") {
                    break;
                }
                tokio::time::sleep(pause).await;
                response = self.send(call()).await?;
            }
        }
        if !response.status.is_success() {
            return Err(Error::of_answer(&what, &response));
        }
        if let Some(said) = said_digest(&what, &response)?
            && said.algorithm() == digest.algorithm()
            && said != digest
        {
            return Err(Error::malformed(&what, format!("it stored {said} instead of {digest}")));
        }
        let subject = response.header("oci-subject").and_then(|text| text.parse().ok());
        Ok(PutManifest { digest, subject })
    }

    /// Removes a manifest or, where the registry can, a tag. Whether it was there.
    ///
    /// # Errors
    /// Any failure but a registry's own 404.
    pub async fn delete_manifest(&self, repository: &Repository, target: &Target) -> Result<bool, Error> {
        let what = format!("delete the manifest {}", named(repository, target));
        let call = Call::new(what.clone(), repository, Access::Delete, Method::DELETE, path(target));
        let response = self.send(call).await?;
        if response.status.is_success() {
            return Ok(true);
        }
        Ok(absent::<()>(&what, &response)?.is_some())
    }
}

/// How long a manifest waits for blobs that another writer is uploading at the same time.
const UNSEEN_BLOB_PAUSES: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(150),
    Duration::from_millis(400),
];

fn mentions(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len()).any(|window| window == text)
}

fn path(target: &Target) -> String {
    format!("manifests/{target}")
}

fn named(repository: &Repository, target: &Target) -> String {
    match target {
        Target::Tag(tag) => format!("{repository}:{tag}"),
        Target::Digest(digest) => format!("{repository}@{digest}"),
    }
}

/// `None` for a registry's own 404, else the error of the answer.
fn absent<T>(what: &str, response: &Response) -> Result<Option<T>, Error> {
    match Error::of_answer(what, response) {
        Error::Absent { .. } => Ok(None),
        error => Err(error),
    }
}

/// The digest of the bytes, which must be the one asked for, or for a tag the one that the registry says.
fn checked(what: &str, target: &Target, response: &Response) -> Result<Digest, Error> {
    let said = said_digest(what, response)?;
    let expected = match target {
        Target::Digest(asked) => Some(asked.clone()),
        Target::Tag(_) => said,
    };
    let Some(expected) = expected else {
        return Ok(Digest::sha256(&response.body));
    };
    match expected.check(&response.body) {
        Ok(()) => Ok(expected),
        Err(mismatch) => Err(Error::Digest {
            what: what.to_owned(),
            mismatch,
        }),
    }
}

/// `Docker-Content-Digest`; a malformed one is an error.
fn said_digest(what: &str, response: &Response) -> Result<Option<Digest>, Error> {
    let Some(value) = response.headers.get("docker-content-digest") else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    text.parse().map(Some).map_err(|error: crate::digest::InvalidDigest| {
        Error::malformed(what, format!("Docker-Content-Digest: {error}"))
    })
}

/// The media type of the answer, without parameters.
pub(super) fn content_type(response: &Response) -> String {
    let text = response.header(header::CONTENT_TYPE).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
