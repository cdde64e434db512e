//! Telling platforms what happens, by the Standard Webhooks specification 1.0: signed, sent again until it is taken,
//! to public addresses only. What is told is written by `store/telling.rs`, in the transaction of what it is about.

mod addresses;
mod courier;
mod delivery;
mod schedule;
mod served;
mod sign;

pub use addresses::{Add, Disable, Enable, List, Listed, Remove, Rotate, Try};
pub use courier::{Courier, Outcome};
pub use delivery::deliver;
#[cfg(test)]
pub use delivery::{Note, Take};
pub use served::Served;
pub use sign::whsec;
