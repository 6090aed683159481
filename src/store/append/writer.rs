//! The loop of reading, merging, writing and settling.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::super::signature_manifest::{SignatureConfig, SignatureManifestError};
use super::super::{Document, Entry, Expected, Fetched, List, Put, SignatureManifest, Store, StoreError};
use super::{Appended, Change, Uploaded};
use crate::digest::Digest;
use crate::oci::MAX_MANIFEST;
use crate::oci::media_type::OCI_INDEX;
use crate::reference::Target;
use crate::registry;

/// How long after a read was answered its write may be sent; then the tag is read again.
const FRESH: Duration = Duration::from_millis(15);
/// How long a write is left alone before it is read back, where all is quiet: longer than `FRESH`.
const SETTLE: Duration = Duration::from_millis(20);
/// How much longer for each unit by which reads, or this machine, were late …
const UNEVEN_FACTOR: u32 = 4;
/// … beyond what is ordinary.
const ORDINARY: Duration = Duration::from_millis(5);
/// Longest such wait where nothing hints at other writers.
const SETTLE_MAX: Duration = Duration::from_millis(600);
/// How long the tag must stay complete once there was a sign of others: this many times the slowest answer …
const CALM_FACTOR: u32 = 12;
/// … but at least and at most this long.
const CALM: (Duration, Duration) = (Duration::from_millis(800), Duration::from_secs(12));
/// … and this many times what a write took to be seen, where registries answer from a cache.
const LAG_FACTOR: u32 = 4;
/// How many looks that time is divided into.
const LOOKS: u32 = 4;
/// Most writes of one call. Twenty writers need a handful each; 1,000 entries are the end in any case.
const MAX_WRITES: usize = 64;

/// How long a write may stay unseen behind an older state before it is written again.
const PATIENCE: Duration = Duration::from_secs(3);
/// After how many refused conditions in a row, with nothing changed, none is sent any more.
const MAX_REFUSED: usize = 8;

/// How many writes in a row may have no answer, or that of a service in trouble, before that is an error, if
/// `--retries` does not say less.
const MAX_FAILURES: u32 = 5;

/// What kind of document is written.
pub(super) enum Content<'a> {
    /// Attached things.
    Layers(Change<'a>),
    /// The fallback index of this image.
    Index(&'a Digest),
}

/// One call: what is to be in the document under the tag in the end.
pub(super) struct Writer<'a> {
    pub(super) store: &'a Store,
    pub(super) target: Target,
    pub(super) ours: Vec<Entry>,
    pub(super) content: Content<'a>,
}

/// What a read found.
struct State {
    /// The document as fetched, `None` when there is no such tag.
    found: Option<(Fetched, Document)>,
    /// What must still hold when a change is written over it.
    expected: Expected,
    /// When it was asked for.
    asked: Instant,
    /// When it was answered.
    answered: Instant,
}

impl State {
    fn entries(&self) -> &[Entry] {
        self.found.as_ref().map_or(&[], |(_, document)| document.entries())
    }

    fn digest(&self) -> Option<&Digest> {
        self.found.as_ref().map(|(fetched, _)| &fetched.digest)
    }
}

/// What one run knows.
#[derive(Default)]
struct Memory {
    seen: Vec<Entry>,
    dropped: Vec<Entry>,
    /// Blobs that need not be sent again.
    uploaded: Vec<Digest>,
    /// The slowest answer about the tag.
    slowest: Duration,
    /// The fastest and the slowest read.
    reads: Option<(Duration, Duration)>,
    /// How late this machine woke up at most.
    late: Duration,
    /// Something hinted at other writers.
    company: bool,
    /// How long a write took to be seen, where that was not at once.
    lag: Duration,
    /// The states that were read.
    states: Vec<Digest>,
    /// How many conditions in a row were refused although nothing is seen to have changed.
    refused: usize,
    /// How many writes in a row had no answer.
    failures: u32,
}

