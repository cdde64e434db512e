//! The companion server of Tripchat: it owns trips, rooms and persistence.
//!
//! Start at `http/router.rs` for what it can do, at `gateway/connection/mod.rs` for how it talks, at `store/mod.rs` for
//! how it keeps.

mod accounts;
mod admin;
pub mod app;
mod bus;
pub mod cli;
pub mod config;
mod context;
pub mod error;
mod expiry;
mod fanout;
mod figures;
mod gateway;
mod gathering;
mod handshakes;
mod http;
mod hub;
mod issuers;
mod keys;
pub mod listening;
mod messages;
pub mod moments;
mod once;
pub mod openapi;
mod outbound;
mod passwords;
mod presence;
mod rights;
mod rooms;
mod router;
mod store;
mod tokens;
mod trips;
mod upkeep;
mod webhooks;
