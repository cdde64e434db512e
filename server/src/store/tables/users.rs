//! People's accounts.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::UserId;

/// A new account.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// Its id.
    pub id: UserId,
    /// Its tenant.
    pub tenant: &'a str,
    /// In lower case.
    pub email: &'a str,
    /// The name to show.
    pub name: &'a str,
    /// PHC string.
    pub password_hash: &'a str,
}

/// Stores it; false if the e-mail has an account already.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, user: &NewUser<'_>) -> Result<bool> {
    let now = tx.now();
    let row = tx
        .one(
            "INSERT INTO users (id, tenant, email, name, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (tenant, email) DO NOTHING RETURNING created_at",
            params![user.id, user.tenant, user.email, user.name, user.password_hash, now],
        )
        .await?;
    Ok(row.is_some())
}

/// Who signs in with this e-mail: id, name and password hash.
///
/// # Errors
/// The failure of the database.
pub async fn by_email(tx: &mut Tx, tenant: &str, email: &str) -> Result<Option<(UserId, String, String)>> {
    let row = tx
        .one(
            "SELECT id, name, password_hash FROM users WHERE tenant = $1 AND email = $2",
            params![tenant, email],
        )
        .await?;
    row.map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).transpose()
}

/// The name that a person shows.
///
/// # Errors
/// The failure of the database.
pub async fn name(tx: &mut Tx, id: UserId) -> Result<Option<String>> {
    let row = tx.one("SELECT name FROM users WHERE id = $1", params![id]).await?;
    row.map(|mut row| row.take(0)).transpose()
}
