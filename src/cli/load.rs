use std::path::PathBuf;

use countersign::reference::{LayoutReference, Target};
use countersign::store::Located;
use countersign::store::transfer::{Options, Selection, transfer};

use super::copy::{destination, missing, side};
use super::options::{Attached, Registry};
use super::{Context, Failure};

/// Load an image that was saved, with all that is attached to it, into a registry
///
/// Pushes the image of an OCI image layout (one that `save` or cosign wrote), all manifests of an index, their
/// signatures, attestations and SBOMs, and all that refers to them.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  countersign load --dir ./image registry.internal/app:1.0")]
pub struct Args {
    /// Where to
    #[arg(value_name = "IMAGE")]
    image: String,
    /// The directory
    #[arg(long, value_name = "DIR", required = true)]
    dir: PathBuf,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.registry.client(context)?;
    let reference = LayoutReference {
        directory: args.dir,
        target: None,
    };
    let from = Located::new(
        &countersign::reference::ImageReference::Layout(reference),
        &client,
        None,
        "",
    )?;
    let (to, target) = destination(&client, &args.image, &args.attached.attachment_tag_prefix)?;
    let digest = from.digest().await?;
    let tag = match target {
        Target::Tag(tag) => Some(tag),
        Target::Digest(wanted) if wanted == digest => None,
        Target::Digest(wanted) => {
            return Err(Failure::new(format!(
                "the directory holds the image {digest}, not {wanted}; name a tag, or that digest"
            )));
        }
    };
    let options = Options {
        selection: Selection::ALL,
        platform: None,
        replace_image: true,
        replace_attached: false,
        tag_manifests: false,
        tag,
    };
    let moved = transfer(&side(&from), &from.target, &to, &options, &|_| {}).await?;
    missing(&moved, context);
    Ok(())
}
