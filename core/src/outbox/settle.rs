//! Storing what came of a message.

use crate::cache::{Cache, CacheError, messages, outbox};
use tripchat_protocol::frame::Done;
use tripchat_protocol::{Body, Message, MessageId, Rev, RoomId, UserId};

/// What an `ok` came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Settled {
    /// The message is stored in its place, and its row is gone.
    Stored(RoomId),
    /// There is no such row: its echo was here first.
    Known,
    /// It lacks what one needs to store it.
    Unusable,
}

/// Stores the message that `ok` speaks of at its place and removes its row, in one transaction. The stream's
/// cursor stays where it is: what lies between it and this message may not be here yet.
///
/// # Errors
/// When the disk refuses; then the row is still there.
pub fn accepted(cache: &mut Cache, me: UserId, done: &Done) -> Result<Settled, CacheError> {
    let Some(id) = done.id.map(|id| MessageId(id.0)) else { return Ok(Settled::Unusable) };
    let tx = cache.write()?;
    let Some(row) = outbox::get(&tx, id)? else { return Ok(Settled::Known) };
    let Some(seq) = done.seq else { return Ok(Settled::Unusable) };
    let message = Message {
        id,
        seq,
        author: me,
        body: Body::Text { text: row.text },
        at: done.at,
        written_at: row.written_at,
        edit_no: 0,
        edited_at: None,
    };
    messages::upsert(&tx, row.room, Rev(seq.0), &message)?;
    outbox::remove(&tx, id)?;
    tx.commit()?;
    Ok(Settled::Stored(row.room))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{cursors, tests::fresh};
    use tripchat_protocol::{Seq, StreamId};
    use uuid::Uuid;

    #[test]
    fn an_ok_stores_the_message_and_leaves_the_cursor() {
        let (mut cache, _folder) = fresh();
        let (me, room) = (UserId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        let id = MessageId(Uuid::from_u128(3));
        outbox::insert(cache.read(), id, room, "here", 10).unwrap();
        let done = Done {
            id: Some(id.into()),
            stream: Some(StreamId::Room(room)),
            rev: Some(Rev(5)),
            seq: Some(Seq(5)),
            at: 20,
            duplicate: false,
        };
        assert_eq!(accepted(&mut cache, me, &done).unwrap(), Settled::Stored(room));
        assert_eq!(accepted(&mut cache, me, &done).unwrap(), Settled::Known);
        assert_eq!(outbox::all(cache.read()).unwrap(), []);
        let stored = messages::newest(cache.read(), room).unwrap().unwrap();
        assert_eq!((stored.id, stored.seq, stored.at, stored.written_at), (id, Seq(5), 20, 10));
        assert_eq!(cursors::all(cache.read()).unwrap(), []);
    }
}
