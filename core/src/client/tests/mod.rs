//! The whole client against a server that plays by a script: real engine, real database files, real WebSocket
//! over a pipe in memory, and a clock that jumps when nothing moves.

mod chance;
mod changing;
mod connection;
mod disk;
mod hello;
mod hints;
mod holes;
mod marks;
mod notices;
mod own;
mod patience;
mod reading;
mod sending;
mod session;
mod stage;
mod trips;
mod wishing;
