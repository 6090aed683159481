//! A bound on memory, over all that take of it.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The unit in which memory is given out, in bytes.
const UNIT: usize = 1024;

/// How many bytes may be held at once. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Budget(Option<Arc<Semaphore>>);

impl Budget {
    /// So many bytes, of which each share rounds up to whole KiB. The default is a budget without an end.
    pub fn of(bytes: usize) -> Self {
        Self(Some(Arc::new(Semaphore::new(bytes / UNIT))))
    }

    /// A share of `bytes`, as soon as it is there. More than there is in all never is.
    pub async fn take(&self, bytes: u64) -> Share {
        let Some(units) = &self.0 else {
            return Share(None);
        };
        let asked = u32::try_from(bytes.div_ceil(UNIT as u64)).unwrap_or(u32::MAX);
        // It is never closed.
        Share(Arc::clone(units).acquire_many_owned(asked).await.ok())
    }
}

/// A share of a budget, given back when it is dropped.
#[derive(Debug, Default)]
pub struct Share(Option<OwnedSemaphorePermit>);

impl Share {
    /// How many bytes it is; none of a budget without an end.
    pub fn bytes(&self) -> usize {
        self.0
            .as_ref()
            .map_or(0, |units| units.num_permits().saturating_mul(UNIT))
    }

    /// Gives back what is more than `bytes`.
    pub fn shrink(&mut self, bytes: usize) {
        if let Some(units) = &mut self.0 {
            let kept = bytes.div_ceil(UNIT);
            drop(units.split(units.num_permits().saturating_sub(kept)));
        }
    }

    /// Holds `other` as well.
    pub fn add(&mut self, other: Self) {
        let Some(more) = other.0 else { return };
        match &mut self.0 {
            Some(units) => units.merge(more),
            none => *none = Some(more),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_is_given_out_comes_back() {
        let budget = Budget::of(10 << 10);
        let is_left = async |bytes| {
            let taken = tokio::time::timeout(Duration::from_millis(1), budget.take(bytes)).await;
            taken.is_ok()
        };
        let mut share = budget.take(8 << 10).await;
        assert!(is_left(2 << 10).await);
        assert!(!is_left((2 << 10) + 1).await);
        assert_eq!(share.bytes(), 8 << 10);
        share.shrink(1);
        assert_eq!(share.bytes(), 1 << 10);
        assert!(is_left(9 << 10).await);
        assert!(!is_left((9 << 10) + 1).await);
        share.add(budget.take(9 << 10).await);
        share.add(Share::default());
        assert!(!is_left(1).await);
        drop(share);
        assert!(is_left(10 << 10).await);
        assert!(!is_left((10 << 10) + 1).await, "more than there is in all");
        Budget::default().take(u64::MAX).await;
    }
}
