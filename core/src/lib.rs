//! The client of Tripchat without a screen: it keeps the session, the outbox and the cache.

pub mod error;
pub mod event;
pub mod view;
