use futures_util::stream;
use sha2::Digest as _;

use super::auth::Access;
use super::client::{Call, Client, Place};
use super::error::Error;
use crate::digest::{Algorithm, Digest, DigestMismatch, hex};
use crate::http::{self, Bytes, Method, Origin, Outgoing, Response, StatusCode, Uri, encode, header, resolve};
use crate::oci::Descriptor;
use crate::reference::Repository;

/// Largest blob that is sent with the request that opens its upload, in bytes: a registry that does not take it so gets
/// it twice.
const MAX_AT_ONCE: usize = 16 << 10;

/// How many times the upload of a blob that is read in pieces is tried.
const TRIES: u32 = 3;

/// Most redirects of such an upload.
const MAX_MOVES: usize = 5;

/// Where an opened upload is to be sent.
#[derive(Debug)]
pub struct Session(Uri);

/// A blob that is read piece by piece. The last piece comes only when all of them have the digest.
pub struct BlobReader {
    what: String,
    body: http::Incoming,
    expected: Digest,
    left: u64,
    hash: Hash,
    /// Held back until the next one or the end is seen.
    held: Option<Bytes>,
}

enum Hash {
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
}

impl BlobReader {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The connection broke, or the bytes are not those of the descriptor.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let next = self.body.piece().await.map_err(|error| Error::Http {
                what: self.what.clone(),
                error,
            })?;
            let Some(piece) = next else {
                self.finish()?;
                return Ok(self.held.take());
            };
            if piece.is_empty() {
                continue;
            }
            self.left = self
                .left
                .checked_sub(piece.len() as u64)
                .ok_or_else(|| Error::malformed(&self.what, "the blob is longer than its descriptor says"))?;
            match &mut self.hash {
                Hash::Sha256(hash) => hash.update(&piece),
                Hash::Sha512(hash) => hash.update(&piece),
            }
            if let Some(ready) = self.held.replace(piece) {
                return Ok(Some(ready));
            }
        }
    }

    fn finish(&mut self) -> Result<(), Error> {
        if self.left > 0 {
            return Err(Error::malformed(
                &self.what,
                "the blob is shorter than its descriptor says",
            ));
        }
        let actual = match &mut self.hash {
            Hash::Sha256(hash) => format!("sha256:{}", hex(&hash.finalize_reset())),
            Hash::Sha512(hash) => format!("sha512:{}", hex(&hash.finalize_reset())),
        };
        let actual: Digest = actual
            .parse()
            .map_err(|_| Error::malformed(&self.what, "it has no digest"))?;
        if self.held.is_none() || actual == self.expected {
            return Ok(());
        }
        Err(Error::Digest {
            what: self.what.clone(),
            mismatch: DigestMismatch {
                expected: self.expected.clone(),
                actual,
            },
        })
    }

    fn into_body(self, length: u64) -> Outgoing {
        let pieces = stream::try_unfold(self, |mut reader| async move {
            let piece = reader.piece().await.map_err(std::io::Error::other)?;
            Ok(piece.map(|piece| (piece, reader)))
        });
        Outgoing::stream(pieces, length)
    }
}

impl Client {
    /// Fetches a blob whole.
    ///
    /// # Errors
    /// It is larger than `limit` bytes, does not have the descriptor's size and digest, or any failure, 404 included.
    pub async fn blob(&self, repository: &Repository, descriptor: &Descriptor, limit: usize) -> Result<Bytes, Error> {
        let what = format!("fetch the blob {repository}@{}", descriptor.digest);
        let size = usize::try_from(descriptor.size).unwrap_or(usize::MAX);
        if size > limit {
            let reason = format!("it has {size} bytes, more than the {limit} that are read of its kind");
            return Err(Error::Malformed { what, reason });
        }
        let mut call = Call::new(
            what.clone(),
            repository,
            Access::Pull,
            Method::GET,
            path(&descriptor.digest),
        );
        call.limit = size;
        let response = self.send(call).await?;
        if response.status != StatusCode::OK {
            return Err(Error::of_answer(&what, &response));
        }
        if let Err(mismatch) = descriptor.digest.check(&response.body) {
            return Err(Error::Digest { what, mismatch });
        }
        if response.body.len() != size {
            let reason = format!("it has {} bytes, its descriptor says {size}", response.body.len());
            return Err(Error::Malformed { what, reason });
        }
        Ok(response.body)
    }

