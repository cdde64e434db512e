//! Streams: where each stands. They are raised in `store/record.rs` only.

use super::super::value::{Row, params};
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::{Epoch, MarksNo, Rev, RoomId, StreamId, UserId};

/// Where a stream stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its epoch.
    pub epoch: Epoch,
    /// Its last change.
    pub head: Rev,
    /// The number of a room's marks.
    pub marks: MarksNo,
    /// The rev at which a room's members changed last.
    pub members_rev: Rev,
}

/// Where a stream stands; `None` if there is none.
///
/// # Errors
/// The failure of the database.
pub async fn standing(tx: &mut Tx, stream: StreamId) -> Result<Option<Standing>> {
    let row = tx
        .one("SELECT epoch, head, marks, members_rev FROM stream WHERE id = $1", params![stream.uuid()])
        .await?;
    row.map(|mut row| from_row(&mut row)).transpose()
}

/// Epoch and last change of a stream.
///
/// # Errors
/// If there is no such stream, or the database fails.
pub async fn head(tx: &mut Tx, stream: StreamId) -> Result<(Epoch, Rev)> {
    let found = standing(tx, stream).await?;
    let found = found.ok_or_else(|| Error::internal(format!("there is no stream {stream}")))?;
    Ok((found.epoch, found.head))
}

/// Where the rooms stand that `user` is in, newest activity first.
///
/// # Errors
/// The failure of the database.
pub async fn heads_of(tx: &mut Tx, user: UserId) -> Result<Vec<(RoomId, Standing)>> {
    let rows = tx
        .all(
            "SELECT stream.epoch, stream.head, stream.marks, stream.members_rev, stream.id FROM stay
             JOIN stream ON stream.id = stay.room_id
             WHERE stay.user_id = $1 AND stay.to_rev IS NULL
             ORDER BY stream.touched_at DESC, stream.id",
            params![user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(4)?, from_row(&mut row)?))).collect()
}

fn from_row(row: &mut Row) -> Result<Standing> {
    Ok(Standing { epoch: row.take(0)?, head: row.take(1)?, marks: row.take(2)?, members_rev: row.take(3)? })
}
