//! How values lie: counted in buckets, each with a bound twice that of the one before it.

use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Buckets with a bound; one more takes the rest.
const BUCKETS: usize = 16;

/// Values that were seen since the start.
#[derive(Debug)]
pub struct Histogram {
    first: u64,
    counts: [AtomicU64; BUCKETS + 1],
    sum: AtomicU64,
}

/// How the values lie, in the unit in which they were noted. A quantile is the bound below which so many of them are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many there were.
    pub count: u64,
    /// All together.
    pub sum: u64,
    /// Half of them.
    pub p50: u64,
    /// 95 of a hundred.
    pub p95: u64,
    /// 99 of a hundred.
    pub p99: u64,
    /// The bounds, and how many lie up to each.
    #[serde(skip)]
    pub buckets: Vec<(u64, u64)>,
}

impl Histogram {
    /// Of times: a quarter of a millisecond to eight seconds.
    #[must_use]
    pub fn of_micros() -> Self {
        Self::from(250)
    }

    /// Of counts: 1 to 32,768.
    #[must_use]
    pub fn of_counts() -> Self {
        Self::from(1)
    }

    fn from(first: u64) -> Self {
        Self { first, counts: Default::default(), sum: AtomicU64::new(0) }
    }

    fn bound(&self, place: usize) -> u64 {
        u32::try_from(place).ok().and_then(|it| self.first.checked_shl(it)).unwrap_or(u64::MAX)
    }

    /// Notes a value.
    pub fn note(&self, value: u64) {
        let place = (0..BUCKETS).find(|&place| value <= self.bound(place)).unwrap_or(BUCKETS);
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Notes a time.
    pub fn note_time(&self, took: Duration) {
        self.note(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// How the values lie.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let counts = self.counts.each_ref().map(|it| it.load(Ordering::Relaxed));
        let count: u64 = counts.iter().sum();
        let mut up_to = 0;
        let buckets = counts.iter().take(BUCKETS).enumerate().map(|(place, counted)| {
            up_to += counted;
            (self.bound(place), up_to)
        });
        let buckets: Vec<(u64, u64)> = buckets.collect();
        let below = |hundredths: u64| {
            let wanted = (count * hundredths).div_ceil(100);
            let found = buckets.iter().find(|(_, up_to)| *up_to >= wanted);
            // Beyond the last bound: at least that.
            found.or(buckets.last()).map_or(0, |(bound, _)| *bound)
        };
        let (p50, p95, p99) = if count == 0 { (0, 0, 0) } else { (below(50), below(95), below(99)) };
        Summary { count, sum: self.sum.load(Ordering::Relaxed), p50, p95, p99, buckets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_bounds_below_which_so_many_lie() {
        let it = Histogram::of_counts();
        assert_eq!(it.summary().p99, 0);
        (1..=100).for_each(|value| it.note(value));
        let Summary { count, sum, p50, p95, p99, buckets } = it.summary();
        assert_eq!((count, sum, p50, p95, p99), (100, 5_050, 64, 128, 128));
        assert_eq!(buckets[..3], [(1, 1), (2, 2), (4, 4)]);
        assert_eq!(buckets.last(), Some(&(32_768, 100)));
    }

    #[test]
    fn what_is_beyond_every_bound_is_counted_too() {
        let it = Histogram::of_micros();
        it.note_time(Duration::from_secs(3_600));
        let summary = it.summary();
        assert_eq!((summary.count, summary.sum, summary.p50), (1, 3_600_000_000, 8_192_000));
        assert_eq!(summary.buckets.last(), Some(&(8_192_000, 0)));
    }
}
