//! Another text for a message of one's own.

use super::body::checked;
use super::target::{done, own_message};
use crate::error::Result;
use crate::rights;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::frame::{Done, Edit};
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Body, ErrorCode, Message};
use tripchat_runtime::{Plant, planted};
use uuid::Uuid;

/// Does what `frame` asks for. It names the version that it replaces: two devices that edit at once do not silently
/// undo one another. A repeat finds its text there already, and is done.
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

    async fn run(&self, tx: &mut Tx) -> Result<Done> {
        let Self { by, generation, frame } = self;
        rights::connection(tx, by, *generation).await?;
        let body = checked(&frame.body)?;
        rights::member(tx, by, frame.room).await?;
        let Placed { rev, message } = own_message(tx, by, frame.room, frame.message).await?;
        if message.body == Body::Deleted {
            return Err(ErrorCode::Gone.into());
        }
        if message.body == body {
            let at = message.edited_at.unwrap_or(message.at);
            return Ok(done(frame.id, frame.room, &Placed { rev, message }, at, true));
        }
        if message.edit_no != frame.edit_no && !planted(Plant::EditNoIgnored) {
            return Err(ErrorCode::Conflict.into());
        }
        let at = tx.now();
        let message = Message { body, edit_no: message.edit_no + 1, edited_at: Some(at), ..message };
        let rev = tx.record_version(frame.room, message.clone()).await?;
        Ok(done(frame.id, frame.room, &Placed { rev, message }, at, false))
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}
