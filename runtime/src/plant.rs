//! Faults that the simulation plants, one at a time, to see whether its oracle notices them.
//!
//! Each has one place in the code where a rule is kept; planted, the rule is broken there. Only a build with debug
//! assertions can plant anything: in a release build [`planted`] is the constant `false` and leaves nothing behind.

/// A rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Plant {
    /// The server answers before the commit.
    AckBeforeCommit = 1,
    /// The server publishes before the commit.
    HintBeforeCommit,
    /// The server stores a repeat once more.
    NoDedup,
    /// The server asks for rights before it looks for the repeat.
    DedupAfterRights,
    /// The server never compares its streams with the database, and tells no heads.
    NoHeads,
    /// The server reads what a client missed before it listens for it.
    SubscribeAfterRead,
    /// The server goes on telling former members what happens.
    IntervalIgnored,
    /// The server trusts the list of members that it has, however old.
    MembersRevIgnored,
    /// The server takes the last mark instead of the highest.
    MarksOverwritten,
    /// The server does what an older connection of a device asks.
    OldGenerationAccepted,
    /// The server hands on a change that does not follow what it sent.
    GapForwarded,
    /// The server leaves the changes of older messages out of a limited catch-up.
    LimitedOmitsEdits,
    /// The server takes an edit of a version that is not the last.
    EditNoIgnored,
    /// The server writes on connections whose token has expired.
    ExpiryIgnored,
    /// The client sends what was written last first.
    LaneNotSerial,
    /// The client removes a message from its outbox when it is sent.
    RowRemovedBeforeResult,
    /// The client forgets at its start what waits in the outbox.
    OutboxForgotten,
    /// The client's cursor passes an object that was not stored.
    CursorWithoutObjects,
    /// The client ignores that a message was deleted.
    TombstoneDropped,
    /// The client does not note what a limited catch-up left out.
    HoleNotNoted,
    /// The client keeps what a reset made void.
    ResetIgnored,
}

impl Plant {
    /// All that every run of the tests plants. [`Plant::LimitedOmitsEdits`] is met too seldom for that.
    pub const ALL: [Self; 20] = [
        Self::AckBeforeCommit,
        Self::HintBeforeCommit,
        Self::NoDedup,
        Self::DedupAfterRights,
        Self::NoHeads,
        Self::SubscribeAfterRead,
        Self::IntervalIgnored,
        Self::MembersRevIgnored,
        Self::MarksOverwritten,
        Self::OldGenerationAccepted,
        Self::GapForwarded,
        Self::EditNoIgnored,
        Self::ExpiryIgnored,
        Self::LaneNotSerial,
        Self::RowRemovedBeforeResult,
        Self::OutboxForgotten,
        Self::CursorWithoutObjects,
        Self::TombstoneDropped,
        Self::HoleNotNoted,
        Self::ResetIgnored,
    ];
}

#[cfg(debug_assertions)]
mod now {
    use super::Plant;
    use std::sync::atomic::{AtomicU8, Ordering};

    static PLANTED: AtomicU8 = AtomicU8::new(0);

    /// Plants `plant` in this process, for good.
    pub fn plant(plant: Plant) {
        PLANTED.store(plant as u8, Ordering::Relaxed);
    }

    /// Whether `plant` is planted.
    #[must_use]
    pub fn planted(plant: Plant) -> bool {
        PLANTED.load(Ordering::Relaxed) == plant as u8
    }
}

#[cfg(debug_assertions)]
pub use now::{plant, planted};

/// Whether `plant` is planted: never, in a release build.
#[cfg(not(debug_assertions))]
#[must_use]
pub const fn planted(_plant: Plant) -> bool {
    false
}
