use std::path::PathBuf;

use bytes::Bytes;
use countersign::file::write_atomic;
use countersign::reference::Target;
use countersign::sign::attest::{Keep, attest};
use countersign::sign::{Reach, subjects};
use countersign::statement::Subject;

use super::options::{Attached, Registry, Signing, media_types};
use super::predicate::Predicate;
use super::{Context, Failure, place, services};

/// Sign an attestation of an image
///
/// Makes an in-toto statement that the predicate is about the image, signs it in a DSSE envelope, and puts it beside the
/// image: under the tag sha256-<hex>.att, which every cosign reads, or as a bundle that refers to the image
/// (--new-bundle-format, and with the flags that only cosign 3 has).
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign attest --key cosign.key --predicate sbom.spdx.json --type spdxjson registry.example.com/app@sha256:…
  countersign attest --key cosign.key --predicate p.json --no-upload registry.example.com/app@sha256:…")]
pub struct Args {
    /// The image: host/repository@sha256:…, …:tag (resolved once), or oci:DIRECTORY[:TAG]
    #[arg(value_name = "IMAGE")]
    image: String,
    #[command(flatten)]
    predicate: Predicate,
    /// Attest the images that an index lists as well
    #[arg(long, short)]
    recursive: bool,
    /// Drop the attestations of the same type that the image has in the format that is written, whoever signed them
    #[arg(long, help_heading = "Output")]
    replace: bool,
    /// Print the signed envelope and put it nowhere
    #[arg(long, help_heading = "Output")]
    no_upload: bool,
    /// Keep the attestation as a Sigstore bundle (true) or under the .att tag (false)
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", help_heading = "Output")]
    new_bundle_format: Option<bool>,
    /// Write the bundle to FILE
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    bundle: Option<PathBuf>,
    /// Record the time in the manifest of the attestations
    #[arg(long, help_heading = "Output")]
    record_creation_timestamp: bool,
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    registry: Registry,
    #[command(flatten)]
    attached: Attached,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    refuse(&args)?;
    let client = args.registry.client(context)?;
    let services = services::services(&args.signing, context).await?;
    let image = place::image(&args.image, &client, &args.attached)?;
    if matches!(image.target, Target::Tag(_)) {
        context.note(&format!(
            "WARNING: {} is a tag, which may name another image by now; name the digest that you mean",
            image.name
        ));
    }
    services::consent(&args.signing, &services).await?;
    let reach = Reach::needed(args.recursive, is_bundle(&args));
    let found = subjects(&image.store, &image.target, &image.identity, reach);
    let (signer, found) = services::signer_while(&args.signing, context, found).await?;
    let now = countersign::trust::write_time(super::tuf::now());
    let keep = if is_bundle(&args) {
        Keep::Bundle {
            created: &now,
            replace: args.replace,
        }
    } else {
        Keep::Layer {
            media_types: media_types(),
            created: args.record_creation_timestamp.then_some(now.as_str()),
            entry: args.predicate.entry(),
            replace: args.replace,
        }
    };
    let given = args.predicate.statement()?.map(Bytes::from);
    for subject in &found {
        let (statement, kind) = match &given {
            Some(statement) => (statement.clone(), predicate_type_of(statement)?),
            None => {
                let about = Subject::new(subject.identity.clone(), &subject.digest);
                (
                    args.predicate.about(about)?.into(),
                    args.predicate.predicate_type().uri().to_owned(),
                )
            }
        };
        let at = (!args.no_upload).then_some(&image.place);
        let signed = attest(subject, at, (statement, &kind), &signer, &services, keep).await?;
        services::tell_entries(&signed.published, context);
        if args.no_upload {
            context.print_bytes(&signed.envelope.to_json())?;
            context.print("\n")?;
        }
        if let Some(path) = &args.bundle {
            write_atomic(path, &signed.to_bundle(&signer).to_json()?, 0o644)?;
            context.note(&format!("Wrote bundle to file {}", path.display()));
        }
    }
    Ok(())
}

/// What only cosign 3 knows asks for what cosign 3 does.
fn is_bundle(args: &Args) -> bool {
    let of_cosign_3 = args.bundle.is_some() || args.signing.is_of_cosign_3();
    args.new_bundle_format.unwrap_or(of_cosign_3)
}

fn refuse(args: &Args) -> Result<(), Failure> {
    if is_bundle(args) && args.record_creation_timestamp {
        return Err(Failure::new(
            "--record-creation-timestamp is about the .att tag, but a bundle is written, which records it in any case; \
             drop the flag, or add --new-bundle-format=false",
        ));
    }
    if !is_bundle(args) && args.bundle.is_some() {
        return Err(Failure::new(
            "--bundle needs the bundle format, which --new-bundle-format=false forbids; drop one",
        ));
    }
    if args.recursive && args.bundle.is_some() {
        return Err(Failure::new(
            "several bundles would be written to one file: drop --bundle or --recursive",
        ));
    }
    Ok(())
}

fn predicate_type_of(statement: &[u8]) -> Result<String, Failure> {
    Ok(countersign::statement::Statement::parse(statement)?.predicate_type)
}
