//! The signature of a blob, from the flags of `verify-blob` and `verify-blob-attestation`: a bundle of either form, or
//! single files.

use std::path::{Path, PathBuf};

use countersign::bundle::{Bundle, Content, Legacy, MAX_BUNDLE};
use countersign::certificate::Certificate;
use countersign::digest::Digest;
use countersign::file::read_limited;
use countersign::key::{HashAlgorithm, KeyAlgorithm};
use countersign::proto_json::decode_base64;
use countersign::statement::Statement;
use countersign::verify::blob;
use countersign::verify::{
    Candidate, Claims, Evidence, Location, Policy, SignedContent, Signer, VerifiedSignature, bundled,
};

use super::blob::Blob;
use super::options::{Evidence as EvidenceFlags, Signer as SignerFlags};
use super::trust::{Trust, warn_of_timestamps};
use super::{Context, Failure};

/// Largest timestamp file that is read, in bytes.
const MAX_TIMESTAMP_FILE: u64 = 256 << 10;

/// Where the signature is.
#[derive(clap::Args)]
#[command(next_help_heading = "Signature")]
pub struct Places {
    /// Bundle with the signature: a Sigstore bundle, or the form of cosign 2
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Whether --bundle is a Sigstore bundle; it is found out when this is not given
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    pub new_bundle_format: Option<bool>,
    /// Signature: a FILE, or the base64 text itself
    #[arg(long, value_name = "SIGNATURE")]
    pub signature: Option<String>,
    /// Timestamp (RFC 3161) over the signature: FILE, as sign-blob writes it or DER
    #[arg(long, value_name = "FILE")]
    pub rfc3161_timestamp: Option<PathBuf>,
    /// How many checks are made at once; a blob is one
    #[arg(long, value_name = "N", default_value_t = 10, hide_short_help = true)]
    pub max_workers: usize,
    /// Not supported: referrers of an image; a blob has none
    #[arg(long, hide_short_help = true)]
    pub experimental_oci11: bool,
}

/// What was read of the flags, before it is known what the signature is over.
enum Found {
    Bundle(Box<Bundle>),
    Legacy(Legacy),
    Bare(Vec<u8>),
}

impl Places {
    fn find(&self) -> Result<Found, Failure> {
        if self.experimental_oci11 {
            return Err(Failure::new(
                "--experimental-oci11: a blob has no referrers; give its signature with --bundle or --signature",
            ));
        }
        let Some(path) = &self.bundle else {
            let signature = self
                .signature
                .as_deref()
                .ok_or_else(|| Failure::new("no signature is given: name it with --bundle FILE or --signature FILE"))?;
            return Ok(Found::Bare(signature_bytes(signature)?));
        };
        let json = read(path, MAX_BUNDLE as u64)?;
        let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
        let mut found = if self.new_bundle_format.unwrap_or_else(|| Bundle::is_bundle(&json)) {
            Found::Bundle(Box::new(Bundle::parse(&json).map_err(|error| failed(&error))?))
        } else {
            Found::Legacy(Legacy::parse(&json).map_err(|error| failed(&error))?)
        };
        match (&mut found, &self.signature) {
            (Found::Legacy(legacy), Some(signature)) => legacy.signature = signature_bytes(signature)?,
            (_, Some(_)) => {
                return Err(Failure::new(
                    "--signature and --bundle contradict each other: a Sigstore bundle has its signature",
                ));
            }
            _ => {}
        }
        Ok(found)
    }

    fn name(&self) -> Location {
        Location::new(match (&self.bundle, &self.signature) {
            (Some(path), _) => path.display().to_string(),
            (None, Some(text)) if Path::new(text).exists() => text.clone(),
            _ => "--signature".to_owned(),
        })
    }
}

/// The token in a file of `--rfc3161-timestamp`: as sign-blob writes it, or DER.
///
/// # Errors
/// The file cannot be read or is neither.
pub fn timestamp(path: &Path) -> Result<Vec<u8>, Failure> {
    #[derive(serde::Deserialize)]
    struct File {
        #[serde(rename = "SignedRFC3161Timestamp")]
        token: countersign::proto_json::Bytes,
    }
    let bytes = read(path, MAX_TIMESTAMP_FILE)?;
    if bytes.first() == Some(&0x30) {
        return Ok(bytes);
    }
    let file: File = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::new(format!(
            "{}: neither DER nor what sign-blob writes: {error}",
            path.display()
        ))
    })?;
    Ok(file.token.0)
}

/// A verification of what lies on disk.
pub struct Verification<'a> {
    pub places: &'a Places,
    pub signer: &'a SignerFlags,
    pub evidence: &'a EvidenceFlags,
    /// What it has to say.
    pub claims: Claims,
    /// The blob that it has to be about, where that is a claim: then it is the subject of `claims`.
    pub subject: Option<Blob>,
    /// For messages: `blob` or `blob attestation`.
    pub what: &'static str,
}

