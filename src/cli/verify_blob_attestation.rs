use countersign::annotations::Annotations;
use countersign::digest::Digest;
use countersign::statement::PredicateType;
use countersign::verify::{Claims, Expected};

use super::blob::Blob;
use super::blob_evidence::{Places, Verification};
use super::options::{Evidence, Signer};
use super::verify_attestation::asked_type;
use super::{Context, Failure};

/// Verify an attestation of a file
///
/// The attestation comes from a bundle or, with --signature, from a DSSE envelope. It has to be by the asked key or
/// identity, of the asked type, about this very file, and (unless told otherwise) in a transparency log.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign verify-blob-attestation --key cosign.pub --bundle app.att.json --type spdxjson app.tar
  countersign verify-blob-attestation --key cosign.pub --bundle app.att.json --digest 411dbfd6… --digestAlg sha256")]
pub struct Args {
    /// The file; - is standard input, sha256:… names it by its digest alone
    #[arg(value_name = "FILE", required_unless_present_any = ["digest", "check_claims"])]
    blob: Option<String>,
    /// Type of the predicate: slsaprovenance, slsaprovenance02, slsaprovenance1, link, spdx, spdxjson, cyclonedx, vuln,
    /// openvex, custom, or a URI
    #[arg(
        long = "type",
        value_name = "TYPE",
        default_value = "custom",
        value_parser = asked_type,
        help_heading = "Claims"
    )]
    predicate_type: PredicateType,
    /// Whether the attestation has to be about this file
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Claims")]
    check_claims: bool,
    /// Digest (hexadecimal) of the file, in place of the file
    #[arg(
        long,
        value_name = "HEX",
        help_heading = "Claims",
        requires = "digest_alg",
        conflicts_with = "blob"
    )]
    digest: Option<String>,
    /// Algorithm of --digest: sha256 or sha512
    #[arg(long = "digestAlg", id = "digest_alg", value_name = "NAME", help_heading = "Claims")]
    digest_alg: Option<String>,
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    signer: Signer,
    #[command(flatten)]
    evidence: Evidence,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let claims = Claims {
        expected: Expected::Statement(vec![args.predicate_type.uri().to_owned()]),
        subject: digest(&args)?,
        annotations: Annotations::default(),
    };
    let verification = Verification {
        places: &args.places,
        signer: &args.signer,
        evidence: &args.evidence,
        claims,
        subject: blob(&args)?,
        what: "blob attestation",
    };
    verification.run(None, context).await?;
    context.note("Verified OK");
    Ok(())
}

/// The digest that the attestation has to be about, where it is given.
fn digest(args: &Args) -> Result<Option<Digest>, Failure> {
    match (&args.digest, &args.digest_alg) {
        (Some(hex), Some(algorithm)) if args.check_claims => Ok(Some(format!("{algorithm}:{hex}").parse()?)),
        _ => Ok(None),
    }
}

/// The blob that the attestation has to be about, where no digest is given.
fn blob(args: &Args) -> Result<Option<Blob>, Failure> {
    if !args.check_claims || digest(args)?.is_some() {
        return Ok(None);
    }
    let Some(name) = &args.blob else {
        return Err(Failure::new(
            "no file is given: name it, or its digest with --digest and --digestAlg, or do without with \
             --check-claims=false",
        ));
    };
    Blob::open(name).map(Some)
}
