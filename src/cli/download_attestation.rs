use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::bundle::{Bundle, Content};
use countersign::dsse::Envelope;
use countersign::statement::{PredicateType, Statement};
use countersign::store::referrers::{self, Opened};
use countersign::store::transfer::PlatformFilter;
use countersign::store::{Attachment, signatures};
use serde::Serialize;

use super::download_signature::one_line;
use super::options::{Attached, Registry};
use super::{Context, Failure, download};

/// Print the attestations of an image, a JSON document a line
///
/// Sigstore bundles first, then the envelopes under the tag sha256-<hex>.att. Nothing is verified.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign download attestation ghcr.io/me/app:1.0\n  \
    countersign download attestation --predicate-type slsaprovenance --platform linux/arm64 ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// Only attestations of this type: a short name (slsaprovenance, spdxjson, …) or a URI
    #[arg(long, value_name = "TYPE")]
    predicate_type: Option<String>,
    /// Those of the image that is for this platform, of a multi-platform image
    #[arg(long, value_name = "OS/ARCH[/VARIANT]")]
    platform: Option<PlatformFilter>,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

/// An envelope as cosign prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed<'a> {
    payload_type: &'a str,
    payload: String,
    signatures: Vec<PrintedSignature<'a>>,
}

#[derive(Serialize)]
struct PrintedSignature<'a> {
    keyid: &'a str,
    sig: String,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let limit = download::limit()?;
    let wanted = args.predicate_type.as_deref().map(PredicateType::asked);
    let fits = |found: &str| wanted.as_ref().is_none_or(|wanted| wanted.uri() == found);
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let image = located.platform(args.platform.as_ref()).await?;
    let mut any = false;
    for listed in referrers::list(&located.attached, &image).await? {
        if !referrers::may_be_bundle(&listed) {
            continue;
        }
        let Opened::Bundle(stored) = referrers::open(&located.attached, &image, &listed, limit).await? else {
            continue;
        };
        let Content::Dsse(envelope) = Bundle::parse(&stored.bundle)?.content else {
            continue;
        };
        let statement = Statement::parse(&envelope.payload)?;
        // An image signature is no attestation, unless it is asked for.
        if fits(&statement.predicate_type) && (wanted.is_some() || statement.predicate_type != referrers::SIGNATURE) {
            context.print(&format!("{}\n", one_line(&stored.bundle)))?;
            any = true;
        }
    }
    if let Some(manifest) = signatures::read(&located.attached, &image, Attachment::Attestations).await? {
        for layer in manifest.layers() {
            let bytes = signatures::content(&located.attached, &layer?.payload, limit).await?;
            let envelope = Envelope::parse(&bytes)?;
            if wanted.is_some() && !fits(&Statement::parse(&envelope.payload)?.predicate_type) {
                continue;
            }
            context.print(&format!("{}\n", print(&envelope)?))?;
            any = true;
        }
    }
    match args.predicate_type {
        _ if any => Ok(()),
        Some(wanted) => Err(Failure::new(format!(
            "no attestations with predicate type '{wanted}' found"
        ))),
        None => Err(Failure::new(format!("found no attestations of {}", args.image))),
    }
}

fn print(envelope: &Envelope) -> Result<String, serde_json::Error> {
    let signatures = envelope.signatures.iter().map(|signature| PrintedSignature {
        keyid: &signature.key_id,
        sig: STANDARD.encode(&signature.signature),
    });
    let printed = Printed {
        payload_type: &envelope.payload_type,
        payload: STANDARD.encode(&envelope.payload),
        signatures: signatures.collect(),
    };
    Ok(one_line(&countersign::json::go_to_vec(&printed)?))
}
