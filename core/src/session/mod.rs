//! The connection to the server: when to dial, what to say, when to give a socket up.

pub mod backoff;
pub mod state;
pub mod transport;
