//! Private keys of other tools: PKCS#1, SEC1, PKCS#8 and encrypted PKCS#8 in PEM.
//!
//! Pure, as [`super::file`].

use pkcs8::der::Decode as _;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::{EncryptedPrivateKeyInfoRef, pkcs5};

use super::file::{self, KeyFileError, MAX_SCRYPT_WORK};
use super::{PrivateKey, PrivateKeyError};
use crate::pem::{self, PemError};

/// Most PBKDF2 rounds that a file may ask for: OpenSSL writes 2048, careful tools 600 000.
pub const MAX_PBKDF2_ROUNDS: u32 = 10_000_000;

/// Why a private key cannot be imported.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ImportError {
    /// The text is not PEM.
    #[error("private key: {0}")]
    Pem(#[from] PemError),
    /// No block of the text is a private key.
    #[error(
        "no private key found, only {found:?}: expected PRIVATE KEY, ENCRYPTED PRIVATE KEY, EC PRIVATE KEY or \
         RSA PRIVATE KEY"
    )]
    Label {
        /// The label of the first block.
        found: String,
    },
    /// It is encrypted and no password was given.
    #[error("private key is encrypted and there is no password for it")]
    PasswordNeeded,
    /// The password does not open it.
    #[error("wrong password for the private key that is imported, or the file is damaged")]
    Password,
    /// Encrypted with the PEM headers of old OpenSSL, or with a scheme that is not supported.
    #[error(
        "private key is encrypted in a way that is not supported: convert it first with \
         openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW"
    )]
    Encryption,
    /// The file asks for more key derivation than is sane.
    #[error(
        "private key asks for too much key derivation: at most {MAX_PBKDF2_ROUNDS} PBKDF2 rounds, or scrypt with N*r*p of {MAX_SCRYPT_WORK}"
    )]
    Derivation,
    /// The key itself is not usable.
    #[error(transparent)]
    Key(#[from] PrivateKeyError),
    /// It is a key file of cosign that does not open.
    #[error(transparent)]
    File(#[from] KeyFileError),
}

/// Whether `text` holds a private key that needs a password to be imported.
pub fn needs_password(text: &[u8]) -> Result<bool, ImportError> {
    let block = private_block(text)?;
    Ok(matches!(
        block.label.as_str(),
        "ENCRYPTED PRIVATE KEY" | file::LABEL | file::OLD_LABEL
    ))
}

/// Reads the first private key in `text`; `password` is for encrypted ones.
///
/// Taken are PKCS#8 (plain, or encrypted by PBES2), SEC1, PKCS#1, and cosign's own files.
pub fn import(text: &[u8], password: Option<&[u8]>) -> Result<PrivateKey, ImportError> {
    let block = private_block(text)?;
    if block.has_headers {
        return Err(ImportError::Encryption);
    }
    match block.label.as_str() {
        "PRIVATE KEY" => Ok(PrivateKey::from_pkcs8_der(&block.contents)?),
        "EC PRIVATE KEY" => Ok(PrivateKey::from_sec1_der(&block.contents)?),
        "RSA PRIVATE KEY" => Ok(PrivateKey::from_pkcs1_der(&block.contents)?),
        "ENCRYPTED PRIVATE KEY" => decrypt(&block.contents, password.ok_or(ImportError::PasswordNeeded)?),
        _ => {
            let text = pem::encode(&block.label, &block.contents);
            Ok(file::read_private_key(
                text.as_bytes(),
                password.ok_or(ImportError::PasswordNeeded)?,
            )?)
        }
    }
}

/// OpenSSL writes `EC PARAMETERS` before an EC key, and other tools certificates: the first private key counts.
fn private_block(text: &[u8]) -> Result<pem::Block, ImportError> {
    let mut blocks = pem::all(text)?;
    let index = blocks.iter().position(|block| block.label.ends_with("PRIVATE KEY"));
    let block = blocks.swap_remove(index.unwrap_or(0));
    match block.label.as_str() {
        "PRIVATE KEY" | "EC PRIVATE KEY" | "RSA PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => Ok(block),
        file::LABEL | file::OLD_LABEL => Ok(block),
        _ => Err(ImportError::Label { found: block.label }),
    }
}

fn decrypt(der: &[u8], password: &[u8]) -> Result<PrivateKey, ImportError> {
    let malformed = |_| PrivateKeyError::Malformed("not an encrypted PKCS#8 private key");
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(malformed)?;
    let pkcs5::EncryptionScheme::Pbes2(parameters) = &info.encryption_algorithm else {
        return Err(ImportError::Encryption);
    };
    match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) if pbkdf2.iteration_count <= MAX_PBKDF2_ROUNDS => {}
        Kdf::Scrypt(scrypt) => {
            let work = scrypt
                .cost_parameter
                .checked_mul(scrypt.block_size.into())
                .and_then(|nr| nr.checked_mul(scrypt.parallelization.into()));
            if !work.is_some_and(|work| (1..=MAX_SCRYPT_WORK).contains(&work)) {
                return Err(ImportError::Derivation);
            }
        }
        _ => return Err(ImportError::Derivation),
    }
    let document = info.decrypt(password).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm { .. }) => ImportError::Encryption,
        _ => ImportError::Password,
    })?;
    Ok(PrivateKey::from_pkcs8_der(document.as_bytes())?)
}

/// Any bytes: importing never panics. Encrypted keys are left out, since deriving is slow by design.
pub fn fuzz_import(data: &[u8]) {
    let _ = import(data, None);
    let _ = PrivateKey::from_pkcs8_der(data);
    let _ = PrivateKey::from_sec1_der(data);
}
