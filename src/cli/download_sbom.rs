use countersign::digest::Digest;
use countersign::oci::{self, Descriptor, Parsed};
use countersign::store::transfer::PlatformFilter;
use countersign::store::{Attachment, Place, SignatureManifest, StoreError, referrers, signatures};

use super::attach::SBOM_DEPRECATION;
use super::options::{Attached, Registry};
use super::{Context, Failure, download};

/// Print the SBOM that is attached to an image (deprecated: use attestations)
///
/// Prints what is under the tag sha256-<hex>.sbom, else the SBOM that refers to the image. It is not signed.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  countersign download sbom ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// That of the image that is for this platform, of a multi-platform image
    #[arg(long, value_name = "OS/ARCH[/VARIANT]")]
    platform: Option<PlatformFilter>,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

/// As cosign: of several, the last that is listed.
async fn referring(place: &Place, image: &Digest) -> Result<Option<SignatureManifest>, StoreError> {
    let listed = referrers::list(place, image).await?;
    let is_sbom = |listed: &&Descriptor| referrers::may_be_attached(listed) == Some(Attachment::Sbom);
    match listed.iter().rfind(is_sbom) {
        Some(listed) => referrers::layers(place, image, listed).await,
        None => Ok(None),
    }
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let limit = download::limit()?;
    context.note(SBOM_DEPRECATION);
    context.note("WARNING: Downloading SBOMs this way does not ensure its authenticity.");
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let image = located.platform(args.platform.as_ref()).await?;
    let mut found = signatures::read(&located.attached, &image, Attachment::Sbom).await?;
    if found.is_none() {
        found = referring(&located.attached, &image).await?;
    }
    let Some(layer) = found.as_ref().and_then(|manifest| manifest.entries().first()) else {
        let root = located.fetch().await?;
        let parsed = oci::parse(&root.bytes, Some(&root.media_type));
        if args.platform.is_none() && matches!(parsed, Ok(Parsed::Index(_))) {
            return Err(Failure::new(
                "no SBOM found attached to image index; the image has several platforms: choose one by --platform",
            ));
        }
        return Err(Failure::new("no sbom attached to reference"));
    };
    let layer = layer.descriptor();
    context.note(&format!(
        "Found SBOM of media type: {}",
        layer
            .media_type
            .chars()
            .filter(|c| !c.is_control())
            .take(120)
            .collect::<String>()
    ));
    let sbom = signatures::content(&located.attached, layer, limit).await?;
    context.print(&String::from_utf8_lossy(&sbom))?;
    Ok(())
}
