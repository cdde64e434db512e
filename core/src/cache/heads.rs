//! Where rooms stood on the server when the last connection began.

use super::{cell, table_error};
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::frame::RoomHead;
use tripchat_protocol::{Cursor, Epoch, Message, Rev, RoomId};

/// What is kept of a head.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownHead {
    /// The stream's epoch.
    pub epoch: Epoch,
    /// Its last change.
    pub rev: Rev,
    /// How many messages were unread then, by the server's count.
    pub unread: u32,
    /// The newest message then.
    pub newest: Option<Message>,
}

impl KnownHead {
    /// Whether what is stored up to `cursor` has reached it.
    pub fn is_reached(&self, cursor: Option<Cursor>) -> bool {
        cursor.is_some_and(|Cursor(epoch, rev)| epoch == self.epoch && rev >= self.rev)
    }
}

/// Keeps a head.
pub fn store(db: &Connection, head: &RoomHead) -> rusqlite::Result<()> {
    let newest = match &head.newest {
        Some(message) => serde_json::to_string(message).map_err(table_error)?,
        None => String::new(),
    };
    db.prepare_cached(
        "INSERT INTO head (room, epoch, rev, unread, newest) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (room) DO UPDATE SET epoch = excluded.epoch, rev = excluded.rev, unread = excluded.unread,
         newest = excluded.newest",
    )?
    .execute(params![head.room.to_string(), head.epoch.0, head.head.0, head.unread, newest])?;
    Ok(())
}

/// The head that was told of a room.
pub fn get(db: &Connection, room: RoomId) -> rusqlite::Result<Option<KnownHead>> {
    db.prepare_cached("SELECT epoch, rev, unread, newest FROM head WHERE room = ?1")?
        .query_row([room.to_string()], |row| {
            let empty = row.get_ref(3)?.as_str()?.is_empty();
            Ok(KnownHead {
                epoch: Epoch(row.get(0)?),
                rev: Rev(row.get(1)?),
                unread: row.get(2)?,
                newest: if empty { None } else { Some(cell(row, 3)?) },
            })
        })
        .optional()
}

/// Forgets it.
pub fn remove(db: &Connection, room: RoomId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM head WHERE room = ?1")?.execute([room.to_string()])?;
    Ok(())
}
