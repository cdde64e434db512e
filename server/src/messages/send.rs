//! Sending a message: once, however often it is asked for.

use super::body::checked;
use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{message, room};
use crate::store::{Job, LAST_TIME, NewMessage, Tx};
use crate::tokens::{Caller, sha256};
use tripchat_protocol::frame::{Done, Send};
use tripchat_protocol::{Body, ErrorCode, MessageId, Millis, Rev, RoomId, Seq, StreamId};
use tripchat_runtime::{Plant, planted};
use uuid::Uuid;

/// Stores `frame` as a message of `by`.
#[derive(Debug)]
pub struct SendMessage {
    /// Who writes.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// What was asked for.
    pub frame: Send,
}

impl Job for SendMessage {
    type Out = Done;

    async fn run(&self, tx: &mut Tx) -> Result<Done> {
        let Self { by, generation, frame } = self;
        rights::connection(tx, by, *generation).await?;
        if planted(Plant::DedupAfterRights) {
            rights::member(tx, by, frame.room).await?;
        }
        let request_hash = request_hash(frame.room, &frame.body)?;
        let mut id = frame.id;
        // Before every other check: what was stored once stays stored, whatever has changed since.
        if let Some(sent) = message::sent(tx, by.user, frame.id).await? {
            if sent.room != frame.room || sent.request_hash != request_hash {
                return Err(ErrorCode::IdConflict.into());
            }
            if !planted(Plant::NoDedup) {
                return Ok(done(frame, sent.rev, sent.seq, sent.at, true));
            }
            let at = u128::from(tx.now().unsigned_abs());
            id = MessageId(Uuid::from_u128(id.0.as_u128() ^ at));
        }
        let body = checked(&frame.body)?;
        if !(0..=LAST_TIME).contains(&frame.written_at) {
            return Err(Error::refused(ErrorCode::MessageRefused, "written_at"));
        }
        rights::member(tx, by, frame.room).await?;
        if frame.send_by.is_some_and(|send_by| tx.now() > send_by) {
            return Err(ErrorCode::TooLate.into());
        }
        if room::is_active(tx, frame.room).await? != Some(true) {
            return Err(ErrorCode::RoomInactive.into());
        }
        if message::id_is_taken(tx, frame.room, id).await? {
            return Err(ErrorCode::IdConflict.into());
        }
        let new = NewMessage { id, author: by.user, body, written_at: frame.written_at, request_hash };
        let message = tx.record_message(frame.room, new).await?;
        Ok(done(frame, Rev(message.seq.0), message.seq, message.at, false))
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}

fn done(frame: &Send, rev: Rev, seq: Seq, at: Millis, duplicate: bool) -> Done {
    let stream = Some(StreamId::Room(frame.room));
    Done { id: Some(frame.id.into()), stream, rev: Some(rev), seq: Some(seq), at, duplicate }
}

fn request_hash(room: RoomId, body: &Body) -> Result<[u8; 32]> {
    let body = serde_json::to_vec(body).map_err(|error| Error::internal(error.to_string()))?;
    Ok(sha256(&[room.0.as_bytes(), &body]))
}
