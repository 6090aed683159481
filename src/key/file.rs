//! The encrypted private-key file of cosign: PEM around JSON around scrypt and NaCl's secretbox around PKCS#8.
//!
//! Pure: text and password in, key out. Deriving the key of the box takes 64 MiB and a good tenth of a second, so async
//! callers put [`read_private_key`] and [`write_encrypted`] on a blocking thread. Source: `go-securesystemslib`'s
//! package `encrypted`, as described in `docs/keys.md`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto_secretbox::aead::{AeadInPlace as _, KeyInit as _};
use crypto_secretbox::{Nonce, XSalsa20Poly1305};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::scrypt::{Params, scrypt};
use super::{PrivateKey, PrivateKeyError};
use crate::pem::{self, PemError};

/// Label of what is written, and of what cosign writes since 1.13.
pub const LABEL: &str = "ENCRYPTED SIGSTORE PRIVATE KEY";
/// Label that older cosigns wrote.
pub const OLD_LABEL: &str = "ENCRYPTED COSIGN PRIVATE KEY";

/// Most scrypt work that a file may ask for, as N·r·p: 128 MiB, and twice the work of what cosign writes.
///
/// It bounds memory too, which is 128·N·r bytes. A hostile file could ask for terabytes and years.
pub const MAX_SCRYPT_WORK: u64 = 1 << 20;
/// Longest file that is read, in bytes: an RSA 4096 key has about 4500.
pub const MAX_FILE: usize = 64 << 10;

const WRITE_N: u64 = 65536;
const WRITE_R: u32 = 8;
const WRITE_P: u32 = 1;
const SALT: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Why an encrypted private-key file does not open.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyFileError {
    /// The text is not PEM.
    #[error("private key file: {0}")]
    Pem(#[from] PemError),
    /// The block is something else.
    #[error("expected a PEM block {LABEL}, found {found:?}; {}", advice(found))]
    Label {
        /// The label that was found.
        found: String,
    },
    /// Larger than [`MAX_FILE`].
    #[error("private key file is too large: at most {MAX_FILE} bytes are read")]
    TooLarge,
    /// The JSON inside has not the expected shape.
    #[error("private key file is malformed: {0}")]
    Malformed(String),
    /// Another key derivation or cipher than the one that cosign uses.
    #[error("private key file uses {what} {name:?}: only {known} is known")]
    Unsupported {
        /// `key derivation` or `cipher`.
        what: &'static str,
        /// Its name in the file.
        name: String,
        /// The name that is known.
        known: &'static str,
    },
    /// scrypt parameters that are not valid or ask for more than [`MAX_SCRYPT_WORK`].
    #[error(
        "private key file asks for scrypt with N={n}, r={r}, p={p}: N must be a power of two and N*r*p at most \
         {MAX_SCRYPT_WORK} (cosign writes N=65536, r=8, p=1)"
    )]
    Scrypt {
        /// CPU and memory cost.
        n: u64,
        /// Block size.
        r: u64,
        /// Parallelism.
        p: u64,
    },
    /// The derivation got no memory.
    #[error("the key derivation needs more memory than there is ({0}); cosign's keys take 64 MiB")]
    Memory(String),
    /// The box does not open.
    #[error("wrong password for the private key, or the file is damaged")]
    Password,
    /// It opened, and what is inside is no key.
    #[error(transparent)]
    Key(#[from] PrivateKeyError),
}

fn advice(label: &str) -> &'static str {
    match label {
        "PRIVATE KEY" | "EC PRIVATE KEY" | "RSA PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
            "import it first with: countersign import-key-pair --key FILE"
        }
        "PUBLIC KEY" => "this is a public key and cannot sign",
        _ => "make a key with: countersign generate-key-pair",
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    kdf: Kdf,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Serialize, Deserialize)]
struct Kdf {
    name: String,
    params: ScryptParams,
    salt: String,
}

#[derive(Serialize, Deserialize)]
struct ScryptParams {
    #[serde(rename = "N")]
    n: u64,
    r: u64,
    p: u64,
}

#[derive(Serialize, Deserialize)]
struct Cipher {
    name: String,
    nonce: String,
}

/// Whether `text` begins with a private-key file of cosign, of whatever age.
pub fn is_private_key(text: &[u8]) -> bool {
    pem::first(text).is_ok_and(|block| block.label == LABEL || block.label == OLD_LABEL)
}

/// Opens the encrypted private key in `text` with `password`, which may be empty.
pub fn read_private_key(text: &[u8], password: &[u8]) -> Result<PrivateKey, KeyFileError> {
    SealedKey::parse(text)?.open(password)
}

/// A private-key file whose shape and scrypt parameters have been checked, and which no password has opened yet.
///
/// Parsing is cheap and tells a bad file before anyone is asked for a password; [`SealedKey::open`] is the costly part.
pub struct SealedKey {
    params: Params,
    salt: Vec<u8>,
    nonce: [u8; NONCE],
    ciphertext: Vec<u8>,
}

impl SealedKey {
    /// Reads the file without opening it.
    pub fn parse(text: &[u8]) -> Result<Self, KeyFileError> {
        if text.len() > MAX_FILE {
            return Err(KeyFileError::TooLarge);
        }
        let block = pem::first(text)?;
        if block.label != LABEL && block.label != OLD_LABEL {
            return Err(KeyFileError::Label { found: block.label });
        }
        let envelope: Envelope =
            serde_json::from_slice(&block.contents).map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        known("key derivation", envelope.kdf.name, "scrypt")?;
        known("cipher", envelope.cipher.name, "nacl/secretbox")?;
        let ciphertext = base64("ciphertext", &envelope.ciphertext)?;
        if ciphertext.len() < TAG {
            return Err(KeyFileError::Malformed("ciphertext is too short".into()));
        }
        Ok(Self {
            params: scrypt_params(&envelope.kdf.params)?,
            salt: base64("salt", &envelope.kdf.salt)?,
            nonce: base64("nonce", &envelope.cipher.nonce)?
                .try_into()
                .map_err(|_| KeyFileError::Malformed("nonce must have 24 bytes".into()))?,
            ciphertext,
        })
    }

