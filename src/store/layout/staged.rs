//! A file of a layout that gets its name only when it is complete.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::LayoutError;

/// Content on its way to `path`; deleted when it is dropped before [`Staged::keep`].
#[derive(Debug)]
pub(in crate::store) struct Staged {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    kept: bool,
}

impl Staged {
    /// Opens a new file beside `path`, whose directory is made when it is missing.
    pub(in crate::store) fn new(path: &Path) -> Result<Self, LayoutError> {
        let failed = |path: &Path, source| LayoutError::File {
            path: path.to_owned(),
            source,
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|e| failed(path, io::Error::other(e)))?;
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".");
        name.push(crate::digest::hex(&random));
        let temporary = path.with_file_name(name);
        let file = File::create_new(&temporary).map_err(|e| failed(&temporary, e))?;
        Ok(Self {
            file,
            temporary,
            path: path.to_owned(),
            kept: false,
        })
    }

    /// Writes `bytes` to `path` in one step.
    pub(in crate::store) fn write(path: &Path, bytes: &[u8]) -> Result<(), LayoutError> {
        let mut staged = Self::new(path)?;
        staged.append(bytes)?;
        staged.keep()
    }

    /// Adds content.
    pub(in crate::store) fn append(&mut self, bytes: &[u8]) -> Result<(), LayoutError> {
        self.file.write_all(bytes).map_err(|source| LayoutError::File {
            path: self.temporary.clone(),
            source,
        })
    }

    /// Flushes the content to the disk and gives it its name.
    pub(in crate::store) fn keep(mut self) -> Result<(), LayoutError> {
        let failed = |source| LayoutError::File {
            path: self.path.clone(),
            source,
        };
        self.file.sync_all().map_err(failed)?;
        fs::rename(&self.temporary, &self.path).map_err(failed)?;
        self.kept = true;
        // The name is durable once the directory is; where directories can't be opened, that is the system's part.
        if let Some(directory) = self.path.parent().and_then(|d| File::open(d).ok()) {
            let _ = directory.sync_all();
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}
