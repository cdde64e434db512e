//! Accounts and sign-ins.

mod change_password;
mod exchange;
mod grant;
mod mint;
mod put_person;
mod recognise;
mod refresh;
mod register;
mod sessions;
mod sign_in;
mod sign_out;

pub use change_password::change_password;
pub use exchange::exchange;
pub use mint::mint;
pub use put_person::PutPerson;
pub use recognise::recognise;
pub use refresh::refresh;
pub use register::register;
pub use sessions::{ListSessions, end_other_sessions, end_session};
pub use sign_in::sign_in;
pub use sign_out::sign_out;

/// The tenant of a server that has one.
pub const DEFAULT_TENANT: &str = "default";
