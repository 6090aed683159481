//! Counters of the webhook in Prometheus' text format (version 0.0.4).

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 10.0];

/// What came of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Result {
    /// Admitted without a look at images.
    Passed,
    /// Admitted.
    Allowed,
    /// Denied by a policy.
    Denied,
    /// Denied, since it could not be found out.
    Undecided,
    /// Denied, since the time was up.
    Deadline,
    /// Not a review.
    Malformed,
}

const RESULTS: [(Result, &str); 6] = [
    (Result::Passed, "passed"),
    (Result::Allowed, "allowed"),
    (Result::Denied, "denied"),
    (Result::Undecided, "undecided"),
    (Result::Deadline, "deadline"),
    (Result::Malformed, "malformed"),
];

/// The counters of one webhook.
#[derive(Debug, Default)]
pub struct Webhook {
    results: [AtomicU64; 6],
    buckets: [AtomicU64; 10],
    count: AtomicU64,
    microseconds: AtomicU64,
}

/// All counters.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Of validations.
    pub validate: Webhook,
    /// Of mutations.
    pub mutate: Webhook,
}

/// What is read when metrics are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauges {
    /// Policies in use.
    pub policies: usize,
    /// Policies that can't be used.
    pub broken_policies: usize,
    /// Cached results.
    pub cached: usize,
    /// Hits of the result cache.
    pub hits: u64,
    /// Misses of the result cache.
    pub misses: u64,
    /// Look-ups of what lies beside an image.
    pub lookups: u64,
}

impl Webhook {
    /// Counts a review.
    pub fn count(&self, result: Result, elapsed: Duration) {
        for ((kind, _), counter) in RESULTS.iter().zip(&self.results) {
            if *kind == result {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
        for (bound, counter) in BUCKETS.iter().zip(&self.buckets) {
            if elapsed.as_secs_f64() <= *bound {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let microseconds = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }
}

impl Metrics {
    /// The page for Prometheus.
    pub fn page(&self, gauges: Gauges) -> String {
        let mut page = String::new();
        let webhooks = [("validate", &self.validate), ("mutate", &self.mutate)];
        page.push_str("# HELP countersign_admission_reviews_total Reviews by webhook and result.\n");
        page.push_str("# TYPE countersign_admission_reviews_total counter\n");
        for (webhook, counters) in webhooks {
            for ((_, result), counter) in RESULTS.iter().zip(&counters.results) {
                let value = counter.load(Ordering::Relaxed);
                let _ = writeln!(
                    page,
                    "countersign_admission_reviews_total{{webhook=\"{webhook}\",result=\"{result}\"}} {value}"
                );
            }
        }
        page.push_str("# HELP countersign_admission_duration_seconds Time to answer a review.\n");
        page.push_str("# TYPE countersign_admission_duration_seconds histogram\n");
        for (webhook, counters) in webhooks {
            let name = "countersign_admission_duration_seconds";
            for (bound, counter) in BUCKETS.iter().zip(&counters.buckets) {
                let value = counter.load(Ordering::Relaxed);
                let _ = writeln!(page, "{name}_bucket{{webhook=\"{webhook}\",le=\"{bound}\"}} {value}");
            }
            let count = counters.count.load(Ordering::Relaxed);
            let micros = counters.microseconds.load(Ordering::Relaxed);
            let _ = writeln!(page, "{name}_bucket{{webhook=\"{webhook}\",le=\"+Inf\"}} {count}");
            let _ = writeln!(
                page,
                "{name}_sum{{webhook=\"{webhook}\"}} {}.{:06}",
                micros / 1_000_000,
                micros % 1_000_000
            );
            let _ = writeln!(page, "{name}_count{{webhook=\"{webhook}\"}} {count}");
        }
        for (name, kind, help, value) in [
            ("policies", "gauge", "Policies in use.", gauges.policies as u64),
            (
                "policies_broken",
                "gauge",
                "Policies that can't be used.",
                gauges.broken_policies as u64,
            ),
            ("results_cached", "gauge", "Results in the cache.", gauges.cached as u64),
            (
                "result_cache_hits_total",
                "counter",
                "Results taken from the cache.",
                gauges.hits,
            ),
            (
                "result_cache_misses_total",
                "counter",
                "Results that were made.",
                gauges.misses,
            ),
            (
                "registry_lookups_total",
                "counter",
                "Times that an image's signatures were fetched.",
                gauges.lookups,
            ),
        ] {
            let _ = writeln!(
                page,
                "# HELP countersign_{name} {help}\n# TYPE countersign_{name} {kind}\ncountersign_{name} {value}"
            );
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_series() {
        let metrics = Metrics::default();
        metrics.validate.count(Result::Denied, Duration::from_millis(3));
        let page = metrics.page(Gauges {
            policies: 2,
            ..Gauges::default()
        });
        for line in [
            "countersign_admission_reviews_total{webhook=\"validate\",result=\"denied\"} 1",
            "countersign_admission_reviews_total{webhook=\"mutate\",result=\"denied\"} 0",
            "countersign_admission_duration_seconds_bucket{webhook=\"validate\",le=\"0.0025\"} 0",
            "countersign_admission_duration_seconds_bucket{webhook=\"validate\",le=\"0.005\"} 1",
            "countersign_admission_duration_seconds_sum{webhook=\"validate\"} 0.003000",
            "countersign_policies 2",
        ] {
            assert!(page.lines().any(|l| l == line), "{line}\n{page}");
        }
    }
}
