use std::path::PathBuf;

use bytes::Bytes;
use countersign::bundle::{Bundle, Content};
use countersign::dsse::{Envelope, IN_TOTO};
use countersign::statement::Statement;
use countersign::store::referrers::{self, NewBundle};
use countersign::store::{Attachment, Located, NewLayer, append};

use super::attach::read;
use super::options::{Attached, Registry, media_types};
use super::{Context, Failure};

/// Attach attestations that were made elsewhere
///
/// Adds DSSE envelopes (one or several in a file, as JSON lines) or Sigstore bundles to the attestations of the image.
/// Those that are there already are kept, also when others write at the same time.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign attach attestation --attestation envelope.json ghcr.io/me/app:1.0\n  \
    countersign attach attestation --attestation one.json --attestation two.jsonl IMAGE")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    /// DSSE envelopes or a bundle (JSON FILE); repeatable
    #[arg(long, value_name = "FILE", required = true)]
    attestation: Vec<PathBuf>,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let image = located.fetch().await?.digest;
    for path in &args.attestation {
        context.note(&format!("Using payload from: {}", path.display()));
        let bytes = read("--attestation", path)?;
        if Bundle::is_bundle(&bytes) {
            attach_bundle(&located, &bytes).await?;
            continue;
        }
        let layers = envelopes(&bytes)
            .map_err(|reason| Failure::new(format!("attaching payload from {}: {reason}", path.display())))?;
        let change = append::Change::add(&layers, media_types());
        append::append(&located.attached, &image, Attachment::Attestations, &change).await?;
    }
    Ok(())
}

/// The envelopes of a file, each a layer.
fn envelopes(bytes: &[u8]) -> Result<Vec<NewLayer>, String> {
    let documents = serde_json::Deserializer::from_slice(bytes).into_iter::<&serde_json::value::RawValue>();
    let mut layers = Vec::new();
    for document in documents {
        let document = document.map_err(|error| error.to_string())?;
        let envelope = Envelope::parse(document.get().as_bytes()).map_err(|error| error.to_string())?;
        if envelope.payload_type != IN_TOTO {
            return Err(format!(
                "invalid payloadType {:?} on envelope. Expected {IN_TOTO}",
                envelope.payload_type
            ));
        }
        if envelope.signatures.is_empty() {
            return Err("could not attach attestation without having signatures".to_owned());
        }
        // cosign names no type here; with it, `download attestation --predicate-type` finds the attestation.
        let statement = Statement::parse(&envelope.payload).map_err(|error| error.to_string())?;
        layers.push(NewLayer::attestation(envelope.to_json(), &statement.predicate_type));
    }
    if layers.is_empty() {
        return Err("it holds no envelope".to_owned());
    }
    Ok(layers)
}

/// Stores a bundle as a referrer of the image.
///
/// # Errors
/// It is no valid bundle, or cannot be stored.
pub async fn attach_bundle(located: &Located, bytes: &[u8]) -> Result<(), Failure> {
    let bundle = Bundle::parse(bytes)?;
    let (content, predicate_type) = match &bundle.content {
        Content::Dsse(envelope) => {
            let statement = Statement::parse(&envelope.payload)?;
            ("dsse-envelope", Some(statement.predicate_type))
        }
        Content::Message { .. } => ("message-signature", None),
    };
    let image = located.fetch().await?;
    let created = super::attach::now();
    let new = NewBundle {
        bundle: Bytes::copy_from_slice(bytes),
        content,
        predicate_type: predicate_type.as_deref(),
        created: &created,
    };
    referrers::push_bundle(&located.attached, &image.descriptor(), &new).await?;
    Ok(())
}
