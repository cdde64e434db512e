//! Sending a message: once, however often it is asked for.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{message, room};
use crate::store::{Job, NewMessage, Tx};
use crate::tokens::{Caller, sha256};
use tripchat_protocol::frame::{Done, Send};
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{Body, ErrorCode, RoomId, StreamId};
use uuid::Uuid;

/// The latest time that a JavaScript `Date` can hold; what lies beyond is no time.
const LAST_TIME: i64 = 8_640_000_000_000_000;

/// Stores `frame` as a message of `by`.
#[derive(Debug)]
pub struct SendMessage {
    /// Who writes.
    pub by: Caller,
    /// What was asked for.
    pub frame: Send,
}

impl Job for SendMessage {
    type Out = Done;

    async fn run(&self, tx: &mut Tx) -> Result<Done> {
        let Self { by, frame } = self;
        rights::session(tx, by).await?;
        let request_hash = request_hash(frame.room, &frame.body)?;
        // Before every other check: what was stored once stays stored, whatever has changed since.
        if let Some(sent) = message::sent(tx, by.user, frame.id).await? {
            if sent.room != frame.room || sent.request_hash != request_hash {
                return Err(ErrorCode::IdConflict.into());
            }
            return Ok(done(frame, sent.seq, sent.at, true));
        }
        let body = checked(&frame.body)?;
        if !(0..=LAST_TIME).contains(&frame.written_at) {
            return Err(Error::refused(ErrorCode::MessageRefused, "written_at"));
        }
        rights::member(tx, by, frame.room).await?;
        if room::is_active(tx, frame.room).await? != Some(true) {
            return Err(ErrorCode::RoomInactive.into());
        }
        if message::id_is_taken(tx, frame.room, frame.id).await? {
            return Err(ErrorCode::IdConflict.into());
        }
        let new =
            NewMessage { id: frame.id, author: by.user, body, written_at: frame.written_at, request_hash };
        let message = tx.record_message(frame.room, new).await?;
        Ok(done(frame, message.seq, message.at, false))
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}

fn done(frame: &Send, seq: tripchat_protocol::Seq, at: i64, duplicate: bool) -> Done {
    Done { id: Some(frame.id), stream: Some(StreamId::Room(frame.room)), seq: Some(seq), at, duplicate }
}

fn request_hash(room: RoomId, body: &Body) -> Result<[u8; 32]> {
    let body = serde_json::to_vec(body).map_err(|error| Error::internal(error.to_string()))?;
    Ok(sha256(&[room.0.as_bytes(), &body]))
}

/// The body as it is stored: trimmed, 1 to 4,000 Unicode scalar values, of a kind that is known.
fn checked(body: &Body) -> Result<Body> {
    let Body::Text { text } = body else { return Err(Error::refused(ErrorCode::MessageRefused, "kind")) };
    let text = text.trim();
    if text.is_empty() || text.contains('\0') {
        return Err(Error::refused(ErrorCode::MessageRefused, "text"));
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(Error::refused(ErrorCode::TooLarge, "text"));
    }
    Ok(Body::Text { text: text.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Body {
        Body::Text { text: text.into() }
    }

    #[test]
    fn texts_are_trimmed_and_counted_in_unicode_scalars() {
        assert_eq!(checked(&text("  🚌 еду \n")).unwrap(), text("🚌 еду"));
        assert!(checked(&text(&"ұ".repeat(4_000))).is_ok());
        assert_eq!(checked(&text(&"ұ".repeat(4_001))).unwrap_err().code(), ErrorCode::TooLarge);
        for empty in ["", " \u{a0}\n\t", "a\u{0}"] {
            assert_eq!(checked(&text(empty)).unwrap_err().code(), ErrorCode::MessageRefused);
        }
        let later = serde_json::from_str(r#"{"kind":"HOLOGRAM"}"#).unwrap();
        assert_eq!(checked(&later).unwrap_err().details(), Some("kind"));
    }
}
