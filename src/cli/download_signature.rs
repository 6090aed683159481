use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::digest::Digest;
use countersign::pem;
use countersign::store::referrers::{self, Opened};
use countersign::store::{Attachment, Located, SignatureLayer, StoreError, signatures};
use serde::Serialize;
use serde_json::value::RawValue;

use super::options::{Attached, Registry};
use super::{Context, Failure};

/// Print the signatures of an image, a JSON document a line
///
/// Sigstore bundles first, then the signatures under the tag sha256-<hex>.sig with what lies beside them. Nothing is
/// verified.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  countersign download signature ghcr.io/me/app:1.0")]
pub struct Args {
    /// The image
    #[arg(value_name = "IMAGE")]
    image: String,
    #[command(flatten)]
    attached: Attached,
    #[command(flatten)]
    registry: Registry,
}

/// A signature as cosign prints it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SignedPayload<'a> {
    base64_signature: &'a str,
    payload: String,
    cert: Option<Certificate>,
    chain: Option<Vec<Certificate>>,
    bundle: Option<Box<RawValue>>,
    #[serde(rename = "RFC3161Timestamp")]
    timestamp: Option<Box<RawValue>>,
}

/// A certificate: DER in base64. Go prints every field of it beside that.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Certificate {
    raw: String,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let located = args.attached.locate(&args.registry.client(context)?, &args.image)?;
    let image = located.fetch().await?.digest;
    let mut lines = bundles(&located, &image).await?;
    let mut manifests = Vec::from_iter(signatures::read(&located.attached, &image, Attachment::Signatures).await?);
    for listed in referrers::list(&located.attached, &image).await? {
        if referrers::may_be_attached(&listed) == Some(Attachment::Signatures) {
            manifests.extend(referrers::layers(&located.attached, &image, &listed).await?);
        }
    }
    for manifest in &manifests {
        for layer in manifest.layers() {
            let layer = layer?;
            let payload = signatures::content(&located.attached, &layer.payload, signatures::MAX_PAYLOAD).await?;
            lines.push(line(&layer, &payload)?);
        }
    }
    if lines.is_empty() {
        return Err(Failure::new(format!("{}: no signatures associated", args.image)));
    }
    lines.push(String::new());
    context.print(&lines.join("\n"))?;
    Ok(())
}

/// The bundles that are image signatures, as they are stored.
async fn bundles(located: &Located, image: &Digest) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for listed in referrers::list(&located.attached, image).await? {
        if !referrers::may_be_bundle(&listed) {
            continue;
        }
        let opened = referrers::open(&located.attached, image, &listed, countersign::bundle::MAX_BUNDLE).await?;
        if let Opened::Bundle(bundle) = opened
            && bundle
                .claimed_predicate_type()
                .is_none_or(|claimed| claimed == referrers::SIGNATURE)
        {
            found.push(one_line(&bundle.bundle));
        }
    }
    Ok(found)
}

/// JSON of others on one line, so that the output stays a document a line; control characters are not JSON anyway.
pub fn one_line(json: &[u8]) -> String {
    String::from_utf8_lossy(json).replace(['\n', '\r'], " ")
}

fn line(layer: &SignatureLayer, payload: &[u8]) -> Result<String, Failure> {
    let certificates = |text: &Option<String>| -> Result<Vec<Certificate>, Failure> {
        let Some(text) = text else { return Ok(Vec::new()) };
        let blocks = pem::all(text.as_bytes())?;
        let raw = |block: pem::Block| Certificate {
            raw: STANDARD.encode(&*block.contents),
        };
        Ok(blocks.into_iter().map(raw).collect())
    };
    let json = |text: &Option<String>| text.clone().map(RawValue::from_string).transpose();
    let chain = certificates(&layer.chain)?;
    let signed = SignedPayload {
        base64_signature: layer.signature.as_deref().unwrap_or_default(),
        payload: STANDARD.encode(payload),
        cert: certificates(&layer.certificate)?.into_iter().next(),
        chain: (!chain.is_empty()).then_some(chain),
        bundle: json(&layer.bundle)?,
        timestamp: json(&layer.timestamp)?,
    };
    Ok(one_line(&countersign::json::go_to_vec(&signed)?))
}
