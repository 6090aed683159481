//! What was fetched before, on disk, in the layout of cosign: `root.json`, `timestamp.json`, `snapshot.json`,
//! `targets.json`, delegated roles, and `targets/` below a directory per mirror.
//!
//! Nothing in it is believed unless it verifies again. Each file is written whole or not at all; a set of files is
//! written and read under a lock, so that parallel runs see files that belong together. Where the cache can't be
//! written, it is not: a read-only home is no failure.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::file::{read_limited, write_atomic};
use crate::trust::{parse_time, write_time};

/// Longest wait for another run to write its files, which takes it milliseconds.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes of the file with the time of the last update.
const MAX_STATE: u64 = 4096;

/// The directory of one repository's files.
#[derive(Clone, Debug)]
pub struct Cache {
    directory: PathBuf,
    /// With the time of the last update.
    state: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct State {
    #[serde(rename = "lastTimestamp")]
    last_timestamp: String,
}

impl Cache {
    /// The cache of the mirror at `address` below `root` (such as `~/.sigstore/root`), named as cosign names it.
    pub fn new(root: &Path, address: &str) -> Self {
        let name = directory_name(address);
        Self {
            directory: root.join(&name),
            state: root.join(format!("{name}.json")),
        }
    }

    /// A cache in `directory` itself.
    pub fn at(directory: &Path) -> Self {
        Self {
            directory: directory.into(),
            state: directory.join(".last-update"),
        }
    }

    /// The file `name`, when it is there and has at most `limit` bytes.
    pub fn read(&self, name: &str, limit: usize) -> Option<Vec<u8>> {
        read_limited(&self.directory.join(name), limit as u64).ok()
    }

    /// Writes `files` (names below the directory and contents) together, unless `skip` says, with the lock held, that
    /// another run has been quicker. Says whether the cache now has them.
    pub fn write(&self, files: &[(String, Vec<u8>)], skip: impl FnOnce() -> bool) -> bool {
        if files.is_empty() {
            return true;
        }
        if crate::file::create_private_directory(&self.directory).is_err() {
            return false;
        }
        let Some(_lock) = self.lock(true) else { return false };
        if skip() {
            return false;
        }
        files.iter().all(|(name, bytes)| {
            let path = self.directory.join(name);
            let parent = path.parent().unwrap_or(&self.directory);
            crate::file::create_private_directory(parent).is_ok() && write_atomic(&path, bytes, 0o600).is_ok()
        })
    }

    /// Holds writers off while files are read. Reading goes on without it where there is no lock to be had.
    pub fn reading(&self) -> Option<File> {
        self.lock(false)
    }

    fn lock(&self, exclusive: bool) -> Option<File> {
        let path = self.directory.join(".lock");
        let file = if exclusive {
            File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)
                .ok()?
        } else {
            File::open(path).ok()?
        };
        let end = Instant::now() + LOCK_PATIENCE;
        loop {
            let attempt = if exclusive {
                file.try_lock()
            } else {
                file.try_lock_shared()
            };
            match attempt {
                Ok(()) => return Some(file),
                Err(TryLockError::WouldBlock) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
                // A file system without locks: renames still keep each file whole.
                Err(TryLockError::Error(_)) => return Some(file),
                Err(TryLockError::WouldBlock) => return None,
            }
        }
    }

    /// When the repository was last asked, in seconds since 1970.
    pub fn last_update(&self) -> Option<i64> {
        let state: State = serde_json::from_slice(&read_limited(&self.state, MAX_STATE).ok()?).ok()?;
        parse_time(&state.last_timestamp).ok()
    }

    /// Notes that the repository was asked at `now`.
    pub fn set_last_update(&self, now: i64) {
        let state = State {
            last_timestamp: write_time(now),
        };
        if let Ok(json) = serde_json::to_vec(&state) {
            let _ = write_atomic(&self.state, &json, 0o600);
        }
    }

    /// Removes all that is cached of this repository.
    pub fn clear(&self) -> io::Result<()> {
        let gone = |result: io::Result<()>| match result {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        gone(fs::remove_file(&self.state))?;
        gone(fs::remove_dir_all(&self.directory))
    }
}

/// `https://tuf-repo-cdn.sigstore.dev` → `tuf-repo-cdn.sigstore.dev`, as sigstore-go does.
fn directory_name(address: &str) -> String {
    let rest = address.strip_prefix("https://").unwrap_or(address);
    let rest = rest.strip_prefix("http://").unwrap_or(rest);
    let name = rest.replace(['/', ':'], "-").to_lowercase();
    // An address of dots only would name a directory above.
    if name.chars().all(|c| c == '.') {
        "mirror".into()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_named_as_sigstore_go_names_them() {
        assert_eq!(
            directory_name("https://tuf-repo-cdn.sigstore.dev"),
            "tuf-repo-cdn.sigstore.dev"
        );
        assert_eq!(directory_name("http://Localhost:8080/a/b"), "localhost-8080-a-b");
        assert_eq!(directory_name("file:///srv/tuf"), "file----srv-tuf");
        assert_eq!(directory_name(".."), "mirror");
    }
}
