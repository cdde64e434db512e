//! The companion server of Tripchat: it owns trips, rooms and persistence.

pub mod bus;
pub mod config;
pub mod error;
pub mod store;
