//! Another text for a message of one's own.

use crate::error::Result;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::{Done, Edit};
use uuid::Uuid;

/// Does what `frame` asks for.
#[derive(Debug)]
pub struct EditMessage {
    /// Who edits.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// What was asked for.
    pub frame: Edit,
}

impl Job for EditMessage {
    type Out = Done;

    async fn run(&self, _tx: &mut Tx) -> Result<Done> {
        Err(ErrorCode::InvalidInput.into())
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}
