use std::path::{Path, PathBuf};

use bytes::Bytes;
use countersign::digest::Digest;
use countersign::file::write_atomic;
use countersign::sign::blob::{Form, sign_statement};
use countersign::statement::Subject;

use super::blob::Blob;
use super::options::Signing;
use super::predicate::Predicate;
use super::{Context, Failure, services};

/// Sign an attestation of a file
///
/// Makes an in-toto statement that the predicate is about the file, signs it in a DSSE envelope, and prints the
/// envelope. With --bundle, all that is needed to verify it is written as well.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign attest-blob --key cosign.key --predicate sbom.spdx.json --type spdxjson \\
    --bundle app.att.json app.tar
  countersign attest-blob --key cosign.key --predicate p.json --hash 411dbfd6… app.tar")]
pub struct Args {
    /// The file; - is standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["statement", "hash"])]
    blob: Option<String>,
    #[command(flatten)]
    predicate: Predicate,
    /// SHA-256 (hexadecimal) of the file, which then is not read
    #[arg(long, value_name = "HEX", help_heading = "Attestation")]
    hash: Option<String>,
    /// Write everything that is needed to verify the attestation to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    bundle: Option<PathBuf>,
    /// Write --bundle as a Sigstore bundle; false writes the form of cosign 2
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Output")]
    new_bundle_format: bool,
    /// Write the signed envelope to FILE instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output_signature: Option<PathBuf>,
    /// Write the statement to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output_attestation: Option<PathBuf>,
    /// Write the certificate of --certificate to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output_certificate: Option<PathBuf>,
    /// Write the timestamp to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    rfc3161_timestamp_bundle: Option<PathBuf>,
    #[command(flatten)]
    signing: Signing,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let statement = statement(&args, context)?;
    let services = services::services(&args.signing, context).await?;
    let is_bundle = args.bundle.is_some() && args.new_bundle_format;
    if !services.authorities.is_empty() && args.rfc3161_timestamp_bundle.is_none() && !is_bundle {
        return Err(Failure::new(
            "the timestamp would be lost: use --bundle, or keep it with --rfc3161-timestamp-bundle",
        ));
    }
    services::consent(&args.signing, &services).await?;
    let signer = services::signer(&args.signing, context).await?;
    let form = if is_bundle {
        Form::Bundle
    } else {
        Form::Envelope(args.predicate.entry())
    };
    let statement = Bytes::from(statement);
    let signed = sign_statement(statement.clone(), form, &signer, &services).await?;
    services::tell_entries(&signed.published, context);
    if let (Some(path), Some(timestamp)) = (&args.rfc3161_timestamp_bundle, signed.timestamp_json()) {
        write(path, timestamp.as_bytes(), "RFC3161 timestamp", context)?;
    }
    if let Some(path) = &args.bundle {
        let bundle = if is_bundle {
            signed.to_bundle(&signer).to_json()?
        } else {
            signed.to_legacy(&signer).to_json()?
        };
        write(path, &bundle, "Bundle", context)?;
    }
    let envelope = signed.envelope.to_json();
    match &args.output_signature {
        Some(path) => write(path, &envelope, "Signature", context)?,
        // As in cosign 3, a bundle holds it all.
        None if is_bundle => {}
        None => {
            context.print_bytes(&envelope)?;
            context.print("\n")?;
        }
    }
    if let Some(path) = &args.output_attestation {
        write(path, &statement, "Attestation", context)?;
    }
    if let (Some(path), Some(pem)) = (&args.output_certificate, signer.certificate_pem()) {
        write(path, pem.as_bytes(), "Certificate", context)?;
    }
    Ok(())
}

/// The statement to sign: that of `--statement`, or one about the file.
fn statement(args: &Args, context: &Context) -> Result<Vec<u8>, Failure> {
    if let Some(statement) = args.predicate.statement()? {
        return Ok(statement);
    }
    let name = args.blob.as_deref().unwrap_or_default();
    let digest: Digest = match &args.hash {
        Some(hex) => format!("sha256:{}", hex.to_lowercase()).parse()?,
        None => {
            if name != "-" {
                context.note(&format!("Using payload from: {name}"));
            }
            Blob::open(name)?.sha256()?
        }
    };
    let base = Path::new(name)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let subject = Subject::new(base.unwrap_or_default(), &digest);
    args.predicate.about(subject)
}

fn write(path: &Path, bytes: &[u8], what: &str, context: &Context) -> Result<(), Failure> {
    write_atomic(path, bytes, 0o600)?;
    context.note(&format!("{what} written to file {}", path.display()));
    Ok(())
}
