//! How far the people of rooms have got: the last `marks` of each, whole.

use super::{cell, table_error};
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::frame::Marks;
use tripchat_protocol::{Epoch, MarksNo, PersonMarks, RoomId, Seq, UserId};

/// Stores them unless as new ones are here; says whether it did. Seqs of another epoch mean nothing: those are
/// replaced whatever their number.
pub fn store(db: &Connection, marks: &Marks) -> rusqlite::Result<bool> {
    let mut coming = marks.people.clone();
    // One's own `read` may be here before the marks that carry it: within an epoch no mark falls.
    for here in people_in(db, marks.room, marks.epoch)? {
        if let Some(marks) = coming.iter_mut().find(|marks| marks.user == here.user) {
            marks.read = marks.read.max(here.read);
            marks.delivered = marks.delivered.max(here.delivered);
        }
    }
    let people = serde_json::to_string(&coming).map_err(table_error)?;
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

/// The server took a person's `read`: it shows until the marks come that carry it. Marks never fall within an epoch.
pub fn raise_read(
    db: &Connection,
    room: RoomId,
    epoch: Epoch,
    user: UserId,
    seq: Seq,
) -> rusqlite::Result<()> {
    let here: Option<i64> = db
        .prepare_cached("SELECT epoch FROM marks WHERE room = ?1")?
        .query_row([room.to_string()], |row| row.get(0))
        .optional()?;
    if here.is_some_and(|here| here != epoch.0) {
        return Ok(());
    }
    let mut people = people(db, room)?;
    match people.iter_mut().find(|marks| marks.user == user) {
        Some(marks) => (marks.read, marks.delivered) = (marks.read.max(seq), marks.delivered.max(seq)),
        None => people.push(PersonMarks { user, delivered: seq, read: seq }),
    }
    let people = serde_json::to_string(&people).map_err(table_error)?;
    db.prepare_cached(
        "INSERT INTO marks (room, epoch, number, people) VALUES (?1, ?2, 0, ?3)
         ON CONFLICT (room) DO UPDATE SET people = excluded.people",
    )?
    .execute(params![room.to_string(), epoch.0, people])?;
    Ok(())
}

/// The number of those that are here, within an epoch.
pub fn number(db: &Connection, room: RoomId, epoch: Epoch) -> rusqlite::Result<MarksNo> {
    let found: Option<i64> = db
        .prepare_cached("SELECT number FROM marks WHERE room = ?1 AND epoch = ?2")?
        .query_row(params![room.to_string(), epoch.0], |row| row.get(0))
        .optional()?;
    Ok(MarksNo(found.unwrap_or(0)))
}

/// In which epoch those that are here count.
pub fn epoch(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Epoch>> {
    db.prepare_cached("SELECT epoch FROM marks WHERE room = ?1")?
        .query_row([room.to_string()], |row| row.get(0).map(Epoch))
        .optional()
}

/// Everybody's that are here.
pub fn people(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<PersonMarks>> {
    let found: Option<Vec<PersonMarks>> = db
        .prepare_cached("SELECT people FROM marks WHERE room = ?1")?
        .query_row([room.to_string()], |row| cell(row, 0))
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn people_in(db: &Connection, room: RoomId, epoch: Epoch) -> rusqlite::Result<Vec<PersonMarks>> {
    let found: Option<Vec<PersonMarks>> = db
        .prepare_cached("SELECT people FROM marks WHERE room = ?1 AND epoch = ?2")?
        .query_row(params![room.to_string(), epoch.0], |row| cell(row, 0))
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

    #[test]
    fn a_read_that_was_taken_never_falls_back_by_marks_from_before_it() {
        let (cache, _folder) = fresh();
        let read = || of(cache.read(), ROOM, USER).unwrap().read.0;
        raise_read(cache.read(), ROOM, Epoch(1), USER, Seq(5)).unwrap();
        assert_eq!(read(), 5);
        assert!(store(cache.read(), &marks(1, 3, 4)).unwrap());
        assert_eq!(read(), 5, "they were made before it");
        raise_read(cache.read(), ROOM, Epoch(1), USER, Seq(2)).unwrap();
        assert_eq!(read(), 5);
        assert!(store(cache.read(), &marks(1, 4, 6)).unwrap());
        raise_read(cache.read(), ROOM, Epoch(1), USER, Seq(8)).unwrap();
        let here = of(cache.read(), ROOM, USER).unwrap();
        assert_eq!((here.read, here.delivered), (Seq(8), Seq(8)), "what is read is delivered");
        raise_read(cache.read(), ROOM, Epoch(9), USER, Seq(7)).unwrap();
        assert_eq!(read(), 8, "of another life of the room");
    }
}
