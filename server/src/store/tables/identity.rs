//! Who people are at foreign issuers.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::UserId;

/// A person's name at an issuer.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// In which tenant of ours.
    pub tenant: &'a str,
    /// The issuer.
    pub issuer: &'a str,
    /// Its name for the person.
    pub subject: &'a str,
}

/// Whose it is, with the name that they show.
///
/// # Errors
/// The failure of the database.
pub async fn person(tx: &mut Tx, identity: Identity<'_>) -> Result<Option<(UserId, String)>> {
    let row = tx
        .one(
            "SELECT users.id, users.name FROM identity JOIN users ON users.id = identity.user_id
             WHERE identity.tenant = $1 AND identity.issuer = $2 AND identity.subject = $3",
            params![identity.tenant, identity.issuer, identity.subject],
        )
        .await?;
    row.map(|mut row| Ok((row.take(0)?, row.take(1)?))).transpose()
}

/// Notes that it is `user`.
///
/// # Errors
/// The failure of the database; it belongs to somebody already.
pub async fn insert(tx: &mut Tx, identity: Identity<'_>, user: UserId) -> Result<()> {
    let now = tx.now();
    tx.run(
        "INSERT INTO identity (tenant, issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![identity.tenant, identity.issuer, identity.subject, user, now],
    )
    .await
}

/// The names of a person at foreign issuers: issuer and subject.
///
/// # Errors
/// The failure of the database.
pub async fn of(tx: &mut Tx, user: UserId) -> Result<Vec<(String, String)>> {
    let rows = tx
        .all(
            "SELECT issuer, subject FROM identity WHERE user_id = $1 ORDER BY issuer, subject",
            params![user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// Forgets them: the same person is somebody new from now on.
///
/// # Errors
/// The failure of the database.
pub async fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.run("DELETE FROM identity WHERE user_id = $1", params![user]).await
}
