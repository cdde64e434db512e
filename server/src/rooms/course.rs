//! The way that a catch-up takes: all that changed, or only what a client cannot do without.

use crate::error::Result;
use crate::store::Tx;
use crate::store::tables::changed;
use tripchat_protocol::limits::{LIMITED_ABOVE, LIMITED_NEWEST};
use tripchat_protocol::{Cursor, Epoch, Hole, Rev, RoomId, Seq, StreamId};

/// A catch-up on its way. Each page is a snapshot of its own; what is left out stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The epoch in which it began.
    pub epoch: Epoch,
    /// How far it has got.
    pub at: Rev,
    /// The messages that are left out.
    pub hole: Option<Hole>,
}

/// Begins the catch-up of a client that has `stream` up to `since`, of this epoch and not beyond `head`. Whether what
/// the client has is void, too: so much of it changed that it is read anew.
///
/// # Errors
/// The failure of the database.
pub async fn begin(tx: &mut Tx, stream: StreamId, since: Cursor, head: Rev) -> Result<(Course, bool)> {
    let Cursor(epoch, at) = since;
    let whole = Course { epoch, at, hole: None };
    // An object has one rev: there cannot be more of them than revs. An inbox has nothing that could be left out.
    let (StreamId::Room(room), true) = (stream, head.0 - at.0 > LIMITED_ABOVE) else {
        return Ok((whole, false));
    };
    let changed = changed::count_changed(tx, room, at, LIMITED_ABOVE + 1).await?;
    if changed.all <= LIMITED_ABOVE {
        return Ok((whole, false));
    }
    if changed.older > LIMITED_ABOVE {
        let course = Course { epoch, at: Rev(0), hole: hole(tx, room, Rev(0)).await? };
        return Ok((course, true));
    }
    Ok((Course { hole: hole(tx, room, at).await?, ..whole }, false))
}

/// What lies between `after` and the newest messages; `None` if there are no others.
async fn hole(tx: &mut Tx, room: RoomId, after: Rev) -> Result<Option<Hole>> {
    let after = Seq(after.0);
    let newest = changed::newest_seqs(tx, room, after, LIMITED_NEWEST + 1).await?;
    let is_more = i64::try_from(newest.len()).is_ok_and(|count| count > LIMITED_NEWEST);
    let oldest_of_them = newest.iter().rev().nth(1);
    Ok(oldest_of_them.filter(|_| is_more).map(|before| Hole(after, *before)))
}
