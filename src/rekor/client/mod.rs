//! The client of a transparency log: Rekor v1 (sigstore/rekor `openapi.yaml`) and Rekor v2 (sigstore/rekor-tiles, and
//! its tiles by c2sp.org/tlog-tiles).
//!
//! What a log answers is untrusted: each entry is compared with what was asked for, and verified when the client has
//! keys. The key that a log says it has is never one of them.

mod answer;
mod proposal;
mod tiles;
mod v1;
mod v2;

pub use proposal::Submission;
pub use v1::LogInfo;

use super::{EntryError, LogEntry, LogKeys, Mismatch, VerifiedEntry, Verifier, verify_entry};
use crate::dsse::EnvelopeError;
use crate::http::{self, HeaderValue, Request, Response, StatusCode, Uri, shown};
use crate::key::HashAlgorithm;

/// Most bytes of an answer that are read. An entry has some 3 KiB, with a stored attestation 200 KiB.
const MAX_ANSWER: usize = 4 << 20;

/// Most bytes that are uploaded to a log. A log keeps hashes, but Rekor v1 wants the whole envelope to hash it itself.
pub const MAX_UPLOAD: usize = 32 << 20;

/// Most bytes that the public log takes: above some MiB its load balancer drops the connection without an answer
/// (sigstore/cosign#3599, sigstore/rekor#2808).
pub const MAX_PUBLIC_UPLOAD: usize = 2 << 20;

/// The version of a log's interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVersion {
    /// Rekor v1: signed entry timestamps, search, any kind of entry.
    V1,
    /// Rekor v2: tiles, only `hashedrekord`, no time of its own.
    V2,
}

/// A log that is reached over the network. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    service: Service,
    version: ApiVersion,
    keys: Option<LogKeys>,
}

