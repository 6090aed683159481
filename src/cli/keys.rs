//! Keys that flags name: read, asked a password for, opened.

use countersign::http;
use countersign::key::file::SealedKey;
use countersign::key::source::Source;
use countersign::key::{PrivateKey, PublicKey, file};

use super::prompt::{self, Password};
use super::{Context, Failure};

/// Reads and opens the private key that `reference` (a `--key`) names, asking for its password where needed.
///
/// The derivation runs on a blocking thread: join this with what the network has to give.
pub async fn private_key(reference: &str, context: &Context) -> Result<PrivateKey, Failure> {
    let text = Source::parse(reference)?.read(&context.http()).await?;
    // Before the password is asked for: a wrong file should cost no typing.
    let sealed = SealedKey::parse(&text)?;
    let password = prompt::password(Password::Existing).await?;
    Ok(tokio::task::spawn_blocking(move || sealed.open_forgivingly(&password)).await??)
}

/// Reads the public key that `reference` (a `--key`) names, with `client` when it is an address; a private-key file
/// stands for its public half.
pub async fn public_key(reference: &str, client: &http::Client) -> Result<PublicKey, Failure> {
    let source = Source::parse(reference)?;
    let text = source.read(client).await?;
    if !file::is_private_key(&text) {
        return Ok(PublicKey::from_pem(&text)?);
    }
    let sealed = SealedKey::parse(&text)?;
    let password = prompt::password(Password::Existing).await?;
    let key = tokio::task::spawn_blocking(move || sealed.open_forgivingly(&password)).await??;
    Ok(key.public_key().clone())
}
