//! The stays of people in rooms: who may see what.

use super::super::value::{Row, params};
use super::{meaning, word};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Member, Rev, Role, RoomId, Seq, Standing, UserId};

/// A stay that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Current {
    /// What the person may do.
    pub role: Role,
    /// The first rev that may be read.
    pub from_rev: Rev,
    /// The change of the room with which it began.
    pub since: Rev,
}

/// How a person stands to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// In the room.
    Current(Current),
    /// Was there once; the last rev that may be read.
    Former(Rev),
    /// Never was.
    Stranger,
}

/// What may be read of a room: both ends included, the last one open while the stay goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The first rev.
    pub from_rev: Rev,
    /// The last rev.
    pub to_rev: Option<Rev>,
}

impl Interval {
    /// Whether the message made at `seq` lies in it.
    #[must_use]
    pub fn holds(self, seq: Seq) -> bool {
        seq.0 >= self.from_rev.0 && self.to_rev.is_none_or(|to_rev| seq.0 <= to_rev.0)
    }
}

/// Begins a stay.
///
/// # Errors
/// The failure of the database; a constraint if the person is in the room already.
pub async fn begin(tx: &mut Tx, room: RoomId, user: UserId, stay: Current) -> Result<()> {
    let now = tx.now();
    tx.run(
        "INSERT INTO stay (room_id, user_id, number, role, from_rev, to_rev, since, joined_at)
         VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM stay WHERE room_id = $1 AND user_id = $2),
                 $3, $4, NULL, $5, $6)",
        params![room, user, word(stay.role)?, stay.from_rev, stay.since, now],
    )
    .await
}

/// Ends the stay of a person that goes on.
///
/// # Errors
/// The failure of the database.
pub async fn end(tx: &mut Tx, room: RoomId, user: UserId, to_rev: Rev) -> Result<()> {
    tx.run(
        "UPDATE stay SET to_rev = $3 WHERE room_id = $1 AND user_id = $2 AND to_rev IS NULL",
        params![room, user, to_rev],
    )
    .await
}

/// How `user` stands to `room`.
///
/// # Errors
/// The failure of the database.
pub async fn of(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Stay> {
    let row = tx
        .one(
            "SELECT role, from_rev, since, to_rev FROM stay WHERE room_id = $1 AND user_id = $2
             ORDER BY number DESC LIMIT 1",
            params![room, user],
        )
        .await?;
    let Some(mut row) = row else { return Ok(Stay::Stranger) };
    match row.take(3)? {
        Some(to_rev) => Ok(Stay::Former(to_rev)),
        None => current(&mut row).map(Stay::Current),
    }
}

fn current(row: &mut Row) -> Result<Current> {
    Ok(Current { role: meaning(row.take(0)?)?, from_rev: row.take(1)?, since: row.take(2)? })
}

/// What `user` may read of `room`, stay by stay.
///
/// # Errors
/// The failure of the database.
pub async fn intervals(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Vec<Interval>> {
    let rows = tx
        .all(
            "SELECT from_rev, to_rev FROM stay WHERE room_id = $1 AND user_id = $2 ORDER BY number",
            params![room, user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok(Interval { from_rev: row.take(0)?, to_rev: row.take(1)? })).collect()
}

/// Who is in the room now.
///
/// # Errors
/// The failure of the database.
pub async fn current_of(tx: &mut Tx, room: RoomId) -> Result<Vec<UserId>> {
    let rows = tx
        .all("SELECT user_id FROM stay WHERE room_id = $1 AND to_rev IS NULL ORDER BY user_id", params![room])
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Who is in the room now, with their names, whoever came first before the others.
///
/// # Errors
/// The failure of the database.
pub async fn members_of(tx: &mut Tx, room: RoomId) -> Result<Vec<Member>> {
    let rows = tx
        .all(
            "SELECT role, from_rev, since, user_id, name FROM stay JOIN users ON users.id = stay.user_id
             WHERE room_id = $1 AND to_rev IS NULL ORDER BY since",
            params![room],
        )
        .await?;
    let member = |mut row: Row| {
        let Current { role, since, .. } = current(&mut row)?;
        Ok(Member { user: row.take(3)?, name: row.take(4)?, role, state: Standing::Current, since })
    };
    rows.into_iter().map(member).collect()
}

/// The rooms that `user` is in now, each with the stay.
///
/// # Errors
/// The failure of the database.
pub async fn current_rooms_of(tx: &mut Tx, user: UserId) -> Result<Vec<(RoomId, Current)>> {
    let rows = tx
        .all(
            "SELECT role, from_rev, since, room_id FROM stay WHERE user_id = $1 AND to_rev IS NULL
             ORDER BY room_id",
            params![user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(3)?, current(&mut row)?))).collect()
}

/// Everybody in the rooms that `user` is in now, the person included.
///
/// # Errors
/// The failure of the database.
pub async fn shared_with(tx: &mut Tx, user: UserId) -> Result<Vec<(RoomId, UserId)>> {
    let rows = tx
        .all(
            "SELECT theirs.room_id, theirs.user_id FROM stay AS mine
             JOIN stay AS theirs ON theirs.room_id = mine.room_id AND theirs.to_rev IS NULL
             WHERE mine.user_id = $1 AND mine.to_rev IS NULL",
            params![user],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

/// Every room that `user` is or was in, in the order of their ids.
///
/// # Errors
/// The failure of the database.
pub async fn rooms_of(tx: &mut Tx, user: UserId) -> Result<Vec<RoomId>> {
    let rows = tx
        .all("SELECT DISTINCT room_id FROM stay WHERE user_id = $1 ORDER BY room_id", params![user])
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Who was in `room` and is there no more.
///
/// # Errors
/// The failure of the database.
pub async fn former_of(tx: &mut Tx, room: RoomId) -> Result<Vec<UserId>> {
    let rows = tx
        .all(
            "SELECT DISTINCT user_id FROM stay WHERE room_id = $1 AND user_id NOT IN
             (SELECT user_id FROM stay WHERE room_id = $1 AND to_rev IS NULL) ORDER BY user_id",
            params![room],
        )
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}
