//! What platforms' backends call with.

use super::super::value::{Row, params};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Millis, UserId};
use uuid::Uuid;

/// A new service token.
#[derive(Debug)]
pub struct NewServiceToken<'a> {
    /// Its id; somebody in users has it already.
    pub id: UserId,
    /// Its tenant.
    pub tenant: &'a str,
    /// Whose it is, in the operator's words.
    pub name: &'a str,
    /// With a space between them.
    pub scopes: &'a str,
    /// SHA-256.
    pub secret_hash: [u8; 32],
    /// Until when it is taken.
    pub expires_at: Millis,
}

/// A service token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: Uuid,
    /// Its tenant.
    pub tenant: String,
    /// Whose it is, in the operator's words.
    pub name: String,
    /// With a space between them.
    pub scopes: String,
    /// SHA-256.
    pub secret_hash: Vec<u8>,
    /// Until when it is taken.
    pub expires_at: Millis,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Millis>,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

impl Stored {
    /// Whether it is taken at `now`.
    #[must_use]
    pub fn stands(&self, now: Millis) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// The columns that [`stored`] reads.
macro_rules! tokens {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, name, scopes, secret_hash, expires_at, last_used_at, revoked_at
             FROM service_token ",
            $rest
        )
    };
}

/// Stores a new one, as of now.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, new: &NewServiceToken<'_>) -> Result<()> {
    let (hash, now) = (&new.secret_hash[..], tx.now());
    tx.run(
        "INSERT INTO service_token (id, tenant, name, scopes, secret_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![new.id, new.tenant, new.name, new.scopes, hash, now, new.expires_at],
    )
    .await
}

/// The one with this id, whether it stands or not.
///
/// # Errors
/// The failure of the database.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Stored>> {
    tx.one(tokens!("WHERE id = $1"), params![id]).await?.map(stored).transpose()
}

/// All of them, the oldest first: there are a handful.
///
/// # Errors
/// The failure of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<Stored>> {
    let rows = tx.all(tokens!("ORDER BY created_at, id"), params![]).await?;
    rows.into_iter().map(stored).collect()
}

/// Notes that it is used now.
///
/// # Errors
/// The failure of the database.
pub async fn note_use(tx: &mut Tx, id: Uuid) -> Result<()> {
    let now = tx.now();
    tx.run("UPDATE service_token SET last_used_at = $2 WHERE id = $1", params![id, now]).await
}

/// Revokes it for ever; false if there is none that was not.
///
/// # Errors
/// The failure of the database.
pub async fn revoke(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let now = tx.now();
    let row = tx
        .one(
            "UPDATE service_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING name",
            params![id, now],
        )
        .await?;
    Ok(row.is_some())
}

fn stored(mut row: Row) -> Result<Stored> {
    let id: UserId = row.take(0)?;
    Ok(Stored {
        id: id.0,
        tenant: row.take(1)?,
        name: row.take(2)?,
        scopes: row.take(3)?,
        secret_hash: row.take(4)?,
        expires_at: row.take(5)?,
        last_used_at: row.take(6)?,
        revoked_at: row.take(7)?,
    })
}