    /// Opens a blob for reading piece by piece, in memory that does not grow with it.
    ///
    /// # Errors
    /// As [`Client::blob`], but for what only the bytes show.
    pub async fn read_blob(&self, repository: &Repository, descriptor: &Descriptor) -> Result<BlobReader, Error> {
        let what = format!("fetch the blob {repository}@{}", descriptor.digest);
        let call = Call::new(
            what.clone(),
            repository,
            Access::Pull,
            Method::GET,
            path(&descriptor.digest),
        );
        let answer = self.open(call).await?;
        if answer.body.length().is_some_and(|length| length != descriptor.size) {
            return Err(Error::malformed(
                &what,
                "the blob does not have the size that its descriptor says",
            ));
        }
        Ok(BlobReader {
            what,
            body: answer.body.at_a_pace(),
            expected: descriptor.digest.clone(),
            left: descriptor.size,
            hash: match descriptor.digest.algorithm() {
                Algorithm::Sha256 => Hash::Sha256(sha2::Sha256::new()),
                Algorithm::Sha512 => Hash::Sha512(sha2::Sha512::new()),
            },
            held: None,
        })
    }

    /// Whether the registry has a blob.
    ///
    /// # Errors
    /// Any failure but a registry's own 404.
    pub async fn blob_exists(&self, repository: &Repository, digest: &Digest) -> Result<bool, Error> {
        let what = format!("look up the blob {repository}@{digest}");
        let call = Call::new(what.clone(), repository, Access::Pull, Method::HEAD, path(digest));
        let response = self.send(call).await?;
        if response.status.is_success() {
            return Ok(true);
        }
        match Error::of_answer(&what, &response) {
            Error::Absent { .. } => Ok(false),
            error => Err(error),
        }
    }

    /// Uploads a blob: in one request where the registry can (OCI distribution-spec v1.1, "Pushing a blob
    /// monolithically"), else in two. Bytes that the registry has already are no error.
    ///
    /// # Errors
    /// Any failure.
    pub async fn put_blob(&self, repository: &Repository, bytes: impl Into<Bytes>) -> Result<Digest, Error> {
        let bytes = bytes.into();
        let digest = Digest::sha256(&bytes);
        let what = format!("push the blob {repository}@{digest}");
        let mut opened = None;
        if bytes.len() <= MAX_AT_ONCE {
            let path = format!("blobs/uploads/?digest={}", encode(&digest.to_string()));
            let mut call = Call::new(what.clone(), repository, Access::Push, Method::POST, path)
                .header(header::CONTENT_TYPE, "application/octet-stream");
            call.body = bytes.clone();
            match self.send(call).await {
                // It does not know this form at all, or something before it does not.
                Err(Error::Forbidden { .. }) => {}
                Err(error) => return Err(error),
                Ok(response) => match response.status {
                    StatusCode::CREATED => return Ok(digest),
                    StatusCode::ACCEPTED => opened = Some(upload_location(&what, &response)?),
                    status if matches!(status.as_u16(), 400 | 404 | 405 | 411 | 415 | 422 | 500) => {}
                    _ => return Err(Error::of_answer(&what, &response)),
                },
            }
        }
        if let Some(session) = opened {
            let response = self.fill(&what, repository, &digest, session, bytes.clone()).await?;
            if !response.status.is_client_error() {
                return stored(&what, &response).map(|()| digest);
            }
        }
        let session = self.session(&what, repository).await?;
        self.put_blob_in(repository, &digest, session, bytes).await?;
        Ok(digest)
    }

    /// Uploads a blob whole where its upload was opened.
    ///
    /// # Errors
    /// Any failure.
    pub async fn put_blob_in(
        &self,
        repository: &Repository,
        digest: &Digest,
        session: Session,
        bytes: Bytes,
    ) -> Result<(), Error> {
        let what = format!("push the blob {repository}@{digest}");
        let response = self.fill(&what, repository, digest, session, bytes.clone()).await?;
        if !is_refused_whole(response.status) {
            return stored(&what, &response);
        }
        let session = self.session(&what, repository).await?;
        let mut call = patch(what.clone(), repository, session);
        call.body = bytes;
        let response = self.send(call).await?;
        self.finish(&what, repository, digest, &response).await
    }

