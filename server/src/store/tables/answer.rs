//! What platforms were answered, for when they ask again.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use crate::tokens::Service;
use tripchat_protocol::Millis;

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of what was asked.
    pub request_hash: Vec<u8>,
    /// The HTTP status.
    pub status: u16,
    /// The JSON.
    pub body: String,
}

/// What the platform was answered under this key, unless that was before `since`.
///
/// # Errors
/// The failure of the database.
pub async fn find(tx: &mut Tx, by: &Service, key: &str, since: Millis) -> Result<Option<Kept>> {
    let row = tx
        .one(
            "SELECT request_hash, status, body FROM answer WHERE tenant = $1 AND key = $2 AND at > $3",
            params![by.tenant.as_str(), key, since],
        )
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(Kept { request_hash: row.take(0)?, status: row.take(1)?, body: row.take(2)? }))
}

/// Keeps an answer, in the place of one that is no longer given.
///
/// # Errors
/// The failure of the database.
pub async fn keep(tx: &mut Tx, by: &Service, key: &str, kept: &Kept) -> Result<()> {
    let (hash, now) = (&kept.request_hash[..], tx.now());
    tx.run(
        "INSERT INTO answer (tenant, key, request_hash, status, body, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant, key) DO UPDATE
         SET request_hash = excluded.request_hash, status = excluded.status, body = excluded.body,
             at = excluded.at",
        params![by.tenant.as_str(), key, hash, kept.status, kept.body.as_str(), now],
    )
    .await
}

/// Forgets up to `limit` answers that were given before `before`; how many there were.
///
/// # Errors
/// The failure of the database.
pub async fn forget(tx: &mut Tx, before: Millis, limit: i64) -> Result<i64> {
    let rows = tx
        .all(
            "DELETE FROM answer WHERE (tenant, key) IN
                 (SELECT tenant, key FROM answer WHERE at <= $1 ORDER BY at LIMIT $2)
             RETURNING at",
            params![before, limit],
        )
        .await?;
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}
