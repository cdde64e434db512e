//! Stories of a ride, told with real parts.

mod away;
mod catch_up;
mod devices;
mod edits;
mod frames;
mod issuers;
mod live;
mod logs;
mod marks;
mod once;
mod oneself;
mod open;
mod operator;
mod passwords;
mod platform;
mod removal;
mod requests;
mod reviews;
mod ride;
mod seats;
mod sessions;
mod settings;
mod signed_in;
mod storage;
mod together;
mod trips;
