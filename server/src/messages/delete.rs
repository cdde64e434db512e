//! Taking a message of one's own away, for everybody.

use crate::error::Result;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::{Delete, Done};
use uuid::Uuid;

/// Does what `frame` asks for.
#[derive(Debug)]
pub struct DeleteMessage {
    /// Who deletes.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// What was asked for.
    pub frame: Delete,
}

impl Job for DeleteMessage {
    type Out = Done;

    async fn run(&self, _tx: &mut Tx) -> Result<Done> {
        Err(ErrorCode::InvalidInput.into())
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}
