//! Messages. They are inserted and changed through `store/record.rs` only.

use super::super::value::{Row, params};
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Body, Message, MessageId, Millis, Rev, RoomId, Seq, UserId};

pub(in crate::store) async fn insert(
    tx: &mut Tx,
    room: RoomId,
    new: &Message,
    hash: &[u8; 32],
) -> Result<()> {
    tx.run(
        "INSERT INTO message (room_id, seq, rev, id, author_id, body, at, written_at, request_hash, silent)
         VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            room,
            new.seq,
            new.id,
            new.author,
            json(&new.body)?,
            new.at,
            new.written_at,
            &hash[..],
            new.body.is_silent(),
        ],
    )
    .await
}

/// Keeps the version that stands, and puts `new` in its place.
pub(in crate::store) async fn replace(tx: &mut Tx, room: RoomId, new: &Placed) -> Result<()> {
    let Placed { rev, message } = new;
    tx.run(
        "INSERT INTO message_version (room_id, seq, rev, edit_no, edited_at, body)
         SELECT room_id, seq, rev, edit_no, edited_at, body FROM message WHERE room_id = $1 AND seq = $2",
        params![room, message.seq],
    )
    .await?;
    let deleted_at = (message.body == Body::Deleted).then(|| tx.now());
    tx.run(
        "UPDATE message SET rev = $3, body = $4, edit_no = $5, edited_at = $6, deleted_at = $7
         WHERE room_id = $1 AND seq = $2",
        params![
            room,
            message.seq,
            *rev,
            json(&message.body)?,
            message.edit_no,
            message.edited_at,
            deleted_at,
        ],
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
    /// Its last change.
    pub rev: Rev,
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
            "SELECT room_id, seq, rev, at, request_hash FROM message WHERE author_id = $1 AND id = $2",
            params![author, id],
        )
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(Sent {
        room: row.take(0)?,
        seq: row.take(1)?,
        rev: row.take(2)?,
        at: row.take(3)?,
        request_hash: row.take(4)?,
    }))
}

/// Whether `room` has a message with this id, whoever wrote it.
///
/// # Errors
/// The failure of the database.
pub async fn id_is_taken(tx: &mut Tx, room: RoomId, id: MessageId) -> Result<bool> {
    let row = tx.one("SELECT seq FROM message WHERE room_id = $1 AND id = $2", params![room, id]).await?;
    Ok(row.is_some())
}

/// The message of `room` with this id, as it stands.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, room: RoomId, id: MessageId) -> Result<Option<Placed>> {
    let row = tx
        .one(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND id = $2",
            params![room, id],
        )
        .await?;
    row.map(placed).transpose()
}

/// Up to `limit` messages with a seq below `before` that lie in one of the stays of `reader`, newest first.
///
/// # Errors
/// The failure of the database.
pub async fn before_seq(
    tx: &mut Tx,
    room: RoomId,
    reader: UserId,
    before: Seq,
    limit: i64,
) -> Result<Vec<Placed>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND seq < $3
               AND EXISTS (SELECT 1 FROM stay WHERE stay.room_id = $1 AND stay.user_id = $2
                           AND message.seq >= stay.from_rev
                           AND (stay.to_rev IS NULL OR message.seq <= stay.to_rev))
             ORDER BY seq DESC LIMIT $4",
            params![room, reader, before, limit],
        )
        .await?;
    rows.into_iter().map(placed).collect()
}

/// The newest message that lies in one of the stays of `reader` and is more than a note for the record.
///
/// # Errors
/// The failure of the database.
pub async fn newest_line(tx: &mut Tx, room: RoomId, reader: UserId) -> Result<Option<Message>> {
    let row = tx
        .one(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND silent = 0
               AND EXISTS (SELECT 1 FROM stay WHERE stay.room_id = $1 AND stay.user_id = $2
                           AND message.seq >= stay.from_rev
                           AND (stay.to_rev IS NULL OR message.seq <= stay.to_rev))
             ORDER BY seq DESC LIMIT 1",
            params![room, reader],
        )
        .await?;
    row.map(|row| placed(row).map(|it| it.message)).transpose()
}

