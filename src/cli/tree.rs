use clap::ValueEnum;
use countersign::digest::Digest;
use countersign::oci::{self, Descriptor, Parsed};
use countersign::reference::Target;
use countersign::store::{Attachment, Located, SignatureManifest, StoreError, referrers, signatures};
use serde::Serialize;

use super::options::{Attached, Registry};
use super::{Context, Failure};

/// Show what is attached to an image: signatures, attestations, SBOMs and referrers
///
/// Shows both formats. Nothing is verified: use `verify` for that, and `inspect` to see who signed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign tree ghcr.io/me/app:1.0\n  \
    countersign tree -o json ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// text, or json for programs
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "text")]
    output: Output,
    /// Where to look besides tags: legacy does not look for referrers
    #[arg(long, value_enum, value_name = "MODE", default_value = "oci-1-1")]
    registry_referrers_mode: ReferrersMode,
    /// The same as --registry-referrers-mode=oci-1-1, which is the default
    #[arg(long)]
    experimental_oci11: bool,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReferrersMode {
    Legacy,
    #[value(name = "oci-1-1")]
    Oci11,
}

/// What lies in one place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Branch {
    #[serde(skip)]
    title: String,
    /// `signatures`, `attestations`, `sboms` or `referrer`.
    kind: &'static str,
    /// Full name of the manifest.
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicate_type: Option<String>,
    layers: Vec<Digest>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let image = located.fetch().await?.digest;
    let mut branches = Vec::new();
    for attachment in [Attachment::Signatures, Attachment::Sbom, Attachment::Attestations] {
        if let Some(manifest) = signatures::read(&located.attached, &image, attachment).await? {
            branches.extend(branch(&located, &image, attachment, &manifest));
        }
    }
    if args.registry_referrers_mode == ReferrersMode::Oci11 || args.experimental_oci11 {
        for listed in referrers::list(&located.attached, &image).await? {
            branches.extend(referrer(&located, &image, &listed).await?);
        }
    }
    let text = match args.output {
        Output::Json => {
            let tree = serde_json::json!({"image": args.image, "digest": image, "attached": branches});
            format!("{tree:#}\n")
        }
        Output::Text => render(&args.image, &branches),
    };
    context.print(&text)?;
    Ok(())
}

fn branch(located: &Located, image: &Digest, attachment: Attachment, manifest: &SignatureManifest) -> Option<Branch> {
    let (icon, title, kind) = match attachment {
        Attachment::Signatures => ("🔐", "Signatures", "signatures"),
        Attachment::Attestations => ("💾", "Attestations", "attestations"),
        Attachment::Sbom => ("📦", "SBOMs", "sboms"),
    };
    let reference = located.attached.name(image, attachment);
    let layers: Vec<Digest> = manifest
        .entries()
        .iter()
        .map(|e| e.descriptor().digest.clone())
        .collect();
    (!layers.is_empty()).then(|| Branch {
        title: format!("{icon} {title} for an image tag: {reference}"),
        kind,
        reference,
        artifact_type: None,
        predicate_type: None,
        layers,
    })
}

async fn referrer(located: &Located, image: &Digest, listed: &Descriptor) -> Result<Option<Branch>, StoreError> {
    let target = Target::Digest(listed.digest.clone());
    let Some(found) = located.attached.store.manifest(&target).await? else {
        return Ok(None);
    };
    // What the manifest says counts; its descriptor in the list is a claim.
    let Ok(Parsed::Manifest(manifest)) = oci::parse(&found.bytes, Some(&found.media_type)) else {
        return Ok(None);
    };
    if manifest.subject.as_ref().is_none_or(|subject| subject.digest != *image) {
        return Ok(None);
    }
    let predicate_type = manifest
        .annotations
        .get(referrers::PREDICATE_TYPE)
        .map(|text| plain(text));
    let artifact_type = plain(manifest.artifact_type.as_deref().unwrap_or(&manifest.config.media_type));
    let reference = located.attached.store.name(&target);
    Ok(Some(Branch {
        title: format!(
            "🔗 {} artifacts via OCI referrer: {reference}",
            predicate_type.as_ref().unwrap_or(&artifact_type)
        ),
        kind: "referrer",
        reference,
        artifact_type: Some(artifact_type),
        predicate_type,
        layers: manifest.layers.into_iter().map(|layer| layer.digest).collect(),
    }))
}

/// Text of others on a line of ours.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn render(image: &str, branches: &[Branch]) -> String {
    let mut out = format!("📦 Supply Chain Security Related artifacts for an image: {image}\n");
    if branches.is_empty() {
        out.push_str(&format!(
            "No Supply Chain Security Related Artifacts found for image {image},\n start creating one with simply \
             running $ countersign sign {image}\n"
        ));
    }
    for branch in branches {
        out.push_str(&format!("└── {}\n", branch.title));
        for (i, layer) in branch.layers.iter().enumerate() {
            let corner = if i + 1 == branch.layers.len() {
                "└──"
            } else {
                "├──"
            };
            out.push_str(&format!("   {corner} 🍒 {layer}\n"));
        }
    }
    out
}
