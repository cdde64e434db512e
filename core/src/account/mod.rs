//! Who is signed in on this device, and with what.

pub mod secret_store;
