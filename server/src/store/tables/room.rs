//! Rooms and the stays of people in them.

use super::super::value::params;
use super::{meaning, word};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Rev, Role, Room, RoomId, UserId};

/// Stores a new room.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, tenant: &str, room: &Room) -> Result<()> {
    tx.run(
        "INSERT INTO room (id, tenant, type, name, trip_id, created_by, created_at, is_active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            room.id,
            tenant,
            word(room.room_type)?,
            room.name.clone(),
            room.trip,
            room.created_by,
            room.created_at,
            room.is_active,
        ],
    )
    .await
}

/// Whether the room takes new messages; `None` if there is no such room.
///
/// # Errors
/// The failure of the database.
pub async fn is_active(tx: &mut Tx, room: RoomId) -> Result<Option<bool>> {
    let row = tx.one("SELECT is_active FROM room WHERE id = $1", params![room]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Begins a stay from `from_rev` on.
///
/// # Errors
/// The failure of the database; a constraint if the person is in the room already.
pub async fn begin_stay(tx: &mut Tx, room: RoomId, user: UserId, role: Role, from_rev: Rev) -> Result<()> {
    let now = tx.now();
    tx.run(
        "INSERT INTO membership (room_id, user_id, role, from_rev, to_rev, joined_at)
         VALUES ($1, $2, $3, $4, NULL, $5)",
        params![room, user, word(role)?, from_rev, now],
    )
    .await
}

/// A person's stay in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// In the room, with this role.
    Current(Role),
    /// Was there once.
    Former,
    /// Never was.
    Stranger,
}

/// How `user` stands to `room`.
///
/// # Errors
/// The failure of the database.
pub async fn stay(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Stay> {
    let rows = tx
        .all("SELECT role, to_rev FROM membership WHERE room_id = $1 AND user_id = $2", params![room, user])
        .await?;
    let mut found = Stay::Stranger;
    for mut row in rows {
        let ended: Option<i64> = row.take(1)?;
        if ended.is_none() {
            return Ok(Stay::Current(meaning(row.take(0)?)?));
        }
        found = Stay::Former;
    }
    Ok(found)
}

/// Who is in the room now.
///
/// # Errors
/// The failure of the database.
pub async fn current(tx: &mut Tx, room: RoomId) -> Result<Vec<UserId>> {
    let rows = tx
        .all(
            "SELECT user_id FROM membership WHERE room_id = $1 AND to_rev IS NULL ORDER BY user_id",
            params![room],
        )
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Everybody in the rooms that `user` is in now, the person included.
///
/// # Errors
/// The failure of the database.
pub async fn shared_with(tx: &mut Tx, user: UserId) -> Result<Vec<(RoomId, UserId)>> {
    let rows = tx
        .all(
            "SELECT theirs.room_id, theirs.user_id FROM membership AS own
             JOIN membership AS theirs ON theirs.room_id = own.room_id AND theirs.to_rev IS NULL
             WHERE own.user_id = $1 AND own.to_rev IS NULL",
            params![user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}
