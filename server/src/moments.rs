//! The moments of a commit, at each of which a server may die. The simulation decides; in production there are none.

use std::fmt::Debug;

/// Where a write stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was done yet.
    Before,
    /// The work is done, the transaction is open.
    Ran,
    /// It is committed, and nobody knows.
    Committed,
    /// It is published, and not answered.
    Published,
}

/// What the simulation decides.
pub trait Moments: Debug + Send + Sync {
    /// Whether the server gets past `moment`. Once it does not, it never does again.
    fn survives(&self, moment: Moment) -> bool;

    /// Whether what was just committed is lost on its way to those who listen.
    fn loses_hint(&self) -> bool;
}
