//! Accounts and sign-ins.

mod grant;
mod refresh;
mod register;
mod sign_in;
mod sign_out;

pub use refresh::refresh;
pub use register::register;
pub use sign_in::sign_in;
pub use sign_out::sign_out;

/// The tenant of a server that has one.
pub const DEFAULT_TENANT: &str = "default";
