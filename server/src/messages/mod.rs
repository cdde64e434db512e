//! Messages: sending and reading back.

mod history;
mod send;

pub use history::{ReadHistory, Which};
pub use send::SendMessage;
