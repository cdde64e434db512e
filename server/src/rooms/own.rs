//! What a person sets about a room: the same on all their devices, seen by nobody else.

use crate::error::Result;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::{Done, Set};
use uuid::Uuid;

/// Does what `frame` asks for.
#[derive(Debug)]
pub struct SetOwn {
    /// Who sets it.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// What was asked for.
    pub frame: Set,
}

impl Job for SetOwn {
    type Out = Done;

    async fn run(&self, _tx: &mut Tx) -> Result<Done> {
        Err(ErrorCode::InvalidInput.into())
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}
