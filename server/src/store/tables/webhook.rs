//! Where platforms want to be told what happens.

use super::super::value::{Row, params};
use crate::error::Result;
use crate::store::Tx;
use std::fmt;
use tripchat_protocol::{Millis, RoomId, TripId, WebhookId};

/// What signs; the platform has it too. Never printed but to the one who asked for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// An address of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose.
    pub tenant: String,
    /// The address.
    pub url: String,
    /// What it is told: names, or beginnings such as `booking.*`. None: all.
    pub events: Vec<String>,
    /// Signs what is sent.
    pub secret: Secret,
    /// The one before it, and until when it signs beside it.
    pub old_secret: Option<(Secret, Millis)>,
    /// Since when it is there.
    pub created_at: Millis,
    /// Since when nothing is sent there, and why.
    pub disabled: Option<(Millis, String)>,
}

/// Stores a new one.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, new: &Webhook) -> Result<()> {
    tx.run(
        "INSERT INTO webhook (id, tenant, url, events, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            new.id,
            new.tenant.as_str(),
            new.url.as_str(),
            new.events.join(" "),
            &new.secret.0[..],
            new.created_at
        ],
    )
    .await
}

/// The one with this id.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, id: WebhookId) -> Result<Option<Webhook>> {
    let row = tx
        .one(
            "SELECT id, tenant, url, events, secret, old_secret, old_until, created_at, disabled_at,
                    disabled_because
             FROM webhook WHERE id = $1",
            params![id],
        )
        .await?;
    row.map(webhook).transpose()
}

/// Those of a tenant, oldest first; of all without one.
///
/// # Errors
/// The failure of the database.
pub async fn list(tx: &mut Tx, tenant: Option<&str>) -> Result<Vec<Webhook>> {
    let rows = tx
        .all(
            "SELECT id, tenant, url, events, secret, old_secret, old_until, created_at, disabled_at,
                    disabled_because
             FROM webhook WHERE tenant = $1 OR $2 = 1 ORDER BY created_at, id",
            params![tenant.unwrap_or(""), tenant.is_none()],
        )
        .await?;
    rows.into_iter().map(webhook).collect()
}

/// Those that are told what happens in a room.
///
/// # Errors
/// The failure of the database.
pub async fn of_room(tx: &mut Tx, room: RoomId) -> Result<Vec<(WebhookId, Vec<String>)>> {
    let rows = tx
        .all(
            "SELECT webhook.id, webhook.events FROM room JOIN webhook ON webhook.tenant = room.tenant
             WHERE room.id = $1 AND webhook.disabled_at IS NULL ORDER BY webhook.id",
            params![room],
        )
        .await?;
    rows.into_iter().map(listener).collect()
}

/// Those that are told what becomes of a trip.
///
/// # Errors
/// The failure of the database.
pub async fn of_trip(tx: &mut Tx, trip: TripId) -> Result<Vec<(WebhookId, Vec<String>)>> {
    let rows = tx
        .all(
            "SELECT webhook.id, webhook.events FROM trip JOIN webhook ON webhook.tenant = trip.tenant
             WHERE trip.id = $1 AND webhook.disabled_at IS NULL ORDER BY webhook.id",
            params![trip],
        )
        .await?;
    rows.into_iter().map(listener).collect()
}

/// Puts `fresh` in the place of the secret, which signs beside it until `old_until`.
///
/// # Errors
/// The failure of the database.
pub async fn set_secret(tx: &mut Tx, id: WebhookId, fresh: &Secret, old_until: Millis) -> Result<()> {
    tx.run(
        "UPDATE webhook SET old_secret = secret, old_until = $3, secret = $2 WHERE id = $1",
        params![id, &fresh.0[..], old_until],
    )
    .await
}

/// Nothing is sent there from now on; the first reason stands.
///
/// # Errors
/// The failure of the database.
pub async fn disable(tx: &mut Tx, id: WebhookId, because: &str) -> Result<()> {
    let now = tx.now();
    tx.run(
        "UPDATE webhook SET disabled_at = $2, disabled_because = $3 WHERE id = $1 AND disabled_at IS NULL",
        params![id, now, because],
    )
    .await
}

/// What waits is sent there again.
///
/// # Errors
/// The failure of the database.
pub async fn enable(tx: &mut Tx, id: WebhookId) -> Result<()> {
    tx.run("UPDATE webhook SET disabled_at = NULL, disabled_because = NULL WHERE id = $1", params![id]).await
}

/// Forgets it.
///
/// # Errors
/// The failure of the database; a constraint while it has messages.
pub async fn delete(tx: &mut Tx, id: WebhookId) -> Result<()> {
    tx.run("DELETE FROM webhook WHERE id = $1", params![id]).await
}

fn listener(mut row: Row) -> Result<(WebhookId, Vec<String>)> {
    Ok((row.take(0)?, words(&row.take::<String>(1)?)))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn webhook(mut row: Row) -> Result<Webhook> {
    let old_secret: Option<Vec<u8>> = row.take(5)?;
    let old_until: Option<Millis> = row.take(6)?;
    let disabled_at: Option<Millis> = row.take(8)?;
    let because: Option<String> = row.take(9)?;
    Ok(Webhook {
        id: row.take(0)?,
        tenant: row.take(1)?,
        url: row.take(2)?,
        events: words(&row.take::<String>(3)?),
        secret: Secret(row.take(4)?),
        old_secret: old_secret.map(Secret).zip(old_until),
        created_at: row.take(7)?,
        disabled: disabled_at.map(|at| (at, because.unwrap_or_default())),
    })
}
