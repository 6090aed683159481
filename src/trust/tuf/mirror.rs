//! Where a repository's files come from: a web address or a directory.

use std::path::PathBuf;

use super::TufError;
use crate::file::{FileError, read_limited};
use crate::http;

/// A repository: the base of its metadata files and that of its targets.
#[derive(Clone)]
pub struct Mirror {
    address: String,
    metadata: Base,
    targets: Base,
    client: http::Client,
}

#[derive(Clone)]
enum Base {
    Web(String),
    Directory(PathBuf),
}

impl Mirror {
    /// The repository at `address` (`https://…`, `http://…` or `file:///…`); its targets lie in `targets/` below it.
    pub fn new(address: &str, client: http::Client) -> Result<Self, TufError> {
        let address = address.trim_end_matches('/');
        Self::with_targets(address, &format!("{address}/targets"), client)
    }

    /// A repository whose targets lie elsewhere.
    pub fn with_targets(address: &str, targets: &str, client: http::Client) -> Result<Self, TufError> {
        Ok(Self {
            address: address.to_owned(),
            metadata: base(address)?,
            targets: base(targets)?,
            client,
        })
    }

    /// The address, for messages.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The metadata file `name`, which is encoded for URLs; at most `limit` bytes.
    pub(super) async fn metadata(&self, name: &str, limit: usize) -> Result<Vec<u8>, TufError> {
        self.fetch(&self.metadata, name, limit).await
    }

    /// The target file at `path`, which is encoded for URLs; at most `limit` bytes.
    pub(super) async fn target(&self, path: &str, limit: usize) -> Result<Vec<u8>, TufError> {
        self.fetch(&self.targets, path, limit).await
    }

    async fn fetch(&self, base: &Base, name: &str, limit: usize) -> Result<Vec<u8>, TufError> {
        let status = |status| TufError::Status {
            mirror: self.address.clone(),
            file: http::shown(name, 200),
            status,
        };
        match base {
            Base::Directory(directory) => match read_limited(&directory.join(name), limit as u64) {
                Err(error @ FileError::Io { .. }) if error.is_not_found() => Err(status(404)),
                other => Ok(other?),
            },
            Base::Web(base) => {
                let address = format!("{base}/{name}");
                let uri = address
                    .parse()
                    .map_err(|_| TufError::Mirror(http::shown(&address, 200)))?;
                let response = self.client.send(http::Request::get(uri, limit)).await?;
                if response.status != http::StatusCode::OK {
                    return Err(status(response.status.as_u16()));
                }
                Ok(response.body.to_vec())
            }
        }
    }
}

fn base(address: &str) -> Result<Base, TufError> {
    let address = address.trim_end_matches('/');
    let bad = || TufError::Mirror(http::shown(address, 200));
    if let Some(path) = address.strip_prefix("file://") {
        return if path.starts_with('/') {
            Ok(Base::Directory(path.into()))
        } else {
            Err(bad())
        };
    }
    let web = address.starts_with("https://") || address.starts_with("http://");
    let uri: ::http::Uri = address.parse().map_err(|_| bad())?;
    if !web || uri.query().is_some() || uri.host().is_none_or(str::is_empty) {
        return Err(bad());
    }
    Ok(Base::Web(address.to_owned()))
}
