use clap::ValueEnum;
use countersign::digest::Digest;
use countersign::reference::Target;
use countersign::store::referrers::{self, Opened};
use countersign::store::{Attachment, Located, Place, StoreError};

use super::options::{Attached, Registry};
use super::{Context, Failure, prompt};

/// Largest bundle that is looked into, in bytes.
const MAX_BUNDLE: usize = countersign::bundle::MAX_BUNDLE;

/// Remove signatures, attestations and SBOMs from an image
///
/// Removes what is attached to the image, under tags and as referrers, after asking. The image itself stays.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign clean ghcr.io/me/app:1.0\n  \
    countersign clean -f --type attestation ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// What to remove; signature and attestation in both formats, referrer all that refers to the image
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value = "all")]
    kind: Kind,
    /// Do not ask
    #[arg(long, short)]
    force: bool,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Signature,
    Attestation,
    Referrer,
    Sbom,
    All,
}

impl Kind {
    fn warning(self) -> &'static str {
        match self {
            Self::Signature => "this will remove all signatures from the image",
            Self::Attestation => "this will remove all attestations from the image",
            Self::Referrer => "this will remove all referrer attestations and/or signatures from the image",
            Self::Sbom => "this will remove all SBOMs from the image",
            Self::All => "this will remove all signatures, SBOMs and attestations from the image",
        }
    }

    fn attachments(self) -> &'static [Attachment] {
        match self {
            Self::Signature => &[Attachment::Signatures],
            Self::Attestation => &[Attachment::Attestations],
            Self::Sbom => &[Attachment::Sbom],
            Self::Referrer => &[],
            Self::All => &Attachment::ALL,
        }
    }

    /// Whether it takes what refers to the image in place of lying under a tag.
    fn has(self, attachment: Attachment) -> bool {
        self == Self::Referrer || self.attachments().contains(&attachment)
    }

    fn has_bundle(self, predicate_type: Option<&str>) -> bool {
        let is_signature = predicate_type.is_none_or(|found| found == referrers::SIGNATURE);
        match self {
            Self::Signature => is_signature,
            Self::Attestation => !is_signature,
            Self::Sbom => false,
            Self::Referrer | Self::All => true,
        }
    }
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let question = format!("WARNING: {}", args.kind.warning());
    prompt::confirm_or(&question, args.force, "--force").await?;
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let digest = located.digest().await?;
    let mut failed = 0;
    let mut tell = |name: &str, removed: Result<bool, StoreError>| match removed {
        Ok(true) => context.note(&format!("Removed {name} from {}", args.image)),
        Ok(false) => {}
        Err(error) => {
            failed += 1;
            context.note(&format!("could not delete {name} from {}: {error}", args.image));
        }
    };
    for attachment in args.kind.attachments() {
        let name = located.attached.name(&digest, *attachment);
        tell(&name, remove_tag(&located.attached, &digest, *attachment).await);
    }
    let referrers = referrers(&located, &digest, args.kind).await?;
    for (referrer, removed) in referrers::remove(&located.attached, &digest, &referrers).await? {
        tell(&located.attached.store.name(&Target::Digest(referrer)), removed);
    }
    if failed > 0 {
        return Err(Failure::new(format!(
            "{failed} of what is attached to {} could not be removed; the registry may not allow deletes",
            args.image
        )));
    }
    Ok(())
}

/// Removes a tag; where the registry removes manifests by digest only, that.
async fn remove_tag(place: &Place, image: &Digest, attachment: Attachment) -> Result<bool, StoreError> {
    let target = Target::Tag(place.tag(image, attachment));
    match place.store.delete(&target).await {
        Err(StoreError::Registry(error)) if !error.is_authentication() && !error.is_network() => {
            match place.store.resolve(&target).await? {
                Some(digest) => place.store.delete(&Target::Digest(digest)).await,
                None => Ok(false),
            }
        }
        outcome => outcome,
    }
}

/// The referrers of the image that are of this kind.
async fn referrers(located: &Located, image: &Digest, kind: Kind) -> Result<Vec<Digest>, StoreError> {
    let mut found = Vec::new();
    for listed in referrers::list(&located.attached, image).await? {
        if let Some(attachment) = referrers::may_be_attached(&listed)
            && kind.has(attachment)
            && referrers::layers(&located.attached, image, &listed).await?.is_some()
        {
            found.push(listed.digest.clone());
        }
        if kind == Kind::Sbom || !referrers::may_be_bundle(&listed) {
            continue;
        }
        if let Opened::Bundle(bundle) = referrers::open(&located.attached, image, &listed, MAX_BUNDLE).await?
            && kind.has_bundle(bundle.claimed_predicate_type())
        {
            found.push(bundle.manifest.digest.clone());
        }
    }
    Ok(found)
}