/// Why a log did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The URL of the log is not one.
    #[error("{0:?} is not the URL of a transparency log: expected http:// or https:// and a host")]
    Url(String),
    /// The log could not be reached.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// The log could not be reached with a large upload, which is the likely cause.
    #[error(
        "{source}; the upload has {bytes} bytes, and many logs drop the connection above some MiB: use Rekor v2 \
         (--signing-config), which takes only a hash, or --tlog-upload=false"
    )]
    LargeUpload {
        /// What the connection did.
        source: http::Error,
        /// The size of the upload.
        bytes: usize,
    },
    /// The upload is larger than the log takes; it was not tried.
    #[error(
        "{bytes} bytes are more than the transparency log {log} takes ({limit}): it wants the whole attestation. Use \
         Rekor v2 (--signing-config), which takes only a hash, a log of your own (--rekor-url), or --tlog-upload=false"
    )]
    TooLarge {
        /// The URL of the log.
        log: String,
        /// The size of the upload.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The log answered with an error.
    #[error("the transparency log {log} answered {status}{}{message}", if message.is_empty() { "" } else { ": " })]
    Status {
        /// The URL that was asked.
        log: String,
        /// The status.
        status: StatusCode,
        /// What the log said, escaped and cut.
        message: String,
    },
    /// The answer is not what the interface promises.
    #[error("the transparency log {log} gave an answer that is not usable: {reason}")]
    Answer {
        /// The URL that was asked.
        log: String,
        /// What is wrong.
        reason: String,
    },
    /// A Rekor v2 has the entry already, and it cannot be read from its tiles.
    #[error("the transparency log {log} has this signature already, as entry {index}, but it can't be read: {source}")]
    Unreadable {
        /// The URL of the log.
        log: String,
        /// The index of the entry.
        index: u64,
        /// Why not.
        source: Box<ClientError>,
    },
    /// The entry in the answer is about something else.
    #[error("the transparency log {log} answered with an entry of something else: {reason}")]
    Foreign {
        /// The URL of the log.
        log: String,
        /// In what it differs.
        reason: Mismatch,
    },
    /// The entry in the answer does not verify with the trusted keys.
    #[error("the entry that the transparency log {log} answered with is refused: {reason}")]
    Unverified {
        /// The URL of the log.
        log: String,
        /// Which check failed.
        reason: Box<EntryError>,
    },
    /// The envelope that was to be uploaded is not one.
    #[error("the envelope to upload is malformed: {0}")]
    Envelope(#[from] EnvelopeError),
    /// No log takes signatures by such a key over such a hash; nothing was sent.
    #[error("transparency logs take no signatures by {0}; use another key, or --tlog-upload=false")]
    Algorithm(String),
    /// The log's interface has no such call.
    #[error("{what} is not possible with the transparency log {log}, which is Rekor v2")]
    NotSupported {
        /// What was asked.
        what: &'static str,
        /// The URL of the log.
        log: String,
    },
}

impl Client {
    /// A client of the Rekor v1 at `base_url`. Nothing is contacted yet.
    ///
    /// # Errors
    /// [`ClientError::Url`].
    pub fn new(http: http::Client, base_url: &str) -> Result<Self, ClientError> {
        Self::with_version(http, base_url, ApiVersion::V1)
    }

    /// A client of the log at `base_url` whose interface has `version`. Nothing is contacted yet.
    ///
    /// # Errors
    /// [`ClientError::Url`].
    pub fn with_version(http: http::Client, base_url: &str, version: ApiVersion) -> Result<Self, ClientError> {
        Ok(Self {
            service: Service::new(http, base_url)?,
            version,
            keys: None,
        })
    }

    /// The same, which also verifies each entry that it returns with `keys`.
    #[must_use]
    pub fn trusting(mut self, keys: LogKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// The URL of the log, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.service.base
    }

    /// The version of the interface.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// Makes a signature public. When the log has it already, the existing entry is fetched and returned: running a
    /// release again, or a lost answer, is no failure.
    ///
    /// # Errors
    /// [`ClientError`]; an entry about anything else than `submission` is refused.
    pub async fn create_hashedrekord(&self, submission: &Submission<'_>) -> Result<LogEntry, ClientError> {
        submission.check()?;
        let entry = match self.version {
            ApiVersion::V1 => v1::create(&self.service, &proposal::hashedrekord(submission)).await?,
            ApiVersion::V2 => {
                let request = proposal::hashedrekord_v2(submission)?;
                v2::create(&self.service, &request, self.keys.as_ref()).await?
            }
        };
        self.checked(entry, &submission.claim())
    }

    /// Makes a DSSE envelope public as an entry of kind `dsse`. `json` is the envelope as it will be stored: the log
    /// records its hash.
    ///
    /// # Errors
    /// [`ClientError`]; as [`Client::create_hashedrekord`], and for an envelope that is too large.
    pub async fn create_dsse(&self, json: &[u8], verifier: &Verifier) -> Result<LogEntry, ClientError> {
        self.create_envelope(json, verifier, proposal::dsse).await
    }

    /// Makes a DSSE envelope public as an entry of kind `intoto`, as older releases of cosign did
    /// (`--rekor-entry-type intoto`).
    ///
    /// # Errors
    /// As [`Client::create_dsse`].
    pub async fn create_intoto(&self, json: &[u8], verifier: &Verifier) -> Result<LogEntry, ClientError> {
        self.create_envelope(json, verifier, proposal::intoto).await
    }

    async fn create_envelope(
        &self,
        json: &[u8],
        verifier: &Verifier,
        propose: fn(&str, &Verifier) -> serde_json::Value,
    ) -> Result<LogEntry, ClientError> {
        self.only_v1("an entry for a whole envelope")?;
        let envelope = proposal::Envelope::parse(json)?;
        self.service.check_size(json.len())?;
        let entry = v1::create(&self.service, &propose(envelope.text(), verifier)).await?;
        self.checked(entry, &envelope.claim(verifier))
    }

    /// Asks a Rekor v1 for the entries of exactly this signature by this signer. Empty when the log has none.
    ///
    /// # Errors
    /// [`ClientError`]; an entry about anything else in the answer is refused, and the whole answer with it.
    pub async fn find(&self, submission: &Submission<'_>) -> Result<Vec<LogEntry>, ClientError> {
        self.only_v1("a search")?;
        let entries = v1::find(&self.service, &[proposal::hashedrekord(submission)]).await?;
        let claim = submission.claim();
        entries.into_iter().map(|entry| self.checked(entry, &claim)).collect()
    }

    /// Asks a Rekor v1 for the entries of exactly this envelope by this signer, as `dsse` or as `intoto`. Empty when
    /// the log has none.
    ///
    /// # Errors
    /// As [`Client::find`].
    pub async fn find_envelope(&self, json: &[u8], verifier: &Verifier) -> Result<Vec<LogEntry>, ClientError> {
        self.only_v1("a search")?;
        let envelope = proposal::Envelope::parse(json)?;
        self.service.check_size(json.len())?;
        let proposals = [
            proposal::dsse(envelope.text(), verifier),
            proposal::intoto(envelope.text(), verifier),
        ];
        let claim = envelope.claim(verifier);
        let entries = v1::find(&self.service, &proposals).await?;
        entries.into_iter().map(|entry| self.checked(entry, &claim)).collect()
    }

    /// Asks a Rekor v1 for all entries that its index has for a digest. They may be of any signer: compare each with
    /// the signature that is verified.
    ///
    /// # Errors
    /// [`ClientError`]; an entry that was not asked for is refused, and the whole answer with it.
    pub async fn find_by_hash(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<LogEntry>, ClientError> {
        self.only_v1("a search")?;
        let entries = v1::find_by_hash(&self.service, hash, digest).await?;
        for entry in &entries {
            self.verified(entry)?;
        }
        Ok(entries)
    }

    /// Size and checkpoint of a Rekor v1.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn info(&self) -> Result<LogInfo, ClientError> {
        self.only_v1("this question")?;
        v1::info(&self.service).await
    }

    /// The key that the log says it has, in PEM. For messages and diagnosis only: a key that the network names proves
    /// nothing, so it is not a type that can be trusted.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn claimed_key(&self) -> Result<String, ClientError> {
        self.only_v1("this question")?;
        v1::claimed_key(&self.service).await
    }

    fn only_v1(&self, what: &'static str) -> Result<(), ClientError> {
        match self.version {
            ApiVersion::V1 => Ok(()),
            ApiVersion::V2 => Err(ClientError::NotSupported {
                what,
                log: self.base_url().to_owned(),
            }),
        }
    }

    fn checked(&self, entry: LogEntry, claim: &super::Claim<'_>) -> Result<LogEntry, ClientError> {
        let body = super::EntryBody::parse(&entry.body).map_err(|reason| self.service.answer("", reason))?;
        body.matches(claim).map_err(|reason| ClientError::Foreign {
            log: self.service.base.clone(),
            reason,
        })?;
        self.verified(&entry)?;
        Ok(entry)
    }

    fn verified(&self, entry: &LogEntry) -> Result<Option<VerifiedEntry>, ClientError> {
        let Some(keys) = &self.keys else { return Ok(None) };
        verify_entry(entry, keys)
            .map(Some)
            .map_err(|reason| ClientError::Unverified {
                log: self.service.base.clone(),
                reason: Box::new(reason),
            })
    }
}

