use std::path::PathBuf;

use countersign::reference::Target;
use countersign::store::Attachment;
use countersign::verify::image::resolve;
use countersign::verify::{Claims, Expected, Image, Policy, Search, VerifiedImage, VerifyError, Workflow};
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::Semaphore;

use super::detached::Detached;
use super::image_list::ImageList;
use super::options::{Annotations, Attached, Evidence, Registry, Signer};
use super::report::{Output, Report};
use super::trust::Trust;
use super::{Context, Failure, place};

/// Verify the signatures of images
///
/// Looks for signatures of both formats on each image, and succeeds when one of them is by the asked key or identity,
/// about this very image, and (unless told otherwise) in a transparency log. The payloads of the good ones go to
/// standard output, the report of what was checked to standard error.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  # by key
  countersign verify --key cosign.pub registry.example.com/app@sha256:…

  # by identity
  countersign verify --certificate-identity ci@example.com \\
    --certificate-oidc-issuer https://issuer.example.com registry.example.com/app:1.0

  # all images of a Kubernetes manifest, a line of JSON for each
  countersign verify --key cosign.pub -f deployment.yaml -o jsonl

  # a directory that `save` wrote, without network
  countersign verify --key cosign.pub --local-image --offline ./saved")]
pub struct Args {
    /// Images: host/repository:tag, …@sha256:…, or oci:DIRECTORY[:TAG]
    #[arg(value_name = "IMAGE")]
    images: Vec<String>,
    /// More images from FILE (- is standard input): one a line, or a Kubernetes manifest or compose file
    #[arg(long, short, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Print json (an array per image), jsonl (a line per image, failures as well) or text (the payloads)
    #[arg(long, short, value_name = "FORMAT", default_value = "json")]
    output: Output,
    /// Stop at the first image that is not verified
    #[arg(long)]
    fail_fast: bool,
    /// How many images are verified at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    max_workers: usize,
    #[command(flatten)]
    signer: Signer,
    #[command(flatten, next_help_heading = "Claims")]
    claims: ClaimFlags,
    #[command(flatten)]
    evidence: Evidence,
    #[command(flatten, next_help_heading = "Where signatures lie")]
    places: Places,
    #[command(flatten)]
    registry: Registry,
    #[command(flatten)]
    attached: Attached,
}

#[derive(clap::Args)]
struct ClaimFlags {
    #[command(flatten)]
    annotations: Annotations,
    /// Whether signatures have to be about this image and carry the annotations
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    check_claims: bool,
    /// Let attestations of any type count as signatures: they prove less than a signature does
    #[arg(long)]
    accept_attestations: bool,
}

#[derive(clap::Args)]
struct Places {
    /// Images are directories that `save` wrote
    #[arg(long)]
    local_image: bool,
    /// Ask for bundles first (true) or only for .sig tags (false); both are looked for when it is not given
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    new_bundle_format: Option<bool>,
    /// Ask the referrers first, as --new-bundle-format does, also with --new-bundle-format=false
    #[arg(long)]
    experimental_oci11: bool,
    /// Signature to check in place of those in the registry: base64 text, FILE or an https:// address
    #[arg(long, value_name = "SIGNATURE")]
    signature: Option<String>,
    /// Payload that --signature is over: FILE or an https:// address
    #[arg(long, value_name = "FILE", requires = "signature")]
    payload: Option<String>,
    /// Verify what is attached to the image (sbom) in place of the image
    #[arg(long, value_name = "NAME", default_value = "", value_parser = ["", "sbom"], hide_possible_values = true)]
    attachment: String,
}

/// Results are told in order: so many more of them than are worked on at once may wait for a slow one before them.
const AHEAD: usize = 8;

impl Args {
    /// Takes the positional arguments as something other than images: `manifest verify` and `dockerfile verify` do.
    pub fn take_arguments(&mut self) -> Vec<String> {
        std::mem::take(&mut self.images)
    }

