use countersign::verify::Claims;

use super::blob::Blob;
use super::blob_evidence::{Places, Verification};
use super::options::{Evidence, Signer};
use super::{Context, Failure};

/// Verify the signature of a file
///
/// The signature comes from a bundle (a Sigstore bundle of any version, or cosign 2's own) or from a file. It has to be
/// by the asked key or identity, over this very file, and (unless told otherwise) in a transparency log.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign verify-blob --key cosign.pub --bundle app.tar.sigstore.json app.tar
  countersign verify-blob --key cosign.pub --insecure-ignore-tlog --signature app.sig app.tar
  countersign verify-blob --bundle app.tar.sigstore.json --trusted-root trusted_root.json \\
    --certificate-identity ci@example.com --certificate-oidc-issuer https://issuer.example.com app.tar
  countersign verify-blob --key cosign.pub --bundle app.tar.sigstore.json sha256:411dbfd6…")]
pub struct Args {
    /// The file; - is standard input, sha256:… names it by its digest alone
    #[arg(value_name = "FILE")]
    blob: String,
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    signer: Signer,
    #[command(flatten)]
    evidence: Evidence,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let blob = Blob::open(&args.blob)?;
    let verification = Verification {
        places: &args.places,
        signer: &args.signer,
        evidence: &args.evidence,
        claims: Claims::message(),
        subject: None,
        what: "blob",
    };
    verification.run(Some(blob), context).await?;
    context.note("Verified OK");
    Ok(())
}
