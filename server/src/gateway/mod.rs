//! The socket: one task a connection, which reads operations, writes answers and changes, and keeps count.

mod connection;
mod feeds;
mod greeting;
mod heartbeat;
mod operations;
mod typing;
mod upgrade;
mod wire;

pub use upgrade::upgrade;
