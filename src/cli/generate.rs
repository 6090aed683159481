use countersign::annotations::Annotations as Signed;
use countersign::payload::Payload;
use countersign::sign::{Reach, subjects};

use super::options::{Annotations, Attached, Registry};
use super::{Context, Failure, place};

/// Print the payload that sign would sign
///
/// For signing with other tools; `attach signature` then puts the signature beside the image.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign generate registry.example.com/app@sha256:… > payload.json
  countersign generate -a commit=1a2b3c registry.example.com/app@sha256:…")]
pub struct Args {
    /// Image: host/repository@sha256:…, …:tag, or oci:DIRECTORY[:TAG]
    #[arg(value_name = "IMAGE")]
    image: String,
    #[command(flatten)]
    annotations: Annotations,
    #[command(flatten)]
    registry: Registry,
    #[command(flatten)]
    attached: Attached,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let annotations: Signed = args.annotations.parse()?;
    let image = place::image(&args.image, &args.registry.client(context)?, &args.attached)?;
    for subject in subjects(&image.store, &image.target, &image.identity, Reach::Named).await? {
        let payload = Payload::new(subject.identity, &subject.digest, &annotations).to_bytes();
        // No line end: what is printed is what is to be signed.
        context.print(&String::from_utf8_lossy(&payload))?;
    }
    Ok(())
}