/// Up to `limit` messages with a seq above `after` that lie in one of the stays of `reader`, oldest first.
///
/// # Errors
/// The failure of the database.
pub async fn after_seq(
    tx: &mut Tx,
    room: RoomId,
    reader: UserId,
    after: Seq,
    limit: i64,
) -> Result<Vec<Placed>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND seq > $3
               AND EXISTS (SELECT 1 FROM stay WHERE stay.room_id = $1 AND stay.user_id = $2
                           AND message.seq >= stay.from_rev
                           AND (stay.to_rev IS NULL OR message.seq <= stay.to_rev))
             ORDER BY seq LIMIT $4",
            params![room, reader, after, limit],
        )
        .await?;
    rows.into_iter().map(placed).collect()
}

/// Up to `limit` messages with a seq below `before`, newest first; for who may read all of the room.
///
/// # Errors
/// The failure of the database.
pub async fn all_before(tx: &mut Tx, room: RoomId, before: Seq, limit: i64) -> Result<Vec<Placed>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
            params![room, before, limit],
        )
        .await?;
    rows.into_iter().map(placed).collect()
}

/// Up to `limit` messages with a seq above `after`, oldest first; for who may read all of the room.
///
/// # Errors
/// The failure of the database.
pub async fn all_after(tx: &mut Tx, room: RoomId, after: Seq, limit: i64) -> Result<Vec<Placed>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at FROM message
             WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            params![room, after, limit],
        )
        .await?;
    rows.into_iter().map(placed).collect()
}

/// The message at `seq` in its last version of a rev up to `to_rev`.
///
/// # Errors
/// The failure of the database, or a defect: there was no such version.
pub async fn as_of(tx: &mut Tx, room: RoomId, now: &Message, to_rev: Rev) -> Result<Placed> {
    let row = tx
        .one(
            "SELECT rev, body, edit_no, edited_at FROM message_version
             WHERE room_id = $1 AND seq = $2 AND rev <= $3 ORDER BY rev DESC LIMIT 1",
            params![room, now.seq, to_rev],
        )
        .await?;
    let mut row = row.ok_or_else(|| Error::internal("a version of a message is missing"))?;
    let body = parse(row.take(1)?)?;
    let message = Message { body, edit_no: row.take(2)?, edited_at: row.take(3)?, ..now.clone() };
    Ok(Placed { rev: row.take(0)?, message })
}

/// Up to `limit` messages of `author` that were not taken away, with their rooms, those of one room together.
///
/// # Errors
/// The failure of the database.
pub async fn of_author(tx: &mut Tx, author: UserId, limit: i64) -> Result<Vec<(RoomId, Placed)>> {
    let rows = tx
        .all(
            "SELECT rev, id, seq, author_id, body, at, written_at, edit_no, edited_at, room_id FROM message
             WHERE author_id = $1 AND deleted_at IS NULL ORDER BY room_id, seq LIMIT $2",
            params![author, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(9)?, placed(row)?))).collect()
}

/// Forgets what the messages of `author` said before.
///
/// # Errors
/// The failure of the database.
pub async fn forget_versions(tx: &mut Tx, author: UserId) -> Result<()> {
    tx.run(
        "DELETE FROM message_version WHERE EXISTS
         (SELECT 1 FROM message WHERE message.room_id = message_version.room_id
          AND message.seq = message_version.seq AND message.author_id = $1)",
        params![author],
    )
    .await
}

/// How many messages of others stand above `above`, counted up to `limit`: [`Message::counts_for`] in SQL.
///
/// # Errors
/// The failure of the database.
pub async fn count_unread(tx: &mut Tx, room: RoomId, reader: UserId, above: Seq, limit: u32) -> Result<u32> {
    let row = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM message
             WHERE room_id = $1 AND seq > $3 AND author_id <> $2 AND deleted_at IS NULL AND silent = 0
             LIMIT $4) AS unread",
            params![room, reader, above, limit],
        )
        .await?;
    row.map_or(Ok(0), |mut row| row.take(0))
}

pub(super) fn placed(mut row: Row) -> Result<Placed> {
    let message = Message {
        id: row.take(1)?,
        seq: row.take(2)?,
        author: row.take(3)?,
        body: parse(row.take(4)?)?,
        at: row.take(5)?,
        written_at: row.take(6)?,
        edit_no: row.take(7)?,
        edited_at: row.take(8)?,
    };
    Ok(Placed { rev: row.take(0)?, message })
}

fn json(body: &Body) -> Result<String> {
    serde_json::to_string(body).map_err(|error| Error::internal(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "taken from its row")]
fn parse(body: String) -> Result<Body> {
    serde_json::from_str(&body).map_err(|error| Error::internal(error.to_string()))
}
