//! Moving an image with everything that is attached to it, between registries and directories: `copy`, `save`, `load`.
//!
//! What is moved: the image; of an index all its manifests, however nested; of each of these the `.sig`, `.att` and
//! `.sbom`, and all referrers, those of referrers too. At the target, referrers are listed by its API or in its
//! fallback index, whichever it has. Content comes before what names it and the image's own tag comes last, so that an
//! interrupted move leaves nothing half there, and afterwards everything is looked up at the target.

mod blobs;
mod plan;

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::layout::{referrer_descriptor, subject_in};
use super::{Attachment, Fetched, Place, SignatureManifest, Store, StoreError, append, referrers};
use crate::digest::Digest;
use crate::oci::{self, Descriptor, Parsed};
use crate::reference::{Tag, Target};
pub use plan::{PlatformError, PlatformFilter};

/// How deep indexes may be nested, and referrers may refer to referrers.
const MAX_DEPTH: usize = 8;
/// Most manifests of one move.
const MAX_MANIFESTS: usize = 10_000;
/// Blobs moved at once.
const BLOBS_AT_ONCE: usize = 6;

/// What is moved besides the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Signatures, `.sig` and referrers.
    pub signatures: bool,
    /// Attestations, `.att` and referrers.
    pub attestations: bool,
    /// SBOMs, `.sbom` and referrers.
    pub sboms: bool,
    /// Referrers of any other kind.
    pub others: bool,
}

impl Selection {
    /// Everything.
    pub const ALL: Self = Self {
        signatures: true,
        attestations: true,
        sboms: true,
        others: true,
    };

    fn has(self, attachment: Attachment) -> bool {
        match attachment {
            Attachment::Signatures => self.signatures,
            Attachment::Attestations => self.attestations,
            Attachment::Sbom => self.sboms,
        }
    }

    fn has_referrer(self, listed: &Descriptor) -> bool {
        let predicate_type = listed.annotations.get(referrers::PREDICATE_TYPE).map(String::as_str);
        match predicate_type {
            Some(referrers::SIGNATURE) => self.signatures,
            Some(_) => self.attestations,
            None => match referrers::may_be_attached(listed) {
                Some(attachment) => self.has(attachment),
                None => self.others || referrers::may_be_bundle(listed) && (self.signatures || self.attestations),
            },
        }
    }
}

/// How to move.
#[derive(Clone, Debug)]
pub struct Options {
    /// What goes along.
    pub selection: Selection,
    /// Only the manifest of an index that is for this platform.
    pub platform: Option<PlatformFilter>,
    /// Whether another image under the target's tag may be replaced.
    pub replace_image: bool,
    /// Whether other signatures at the target are replaced; else both are kept.
    pub replace_attached: bool,
    /// Whether each manifest is also tagged `sha256-<hex>` where that is free, as `cosign copy` does, so that no
    /// registry takes it for unused.
    pub tag_manifests: bool,
    /// The tag that the image gets in the end; `None` for none.
    pub tag: Option<Tag>,
}

/// One thing that is about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it is.
    pub from: String,
    /// Where it goes.
    pub to: String,
}

/// What was moved and looked up afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Digest of the image.
    pub image: Option<Digest>,
    /// Names at the target of what was written, in order.
    pub written: Vec<String>,
    /// Names at the target of what was there already.
    pub present: Vec<String>,
    /// What is not of the source: entries of indexes that it does not have.
    pub missing: Vec<String>,
}

/// Why a move did not happen.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// Reading or writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something else is there already.
    #[error("image {name:?} already exists. Use `-f` to overwrite")]
    Exists {
        /// Its full name.
        name: String,
    },
    /// The platform is not there.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Too deep or too many.
    #[error("{name} nests deeper than {MAX_DEPTH} levels or has more than {MAX_MANIFESTS} manifests; refused")]
    TooMuch {
        /// What was being read.
        name: String,
    },
    /// What was written is not what is there.
    #[error("{name} is not at the target although it was written; the registry lost or changed it")]
    Lost {
        /// Its full name.
        name: String,
    },
}

/// One end of a move: where the images are, and where what belongs to them is.
#[derive(Clone)]
pub struct Side {
    /// Images.
    pub images: Store,
    /// What is attached to them.
    pub attached: Place,
}

/// Moves what `root` names in `from` to `to`; `announce` is told each step before it is taken.
///
/// # Errors
/// [`TransferError`]; what had been written by then stays, and is found again by the next attempt.
pub async fn transfer(
    from: &Side,
    root: &Target,
    to: &Side,
    options: &Options,
    announce: &(dyn Fn(&Step) + Sync),
) -> Result<Moved, TransferError> {
    let mut mover = Mover {
        from,
        to,
        options,
        announce,
        moved: Moved::default(),
        seen: BTreeSet::new(),
        check: Vec::new(),
    };
    let root = mover.root(root).await?;
    mover.may_tag(&root.digest).await?;
    mover.entity(Way::IMAGES, &root, 0).await?;
    if let Some(tag) = &options.tag {
        let source = Target::Digest(root.digest.clone());
        mover
            .put(Way::IMAGES, &source, &root, &Target::Tag(tag.clone()))
            .await?;
    }
    mover.verify().await?;
    mover.moved.image = Some(root.digest);
    Ok(mover.moved)
}

