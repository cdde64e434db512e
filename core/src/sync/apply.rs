//! Storing what comes: an upsert by rev, with the cursor in the same transaction.
//!
//! The cursor moves only over what is stored. One's own message that comes back settles its row in the outbox
//! in that same transaction, so that there are never two of it and never none.

use crate::cache::{Cache, CacheError, cursors, messages, objects, outbox};
use rusqlite::Connection;
use std::collections::BTreeSet;
use tripchat_protocol::frame::{Gone, LiveChange};
use tripchat_protocol::{Changes, Cursor, MessageId, Object, Rev, RoomId, StreamId, UserId};

/// What is different now.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Rooms to look at again.
    pub rooms: BTreeSet<RoomId>,
    /// Whether the list of rooms is to be looked at again.
    pub inbox: bool,
    /// One's own messages that came back.
    pub settled: Vec<MessageId>,
}

/// What became of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Paged {
    /// It is stored.
    Stored(Applied),
    /// It does not join what is stored, and was left out.
    Hole,
}

/// Stores a page.
///
/// # Errors
/// When the disk refuses; then nothing has changed.
pub fn page(cache: &mut Cache, me: UserId, page: &Changes) -> Result<Paged, CacheError> {
    let tx = cache.write()?;
    let cursor = cursors::get(&tx, page.stream)?;
    let begins = page.reset && page.from == Rev(0);
    let stored = match cursor {
        _ if begins => Rev(0),
        None => Rev(0),
        Some(Cursor(epoch, rev)) if epoch == page.epoch => rev,
        Some(_) => return Ok(Paged::Hole),
    };
    if page.from > stored {
        return Ok(Paged::Hole);
    }
    let mut applied = Applied::default();
    if begins {
        forget(&tx, page.stream, None)?;
        note_stream(&mut applied, page.stream);
    }
    for change in &page.objects {
        if let Some(object) = &change.object {
            put(&tx, me, page.stream, (change.rev, object), &mut applied)?;
        }
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

/// A stream that may not be read any more: what one was allowed to see stays.
///
/// # Errors
/// As [`page`].
pub fn gone(cache: &mut Cache, gone: &Gone) -> Result<Applied, CacheError> {
    let tx = cache.write()?;
    forget(&tx, gone.stream, gone.to_rev)?;
    tx.commit()?;
    let mut applied = Applied::default();
    note_stream(&mut applied, gone.stream);
    Ok(applied)
}

/// Forgets a stream's cursor and what is beyond `keep`.
fn forget(db: &Connection, stream: StreamId, keep: Option<Rev>) -> Result<(), CacheError> {
    cursors::remove(db, stream)?;
    match keep {
        None => objects::clear(db, stream)?,
        Some(to) => objects::clear_after(db, stream, to)?,
    }
    if let StreamId::Room(room) = stream {
        match keep {
            None => messages::clear(db, room)?,
            Some(to) => messages::clear_after(db, room, to)?,
        }
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
    let stored = match (stream, object) {
        (StreamId::Room(room), Object::Message(message)) => {
            let stored = messages::upsert(db, room, rev, message)?;
            if message.author == me && outbox::remove(db, message.id)? {
                applied.settled.push(message.id);
                note_stream(applied, stream);
            }
            stored
        }
        _ => objects::upsert(db, stream, rev, object)?,
    };
    if stored {
        note_stream(applied, stream);
        if let Object::Membership(membership) = object {
            applied.rooms.insert(membership.room);
        }
    }
    Ok(())
}

fn note_stream(applied: &mut Applied, stream: StreamId) {
    applied.inbox = true;
    applied.rooms.extend(stream.room());
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;
