//! Messages. What is stored, changed or removed here is in the search index in the same transaction.

use super::{cell, holes, parse, search, table_error};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tripchat_protocol::{Body, Hole, Message, MessageId, Rev, RoomId, Seq, UserId};

const COLUMNS: &str = "id, seq, author, body, at, written_at, edit_no, edited_at";

/// Stores a message unless a version that is as new is here already; says whether it did. Where it was missing it is
/// not any more.
///
/// A message is the same by author and id. Should its place have changed (the room was read again after a
/// restore), the old row goes.
pub fn upsert(db: &Connection, room: RoomId, rev: Rev, message: &Message) -> rusqlite::Result<bool> {
    let known: Option<(i64, i64)> = db
        .prepare_cached("SELECT rev, seq FROM message WHERE room = ?1 AND author = ?2 AND id = ?3")?
        .query_row(params![room.to_string(), message.author.to_string(), message.id.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    match known {
        Some((known, _)) if known >= rev.0 => return Ok(false),
        Some((_, seq)) if seq == message.seq.0 => update(db, room, rev, message)?,
        known => {
            // Deleted by name and not replaced, so that the search index follows.
            for seq in known.map(|(_, seq)| seq).into_iter().chain([message.seq.0]) {
                db.prepare_cached("DELETE FROM message WHERE room = ?1 AND seq = ?2")?
                    .execute(params![room.to_string(), seq])?;
            }
            insert(db, room, rev, message)?;
        }
    }
    holes::close(db, room, message.seq.0..=message.seq.0)?;
    if let Body::Text { text } = &message.body {
        search::index(db, room, message.seq, message.at, text)?;
    }
    Ok(true)
}

fn insert(db: &Connection, room: RoomId, rev: Rev, message: &Message) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO message (room, seq, id, author, rev, body, at, written_at, edit_no, edited_at, deleted,
                              silent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        room.to_string(),
        message.seq.0,
        message.id.to_string(),
        message.author.to_string(),
        rev.0,
        serde_json::to_string(&message.body).map_err(table_error)?,
        message.at,
        message.written_at,
        message.edit_no,
        message.edited_at.unwrap_or(0),
        message.body == Body::Deleted,
        message.body.is_silent(),
    ])?;
    Ok(())
}

fn update(db: &Connection, room: RoomId, rev: Rev, message: &Message) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE message SET rev = ?3, body = ?4, at = ?5, written_at = ?6, edit_no = ?7, edited_at = ?8, deleted = ?9,
                            silent = ?10
         WHERE room = ?1 AND seq = ?2",
    )?
    .execute(params![
        room.to_string(),
        message.seq.0,
        rev.0,
        serde_json::to_string(&message.body).map_err(table_error)?,
        message.at,
        message.written_at,
        message.edit_no,
        message.edited_at.unwrap_or(0),
        message.body == Body::Deleted,
        message.body.is_silent(),
    ])?;
    Ok(())
}

/// Stores a version of a message that is here already, whatever its rev.
pub fn replace(db: &Connection, room: RoomId, rev: Rev, message: &Message) -> rusqlite::Result<()> {
    update(db, room, rev, message)?;
    if let Body::Text { text } = &message.body {
        search::index(db, room, message.seq, message.at, text)?;
    }
    Ok(())
}

/// Somebody's message by its id, with the rev of its last change.
pub fn find(
    db: &Connection,
    room: RoomId,
    author: UserId,
    id: MessageId,
) -> rusqlite::Result<Option<(Rev, Message)>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS}, rev FROM message WHERE room = ?1 AND author = ?2 AND id = ?3"
    ))?
    .query_row(params![room.to_string(), author.to_string(), id.to_string()], |row| {
        Ok((Rev(row.get(8)?), read(row)?))
    })
    .optional()
}

/// What `author` has said in a room and still stands, the newest first.
pub fn own(db: &Connection, room: RoomId, author: UserId) -> rusqlite::Result<Vec<Message>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM message WHERE room = ?1 AND author = ?2 AND deleted = 0 ORDER BY seq DESC"
    ))?
    .query_map(params![room.to_string(), author.to_string()], read)?
    .collect()
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

