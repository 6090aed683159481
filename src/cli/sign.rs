use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign::file::write_atomic;
use countersign::reference::Target;
use countersign::sign::{self, Format, Options, Prepared, Reach, Services, Signed, Signer, Subject, base64, subjects};
use countersign::store::{Attachment, Store};
use countersign::trust::write_time;
use countersign::verify::Image;
use countersign::verify::image::resolve;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::detached::file_or_address;
use super::options::{Annotations, Attached, Registry, Signing, media_types};
use super::{Context, Failure, place, services};

/// How many images are looked up, and signed, at once.
const WORKERS: usize = 8;

/// Sign images
///
/// Signs the digest of each image and puts the signature beside it: under the tag sha256-<hex>.sig, which every cosign
/// reads, or as a bundle that refers to the image (--new-bundle-format, and with the flags that only cosign 3 has).
/// A signature that the image has already is not made again. A digest may be signed before the image is pushed, but for
/// bundles and other referrers. With --registry-referrers-mode oci-1-1, a signature of the old format refers to the
/// image: cosign reads it with --experimental-oci11, but only one of several.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  # by digest, made public in the transparency log
  countersign sign --key cosign.key registry.example.com/app@sha256:…

  # without a log, with annotations
  countersign sign --key cosign.key --tlog-upload=false -a commit=1a2b3c registry.example.com/app@sha256:…

  # an index and all images that it lists
  countersign sign --key cosign.key --recursive registry.example.com/app@sha256:…

  # only write the signature to a file
  countersign sign --key cosign.key --upload=false --output-signature app.sig registry.example.com/app@sha256:…")]
pub struct Args {
    /// Images: host/repository@sha256:…, …:tag (resolved once), or oci:DIRECTORY[:TAG]
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<String>,
    /// Sign the images that an index lists as well
    #[arg(long, short)]
    recursive: bool,
    #[command(flatten)]
    annotations: Annotations,
    /// Sign NAME as the image's docker-reference, in place of its repository
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    sign_container_identity: String,
    /// Sign this payload (FILE) in place of the one that is made
    #[arg(long, value_name = "FILE")]
    payload: Option<String>,
    /// Sign what is attached to the image (sbom) in place of the image
    #[arg(long, value_name = "NAME", default_value = "", value_parser = ["", "sbom"], hide_possible_values = true)]
    attachment: String,
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    output: OutputFlags,
    #[command(flatten)]
    registry: Registry,
    #[command(flatten)]
    attached: Attached,
    /// Not supported: certificates of Fulcio; bring one with --certificate
    #[arg(long, hide_short_help = true)]
    issue_certificate: bool,
}

#[derive(clap::Args)]
#[command(next_help_heading = "Output")]
struct OutputFlags {
    /// Put the signature beside the image
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    upload: bool,
    /// Keep the signature as a Sigstore bundle (true) or under the .sig tag (false)
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    new_bundle_format: Option<bool>,
    /// Write the bundle to FILE
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Write the signature to FILE, base64
    #[arg(long, value_name = "FILE")]
    output_signature: Option<PathBuf>,
    /// Write the signed payload to FILE
    #[arg(long, value_name = "FILE")]
    output_payload: Option<PathBuf>,
    /// Write the certificate, else the public key, to FILE (PEM)
    #[arg(long, value_name = "FILE")]
    output_certificate: Option<PathBuf>,
    /// Record the time in the signature's manifest; without it, equal signatures are equal manifests
    #[arg(long)]
    record_creation_timestamp: bool,
    /// legacy keeps the signature under the .sig tag; oci-1-1 refers to the image, as bundles do
    #[arg(long, value_name = "MODE", value_parser = ["", "legacy", "oci-1-1"], hide_possible_values = true)]
    registry_referrers_mode: Option<String>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    refuse(&args)?;
    let client = args.registry.client(context)?;
    let services = services::services(&args.signing, context).await?;
    if !is_bundle(&args) {
        services.at_most_one_each()?;
    }
    let options = options(&args, context).await?;
    let named = |name: &String| place::image(name, &client, &args.attached);
    let images = args.images.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    for image in images.iter().filter(|image| matches!(image.target, Target::Tag(_))) {
        context.note(&tag_warning(&image.name));
    }
    services::consent(&args.signing, &services).await?;
    let alone = images.len() == 1;
    let found = stream::iter(&images)
        .map(|image| async {
            let found = targets(image, alone, &services, &options, &args).await;
            found.map_err(|failure| failed(image, failure))
        })
        .buffered(WORKERS)
        .try_concat();
    let (signer, mut jobs) = services::signer_while(&args.signing, context, found).await?;
    // Two names of one image are signed once.
    let mut known = BTreeSet::new();
    let place = |job: &Job| job.image.place.name(&job.subject.digest, Attachment::Signatures);
    jobs.retain(|job| known.insert((place(job), job.subject.identity.clone())));
    sign_all(jobs, &signer, &services, &options, &args, context).await
}