    /// Uploads a blob of a known digest and size from pieces that `body` yields each time that it is asked; in a new
    /// session where there is none. It is tried again when the network failed, or when the registry does not take a
    /// blob with the request that names its digest.
    ///
    /// # Errors
    /// Any failure.
    pub async fn put_blob_stream<E: From<Error>, F: Future<Output = Result<Outgoing, E>>>(
        &self,
        repository: &Repository,
        descriptor: &Descriptor,
        mut session: Option<Session>,
        mut body: impl FnMut() -> F,
    ) -> Result<(), E> {
        let what = format!("push the blob {repository}@{}", descriptor.digest);
        let mut whole = true;
        let (mut attempt, mut moves) = (1, 0);
        loop {
            let body = body().await?;
            let opened = match session.take() {
                Some(session) => session,
                None => self.session(&what, repository).await?,
            };
            let sent = if whole {
                let call = self.put(what.clone(), repository, &descriptor.digest, &opened)?;
                match self.upload(call, body).await {
                    Ok(response) if is_moved(response.status) && moves < MAX_MOVES => {
                        moves += 1;
                        session = Some(upload_location(&what, &response)?);
                        continue;
                    }
                    Ok(response) if is_refused_whole(response.status) => {
                        whole = false;
                        continue;
                    }
                    Ok(response) => stored(&what, &response),
                    Err(error) => Err(error),
                }
            } else {
                match self.upload(patch(what.clone(), repository, opened), body).await {
                    Ok(response) => self.finish(&what, repository, &descriptor.digest, &response).await,
                    Err(error) => Err(error),
                }
            };
            match sent {
                Err(error) if error.is_network() && attempt < TRIES => attempt += 1,
                outcome => return Ok(outcome?),
            }
        }
    }

    /// Ends an upload whose bytes were sent before the request that names their digest.
    async fn finish(
        &self,
        what: &str,
        repository: &Repository,
        digest: &Digest,
        response: &Response,
    ) -> Result<(), Error> {
        if !response.status.is_success() {
            return Err(Error::of_answer(what, response));
        }
        let session = upload_location(what, response)?;
        stored(what, &self.fill(what, repository, digest, session, Bytes::new()).await?)
    }

    /// Makes a blob of `source` appear in `repository` of the same registry without moving it: `None`; else opens its
    /// upload (OCI distribution-spec v1.1, "Mounting a blob from another repository"). Where both are one repository
    /// this asks, in the request that opens the upload, whether the blob is there.
    ///
    /// # Errors
    /// Any failure; a registry that can't mount is none.
    pub async fn mount_blob(
        &self,
        repository: &Repository,
        digest: &Digest,
        source: &Repository,
    ) -> Result<Option<Session>, Error> {
        let what = format!("mount the blob {source}@{digest} in {repository}");
        let query = format!(
            "blobs/uploads/?mount={}&from={}",
            encode(&digest.to_string()),
            encode(source.path())
        );
        let mut call = Call::new(what.clone(), repository, Access::Push, Method::POST, query);
        call.need.also_pull = Some(source).filter(|source| *source != repository);
        let response = self.send(call).await?;
        match response.status {
            StatusCode::CREATED => Ok(None),
            StatusCode::ACCEPTED => upload_location(&what, &response).map(Some),
            _ => Err(Error::of_answer(&what, &response)),
        }
    }

    /// Copies a blob into `repository` of `target`, which may be another registry: mounted where it can be, else moved
    /// in pieces. A blob that is there already is left alone.
    ///
    /// # Errors
    /// Any failure.
    pub async fn copy_blob(
        &self,
        source: &Repository,
        descriptor: &Descriptor,
        target: &Self,
        repository: &Repository,
    ) -> Result<(), Error> {
        if target.blob_exists(repository, &descriptor.digest).await? {
            return Ok(());
        }
        let mut session = None;
        if source.registry() == repository.registry() {
            match target.mount_blob(repository, &descriptor.digest, source).await {
                Ok(None) => return Ok(()),
                Ok(opened) => session = opened,
                // An account may push here and pull there with different credentials only; or there are no mounts.
                Err(error) if error.is_authentication() || error.is_refusal() => {}
                Err(error) => return Err(error),
            }
        }
        let body = || async { Ok(self.read_blob(source, descriptor).await?.into_body(descriptor.size)) };
        target.put_blob_stream(repository, descriptor, session, body).await
    }

