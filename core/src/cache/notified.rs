//! Up to which message of each room the person was notified.

use super::parse;
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::{Epoch, RoomId, Seq};

/// What a room's notifications came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notified {
    /// In which the seq counts.
    pub epoch: Epoch,
    /// Up to here the person was told, or did not want to be.
    pub seq: Seq,
    /// Whether a notification may be on the screen.
    pub shown: bool,
}

/// What is known of a room; nothing before its first message.
pub fn get(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Notified>> {
    db.prepare_cached("SELECT epoch, seq, shown FROM notified WHERE room = ?1")?
        .query_row([room.to_string()], |row| {
            Ok(Notified { epoch: Epoch(row.get(0)?), seq: Seq(row.get(1)?), shown: row.get(2)? })
        })
        .optional()
}

/// Notes it.
pub fn set(db: &Connection, room: RoomId, now: Notified) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO notified (room, epoch, seq, shown) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (room) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, shown = excluded.shown",
    )?
    .execute(params![room.to_string(), now.epoch.0, now.seq.0, now.shown])?;
    Ok(())
}

/// The rooms whose notification may be on the screen.
pub fn shown(db: &Connection) -> rusqlite::Result<Vec<RoomId>> {
    db.prepare_cached("SELECT room FROM notified WHERE shown = 1 ORDER BY room")?
        .query_map([], |row| parse(row, 0))?
        .collect()
}
