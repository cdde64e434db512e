//! How far the people of rooms have got: the last `marks` of each, whole.

use super::{cell, table_error};
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::frame::Marks;
use tripchat_protocol::{Epoch, MarksNo, PersonMarks, RoomId, Seq, UserId};

/// Stores them unless as new ones are here; says whether it did. Seqs of another epoch mean nothing: those are
/// replaced whatever their number.
pub fn store(db: &Connection, marks: &Marks) -> rusqlite::Result<bool> {
    let people = serde_json::to_string(&marks.people).map_err(table_error)?;
    let changed = db
        .prepare_cached(
            "INSERT INTO marks (room, epoch, number, people) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (room) DO UPDATE
             SET epoch = excluded.epoch, number = excluded.number, people = excluded.people
             WHERE excluded.epoch <> marks.epoch OR excluded.number > marks.number",
        )?
        .execute(params![marks.room.to_string(), marks.epoch.0, marks.marks.0, people])?;
    Ok(changed > 0)
}

/// The number of those that are here, within an epoch.
pub fn number(db: &Connection, room: RoomId, epoch: Epoch) -> rusqlite::Result<MarksNo> {
    let found: Option<i64> = db
        .prepare_cached("SELECT number FROM marks WHERE room = ?1 AND epoch = ?2")?
        .query_row(params![room.to_string(), epoch.0], |row| row.get(0))
        .optional()?;
    Ok(MarksNo(found.unwrap_or(0)))
}

/// Everybody's that are here.
pub fn people(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<PersonMarks>> {
    let found: Option<Vec<PersonMarks>> = db
        .prepare_cached("SELECT people FROM marks WHERE room = ?1")?
        .query_row([room.to_string()], |row| cell(row, 0))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// One person's.
pub fn of(db: &Connection, room: RoomId, user: UserId) -> rusqlite::Result<PersonMarks> {
    let found = people(db, room)?.into_iter().find(|marks| marks.user == user);
    Ok(found.unwrap_or(PersonMarks { user, delivered: Seq(0), read: Seq(0) }))
}

/// Forgets a room's.
pub fn remove(db: &Connection, room: RoomId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM marks WHERE room = ?1")?.execute([room.to_string()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::fresh;
    use super::*;
    use uuid::Uuid;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));
    const USER: UserId = UserId(Uuid::from_u128(2));

    fn marks(epoch: i64, number: i64, read: i64) -> Marks {
        let people = vec![PersonMarks { user: USER, delivered: Seq(read), read: Seq(read) }];
        Marks { room: ROOM, epoch: Epoch(epoch), marks: MarksNo(number), people }
    }

    #[test]
    fn marks_with_a_lower_number_are_ignored() {
        let (cache, _folder) = fresh();
        let read = || of(cache.read(), ROOM, USER).unwrap().read.0;
        assert_eq!(read(), 0);
        assert!(store(cache.read(), &marks(1, 5, 50)).unwrap());
        assert!(!store(cache.read(), &marks(1, 4, 40)).unwrap());
        assert!(!store(cache.read(), &marks(1, 5, 60)).unwrap());
        assert_eq!(read(), 50);
        assert!(store(cache.read(), &marks(1, 6, 60)).unwrap());
        assert!(store(cache.read(), &marks(2, 1, 3)).unwrap(), "another epoch begins anew");
        assert_eq!(read(), 3);
        let number = |epoch| number(cache.read(), ROOM, Epoch(epoch)).unwrap();
        assert_eq!((number(1), number(2)), (MarksNo(0), MarksNo(1)));
    }
}
