//! Blobs: get, delete, and the three ways to put one (in one request, in chunks, by mounting).

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Request, StatusCode, Uri, header};

use super::control::Shared;
use super::reply::{ApiError, Reply};
use super::route::{Name, query};
use super::storage::Content;
use super::upload::Upload;
use crate::digest::Digest;

fn unknown() -> ApiError {
    ApiError::not_found("BLOB_UNKNOWN", "the repository has no such blob")
}

fn unknown_upload() -> ApiError {
    ApiError::not_found(
        "BLOB_UPLOAD_UNKNOWN",
        "no such upload, or another request is adding to it",
    )
}

pub(super) fn get(shared: &Shared, name: &Name, digest: &Digest) -> Result<Reply, ApiError> {
    let content = shared.storage().blob(name, digest)?.ok_or_else(unknown)?;
    let reply = Reply::new(StatusCode::OK).header("Docker-Content-Digest", &digest.to_string());
    Ok(match content {
        Content::Memory(bytes) => reply.bytes("application/octet-stream", bytes),
        Content::File(file, length) => reply.file(file, length),
    })
}

pub(super) fn delete(shared: &Shared, name: &Name, digest: &Digest) -> Result<Reply, ApiError> {
    if !shared.options().deletes {
        return Err(ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "deletes are switched off",
        ));
    }
    if shared.storage().delete_blob(name, digest)? {
        Ok(Reply::new(StatusCode::ACCEPTED))
    } else {
        Err(unknown())
    }
}

/// `POST`: begins an upload; with `digest` it is the whole of it, with `mount` and `from` it needs none.
pub(super) async fn start(shared: &Shared, name: &Name, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let digest = wanted_digest(request.uri(), "digest")?;
    if let (Some(mounted), Some(from)) = (wanted_digest(request.uri(), "mount")?, query(request.uri(), "from"))
        && let Some(from) = Name::parse(&from)
        && shared.options().mounts
        && shared.storage().mount(name, &mounted, &from)?
    {
        return Ok(created(name, &mounted));
    }
    let Some(mut upload) = shared.storage().start_upload(name)? else {
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TOOMANYREQUESTS",
            "too many uploads are under way",
        ));
    };
    let Some(digest) = digest else {
        let reply = progress(StatusCode::ACCEPTED, &upload);
        shared.storage().keep_upload(upload);
        return Ok(reply);
    };
    receive(shared, &mut upload, request.into_body()).await?;
    complete(shared, upload, &digest)
}

/// `GET`: how much of an upload has arrived.
pub(super) fn status(shared: &Shared, name: &Name, id: &str) -> Result<Reply, ApiError> {
    let length = shared.storage().upload_length(name, id).ok_or_else(unknown_upload)?;
    Ok(progress_of(StatusCode::NO_CONTENT, name, id, length))
}

/// `PATCH`: adds to an upload. What has arrived of an interrupted request stays, to go on from.
pub(super) async fn append(
    shared: &Shared,
    name: &Name,
    id: &str,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    let mut upload = shared.storage().take_upload(name, id).ok_or_else(unknown_upload)?;
    if !continues(&upload, &request) {
        return Ok(out_of_order(shared, upload));
    }
    let received = receive(shared, &mut upload, request.into_body()).await;
    let reply = progress(StatusCode::ACCEPTED, &upload);
    shared.storage().keep_upload(upload);
    received.map(|()| reply)
}

/// Whether a request goes on where the upload is, when it says where it goes on.
fn continues(upload: &Upload, request: &Request<Incoming>) -> bool {
    let Some(range) = request.headers().get(header::CONTENT_RANGE) else {
        return true;
    };
    let start = range
        .to_str()
        .ok()
        .and_then(|range| range.trim_start_matches("bytes ").split('-').next());
    start.and_then(|start| start.parse().ok()) == Some(upload.length())
}

fn out_of_order(shared: &Shared, upload: Upload) -> Reply {
    let reply = progress(StatusCode::RANGE_NOT_SATISFIABLE, &upload);
    shared.storage().keep_upload(upload);
    reply
}

/// `PUT`: ends an upload, with the last of its bytes.
pub(super) async fn finish(
    shared: &Shared,
    name: &Name,
    id: &str,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    let digest = wanted_digest(request.uri(), "digest")?
        .ok_or_else(|| ApiError::bad("DIGEST_INVALID", "the query parameter digest is missing"))?;
    let mut upload = shared.storage().take_upload(name, id).ok_or_else(unknown_upload)?;
    if !continues(&upload, &request) {
        return Ok(out_of_order(shared, upload));
    }
    receive(shared, &mut upload, request.into_body()).await?;
    complete(shared, upload, &digest)
}

/// `DELETE`: gives an upload up.
pub(super) fn cancel(shared: &Shared, name: &Name, id: &str) -> Result<Reply, ApiError> {
    shared.storage().take_upload(name, id).ok_or_else(unknown_upload)?;
    Ok(Reply::new(StatusCode::NO_CONTENT))
}

fn wanted_digest(uri: &Uri, name: &str) -> Result<Option<Digest>, ApiError> {
    let Some(text) = query(uri, name) else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| ApiError::bad("DIGEST_INVALID", "the digest is not well-formed"))
}

async fn receive(shared: &Shared, upload: &mut Upload, mut body: Incoming) -> Result<(), ApiError> {
    let limit = shared.options().max_blob;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::bad("BLOB_UPLOAD_INVALID", "the body did not arrive whole"))?;
        let Some(bytes) = frame.data_ref() else { continue };
        if upload.length().saturating_add(bytes.len() as u64) > limit {
            let message = format!("a blob may have {limit} bytes");
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message));
        }
        upload.append(bytes)?;
    }
    Ok(())
}

fn complete(shared: &Shared, upload: Upload, digest: &Digest) -> Result<Reply, ApiError> {
    if upload.digest(digest.algorithm())?.as_ref() != Some(digest) {
        return Err(ApiError::bad(
            "DIGEST_INVALID",
            "what was uploaded does not have the digest that was given",
        ));
    }
    let name = upload.name().clone();
    shared.storage().finish_upload(upload, digest)?;
    Ok(created(&name, digest))
}

fn created(name: &Name, digest: &Digest) -> Reply {
    Reply::new(StatusCode::CREATED)
        .header("Location", &format!("/v2/{}/blobs/{digest}", name.as_str()))
        .header("Docker-Content-Digest", &digest.to_string())
}

fn progress(status: StatusCode, upload: &Upload) -> Reply {
    progress_of(status, upload.name(), upload.id(), upload.length())
}

fn progress_of(status: StatusCode, name: &Name, id: &str, length: u64) -> Reply {
    Reply::new(status)
        .header("Location", &format!("/v2/{}/blobs/uploads/{id}", name.as_str()))
        .header("Docker-Upload-UUID", id)
        .header("Range", &format!("0-{}", length.saturating_sub(1)))
}
