//! The clock of the simulation: tokio's, which stands still while anybody works and jumps when all wait.

use std::sync::Arc;
use tokio::time::Instant;
use tripchat_runtime::Clock;

/// When it begins: 21 November 2026, 00:00 UTC.
const EPOCH: i64 = 1_795_219_200_000;

/// A clock that goes with the simulation, so many milliseconds before or after the true time.
#[derive(Debug)]
pub struct SimClock {
    begun: Instant,
    skew: i64,
}

impl SimClock {
    pub fn new(begun: Instant, skew: i64) -> Arc<Self> {
        Arc::new(Self { begun, skew })
    }
}

impl Clock for SimClock {
    fn now(&self) -> i64 {
        EPOCH + i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX) + self.skew
    }
}
