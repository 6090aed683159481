//! Which repository is trusted, from the environment and from what `initialize` left behind: as cosign decides it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Cache, MAX_ROOT, Mirror, Refresh, TufError, Updater};
use crate::file::{read_limited, write_atomic};
use crate::http;

/// The repository of the public instance of Sigstore.
pub const DEFAULT_MIRROR: &str = "https://tuf-repo-cdn.sigstore.dev";

/// The root of the public instance, version 15, as the sigstore/root-signing repository publishes it.
const DEFAULT_ROOT: &[u8] = include_bytes!("root.json");

/// The repository of Sigstore's staging instance.
pub const STAGING_MIRROR: &str = "https://tuf-repo-cdn.sigstage.dev";

/// The root of the staging instance, version 13, as sigstore-go has it.
const STAGING_ROOT: &[u8] = include_bytes!("staging_root.json");

/// A repository, its first root and its cache.
#[derive(Clone, Debug)]
pub struct Source {
    mirror: String,
    root: Option<Vec<u8>>,
    directory: Option<PathBuf>,
}

/// What `initialize` leaves behind in `remote.json`.
#[derive(Serialize, Deserialize)]
struct Remote {
    mirror: String,
}

impl Source {
    /// The repository that the environment names: `TUF_MIRROR`, else what `initialize` noted in the cache, else the
    /// public instance; its first root from `TUF_ROOT_JSON`, else the built-in or the cached one; its cache in
    /// `TUF_ROOT`, else `~/.sigstore/root`, else nowhere.
    pub fn from_environment() -> Result<Self, TufError> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let directory = variable("TUF_ROOT")
            .map(PathBuf::from)
            .or_else(|| Some(Path::new(&variable("HOME")?).join(".sigstore/root")));
        let noted = || {
            let bytes = read_limited(&directory.as_ref()?.join("remote.json"), 4096).ok()?;
            serde_json::from_slice::<Remote>(&bytes)
                .ok()
                .map(|remote| remote.mirror)
                .filter(|mirror| !mirror.is_empty())
        };
        let mirror = variable("TUF_MIRROR")
            .or_else(noted)
            .unwrap_or_else(|| DEFAULT_MIRROR.into());
        let mirror = mirror.trim_end_matches('/').to_owned();
        let root = match variable("TUF_ROOT_JSON") {
            Some(path) => Some(read_limited(Path::new(&path), MAX_ROOT as u64)?),
            None => None,
        };
        Ok(Self {
            mirror,
            root,
            directory,
        })
    }

    /// The repository at `mirror`, with `root` as its first root and a cache below `directory`.
    pub fn new(mirror: &str, root: Option<Vec<u8>>, directory: Option<PathBuf>) -> Self {
        Self {
            mirror: mirror.trim_end_matches('/').to_owned(),
            root,
            directory,
        }
    }

    /// The address of the repository.
    pub fn mirror(&self) -> &str {
        &self.mirror
    }

    /// Where caches lie.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Opens the repository as [`Updater::start`].
    pub async fn open(&self, client: http::Client, refresh: Refresh, now: i64) -> Result<Updater, TufError> {
        let cache = self.cache();
        let root = self.first_root()?;
        Updater::start(&root, Mirror::new(&self.mirror, client)?, cache, refresh, now).await
    }

    /// The root that updates start from: the given one, the built-in one of the public instances, or the one that
    /// `initialize` put into the cache, where only roots that it vouches for replace it.
    pub fn first_root(&self) -> Result<Vec<u8>, TufError> {
        if let Some(root) = &self.root {
            return Ok(root.clone());
        }
        match self.mirror.as_str() {
            DEFAULT_MIRROR => Ok(DEFAULT_ROOT.to_vec()),
            STAGING_MIRROR => Ok(STAGING_ROOT.to_vec()),
            _ => self
                .cache()
                .and_then(|cache| cache.read("root.json", MAX_ROOT))
                .ok_or_else(|| TufError::NoRoot {
                    mirror: self.mirror.clone(),
                }),
        }
    }

    /// Forgets what is cached of this repository and notes it as the one to use from now on.
    pub fn initialize(&self) -> Result<(), TufError> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        let failed = |action: &'static str, source| crate::file::FileError::Io {
            action,
            path: directory.clone(),
            source,
        };
        if let Some(cache) = self.cache() {
            cache.clear().map_err(|source| failed("clear", source))?;
        }
        std::fs::create_dir_all(directory).map_err(|source| failed("create", source))?;
        let remote = serde_json::to_vec(&Remote {
            mirror: self.mirror.clone(),
        })
        .map_err(|error| TufError::malformed("remote.json", error))?;
        Ok(write_atomic(&directory.join("remote.json"), &remote, 0o600)?)
    }

    fn cache(&self) -> Option<Cache> {
        Some(Cache::new(self.directory.as_ref()?, &self.mirror))
    }
}
