//! The core as the commands find it.

use tripchat_core::{Client, CoreError};

/// The core, or why it could not start: the window opens in any case and says it.
pub struct Core(pub Result<Client, CoreError>);

impl Core {
    /// The client, or the refusal that every command then answers with.
    pub fn client(&self) -> Result<&Client, CoreError> {
        self.0.as_ref().map_err(Clone::clone)
    }
}
