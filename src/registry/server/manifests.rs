//! Manifests: get, put, delete.

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName};
use hyper::{Request, StatusCode, header};

use super::control::Shared;
use super::reply::{ApiError, Reply};
use super::route::{Name, Target};
use super::storage::Storage;
use crate::digest::Digest;
use crate::oci::{self, Descriptor, MAX_MANIFEST, Parsed};

fn unknown() -> ApiError {
    ApiError::not_found("MANIFEST_UNKNOWN", "the repository has no such manifest")
}

pub(super) fn get(shared: &Shared, name: &Name, target: &Target, headers: &HeaderMap) -> Result<Reply, ApiError> {
    let storage = shared.storage();
    let (digest, manifest) = storage
        .manifest(name, target, shared.visible_until())
        .ok_or_else(unknown)?;
    let reply = |status| {
        tagged(
            shared,
            Reply::new(status).header("Docker-Content-Digest", &digest.to_string()),
            digest,
        )
    };
    if shared.options().preconditions && names(headers, &header::IF_NONE_MATCH, Some(digest)) {
        return Ok(reply(StatusCode::NOT_MODIFIED));
    }
    Ok(reply(StatusCode::OK).bytes(&manifest.media_type, manifest.bytes.clone()))
}

/// The reply with the `ETag` of a manifest: its digest in quotes.
fn tagged(shared: &Shared, reply: Reply, digest: &Digest) -> Reply {
    if shared.options().preconditions {
        reply.header("ETag", &format!("\"{digest}\""))
    } else {
        reply
    }
}

/// Whether a list of entity tags in `field` names the current value.
fn names(headers: &HeaderMap, field: &HeaderName, current: Option<&Digest>) -> bool {
    let Some(current) = current else { return false };
    let quoted = format!("\"{current}\"");
    let lists = headers.get_all(field).iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag == quoted)
}

pub(super) async fn put(
    shared: &Shared,
    name: &Name,
    target: &Target,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    let (head, body) = request.into_parts();
    let content_type = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_owned();
    let bytes = read(body).await?;
    let invalid = |error: String| ApiError::bad("MANIFEST_INVALID", error);
    let outer = Some(media_type.as_str()).filter(|t| !t.is_empty());
    let document = oci::parse(&bytes, outer).map_err(|e| invalid(e.to_string()))?;
    let digest = match target {
        Target::Digest(digest) => {
            digest
                .check(&bytes)
                .map_err(|e| ApiError::bad("DIGEST_INVALID", e.to_string()))?;
            digest.clone()
        }
        Target::Tag(_) => Digest::sha256(&bytes),
    };
    let (media_type, subject) = match &document {
        Parsed::Manifest(manifest) => (manifest.media_type.clone(), manifest.subject.clone()),
        Parsed::Index(index) => (index.media_type.clone(), index.subject.clone()),
    };
    let media_type = outer
        .map(str::to_owned)
        .or(media_type)
        .ok_or_else(|| invalid("no media type is given".into()))?;
    let options = shared.options();
    // One lock over check and change: two writers with the same precondition can't both pass.
    let mut storage = shared.storage();
    check_references(&storage, name, &document)?;
    let current = storage.manifest(name, target, None).map(|(digest, _)| digest.clone());
    if options.preconditions {
        check_preconditions(&head.headers, current.as_ref())?;
    }
    let tag_exists = matches!(target, Target::Tag(_)) && current.as_ref().is_some_and(|current| *current != digest);
    if options.immutable_tags && tag_exists {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "TAG_INVALID",
            "the tag exists and tags are immutable here",
        ));
    }
    storage.put_manifest(name, target, &digest, &media_type, bytes)?;
    drop(storage);
    let reply = Reply::new(StatusCode::CREATED)
        .header("Location", &format!("/v2/{}/manifests/{digest}", name.as_str()))
        .header("Docker-Content-Digest", &digest.to_string());
    let reply = tagged(shared, reply, &digest);
    Ok(match subject {
        // Its absence tells the client to keep the fallback index.
        Some(subject) if options.referrers_api => reply.header("OCI-Subject", &subject.digest.to_string()),
        _ => reply,
    })
}

async fn read(body: Incoming) -> Result<Bytes, ApiError> {
    match Limited::new(body, MAX_MANIFEST).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = format!("a manifest may have {MAX_MANIFEST} bytes");
            Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message))
        }
        Err(_) => Err(ApiError::bad("MANIFEST_INVALID", "the body did not arrive whole")),
    }
}

/// What a manifest refers to must be in its repository; its subject need not.
fn check_references(storage: &Storage, name: &Name, document: &Parsed) -> Result<(), ApiError> {
    let missing = |descriptor: &Descriptor| {
        ApiError::not_found(
            "MANIFEST_BLOB_UNKNOWN",
            format!("the repository does not have {}", descriptor.digest),
        )
    };
    match document {
        Parsed::Manifest(manifest) => {
            let mut blobs = std::iter::once(&manifest.config).chain(&manifest.layers);
            let absent = blobs.find(|d| d.urls.is_empty() && !storage.has_blob(name, &d.digest));
            absent.map_or(Ok(()), |descriptor| Err(missing(descriptor)))
        }
        Parsed::Index(index) => {
            let has = |d: &Descriptor| {
                storage
                    .repository(name)
                    .is_some_and(|r| r.manifests.contains_key(&d.digest))
            };
            index
                .manifests
                .iter()
                .find(|d| !has(d))
                .map_or(Ok(()), |descriptor| Err(missing(descriptor)))
        }
    }
}

fn check_preconditions(headers: &HeaderMap, current: Option<&Digest>) -> Result<(), ApiError> {
    let stale = headers.contains_key(header::IF_MATCH) && !names(headers, &header::IF_MATCH, current);
    let exists = names(headers, &header::IF_NONE_MATCH, current);
    if stale || exists {
        let message = "the manifest is another one than the request expects";
        return Err(ApiError::new(
            StatusCode::PRECONDITION_FAILED,
            "PRECONDITION_FAILED",
            message,
        ));
    }
    Ok(())
}

pub(super) fn delete(shared: &Shared, name: &Name, target: &Target) -> Result<Reply, ApiError> {
    if !shared.options().deletes {
        return Err(ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "deletes are switched off",
        ));
    }
    if shared.storage().delete_manifest(name, target)? {
        Ok(Reply::new(StatusCode::ACCEPTED))
    } else {
        Err(unknown())
    }
}
