//! Blobs that commands sign and verify: a file, standard input, or only a digest.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use countersign::digest::{Digest, from_hex, hex};
use countersign::file::read_all;
use countersign::key::HashAlgorithm;
use countersign::verify::SignedContent;
use sha2::Digest as _;

use super::Failure;

/// Files up to this size, in bytes, are read whole; of larger ones only the digest is computed.
const IN_MEMORY: u64 = 64 << 20;
/// Most bytes that are read of standard input, or of a file when the key needs it whole.
const MAX_WHOLE: u64 = 4 << 30;

/// A blob.
pub enum Blob {
    /// At hand.
    Bytes(Vec<u8>),
    /// A file too large to be kept in memory unasked.
    Large(PathBuf),
    /// Known by its digest only.
    Digest(HashAlgorithm, Vec<u8>),
}

impl Blob {
    /// The blob that an argument names: `-` is standard input, `sha256:…` a digest unless there is such a file, all else
    /// a file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(argument: &str) -> Result<Self, Failure> {
        if argument == "-" {
            let bytes = read_all(io::stdin().lock(), MAX_WHOLE)
                .map_err(|error| Failure::new(format!("reading standard input: {error}")))?;
            return bytes
                .map(Self::Bytes)
                .ok_or_else(|| Failure::new(format!("standard input has more than {MAX_WHOLE} bytes")));
        }
        let path = Path::new(argument);
        let failed = |error: io::Error| Failure::new(format!("reading {argument}: {error}"));
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(error) => return digest(argument).ok_or_else(|| failed(error)),
        };
        if metadata.len() > IN_MEMORY {
            return Ok(Self::Large(path.to_owned()));
        }
        // A pipe says that it is empty.
        match read_all(File::open(path).map_err(failed)?, MAX_WHOLE).map_err(failed)? {
            Some(bytes) => Ok(Self::Bytes(bytes)),
            None => Err(Failure::new(format!("{argument} has more than {MAX_WHOLE} bytes"))),
        }
    }

    /// Its digest under `hash`.
    ///
    /// # Errors
    /// Only the digest under another algorithm is known, or the file cannot be read.
    pub fn digest(&self, hash: HashAlgorithm) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Bytes(bytes) => Ok(hash.digest(bytes)),
            Self::Large(path) => {
                hash_file(path, hash).map_err(|error| Failure::new(format!("reading {}: {error}", path.display())))
            }
            Self::Digest(known, digest) if *known == hash => Ok(digest.clone()),
            Self::Digest(known, _) => Err(Failure::new(format!(
                "only the {known} digest of the blob is given, its {hash} digest is needed; give the file"
            ))),
        }
    }

    /// Its SHA-256 digest.
    ///
    /// # Errors
    /// As [`Blob::digest`].
    pub fn sha256(&self) -> Result<Digest, Failure> {
        let digest = self.digest(HashAlgorithm::Sha256)?;
        <[u8; 32]>::try_from(digest)
            .map(|digest| Digest::from_sha256(&digest))
            .map_err(|_| Failure::new("a SHA-256 digest has 32 bytes"))
    }

    /// Its SHA-512 digest.
    ///
    /// # Errors
    /// As [`Blob::digest`].
    pub fn sha512(&self) -> Result<Digest, Failure> {
        let digest = self.digest(HashAlgorithm::Sha512)?;
        Ok(format!("sha512:{}", hex(&digest)).parse()?)
    }

    /// All of it, however large.
    ///
    /// # Errors
    /// Only a digest is given, or the file cannot be read.
    pub fn into_bytes(self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Large(path) => {
                let failed = |error: io::Error| Failure::new(format!("reading {}: {error}", path.display()));
                read_all(File::open(&path).map_err(failed)?, MAX_WHOLE)
                    .map_err(failed)?
                    .ok_or_else(|| Failure::new(format!("{} has more than {MAX_WHOLE} bytes", path.display())))
            }
            Self::Digest(..) => Err(Failure::new(
                "only a digest is given, but this key signs whole blobs; give the file",
            )),
        }
    }

    /// What a signature over it is over. `whole` keeps a large file's bytes, which Ed25519 needs; else its digest
    /// under `hash` does.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn into_content(self, hash: HashAlgorithm, whole: bool) -> Result<SignedContent, Failure> {
        match self {
            Self::Large(_) if !whole => Ok(SignedContent::Digest(hash, self.digest(hash)?)),
            Self::Digest(hash, digest) => Ok(SignedContent::Digest(hash, digest)),
            _ => Ok(SignedContent::Message(self.into_bytes()?)),
        }
    }
}

/// The digest that `text` is, `sha256:` and 64 hexadecimal digits or another algorithm with its length.
fn digest(text: &str) -> Option<Blob> {
    let (name, hex) = text.split_once(':')?;
    let hash: HashAlgorithm = name.parse().ok()?;
    let digest = from_hex(hex).filter(|digest| digest.len() == hash.digest_len())?;
    Some(Blob::Digest(hash, digest))
}

fn hash_file(path: &Path, hash: HashAlgorithm) -> io::Result<Vec<u8>> {
    fn with<D: sha2::Digest>(mut file: File, mut hasher: D) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hasher.finalize().to_vec()),
                read => hasher.update(buffer.get(..read).unwrap_or_default()),
            }
        }
    }
    let file = File::open(path)?;
    match hash {
        HashAlgorithm::Sha224 => with(file, sha2::Sha224::new()),
        HashAlgorithm::Sha256 => with(file, sha2::Sha256::new()),
        HashAlgorithm::Sha384 => with(file, sha2::Sha384::new()),
        HashAlgorithm::Sha512 => with(file, sha2::Sha512::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_one_only_when_it_is_well_formed() {
        let hex = "411dbfd61dcbe8ee8f71c36b4057b6158cf6471b4965ba703b5016c54b5f19a9";
        assert!(matches!(
            Blob::open(&format!("sha256:{hex}")),
            Ok(Blob::Digest(HashAlgorithm::Sha256, _))
        ));
        for text in [
            hex,
            &format!("sha256:{}", &hex[1..]),
            &format!("md5:{hex}"),
            "no-such-file",
        ] {
            assert!(Blob::open(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_large_file_is_hashed_as_if_it_were_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("blob");
        std::fs::write(&path, vec![7; 200_000]).unwrap();
        let Ok(whole) = Blob::open(path.to_str().unwrap()) else {
            panic!("a file cannot be read");
        };
        let large = Blob::Large(path);
        for hash in [
            HashAlgorithm::Sha224,
            HashAlgorithm::Sha256,
            HashAlgorithm::Sha384,
            HashAlgorithm::Sha512,
        ] {
            assert_eq!(
                whole.digest(hash).unwrap_or_default(),
                large.digest(hash).unwrap_or_default()
            );
        }
    }
}
