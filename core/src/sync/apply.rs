//! Storing what comes: an upsert by rev, with the cursor and the holes in the same transaction.
//!
//! The cursor moves only over what is stored, or is noted as a hole. One's own message that comes back settles its
//! row in the outbox in that same transaction, so that there are never two of it and never none.

use super::again;
use crate::cache::{Cache, CacheError, cursors, heads, holes, marks, messages, objects, outbox};
use rusqlite::Connection;
use std::collections::BTreeSet;
use tripchat_protocol::frame::{Gone, LiveChange};
use tripchat_protocol::{
    Body, Changes, Cursor, Epoch, Hole, Membership, MessageId, Millis, Object, Rev, RoomId, Seq, Standing,
    StreamId, UserId,
};
use tripchat_runtime::{Plant, planted};

/// What is different now.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Rooms to look at again.
    pub rooms: BTreeSet<RoomId>,
    /// Whether the list of rooms is to be looked at again.
    pub inbox: bool,
    /// One's own messages that came back.
    pub settled: Vec<MessageId>,
    /// Who wrote something new, and where.
    pub wrote: Vec<(RoomId, UserId)>,
    /// One's own messages that the server may have lost and that are sent again, the oldest first.
    pub again: Vec<(RoomId, MessageId)>,
}

/// What became of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Paged {
    /// It is stored.
    Stored(Applied),
    /// It does not join what is stored, and was left out.
    Apart,
}

/// Stores a page that came at `now`.
///
/// # Errors
/// When the disk refuses; then nothing has changed.
pub fn page(cache: &mut Cache, me: UserId, page: &Changes, now: Millis) -> Result<Paged, CacheError> {
    let tx = cache.write()?;
    let cursor = cursors::get(&tx, page.stream)?;
    let begins = page.reset && page.from == Rev(0);
    let stored = match cursor {
        _ if begins => Rev(0),
        None => Rev(0),
        Some(Cursor(epoch, rev)) if epoch == page.epoch => rev,
        Some(_) => return Ok(Paged::Apart),
    };
    if page.from > stored {
        return Ok(Paged::Apart);
    }
    let mut applied = Applied::default();
    let lost = match (page.stream, cursor) {
        (StreamId::Room(room), Some(Cursor(epoch, _))) if begins && epoch != page.epoch => {
            again::keep(&tx, me, room, page, now)?
        }
        _ => Vec::new(),
    };
    if begins {
        reset(&tx, page.stream, page.epoch)?;
        note_stream(&mut applied, page.stream);
    }
    if let (Some(hole), StreamId::Room(room)) = (page.hole, page.stream) {
        note_hole(&tx, room, page.epoch, (hole, stored))?;
    }
    let stored_of_it = page.objects.len().saturating_sub(usize::from(planted(Plant::CursorWithoutObjects)));
    for change in page.objects.iter().take(stored_of_it) {
        if let Some(object) = &change.object {
            put(&tx, me, page.stream, (change.rev, object), &mut applied)?;
        }
    }
    if let StreamId::Room(room) = page.stream {
        applied.again = again::waiting(&tx, lost)?.into_iter().map(|id| (room, id)).collect();
    }
    cursors::set(&tx, page.stream, Cursor(page.epoch, stored.max(page.upto)))?;
    tx.commit()?;
    Ok(Paged::Stored(applied))
}

/// Stores a live change that follows the cursor.
///
/// # Errors
/// As [`page`].
pub fn live(cache: &mut Cache, me: UserId, change: &LiveChange) -> Result<Applied, CacheError> {
    let tx = cache.write()?;
    let mut applied = Applied::default();
    if let Some(object) = &change.object {
        put(&tx, me, change.stream, (change.rev, object), &mut applied)?;
    }
    cursors::set(&tx, change.stream, Cursor(change.epoch, change.rev))?;
    tx.commit()?;
    Ok(applied)
}

/// A stream that may not be read any more: what one was allowed to see stays. Who missed something before the end has
/// a hole instead: what is here may have been edited or deleted since, and is read from the history again before it
/// is shown. The last rev is the end itself, which is nobody's message.
///
/// # Errors
/// As [`page`].
pub fn gone(cache: &mut Cache, gone: &Gone) -> Result<Applied, CacheError> {
    let tx = cache.write()?;
    let cursor = cursors::get(&tx, gone.stream)?;
    cursors::remove(&tx, gone.stream)?;
    match (gone.to_rev, gone.stream) {
        (None, stream) => forget(&tx, stream)?,
        (Some(to), StreamId::Room(room)) => {
            let to_seq = Seq(to.0);
            objects::clear_after(&tx, gone.stream, to)?;
            messages::clear_after(&tx, room, to)?;
            heads::remove(&tx, room)?;
            if let Some(Cursor(epoch, rev)) = cursor
                && rev.next() < to
            {
                holes::note(&tx, room, Some(epoch), Hole(Seq(0), to_seq))?;
            }
            holes::close(&tx, room, to.0..=i64::MAX)?;
        }
        (Some(to), stream) => objects::clear_after(&tx, stream, to)?,
    }
    tx.commit()?;
    let mut applied = Applied::default();
    note_stream(&mut applied, gone.stream);
    Ok(applied)
}

