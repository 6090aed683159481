use std::path::{Path, PathBuf};

use countersign::file::write_atomic;
use countersign::key::{PrivateKey, file};
use zeroize::Zeroizing;

use super::prompt::{self, Password};
use super::terminal::{self, Input};
use super::{Context, Failure};

/// Make a key pair to sign with
///
/// Writes an ECDSA P-256 key pair: PREFIX.key, encrypted with a password, and PREFIX.pub. The password comes from
/// COSIGN_PASSWORD, else from standard input when something is piped in, else from the terminal.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  # cosign.key and cosign.pub, asking for a password
  countersign generate-key-pair

  # release.key and release.pub, unattended
  COSIGN_PASSWORD=… countersign generate-key-pair --output-key-prefix release")]
pub struct Args {
    /// Not supported: k8s://, gitlab:// and github:// destinations; write files and store them there
    #[arg(value_name = "DESTINATION")]
    destination: Option<String>,
    /// Not supported: key management services; make the key in a file
    #[arg(long, value_name = "URI")]
    kms: Option<String>,
    /// Write PREFIX.key and PREFIX.pub
    #[arg(long, value_name = "PREFIX", default_value = "cosign")]
    output_key_prefix: String,
    /// Overwrite existing files without asking
    #[arg(id = "overwrite", long = "yes", short = 'y')]
    yes: bool,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    if let Some(destination) = args.destination {
        return Err(Failure::new(format!(
            "generate-key-pair {destination:?}: writing keys to other places is not supported; run it without an \
             argument and store {}.key and its password there",
            args.output_key_prefix
        )));
    }
    if args.kms.is_some_and(|kms| !kms.is_empty()) {
        return Err(Failure::new(
            "--kms: key management services are not supported; run it without --kms and keep the key file",
        ));
    }
    let files = KeyFiles::new(&args.output_key_prefix);
    let password = files.password(args.yes).await?;
    let key = PrivateKey::generate()?;
    files.write(key, password, context).await
}

/// The two files of a key pair.
pub struct KeyFiles {
    private: PathBuf,
    public: PathBuf,
}

impl KeyFiles {
    /// `PREFIX.key` and `PREFIX.pub`.
    pub fn new(prefix: &str) -> Self {
        Self {
            private: format!("{prefix}.key").into(),
            public: format!("{prefix}.pub").into(),
        }
    }

    /// Asks whether an existing private key may be overwritten, and for the password of the new one.
    pub async fn password(&self, yes: bool) -> Result<Zeroizing<Vec<u8>>, Failure> {
        // On a terminal nobody should type a password twice before a no. From a pipe the password is all there is, and
        // it comes first, as in cosign.
        let piped = terminal::input() == Input::Piped && prompt::password_variable("COSIGN_PASSWORD").is_none();
        if piped {
            let password = prompt::password(Password::New).await?;
            self.may_overwrite(yes).await?;
            if password.is_empty() {
                eprintln!("WARNING: standard input held no password: the private key is not protected by one");
            }
            return Ok(password);
        }
        self.may_overwrite(yes).await?;
        Ok(prompt::password(Password::New).await?)
    }

    async fn may_overwrite(&self, yes: bool) -> Result<(), Failure> {
        if !self.private.try_exists()? {
            return Ok(());
        }
        let question = format!("WARNING: File {} already exists. Overwrite?", self.private.display());
        Ok(prompt::confirm(&question, yes).await?)
    }

    /// Encrypts `key` with `password` and writes both halves, the private one first.
    pub async fn write(&self, key: PrivateKey, password: Zeroizing<Vec<u8>>, context: &Context) -> Result<(), Failure> {
        let public = key.public_key().to_pem();
        let private = tokio::task::spawn_blocking(move || file::write_encrypted(&key, &password)).await??;
        write(&self.private, private.as_bytes(), 0o600, "Private", context)?;
        write(&self.public, public.as_bytes(), 0o644, "Public", context)
    }
}

fn write(path: &Path, bytes: &[u8], mode: u32, half: &str, context: &Context) -> Result<(), Failure> {
    write_atomic(path, bytes, mode)?;
    context.note(&format!("{half} key written to {}", path.display()));
    Ok(())
}
