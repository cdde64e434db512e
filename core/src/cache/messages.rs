//! Messages.

use super::{cell, parse, table_error};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tripchat_protocol::{Message, Rev, RoomId, Seq};

/// Stores a message unless a version that is as new is here already; says whether it did.
///
/// A message is the same by author and id. Should its place have changed (the room was read again after a
/// restore), the old row goes.
pub fn upsert(db: &Connection, room: RoomId, rev: Rev, message: &Message) -> rusqlite::Result<bool> {
    let author = message.author.to_string();
    let known: Option<i64> = db
        .prepare_cached("SELECT rev FROM message WHERE room = ?1 AND author = ?2 AND id = ?3")?
        .query_row(params![room.to_string(), author, message.id.to_string()], |row| row.get(0))
        .optional()?;
    if known.is_some_and(|known| known >= rev.0) {
        return Ok(false);
    }
    let body = serde_json::to_string(&message.body).map_err(table_error)?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO message (room, seq, id, author, rev, body, at, written_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        room.to_string(),
        message.seq.0,
        message.id.to_string(),
        author,
        rev.0,
        body,
        message.at,
        message.written_at
    ])?;
    Ok(true)
}

/// Forgets a room's messages.
pub fn clear(db: &Connection, room: RoomId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM message WHERE room = ?1")?.execute([room.to_string()])?;
    Ok(())
}

/// Forgets the messages above a place.
pub fn clear_after(db: &Connection, room: RoomId, to: Rev) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM message WHERE room = ?1 AND seq > ?2")?
        .execute(params![room.to_string(), to.0])?;
    Ok(())
}

/// The newest `limit` messages below `before`, oldest first.
pub fn page(
    db: &Connection,
    room: RoomId,
    before: Option<Seq>,
    limit: u32,
) -> rusqlite::Result<Vec<Message>> {
    let below = before.map_or(i64::MAX, |seq| seq.0);
    let mut rows = db
        .prepare_cached(
            "SELECT id, seq, author, body, at, written_at FROM message
             WHERE room = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
        )?
        .query_map(params![room.to_string(), below, limit], read)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    rows.reverse();
    Ok(rows)
}

/// The newest message of a room.
pub fn newest(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Message>> {
    Ok(page(db, room, None, 1)?.pop())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: parse(row, 0)?,
        seq: Seq(row.get(1)?),
        author: parse(row, 2)?,
        body: cell(row, 3)?,
        at: row.get(4)?,
        written_at: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::fresh;
    use super::*;
    use tripchat_protocol::{Body, MessageId, UserId};
    use uuid::Uuid;

    fn message(id: u128, seq: i64, text: &str) -> Message {
        let body = Body::Text { text: text.into() };
        let author = UserId(Uuid::from_u128(7));
        Message { id: MessageId(Uuid::from_u128(id)), seq: Seq(seq), author, body, at: 1, written_at: 2 }
    }

    #[test]
    fn pages_go_backwards_and_read_forwards() {
        let (cache, _folder) = fresh();
        let room = RoomId(Uuid::from_u128(1));
        for n in 1..=5_u8 {
            upsert(cache.read(), room, Rev(i64::from(n)), &message(u128::from(n), i64::from(n), "x"))
                .unwrap();
        }
        let seqs = |before, limit| -> Vec<i64> {
            page(cache.read(), room, before, limit).unwrap().iter().map(|m| m.seq.0).collect()
        };
        assert_eq!(seqs(None, 2), [4, 5]);
        assert_eq!(seqs(Some(Seq(4)), 2), [2, 3]);
        assert_eq!(seqs(Some(Seq(2)), 10), [1]);
        assert_eq!(newest(cache.read(), room).unwrap().unwrap().seq, Seq(5));
    }

    #[test]
    fn a_later_version_keeps_the_place_and_an_older_one_is_ignored() {
        let (cache, _folder) = fresh();
        let room = RoomId(Uuid::from_u128(1));
        assert!(upsert(cache.read(), room, Rev(3), &message(1, 3, "first")).unwrap());
        assert!(upsert(cache.read(), room, Rev(9), &message(1, 3, "edited")).unwrap());
        assert!(!upsert(cache.read(), room, Rev(3), &message(1, 3, "first")).unwrap());
        assert_eq!(page(cache.read(), room, None, 9).unwrap(), [message(1, 3, "edited")]);
    }
}