impl Memory {
    fn note(&mut self, entries: &[Entry]) {
        for entry in entries {
            if !self.seen.contains(entry) && !self.dropped.contains(entry) {
                self.seen.push(entry.clone());
            }
        }
    }

    fn measure_read(&mut self, took: Duration) {
        let (fastest, slowest) = self.reads.unwrap_or((took, took));
        self.reads = Some((fastest.min(took), slowest.max(took)));
        self.slowest = self.slowest.max(took);
    }

    async fn pause(&mut self, time: Duration) {
        let began = Instant::now();
        tokio::time::sleep(time).await;
        self.late = self.late.max(began.elapsed().saturating_sub(time));
    }

    /// How long a write without company has to prove itself: the writes of others may be as slow as it was, and as late
    /// as what was seen.
    fn settling(&self) -> Duration {
        let (fastest, slowest) = self.reads.unwrap_or_default();
        let late = self.late.max(slowest - fastest).saturating_sub(ORDINARY);
        let slow = self.slowest.saturating_sub(slowest).saturating_sub(ORDINARY);
        (SETTLE + late * UNEVEN_FACTOR + slow * 2).min(SETTLE_MAX)
    }
}

impl Writer<'_> {
    pub(super) async fn run(&self) -> Result<Appended, StoreError> {
        let mut memory = Memory::default();
        if let Content::Layers(change) = &self.content {
            memory.uploaded.extend_from_slice(change.uploaded);
        }
        let state = self.read(&mut memory).await?;
        if let Some(done) = self.first_look(&state, &mut memory)? {
            return Ok(done);
        }
        self.write_until_settled(state, memory).await
    }

    /// Uploads what a first write would need, if there is nothing yet.
    pub(super) async fn upload(&self) -> Result<Uploaded, StoreError> {
        let mut memory = Memory::default();
        let state = self.read(&mut memory).await?;
        let first = state.found.is_none();
        if first {
            self.prepare(&state, &mut memory).await?;
        }
        let blobs = memory.uploaded;
        Ok(Uploaded { blobs, first })
    }

    /// The same without a look at the tag: where the content of the first layer is there, there is something.
    pub(super) async fn upload_unseen(&self) -> Result<Uploaded, StoreError> {
        let (_, content) = self.compose(None, &Memory::default()).await?;
        let mut content = content.into_iter();
        let Some((digest, layer)) = content.next() else {
            return Ok(Uploaded::default());
        };
        let (digests, others): (Vec<_>, Vec<_>) = content.unzip();
        let mut blobs = vec![digest.clone()];
        let first = self.store.put_unless_known((&digest, layer), others).await?;
        if first {
            blobs.extend(digests);
        }
        Ok(Uploaded { blobs, first })
    }

    /// Takes entries with these digests off the document.
    pub(super) async fn remove(&self, digests: &[Digest]) -> Result<(), StoreError> {
        let mut memory = Memory::default();
        let state = self.read(&mut memory).await?;
        memory.dropped = state.entries().to_vec();
        memory
            .dropped
            .retain(|entry| digests.contains(&entry.descriptor().digest));
        if memory.dropped.is_empty() {
            return Ok(());
        }
        memory.seen.retain(|entry| !memory.dropped.contains(entry));
        self.write_until_settled(state, memory).await?;
        Ok(())
    }

    async fn write_until_settled(&self, mut state: State, mut memory: Memory) -> Result<Appended, StoreError> {
        for attempt in 0..MAX_WRITES {
            if !self.is_complete(&state, &memory) {
                state = match self.write(state, &mut memory).await? {
                    Written::Yes => self.settle(&mut memory).await?,
                    Written::Exactly(state) => return self.finished(&state),
                    Written::No(state) => {
                        let time = backoff(attempt, memory.slowest);
                        memory.pause(time).await;
                        // The write whose answer was lost has taken effect: it has to prove itself as any other.
                        if self.is_complete(&state, &memory) {
                            self.settle(&mut memory).await?
                        } else {
                            state
                        }
                    }
                };
            }
            if self.is_complete(&state, &memory) {
                return self.finished(&state);
            }
        }
        Err(StoreError::Contended {
            name: self.store.name(&self.target),
            attempts: MAX_WRITES,
        })
    }

    /// Decides on the state found at first: what is dropped, and whether anything is to be done.
    fn first_look(&self, state: &State, memory: &mut Memory) -> Result<Option<Appended>, StoreError> {
        if let Content::Layers(change) = &self.content
            && let Some((fetched, _)) = &state.found
        {
            let manifest = self.signatures(fetched)?;
            if change.enough.is_some_and(|enough| enough(&manifest)) {
                let done = self.finished(state)?;
                return Ok(Some(Appended { written: false, ..done }));
            }
            if let Some(replaces) = change.replaces {
                for (entry, layer) in manifest.entries().iter().zip(manifest.layers()) {
                    if layer.is_ok_and(|layer| replaces(&layer)) && !self.ours.contains(entry) {
                        memory.dropped.push(entry.clone());
                    }
                }
                memory.seen.retain(|entry| !memory.dropped.contains(entry));
            }
        }
        let complete = self.is_complete(state, memory);
        complete
            .then(|| self.finished(state).map(|done| Appended { written: false, ..done }))
            .transpose()
    }

    fn finished(&self, state: &State) -> Result<Appended, StoreError> {
        let digest = state.digest().cloned().ok_or_else(|| StoreError::NotFound {
            name: self.store.name(&self.target),
        })?;
        Ok(Appended {
            digest,
            written: true,
            entries: state.entries().len(),
        })
    }

    fn is_complete(&self, state: &State, memory: &Memory) -> bool {
        let there = state.entries();
        self.ours.iter().chain(&memory.seen).all(|entry| there.contains(entry))
            && !memory.dropped.iter().any(|entry| there.contains(entry))
            && state.found.is_some()
    }

    async fn read(&self, memory: &mut Memory) -> Result<State, StoreError> {
        let asked = Instant::now();
        let found = self.store.manifest(&self.target).await?;
        let answered = Instant::now();
        memory.measure_read(answered - asked);
        // cosign's copy puts the image itself under the tag of its fallback index; the index takes its place, and the
        // image stays under its digest.
        let expected = found.as_ref().map_or(Expected::Absent, Fetched::expected);
        let found = found.filter(|fetched| !matches!(self.content, Content::Index(image) if fetched.digest == *image));
        let found = match found {
            None => None,
            Some(fetched) => {
                let document = match self.content {
                    Content::Layers(_) => self.signatures(&fetched)?.document().clone(),
                    Content::Index(_) => Document::parse(&fetched.bytes, Some(&fetched.media_type), List::Manifests)
                        .map_err(|source| StoreError::Manifest {
                            name: self.store.name(&self.target),
                            source,
                        })?,
                };
                Some((fetched, document))
            }
        };
        let state = State {
            found,
            expected,
            asked,
            answered,
        };
        memory.note(state.entries());
        memory
            .states
            .extend(state.digest().filter(|d| !memory.states.contains(d)).cloned());
        Ok(state)
    }

    fn signatures(&self, fetched: &Fetched) -> Result<SignatureManifest, StoreError> {
        let parsed = SignatureManifest::parse(&fetched.bytes, Some(&fetched.media_type));
        parsed.map_err(|source| StoreError::Signatures {
            name: self.store.name(&self.target),
            source,
        })
    }

    /// Writes the union over `state`.
    async fn write(&self, mut state: State, memory: &mut Memory) -> Result<Written, StoreError> {
        let (mut media_type, mut bytes) = self.prepare(&state, memory).await?;
        if state.answered.elapsed() > FRESH && !self.store.is_exact() {
            let again = self.read(memory).await?;
            if again.digest() != state.digest() {
                memory.company = true;
                (media_type, bytes) = self.prepare(&again, memory).await?;
            }
            state = again;
        }
        // Conditions that are refused again and again while nothing changes mean that this registry understands them
        // in another way: then it is treated as one that knows none.
        let expected = if memory.refused < MAX_REFUSED {
            state.expected.clone()
        } else {
            Expected::Any
        };
        let sent = Instant::now();
        let put = self
            .store
            .put_manifest(&self.target, &media_type, bytes.into(), &expected);
        let written = match put.await {
            Ok(put) => put != Put::Refused,
            Err(StoreError::Registry(error)) if error.is_missing_blob() && memory.failures < MAX_FAILURES => {
                memory.failures += 1;
                memory.uploaded.clear();
                let time = backoff(2, memory.slowest);
                memory.pause(time).await;
                return Ok(Written::No(self.read(memory).await?));
            }
            // It may have taken effect or not; what is there now will tell.
            Err(StoreError::Registry(error))
                if error.is_network() && memory.failures < self.store.retries().min(MAX_FAILURES) =>
            {
                memory.failures += 1;
                let time = jittered(Duration::from_millis(100) * 2u32.pow(memory.failures));
                memory.pause(time).await;
                return Ok(Written::No(self.read(memory).await?));
            }
            Err(StoreError::Registry(error)) if state.digest().is_some() && is_immutable(&error) => {
                return Err(StoreError::Immutable {
                    name: self.store.name(&self.target),
                    source: error,
                });
            }
            Err(error) => return Err(error),
        };
        memory.failures = 0;
        memory.slowest = memory.slowest.max(sent.elapsed());
        if written && self.store.is_exact() {
            return Ok(Written::Exactly(self.read(memory).await?));
        }
        if written {
            return Ok(Written::Yes);
        }
        memory.company = true;
        let again = self.read(memory).await?;
        memory.refused = if again.digest() == state.digest() {
            memory.refused.saturating_add(1)
        } else {
            0
        };
        Ok(Written::No(again))
    }

    /// The document to write over `state`, with everything that it names uploaded.
    async fn prepare(&self, state: &State, memory: &mut Memory) -> Result<(String, Vec<u8>), StoreError> {
        let (document, blobs) = self.compose(state.found.as_ref(), memory).await?;
        let missing = blobs
            .into_iter()
            .filter(|(digest, _)| !memory.uploaded.contains(digest));
        let uploads = missing.map(|(_, blob)| self.store.put_blob(blob));
        let uploaded = futures_util::future::try_join_all(uploads).await?;
        memory.uploaded.extend(uploaded);
        Ok(document)
    }

    /// The document to write over what was found, its media type first, and the blobs of ours and of the document itself.
    async fn compose(&self, found: Option<&(Fetched, Document)>, memory: &Memory) -> Result<Composed, StoreError> {
        let merge = |document: &mut Document| {
            document.retain(|entry| !memory.dropped.contains(entry));
            document.add(&memory.seen);
            document.add(&self.ours);
        };
        match &self.content {
            Content::Index(_) => {
                let mut document = match found {
                    Some((_, document)) => document.clone(),
                    None => Document::new(List::Manifests, OCI_INDEX).map_err(|e| self.json(e))?,
                };
                merge(&mut document);
                Ok(((document.media_type(), document.to_bytes()), Vec::new()))
            }
            Content::Layers(change) => {
                let mut manifest = match found {
                    Some((fetched, _)) => self.signatures(fetched)?,
                    None => SignatureManifest::empty(change.media_types).map_err(|e| self.invalid(e))?,
                };
                let mut config = self.config(&manifest).await?;
                merge(manifest.document_mut());
                config.relist(manifest.digests()).map_err(|e| self.json(e))?;
                if let Some(created) = change.created {
                    config.set_created(created).map_err(|e| self.json(e))?;
                }
                let config = config.to_bytes();
                let bytes = manifest.to_bytes(&config).map_err(|e| self.invalid(e))?;
                let layers = change.layers.iter().zip(&self.ours);
                let layers = layers.map(|(layer, entry)| (entry.descriptor().digest.clone(), layer.content.clone()));
                let config = (Digest::sha256(&config), config.into());
                Ok(((manifest.media_type(), bytes), layers.chain([config]).collect()))
            }
        }
    }

    /// The configuration of an existing manifest, or a new one.
    async fn config(&self, manifest: &SignatureManifest) -> Result<SignatureConfig, StoreError> {
        let fresh = || SignatureConfig::for_layers(manifest.digests(), None).map_err(|e| self.json(e));
        let Some(descriptor) = manifest.config() else {
            return fresh();
        };
        let bytes = match manifest.predicted_config() {
            Some(bytes) => bytes,
            None => match self.store.blob(descriptor, MAX_MANIFEST).await {
                Ok(bytes) => bytes.to_vec(),
                // Gone, or not as promised: the manifest needs one that fits it anyway.
                Err(StoreError::MissingBlob { .. }) => return fresh(),
                Err(error) => return Err(error),
            },
        };
        SignatureConfig::parse(&bytes).map_or_else(fresh, Ok)
    }

    /// Waits until a write has proved itself, or is seen to be lost; returns the last state read.
    async fn settle(&self, memory: &mut Memory) -> Result<State, StoreError> {
        let written = Instant::now();
        let old = memory.states.clone();
        let others = |memory: &Memory| memory.seen.iter().filter(|e| !self.ours.contains(e)).count();
        let known = others(memory);
        let mut wait = SETTLE;
        let mut state = loop {
            memory.pause(wait).await;
            let state = self.read(memory).await?;
            if self.is_complete(&state, memory) {
                let left = memory.settling().saturating_sub(state.asked - written);
                if memory.company || left < ORDINARY {
                    break state;
                }
                wait = left;
                continue;
            }
            memory.company = true;
            // A state from before the write: the registry answers with what was (a cache), or another wrote it again.
            let stale = state.digest().is_none_or(|digest| old.contains(digest));
            if !stale || written.elapsed() > PATIENCE {
                return Ok(state);
            }
            wait = jittered(wait * 3 / 2).min(SETTLE_MAX);
        };
        if memory.company {
            memory.lag = memory.lag.max(written.elapsed());
        }
        memory.company |= others(memory) > known;
        if !memory.company {
            return Ok(state);
        }
        let calm = (memory.slowest * CALM_FACTOR)
            .max(memory.lag * LAG_FACTOR)
            .clamp(CALM.0, CALM.1);
        for _ in 0..LOOKS {
            if !self.is_complete(&state, memory) {
                return Ok(state);
            }
            memory.pause(jittered(calm / LOOKS)).await;
            state = self.read(memory).await?;
        }
        Ok(state)
    }

    fn json(&self, error: serde_json::Error) -> StoreError {
        self.invalid(error.into())
    }

    fn invalid(&self, source: SignatureManifestError) -> StoreError {
        StoreError::Signatures {
            name: self.store.name(&self.target),
            source,
        }
    }
}

