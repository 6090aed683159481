//! What is attached to an image and who claims to have signed it. Nothing here is verified: it serves to find out which
//! key or identity to ask for.

use serde::Serialize;

use crate::bundle::{Bundle, Content, Signer};
use crate::certificate::Certificate;
use crate::digest::{Digest, hex};
use crate::dsse::Envelope;
use crate::payload::Payload;
use crate::reference::Target;
use crate::rekor::{LogEntry, annotation};
use crate::statement::Statement;
use crate::store::referrers::{self, Opened, SIGNATURE};
use crate::store::{Attachment, Located, SignatureLayer, SignatureManifest, StoreError, signatures};

/// Most signatures that are looked at; an image has a few.
const MAX_CLAIMS: usize = 1_000;

/// How a signature is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A layer under `sha256-<hex>.sig` or `.att`.
    Tag,
    /// Such a layer in a manifest that refers to the image.
    Referrer,
    /// A Sigstore bundle that refers to the image.
    Bundle,
}

/// Who claims to have signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ClaimedSigner {
    /// A key; which one cannot be seen from the signature.
    Key {
        /// A hint at it: base64 of the SHA-256 of the public key, in cosign's bundles.
        #[serde(skip_serializing_if = "String::is_empty")]
        hint: String,
    },
    /// The holder of a certificate.
    Certificate {
        /// Identities: e-mail addresses, URIs and other names.
        identities: Vec<String>,
        /// Who vouched for the identity (Fulcio's OIDC issuer).
        #[serde(skip_serializing_if = "Option::is_none")]
        issuer: Option<String>,
    },
}

/// A log entry as it lies beside the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimedEntry {
    /// Index in the log.
    pub log_index: i64,
    /// The log's identifier, hexadecimal.
    pub log_id: String,
    /// When the log says that it took the entry, seconds since 1970; Rekor v2 does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_time: Option<i64>,
}

/// One signature or attestation, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Where it lies.
    pub place: String,
    /// How it is stored.
    pub format: Format,
    /// Predicate type of an attestation; `None` for an image signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// Who signed, when that can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<ClaimedSigner>,
    /// Whether it names the image that it is attached to.
    pub names_image: bool,
    /// The name under which the image was signed (`docker-reference`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Annotations that were signed along.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub annotations: serde_json::Map<String, serde_json::Value>,
    /// Log entries beside it.
    pub entries: Vec<ClaimedEntry>,
    /// How many RFC 3161 timestamps lie beside it.
    pub timestamps: usize,
    /// Why it cannot be read, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What is attached to the image, unverified, `.sig` first, then `.att`, then referrers.
///
/// # Errors
/// [`StoreError`] when a look-up fails; what is found and makes no sense is a [`Claim`] with a problem.
pub async fn inspect(located: &Located, image: &Digest, limit: usize) -> Result<Vec<Claim>, StoreError> {
    let mut claims = Vec::new();
    for attachment in [Attachment::Signatures, Attachment::Attestations] {
        let Some(manifest) = signatures::read(&located.attached, image, attachment).await? else {
            continue;
        };
        let place = located.attached.name(image, attachment);
        claims.extend(of_manifest(located, image, attachment, &place, &manifest, limit).await?);
    }
    for listed in referrers::list(&located.attached, image).await?.iter().take(MAX_CLAIMS) {
        if referrers::may_be_attached(listed) == Some(Attachment::Signatures)
            && let Some(manifest) = referrers::layers(&located.attached, image, listed).await?
        {
            let place = located.attached.store.name(&Target::Digest(listed.digest.clone()));
            let of_manifest = of_manifest(located, image, Attachment::Signatures, &place, &manifest, limit);
            let referring = |claim| Claim {
                format: Format::Referrer,
                ..claim
            };
            claims.extend(of_manifest.await?.into_iter().map(referring));
        }
        if !referrers::may_be_bundle(listed) {
            continue;
        }
        if let Opened::Bundle(stored) = referrers::open(&located.attached, image, listed, limit).await? {
            claims.push(match Bundle::parse(&stored.bundle) {
                Ok(bundle) => of_bundle(stored.name, image, &bundle),
                Err(error) => unreadable(stored.name, Format::Bundle, error.to_string()),
            });
        }
    }
    Ok(claims)
}

