//! Stories of a ride, told with real parts.

mod away;
mod once;
mod ride;