/// Between which stores something moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    attached: bool,
}

impl Way {
    const IMAGES: Self = Self { attached: false };
    const ATTACHED: Self = Self { attached: true };

    fn of(self, side: &Side) -> &Store {
        if self.attached {
            &side.attached.store
        } else {
            &side.images
        }
    }
}

struct Mover<'a> {
    from: &'a Side,
    to: &'a Side,
    options: &'a Options,
    announce: &'a (dyn Fn(&Step) + Sync),
    moved: Moved,
    /// Manifests that were handled.
    seen: BTreeSet<Digest>,
    /// What must be at the target in the end.
    check: Vec<(Way, Target, Digest)>,
}

impl Mover<'_> {
    /// The image, or the manifest of the wanted platform.
    async fn root(&self, root: &Target) -> Result<Fetched, TransferError> {
        let found = self.fetch(Way::IMAGES, root).await?;
        let Some(platform) = &self.options.platform else {
            return Ok(found);
        };
        let chosen = platform.choose(&self.parse(&found)?)?;
        self.fetch(Way::IMAGES, &Target::Digest(chosen)).await
    }

    /// Refuses before anything is written when the target's tag is taken.
    async fn may_tag(&self, image: &Digest) -> Result<(), TransferError> {
        let Some(tag) = self.options.tag.as_ref().filter(|_| !self.options.replace_image) else {
            return Ok(());
        };
        let target = Target::Tag(tag.clone());
        match self.to.images.resolve(&target).await? {
            Some(there) if there != *image => Err(TransferError::Exists {
                name: self.to.images.name(&target),
            }),
            _ => Ok(()),
        }
    }

    async fn fetch(&self, way: Way, target: &Target) -> Result<Fetched, TransferError> {
        let store = way.of(self.from);
        let found = store.manifest(target).await?;
        found.ok_or_else(|| {
            let name = store.name(target);
            StoreError::NotFound { name }.into()
        })
    }

    fn parse(&self, fetched: &Fetched) -> Result<Parsed, TransferError> {
        oci::parse(&fetched.bytes, Some(&fetched.media_type)).map_err(|source| {
            let name = self.from.images.name(&Target::Digest(fetched.digest.clone()));
            StoreError::Manifest { name, source }.into()
        })
    }

    /// Remembers a manifest; `false` when it was handled before.
    fn enter(&mut self, digest: &Digest, depth: usize) -> Result<bool, TransferError> {
        if !self.seen.insert(digest.clone()) {
            return Ok(false);
        }
        if depth > MAX_DEPTH || self.seen.len() > MAX_MANIFESTS {
            let name = self.from.images.name(&Target::Digest(digest.clone()));
            return Err(TransferError::TooMuch { name });
        }
        Ok(true)
    }

    /// What a manifest names: blobs, or further manifests with all that is attached to them.
    async fn content(&mut self, way: Way, parsed: Parsed, depth: usize) -> Result<(), TransferError> {
        match parsed {
            Parsed::Manifest(manifest) => self.blobs(way, plan::blobs(&manifest)).await,
            Parsed::Index(index) => {
                for child in index.manifests {
                    let child = self.fetch(way, &Target::Digest(child.digest)).await?;
                    Box::pin(self.entity(way, &child, depth + 1)).await?;
                }
                Ok(())
            }
        }
    }

    /// A manifest or index: its content, itself, what is attached to it.
    async fn entity(&mut self, way: Way, fetched: &Fetched, depth: usize) -> Result<(), TransferError> {
        if !self.enter(&fetched.digest, depth)? {
            return Ok(());
        }
        self.content(way, self.parse(fetched)?, depth).await?;
        let listed = referrers::list(&self.from.attached, &fetched.digest).await?;
        let target = self.home(&fetched.digest, !listed.is_empty()).await?;
        let source = Target::Digest(fetched.digest.clone());
        self.put(way, &source, fetched, &target).await?;
        self.attachments(&fetched.digest).await?;
        for referrer in listed {
            Box::pin(self.referrer(&fetched.digest, &referrer, depth)).await?;
        }
        Ok(())
    }

    /// Under which name a manifest is put: `sha256-<hex>`, as cosign does, unless that tag is, or may become, the
    /// fallback index of its referrers.
    async fn home(&self, digest: &Digest, has_referrers: bool) -> Result<Target, TransferError> {
        let by_digest = Target::Digest(digest.clone());
        if !self.options.tag_manifests || has_referrers {
            return Ok(by_digest);
        }
        let prefix = &self.to.attached.tag_prefix;
        let tag = Target::Tag(Tag::attached_with_prefix(prefix, digest, None));
        match self.to.images.resolve(&tag).await? {
            Some(there) if there != *digest => Ok(by_digest),
            _ => Ok(tag),
        }
    }

    async fn attachments(&mut self, image: &Digest) -> Result<(), TransferError> {
        for attachment in Attachment::ALL {
            if self.options.selection.has(attachment) {
                self.attachment(image, attachment).await?;
            }
        }
        Ok(())
    }

    async fn attachment(&mut self, image: &Digest, attachment: Attachment) -> Result<(), TransferError> {
        let source = Target::Tag(self.from.attached.tag(image, attachment));
        let Some(found) = self.from.attached.store.manifest(&source).await? else {
            return Ok(());
        };
        if let Parsed::Manifest(manifest) = self.parse(&found)? {
            self.blobs(Way::ATTACHED, plan::blobs(&manifest)).await?;
        }
        let target = Target::Tag(self.to.attached.tag(image, attachment));
        let to = &self.to.attached.store;
        let there = if self.options.replace_attached {
            None
        } else {
            to.manifest(&target).await?.filter(|there| there.digest != found.digest)
        };
        let read = |fetched: &Fetched| SignatureManifest::parse(&fetched.bytes, Some(&fetched.media_type)).ok();
        match (there.as_ref().and_then(read), read(&found)) {
            (Some(there), Some(ours)) => {
                let name = to.name(&target);
                if ours.entries().iter().all(|entry| there.entries().contains(entry)) {
                    self.moved.present.push(name);
                    return Ok(());
                }
                (self.announce)(&Step {
                    from: self.from.attached.store.name(&source),
                    to: name.clone(),
                });
                append::merge(&self.to.attached, image, attachment, ours.entries()).await?;
                self.moved.written.push(name);
                Ok(())
            }
            (None, _) if there.is_some() => Err(TransferError::Exists { name: to.name(&target) }),
            _ => self.put(Way::ATTACHED, &source, &found, &target).await,
        }
    }

    async fn referrer(&mut self, subject: &Digest, listed: &Descriptor, depth: usize) -> Result<(), TransferError> {
        let source = Target::Digest(listed.digest.clone());
        let Some(found) = self.from.attached.store.manifest(&source).await? else {
            // A fallback index may name what was deleted; the image is whole without it.
            let name = self.from.attached.store.name(&source);
            self.moved.missing.push(name);
            return Ok(());
        };
        let parsed = self.parse(&found)?;
        let refers = subject_in(&parsed).is_some_and(|s| s.digest == *subject);
        let described = referrer_descriptor(&parsed, &found.media_type, &found.bytes);
        let wanted = described.is_some_and(|d| refers && self.options.selection.has_referrer(&d));
        if !wanted || !self.enter(&found.digest, depth)? {
            return Ok(());
        }
        self.content(Way::ATTACHED, parsed, depth).await?;
        let name = self.to.attached.store.name(&source);
        if self.is_listed(subject, &found.digest).await? {
            self.moved.present.push(name);
        } else {
            (self.announce)(&Step {
                from: self.from.attached.store.name(&source),
                to: name.clone(),
            });
            referrers::push_manifest(&self.to.attached, subject, &found.media_type, &found.bytes).await?;
            self.moved.written.push(name);
        }
        self.check.push((Way::ATTACHED, source, found.digest.clone()));
        self.attachments(&found.digest).await?;
        for next in referrers::list(&self.from.attached, &found.digest).await? {
            Box::pin(self.referrer(&found.digest, &next, depth + 1)).await?;
        }
        Ok(())
    }

    /// Whether the target has a referrer and lists it.
    async fn is_listed(&self, subject: &Digest, referrer: &Digest) -> Result<bool, TransferError> {
        let to = &self.to.attached;
        if to.store.resolve(&Target::Digest(referrer.clone())).await?.is_none() {
            return Ok(false);
        }
        let listed = referrers::listed(to, subject).await?;
        Ok(listed.iter().any(|d| d.digest == *referrer))
    }

    /// Writes a manifest unless it is there.
    async fn put(
        &mut self,
        way: Way,
        source: &Target,
        fetched: &Fetched,
        target: &Target,
    ) -> Result<(), TransferError> {
        let to = way.of(self.to);
        let name = to.name(target);
        if to.resolve(target).await?.as_ref() == Some(&fetched.digest) {
            self.moved.present.push(name);
        } else {
            let from = way.of(self.from).name(source);
            (self.announce)(&Step { from, to: name.clone() });
            to.replace_manifest(target, &fetched.media_type, fetched.bytes.clone())
                .await?;
            self.moved.written.push(name);
        }
        self.check.push((way, target.clone(), fetched.digest.clone()));
        Ok(())
    }

    async fn blobs(&self, way: Way, blobs: Vec<Descriptor>) -> Result<(), TransferError> {
        let (from, to) = (way.of(self.from), way.of(self.to));
        let moves = blobs.iter().map(|blob| blobs::move_blob(from, blob, to));
        stream::iter(moves)
            .buffer_unordered(BLOBS_AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }

    /// Looks everything up at the target.
    async fn verify(&self) -> Result<(), TransferError> {
        let looks = self.check.iter().map(|(way, target, digest)| async move {
            let to = way.of(self.to);
            if to.resolve(target).await?.as_ref() == Some(digest) {
                return Ok(());
            }
            let name = to.name(target);
            Err(TransferError::Lost { name })
        });
        stream::iter(looks)
            .buffer_unordered(BLOBS_AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }
}