/// One thing to be signed, and what was done for that already.
struct Job<'a> {
    image: &'a Image,
    subject: Subject,
    prepared: Prepared,
}

fn failed(image: &Image, failure: Failure) -> Failure {
    failure.context(&format!("signing {}", image.name))
}

fn refuse(args: &Args) -> Result<(), Failure> {
    let output = &args.output;
    if args.issue_certificate {
        return Err(Failure::new(
            "--issue-certificate: certificates of Fulcio are not supported; bring one with --certificate",
        ));
    }
    let legacy = output.registry_referrers_mode.as_deref() == Some("legacy");
    if is_bundle(args) && (output.record_creation_timestamp || legacy) {
        return Err(Failure::new(
            "--record-creation-timestamp and --registry-referrers-mode legacy are about .sig tags, but a bundle is \
             written; add --new-bundle-format=false",
        ));
    }
    if is_bundle(args) && !args.sign_container_identity.is_empty() {
        return Err(Failure::new(
            "--sign-container-identity: a bundle signs the digest alone and no name; add --new-bundle-format=false",
        ));
    }
    if !is_bundle(args) && output.bundle.is_some() {
        return Err(Failure::new(
            "--bundle needs the bundle format, which --new-bundle-format=false forbids; drop one",
        ));
    }
    Ok(())
}

/// What only cosign 3 knows asks for what cosign 3 does.
fn is_bundle(args: &Args) -> bool {
    let of_cosign_3 = args.output.bundle.is_some() || args.signing.is_of_cosign_3();
    args.output.new_bundle_format.unwrap_or(of_cosign_3)
}

async fn options(args: &Args, context: &Context) -> Result<Options, Failure> {
    let now = write_time(super::tuf::now());
    Ok(Options {
        annotations: args.annotations.parse()?,
        identity: Some(args.sign_container_identity.clone()).filter(|identity| !identity.is_empty()),
        payload: match &args.payload {
            Some(payload) => Some(file_or_address("--payload", payload, &context.http()).await?),
            None => None,
        },
        format: format(args, &now),
        upload: args.output.upload,
        now,
    })
}

fn format(args: &Args, now: &str) -> Format {
    let media_types = media_types();
    let created = args.output.record_creation_timestamp.then(|| now.to_owned());
    match args.output.registry_referrers_mode.as_deref() {
        _ if is_bundle(args) => Format::Bundle,
        Some("oci-1-1") => Format::Referrer { media_types, created },
        _ => Format::Layer { media_types, created },
    }
}

/// What is signed of `image`, and what is prepared for it, where it is the one image.
async fn targets<'a>(
    image: &'a Image,
    alone: bool,
    services: &Services,
    options: &Options,
    args: &Args,
) -> Result<Vec<Job<'a>>, Failure> {
    let reach = Reach::needed(args.recursive, !matches!(options.format, Format::Layer { .. }));
    let found = if args.attachment.is_empty() {
        subjects(&image.store, &image.target, &image.identity, reach).await?
    } else {
        let digest = resolve(image).await?;
        let attached = Target::Tag(image.place.tag(&digest, Attachment::Sbom));
        subjects(&image.place.store, &attached, &image.identity, reach).await?
    };
    let job = |subject| Job {
        image,
        subject,
        prepared: Prepared::default(),
    };
    let mut jobs: Vec<_> = found.into_iter().map(job).collect();
    if let [job] = jobs.as_mut_slice()
        && alone
    {
        job.prepared = sign::prepare(&job.subject, &image.place, services, options).await?;
    }
    Ok(jobs)
}

