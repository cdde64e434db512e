//! Keeping the cache whole: storing what comes, and noticing what did not.

mod again;
pub mod apply;
pub mod fill;
pub mod gap;
pub mod hints;
pub mod whole;

#[cfg(test)]
mod converge_tests;
