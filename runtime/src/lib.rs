//! What every floor stands on and nothing else may reach for: the clock, randomness and owned tasks.
//!
//! Core and server take [`Sources`] as a value, so that a test or the simulation can hand in its own and
//! replay a run. This crate is the only place that asks the operating system for the time or for random bytes,
//! and the only one that starts a task.

mod plant;
mod sources;
mod tasks;

#[cfg(debug_assertions)]
pub use plant::plant;
pub use plant::{Plant, planted};
pub use sources::{Clock, FixedClock, OsRandom, Random, SeededRandom, Sources, SystemClock};
pub use tasks::Tasks;
