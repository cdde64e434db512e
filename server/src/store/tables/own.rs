//! What a person has of a room, over all their stays and devices: marks and settings.

use super::super::value::{Row, params};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Own, PersonMarks, RoomId, Seq, UserId};
use tripchat_runtime::{Plant, planted};

/// How far a person has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// A device of theirs has stored everything up to here.
    pub delivered: Seq,
    /// They have seen everything up to here.
    pub read: Seq,
}

/// A stay begins: what is older counts as read. What was set before and marks that are higher stay.
///
/// # Errors
/// The failure of the database.
pub async fn begin(tx: &mut Tx, room: RoomId, user: UserId, at: Seq) -> Result<()> {
    tx.run(
        "INSERT INTO own (room_id, user_id, delivered, read, favourite, archived, marked_unread)
         VALUES ($1, $2, $3, $3, 0, 0, 0)
         ON CONFLICT (room_id, user_id) DO UPDATE SET
             delivered = CASE WHEN own.delivered < excluded.delivered THEN excluded.delivered ELSE own.delivered END,
             read = CASE WHEN own.read < excluded.read THEN excluded.read ELSE own.read END",
        params![room, user, at],
    )
    .await
}

/// How far a person has got; `None` if they never were in the room.
///
/// # Errors
/// The failure of the database.
pub async fn reached(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Option<Reached>> {
    let row = tx
        .one("SELECT delivered, read FROM own WHERE room_id = $1 AND user_id = $2", params![room, user])
        .await?;
    row.map(|mut row| Ok(Reached { delivered: row.take(0)?, read: row.take(1)? })).transpose()
}

/// Raises the marks of a person. The row decides, so that a mark never falls.
///
/// # Errors
/// The failure of the database.
pub async fn raise(tx: &mut Tx, room: RoomId, user: UserId, to: Reached) -> Result<bool> {
    if planted(Plant::MarksOverwritten) {
        let set = "UPDATE own SET delivered = $3, read = $4 WHERE room_id = $1 AND user_id = $2";
        tx.run(set, params![room, user, to.delivered, to.read]).await?;
        return Ok(true);
    }
    let row = tx
        .one(
            "UPDATE own SET delivered = CASE WHEN delivered < $3 THEN $3 ELSE delivered END,
                            read = CASE WHEN read < $4 THEN $4 ELSE read END
             WHERE room_id = $1 AND user_id = $2 AND (delivered < $3 OR read < $4) RETURNING read",
            params![room, user, to.delivered, to.read],
        )
        .await?;
    Ok(row.is_some())
}

/// The marks of those who are in the room now.
///
/// # Errors
/// The failure of the database.
pub async fn marks(tx: &mut Tx, room: RoomId) -> Result<Vec<PersonMarks>> {
    let rows = tx
        .all(
            "SELECT own.user_id, own.delivered, own.read FROM own
             JOIN stay ON stay.room_id = own.room_id AND stay.user_id = own.user_id AND stay.to_rev IS NULL
             WHERE own.room_id = $1 ORDER BY own.user_id",
            params![room],
        )
        .await?;
    rows.into_iter().map(person).collect()
}

fn person(mut row: Row) -> Result<PersonMarks> {
    Ok(PersonMarks { user: row.take(0)?, delivered: row.take(1)?, read: row.take(2)? })
}

/// What a person set about a room; nothing if they never were there.
///
/// # Errors
/// The failure of the database.
pub async fn settings(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Own> {
    let row = tx
        .one(
            "SELECT favourite, muted_until, archived, marked_unread, draft FROM own
             WHERE room_id = $1 AND user_id = $2",
            params![room, user],
        )
        .await?;
    let Some(mut row) = row else { return Ok(Own::default()) };
    Ok(Own {
        favourite: row.take(0)?,
        muted_until: row.take(1)?,
        archived: row.take(2)?,
        marked_unread: row.take(3)?,
        draft: row.take(4)?,
    })
}

/// Stores what a person set about a room.
///
/// # Errors
/// The failure of the database.
pub async fn put_settings(tx: &mut Tx, room: RoomId, user: UserId, own: &Own) -> Result<()> {
    tx.run(
        "UPDATE own SET favourite = $3, muted_until = $4, archived = $5, marked_unread = $6, draft = $7
         WHERE room_id = $1 AND user_id = $2",
        params![
            room,
            user,
            own.favourite,
            own.muted_until,
            own.archived,
            own.marked_unread,
            own.draft.clone(),
        ],
    )
    .await
}

/// Forgets what a person has of their rooms, drafts included.
///
/// # Errors
/// The failure of the database.
pub async fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.run("DELETE FROM own WHERE user_id = $1", params![user]).await
}
