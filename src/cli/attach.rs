use super::{Context, Failure, attach_attestation, attach_sbom, attach_signature};

/// Attach a signature, an attestation or an SBOM to an image
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Signature(attach_signature::Args),
    Attestation(attach_attestation::Args),
    Sbom(attach_sbom::Args),
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.command {
        Command::Signature(args) => attach_signature::run(args, context).await,
        Command::Attestation(args) => attach_attestation::run(args, context).await,
        Command::Sbom(args) => attach_sbom::run(args, context).await,
    }
}

/// Largest file that is attached, in bytes: as large as what is read back.
pub const MAX_FILE: u64 = countersign::store::signatures::MAX_ENVELOPE as u64;

/// A file, or standard input for `-`.
///
/// # Errors
/// It cannot be read, or has more than [`MAX_FILE`] bytes.
pub fn read(flag: &str, path: &std::path::Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() != "-" {
        return countersign::file::read_limited(path, MAX_FILE)
            .map_err(|error| Failure::new(format!("{flag}: {error}")));
    }
    let bytes = countersign::file::read_all(std::io::stdin().lock(), MAX_FILE)?;
    bytes.ok_or_else(|| Failure::new(format!("{flag} -: standard input has more than {MAX_FILE} bytes")))
}

/// What is said of SBOMs under the tag `.sbom`.
pub const SBOM_DEPRECATION: &str = "WARNING: SBOM attachments are deprecated: they are not signed, and cosign stops \
                                    reading them. Attach the SBOM as an attestation: countersign attest --predicate \
                                    FILE (https://github.com/sigstore/cosign/issues/2755).";

/// The time, as RFC 3339 in UTC with seconds.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