/// Signs several at once and tells of them in order. After a failure no other is begun, but what is under way is ended,
/// so that nothing is left in a log without its signature.
async fn sign_all(
    jobs: Vec<Job<'_>>,
    signer: &Signer,
    services: &Services,
    options: &Options,
    args: &Args,
    context: &Context,
) -> Result<(), Failure> {
    let stopped = Cell::new(false);
    let mut outcomes = stream::iter(jobs)
        .map(|job| async {
            if stopped.get() {
                return None;
            }
            let signed = sign::sign(&job.subject, &job.image.place, signer, services, options, &job.prepared).await;
            if signed.is_err() {
                stopped.set(true);
            }
            Some((job, signed))
        })
        .buffered(WORKERS);
    let mut first = Ok(());
    while let Some(outcome) = outcomes.next().await {
        let Some((job, signed)) = outcome else { continue };
        let done = signed.map_err(Failure::from).and_then(|signed| {
            tell(job.image, &signed, options, context);
            write(&job.subject, &signed, signer, args, context)
        });
        if let Err(failure) = done {
            stopped.set(true);
            let failure = failed(job.image, failure);
            match first {
                Ok(()) => first = Err(failure),
                Err(_) => context.note(&format!("WARNING: {}", failure.line())),
            }
        }
    }
    first
}

fn tell(image: &Image, signed: &Signed, options: &Options, context: &Context) {
    // cosign names the whole repository where it is the image's own, else its path.
    let place = match (&image.place.store, &image.store) {
        (Store::Registry { repository, .. }, Store::Registry { repository: own, .. }) if repository != own => {
            repository.path().to_owned()
        }
        (store, _) => store.to_string(),
    };
    if signed.present {
        context.note(&format!("Already signed with this key, nothing to push to: {place}"));
        return;
    }
    services::tell_entries(&signed.published, context);
    if options.upload {
        context.note(&format!("Pushing signature to: {place}"));
    }
}

fn write(subject: &Subject, signed: &Signed, signer: &Signer, args: &Args, context: &Context) -> Result<(), Failure> {
    let output = &args.output;
    // Of several images, each has files of its own, as with cosign.
    let file = |path: &Path| match args.recursive {
        true => PathBuf::from(format!("{}-{}", path.display(), subject.digest.tag_prefix())),
        false => path.to_owned(),
    };
    let signature = base64(&signed.signature);
    if let Some(path) = &output.output_signature {
        write_atomic(&file(path), signature.as_bytes(), 0o600)?;
    } else if !output.upload && output.bundle.is_none() {
        context.print(&format!("{signature}\n"))?;
    }
    if let Some(path) = &output.output_payload {
        write_atomic(&file(path), &signed.payload, 0o600)?;
    }
    if let Some(path) = &output.output_certificate {
        let pem = signer
            .certificate_pem()
            .unwrap_or_else(|| signer.key().public_key().to_pem());
        write_atomic(path, pem.as_bytes(), 0o600)?;
    }
    if let (Some(path), Some(bundle)) = (&output.bundle, &signed.bundle) {
        write_atomic(&file(path), bundle, 0o644)?;
        context.note(&format!("Wrote bundle to file {}", file(path).display()));
    }
    Ok(())
}

fn tag_warning(name: &str) -> String {
    format!(
        "WARNING: Image reference {name} uses a tag, not a digest, to identify the image to sign.\n    This can lead you \
         to sign a different image than the intended one. Please use a\n    digest (example.com/ubuntu@sha256:abc123...) \
         rather than tag\n    (example.com/ubuntu:latest) for the input to cosign. The ability to refer to\n    images by \
         tag will be removed in a future release.\n"
    )
}