    /// As [`SealedKey::open`], and when `password` is wrong, tries it without a line break at its end, or with one.
    ///
    /// `echo secret | cosign generate-key-pair` takes the line break for a part of the password, which nobody types at
    /// the prompt later.
    pub fn open_forgivingly(&self, password: &[u8]) -> Result<PrivateKey, KeyFileError> {
        let first = self.open(password);
        if !matches!(first, Err(KeyFileError::Password)) {
            return first;
        }
        let other = match password.strip_suffix(b"\n") {
            Some(line) => Zeroizing::new(line.strip_suffix(b"\r").unwrap_or(line).to_vec()),
            None => Zeroizing::new([password, b"\n"].concat()),
        };
        self.open(&other)
    }

    /// Opens the box: 64 MiB and a good tenth of a second with cosign's parameters.
    pub fn open(&self, password: &[u8]) -> Result<PrivateKey, KeyFileError> {
        let cipher = derive(password, &self.salt, self.params)?;
        // secretbox puts the tag first.
        let (tag, body) = self.ciphertext.split_at_checked(TAG).ok_or(KeyFileError::Password)?;
        let mut plain = Zeroizing::new(body.to_vec());
        cipher
            .decrypt_in_place_detached(
                Nonce::from_slice(&self.nonce),
                b"",
                &mut plain,
                crypto_secretbox::Tag::from_slice(tag),
            )
            .map_err(|_| KeyFileError::Password)?;
        Ok(PrivateKey::from_pkcs8_der(&plain)?)
    }
}

/// `key` as an encrypted private-key file, with a fresh salt and nonce, shaped as cosign's byte for byte.
pub fn write_encrypted(key: &PrivateKey, password: &[u8]) -> Result<Zeroizing<String>, KeyFileError> {
    let mut salt = [0; SALT];
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut salt).map_err(|_| PrivateKeyError::Random)?;
    getrandom::fill(&mut nonce).map_err(|_| PrivateKeyError::Random)?;
    seal(key, password, &salt, &nonce)
}

fn seal(
    key: &PrivateKey,
    password: &[u8],
    salt: &[u8; SALT],
    nonce: &[u8; NONCE],
) -> Result<Zeroizing<String>, KeyFileError> {
    let params = ScryptParams {
        n: WRITE_N,
        r: WRITE_R.into(),
        p: WRITE_P.into(),
    };
    let cipher = derive(password, salt, scrypt_params(&params)?)?;
    let mut body = key.to_pkcs8_der()?;
    let failed = |_| KeyFileError::Malformed("cannot be encrypted".into());
    let tag = cipher
        .encrypt_in_place_detached(Nonce::from_slice(nonce), b"", &mut body)
        .map_err(failed)?;
    let mut ciphertext = tag.to_vec();
    ciphertext.extend_from_slice(&body);
    let envelope = Envelope {
        kdf: Kdf {
            name: "scrypt".into(),
            params,
            salt: STANDARD.encode(salt),
        },
        cipher: Cipher {
            name: "nacl/secretbox".into(),
            nonce: STANDARD.encode(nonce),
        },
        ciphertext: STANDARD.encode(&ciphertext),
    };
    let json = serde_json::to_vec(&envelope).map_err(|error| KeyFileError::Malformed(error.to_string()))?;
    Ok(pem::encode(LABEL, &json))
}

fn derive(password: &[u8], salt: &[u8], params: Params) -> Result<XSalsa20Poly1305, KeyFileError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    scrypt(password, salt, params, key.as_mut_slice()).map_err(|error| KeyFileError::Memory(error.to_string()))?;
    Ok(XSalsa20Poly1305::new(crypto_secretbox::Key::from_slice(key.as_slice())))
}

fn scrypt_params(params: &ScryptParams) -> Result<Params, KeyFileError> {
    let refused = || KeyFileError::Scrypt {
        n: params.n,
        r: params.r,
        p: params.p,
    };
    let work = params
        .n
        .checked_mul(params.r)
        .and_then(|nr| nr.checked_mul(params.p))
        .ok_or_else(refused)?;
    if !params.n.is_power_of_two() || params.n < 2 || work == 0 || work > MAX_SCRYPT_WORK {
        return Err(refused());
    }
    let narrow = |value: u64| u32::try_from(value).map_err(|_| refused());
    let log_n = u8::try_from(params.n.trailing_zeros()).map_err(|_| refused())?;
    Params::new(log_n, narrow(params.r)?, narrow(params.p)?).ok_or_else(refused)
}

fn known(what: &'static str, name: String, known: &'static str) -> Result<(), KeyFileError> {
    if name == known {
        return Ok(());
    }
    Err(KeyFileError::Unsupported {
        what,
        name: name.chars().take(40).collect(),
        known,
    })
}

fn base64(field: &str, text: &str) -> Result<Vec<u8>, KeyFileError> {
    STANDARD
        .decode(text)
        .map_err(|_| KeyFileError::Malformed(format!("{field} is not base64")))
}

/// Any bytes as a file, and as the JSON inside: reading never panics and derives nothing.
pub fn fuzz_key_file(data: &[u8]) {
    let _ = SealedKey::parse(data);
    let _ = SealedKey::parse(pem::encode(LABEL, data).as_bytes());
}
