use std::path::PathBuf;

use clap::ValueEnum;
use countersign::reference::Target;
use countersign::store::{Attachment, NewLayer, append};

use super::attach::read;
use super::options::{Attached, Registry, media_types};
use super::{Context, Failure};

/// Attach an SBOM (deprecated: use attest)
///
/// Puts the file under the tag sha256-<hex>.sbom, in place of one that is there. It is not signed: prefer
/// `countersign attest --type spdxjson --predicate FILE`.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  countersign attach sbom --sbom app.spdx.json ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// The SBOM; - reads standard input
    #[arg(long, value_name = "FILE", required = true)]
    sbom: PathBuf,
    /// What it is
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value = "spdx")]
    kind: Kind,
    /// How it is written; without it, json when the name ends so
    #[arg(long, value_enum, value_name = "FORMAT")]
    input_format: Option<Format>,
    /// Not supported: oci-1-1; attach it as an attestation, which is stored as a referrer
    #[arg(long, value_name = "MODE")]
    registry_referrers_mode: Option<String>,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Spdx,
    Cyclonedx,
    Syft,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Xml,
    Text,
}

impl Args {
    fn media_type(&self) -> Result<&'static str, Failure> {
        let json = self.input_format == Some(Format::Json)
            || self.sbom.extension().is_some_and(|extension| extension == "json");
        let wrong = |expected| {
            Err(Failure::new(format!(
                "--input-format: an SBOM of this --type is written as {expected}"
            )))
        };
        match (self.kind, self.input_format) {
            (Kind::Spdx, Some(Format::Xml)) => wrong("json or text"),
            (Kind::Spdx, _) if json => Ok("text/spdx+json"),
            (Kind::Spdx, _) => Ok("text/spdx"),
            (Kind::Cyclonedx, Some(Format::Text)) => wrong("json or xml"),
            (Kind::Cyclonedx, _) if json => Ok("application/vnd.cyclonedx+json"),
            (Kind::Cyclonedx, _) => Ok("application/vnd.cyclonedx+xml"),
            (Kind::Syft, Some(Format::Xml | Format::Text)) => wrong("json"),
            (Kind::Syft, _) => Ok("application/vnd.syft+json"),
        }
    }
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    context.note(super::attach::SBOM_DEPRECATION);
    if args
        .registry_referrers_mode
        .as_deref()
        .is_some_and(|mode| mode == "oci-1-1")
    {
        return Err(Failure::new(
            "--registry-referrers-mode oci-1-1: not supported; attach it as an attestation, which is stored as a \
             referrer: countersign attest --predicate FILE",
        ));
    }
    let media_type = args.media_type()?;
    context.note(&format!(
        "WARNING: Attaching SBOMs this way does not sign them. To sign them, use 'countersign attest --predicate {} \
         --key <key path>'.",
        args.sbom.display()
    ));
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let bytes = read("--sbom", &args.sbom)?;
    let image = located.digest().await?;
    let target = Target::Tag(located.attached.tag(&image, Attachment::Sbom));
    context.note(&format!(
        "Uploading SBOM file for [{}] to [{}] with mediaType [{media_type}].",
        located.name(),
        located.attached.store.name(&target)
    ));
    let layers = [NewLayer::plain(media_type, bytes)];
    let change = append::Change {
        replaces: Some(&|_| true),
        ..append::Change::add(&layers, media_types())
    };
    append::append(&located.attached, &image, Attachment::Sbom, &change).await?;
    Ok(())
}
