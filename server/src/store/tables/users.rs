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

/// The name that a person shows.
///
/// # Errors
/// The failure of the database.
pub async fn name(tx: &mut Tx, id: UserId) -> Result<Option<String>> {
    let row = tx.one("SELECT name FROM users WHERE id = $1", params![id]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// What a person says of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Their own name.
    pub name: String,
    /// The name that others see in its place.
    pub business_name: Option<String>,
    /// Unique in the tenant.
    pub username: Option<String>,
    /// BCP 47.
    pub locale: Option<String>,
}

impl About {
    /// The name that others see.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.business_name.as_deref().unwrap_or(&self.name)
    }
}

/// What a person says of themselves.
///
/// # Errors
/// The failure of the database.
pub async fn about(tx: &mut Tx, id: UserId) -> Result<Option<About>> {
    let row = tx.one("SELECT name, own_name, username, locale FROM users WHERE id = $1", params![id]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let (shown, own): (String, Option<String>) = (row.take(0)?, row.take(1)?);
    let (name, business_name) = match own {
        Some(own) => (own, Some(shown)),
        None => (shown, None),
    };
    Ok(Some(About { name, business_name, username: row.take(2)?, locale: row.take(3)? }))
}

/// Stores what a person now says of themselves.
///
/// # Errors
/// The failure of the database.
pub async fn set_about(tx: &mut Tx, id: UserId, about: &About) -> Result<()> {
    let own = about.business_name.as_ref().map(|_| about.name.as_str());
    tx.run(
        "UPDATE users SET name = $2, own_name = $3, username = $4, locale = $5 WHERE id = $1",
        params![id, about.shown(), own, about.username.as_deref(), about.locale.as_deref()],
    )
    .await
}

/// Who has `username`.
///
/// # Errors
/// The failure of the database.
pub async fn by_username(tx: &mut Tx, tenant: &str, username: &str) -> Result<Option<UserId>> {
    let row =
        tx.one("SELECT id FROM users WHERE tenant = $1 AND username = $2", params![tenant, username]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Sets a password, whatever was there.
///
/// # Errors
/// The failure of the database.
pub async fn set_password(tx: &mut Tx, id: UserId, hash: &str) -> Result<()> {
    tx.run("UPDATE users SET password_hash = $2 WHERE id = $1", params![id, hash]).await
}

/// Leaves of an account what others refer to, and nothing about its person.
///
/// # Errors
/// The failure of the database.
pub async fn erase(tx: &mut Tx, id: UserId) -> Result<()> {
    let now = tx.now();
    tx.run(
        "UPDATE users SET name = '', own_name = NULL, username = NULL, locale = NULL, email = NULL,
                          password_hash = NULL, deleted_at = $2
         WHERE id = $1",
        params![id, now],
    )
    .await
}
