//! How much of a room is here, and what follows from that.

use crate::cache::heads::{self, KnownHead};
use crate::cache::holes::RoomHole;
use crate::cache::{cursors, holes, intents, marks, messages, objects};
use rusqlite::Connection;
use std::cmp::Reverse;
use tripchat_protocol::limits::UNREAD_MAX;
use tripchat_protocol::{Cursor, Message, RoomId, Seq, Standing, StreamId, UserId};

const TOP: Seq = Seq(i64::MAX);

/// Whether the server has more of a room than is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Not that it said.
    No,
    /// It does.
    Yes,
    /// Nothing of the room came yet.
    Nothing,
}

/// How a room stands. One that was left gets no more.
pub fn behind(db: &Connection, room: RoomId, state: Standing) -> rusqlite::Result<Behind> {
    if state == Standing::Ended {
        return Ok(Behind::No);
    }
    let cursor = cursors::get(db, StreamId::Room(room))?;
    let head = heads::get(db, room)?;
    Ok(match cursor {
        None => Behind::Nothing,
        Some(_) if is_ahead(head.as_ref(), cursor) => Behind::Yes,
        Some(_) => Behind::No,
    })
}

fn is_ahead(head: Option<&KnownHead>, cursor: Option<Cursor>) -> bool {
    head.is_some_and(|head| !head.is_reached(cursor))
}

/// The newest message of a room: the one that is here, or the one that was told while what is behind it is not here.
pub fn newest(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Message>> {
    let here = messages::newest(db, room)?;
    let head = heads::get(db, room)?;
    let cursor = cursors::get(db, StreamId::Room(room))?;
    let told = head.filter(|head| !head.is_reached(cursor)).and_then(|head| head.newest);
    Ok(match (here, told) {
        // One's own may be here before what lies between; of another epoch the newer one counts.
        (Some(here), Some(told)) if here.at > told.at => Some(here),
        (here, told) => told.or(here),
    })
}

/// Up to where a person has read, as far as this device knows.
pub fn read_mark(db: &Connection, me: UserId, room: RoomId) -> rusqlite::Result<Seq> {
    let pending = intents::pending_read(db, room)?.unwrap_or_default();
    Ok(marks::of(db, room, me)?.read.max(pending))
}

/// How many messages a person has not read: counted here where everything above their mark is here; elsewhere the
/// server's count stands, with what came after it.
pub fn unread(db: &Connection, me: UserId, room: RoomId) -> rusqlite::Result<u32> {
    let read = read_mark(db, me, room)?;
    let here = messages::countable(db, room, me, (read, TOP), UNREAD_MAX)?;
    let Some(head) = heads::get(db, room)? else { return Ok(here) };
    let head_seq = Seq(head.rev.0);
    let is_whole =
        head.is_reached(cursors::get(db, StreamId::Room(room))?) && holes::above(db, room, read)?.is_none();
    // Who has read up to there has read what the server counted.
    if is_whole || read >= head_seq {
        return Ok(here);
    }
    let after = messages::countable(db, room, me, (head_seq, TOP), UNREAD_MAX)?;
    Ok(head.unread.saturating_add(after).max(here).min(UNREAD_MAX))
}

/// The holes to fill without being asked: those above the person's delivered mark in rooms that they are in, those of
/// the room where something last happened first, the newest first.
pub fn to_fill(db: &Connection, me: UserId) -> rusqlite::Result<Vec<RoomHole>> {
    let mut found = Vec::new();
    for hole in holes::all(db)? {
        let stay = objects::membership(db, me, hole.room)?;
        let is_in = stay.is_some_and(|stay| stay.state == Standing::Current);
        if is_in && hole.hole.1.0 - 1 > marks::of(db, hole.room, me)?.delivered.0 {
            let active_at = newest(db, hole.room)?.map(|message| message.at);
            found.push((Reverse(active_at), Reverse(hole.hole.1), hole));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, _, hole)| hole).collect())
}

/// The last message up to which everything is stored since the person entered: what is reported as delivered.
pub fn delivered_upto(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Seq>> {
    let Some(Cursor(_, rev)) = cursors::get(db, StreamId::Room(room))? else { return Ok(None) };
    let lowest = holes::above(db, room, Seq(i64::MIN))?;
    let upto = lowest.map_or(Seq(rev.0), |hole| hole.0.min(Seq(rev.0)));
    messages::last_at_or_below(db, room, upto)
}

#[cfg(test)]
#[path = "whole_tests.rs"]
mod tests;
