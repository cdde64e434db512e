//! The world of the stories: a real server, real cores and the road between them, in one process.
//!
//! A story reads like the ride. It waits for what it expects by listening to the core's events, never by sleeping;
//! what does not come in time fails with what was seen last.
//!
//! `stories/` tells them; `crash/` kills real processes.

mod person;
mod postgres;
mod raw;
mod road;
mod server;
pub mod talk;
mod world;

pub use person::{Keyring, PASSWORD, Person};
pub use postgres::FreshDatabase;
pub use raw::{Answer, Raw};
pub use road::Road;
pub use server::{Database, Server};
pub use world::{World, board, on_both, trip_from};
