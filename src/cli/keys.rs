//! Keys that flags name: read, asked a password for, opened.

use countersign::http;
use countersign::key::file::SealedKey;
use countersign::key::source::Source;
use countersign::key::{PrivateKey, PublicKey, file};
use zeroize::Zeroizing;

use super::prompt::{self, Password};
use super::{Context, Failure};

/// A private key that was read, with the password to open it.
pub struct Locked {
    sealed: SealedKey,
    password: Zeroizing<Vec<u8>>,
}

impl Locked {
    /// Opens it. The derivation runs on a blocking thread: join this with what the network has to give.
    pub async fn open(self) -> Result<PrivateKey, Failure> {
        let open = move || self.sealed.open_forgivingly(&self.password);
        Ok(tokio::task::spawn_blocking(open).await??)
    }
}

/// Reads the private key that `reference` (a `--key`) names, and asks for its password where needed.
pub async fn private_key(reference: &str, context: &Context) -> Result<Locked, Failure> {
    let text = Source::parse(reference)?.read(&context.http()).await?;
    locked(&text).await
}

async fn locked(text: &[u8]) -> Result<Locked, Failure> {
    // Before the password is asked for: a wrong file should cost no typing.
    let sealed = SealedKey::parse(text)?;
    let password = prompt::password(Password::Existing).await?;
    Ok(Locked { sealed, password })
}

/// Reads the public key that `reference` (a `--key`) names, with `client` when it is an address; a private-key file
/// stands for its public half.
pub async fn public_key(reference: &str, client: &http::Client) -> Result<PublicKey, Failure> {
    let source = Source::parse(reference)?;
    let text = source.read(client).await?;
    if !file::is_private_key(&text) {
        return Ok(PublicKey::from_pem(&text)?);
    }
    Ok(locked(&text).await?.open().await?.public_key().clone())
}
