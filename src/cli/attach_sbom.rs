use std::path::PathBuf;

use clap::ValueEnum;
use countersign::store::referrers::{NewLayers, push_layers};
use countersign::store::{Attachment, NewLayer, append};

use super::attach::read;
use super::options::{Attached, Registry, media_types};
use super::{Context, Failure};

/// Attach an SBOM (deprecated: use attest)
///
/// Puts the file under the tag sha256-<hex>.sbom, in place of one that is there, or adds it as a referrer of the image
/// (--registry-referrers-mode oci-1-1). It is not signed: prefer `countersign attest --type spdxjson --predicate FILE`.
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
    /// legacy puts it under the .sbom tag; oci-1-1 refers to the image
    #[arg(long, value_name = "MODE", value_parser = ["", "legacy", "oci-1-1"], hide_possible_values = true)]
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
    let media_type = args.media_type()?;
    context.note(&format!(
        "WARNING: Attaching SBOMs this way does not sign them. To sign them, use 'countersign attest --predicate {} \
         --key <key path>'.",
        args.sbom.display()
    ));
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let bytes = read("--sbom", &args.sbom)?;
    let layers = [NewLayer::plain(media_type, bytes)];
    let uploading = |to: &str| {
        let name = located.name();
        context.note(&format!(
            "Uploading SBOM file for [{name}] to [{to}] with mediaType [{media_type}]."
        ));
    };
    if args.registry_referrers_mode.as_deref() == Some("oci-1-1") {
        uploading(&located.attached.store.to_string());
        let new = NewLayers {
            attachment: Attachment::Sbom,
            layers: &layers,
            media_types: media_types(),
            created: None,
        };
        push_layers(&located.attached, &located.fetch().await?.descriptor(), &new).await?;
        return Ok(());
    }
    let image = located.digest().await?;
    uploading(&located.attached.name(&image, Attachment::Sbom));
    let change = append::Change {
        replaces: Some(&|_| true),
        ..append::Change::add(&layers, media_types())
    };
    append::append(&located.attached, &image, Attachment::Sbom, &change).await?;
    Ok(())
}
