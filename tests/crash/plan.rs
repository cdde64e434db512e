//! How much a run does, and the randomness that it draws from.

use anyhow::{Context, Result};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use tripchat_runtime::{Sources, SystemClock};

/// The shortest and the longest life of a process between two kills, in milliseconds.
const LIFE: (u64, u64) = (50, 2_000);

/// One run.
pub struct Plan {
    /// Names the random numbers. What the machine does meanwhile it does not name: the same seed kills after the same
    /// times, not in the same instruction.
    pub seed: u64,
    /// How often a process is killed.
    pub kills: u32,
    /// The random numbers; the clock is the machine's.
    pub sources: Sources,
}

impl Plan {
    /// `kills`, unless `cargo xtask crash` asks for another number.
    pub fn read(kills: u32) -> Result<Self> {
        let kills = asked("TRIPCHAT_CRASH_KILLS")?.map_or(Ok(kills), u32::try_from)?;
        let seed = asked("TRIPCHAT_CRASH_SEED")?.unwrap_or_else(|| Sources::system().below(1_000_000));
        let random = tripchat_runtime::SeededRandom::new(seed);
        Ok(Self { seed, kills, sources: Sources::new(Arc::new(SystemClock), random) })
    }

    /// How long a process lives.
    pub fn life(&self) -> Duration {
        Duration::from_millis(LIFE.0 + self.sources.below(LIFE.1 - LIFE.0 + 1))
    }
}

fn asked(name: &str) -> Result<Option<u64>> {
    let Ok(text) = std::env::var(name) else { return Ok(None) };
    text.parse().map(Some).with_context(|| format!("{name} is no number"))
}

/// Prints a line even where the test runner keeps what a passing test says.
pub fn report(line: &str) {
    // There is nowhere to say that nothing can be said.
    drop(std::io::stderr().write_all(format!("{line}\n").as_bytes()));
}
