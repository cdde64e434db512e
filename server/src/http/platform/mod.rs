//! Routes of a platform's backend, which calls with a service token.

pub mod bookings;
mod keyed;
pub mod people;
pub mod rooms;
pub mod trips;
pub mod webhooks;

use tripchat_protocol::limits::{HISTORY_DEFAULT, HISTORY_MAX};

/// How many are on a page: 50, if it is not said; a hundred at most.
fn page(limit: Option<u32>) -> i64 {
    i64::from(limit.unwrap_or(HISTORY_DEFAULT).clamp(1, HISTORY_MAX))
}
