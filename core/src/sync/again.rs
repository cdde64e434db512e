//! One's own messages that the server has lost: it was put back from a backup, and says so by another epoch.
//!
//! What it still has comes in the pages of the reset, or is answered as a repeat; so all that may be lost goes into the
//! outbox again, under the same ids, and leaves it again when it comes. What is older than a day is not sent by itself
//! any more: people have gone on. It is parked, where its writer sees it.

use crate::cache::{messages, outbox};
use rusqlite::Connection;
use tripchat_protocol::{Body, Changes, ErrorCode, MessageId, Millis, RoomId, UserId};

/// What was written longer ago is not sent again by itself.
const YOUNG: Millis = 24 * 3_600_000;

/// Puts what one has said in `room` into the outbox, before what waits there already. Called before the cache of the
/// room is emptied by `page`, the first of a reset. Gives the ids, the oldest first.
pub(super) fn keep(
    db: &Connection,
    me: UserId,
    room: RoomId,
    page: &Changes,
    now: Millis,
) -> rusqlite::Result<Vec<MessageId>> {
    let mut kept = Vec::new();
    for message in messages::own(db, room, me)? {
        let Body::Text { text } = &message.body else { continue };
        let is_young = message.at.saturating_add(YOUNG) >= now;
        // The pages leave out what lies in the hole, and say nothing of it.
        if !is_young && page.hole.is_some_and(|hole| message.seq < hole.1) {
            continue;
        }
        let refusal = (!is_young).then_some(ErrorCode::TooLate);
        if outbox::put_first(db, room, (message.id, text, message.written_at), refusal)? {
            kept.push(message.id);
        }
    }
    kept.reverse();
    Ok(kept)
}

/// Those of `kept` that did not come with the page and are to be sent.
pub(super) fn waiting(db: &Connection, kept: Vec<MessageId>) -> rusqlite::Result<Vec<MessageId>> {
    let mut waiting = Vec::new();
    for id in kept {
        if outbox::get(db, id)?.is_some_and(|row| row.refusal().is_none()) {
            waiting.push(id);
        }
    }
    Ok(waiting)
}

#[cfg(test)]
#[path = "again_tests.rs"]
mod tests;
