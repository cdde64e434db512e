//! Streams: where each stands. They are raised in `store/record.rs` only.

use super::super::value::params;
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::{Epoch, Rev, RoomId, StreamId, UserId};

/// Where a stream stands.
///
/// # Errors
/// If there is no such stream, or the database fails.
pub async fn head(tx: &mut Tx, stream: StreamId) -> Result<(Epoch, Rev)> {
    let row = tx.one("SELECT epoch, head FROM stream WHERE id = $1", params![stream.uuid()]).await?;
    let mut row = row.ok_or_else(|| Error::internal(format!("there is no stream {stream}")))?;
    Ok((row.take(0)?, row.take(1)?))
}

/// Where the rooms stand that `user` is in, newest activity first.
///
/// # Errors
/// The failure of the database.
pub async fn heads_of(tx: &mut Tx, user: UserId) -> Result<Vec<(RoomId, Epoch, Rev)>> {
    let rows = tx
        .all(
            "SELECT stream.id, stream.epoch, stream.head FROM membership
             JOIN stream ON stream.id = membership.room_id
             WHERE membership.user_id = $1 AND membership.to_rev IS NULL
             ORDER BY stream.touched_at DESC, stream.id",
            params![user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}
