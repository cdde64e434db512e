//! What the person wants of a room: what becomes of the rows, decided inside the caller's transaction, and what an
//! answer stores.

use super::own;
use crate::cache::intents::{self, DRAFT, Intent, Wish};
use crate::cache::{Cache, CacheError, cursors, marks, objects};
use rusqlite::Connection;
use tripchat_protocol::frame::Done;
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{
    Cursor, Membership, Object, OperationId, Rev, RoomId, Seq, Setting, StreamId, UserId,
};

/// A wish that took the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// What is to be sent; nothing if the wish is fulfilled by forgetting the last one.
    pub id: Option<OperationId>,
    /// What it replaces.
    pub replaced: Option<OperationId>,
}

/// The person has seen everything up to `seq`. None if that is known already.
///
/// # Errors
/// When the disk refuses.
pub fn seen(
    db: &Connection,
    of: &Membership,
    me: UserId,
    seq: Seq,
    fresh: OperationId,
) -> Result<Option<Taken>, CacheError> {
    let room = of.room;
    let Some(Cursor(epoch, _)) = cursors::get(db, StreamId::Room(room))? else { return Ok(None) };
    let stored = marks::of(db, room, me)?.read;
    let known = stored.max(intents::pending_read(db, room)?.unwrap_or_default());
    if seq <= known && !own::shown(db, of)?.marked_unread {
        return Ok(None);
    }
    let replaced = intents::put(db, fresh, room, &Wish::Read(epoch, seq.max(known)))?;
    Ok(Some(Taken { id: Some(fresh), replaced }))
}

/// The person sets something. None if it is so already.
///
/// # Errors
/// When the disk refuses.
pub fn set(
    db: &Connection,
    of: &Membership,
    setting: Setting,
    fresh: OperationId,
) -> Result<Option<Taken>, CacheError> {
    let wish = Wish::Set(setting);
    let shown = own::shown(db, of)?;
    if own::with(shown.clone(), &wish) == shown {
        return Ok(None);
    }
    let replaced = intents::put(db, fresh, of.room, &wish)?;
    Ok(Some(Taken { id: Some(fresh), replaced }))
}

/// The draft became a message. `untried` is the id of a draft that never left this device.
///
/// # Errors
/// When the disk refuses.
pub fn clear_draft(
    db: &Connection,
    of: &Membership,
    untried: Option<OperationId>,
    fresh: OperationId,
) -> Result<Option<Taken>, CacheError> {
    if of.own.draft.is_some() || untried.is_none() {
        return set(db, of, Setting::Draft(None), fresh);
    }
    // Nobody else has heard of it.
    let replaced = intents::take(db, of.room, DRAFT)?;
    Ok(replaced.map(|replaced| Taken { id: None, replaced: Some(replaced) }))
}

/// Whether it may be sent: a draft that is longer than a message may be stays on this device.
pub fn may_leave(intent: &Intent) -> bool {
    match &intent.wish {
        Wish::Set(Setting::Draft(Some(draft))) => draft.chars().count() <= TEXT_CHARS,
        _ => true,
    }
}

/// Stores what an `ok` fulfils and removes its row, in one transaction; returns its room. None if the person has
/// changed their mind meanwhile: then the newer wish goes on its own way.
///
/// # Errors
/// When the disk refuses; then the row is still there.
pub fn accepted(cache: &mut Cache, me: UserId, done: &Done) -> Result<Option<RoomId>, CacheError> {
    let Some(id) = done.id else { return Ok(None) };
    let tx = cache.write()?;
    let Some(intent) = intents::get(&tx, id)? else { return Ok(None) };
    if let Wish::Read(epoch, seq) = intent.wish {
        marks::raise_read(&tx, intent.room, epoch, me, seq)?;
    }
    amend(&tx, me, &intent, done)?;
    intents::remove(&tx, id)?;
    tx.commit()?;
    Ok(Some(intent.room))
}

/// Shows it until the server's own word of it comes. It is stored one rev below that, so that nothing older undoes it
/// meanwhile and the object itself still replaces it.
fn amend(db: &Connection, me: UserId, intent: &Intent, done: &Done) -> Result<(), CacheError> {
    let inbox = StreamId::User(me);
    let Some((stored, membership)) = objects::membership_at(db, me, intent.room)? else { return Ok(()) };
    let before = match done.rev {
        Some(rev) if done.stream == Some(inbox) => Rev(rev.0 - 1),
        _ => stored,
    };
    if stored > before {
        return Ok(());
    }
    let own = own::with(membership.own.clone(), &intent.wish);
    objects::replace(db, inbox, before, &Object::Membership(Membership { own, ..membership }))?;
    Ok(())
}

#[cfg(test)]
#[path = "wishes_tests.rs"]
mod tests;
