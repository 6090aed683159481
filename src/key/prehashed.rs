//! A finished SHA-512 digest in the place of a hasher, which is what `ed25519-dalek` asks for in Ed25519ph.

use sha2::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update, consts::U64};

/// Yields the digest it was made of; feeding it more is a mistake that makes every signature wrong, not right.
#[derive(Default)]
pub(super) struct Prehashed(Output<Self>, bool);

impl Prehashed {
    /// `None` unless `digest` has 64 bytes.
    pub(super) fn new(digest: &[u8]) -> Option<Self> {
        Some(Self(<[u8; 64]>::try_from(digest).ok()?.into(), false))
    }
}

impl OutputSizeUser for Prehashed {
    type OutputSize = U64;
}

impl HashMarker for Prehashed {}

impl Update for Prehashed {
    fn update(&mut self, data: &[u8]) {
        self.1 |= !data.is_empty();
    }
}

impl FixedOutput for Prehashed {
    fn finalize_into(self, out: &mut Output<Self>) {
        if !self.1 {
            *out = self.0;
        }
    }
}
