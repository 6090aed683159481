use std::path::{Path, PathBuf};

use countersign::file::write_atomic;
use countersign::sign::blob::{Blob as Signed, SignedBlob, needs_bytes, sign};
use countersign::sign::{Signer, base64};

use super::blob::Blob;
use super::options::Signing;
use super::{Context, Failure, services};

/// Sign files
///
/// Prints the signature of each file in base64. With --bundle, all that is needed to verify it is written as well: the
/// signature, log entry, timestamps and certificate.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign sign-blob --key cosign.key --bundle app.tar.sigstore.json app.tar
  countersign sign-blob --key cosign.key --tlog-upload=false --output-signature app.sig app.tar
  cat app.tar | countersign sign-blob --key cosign.key -y -")]
pub struct Args {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    blobs: Vec<String>,
    /// Write everything that is needed to verify the signature to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    bundle: Option<PathBuf>,
    /// Write --bundle as a Sigstore bundle; false writes the form of cosign 2
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Output")]
    new_bundle_format: bool,
    /// Write the signature to FILE instead of standard output
    #[arg(long, visible_alias = "output", value_name = "FILE", help_heading = "Output")]
    output_signature: Option<PathBuf>,
    /// Write the certificate of --certificate to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output_certificate: Option<PathBuf>,
    /// Write the timestamp to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    rfc3161_timestamp: Option<PathBuf>,
    /// Write signature and certificate in base64
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Output")]
    b64: bool,
    /// Not supported: signing without a key of your own; name one with --key
    #[arg(long, hide_short_help = true)]
    issue_certificate: bool,
    /// Not supported: the algorithm is that of --key
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    signing_algorithm: Option<String>,
    #[command(flatten)]
    signing: Signing,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    if args.issue_certificate {
        return Err(Failure::new(
            "--issue-certificate: signing without a key of your own is not supported; name one with --key and its \
             certificate with --certificate",
        ));
    }
    if args.signing_algorithm.is_some() {
        return Err(Failure::new(
            "--signing-algorithm: the algorithm is that of --key; generate or import a key of the kind that you want",
        ));
    }
    if args.blobs.len() > 1 && args.has_output_file() {
        return Err(Failure::new(
            "several files would be written to one: sign one file at a time with --bundle, --output-signature, \
             --output-certificate or --rfc3161-timestamp",
        ));
    }
    let services = services::services(&args.signing, context).await?;
    let is_bundle = args.bundle.is_some() && args.new_bundle_format;
    if !is_bundle {
        services.at_most_one_each()?;
    }
    if !services.authorities.is_empty() && args.rfc3161_timestamp.is_none() && !is_bundle {
        return Err(Failure::new(
            "the timestamp would be lost: use --bundle, or keep it with --rfc3161-timestamp",
        ));
    }
    services::consent(&args.signing, &services).await?;
    let signer = services::signer(&args.signing, context).await?;
    for name in &args.blobs {
        if name != "-" {
            context.note(&format!("Using payload from: {name}"));
        }
        let failed = |failure: Failure| failure.context(&format!("signing {name}"));
        let blob = Blob::open(name).map_err(failed)?;
        let signed = if needs_bytes(&signer) || matches!(blob, Blob::Bytes(_)) {
            let bytes = blob.into_bytes().map_err(failed)?;
            sign(Signed::Bytes(&bytes), &signer, &services).await?
        } else {
            let digest = blob.digest(countersign::key::HashAlgorithm::Sha256).map_err(failed)?;
            let digest = <[u8; 32]>::try_from(digest).map_err(|_| Failure::new("a SHA-256 digest has 32 bytes"))?;
            sign(Signed::Sha256(&digest), &signer, &services).await?
        };
        output(&args, &signed, &signer, context)?;
    }
    Ok(())
}

impl Args {
    fn has_output_file(&self) -> bool {
        [
            &self.bundle,
            &self.output_signature,
            &self.output_certificate,
            &self.rfc3161_timestamp,
        ]
        .iter()
        .any(|path| path.is_some())
    }
}

fn output(args: &Args, signed: &SignedBlob, signer: &Signer, context: &Context) -> Result<(), Failure> {
    services::tell_entries(&signed.published, context);
    if let (Some(path), Some(timestamp)) = (&args.rfc3161_timestamp, signed.timestamp_json()) {
        write(path, timestamp.as_bytes())?;
        context.note(&format!("RFC3161 timestamp written to file {}", path.display()));
    }
    if let Some(path) = &args.bundle {
        let bundle = if args.new_bundle_format {
            signed.to_bundle(signer).to_json()?
        } else {
            signed.to_legacy(signer).to_json()?
        };
        write(path, &bundle)?;
        context.note(&format!("Wrote bundle to file {}", path.display()));
    }
    let text = base64(&signed.signature);
    match &args.output_signature {
        Some(path) => {
            write(path, if args.b64 { text.as_bytes() } else { &signed.signature })?;
            context.note(&format!("Wrote signature to file {}", path.display()));
        }
        // The bundle has it; cosign 2 prints it all the same, and its scripts read it.
        None if args.bundle.is_some() && args.signing.is_of_cosign_3() => {}
        None if args.b64 => context.print(&format!("{text}\n"))?,
        None => context.print_bytes(&signed.signature)?,
    }
    if let (Some(path), Some(pem)) = (&args.output_certificate, signer.certificate_pem()) {
        let encoded = base64(pem.as_bytes());
        write(path, if args.b64 { encoded.as_bytes() } else { pem.as_bytes() })?;
        context.note(&format!("Wrote certificate to file {}", path.display()));
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    Ok(write_atomic(path, bytes, 0o600)?)
}
