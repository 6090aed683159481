use countersign::key::import;
use countersign::key::source::Source;

use super::generate_key_pair::KeyFiles;
use super::prompt::{self, Password};
use super::terminal::{self, Input};
use super::{Context, Failure};

/// The password of the key that is imported, where it has one; ours, since cosign imports no encrypted keys.
const SOURCE_PASSWORD: &str = "COSIGN_IMPORT_PASSWORD";

/// Import a private key of another tool to sign with
///
/// Takes PEM files of OpenSSL and others (PKCS#8, encrypted PKCS#8, SEC1, PKCS#1) with an RSA key of 2048, 3072 or 4096
/// bits, ECDSA P-256, P-384 or P-521, or Ed25519, and writes PREFIX.key, encrypted with a password, and PREFIX.pub.
///
/// The password of the new file comes from COSIGN_PASSWORD, else from standard input when something is piped in, else
/// from the terminal. That of an encrypted source comes from COSIGN_IMPORT_PASSWORD, else from the terminal, else it is
/// the same.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  # import-cosign.key and import-cosign.pub
  countersign import-key-pair --key openssl.pem

  # release.key and release.pub
  countersign import-key-pair --key openssl.pem --output-key-prefix release")]
pub struct Args {
    /// Private key to import: a PEM FILE or env://NAME
    #[arg(long, short, value_name = "KEY", required = true)]
    key: String,
    /// Write PREFIX.key and PREFIX.pub
    #[arg(long, short, value_name = "PREFIX", default_value = "import-cosign")]
    output_key_prefix: String,
    /// Overwrite existing files without asking
    #[arg(long, short)]
    yes: bool,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let text = Source::parse(&args.key)?.read(&context.http()).await?;
    let encrypted = import::needs_password(&text)?;
    let files = KeyFiles::new(&args.output_key_prefix);
    let (key, password) = if encrypted {
        let (source, new) = match prompt::password_variable(SOURCE_PASSWORD) {
            Some(source) => (source, files.password(args.yes).await?),
            None if terminal::input() == Input::Terminal => (
                prompt::typed_password("the key to import", Password::Existing).await?,
                files.password(args.yes).await?,
            ),
            None => {
                let new = files.password(args.yes).await?;
                (new.clone(), new)
            }
        };
        (
            tokio::task::spawn_blocking(move || import::import(&text, Some(&source))).await??,
            new,
        )
    } else {
        // Before the password is asked for: a key that cannot be used should cost no typing.
        let key = import::import(&text, None)?;
        (key, files.password(args.yes).await?)
    };
    files.write(key, password, context).await
}