/// A server and the paths under its URL.
#[derive(Clone)]
struct Service {
    http: http::Client,
    base: String,
}

impl Service {
    fn new(http: http::Client, base_url: &str) -> Result<Self, ClientError> {
        let base = base_url.trim().trim_end_matches('/');
        let usable = base.parse::<Uri>().ok().filter(|uri| uri.query().is_none());
        match usable.and_then(|uri| http::Origin::of(&uri)) {
            Some(_) => Ok(Self {
                http,
                base: base.to_owned(),
            }),
            None => Err(ClientError::Url(shown(base_url, 200))),
        }
    }

    fn uri(&self, path: &str) -> Result<Uri, ClientError> {
        format!("{}{path}", self.base)
            .parse()
            .map_err(|_| ClientError::Url(shown(&self.base, 200)))
    }

    fn is_public(&self) -> bool {
        self.base
            .parse::<Uri>()
            .ok()
            .and_then(|uri| http::Origin::of(&uri))
            .is_some_and(|origin| origin.host() == "sigstore.dev" || origin.host().ends_with(".sigstore.dev"))
    }

    fn check_size(&self, bytes: usize) -> Result<(), ClientError> {
        let limit = if self.is_public() {
            MAX_PUBLIC_UPLOAD
        } else {
            MAX_UPLOAD
        };
        if bytes <= limit {
            return Ok(());
        }
        Err(ClientError::TooLarge {
            log: self.base.clone(),
            bytes,
            limit,
        })
    }

    async fn get(&self, path: &str) -> Result<Response, ClientError> {
        Ok(self.http.send(Request::get(self.uri(path)?, MAX_ANSWER)).await?)
    }

    async fn post(&self, path: &str, body: &serde_json::Value) -> Result<Response, ClientError> {
        let body = body.to_string();
        let bytes = body.len();
        let mut request = Request::post(
            self.uri(path)?,
            HeaderValue::from_static("application/json"),
            body,
            MAX_ANSWER,
        );
        request
            .headers
            .insert(http::header::ACCEPT, HeaderValue::from_static("application/json"));
        self.http.send(request).await.map_err(|source| {
            if bytes > 1 << 20 && source.is_transient() {
                ClientError::LargeUpload { source, bytes }
            } else {
                source.into()
            }
        })
    }

    fn answer(&self, path: &str, reason: impl std::fmt::Display) -> ClientError {
        ClientError::Answer {
            log: format!("{}{path}", self.base),
            reason: shown(&reason.to_string(), 300),
        }
    }

    /// The failure that a status other than the expected one is, with the log's own words.
    fn failed(&self, path: &str, response: &Response) -> ClientError {
        let said = serde_json::from_slice::<serde_json::Value>(&response.body)
            .ok()
            .and_then(|body| Some(body.get("message")?.as_str()?.to_owned()))
            .unwrap_or_else(|| String::from_utf8_lossy(&response.body).into_owned());
        ClientError::Status {
            log: format!("{}{path}", self.base),
            status: response.status,
            message: shown(&said, 300),
        }
    }
}
