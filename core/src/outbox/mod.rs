//! What was written and not stored by the server yet: one lane per room, in order; rooms side by side. Beside it what
//! the person wants of a room, where only the last value counts.
//!
//! The rows live in the cache; [`state`] decides what happens next to them, [`settle`] and [`wishes`] store what came
//! of it, [`change`] knows what a change makes of what waits.

pub mod change;
pub mod delivered;
pub mod limits;
pub mod own;
pub mod pauses;
pub mod settle;
pub mod state;
pub mod typing;
pub mod wishes;

#[cfg(test)]
mod model_tests;

#[cfg(test)]
mod wishes_model_tests;
