//! What was taken away or ended: read for the ledger, and done again after a restore.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{MessageId, Millis, RoomId, SessionId, UserId};

/// Messages that were taken away at `since` or later.
///
/// # Errors
/// The failure of the database.
pub async fn deleted_since(tx: &mut Tx, since: Millis) -> Result<Vec<(Millis, RoomId, MessageId)>> {
    let rows = tx
        .all(
            "SELECT deleted_at, room_id, id FROM message
             WHERE deleted_at IS NOT NULL AND deleted_at >= $1 ORDER BY deleted_at, room_id, seq",
            params![since],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}

/// Sessions that were ended at `since` or later.
///
/// # Errors
/// The failure of the database.
pub async fn ended_since(tx: &mut Tx, since: Millis) -> Result<Vec<(Millis, SessionId)>> {
    let rows = tx
        .all(
            "SELECT ended_at, id FROM session WHERE ended_at IS NOT NULL AND ended_at >= $1 ORDER BY ended_at, id",
            params![since],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// Service tokens that were revoked at `since` or later.
///
/// # Errors
/// The failure of the database.
pub async fn revoked_since(tx: &mut Tx, since: Millis) -> Result<Vec<(Millis, UserId)>> {
    let rows = tx
        .all(
            "SELECT revoked_at, id FROM service_token WHERE revoked_at IS NOT NULL AND revoked_at >= $1
             ORDER BY revoked_at, id",
            params![since],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// Whose account was deleted since then, and when.
///
/// # Errors
/// The failure of the database.
pub async fn forgotten_since(tx: &mut Tx, since: Millis) -> Result<Vec<(Millis, UserId)>> {
    let rows = tx
        .all(
            "SELECT deleted_at, id FROM users WHERE deleted_at IS NOT NULL AND deleted_at >= $1
             ORDER BY deleted_at, id",
            params![since],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// The tenant of a person whose account is there.
///
/// # Errors
/// The failure of the database.
pub async fn tenant_of(tx: &mut Tx, person: UserId) -> Result<Option<String>> {
    let row =
        tx.one("SELECT tenant FROM users WHERE id = $1 AND deleted_at IS NULL", params![person]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Revokes a service token again; whether it stood.
///
/// # Errors
/// The failure of the database.
pub async fn revoke(tx: &mut Tx, token: UserId, at: Millis) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE service_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING created_at",
            params![token, at],
        )
        .await?;
    Ok(row.is_some())
}

/// Ends a session again, at the time at which it was; whether it stood.
///
/// # Errors
/// The failure of the database.
pub async fn end_session(tx: &mut Tx, session: SessionId, at: Millis) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING created_at",
            params![session, at],
        )
        .await?;
    Ok(row.is_some())
}

/// Gives every stream another epoch than it ever had: what clients have of it is void, since they may have seen what
/// comes after the backup. `step` is random, in 1 to 2^53 - 3.
///
/// # Errors
/// The failure of the database.
pub async fn new_epochs(tx: &mut Tx, step: i64) -> Result<i64> {
    tx.run("UPDATE stream SET epoch = ((epoch - 1 + $1) % 9007199254740990) + 1", params![step]).await?;
    let row = tx.one("SELECT COUNT(*) FROM stream", params![]).await?;
    row.map_or(Ok(0), |mut row| row.take(0))
}