/// The newest `limit` messages with a seq of at least `from` and below `before`, oldest first.
pub fn below(
    db: &Connection,
    room: RoomId,
    (from, before): (Seq, Seq),
    limit: u32,
) -> rusqlite::Result<Vec<Message>> {
    let mut rows = db
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM message WHERE room = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4"
        ))?
        .query_map(params![room.to_string(), from.0, before.0, limit], read)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    rows.reverse();
    Ok(rows)
}

/// The oldest `limit` messages above `after` and with a seq of at most `to`.
pub fn above(
    db: &Connection,
    room: RoomId,
    (after, to): (Seq, Seq),
    limit: u32,
) -> rusqlite::Result<Vec<Message>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM message WHERE room = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4"
    ))?
    .query_map(params![room.to_string(), after.0, to.0, limit], read)?
    .collect()
}

/// One of a room's messages.
pub fn at(db: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<Message>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM message WHERE room = ?1 AND seq = ?2"))?
        .query_row(params![room.to_string(), seq.0], read)
        .optional()
}

/// The newest message of a room that is more than a note for the record.
pub fn newest(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Message>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM message WHERE room = ?1 AND silent = 0 ORDER BY seq DESC LIMIT 1"
    ))?
    .query_row([room.to_string()], read)
    .optional()
}

/// The place of the newest message at or below `to`.
pub fn last_at_or_below(db: &Connection, room: RoomId, to: Seq) -> rusqlite::Result<Option<Seq>> {
    db.prepare_cached("SELECT max(seq) FROM message WHERE room = ?1 AND seq <= ?2")?
        .query_row(params![room.to_string(), to.0], |row| row.get::<_, Option<i64>>(0))
        .map(|seq| seq.map(Seq))
}

/// The places of the messages within a hole.
pub fn seqs_within(db: &Connection, room: RoomId, hole: Hole) -> rusqlite::Result<Vec<Seq>> {
    db.prepare_cached("SELECT seq FROM message WHERE room = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq")?
        .query_map(params![room.to_string(), hole.0.0, hole.1.0], |row| row.get(0).map(Seq))?
        .collect()
}

/// How many messages that count as unread for `reader` are above `after` and at most at `to`; up to `most`.
pub fn countable(
    db: &Connection,
    room: RoomId,
    reader: UserId,
    (after, to): (Seq, Seq),
    most: u32,
) -> rusqlite::Result<u32> {
    db.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM message INDEXED BY message_standing
         WHERE room = ?1 AND seq > ?2 AND seq <= ?3 AND author <> ?4 AND deleted = 0 AND silent = 0 LIMIT ?5)",
    )?
    .query_row(params![room.to_string(), after.0, to.0, reader.to_string(), most], |row| row.get(0))
}

/// The newest message above `after` that counts as unread for `reader`.
pub fn newest_countable(
    db: &Connection,
    room: RoomId,
    reader: UserId,
    after: Seq,
) -> rusqlite::Result<Option<Message>> {
    let seq: Option<i64> = db
        .prepare_cached(
            "SELECT seq FROM message INDEXED BY message_standing
             WHERE room = ?1 AND seq > ?2 AND author <> ?3 AND deleted = 0 AND silent = 0 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(params![room.to_string(), after.0, reader.to_string()], |row| row.get(0))
        .optional()?;
    seq.map_or(Ok(None), |seq| at(db, room, Seq(seq)))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    let edited_at: i64 = row.get(7)?;
    Ok(Message {
        id: parse(row, 0)?,
        seq: Seq(row.get(1)?),
        author: parse(row, 2)?,
        body: cell(row, 3)?,
        at: row.get(4)?,
        written_at: row.get(5)?,
        edit_no: row.get(6)?,
        edited_at: (edited_at != 0).then_some(edited_at),
    })
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
