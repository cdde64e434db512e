//! How far each stream is stored.

use super::parse;
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::{Cursor, Epoch, Rev, StreamId};

/// The cursor of a stream; none before its first page.
pub fn get(db: &Connection, stream: StreamId) -> rusqlite::Result<Option<Cursor>> {
    db.prepare_cached("SELECT epoch, rev FROM cursor WHERE stream = ?1")?
        .query_row([stream.to_string()], |row| Ok(Cursor(Epoch(row.get(0)?), Rev(row.get(1)?))))
        .optional()
}

/// Moves it.
pub fn set(db: &Connection, stream: StreamId, cursor: Cursor) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO cursor (stream, epoch, rev) VALUES (?1, ?2, ?3)
         ON CONFLICT (stream) DO UPDATE SET epoch = excluded.epoch, rev = excluded.rev",
    )?
    .execute(params![stream.to_string(), cursor.0.0, cursor.1.0])?;
    Ok(())
}

/// Forgets it: the stream is not read any more, or from the beginning.
pub fn remove(db: &Connection, stream: StreamId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM cursor WHERE stream = ?1")?.execute([stream.to_string()])?;
    Ok(())
}

/// All of them.
pub fn all(db: &Connection) -> rusqlite::Result<Vec<(StreamId, Cursor)>> {
    db.prepare_cached("SELECT stream, epoch, rev FROM cursor ORDER BY stream")?
        .query_map([], |row| Ok((parse(row, 0)?, Cursor(Epoch(row.get(1)?), Rev(row.get(2)?)))))?
        .collect()
}
