//! The client of Tripchat without a screen: it keeps the session, the outbox and the cache.
//!
//! Begin with [`Client`]. Data goes round: a command comes in, the outbox stores it, the session carries it to
//! the server, what the server answers is stored in the cache, and a [`event::ClientEvent`] says what to look
//! at again. The screen never sees a token and never talks to the network.

mod account;
pub mod api;
mod cache;
mod client;
pub mod config;
pub mod error;
pub mod event;
mod outbox;
mod session;
mod sync;
mod timeline;
pub mod view;

pub use account::secret_store::{SecretError, SecretStore};
pub use client::{Client, Parts};
pub use config::Config;
pub use error::CoreError;
pub use event::ClientEvent;
pub use secrecy::SecretString;
pub use session::transport::{DialError, Dialer, Incoming, Socket, connect_over};
