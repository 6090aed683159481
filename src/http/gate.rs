//! How many requests run at once to one server: falls when the server answers 429, and recovers slowly.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// This many good answers in a row give one place back.
const GOOD_FOR_ONE_MORE: usize = 32;

/// The places of one server.
pub struct Gate {
    places: Arc<Semaphore>,
    most: usize,
    state: Mutex<State>,
}

struct State {
    width: usize,
    good: usize,
}

impl Gate {
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            places: Arc::new(Semaphore::new(most)),
            most,
            state: Mutex::new(State { width: most, good: 0 }),
        }
    }

    /// Waits for a place. `None` only if the gate was closed, which it never is.
    pub async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// A 429 came back to the holder of `place`: half of the places go, never the last one.
    pub fn throttled(&self, place: Option<OwnedSemaphorePermit>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.good = 0;
        let surplus = state.width - (state.width / 2).max(1);
        let mut gone = self.places.forget_permits(surplus);
        if gone < surplus
            && let Some(place) = place
        {
            place.forget();
            gone += 1;
        }
        state.width -= gone;
    }

    /// A good answer came.
    pub fn passed(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.width >= self.most {
            return;
        }
        state.good += 1;
        if state.good >= GOOD_FOR_ONE_MORE {
            state.good = 0;
            state.width += 1;
            self.places.add_permits(1);
        }
    }

    /// How many requests may run at once now.
    #[cfg(test)]
    pub fn width(&self) -> usize {
        self.state.lock().map_or(0, |state| state.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_narrows_on_429_to_one_and_recovers() {
        let gate = Gate::new(16);
        for _ in 0..20 {
            let place = gate.enter().await;
            gate.throttled(place);
        }
        assert_eq!(gate.width(), 1);
        let place = gate.enter().await;
        assert!(place.is_some());
        drop(place);
        for _ in 0..GOOD_FOR_ONE_MORE {
            gate.passed();
        }
        assert_eq!(gate.width(), 2);
    }

    #[tokio::test]
    async fn places_in_use_are_given_up_by_their_holders() {
        let gate = Gate::new(4);
        let mut places = Vec::new();
        for _ in 0..4 {
            places.push(gate.enter().await);
        }
        for place in places {
            gate.throttled(place);
        }
        assert_eq!(gate.width(), 1);
        assert!(gate.enter().await.is_some());
    }
}
