//! What is in the cache, as the views that the screen shows.
//!
//! [`stretch`] reads a bounded piece of a room that never spans a hole; the rest is pure: messages and unsent ones
//! become rows, a membership becomes a row of the list or a room's header.

mod inbox;
pub mod notice;
mod pending;
mod room;
mod rows;
pub mod stretch;

pub use inbox::{RowParts, in_order, inbox_row, shown_unsent};
pub use pending::overlay;
pub use room::{RoomParts, full_name_of, name_of, room_view};
pub use rows::{Reader, rows, system, text};

#[cfg(test)]
mod tests;
