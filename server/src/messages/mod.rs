//! Messages: sending, changing and reading back.

mod body;
mod delete;
mod edit;
mod history;
mod say;
mod send;
mod served;
mod target;

pub use delete::DeleteMessage;
pub use edit::EditMessage;
pub use history::{ReadHistory, Which};
pub use say::say;
pub use send::SendMessage;
pub use served::{PostSystem, ReadServed};
