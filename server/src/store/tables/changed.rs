//! What changed in a room: the messages of a catch-up.

use super::super::value::params;
use super::message::placed;
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::{Message, Rev, RoomId, Seq};

/// How much of a room changed after a rev, as far as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Messages and other objects.
    pub all: i64,
    /// Of them, messages that had been made by then.
    pub older: i64,
}

/// Counts what changed in `room` after `since`, each number up to `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn count_changed(tx: &mut Tx, room: RoomId, since: Rev, limit: i64) -> Result<Changed> {
    let row = tx
        .one(
            "SELECT
             (SELECT count(*) FROM (SELECT 1 FROM message WHERE room_id = $1 AND rev > $2 LIMIT $3) AS m)
             + (SELECT count(*) FROM (SELECT 1 FROM object WHERE stream_id = $1 AND rev > $2 LIMIT $3) AS o),
             (SELECT count(*) FROM (SELECT 1 FROM message
              WHERE room_id = $1 AND rev > $2 AND rev > seq AND seq <= $2 LIMIT $3) AS c)",
            params![room, since, limit],
        )
        .await?;
    let mut row = row.ok_or_else(|| Error::internal("a count without a row"))?;
    Ok(Changed { all: row.take(0)?, older: row.take(1)? })
}

/// The seqs of the newest messages after `after`, at most `limit`, newest first.
///
/// # Errors
/// The failure of the database.
pub async fn newest_seqs(tx: &mut Tx, room: RoomId, after: Seq, limit: i64) -> Result<Vec<Seq>> {
    let rows = tx
        .all(
            "SELECT seq FROM message WHERE room_id = $1 AND seq > $2 ORDER BY seq DESC LIMIT $3",
            params![room, after, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// The messages changed after `since`, at most `limit`, in the order of their revs.
///
/// # Errors
/// The failure of the database.
pub async fn after_rev(tx: &mut Tx, room: RoomId, since: Rev, limit: i64) -> Result<Vec<(Rev, Message)>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND rev > $2 ORDER BY rev LIMIT $3",
            params![room, since, limit],
        )
        .await?;
    rows.into_iter().map(|row| placed(row).map(|it| (it.rev, it.message))).collect()
}

/// The messages made up to a seq and changed after a rev, at most `limit`, in the order of their revs.
///
/// # Errors
/// The failure of the database.
pub async fn changed_later(
    tx: &mut Tx,
    room: RoomId,
    (upto, since): (Seq, Rev),
    limit: i64,
) -> Result<Vec<(Rev, Message)>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND rev > $2 AND rev > seq AND seq <= $3 ORDER BY rev LIMIT $4",
            params![room, since, upto, limit],
        )
        .await?;
    rows.into_iter().map(|row| placed(row).map(|it| (it.rev, it.message))).collect()
}

/// The messages made from a seq on and changed after a rev, at most `limit`, in the order of their revs.
///
/// # Errors
/// The failure of the database.
pub async fn from_seq(
    tx: &mut Tx,
    room: RoomId,
    (from, since): (Seq, Rev),
    limit: i64,
) -> Result<Vec<(Rev, Message)>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND seq >= $2 AND rev > $3 ORDER BY rev LIMIT $4",
            params![room, from, since, limit],
        )
        .await?;
    rows.into_iter().map(|row| placed(row).map(|it| (it.rev, it.message))).collect()
}
