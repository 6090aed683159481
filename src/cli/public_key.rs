use std::path::PathBuf;

use countersign::file::write_atomic;

use super::{Context, Failure, keys};

/// Print the public key of a key pair
///
/// Opens the private key (with a password as `generate-key-pair` takes it) and prints its public half as PEM. A public
/// key may be named as well, by file, env://NAME or web address.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign public-key --key cosign.key
  countersign public-key --key env://SIGNING_KEY --outfile cosign.pub")]
pub struct Args {
    /// Private key: a FILE, env://NAME or an https:// address
    #[arg(long, value_name = "KEY", default_value = "")]
    key: String,
    /// Write the public key to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    outfile: Option<PathBuf>,
    /// Not supported: hardware tokens; export the public key with the token's own tool
    #[arg(long)]
    sk: bool,
    /// Not supported: hardware tokens; export the public key with the token's own tool
    #[arg(long, value_name = "SLOT")]
    slot: Option<String>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    if args.sk || args.slot.is_some_and(|slot| !slot.is_empty()) {
        return Err(Failure::new(
            "--sk and --slot: hardware tokens are not supported; export the public key with the token's own tool",
        ));
    }
    if args.key.is_empty() {
        return Err(Failure::new(
            "--key is needed: name a private key file, env://NAME or an https:// address",
        ));
    }
    let pem = keys::public_key(&args.key, &context.http()).await?.to_pem();
    match args.outfile {
        Some(path) => {
            write_atomic(&path, pem.as_bytes(), 0o644)?;
            context.note(&format!("Public key written to {}", path.display()));
            Ok(())
        }
        None => Ok(context.print(&pem)?),
    }
}
