//! What is counted while the server runs, for those who watch it. Counting costs an atomic addition and holds nobody up.

mod histogram;

pub use histogram::{Histogram, Summary};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// All that is counted.
#[derive(Debug)]
pub struct Figures {
    /// When the server began.
    pub since: Instant,
    /// How long requests on REST took, in microseconds.
    pub requests: Histogram,
    /// Webhooks on their way to platforms.
    pub webhooks: Arc<Work>,
    /// Streams of connections that were read from the database, because...
    pub healed: Healed,
}

/// Why a stream of a connection was read from the database in place of being told.
#[derive(Debug, Default)]
pub struct Healed {
    /// A change did not follow the one before it.
    pub gap: AtomicU64,
    /// A look at the database found more.
    pub look: AtomicU64,
    /// The connection's queue was full, or the bus.
    pub lagging: AtomicU64,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            since: Instant::now(),
            requests: Histogram::of_micros(),
            webhooks: Arc::default(),
            healed: Healed::default(),
        }
    }
}

/// The writes of a database.
#[derive(Debug)]
pub struct Writes {
    /// Jobs.
    pub work: Arc<Work>,
    /// How long they took, waiting and commit included, in microseconds.
    pub took: Histogram,
    /// Jobs in one commit.
    pub batch: Histogram,
}

impl Default for Writes {
    fn default() -> Self {
        Self { work: Arc::default(), took: Histogram::of_micros(), batch: Histogram::of_counts() }
    }
}

/// Work that stands in a queue until it is done.
#[derive(Debug, Default)]
pub struct Work {
    waiting: AtomicU64,
    active: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
}

/// Where the work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// Not begun.
    pub waiting: u64,
    /// Under way.
    pub active: u64,
    /// Done since the start.
    pub done: u64,
    /// Failed since the start.
    pub failed: u64,
}

impl Work {
    /// A piece that waits for its turn. Dropped before it ends, it counts as failed.
    #[must_use]
    pub fn wait(self: &Arc<Self>) -> Piece {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Piece { work: self.clone(), active: false, done: false }
    }

    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let read = |it: &AtomicU64| it.load(Ordering::Relaxed);
        Standing {
            waiting: read(&self.waiting),
            active: read(&self.active),
            done: read(&self.done),
            failed: read(&self.failed),
        }
    }
}

/// A piece of work, counted where it stands.
#[derive(Debug)]
pub struct Piece {
    work: Arc<Work>,
    active: bool,
    done: bool,
}

impl Piece {
    /// Its turn has come.
    pub fn begin(&mut self) {
        if !std::mem::replace(&mut self.active, true) {
            self.work.waiting.fetch_sub(1, Ordering::Relaxed);
            self.work.active.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// It is over.
    pub fn end(mut self, well: bool) {
        self.done = well;
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let Work { waiting, active, done, failed } = &*self.work;
        if self.active { active } else { waiting }.fetch_sub(1, Ordering::Relaxed);
        if self.done { done } else { failed }.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(work: &Arc<Work>) -> [u64; 4] {
        let Standing { waiting, active, done, failed } = work.standing();
        [waiting, active, done, failed]
    }

    #[test]
    fn each_piece_stands_in_one_place_whatever_becomes_of_it() {
        let work = Arc::<Work>::default();
        let (mut first, mut second, third) = (work.wait(), work.wait(), work.wait());
        assert_eq!(standing(&work), [3, 0, 0, 0]);
        first.begin();
        second.begin();
        second.begin();
        assert_eq!(standing(&work), [1, 2, 0, 0]);
        first.end(true);
        second.end(false);
        assert_eq!(standing(&work), [1, 0, 1, 1]);
        drop(third);
        assert_eq!(standing(&work), [0, 0, 1, 2]);
    }
}
