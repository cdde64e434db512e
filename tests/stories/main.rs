//! Stories of a ride, told with real parts.

mod away;
mod devices;
mod frames;
mod logs;
mod once;
mod open;
mod requests;
mod ride;
mod sessions;
mod storage;