    /// Verifies also `images`, and those that `files` list.
    pub fn add(&mut self, images: Vec<String>, files: impl IntoIterator<Item = PathBuf>) {
        self.images.extend(images);
        self.file.extend(files);
    }
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let mut trust = Trust::load(&args.evidence, context)?;
    trust.warn("signature");
    let workflow = workflow(&args, &mut trust).await?;
    let images = images(&args, context)?;
    let detached = match &args.places.signature {
        Some(signature) => {
            let client = context.http_unless(args.evidence.offline);
            Some(Detached::read(signature, args.places.payload.as_deref(), &client).await?)
        }
        None => None,
    };
    let mut report = Report::new(args.output, images.len(), context);
    let workers = args.max_workers.max(1);
    let places = Semaphore::new(workers);
    let mut outcomes = stream::iter(images)
        .map(|(name, image)| async {
            let _place = places.acquire().await;
            let verified = match image {
                Ok(image) => {
                    // Boxed when its turn comes: those that wait are many and small.
                    let verified = verify(&workflow, &image, &args.places.attachment, detached.as_ref());
                    Box::pin(verified).await.map_err(Failure::from)
                }
                Err(failure) => Err(failure),
            };
            (name, verified)
        })
        .buffered(workers.saturating_mul(AHEAD));
    while let Some((name, verified)) = outcomes.next().await {
        let failed = verified.is_err();
        report.add(&name, verified)?;
        if failed && args.fail_fast {
            break;
        }
    }
    report.finish()
}

async fn workflow(args: &Args, trust: &mut Trust<'_>) -> Result<Workflow, Failure> {
    let signer = trust.signer(&args.signer).await?;
    let (log, client) = trust.log().await?;
    Ok(Workflow {
        policy: Policy {
            signer,
            claims: Claims {
                expected: if args.claims.accept_attestations {
                    Expected::ImageSignatureOrStatement
                } else {
                    Expected::ImageSignature
                },
                subject: None,
                annotations: args.claims.annotations.parse()?,
            },
            log,
            timestamps: trust.timestamps().await?,
        },
        check_claims: args.claims.check_claims,
        search: search(&args.places, &args.evidence),
        log: client,
        now: jiff::Timestamp::now().as_second(),
    })
}

/// Bundles need a trusted root where a log is asked for, old signatures are usually checked without: what is likely
/// there is asked first, which only saves requests.
fn search(places: &Places, evidence: &Evidence) -> Search {
    match places.new_bundle_format {
        // Old signatures may be referrers.
        Some(false) if !places.experimental_oci11 => Search::TagOnly,
        Some(_) => Search::ReferrersFirst,
        None if places.experimental_oci11 || evidence.trusted_root.is_some() => Search::ReferrersFirst,
        None => Search::TagFirst,
    }
}

/// A name, and the image that it names or why it names none.
type Named = (String, Result<Image, Failure>);

/// The images in the order asked. A name that is none is a failure of its own, so that the others are still verified.
fn images(args: &Args, context: &Context) -> Result<Vec<Named>, Failure> {
    let client = if args.evidence.offline {
        args.registry.offline_client(context)?
    } else {
        args.registry.client(context)?
    };
    let list = ImageList::read(&args.images, &args.file)?;
    let image = |name: &String| match args.places.local_image {
        true => place::local_image(name),
        false => place::image(name, &client, &args.attached),
    };
    Ok(list.names().iter().map(|name| (name.clone(), image(name))).collect())
}

async fn verify(
    workflow: &Workflow,
    image: &Image,
    attachment: &str,
    detached: Option<&Detached>,
) -> Result<VerifiedImage, VerifyError> {
    let attached;
    let image = if attachment.is_empty() {
        image
    } else {
        let digest = resolve(image).await?;
        attached = Image {
            store: image.place.store.clone(),
            target: Target::Tag(image.place.tag(&digest, Attachment::Sbom)),
            ..image.clone()
        };
        &attached
    };
    match detached {
        Some(detached) => {
            let digest = resolve(image).await?;
            workflow
                .verify_candidate(image, digest.clone(), &detached.candidate(image, &digest))
                .await
        }
        None => workflow.verify(image).await,
    }
}
