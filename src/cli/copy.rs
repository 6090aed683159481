use clap::ValueEnum;
use countersign::reference::{ImageReference, Target};
use countersign::registry::Client;
use countersign::store::transfer::{Moved, Options, PlatformFilter, Selection, Side, transfer};
use countersign::store::{Layout, Located, Place, Store};

use super::options::{Attached, Registry};
use super::{Context, Failure};

/// Copy an image with its signatures, attestations and all that refers to it
///
/// Copies the image, all manifests of an index, and of each of them the signatures, attestations and SBOMs under tags
/// and all referrers (Sigstore bundles among them), which the target lists by its referrers API or in a fallback
/// index. What is there already is not copied again; afterwards everything is looked up at the target.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign copy example.com/app:1.0 mirror.example/app:1.0\n\n  \
    # only signatures, or also attestations and SBOMs\n  \
    countersign copy --only=sig example.com/app:1.0 mirror.example/app:1.0\n  \
    countersign copy --only=sig,att,sbom example.com/app:1.0 mirror.example/app:1.0\n\n  \
    # one platform of a multi-platform image, over what is there\n  \
    countersign copy -f --platform=linux/amd64 example.com/app:1.0 mirror.example/app:1.0\n\n  \
    # into a directory, and from one\n  \
    countersign copy example.com/app:1.0 oci:./layout:1.0")]
pub struct Args {
    /// The image to copy
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Where to
    #[arg(value_name = "TARGET")]
    target: String,
    /// Replace another image under the target's tag, and its signatures; without it, signatures of both are kept
    #[arg(long, short)]
    force: bool,
    /// Copy only signatures (sig), attestations (att) or SBOMs (sbom), and do not tag the image
    #[arg(long, value_enum, value_name = "KIND,…", value_delimiter = ',')]
    only: Vec<Only>,
    /// The same as --only=sig; deprecated
    #[arg(long)]
    sig_only: bool,
    /// Copy only the image of a multi-platform image that is for this platform
    #[arg(long, value_name = "OS/ARCH[/VARIANT]")]
    platform: Option<PlatformFilter>,
    /// Print what was copied as JSON
    #[arg(long, short, value_enum, value_name = "FORMAT")]
    output: Option<Output>,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Sig,
    Att,
    Sbom,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Json,
}

impl Args {
    fn selection(&self, context: &Context) -> Option<Selection> {
        if self.sig_only {
            context.note("--sig-only is deprecated, use --only=sig instead");
        }
        if self.only.is_empty() && !self.sig_only {
            return None;
        }
        Some(Selection {
            signatures: self.sig_only || self.only.contains(&Only::Sig),
            attestations: self.only.contains(&Only::Att),
            sboms: self.only.contains(&Only::Sbom),
            others: false,
        })
    }
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.registry.client(context)?;
    let from = args.attached.locate(&client, &args.source)?;
    let (to, target) = destination(&client, &args.target, &args.attached.attachment_tag_prefix)?;
    let only = args.selection(context);
    let options = Options {
        selection: only.unwrap_or(Selection::ALL),
        platform: args.platform,
        replace_image: args.force,
        replace_attached: args.force,
        tag_manifests: matches!(to.images, Store::Registry { .. }),
        tag: match &target {
            Target::Tag(tag) if only.is_none() => Some(tag.clone()),
            _ => None,
        },
    };
    let moved = transfer(&side(&from), &from.target, &to, &options, &|step| {
        context.note(&format!("Copying {} to {}...", step.from, step.to));
    })
    .await?;
    if let Target::Digest(wanted) = &target
        && moved.image.as_ref() != Some(wanted)
    {
        context.note(&format!(
            "WARNING: the target names the digest {wanted}, but the image has another; it was copied under its own"
        ));
    }
    missing(&moved, context);
    if args.output.is_some() {
        print(&moved, context)?;
    }
    Ok(())
}

/// The source's side of a move.
pub fn side(located: &Located) -> Side {
    Side {
        images: located.images.clone(),
        attached: located.attached.clone(),
    }
}

/// Where a move goes: COSIGN_REPOSITORY says where signatures come from, not where copies go.
pub fn destination(client: &Client, target: &str, prefix: &str) -> Result<(Side, Target), Failure> {
    let reference: ImageReference = target.parse()?;
    let (store, target) = match reference {
        ImageReference::Registry(reference) => {
            let store = Store::Registry {
                client: client.clone(),
                repository: reference.repository().clone(),
            };
            (store, reference.target().clone())
        }
        ImageReference::Layout(reference) => {
            let layout = Layout::create(&reference.directory)?;
            let target = match reference.target {
                Some(target) => target,
                None => Target::Tag("latest".parse()?),
            };
            (Store::Layout(layout), target)
        }
    };
    let side = Side {
        images: store.clone(),
        attached: Place {
            store,
            tag_prefix: prefix.to_owned(),
        },
    };
    Ok((side, target))
}

/// Says what the source names but does not have.
pub fn missing(moved: &Moved, context: &Context) {
    for name in &moved.missing {
        context.note(&format!(
            "WARNING: {name} is listed as referring to the image, but does not exist; it was left out"
        ));
    }
}

fn print(moved: &Moved, context: &Context) -> Result<(), Failure> {
    let report = serde_json::json!({
        "digest": moved.image,
        "copied": moved.written,
        "present": moved.present,
        "missing": moved.missing,
    });
    context.print(&format!("{report:#}\n"))?;
    Ok(())
}
