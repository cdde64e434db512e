//! Sign-ins: one row a device, with the hashes of its refresh tokens.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{DeviceId, Millis, SessionId, UserId};

/// A new sign-in.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// In which tenant.
    pub tenant: &'a str,
    /// On which installation.
    pub device: DeviceId,
    /// With which app, if it said so.
    pub app: Option<&'a str>,
    /// SHA-256 of the refresh token.
    pub refresh_hash: [u8; 32],
}

/// Stores it.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, new: &NewSession<'_>) -> Result<()> {
    let now = tx.now();
    tx.run(
        "INSERT INTO session
         (id, user_id, tenant, device_id, refresh_hash, previous_hash, rotated_at, created_at, ended_at, app)
         VALUES ($1, $2, $3, $4, $5, NULL, $6, $6, NULL, $7)",
        params![new.id, new.user, new.tenant, new.device, &new.refresh_hash[..], now, new.app],
    )
    .await
}

/// A sign-in and its refresh tokens.
#[derive(Debug)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// In which tenant.
    pub tenant: String,
    /// SHA-256 of the token that counts.
    pub refresh_hash: Vec<u8>,
    /// SHA-256 of the one before.
    pub previous_hash: Option<Vec<u8>>,
    /// When the one took over from the other.
    pub rotated_at: Millis,
    /// When it was signed in.
    pub created_at: Millis,
    /// Whether it still stands.
    pub stands: bool,
}

/// The sign-in with this id.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, id: SessionId) -> Result<Option<Session>> {
    let row = tx
        .one(
            "SELECT user_id, tenant, refresh_hash, previous_hash, rotated_at, created_at, ended_at
             FROM session WHERE id = $1",
            params![id],
        )
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(Session {
        user: row.take(0)?,
        tenant: row.take(1)?,
        refresh_hash: row.take(2)?,
        previous_hash: row.take(3)?,
        rotated_at: row.take(4)?,
        created_at: row.take(5)?,
        stands: row.take::<Option<i64>>(6)?.is_none(),
    }))
}

/// Whether the sign-in is this person's and was not ended.
///
/// # Errors
/// The failure of the database.
pub async fn stands(tx: &mut Tx, id: SessionId, user: UserId) -> Result<bool> {
    let row = tx
        .one(
            "SELECT created_at FROM session WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
            params![id, user],
        )
        .await?;
    Ok(row.is_some())
}

/// The generation of the connection that counts; `None` if the sign-in is not this person's or was ended.
///
/// # Errors
/// The failure of the database.
pub async fn generation(tx: &mut Tx, id: SessionId, user: UserId) -> Result<Option<i64>> {
    let row = tx
        .one(
            "SELECT generation FROM session WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
            params![id, user],
        )
        .await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// A newer connection takes over; never an older one.
///
/// # Errors
/// The failure of the database.
pub async fn raise_generation(tx: &mut Tx, id: SessionId, to: i64) -> Result<()> {
    tx.run("UPDATE session SET generation = $2 WHERE id = $1 AND generation < $2", params![id, to]).await
}

/// Puts the next refresh token in the place of the last. The app may have been updated since.
///
/// # Errors
/// The failure of the database.
pub async fn rotate(tx: &mut Tx, id: SessionId, next_hash: &[u8; 32], app: Option<&str>) -> Result<()> {
    let now = tx.now();
    tx.run(
        "UPDATE session SET previous_hash = refresh_hash, refresh_hash = $2, rotated_at = $3,
                            app = COALESCE($4, app)
         WHERE id = $1",
        params![id, &next_hash[..], now, app],
    )
    .await
}

/// A sign-in, as its person sees it in a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: SessionId,
    /// The app, if it is known.
    pub app: Option<String>,
    /// When it was signed in.
    pub created_at: Millis,
    /// When it last got a token.
    pub rotated_at: Millis,
}

/// The person's sign-ins that stand, were used after `used_since` and made after `made_since`; the last used first.
///
/// # Errors
/// The failure of the database.
pub async fn of(tx: &mut Tx, user: UserId, used_since: Millis, made_since: Millis) -> Result<Vec<Listed>> {
    let rows = tx
        .all(
            "SELECT id, app, created_at, rotated_at FROM session
             WHERE user_id = $1 AND ended_at IS NULL AND rotated_at >= $2 AND created_at >= $3
             ORDER BY rotated_at DESC, id DESC",
            params![user, used_since, made_since],
        )
        .await?;
    let listed = rows.into_iter().map(|mut row| {
        let (id, app) = (row.take(0)?, row.take(1)?);
        Ok(Listed { id, app, created_at: row.take(2)?, rotated_at: row.take(3)? })
    });
    listed.collect()
}

/// Ends the sign-in if it is this person's; false if it is not, or was ended before.
///
/// # Errors
/// The failure of the database.
pub async fn end_of(tx: &mut Tx, id: SessionId, user: UserId) -> Result<bool> {
    let now = tx.now();
    let ended = tx
        .one(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL
             RETURNING id",
            params![id, user, now],
        )
        .await?;
    Ok(ended.is_some())
}

/// Ends every sign-in of the person but `kept`; which they were.
///
/// # Errors
/// The failure of the database.
pub async fn end_others(tx: &mut Tx, user: UserId, kept: SessionId) -> Result<Vec<SessionId>> {
    let now = tx.now();
    let ended = tx
        .all(
            "UPDATE session SET ended_at = $3 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL
             RETURNING id",
            params![user, kept, now],
        )
        .await?;
    ended.into_iter().map(|mut row| row.take(0)).collect()
}

/// Ends the sign-in for ever.
///
/// # Errors
/// The failure of the database.
pub async fn end(tx: &mut Tx, id: SessionId) -> Result<()> {
    let now = tx.now();
    tx.run("UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", params![id, now]).await
}

/// Ends every sign-in of a person; gives those that were not over.
///
/// # Errors
/// The failure of the database.
pub async fn end_all(tx: &mut Tx, user: UserId) -> Result<Vec<SessionId>> {
    let now = tx.now();
    let ended = tx
        .all(
            "UPDATE session SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL RETURNING id",
            params![user, now],
        )
        .await?;
    ended.into_iter().map(|mut row| row.take(0)).collect()
}

/// Forgets which apps a person signed in with.
///
/// # Errors
/// The failure of the database.
pub async fn forget_apps(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.run("UPDATE session SET app = NULL WHERE user_id = $1", params![user]).await
}