/// What is here of a stream is void. Marks and a head of the same epoch still say what they said.
fn reset(db: &Connection, stream: StreamId, epoch: Epoch) -> Result<(), CacheError> {
    if planted(Plant::ResetIgnored) {
        return Ok(());
    }
    objects::clear(db, stream)?;
    let StreamId::Room(room) = stream else { return Ok(()) };
    messages::clear(db, room)?;
    holes::clear(db, room)?;
    if marks::epoch(db, room)? != Some(epoch) {
        marks::remove(db, room)?;
    }
    if heads::get(db, room)?.is_some_and(|head| head.epoch != epoch) {
        heads::remove(db, room)?;
    }
    Ok(())
}

/// Nothing of the stream may be kept.
fn forget(db: &Connection, stream: StreamId) -> Result<(), CacheError> {
    objects::clear(db, stream)?;
    if let StreamId::Room(room) = stream {
        messages::clear(db, room)?;
        holes::clear(db, room)?;
        marks::remove(db, room)?;
        heads::remove(db, room)?;
    }
    Ok(())
}

/// The pages leave messages out between two places. Below the cursor nothing is missing that was not noted before,
/// and messages that are here already (one's own, by their `ok`) are not missing either.
fn note_hole(
    db: &Connection,
    room: RoomId,
    epoch: Epoch,
    (Hole(after, before), stored): (Hole, Rev),
) -> rusqlite::Result<()> {
    let hole = Hole(after.max(Seq(stored.0)), before);
    if planted(Plant::HoleNotNoted) {
        return Ok(());
    }
    holes::note(db, room, Some(epoch), hole)?;
    for seq in messages::seqs_within(db, room, hole)? {
        holes::close(db, room, seq.0..=seq.0)?;
    }
    Ok(())
}

fn put(
    db: &Connection,
    me: UserId,
    stream: StreamId,
    (rev, object): (Rev, &Object),
    applied: &mut Applied,
) -> Result<(), CacheError> {
    let before = match object {
        Object::Membership(membership) => objects::membership(db, me, membership.room)?,
        _ => None,
    };
    let stored = match (stream, object) {
        (StreamId::Room(_), Object::Message(message))
            if message.body == Body::Deleted && planted(Plant::TombstoneDropped) =>
        {
            false
        }
        (StreamId::Room(room), Object::Message(message)) => {
            let stored = messages::upsert(db, room, rev, message)?;
            if message.author == me && outbox::remove(db, message.id)? {
                applied.settled.push(message.id);
                note_stream(applied, stream);
            }
            if rev.0 == message.seq.0 {
                applied.wrote.push((room, message.author));
            }
            stored
        }
        _ => objects::upsert(db, stream, rev, object)?,
    };
    if stored {
        note_stream(applied, stream);
        if let Object::Membership(membership) = object {
            applied.rooms.insert(membership.room);
            left(db, membership, before.as_ref())?;
        }
    }
    Ok(())
}

/// A stay of which this device heard little but its end: all that one may read of the room is a hole, filled from the
/// history when somebody looks. Its epoch is learned then. Who heard the stay itself has a cursor here, and is told
/// where it ends by `gone`, which comes after this.
fn left(db: &Connection, membership: &Membership, before: Option<&Membership>) -> rusqlite::Result<()> {
    let (Standing::Ended, Some(to)) = (membership.state, membership.to_rev) else { return Ok(()) };
    let room = membership.room;
    // The same end again says nothing new; another one is that of a stay that went by unheard.
    let is_known = before.is_some_and(|it| it.state == Standing::Ended && it.to_rev == membership.to_rev);
    if is_known || cursors::get(db, StreamId::Room(room))?.is_some() {
        return Ok(());
    }
    holes::note(db, room, None, Hole(Seq(membership.from_rev.0 - 1), Seq(to.0)))
}

fn note_stream(applied: &mut Applied, stream: StreamId) {
    applied.inbox = true;
    applied.rooms.extend(stream.room());
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "apply_fault_tests.rs"]
mod fault_tests;
