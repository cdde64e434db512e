//! Ending a stay, inside the transaction of whoever ends it.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::stay::Stay;
use crate::store::tables::{own, room, stay, users};
use std::collections::BTreeSet;
use tripchat_protocol::{Kept, Member, Membership, Object, RoomId, Standing, StreamId, Trip, UserId};

/// Ends the stay of `user` in `room`, if one goes on. The last that they may read is that they went; their inbox
/// keeps the room and its `trip` as they were then, for what comes after is no longer theirs. Whether one ended.
///
/// # Errors
/// The failure of the database.
pub async fn leave(tx: &mut Tx, room: RoomId, user: UserId, trip: Option<Trip>) -> Result<bool> {
    let Stay::Current(stay) = stay::of(tx, room, user).await? else { return Ok(false) };
    let name = users::name(tx, user).await?.ok_or_else(|| Error::internal("a member without an account"))?;
    let member = Member { user, name, role: stay.role, state: Standing::Ended, since: stay.since };
    let to_rev = tx.record(StreamId::Room(room), &Object::Member(member)).await?;
    stay::end(tx, room, user, to_rev).await?;
    let it = room::by_id(tx, room).await?.ok_or_else(|| Error::internal("a stay without a room"))?;
    let membership = Membership {
        room,
        room_type: it.room_type,
        role: stay.role,
        state: Standing::Ended,
        from_rev: stay.from_rev,
        to_rev: Some(to_rev),
        own: own::settings(tx, room, user).await?,
        kept: Some(Kept { room: it, trip }),
    };
    tx.record(StreamId::User(user), &Object::Membership(membership)).await?;
    // Theirs are no longer among the marks of the room.
    tx.record_marks(room, &BTreeSet::new()).await?;
    Ok(true)
}
