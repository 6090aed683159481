//! Adding to a tag that others write to at the same time, without losing anything.
//!
//! # Why this is needed
//!
//! A `.sig` manifest or a fallback index is one document under one tag. Adding to it is read, merge, write; and most
//! registries ignore `If-Match`, so that a write replaces whatever is there. Two writers who read the same state each
//! write without the other's entry, and the second write wins.
//!
//! # What is done
//!
//! 1. Read the tag. Every entry ever read in this run is *seen*.
//! 2. If ours and all seen are there: done, after settling (4). Else upload what the new document needs. If that took
//!    longer than `FRESH`, read again first: the time between a read and its write is what endangers others.
//! 3. Write the union of what was read, all seen, and ours; with `If-Match`/`If-None-Match`, which some registries
//!    honour (their 412 leads to 1).
//! 4. Settle: wait, read back, and go to 2 if anything of ours or seen is missing. Without a sign of others one look
//!    is enough; with one, several looks over a longer time are taken.
//!
//! # Why it converges
//!
//! Documents are sets that only grow (order aside), and each write contains all that its writer has seen, so the
//! states of the tag form a join-semilattice and any order of repairs ends at the same union. A write *W* of another
//! can drop our entry only if it is based on a read from before ours was visible. Let *d* be the longest time from
//! such a read to the moment its write takes effect. Any *W* that drops ours takes effect at most *d* after our own
//! write did; we still look then, if we settle for longer than *d*, see the loss, and write the union of both, which
//! contains what *W* added. Each such repair makes the set of entries known to both writers larger, so that n writers
//! need at most n rounds; and every live writer that has seen our entry repairs it too, not only we.
//!
//! No algorithm over plain reads and writes can do with less than a bound on *d*: a writer that sleeps for an hour
//! between its read and its write drops what came meanwhile. So *d* is kept small on our side (step 2), and the
//! settling time is measured, not guessed: it grows with how uneven the answers of this registry are in this run, with
//! how late this machine wakes up, and with the time that a write took to become visible (a registry behind a cache
//! answers with what was: the first look is early, to notice), and starts again after each loss. A writer killed in the
//! middle has replaced the tag or it has not; nothing is half written.

mod writer;

use super::{Attachment, Entry, MediaTypes, NewLayer, Place, SignatureLayer, SignatureManifest, StoreError};
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::reference::Target;
use writer::{Content, Writer};

/// What to do to the manifest of attached things.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The layers to add. A layer with equal descriptor (content and annotations) is not added twice.
    pub layers: &'a [NewLayer],
    /// Which of the layers that are found at first are dropped (`--replace`); `None` keeps all.
    pub replaces: Option<&'a (dyn Fn(&SignatureLayer) -> bool + Sync)>,
    /// Whether the manifest, as found at first, makes the change needless (signed with the same key already).
    pub enough: Option<&'a (dyn Fn(&SignatureManifest) -> bool + Sync)>,
    /// Media types of a new manifest.
    pub media_types: MediaTypes,
    /// Time of creation to record, RFC 3339.
    pub created: Option<&'a str>,
    /// Blobs that are there already: what [`upload`] returned.
    pub uploaded: &'a [Digest],
}

impl<'a> Change<'a> {
    /// Adds `layers` and nothing else.
    pub fn add(layers: &'a [NewLayer], media_types: MediaTypes) -> Self {
        Self {
            layers,
            replaces: None,
            enough: None,
            media_types,
            created: None,
            uploaded: &[],
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Digest of the manifest that holds ours and all others.
    pub digest: Digest,
    /// Whether anything had to be written.
    pub written: bool,
    /// How many entries the manifest has.
    pub entries: usize,
}

/// Adds to what is attached to `image`. When this returns without error, ours and all that was seen are there.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Contended`] when others undid the change too many times. What was there before is
/// still there.
pub async fn append(
    place: &Place,
    image: &Digest,
    attachment: Attachment,
    change: &Change<'_>,
) -> Result<Appended, StoreError> {
    layers_writer(place, image, attachment, change)?.run().await
}

/// Whether [`upload`] looks at what is attached before it uploads anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It does, and uploads nothing where there is something.
    First,
    /// It uploads nothing more where the content of the first layer is there, which costs no request to ask.
    Never,
}

/// What came of [`upload`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// The blobs that are known to be there now.
    pub blobs: Vec<Digest>,
    /// Whether there was nothing before, as far as was looked.
    pub first: bool,
}

/// Uploads the blobs that [`append`] would, where nothing is attached to `image` yet. Only the contents of the layers
/// matter, so that it may be done before anything is signed.
///
/// # Errors
/// [`StoreError`].
pub async fn upload(
    place: &Place,
    image: &Digest,
    attachment: Attachment,
    change: &Change<'_>,
    look: Look,
) -> Result<Uploaded, StoreError> {
    let writer = layers_writer(place, image, attachment, change)?;
    match look {
        Look::First => writer.upload().await,
        Look::Never => writer.upload_unseen().await,
    }
}

/// Adds entries whose content is there already to what is attached to `image`, as [`append`] does.
///
/// # Errors
/// As [`append`].
pub async fn merge(
    place: &Place,
    image: &Digest,
    attachment: Attachment,
    entries: &[Entry],
) -> Result<Appended, StoreError> {
    let writer = Writer {
        store: &place.store,
        target: Target::Tag(place.tag(image, attachment)),
        ours: entries.to_vec(),
        content: Content::Layers(Change::add(&[], MediaTypes::Oci)),
    };
    writer.run().await
}

fn layers_writer<'a>(
    place: &'a Place,
    image: &Digest,
    attachment: Attachment,
    change: &Change<'a>,
) -> Result<Writer<'a>, StoreError> {
    let ours = change.layers.iter().map(|layer| Entry::new(layer.descriptor()));
    Ok(Writer {
        store: &place.store,
        target: Target::Tag(place.tag(image, attachment)),
        ours: ours
            .collect::<Result<_, _>>()
            .map_err(|source| StoreError::Signatures {
                name: place.name(image, attachment),
                source: source.into(),
            })?,
        content: Content::Layers(*change),
    })
}

/// Adds `referrer` to the fallback index of `subject` (OCI distribution-spec v1.1, "Referrers Tag Schema").
///
/// # Errors
/// As [`append`].
pub async fn append_to_fallback(place: &Place, subject: &Digest, referrer: Descriptor) -> Result<Appended, StoreError> {
    let target = Target::Tag(place.fallback_tag(subject));
    let entry = Entry::new(referrer).map_err(|e| StoreError::Manifest {
        name: place.store.name(&target),
        source: e.into(),
    })?;
    let writer = Writer {
        store: &place.store,
        target,
        ours: vec![entry],
        content: Content::Index(subject),
    };
    writer.run().await
}

/// Takes manifests off the fallback index of `subject`; without one there is nothing to do. An index that becomes empty
/// stays, as an empty list.
///
/// # Errors
/// As [`append`]; entries that others add again meanwhile are taken off again, a bounded number of times.
pub async fn remove_from_fallback(place: &Place, subject: &Digest, referrers: &[Digest]) -> Result<(), StoreError> {
    let writer = Writer {
        store: &place.store,
        target: Target::Tag(place.fallback_tag(subject)),
        ours: Vec::new(),
        content: Content::Index(subject),
    };
    writer.remove(referrers).await
}