async fn of_manifest(
    located: &Located,
    image: &Digest,
    attachment: Attachment,
    place: &str,
    manifest: &SignatureManifest,
    limit: usize,
) -> Result<Vec<Claim>, StoreError> {
    let mut claims = Vec::new();
    for layer in manifest.layers() {
        claims.push(match layer {
            Ok(layer) => of_layer(located, image, attachment, place, &layer, limit).await?,
            Err(fault) => unreadable(place.to_owned(), Format::Tag, fault.to_string()),
        });
    }
    Ok(claims)
}

fn empty(place: String, format: Format) -> Claim {
    Claim {
        place,
        format,
        predicate_type: None,
        signer: None,
        names_image: false,
        identity: None,
        annotations: serde_json::Map::new(),
        entries: Vec::new(),
        timestamps: 0,
        problem: None,
    }
}

fn unreadable(place: String, format: Format, problem: String) -> Claim {
    Claim {
        problem: Some(problem),
        ..empty(place, format)
    }
}

async fn of_layer(
    located: &Located,
    image: &Digest,
    attachment: Attachment,
    place: &str,
    layer: &SignatureLayer,
    limit: usize,
) -> Result<Claim, StoreError> {
    let place = format!("{place} layer {}", layer.position);
    let content = signatures::content(&located.attached, &layer.payload, limit).await?;
    let mut claim = empty(place, Format::Tag);
    claim.signer = Some(match &layer.certificate {
        None => ClaimedSigner::Key { hint: String::new() },
        Some(pem) => match Certificate::chain_from_pem(pem.as_bytes()) {
            Ok(chain) => of_certificates(&chain),
            Err(error) => return Ok(unreadable(claim.place, Format::Tag, error.to_string())),
        },
    });
    if let Some(text) = &layer.bundle {
        match annotation::parse(text) {
            Ok(entry) => claim.entries.push(of_entry(&entry)),
            Err(error) => claim.problem = Some(error.to_string()),
        }
    }
    claim.timestamps = usize::from(layer.timestamp.is_some());
    if attachment == Attachment::Attestations {
        match Envelope::parse(&content) {
            Ok(envelope) => of_statement(&mut claim, image, &envelope),
            Err(error) => claim.problem = Some(error.to_string()),
        }
        return Ok(claim);
    }
    match Payload::parse(&content) {
        Ok(payload) => {
            claim.names_image = payload.image() == image;
            claim.identity = Some(payload.identity().to_owned());
            let optional = payload
                .optional()
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()));
            claim.annotations = optional.collect();
        }
        Err(error) => claim.problem = Some(error.to_string()),
    }
    Ok(claim)
}

fn of_bundle(place: String, image: &Digest, bundle: &Bundle) -> Claim {
    let mut claim = empty(place, Format::Bundle);
    claim.signer = Some(match &bundle.signer {
        Signer::PublicKey { hint } => ClaimedSigner::Key { hint: hint.clone() },
        Signer::Certificates(chain) => of_certificates(chain),
    });
    claim.entries = bundle.entries.iter().map(of_entry).collect();
    claim.timestamps = bundle.timestamps.len();
    match &bundle.content {
        Content::Dsse(envelope) => of_statement(&mut claim, image, envelope),
        Content::Message { digest, .. } => {
            claim.names_image = digest.as_ref().is_some_and(|digest| digest.digest == image.to_bytes());
        }
    }
    claim
}

fn of_statement(claim: &mut Claim, image: &Digest, envelope: &Envelope) {
    match Statement::parse(&envelope.payload) {
        Ok(statement) => {
            if let Some(subject) = statement.subject_of(image) {
                claim.names_image = true;
                claim.annotations = subject.annotations.clone().into_iter().collect();
                claim.identity = Some(subject.name.clone()).filter(|name| !name.is_empty());
            }
            claim.predicate_type = Some(statement.predicate_type).filter(|found| found != SIGNATURE);
        }
        Err(error) => claim.problem = Some(error.to_string()),
    }
}

fn of_certificates(chain: &[Certificate]) -> ClaimedSigner {
    let leaf = chain.first();
    let names = leaf.and_then(|leaf| leaf.subject_names().ok()).unwrap_or_default();
    let issuer = leaf.and_then(|leaf| leaf.fulcio().ok());
    ClaimedSigner::Certificate {
        identities: names.iter().map(|name| name.value().to_owned()).collect(),
        issuer: issuer.and_then(|claims| claims.issuer().map(str::to_owned)),
    }
}

fn of_entry(entry: &LogEntry) -> ClaimedEntry {
    ClaimedEntry {
        log_index: entry.log_index,
        log_id: hex(&entry.log_id),
        integrated_time: (entry.integrated_time != 0).then_some(entry.integrated_time),
    }
}
