//! Rooms: who is in them, and what a client that was away has missed.

mod changes;
mod heads;
mod join;

pub use changes::{Page, Read, ReadChanges};
pub use heads::{Heads, ReadHeads};
pub use join::{join, open};
