//! A bounded cache in which each value is made once, however many ask for it at the same time.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

/// How often what has run out is dropped, while there are new keys.
const SWEEP: Duration = Duration::from_secs(1);

/// A cache from `K` to `V`.
pub struct Cache<K, V> {
    slots: Mutex<HashMap<K, Slot<V>>>,
    swept: Mutex<Instant>,
    capacity: usize,
    clock: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
}

struct Slot<V> {
    cell: Arc<OnceCell<Made<V>>>,
    used: u64,
}

impl<V> Clone for Slot<V> {
    fn clone(&self) -> Self {
        Self {
            cell: Arc::clone(&self.cell),
            used: self.used,
        }
    }
}

struct Made<V> {
    value: V,
    until: Instant,
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    /// A cache of at most `capacity` values.
    pub fn new(capacity: usize) -> Self {
        Self {
            slots: Mutex::new(HashMap::new()),
            swept: Mutex::new(Instant::now()),
            capacity: capacity.max(1),
            clock: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The value of `key`: the kept one, one that is being made, or the one that `make` makes, with how long it may be
    /// kept. A value with no lifetime is given to those who wait for it and then forgotten.
    ///
    /// When whoever makes a value goes away, the next one who waits makes it.
    pub async fn get<F: Future<Output = (V, Duration)>>(&self, key: &K, make: impl FnOnce() -> F) -> V {
        let cell = self.slot(key);
        let mut made_here = false;
        let made = cell
            .get_or_init(|| async {
                made_here = true;
                // Boxed, so that the many that find their value don't carry it.
                let (value, lifetime) = Box::pin(make()).await;
                Made {
                    value,
                    until: Instant::now() + lifetime,
                }
            })
            .await;
        let counter = if made_here { &self.misses } else { &self.hits };
        counter.fetch_add(1, Ordering::Relaxed);
        if made.until <= Instant::now() {
            self.forget(key, &cell);
        }
        made.value.clone()
    }

    fn slot(&self, key: &K) -> Arc<OnceCell<Made<V>>> {
        let now = Instant::now();
        let tick = self.clock.fetch_add(1, Ordering::Relaxed);
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get_mut(key)
            && slot.cell.get().is_none_or(|made| made.until > now)
        {
            slot.used = tick;
            return Arc::clone(&slot.cell);
        }
        slots.remove(key);
        if slots.len() >= self.capacity || self.is_to_be_swept(now) {
            evict(&mut slots, self.capacity, now);
        }
        let cell = Arc::new(OnceCell::new());
        let slot = Slot {
            cell: Arc::clone(&cell),
            used: tick,
        };
        slots.insert(key.clone(), slot);
        cell
    }

    fn is_to_be_swept(&self, now: Instant) -> bool {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let due = now.saturating_duration_since(*swept) >= SWEEP;
        if due {
            *swept = now;
        }
        due
    }

    fn forget(&self, key: &K, cell: &Arc<OnceCell<Made<V>>>) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.get(key).is_some_and(|slot| Arc::ptr_eq(&slot.cell, cell)) {
            slots.remove(key);
        }
    }

    /// Forgets the values of all keys that `which` picks, but not those that are being made.
    pub fn forget_all(&self, which: impl Fn(&K) -> bool) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|key, slot| slot.cell.get().is_none() || !which(key));
    }

    /// How many values are kept.
    pub fn len(&self) -> usize {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How often a value was there or being made, and how often it was made.
    pub fn counts(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }
}

/// Drops what has run out and, if that is not enough, the eighth that was not used for longest.
fn evict<K: Clone + Eq + Hash, V>(slots: &mut HashMap<K, Slot<V>>, capacity: usize, now: Instant) {
    slots.retain(|_, slot| slot.cell.get().is_none_or(|made| made.until > now));
    if slots.len() < capacity {
        return;
    }
    let mut ages: Vec<_> = slots.iter().map(|(key, slot)| (slot.used, key.clone())).collect();
    ages.sort_by_key(|(used, _)| *used);
    for (_, key) in ages.into_iter().take(capacity.div_ceil(8)) {
        slots.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_value_is_made_once_for_all_who_ask() {
        let cache = Arc::new(Cache::<u8, u32>::new(4));
        let made = Arc::new(AtomicU64::new(0));
        let ask = |_| {
            let (cache, made) = (Arc::clone(&cache), Arc::clone(&made));
            async move {
                cache
                    .get(&1, || async {
                        made.fetch_add(1, Ordering::Relaxed);
                        tokio::task::yield_now().await;
                        (7, Duration::from_secs(60))
                    })
                    .await
            }
        };
        let values = futures_util::future::join_all((0..100).map(ask)).await;
        assert!(values.iter().all(|v| *v == 7));
        assert_eq!(made.load(Ordering::Relaxed), 1);
        assert_eq!(cache.counts(), (99, 1));
    }

    #[tokio::test]
    async fn a_value_without_lifetime_is_not_kept() {
        let cache = Cache::<u8, u32>::new(4);
        assert_eq!(cache.get(&1, || async { (1, Duration::ZERO) }).await, 1);
        assert_eq!(cache.get(&1, || async { (2, Duration::from_secs(60)) }).await, 2);
        assert_eq!(cache.get(&1, || async { (3, Duration::from_secs(60)) }).await, 2);
    }

    #[tokio::test]
    async fn values_are_forgotten_by_key() {
        let cache = Cache::<u8, u32>::new(4);
        for key in 1..=2 {
            cache.get(&key, || async { (1, Duration::from_secs(60)) }).await;
        }
        cache.forget_all(|key| *key == 1);
        assert_eq!(cache.get(&1, || async { (2, Duration::from_secs(60)) }).await, 2);
        assert_eq!(cache.get(&2, || async { (2, Duration::from_secs(60)) }).await, 1);
    }

    #[tokio::test]
    async fn what_has_run_out_takes_no_memory() {
        let cache = Cache::<u8, u32>::new(16);
        for key in 1..=8 {
            cache.get(&key, || async { (1, Duration::from_millis(1)) }).await;
        }
        cache.get(&9, || async { (1, Duration::from_secs(60)) }).await;
        tokio::time::sleep(SWEEP).await;
        cache.get(&10, || async { (1, Duration::from_secs(60)) }).await;
        assert_eq!(cache.len(), 2);
    }

    #[tokio::test]
    async fn the_cache_stays_within_its_bound() {
        let cache = Cache::<u32, u32>::new(16);
        for key in 0..1000 {
            cache.get(&key, || async { (key, Duration::from_secs(60)) }).await;
            assert!(cache.len() <= 16);
        }
        assert_eq!(cache.get(&999, || async { (0, Duration::ZERO) }).await, 999);
    }

    #[tokio::test]
    async fn whoever_waits_goes_on_when_the_maker_goes_away() {
        let cache = Arc::new(Cache::<u8, u32>::new(4));
        let stuck = {
            let cache = Arc::clone(&cache);
            tokio::spawn(async move {
                cache
                    .get(&1, || async { std::future::pending::<(u32, Duration)>().await })
                    .await
            })
        };
        tokio::task::yield_now().await;
        stuck.abort();
        assert_eq!(cache.get(&1, || async { (5, Duration::from_secs(1)) }).await, 5);
    }
}
