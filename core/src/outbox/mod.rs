//! What was written and not stored by the server yet: one lane per room, in order; rooms side by side.
//!
//! The rows live in the cache; [`state`] decides what happens next to them, [`settle`] stores what came of it.

pub mod settle;
pub mod state;