/// Whether a registry refused to change a tag that exists. Harbor answers 412, ECR and others say the word.
fn is_immutable(error: &registry::Error) -> bool {
    match error {
        registry::Error::Status { detail, .. } | registry::Error::Forbidden { detail, .. } => {
            detail.to_ascii_lowercase().contains("immutable")
        }
        error => error.is_precondition_failed(),
    }
}

type Composed = ((String, Vec<u8>), Vec<(Digest, Bytes)>);

enum Written {
    /// Taken, as far as the registry says.
    Yes,
    /// Taken under a lock: nothing can have been lost.
    Exactly(State),
    /// Refused, because the tag had changed; what it is now.
    No(State),
}

fn backoff(attempt: usize, slowest: Duration) -> Duration {
    let doublings = u32::try_from(attempt.min(4)).unwrap_or(4);
    jittered((slowest.max(Duration::from_millis(5)) * 2u32.pow(doublings)).min(Duration::from_secs(2)))
}

/// Between half of `time` and one and a half times it.
fn jittered(time: Duration) -> Duration {
    let mut random = [0; 2];
    // Without randomness there is no jitter, which only costs another round.
    let _ = getrandom::fill(&mut random);
    time / 2 + time * u32::from(u16::from_le_bytes(random)) / u32::from(u16::MAX)
}
