//! Messages. They are inserted through `Tx::record_message` only.

use super::super::value::{Row, params};
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Message, MessageId, Millis, Rev, RoomId, Seq, UserId};

const COLUMNS: usize = 6;

pub(in crate::store) async fn insert(
    tx: &mut Tx,
    room: RoomId,
    new: &Message,
    hash: &[u8; 32],
) -> Result<()> {
    let body = serde_json::to_string(&new.body).map_err(|error| Error::internal(error.to_string()))?;
    tx.run(
        "INSERT INTO message (room_id, seq, rev, id, author_id, body, at, written_at, request_hash)
         VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8)",
        params![room, new.seq, new.id, new.author, body, new.at, new.written_at, &hash[..]],
    )
    .await
}

/// What became of a message that its author sent before.
#[derive(Debug)]
pub struct Sent {
    /// Where it went.
    pub room: RoomId,
    /// Its place there.
    pub seq: Seq,
    /// When it was taken.
    pub at: Millis,
    /// SHA-256 of the request.
    pub request_hash: Vec<u8>,
}

/// Looks up one's own id. Nobody else's is ever looked up.
///
/// # Errors
/// The failure of the database.
pub async fn sent(tx: &mut Tx, author: UserId, id: MessageId) -> Result<Option<Sent>> {
    let row = tx
        .one(
            "SELECT room_id, seq, at, request_hash FROM message WHERE author_id = $1 AND id = $2",
            params![author, id],
        )
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(Sent { room: row.take(0)?, seq: row.take(1)?, at: row.take(2)?, request_hash: row.take(3)? }))
}

/// Whether `room` has a message with this id, whoever wrote it.
///
/// # Errors
/// The failure of the database.
pub async fn id_is_taken(tx: &mut Tx, room: RoomId, id: MessageId) -> Result<bool> {
    let row = tx.one("SELECT seq FROM message WHERE room_id = $1 AND id = $2", params![room, id]).await?;
    Ok(row.is_some())
}

/// The messages changed after `since`, at most `limit`, in the order of their revs.
///
/// # Errors
/// The failure of the database.
pub async fn after_rev(tx: &mut Tx, room: RoomId, since: Rev, limit: i64) -> Result<Vec<(Rev, Message)>> {
    let rows = tx
        .all(
            "SELECT id, seq, author_id, body, at, written_at, rev FROM message
             WHERE room_id = $1 AND rev > $2 ORDER BY rev LIMIT $3",
            params![room, since, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(COLUMNS)?, message(&mut row)?))).collect()
}

/// Up to `limit` messages with a seq below `before`, newest first.
///
/// # Errors
/// The failure of the database.
pub async fn before_seq(tx: &mut Tx, room: RoomId, before: Seq, limit: i64) -> Result<Vec<Placed>> {
    let rows = tx
        .all(
            "SELECT id, seq, author_id, body, at, written_at, rev FROM message
             WHERE room_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
            params![room, before, limit],
        )
        .await?;
    rows.into_iter().map(placed).collect()
}

/// Up to `limit` messages with a seq above `after`, oldest first.
///
/// # Errors
/// The failure of the database.
pub async fn after_seq(tx: &mut Tx, room: RoomId, after: Seq, limit: i64) -> Result<Vec<Placed>> {
    let rows = tx
        .all(
            "SELECT id, seq, author_id, body, at, written_at, rev FROM message
             WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            params![room, after, limit],
        )
        .await?;
    rows.into_iter().map(placed).collect()
}

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
            "SELECT id, seq, author_id, body, at, written_at, rev FROM message
             WHERE room_id = $1 AND rev > $2 AND rev > seq AND seq <= $3 ORDER BY rev LIMIT $4",
            params![room, since, upto, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(COLUMNS)?, message(&mut row)?))).collect()
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
            "SELECT id, seq, author_id, body, at, written_at, rev FROM message
             WHERE room_id = $1 AND seq >= $2 AND rev > $3 ORDER BY rev LIMIT $4",
            params![room, from, since, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(COLUMNS)?, message(&mut row)?))).collect()
}

fn placed(mut row: Row) -> Result<Placed> {
    Ok(Placed { rev: row.take(COLUMNS)?, message: message(&mut row)? })
}

fn message(row: &mut Row) -> Result<Message> {
    let body: String = row.take(3)?;
    Ok(Message {
        id: row.take(0)?,
        seq: row.take(1)?,
        author: row.take(2)?,
        body: serde_json::from_str(&body).map_err(|error| Error::internal(error.to_string()))?,
        at: row.take(4)?,
        written_at: row.take(5)?,
        edit_no: 0,
        edited_at: None,
    })
}
