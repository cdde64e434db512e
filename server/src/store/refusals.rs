//! Whether what is written is stored: the answer that health gives.

use std::sync::atomic::{AtomicI64, Ordering};
use tripchat_runtime::Sources;

/// How long one refusal counts. A small write that still fits does not mean that there is space again.
const COUNTS_MS: i64 = 10_000;

/// When the database last refused to store.
#[derive(Debug)]
pub(super) struct Refusals {
    sources: Sources,
    last: AtomicI64,
}

impl Refusals {
    pub(super) fn none(sources: Sources) -> Self {
        Self { sources, last: AtomicI64::new(i64::MIN) }
    }

    /// Notes that something could not be stored just now.
    pub(super) fn note(&self) {
        self.last.store(self.sources.now(), Ordering::SeqCst);
    }

    /// Whether nothing was refused lately.
    pub(super) fn is_writable(&self) -> bool {
        self.sources.now().saturating_sub(self.last.load(Ordering::SeqCst)) >= COUNTS_MS
    }
}
