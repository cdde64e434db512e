//! Accounts and sign-ins.

mod change_password;
mod delete;
mod exchange;
mod export;
mod grant;
mod me;
mod mint;
mod names;
mod put_person;
mod recognise;
mod refresh;
mod register;
mod reset;
mod sessions;
mod sign_in;
mod sign_out;

pub use change_password::change_password;
pub use delete::{delete, forget};
pub use exchange::exchange;
pub use export::Export;
pub use me::{ChangeMe, ReadMe};
pub use mint::mint;
pub use put_person::PutPerson;
pub use recognise::recognise;
pub use refresh::refresh;
pub use register::register;
pub use reset::{NewCode, reset};
pub use sessions::{ListSessions, end_other_sessions, end_session};
pub use sign_in::sign_in;
pub use sign_out::sign_out;
