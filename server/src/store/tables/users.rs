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
    /// In lower case; none for who comes from a foreign issuer.
    pub email: Option<&'a str>,
    /// The name to show.
    pub name: &'a str,
    /// PHC string; none for who comes from a foreign issuer.
    pub password_hash: Option<&'a str>,
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
            "SELECT id, name, password_hash FROM users
             WHERE tenant = $1 AND email = $2 AND password_hash IS NOT NULL",
            params![tenant, email],
        )
        .await?;
    row.map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).transpose()
}

/// What a person signs in with, and the name they show.
#[derive(Debug)]
pub struct Account {
    /// In lower case.
    pub email: Option<String>,
    /// The name to show.
    pub name: String,
    /// PHC string; none for who comes from a foreign issuer.
    pub password_hash: Option<String>,
}

/// The account of a person.
///
/// # Errors
/// The failure of the database.
pub async fn account(tx: &mut Tx, id: UserId) -> Result<Option<Account>> {
    let row = tx.one("SELECT email, name, password_hash FROM users WHERE id = $1", params![id]).await?;
    let Some(mut row) = row else { return Ok(None) };
    Ok(Some(Account { email: row.take(0)?, name: row.take(1)?, password_hash: row.take(2)? }))
}

/// Puts `new` in the place of the password hash `old`; false if another stands there by now.
///
/// # Errors
/// The failure of the database.
pub async fn replace_password(tx: &mut Tx, id: UserId, old: &str, new: &str) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING id",
            params![id, old, new],
        )
        .await?;
    Ok(row.is_some())
}

/// The name that a person of the tenant shows; a platform's backend is no person.
///
/// # Errors
/// The failure of the database.
pub async fn name_in(tx: &mut Tx, tenant: &str, id: UserId) -> Result<Option<String>> {
    let row = tx
        .one(
            "SELECT name FROM users WHERE id = $1 AND tenant = $2
               AND NOT EXISTS (SELECT 1 FROM service_token WHERE service_token.id = users.id)",
            params![id, tenant],
        )
        .await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Gives a person another name.
///
/// # Errors
/// The failure of the database.
pub async fn rename(tx: &mut Tx, id: UserId, name: &str) -> Result<()> {
    tx.run("UPDATE users SET name = $2 WHERE id = $1", params![id, name]).await
}

/// Sets the language that a person reads.
///
/// # Errors
/// The failure of the database.
pub async fn set_locale(tx: &mut Tx, id: UserId, locale: &str) -> Result<()> {
    tx.run("UPDATE users SET locale = $2 WHERE id = $1", params![id, locale]).await
}

/// The language that a person reads, if they said so.
///
/// # Errors
/// The failure of the database.
pub async fn locale(tx: &mut Tx, id: UserId) -> Result<Option<String>> {
    let row = tx.one("SELECT locale FROM users WHERE id = $1", params![id]).await?;
    row.map_or(Ok(None), |mut row| row.take(0))
}

/// The name that a person shows.
///
/// # Errors
/// The failure of the database.
pub async fn name(tx: &mut Tx, id: UserId) -> Result<Option<String>> {
    let row = tx.one("SELECT name FROM users WHERE id = $1", params![id]).await?;
    row.map(|mut row| row.take(0)).transpose()
}
