//! What the person wants of a room and the server does not know yet: how far they have read, and what they set.

use super::{cell, cursors, parse, table_error};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use tripchat_protocol::{Cursor, Epoch, OperationId, RoomId, Seq, Setting, StreamId};

/// What is wanted. For each thing the last value stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Everything up to here was read.
    Read(Epoch, Seq),
    /// Something is set.
    Set(Setting),
}

impl Wish {
    /// The thing that it is about.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Read(..) => "read",
            Self::Set(Setting::Favourite(_)) => "favourite",
            Self::Set(Setting::MutedUntil(_)) => "muted_until",
            Self::Set(Setting::Archived(_)) => "archived",
            Self::Set(Setting::MarkedUnread(_)) => "marked_unread",
            Self::Set(Setting::Draft(_)) => DRAFT,
        }
    }
}

/// The thing that [`Setting::Draft`] is about.
pub const DRAFT: &str = "draft";

/// A row. Its `Debug` does not tell the draft.
#[derive(Clone, PartialEq, Eq)]
pub struct Intent {
    /// The operation's id: another one for each change of mind.
    pub id: OperationId,
    /// The room.
    pub room: RoomId,
    /// What is wanted.
    pub wish: Wish,
}

impl std::fmt::Debug for Intent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intent")
            .field("id", &self.id)
            .field("room", &self.room)
            .field("what", &self.wish.what())
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "id, room, value";

/// Takes a wish in place of the last one about the same thing, and behind all others; returns the id of the one
/// that it replaces.
pub fn put(
    db: &Connection,
    id: OperationId,
    room: RoomId,
    wish: &Wish,
) -> rusqlite::Result<Option<OperationId>> {
    let old = take(db, room, wish.what())?;
    let value = serde_json::to_string(wish).map_err(table_error)?;
    db.prepare_cached(
        "INSERT INTO intent (room, what, position, id, value)
         VALUES (?1, ?2, (SELECT coalesce(max(position), 0) + 1 FROM intent), ?3, ?4)",
    )?
    .execute(params![room.to_string(), wish.what(), id.to_string(), value])?;
    Ok(old)
}

/// Forgets a wish; returns its id.
pub fn take(db: &Connection, room: RoomId, what: &str) -> rusqlite::Result<Option<OperationId>> {
    db.prepare_cached("DELETE FROM intent WHERE room = ?1 AND what = ?2 RETURNING id")?
        .query_row(params![room.to_string(), what], |row| parse(row, 0))
        .optional()
}

/// Takes a row of a damaged database over; says whether it was new.
pub fn adopt(db: &Connection, intent: &Intent) -> rusqlite::Result<bool> {
    let value = serde_json::to_string(&intent.wish).map_err(table_error)?;
    let added = db
        .prepare_cached(
            "INSERT OR IGNORE INTO intent (room, what, position, id, value)
             VALUES (?1, ?2, (SELECT coalesce(max(position), 0) + 1 FROM intent), ?3, ?4)",
        )?
        .execute(params![intent.room.to_string(), intent.wish.what(), intent.id.to_string(), value])?;
    Ok(added > 0)
}

/// One of them; none if it was done, or replaced.
pub fn get(db: &Connection, id: OperationId) -> rusqlite::Result<Option<Intent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM intent WHERE id = ?1"))?
        .query_row([id.to_string()], read)
        .optional()
}

/// All of them, in the order in which they were last changed.
pub fn all(db: &Connection) -> rusqlite::Result<Vec<Intent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM intent ORDER BY position"))?
        .query_map([], read)?
        .collect()
}

/// Those of a room, in the same order.
pub fn of_room(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<Intent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM intent WHERE room = ?1 ORDER BY position"))?
        .query_map([room.to_string()], read)?
        .collect()
}

/// The wishes of a damaged database that only this device knows of: drafts. Marks and flags are sent again by
/// whoever looks.
pub fn readable_drafts(db: &Connection) -> Vec<Intent> {
    let Ok(mut all) = db.prepare(&format!("SELECT {COLUMNS} FROM intent NOT INDEXED")) else {
        return Vec::new();
    };
    let Ok(rows) = all.query_map([], read) else { return Vec::new() };
    rows.map_while(Result::ok).filter(|intent| intent.wish.what() == DRAFT).collect()
}

/// Removes it: its answer is stored. One that was changed meanwhile has another id, and stays.
pub fn remove(db: &Connection, id: OperationId) -> rusqlite::Result<bool> {
    Ok(db.prepare_cached("DELETE FROM intent WHERE id = ?1")?.execute([id.to_string()])? > 0)
}

/// How far the person has read a room, where the server does not know it yet. One of another life of the room
/// means nothing.
pub fn pending_read(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Seq>> {
    let wish: Option<Wish> = db
        .prepare_cached("SELECT value FROM intent WHERE room = ?1 AND what = 'read'")?
        .query_row([room.to_string()], |row| cell(row, 0))
        .optional()?;
    let Some(Wish::Read(epoch, seq)) = wish else { return Ok(None) };
    let cursor = cursors::get(db, StreamId::Room(room))?;
    Ok(cursor.filter(|Cursor(here, _)| *here == epoch).map(|_| seq))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Intent> {
    Ok(Intent { id: parse(row, 0)?, room: parse(row, 1)?, wish: cell(row, 2)? })
}

#[cfg(test)]
mod tests {
    use super::super::Cache;
    use super::super::tests::fresh;
    use super::*;
    use tripchat_protocol::Rev;
    use uuid::Uuid;

    fn id(n: u128) -> OperationId {
        OperationId(Uuid::from_u128(n))
    }

    fn room() -> RoomId {
        RoomId(Uuid::from_u128(9))
    }

    #[test]
    fn the_last_wish_about_a_thing_stands_behind_all_others_and_outlives_the_process() {
        let (cache, folder) = fresh();
        let unread = Wish::Set(Setting::MarkedUnread(true));
        assert_eq!(put(cache.read(), id(1), room(), &Wish::Read(Epoch(7), Seq(3))).unwrap(), None);
        assert_eq!(put(cache.read(), id(2), room(), &unread).unwrap(), None);
        assert_eq!(put(cache.read(), id(3), room(), &Wish::Read(Epoch(7), Seq(5))).unwrap(), Some(id(1)));
        drop(cache);
        let cache = Cache::open(&folder.path().join("cache.db")).unwrap();
        let rows: Vec<_> = all(cache.read()).unwrap().into_iter().map(|row| (row.id, row.wish)).collect();
        assert_eq!(rows, [(id(2), unread), (id(3), Wish::Read(Epoch(7), Seq(5)))]);
        assert!(!remove(cache.read(), id(1)).unwrap(), "an answer to the first does not take the second");
        assert!(remove(cache.read(), id(3)).unwrap());
    }

    #[test]
    fn a_mark_of_another_life_of_the_room_means_nothing() {
        let (cache, _folder) = fresh();
        let db = cache.read();
        put(db, id(1), room(), &Wish::Read(Epoch(7), Seq(3))).unwrap();
        for (epoch, pending) in [(7, Some(Seq(3))), (8, None)] {
            cursors::set(db, StreamId::Room(room()), Cursor(Epoch(epoch), Rev(9))).unwrap();
            assert_eq!(pending_read(db, room()).unwrap(), pending);
        }
    }

    #[test]
    fn debug_does_not_tell_the_draft() {
        let draft = Wish::Set(Setting::Draft(Some("between us".into())));
        let intent = Intent { id: id(1), room: room(), wish: draft };
        assert!(!format!("{intent:?}").contains("between us"));
    }
}
