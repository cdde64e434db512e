//! Taking a message of one's own away, for everybody.

use super::target::{done, own_message};
use crate::error::Result;
use crate::rights;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::frame::{Delete, Done};
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Body, Message};
use uuid::Uuid;

/// Does what `frame` asks for. It wins over every edit, whichever came first, and can be repeated.
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

    async fn run(&self, tx: &mut Tx) -> Result<Done> {
        let Self { by, generation, frame } = self;
        rights::connection(tx, by, *generation).await?;
        rights::member(tx, by, frame.room).await?;
        let found = own_message(tx, by, frame.room, frame.message).await?;
        let at = tx.now();
        if found.message.body == Body::Deleted {
            return Ok(done(frame.id, frame.room, &found, at, true));
        }
        let message = Message { body: Body::Deleted, ..found.message };
        let rev = tx.record_version(frame.room, message.clone()).await?;
        Ok(done(frame.id, frame.room, &Placed { rev, message }, at, false))
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}
