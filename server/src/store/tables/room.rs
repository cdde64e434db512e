//! Rooms.

use super::super::value::params;
use super::{meaning, word};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Room, RoomId};

/// Stores a new room.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, tenant: &str, room: &Room) -> Result<()> {
    tx.run(
        "INSERT INTO room (id, tenant, type, name, trip_id, booking_id, created_by, created_at, is_active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            room.id,
            tenant,
            word(room.room_type)?,
            room.name.clone(),
            room.trip,
            room.booking,
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

/// The tenant of a room.
///
/// # Errors
/// The failure of the database.
pub async fn tenant(tx: &mut Tx, room: RoomId) -> Result<Option<String>> {
    let row = tx.one("SELECT tenant FROM room WHERE id = $1", params![room]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// The room with this id.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, room: RoomId) -> Result<Option<Room>> {
    let row = tx
        .one(
            "SELECT id, type, name, trip_id, booking_id, created_by, created_at, is_active
             FROM room WHERE id = $1",
            params![room],
        )
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(Room {
        id: row.take(0)?,
        room_type: meaning(row.take(1)?)?,
        name: row.take(2)?,
        trip: row.take(3)?,
        booking: row.take(4)?,
        created_by: row.take(5)?,
        created_at: row.take(6)?,
        is_active: row.take(7)?,
    }))
}
