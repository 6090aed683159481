use std::path::PathBuf;

use countersign::reference::Target;
use countersign::store::transfer::{Options, Selection, Side, transfer};
use countersign::store::{Layout, Place, Store};

use super::copy::{missing, side};
use super::options::{Attached, Registry};
use super::{Context, Failure};

/// Save an image with all that is attached to it in a directory
///
/// Writes an OCI image layout: the image, all manifests of an index, their signatures, attestations and SBOMs, and all
/// that refers to them. It is what `load`, `verify --local-image` and cosign read. A layout that is there is replaced
/// in one step, when everything has arrived.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign save --dir ./image ghcr.io/me/app:1.0\n  \
    countersign verify --local-image --key cosign.pub ./image")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// The directory; made when it is missing
    #[arg(long, value_name = "DIR", required = true)]
    dir: PathBuf,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let from = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let image = from.fetch().await?;
    let tag = match &from.target {
        Target::Tag(tag) => Some(tag),
        Target::Digest(_) => None,
    };
    let replacement = Layout::create(&args.dir)?.replacement()?;
    replacement.layout().reset(&image.descriptor(), tag)?;
    let store = Store::Layout(replacement.layout().clone());
    let to = Side {
        images: store.clone(),
        attached: Place::beside(store),
    };
    let options = Options {
        selection: Selection::ALL,
        platform: None,
        replace_image: true,
        replace_attached: true,
        tag_manifests: false,
        tag: None,
    };
    let moved = transfer(&side(&from), &Target::Digest(image.digest), &to, &options, &|_| {}).await?;
    replacement.commit()?;
    missing(&moved, context);
    Ok(())
}
