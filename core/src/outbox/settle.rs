//! Storing what came of an operation.

use crate::cache::outbox::{self, Change, Do, Row, Unsent};
use crate::cache::{Cache, CacheError, messages};
use rusqlite::Connection;
use tripchat_protocol::frame::Done;
use tripchat_protocol::{Body, Message, Millis, Rev, RoomId, Seq, UserId};

/// What an `ok` came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Settled {
    /// The result is stored, and its row is gone.
    Stored(RoomId),
    /// There is no such row: its echo was here first.
    Known,
    /// It lacks what one needs to store it.
    Unusable,
}

/// Stores the result that `ok` speaks of and removes its row, in one transaction. The stream's cursor stays where it
/// is: what lies between it and this change may not be here yet.
///
/// # Errors
/// When the disk refuses; then the row is still there.
pub fn accepted(cache: &mut Cache, me: UserId, done: &Done) -> Result<Settled, CacheError> {
    let Some(id) = done.id else { return Ok(Settled::Unusable) };
    let tx = cache.write()?;
    let Some(row) = outbox::get(&tx, id)? else { return Ok(Settled::Known) };
    let room = row.room();
    match (row, done.seq) {
        (Row::Send(unsent), Some(seq)) => store(&tx, me, unsent, (seq, done.at))?,
        (Row::Send(_), None) => return Ok(Settled::Unusable),
        (Row::Change(change), _) => amend(&tx, me, change, done)?,
    }
    outbox::remove(&tx, id)?;
    tx.commit()?;
    Ok(Settled::Stored(room))
}

/// Stores a message at its place.
fn store(db: &Connection, me: UserId, unsent: Unsent, (seq, at): (Seq, Millis)) -> Result<(), CacheError> {
    let message = Message {
        id: unsent.id,
        seq,
        author: me,
        body: Body::Text { text: unsent.text },
        at,
        written_at: unsent.written_at,
        edit_no: 0,
        edited_at: None,
    };
    // As it was made: if it was changed since, the change comes with a higher rev.
    messages::upsert(db, unsent.room, Rev(seq.0), &message)?;
    Ok(())
}

/// Shows a change that the server took until its own word of it comes. It is stored one rev below that, so that
/// nothing older undoes it meanwhile and the object itself still replaces it.
fn amend(db: &Connection, me: UserId, change: Change, done: &Done) -> Result<(), CacheError> {
    let Some((stored, mut message)) = messages::find(db, change.room, me, change.message)? else {
        return Ok(());
    };
    let before = done.rev.map_or(stored, |rev| Rev(rev.0 - 1));
    if stored > before || message.body == Body::Deleted {
        return Ok(());
    }
    match change.what {
        Do::Edit { edit_no, text } => {
            message.body = Body::Text { text };
            message.edit_no = message.edit_no.max(edit_no.saturating_add(1));
            message.edited_at = Some(done.at);
        }
        Do::Delete => message.body = Body::Deleted,
    }
    messages::replace(db, change.room, before, &message)?;
    Ok(())
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