    async fn session(&self, what: &str, repository: &Repository) -> Result<Session, Error> {
        let call = Call::new(
            what.to_owned(),
            repository,
            Access::Push,
            Method::POST,
            "blobs/uploads/".to_owned(),
        );
        let response = self.send(call).await?;
        if response.status != StatusCode::ACCEPTED {
            return Err(Error::of_answer(what, &response));
        }
        upload_location(what, &response)
    }

    async fn fill(
        &self,
        what: &str,
        repository: &Repository,
        digest: &Digest,
        session: Session,
        bytes: Bytes,
    ) -> Result<Response, Error> {
        let mut call = self.put(what.to_owned(), repository, digest, &session)?;
        call.body = bytes;
        self.send(call).await
    }

    fn put<'a>(
        &self,
        what: String,
        repository: &'a Repository,
        digest: &Digest,
        Session(session): &Session,
    ) -> Result<Call<'a>, Error> {
        let digest = digest.to_string();
        let encoded = encode(&digest);
        let is_this = |value: &str| value == encoded || value == digest;
        let named = |query: &str| {
            query
                .split('&')
                .any(|field| field.strip_prefix("digest=").is_some_and(is_this))
        };
        let uri = match session.query() {
            // A redirect keeps what it was asked for.
            Some(query) if named(query) => session.clone(),
            query => {
                let separator = if query.is_some() { '&' } else { '?' };
                format!("{session}{separator}digest={encoded}")
                    .parse()
                    .map_err(|_| Error::malformed(&what, "its upload location is not a URL"))?
            }
        };
        let mut call = Call::new(what, repository, Access::Push, Method::PUT, String::new())
            .header(header::CONTENT_TYPE, "application/octet-stream");
        call.place = Place::Location(uri);
        Ok(call)
    }
}

/// The request that sends bytes of an upload before the one that names their digest (OCI distribution-spec v1.1,
/// "Pushing a blob in chunks"; Docker's registry API knows it without ranges as well).
fn patch(what: String, repository: &Repository, Session(session): Session) -> Call<'_> {
    let mut call = Call::new(what, repository, Access::Push, Method::PATCH, String::new())
        .header(header::CONTENT_TYPE, "application/octet-stream");
    call.place = Place::Location(session);
    // Sent again it would be appended.
    call.retries = Some(0);
    call
}

/// Whether the bytes are to be sent elsewhere; what was read while it was sent must be read again.
fn is_moved(status: StatusCode) -> bool {
    matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT)
}

/// Whether a registry may answer so because it does not take a blob with the request that names its digest.
fn is_refused_whole(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::METHOD_NOT_ALLOWED)
}

fn upload_location(what: &str, response: &Response) -> Result<Session, Error> {
    let location = response
        .header(header::LOCATION)
        .ok_or_else(|| Error::malformed(what, "it opened an upload, but does not say where"))?;
    let uri =
        resolve(&response.uri, location).ok_or_else(|| Error::malformed(what, "its upload location is not a URL"))?;
    let target = Origin::of(&uri).ok_or_else(|| Error::malformed(what, "its upload location is not http or https"))?;
    if Origin::of(&response.uri).is_some_and(|origin| origin.is_https()) && !target.is_https() {
        return Err(Error::malformed(
            what,
            "its upload location is http, though the registry is https; a proxy before it must set X-Forwarded-Proto",
        ));
    }
    Ok(Session(uri))
}

fn stored(what: &str, response: &Response) -> Result<(), Error> {
    if matches!(
        response.status,
        StatusCode::CREATED | StatusCode::NO_CONTENT | StatusCode::OK
    ) {
        Ok(())
    } else {
        Err(Error::of_answer(what, response))
    }
}

fn path(digest: &Digest) -> String {
    format!("blobs/{digest}")
}
