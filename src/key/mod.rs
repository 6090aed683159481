//! Public and private keys: P-256, P-384, P-521, RSA and Ed25519.
//!
//! Pure: keys come and go as bytes. [`mod@file`] is the encrypted private-key file that cosign writes and [`import`] takes
//! the files of OpenSSL. Where keys come from (paths, `env://`, URLs) is [`source`]'s matter.

pub mod file;
mod hash;
pub mod import;
mod prehashed;
mod private;
mod public;
mod scrypt;
pub mod source;

pub use hash::HashAlgorithm;
pub use private::{PrivateKey, PrivateKeyError, SigningError};
pub use public::{KeyAlgorithm, PublicKey, PublicKeyError, SignatureError, fuzz_public_key};

/// Smallest RSA modulus that is accepted, in bits (NIST SP 800-131A: 1024 bits can be broken).
pub const MIN_RSA_BITS: usize = 2048;
/// Largest RSA modulus that signatures are verified with, in bits: bounds the time that a hostile key can cost.
pub const MAX_RSA_BITS: usize = 8192;
/// RSA moduli that private keys may have, in bits; those that cosign and the logs take.
pub const SIGNING_RSA_BITS: [usize; 3] = [2048, 3072, 4096];

#[cfg(test)]
mod tests;
