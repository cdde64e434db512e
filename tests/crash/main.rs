//! Real processes that are killed, and disks that fail: what was acknowledged is there, once and in order.
//!
//! `cargo xtask test` runs a short version, `cargo xtask crash --kills 100` a long one. Nothing here is mocked: the
//! server is the delivered one, the databases are real, and a kill is `kill -9`.

mod client_kills;
#[cfg(target_os = "linux")]
mod disk;
mod judge;
mod ledger;
mod load;
mod plan;
mod process;
mod server;
mod server_kills;
#[cfg(target_os = "linux")]
mod shim;
mod stored;
mod writer;
