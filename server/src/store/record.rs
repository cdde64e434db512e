//! The one door for changes: whatever a stream holds gets its number here, is stored here and is published after
//! the commit. A use case cannot forget to publish, nor publish what was rolled back.

use super::tables::{message, object};
use super::tx::Tx;
use super::value::params;
use crate::bus::{ChangeHint, Hint};
use crate::error::{Error, Result};
use tripchat_protocol::{
    Body, Epoch, Message, MessageId, Millis, Object, Rev, RoomId, Seq, StreamId, UserId,
};

/// A message before it has its place.
#[derive(Debug)]
pub struct NewMessage {
    /// Its writer's id for it.
    pub id: MessageId,
    /// Who wrote it.
    pub author: UserId,
    /// What it says.
    pub body: Body,
    /// When it was written, by its writer's clock.
    pub written_at: Millis,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
}

impl Tx {
    /// Opens the stream, with a random epoch (53 bits) and no changes.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn open_stream(&mut self, stream: StreamId) -> Result<()> {
        let epoch = i64::from_le_bytes(self.sources.bytes()) & ((1 << 53) - 1);
        self.run(
            "INSERT INTO stream (id, epoch, head, touched_at) VALUES ($1, $2, 0, $3)",
            params![stream.uuid(), epoch.max(1), self.now],
        )
        .await
    }

    /// Records that `object` now stands as it is in `stream`; gives the change's number.
    ///
    /// # Errors
    /// The failure of the database; messages go through [`Tx::record_message`].
    pub async fn record(&mut self, stream: StreamId, object: &Object) -> Result<Rev> {
        if matches!(object, Object::Message(_) | Object::Unknown(_)) {
            return Err(Error::internal("this kind of object is not recorded here"));
        }
        let (epoch, rev) = self.next_rev(stream).await?;
        let json = to_json(object)?;
        object::put(self, stream, object, rev, &json).await?;
        self.announce(stream, epoch, rev, json);
        Ok(rev)
    }

    /// Records a new message of `room`: its seq is the change's number.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn record_message(&mut self, room: RoomId, new: NewMessage) -> Result<Message> {
        let stream = StreamId::Room(room);
        let (epoch, rev) = self.next_rev(stream).await?;
        let NewMessage { id, author, body, written_at, request_hash } = new;
        let message = Message {
            id,
            seq: Seq(rev.0),
            author,
            body,
            at: self.now,
            written_at,
            edit_no: 0,
            edited_at: None,
        };
        message::insert(self, room, &message, &request_hash).await?;
        let object = Object::Message(message);
        self.announce(stream, epoch, rev, to_json(&object)?);
        let Object::Message(message) = object else { return Err(Error::internal("not a message")) };
        Ok(message)
    }

    async fn next_rev(&mut self, stream: StreamId) -> Result<(Epoch, Rev)> {
        let row = self
            .one(
                "UPDATE stream SET head = head + 1, touched_at = $2 WHERE id = $1 RETURNING epoch, head",
                params![stream.uuid(), self.now],
            )
            .await?;
        let mut row = row.ok_or_else(|| Error::internal(format!("there is no stream {stream}")))?;
        Ok((row.take(0)?, row.take(1)?))
    }

    fn announce(&mut self, stream: StreamId, epoch: Epoch, rev: Rev, json: String) {
        let change = ChangeHint { stream, epoch, rev, members_rev: Rev(0), object: json.into() };
        self.changes.push(Hint::Change(change));
    }
}

/// The JSON of an object, as it goes on the wire.
///
/// # Errors
/// If it cannot be written: a defect.
pub fn to_json(object: &Object) -> Result<String> {
    serde_json::to_string(object).map_err(|error| Error::internal(error.to_string()))
}
