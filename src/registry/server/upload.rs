//! Uploads of blobs under way.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::digest::DynDigest;

use super::directory::Directory;
use super::route::Name;
use crate::digest::{self, Algorithm, Digest};

/// An upload under way.
pub(super) struct Upload {
    name: Name,
    id: String,
    length: u64,
    received: Received,
}

/// What was received so far.
pub(super) enum Received {
    Memory(Vec<u8>),
    File(Temporary),
}

/// A file that is deleted unless it was renamed.
pub(super) struct Temporary(PathBuf);

impl Temporary {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Upload {
    pub(super) fn new(name: &Name, directory: Option<&Directory>) -> io::Result<Self> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|e| io::Error::other(e.to_string()))?;
        let id = digest::hex(&random);
        let received = match directory {
            None => Received::Memory(Vec::new()),
            Some(directory) => {
                let path = directory.temporary(&id);
                File::create_new(&path)?;
                Received::File(Temporary(path))
            }
        };
        Ok(Self {
            name: name.clone(),
            id,
            length: 0,
            received,
        })
    }

    pub(super) fn name(&self) -> &Name {
        &self.name
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Bytes received.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.received {
            Received::Memory(content) => content.extend_from_slice(bytes),
            Received::File(file) => OpenOptions::new().append(true).open(&file.0)?.write_all(bytes)?,
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// The digest of what was received.
    pub(super) fn digest(&self, algorithm: Algorithm) -> io::Result<Option<Digest>> {
        match &self.received {
            Received::Memory(content) => Ok(Some(Digest::of(algorithm, content))),
            Received::File(file) => {
                let mut hash: Box<dyn DynDigest> = match algorithm {
                    Algorithm::Sha256 => Box::<sha2::Sha256>::default(),
                    Algorithm::Sha512 => Box::<sha2::Sha512>::default(),
                };
                let mut file = File::open(&file.0)?;
                let mut buffer = vec![0; 64 << 10];
                loop {
                    let read = file.read(&mut buffer)?;
                    let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
                        break;
                    };
                    hash.update(part);
                }
                file.sync_all()?;
                Ok(format!("{}:{}", algorithm.name(), digest::hex(&hash.finalize()))
                    .parse()
                    .ok())
            }
        }
    }

    pub(super) fn into_received(self) -> Received {
        self.received
    }
}
