//! Reading and writing files: size-capped reads, and writes that are whole or absent.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Tries before giving up on a free temporary name.
const ATTEMPTS: usize = 16;

/// A file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Larger than the reader allows.
    #[error("{} is too large: at most {limit} bytes are read", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
}

impl FileError {
    /// Whether the file does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the file exists already; only [`create_new`] says so.
    pub fn is_already_exists(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }
}

/// Reads the whole of `path`, at most `limit` bytes; a larger file is an error, whatever size it claims to have.
pub fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let failed = |source| FileError::Io {
        action: "read",
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    read_all(file, limit)
        .map_err(failed)?
        .ok_or_else(|| FileError::TooLarge {
            path: path.into(),
            limit,
        })
}

/// Reads `reader` to its end; `None` when there are more than `limit` bytes.
pub fn read_all(reader: impl io::Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Replaces `path` by `bytes`: a reader sees the old file or the new one, never a part, and a failure leaves the old.
///
/// The file is written under a temporary name in the same directory with permissions `mode` (as in `0o600`), synced
/// and renamed. A symbolic link stays, and the file that it names is replaced. What is no regular file, such as
/// `/dev/stdout` or a pipe, is written to.
pub fn write_atomic(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let failed = |source| FileError::Io {
        action: "write",
        path: path.into(),
        source,
    };
    let link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    let resolved = if link { fs::canonicalize(path).ok() } else { None };
    let special = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    if special {
        let mut file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return file.write_all(bytes).map_err(failed);
    }
    let target = resolved.as_deref().unwrap_or(path);
    let temporary = Temporary::write(target, bytes, mode)?;
    fs::rename(&temporary.path, target).map_err(failed)?;
    temporary.keep();
    sync_directory(target);
    Ok(())
}

/// As [`write_atomic`], but fails when `path` exists, even if it appeared a moment ago.
pub fn create_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let temporary = Temporary::write(path, bytes, mode)?;
    // A hard link is the one way to name a whole file that fails when the name is taken.
    fs::hard_link(&temporary.path, path).map_err(|source| FileError::Io {
        action: "create",
        path: path.into(),
        source,
    })?;
    sync_directory(path);
    Ok(())
}

/// A file under a temporary name, which is removed unless it is kept.
struct Temporary {
    path: PathBuf,
    keep: bool,
}

impl Temporary {
    fn write(target: &Path, bytes: &[u8], mode: u32) -> Result<Self, FileError> {
        let failed = |source| FileError::Io {
            action: "write",
            path: target.into(),
            source,
        };
        let (mut file, temporary) = Self::open(target, mode).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(temporary)
    }

    fn open(target: &Path, mode: u32) -> io::Result<(File, Self)> {
        let name = target
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it does not name a file"))?;
        for _ in 0..ATTEMPTS {
            let mut random = [0; 8];
            getrandom::fill(&mut random).map_err(io::Error::other)?;
            let mut temporary = std::ffi::OsString::from(".");
            temporary.push(name);
            temporary.push(format!(".{:016x}.tmp", u64::from_be_bytes(random)));
            let path = target.with_file_name(temporary);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
            #[cfg(not(unix))]
            let _ = mode;
            match options.open(&path) {
                Ok(file) => return Ok((file, Self { path, keep: false })),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no free temporary name"))
    }

    fn keep(mut self) {
        self.keep = true;
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Makes the new name durable. A system without the notion is no reason to fail: the contents are synced.
fn sync_directory(path: &Path) {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if let Ok(directory) = File::open(parent) {
        let _ = directory.sync_all();
    }
}

/// Creates a directory and those above it, for their owner only (0700). One that exists keeps its mode.
///
/// # Errors
/// What the system says.
pub fn create_private_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_with_its_mode_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cosign.key");
        write_atomic(&path, b"one", 0o644).unwrap();
        write_atomic(&path, b"two", 0o600).unwrap();
        assert_eq!(read_limited(&path, 3).unwrap(), b"two");
        assert_eq!(names(directory.path()), ["cosign.key"]);
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let taken = directory.path().join("taken");
        fs::create_dir(&taken).unwrap();
        assert!(write_atomic(&taken, b"x", 0o600).is_err());
        assert!(write_atomic(&directory.path().join("no/such"), b"x", 0o600).is_err());
        assert!(write_atomic(Path::new("/"), b"x", 0o600).is_err());
        assert_eq!(names(directory.path()), ["taken"]);
    }

    #[test]
    fn links_and_devices_stay_what_they_are() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        write_atomic(&link, b"new", 0o600).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let null = directory.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        write_atomic(&null, b"new", 0o600).unwrap();
        assert!(fs::symlink_metadata(&null).unwrap().is_symlink() && !fs::metadata("/dev/null").unwrap().is_file());
        assert_eq!(names(directory.path()), ["file", "link", "null"]);
    }

    #[test]
    fn create_new_never_replaces() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("f");
        create_new(&path, b"one", 0o600).unwrap();
        assert!(create_new(&path, b"two", 0o600).unwrap_err().is_already_exists());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(directory.path()), ["f"]);
    }

    #[test]
    fn reading_stops_at_the_limit_even_where_no_size_is_known() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("f");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(read_limited(&path, 5).unwrap(), b"12345");
        assert!(matches!(
            read_limited(&path, 4),
            Err(FileError::TooLarge { limit: 4, .. })
        ));
        assert!(matches!(
            read_limited(Path::new("/dev/zero"), 1000),
            Err(FileError::TooLarge { .. })
        ));
        assert!(
            read_limited(&directory.path().join("none"), 1)
                .unwrap_err()
                .is_not_found()
        );
    }
}
