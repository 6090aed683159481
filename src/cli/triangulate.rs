use clap::ValueEnum;
use countersign::reference::{Tag, Target};
use countersign::store::Attachment;

use super::options::{Attached, Registry};
use super::{Context, Failure};

/// Print where the signatures of an image lie
///
/// Prints the tag under which signatures, attestations or an SBOM of the image are kept; whether something is there is
/// not looked up. Bundles are not under a tag: `countersign tree` shows both.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign triangulate ghcr.io/me/app:1.0\n  \
    countersign triangulate --type attestation ghcr.io/me/app@sha256:…")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// What to look for
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value = "signature")]
    kind: Kind,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Signature,
    Attestation,
    Sbom,
    Digest,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let digest = located.digest().await?;
    let name = match args.kind {
        Kind::Signature => located.attached.name(&digest, Attachment::Signatures),
        Kind::Attestation => located.attached.name(&digest, Attachment::Attestations),
        Kind::Sbom => {
            context.note(super::attach::SBOM_DEPRECATION);
            located.attached.name(&digest, Attachment::Sbom)
        }
        Kind::Digest => {
            let tag = Tag::attached_with_prefix(&located.attached.tag_prefix, &digest, None);
            match located.attached.tag_prefix.is_empty() {
                true => located.attached.store.name(&Target::Digest(digest)),
                false => format!("{}@{tag}", located.attached.store),
            }
        }
    };
    context.print(&format!("{name}\n"))?;
    Ok(())
}
