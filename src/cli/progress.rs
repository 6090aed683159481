//! A bar on the terminal for work on many things.

use std::io::Write as _;
use std::time::{Duration, Instant};

/// From how many things on a bar is worth showing.
const WORTHWHILE: usize = 5;
/// Shortest time between two drawings.
const INTERVAL: Duration = Duration::from_millis(50);
/// Width of the bar, in characters.
const WIDTH: usize = 30;

/// A bar on standard error, where that is a terminal; else nothing.
pub struct Progress {
    total: usize,
    active: bool,
    drawn: Option<Instant>,
}

impl Progress {
    /// A bar for `total` things, shown only when `wanted`.
    pub fn new(total: usize, wanted: bool) -> Self {
        Self {
            total,
            active: wanted && total >= WORTHWHILE && rustix::termios::isatty(rustix::stdio::stderr()),
            drawn: None,
        }
    }

    /// Draws the bar anew, at most some times a second.
    pub fn update(&mut self, good: usize, failed: usize) {
        if !self.active || self.drawn.is_some_and(|at| at.elapsed() < INTERVAL) {
            return;
        }
        let done = good.saturating_add(failed);
        let filled = done
            .saturating_mul(WIDTH)
            .checked_div(self.total)
            .unwrap_or(WIDTH)
            .min(WIDTH);
        let bar = format!("{}{}", "=".repeat(filled), " ".repeat(WIDTH.saturating_sub(filled)));
        let _ = write!(
            std::io::stderr().lock(),
            "\r[{bar}] {done}/{} verified: {good}, failed: {failed}",
            self.total
        );
        self.drawn = Some(Instant::now());
    }

    /// Takes the bar away.
    pub fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}
