//! Every object but messages.

use super::{cell, parse, table_error};
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::{Booking, Member, Membership, Object, Rev, Room, RoomId, StreamId, Trip, UserId};

/// Stores an object unless a version that is as new is here already; says whether it did.
pub fn upsert(db: &Connection, stream: StreamId, rev: Rev, object: &Object) -> rusqlite::Result<bool> {
    let body = serde_json::to_string(object).map_err(table_error)?;
    let changed = db
        .prepare_cached(
            "INSERT INTO object (stream, kind, id, rev, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (stream, kind, id) DO UPDATE SET rev = excluded.rev, body = excluded.body
             WHERE excluded.rev > object.rev",
        )?
        .execute(params![stream.to_string(), object.kind(), object.id().to_string(), rev.0, body])?;
    Ok(changed > 0)
}

/// Stores a version of an object that is here already, whatever its rev.
pub fn replace(db: &Connection, stream: StreamId, rev: Rev, object: &Object) -> rusqlite::Result<()> {
    let body = serde_json::to_string(object).map_err(table_error)?;
    db.prepare_cached("UPDATE object SET rev = ?4, body = ?5 WHERE stream = ?1 AND kind = ?2 AND id = ?3")?
        .execute(params![stream.to_string(), object.kind(), object.id().to_string(), rev.0, body])?;
    Ok(())
}

/// Forgets a stream's objects.
pub fn clear(db: &Connection, stream: StreamId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM object WHERE stream = ?1")?.execute([stream.to_string()])?;
    Ok(())
}

/// Forgets what changed after `to`.
pub fn clear_after(db: &Connection, stream: StreamId, to: Rev) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM object WHERE stream = ?1 AND rev > ?2")?
        .execute(params![stream.to_string(), to.0])?;
    Ok(())
}

fn of_kind(db: &Connection, stream: StreamId, kind: &str) -> rusqlite::Result<Vec<Object>> {
    db.prepare_cached("SELECT body FROM object WHERE stream = ?1 AND kind = ?2 ORDER BY id")?
        .query_map(params![stream.to_string(), kind], |row| cell(row, 0))?
        .collect()
}

/// The room of a room's stream.
pub fn room(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Room>> {
    let found = of_kind(db, StreamId::Room(room), "room")?;
    Ok(found.into_iter().find_map(|object| if let Object::Room(room) = object { Some(room) } else { None }))
}

/// The trip of a room's stream.
pub fn trip(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Trip>> {
    let found = of_kind(db, StreamId::Room(room), "trip")?;
    Ok(found.into_iter().find_map(|object| if let Object::Trip(trip) = object { Some(trip) } else { None }))
}

/// The booking that a room is about.
pub fn booking(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Booking>> {
    let found = of_kind(db, StreamId::Room(room), "booking")?;
    Ok(found.into_iter().find_map(|object| if let Object::Booking(it) = object { Some(it) } else { None }))
}

/// The rooms in which a person is or was.
pub fn rooms_of(db: &Connection, user: UserId) -> rusqlite::Result<Vec<RoomId>> {
    let streams: Vec<StreamId> = db
        .prepare_cached("SELECT stream FROM object WHERE kind = 'member' AND id = ?1 ORDER BY stream")?
        .query_map([user.to_string()], |row| parse(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(streams.into_iter().filter_map(StreamId::room).collect())
}

/// Everyone who is or was in a room.
pub fn members(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<Member>> {
    let found = of_kind(db, StreamId::Room(room), "member")?;
    Ok(found.into_iter().filter_map(|it| if let Object::Member(it) = it { Some(it) } else { None }).collect())
}

/// Every room of a person, ended stays included.
pub fn memberships(db: &Connection, user: UserId) -> rusqlite::Result<Vec<Membership>> {
    let found = of_kind(db, StreamId::User(user), "membership")?;
    Ok(found
        .into_iter()
        .filter_map(|it| if let Object::Membership(it) = it { Some(it) } else { None })
        .collect())
}

/// A person's membership of one room.
pub fn membership(db: &Connection, user: UserId, room: RoomId) -> rusqlite::Result<Option<Membership>> {
    Ok(membership_at(db, user, room)?.map(|(_, membership)| membership))
}

/// The same, with the rev of its last change.
pub fn membership_at(
    db: &Connection,
    user: UserId,
    room: RoomId,
) -> rusqlite::Result<Option<(Rev, Membership)>> {
    let found: Option<(Rev, Object)> = db
        .prepare_cached("SELECT rev, body FROM object WHERE stream = ?1 AND kind = 'membership' AND id = ?2")?
        .query_row(params![StreamId::User(user).to_string(), room.to_string()], |row| {
            Ok((Rev(row.get(0)?), cell(row, 1)?))
        })
        .optional()?;
    Ok(found.and_then(|(rev, it)| if let Object::Membership(it) = it { Some((rev, it)) } else { None }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::fresh;
    use super::*;
    use serde_json::json;
    use tripchat_protocol::Unknown;
    use uuid::Uuid;

    #[test]
    fn newer_wins_and_equal_or_older_is_ignored() {
        let (cache, _folder) = fresh();
        let room = RoomId(Uuid::from_u128(1));
        let named = |name: &str| {
            Object::Room(
                serde_json::from_value(json!({
                    "id": room, "type": "GROUP", "name": name, "trip": null, "created_by": Uuid::nil(),
                    "created_at": 1, "is_active": true,
                }))
                .unwrap(),
            )
        };
        let stream = StreamId::Room(room);
        assert!(upsert(cache.read(), stream, Rev(2), &named("two")).unwrap());
        assert!(!upsert(cache.read(), stream, Rev(2), &named("again")).unwrap());
        assert!(!upsert(cache.read(), stream, Rev(1), &named("one")).unwrap());
        assert!(upsert(cache.read(), stream, Rev(5), &named("five")).unwrap());
        assert_eq!(super::room(cache.read(), room).unwrap().unwrap().name.as_deref(), Some("five"));
    }

    #[test]
    fn a_kind_of_a_later_version_is_kept_word_for_word() {
        let (cache, _folder) = fresh();
        let stream = StreamId::Room(RoomId(Uuid::from_u128(1)));
        let value = json!({"kind": "poll", "id": Uuid::from_u128(5), "choices": [1, 2]});
        assert!(upsert(cache.read(), stream, Rev(1), &Object::Unknown(Unknown(value.clone()))).unwrap());
        assert_eq!(of_kind(cache.read(), stream, "poll").unwrap(), [Object::Unknown(Unknown(value))]);
    }
}
