//! What platforms are told and have not taken yet. It is written through `store/telling.rs` only.

use super::super::value::{Row, params};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Millis, WebhookId, WebhookMessageId};

/// A message that waits for its first attempt.
#[derive(Debug)]
pub(in crate::store) struct New<'a> {
    pub id: WebhookMessageId,
    pub webhook: WebhookId,
    pub kind: &'a str,
    pub subject: &'a [u8],
    pub body: &'a str,
}

pub(in crate::store) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<()> {
    let now = tx.now();
    tx.run(
        "INSERT INTO webhook_message (id, webhook_id, type, subject, body, created_at, attempts, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $6)",
        params![new.id, new.webhook, new.kind, new.subject, new.body, now],
    )
    .await
}

/// A message that was taken to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The same at each attempt.
    pub id: WebhookMessageId,
    /// The JSON.
    pub body: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

/// The addresses for which something is due, by their ids.
///
/// # Errors
/// The failure of the database.
pub async fn due(tx: &mut Tx) -> Result<Vec<WebhookId>> {
    let now = tx.now();
    let rows = tx
        .all(
            "SELECT DISTINCT webhook_id FROM webhook_message
             JOIN webhook ON webhook.id = webhook_message.webhook_id
             WHERE due_at <= $1 AND webhook.disabled_at IS NULL ORDER BY webhook_id",
            params![now],
        )
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Takes up to `limit` that are due for `webhook`, those first that have waited longest; nobody else takes them before
/// `until`.
///
/// # Errors
/// The failure of the database.
pub async fn take(tx: &mut Tx, webhook: WebhookId, limit: i64, until: Millis) -> Result<Vec<Taken>> {
    let now = tx.now();
    let rows = tx
        .all(
            "UPDATE webhook_message SET attempts = attempts + 1, due_at = $4
             WHERE id IN (SELECT id FROM webhook_message WHERE webhook_id = $1 AND due_at <= $2
                          ORDER BY due_at, id LIMIT $3)
             RETURNING id, body, attempts",
            params![webhook, now, limit, until],
        )
        .await?;
    let taken = rows
        .into_iter()
        .map(|mut row: Row| Ok(Taken { id: row.take(0)?, body: row.take(1)?, attempt: row.take(2)? }));
    let mut taken: Vec<Taken> = taken.collect::<Result<_>>()?;
    taken.sort_by_key(|it| it.id);
    Ok(taken)
}

/// It is sent again at `due_at`, or given up without one; unless it was taken again meanwhile.
///
/// # Errors
/// The failure of the database.
pub async fn put_off(tx: &mut Tx, it: &Taken, due_at: Option<Millis>) -> Result<()> {
    tx.run(
        "UPDATE webhook_message SET due_at = $3 WHERE id = $1 AND attempts = $2",
        params![it.id, it.attempt, due_at],
    )
    .await
}

/// The platform has it.
///
/// # Errors
/// The failure of the database.
pub async fn delete(tx: &mut Tx, id: WebhookMessageId) -> Result<()> {
    tx.run("DELETE FROM webhook_message WHERE id = $1", params![id]).await
}

/// Forgets all that was for `webhook`.
///
/// # Errors
/// The failure of the database.
pub async fn delete_of_webhook(tx: &mut Tx, webhook: WebhookId) -> Result<()> {
    tx.run("DELETE FROM webhook_message WHERE webhook_id = $1", params![webhook]).await
}

/// Forgets what nobody was told yet about `subject`.
pub(in crate::store) async fn delete_about(tx: &mut Tx, subject: &[u8]) -> Result<()> {
    tx.run("DELETE FROM webhook_message WHERE subject = $1", params![subject]).await
}

/// Forgets what is older than `before`, sent or not.
///
/// # Errors
/// The failure of the database.
pub async fn delete_older(tx: &mut Tx, before: Millis) -> Result<()> {
    tx.run("DELETE FROM webhook_message WHERE created_at < $1", params![before]).await
}

/// How much waits for each address, and how much was given up.
///
/// # Errors
/// The failure of the database.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(WebhookId, i64, i64)>> {
    let rows = tx
        .all(
            "SELECT webhook_id, COUNT(due_at), COUNT(*) - COUNT(due_at) FROM webhook_message
             GROUP BY webhook_id ORDER BY webhook_id",
            params![],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}
