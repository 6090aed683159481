//! Moving one blob between any two stores, in memory that does not grow with it.

use std::fs::File;
use std::io::{self, Read};

use futures_util::stream;
use sha2::Digest as _;

use super::super::layout::{Layout, LayoutError};
use super::super::{Store, StoreError};
use crate::digest::{Algorithm, Digest};
use crate::http::{Bytes, Outgoing};
use crate::oci::Descriptor;

/// Bytes read from a file at once.
const PIECE: usize = 256 << 10;

/// Moves a blob unless it is there.
pub(super) async fn move_blob(from: &Store, blob: &Descriptor, to: &Store) -> Result<(), StoreError> {
    match (from, to) {
        (
            Store::Registry { client, repository },
            Store::Registry {
                client: target,
                repository: into,
            },
        ) => Ok(client.copy_blob(repository, blob, target, into).await?),
        (Store::Registry { client, repository }, Store::Layout(layout)) => {
            if is_whole(layout, blob)? {
                return Ok(());
            }
            let mut reader = client.read_blob(repository, blob).await?;
            let mut staged = layout.stage_blob(&blob.digest)?;
            while let Some(piece) = reader.piece().await? {
                staged.append(&piece)?;
            }
            Ok(staged.keep()?)
        }
        (Store::Layout(layout), Store::Registry { client, repository }) => {
            if client.blob_exists(repository, &blob.digest).await? {
                return Ok(());
            }
            if !is_whole(layout, blob)? {
                return Err(missing(from, &blob.digest));
            }
            let body = async || outgoing(layout, blob);
            client.put_blob_stream(repository, blob, None, body).await
        }
        (Store::Layout(layout), Store::Layout(into)) => {
            if is_whole(into, blob)? {
                return Ok(());
            }
            if !is_whole(layout, blob)? {
                return Err(missing(from, &blob.digest));
            }
            let path = layout.blob_path(&blob.digest);
            let failed = |source| LayoutError::File {
                path: path.clone(),
                source,
            };
            let mut file = File::open(&path).map_err(failed)?;
            let mut staged = into.stage_blob(&blob.digest)?;
            let mut buffer = vec![0; PIECE];
            loop {
                let n = file.read(&mut buffer).map_err(failed)?;
                if n == 0 {
                    return Ok(staged.keep()?);
                }
                staged.append(buffer.get(..n).unwrap_or_default())?;
            }
        }
    }
}

fn missing(store: &Store, digest: &Digest) -> StoreError {
    StoreError::MissingBlob {
        store: store.to_string(),
        digest: digest.clone(),
    }
}

/// Whether a layout has a blob with the right content; one with other content is not taken for it.
fn is_whole(layout: &Layout, blob: &Descriptor) -> Result<bool, StoreError> {
    let path = layout.blob_path(&blob.digest);
    let failed = |source| LayoutError::File {
        path: path.clone(),
        source,
    };
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() && metadata.len() == blob.size => {}
        Ok(metadata) if metadata.is_file() => return Ok(false),
        Ok(_) => return Err(LayoutError::NotPlain { path }.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error).into()),
    }
    let mut file = File::open(&path).map_err(failed)?;
    let mut buffer = vec![0; PIECE];
    let (mut sha256, mut sha512) = (sha2::Sha256::new(), sha2::Sha512::new());
    loop {
        let n = file.read(&mut buffer).map_err(failed)?;
        let piece = buffer.get(..n).unwrap_or_default();
        if n == 0 {
            break;
        }
        match blob.digest.algorithm() {
            Algorithm::Sha256 => sha256.update(piece),
            Algorithm::Sha512 => sha512.update(piece),
        }
    }
    let actual = match blob.digest.algorithm() {
        Algorithm::Sha256 => sha256.finalize().to_vec(),
        Algorithm::Sha512 => sha512.finalize().to_vec(),
    };
    Ok(actual == blob.digest.to_bytes())
}

/// A file as the body of an upload.
fn outgoing(layout: &Layout, blob: &Descriptor) -> Result<Outgoing, StoreError> {
    let path = layout.blob_path(&blob.digest);
    let file = File::open(&path).map_err(|source| LayoutError::File { path, source })?;
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut buffer = vec![0; PIECE];
        let n = file.read(&mut buffer)?;
        buffer.truncate(n);
        Ok::<_, io::Error>((n > 0).then(|| (Bytes::from(buffer), file)))
    });
    Ok(Outgoing::stream(pieces, blob.size))
}
