//! What streams hold, messages aside.

use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Object, Rev, StreamId};

/// Stores `object` as it stands since `rev`.
///
/// # Errors
/// The failure of the database.
pub async fn put(tx: &mut Tx, stream: StreamId, object: &Object, rev: Rev, json: &str) -> Result<()> {
    tx.run(
        "INSERT INTO object (stream_id, kind, id, rev, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (stream_id, kind, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        params![stream.uuid(), object.kind(), object.id(), rev, json],
    )
    .await
}

/// The objects changed after `since`, at most `limit`, in the order of their revs.
///
/// # Errors
/// The failure of the database.
pub async fn after(tx: &mut Tx, stream: StreamId, since: Rev, limit: i64) -> Result<Vec<(Rev, String)>> {
    let rows = tx
        .all(
            "SELECT rev, body FROM object WHERE stream_id = $1 AND rev > $2 ORDER BY rev LIMIT $3",
            params![stream.uuid(), since, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// Every object of a stream, as JSON, in the order of their revs.
///
/// # Errors
/// The failure of the database.
pub async fn all(tx: &mut Tx, stream: StreamId) -> Result<Vec<String>> {
    let rows =
        tx.all("SELECT body FROM object WHERE stream_id = $1 ORDER BY rev", params![stream.uuid()]).await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// One object of a stream, as JSON.
///
/// # Errors
/// The failure of the database.
pub async fn of(tx: &mut Tx, stream: StreamId, kind: &str, id: uuid::Uuid) -> Result<Option<String>> {
    let row = tx
        .one(
            "SELECT body FROM object WHERE stream_id = $1 AND kind = $2 AND id = $3",
            params![stream.uuid(), kind, id],
        )
        .await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Drops what a stream that nobody reads any more holds.
///
/// # Errors
/// The failure of the database.
pub async fn drop_all(tx: &mut Tx, stream: StreamId) -> Result<()> {
    tx.run("DELETE FROM object WHERE stream_id = $1", params![stream.uuid()]).await
}
