//! One-time codes with which a forgotten password is replaced.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Millis, UserId};

/// Stores the SHA-256 of a person's code, in the place of the one before it.
///
/// # Errors
/// The failure of the database.
pub async fn put(tx: &mut Tx, user: UserId, hash: &[u8; 32], expires_at: Millis) -> Result<()> {
    tx.run(
        "INSERT INTO reset_code (user_id, hash, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at",
        params![user, &hash[..], expires_at],
    )
    .await
}

/// Whose code it is, while it is good.
///
/// # Errors
/// The failure of the database.
pub async fn person(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<UserId>> {
    let now = tx.now();
    let row = tx
        .one("SELECT user_id FROM reset_code WHERE hash = $1 AND expires_at > $2", params![&hash[..], now])
        .await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Takes a person's code away; false if there was none with this hash.
///
/// # Errors
/// The failure of the database.
pub async fn take(tx: &mut Tx, user: UserId, hash: &[u8; 32]) -> Result<bool> {
    let row = tx
        .one(
            "DELETE FROM reset_code WHERE user_id = $1 AND hash = $2 RETURNING expires_at",
            params![user, &hash[..]],
        )
        .await?;
    Ok(row.is_some())
}

/// Takes away whatever code a person has.
///
/// # Errors
/// The failure of the database.
pub async fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.run("DELETE FROM reset_code WHERE user_id = $1", params![user]).await
}
