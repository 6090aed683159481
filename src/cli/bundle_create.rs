use std::path::{Path, PathBuf};

use countersign::bundle::{self, Bundle, Content, Legacy, MAX_BUNDLE, MessageDigest};
use countersign::certificate::Certificate;
use countersign::dsse::Envelope;
use countersign::file::{read_limited, write_atomic};
use countersign::key::HashAlgorithm;
use countersign::proto_json::{decode_base64, encode_base64};
use countersign::rekor::{self, LogEntry, Submission, Verifier};

use super::blob::Blob;
use super::blob_evidence::timestamp;
use super::{Context, Failure, keys};

/// Make a Sigstore bundle of a signature that exists already
///
/// Takes the parts (signature or attestation, certificate or key, timestamp) or a bundle of cosign 2's form. The log's
/// entry is fetched when it is not at hand. Nothing is verified: use verify-blob on the result.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  countersign bundle create --artifact app.tar --bundle app.cosign.bundle --key cosign.pub --out app.sigstore.json
  countersign bundle create --artifact app.tar --signature app.sig --key cosign.pub --ignore-tlog")]
pub struct Args {
    /// The signed FILE
    #[arg(long, value_name = "FILE")]
    artifact: String,
    /// Bundle of cosign 2's form (FILE)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["signature", "attestation"])]
    bundle: Option<PathBuf>,
    /// Signature (FILE, base64)
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// Signed DSSE envelope (FILE)
    #[arg(long, value_name = "FILE")]
    attestation: Option<PathBuf>,
    /// Certificate of the signer (FILE, PEM or its base64)
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Public key of the signer: a FILE, env://NAME or an https:// address
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Timestamp (RFC 3161) over the signature (FILE)
    #[arg(long, value_name = "FILE")]
    rfc3161_timestamp: Option<PathBuf>,
    /// Make a bundle without an entry of a transparency log
    #[arg(long)]
    ignore_tlog: bool,
    /// Transparency log (Rekor v1) that has the signature
    #[arg(long, value_name = "URL", default_value = "https://rekor.sigstore.dev")]
    rekor_url: String,
    /// Write the bundle to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Not supported: hardware tokens; export the public key and name it with --key
    #[arg(long, hide_short_help = true)]
    sk: bool,
    /// Not supported: hardware tokens; export the public key and name it with --key
    #[arg(long, value_name = "SLOT", hide_short_help = true)]
    slot: Option<String>,
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    if args.sk || args.slot.is_some() {
        return Err(Failure::new(
            "--sk and --slot: hardware tokens are not supported; export the public key and name it with --key",
        ));
    }
    let legacy = match &args.bundle {
        Some(path) => Some(Legacy::parse(&read(path)?)?),
        None => None,
    };
    let signature = signature(&args, legacy.as_ref())?;
    let (signer, verifier, key) = signer(&args, legacy.as_ref(), context).await?;
    let content = content(&args, signature)?;
    let mut entries: Vec<LogEntry> = legacy.and_then(|legacy| legacy.entry).into_iter().collect();
    // What a bundle needs beyond cosign 2's form: a proof that the entry is in the log.
    entries.retain(|entry| entry.inclusion_proof.is_some());
    if args.ignore_tlog {
        entries.clear();
    } else if entries.is_empty() {
        let log = rekor::Client::new(context.http(), &args.rekor_url)?;
        entries = fetch(&log, &content, &verifier, key).await?;
        if entries.is_empty() {
            return Err(Failure::new(format!(
                "{} has no entry for this signature; use --ignore-tlog for a bundle without one",
                args.rekor_url
            )));
        }
    }
    let made = Bundle {
        version: bundle::Version::V03,
        signer,
        entries,
        timestamps: args
            .rfc3161_timestamp
            .as_deref()
            .map(timestamp)
            .transpose()?
            .into_iter()
            .collect(),
        content,
    };
    let json = made.to_json()?;
    match &args.out {
        Some(path) => Ok(write_atomic(path, &json, 0o600)?),
        None => {
            context.print_bytes(&json)?;
            Ok(context.print("\n")?)
        }
    }
}

fn signature(args: &Args, legacy: Option<&Legacy>) -> Result<Vec<u8>, Failure> {
    if let Some(path) = &args.attestation {
        return read(path);
    }
    match (&args.signature, legacy) {
        (Some(path), _) => {
            let text = read(path)?;
            decode_base64(text.trim_ascii())
                .map_err(|error| Failure::new(format!("--signature {}: not base64: {error}", path.display())))
        }
        (None, Some(legacy)) => Ok(legacy.signature.clone()),
        (None, None) => Err(Failure::new(
            "no signature is given: name it with --bundle, --signature or --attestation",
        )),
    }
}

async fn signer(
    args: &Args,
    legacy: Option<&Legacy>,
    context: &Context,
) -> Result<(bundle::Signer, Verifier, countersign::key::KeyAlgorithm), Failure> {
    if let Some(reference) = &args.key {
        let key = keys::public_key(reference, &context.http()).await?;
        let hint = encode_base64(&key.key_id());
        let verifier = Verifier::PublicKey(key.spki_der().to_vec());
        return Ok((bundle::Signer::PublicKey { hint }, verifier, key.algorithm()));
    }
    let certificate = match &args.certificate {
        Some(path) => {
            let bytes = read(path)?;
            let pem = decode_base64(bytes.trim_ascii()).unwrap_or(bytes);
            Certificate::chain_from_pem(&pem)?.into_iter().next()
        }
        None => legacy.and_then(|legacy| legacy.certificates.first().cloned()),
    };
    let certificate = certificate.ok_or_else(|| {
        Failure::new("it is not known who signed: name the key with --key or the certificate with --certificate")
    })?;
    let verifier = Verifier::Certificate(certificate.der().to_vec());
    let algorithm = certificate.public_key().algorithm();
    Ok((bundle::Signer::Certificates(vec![certificate]), verifier, algorithm))
}

/// An envelope is an attestation, all else a signature over the artifact.
fn content(args: &Args, signature: Vec<u8>) -> Result<Content, Failure> {
    if let Ok(envelope) = Envelope::parse(&signature) {
        return Ok(Content::Dsse(envelope));
    }
    Ok(Content::Message {
        digest: Some(MessageDigest {
            algorithm: HashAlgorithm::Sha256,
            digest: Blob::open(&args.artifact)?.digest(HashAlgorithm::Sha256)?,
        }),
        signature,
    })
}

async fn fetch(
    log: &rekor::Client,
    content: &Content,
    verifier: &Verifier,
    key: countersign::key::KeyAlgorithm,
) -> Result<Vec<LogEntry>, Failure> {
    match content {
        Content::Dsse(envelope) => Ok(log.find_envelope(&envelope.to_json(), verifier).await?),
        Content::Message { digest, signature } => {
            let submission = Submission {
                hash: HashAlgorithm::Sha256,
                digest: digest
                    .as_ref()
                    .map(|digest| digest.digest.as_slice())
                    .unwrap_or_default(),
                signature,
                verifier,
                key,
            };
            Ok(log.find(&submission).await?)
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(read_limited(path, MAX_BUNDLE as u64)?)
}
