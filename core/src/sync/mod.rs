//! Keeping the cache whole: storing what comes, and noticing what did not.

pub mod apply;
pub mod gap;
pub mod hints;
pub mod whole;