impl Verification<'_> {
    /// Verifies the signature over `blob`; `None` where the signed content is in the signature (an attestation).
    ///
    /// # Errors
    /// The first check that failed, or a file or service that could not be read.
    pub async fn run(self, blob: Option<Blob>, context: &Context) -> Result<VerifiedSignature, Failure> {
        let mut trust = Trust::load(self.evidence, context)?;
        let found = self.places.find()?;
        trust.warn(self.what);
        let signer = trust.signer(self.signer).await?;
        let (log, client) = trust.log().await?;
        let mut timestamps = trust.timestamps().await?;
        if self.evidence.timestamp_certificate_chain.is_some() {
            timestamps.threshold = timestamps.threshold.max(1);
        }
        let stamp = self.places.rfc3161_timestamp.as_deref().map(timestamp).transpose()?;
        let several = evidence(found, blob, &signer)?;
        let mut policy = Policy {
            signer,
            claims: self.claims,
            log,
            timestamps,
        };
        // All are over the same content.
        if let (Some(subject), Some(one)) = (&self.subject, several.first()) {
            policy.claims.subject = Some(digest_like(subject, &one.content)?);
        }
        let now = jiff::Timestamp::now().as_second();
        let mut failure = None;
        for mut evidence in several {
            evidence.timestamps.extend(stamp.clone());
            let candidate = Candidate::new(self.places.name(), evidence);
            match blob::verify(&candidate, &policy, client.as_ref(), now).await {
                Ok(verified) => {
                    warn_of_timestamps(&verified, context);
                    return Ok(verified);
                }
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.map_or_else(|| Failure::new("there is no signature"), Failure::from))
    }
}

/// The digest of `blob` under SHA-256, unless only SHA-512 is used by a statement, as in npm's provenance.
fn digest_like(blob: &Blob, content: &SignedContent) -> Result<Digest, Failure> {
    let subjects = match content {
        SignedContent::Dsse { envelope, .. } => Statement::parse(&envelope.payload).map(|found| found.subject),
        _ => return blob.sha256(),
    };
    let uses = |name: &str| {
        subjects
            .iter()
            .flatten()
            .any(|subject| subject.digest.contains_key(name))
    };
    if uses("sha512") && !uses("sha256") {
        return blob.sha512();
    }
    blob.sha256()
}

/// The signatures one of which has to be good.
fn evidence(found: Found, blob: Option<Blob>, signer: &Signer) -> Result<Vec<Evidence>, Failure> {
    match found {
        Found::Bundle(bundle) => {
            let hash = match &bundle.content {
                Content::Message {
                    digest: Some(digest), ..
                } => digest.algorithm,
                _ => asked_hash(signer),
            };
            let whole = is_ed25519(signer, bundle.certificates().first());
            let content = blob.map(|blob| blob.into_content(hash, whole)).transpose()?;
            let evidence = bundled::evidence(*bundle, content).map_err(Failure::new)?;
            Ok(vec![evidence])
        }
        Found::Legacy(legacy) => {
            let mut several = detached(legacy.signature, blob, signer, legacy.certificates.first())?;
            for evidence in &mut several {
                let certificates = legacy.certificates.iter();
                evidence.certificates = certificates.map(|certificate| certificate.der().to_vec()).collect();
                evidence.entries = legacy.entry.iter().cloned().collect();
            }
            Ok(several)
        }
        Found::Bare(signature) => detached(signature, blob, signer, None),
    }
}

/// A signature over `blob`, or without one an attestation: an envelope in JSON.
fn detached(
    signature: Vec<u8>,
    blob: Option<Blob>,
    signer: &Signer,
    certificate: Option<&Certificate>,
) -> Result<Vec<Evidence>, Failure> {
    if let Some(blob) = blob {
        let content = blob.into_content(asked_hash(signer), is_ed25519(signer, certificate))?;
        return Ok(vec![Evidence::new(content, signature)]);
    }
    Ok(Evidence::of_envelope(&signature.into())?)
}

fn asked_hash(signer: &Signer) -> HashAlgorithm {
    match signer {
        Signer::Key { hash, .. } => *hash,
        Signer::Certificate(_) => HashAlgorithm::Sha256,
    }
}

/// Whether the signature is over all of the blob, not its digest.
fn is_ed25519(signer: &Signer, certificate: Option<&Certificate>) -> bool {
    let key = match signer {
        Signer::Key { key, .. } => Some(key),
        Signer::Certificate(policy) => policy.given.first().or(certificate).map(Certificate::public_key),
    };
    key.is_some_and(|key| key.algorithm() == KeyAlgorithm::Ed25519)
}

/// The bytes of a signature: the content of a file or the text itself, in base64 or as they are.
fn signature_bytes(argument: &str) -> Result<Vec<u8>, Failure> {
    let path = Path::new(argument);
    let bytes = if path.exists() {
        read(path, MAX_BUNDLE as u64)?
    } else {
        argument.as_bytes().to_vec()
    };
    match decode_base64(bytes.trim_ascii()) {
        Ok(decoded) => Ok(decoded),
        Err(_) if path.exists() => Ok(bytes),
        Err(_) => Err(Failure::new(format!(
            "--signature {argument:?} is neither a file nor base64"
        ))),
    }
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    Ok(read_limited(path, limit)?)
}
