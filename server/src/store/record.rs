//! The one door for changes: whatever a stream holds gets its number here, is stored here and is published after
//! the commit. A use case cannot forget to publish, nor publish what was rolled back.

use super::tables::{message, object, own};
use super::tx::Tx;
use super::value::params;
use crate::bus::{ChangeHint, Hint, MarksHint};
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use tripchat_protocol::limits::RECEIPTS_ROOM;
use tripchat_protocol::rest::Placed;
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
        let place = self.next_place(stream, matches!(object, Object::Member(_))).await?;
        let json = to_json(object)?;
        object::put(self, stream, object, place.head, &json).await?;
        self.announce(stream, place, json);
        Ok(place.head)
    }

    /// Records a new message of `room`: its seq is the change's number.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn record_message(&mut self, room: RoomId, new: NewMessage) -> Result<Message> {
        let stream = StreamId::Room(room);
        let place = self.next_place(stream, false).await?;
        let NewMessage { id, author, body, written_at, request_hash } = new;
        let seq = Seq(place.head.0);
        let message =
            Message { id, seq, author, body, at: self.now, written_at, edit_no: 0, edited_at: None };
        message::insert(self, room, &message, &request_hash).await?;
        self.tell_message(room, &message).await?;
        self.announce_message(stream, place, message)
    }

    /// Records that a message of `room` now stands as it is; the version before it is kept. Gives the change's
    /// number.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn record_version(&mut self, room: RoomId, message: Message) -> Result<Rev> {
        let stream = StreamId::Room(room);
        let place = self.next_place(stream, false).await?;
        let placed = Placed { rev: place.head, message };
        message::replace(self, room, &placed).await?;
        if placed.message.body == Body::Deleted {
            self.untell_message(room, placed.message.id).await?;
        }
        self.announce_message(stream, place, placed.message)?;
        Ok(place.head)
    }

    /// Records that the marks of `raised` in `room` were raised, or that the people of the room changed: the marks
    /// get their next number, and a hint.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn record_marks(&mut self, room: RoomId, raised: &BTreeSet<UserId>) -> Result<()> {
        let stream = StreamId::Room(room);
        let row = self
            .one(
                "UPDATE stream SET marks = marks + 1 WHERE id = $1 RETURNING epoch, marks, members_rev",
                params![stream.uuid()],
            )
            .await?;
        let mut row = row.ok_or_else(|| Error::internal(format!("there is no stream {stream}")))?;
        let mut people = own::marks(self, room).await?;
        let large = people.len() > RECEIPTS_ROOM;
        if large {
            people.retain(|person| raised.contains(&person.user));
        }
        self.changes.push(Hint::Marks(MarksHint {
            room,
            epoch: row.take(0)?,
            marks: row.take(1)?,
            members_rev: row.take(2)?,
            people,
            large,
        }));
        Ok(())
    }

    /// The next number of `stream`; of a change of its members, they have changed with it.
    async fn next_place(&mut self, stream: StreamId, members: bool) -> Result<Place> {
        let row = self
            .one(
                "UPDATE stream SET head = head + 1, touched_at = $2,
                                   members_rev = CASE WHEN $3 = 1 THEN head + 1 ELSE members_rev END
                 WHERE id = $1 RETURNING epoch, head, members_rev",
                params![stream.uuid(), self.now, members],
            )
            .await?;
        let mut row = row.ok_or_else(|| Error::internal(format!("there is no stream {stream}")))?;
        Ok(Place { epoch: row.take(0)?, head: row.take(1)?, members_rev: row.take(2)? })
    }

    fn announce_message(&mut self, stream: StreamId, place: Place, message: Message) -> Result<Message> {
        let object = Object::Message(message);
        self.announce(stream, place, to_json(&object)?);
        let Object::Message(message) = object else { return Err(Error::internal("not a message")) };
        Ok(message)
    }

    fn announce(&mut self, stream: StreamId, place: Place, json: String) {
        let Place { epoch, head: rev, members_rev } = place;
        let change = ChangeHint { stream, epoch, rev, members_rev, object: json.into() };
        self.changes.push(Hint::Change(change));
    }
}

/// Where a change stands in its stream.
#[derive(Debug, Clone, Copy)]
struct Place {
    epoch: Epoch,
    head: Rev,
    members_rev: Rev,
}

/// The JSON of an object, as it goes on the wire.
///
/// # Errors
/// If it cannot be written: a defect.
pub fn to_json(object: &Object) -> Result<String> {
    serde_json::to_string(object).map_err(|error| Error::internal(error.to_string()))
}
