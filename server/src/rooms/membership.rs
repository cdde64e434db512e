//! A room in the inbox of a person: always written whole, from what the database has.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::stay::Stay;
use crate::store::tables::{own, room, stay};
use tripchat_protocol::{Membership, Object, Rev, RoomId, Standing, StreamId, UserId};

/// Records in the inbox of `user`, who is in `room`, how they stand to it; gives the change's number there.
///
/// # Errors
/// The failure of the database, or a defect: the person is not in the room.
pub async fn record(tx: &mut Tx, room: RoomId, user: UserId) -> Result<Rev> {
    let Stay::Current(stay) = stay::of(tx, room, user).await? else {
        return Err(Error::internal("a membership without a stay"));
    };
    let it = room::by_id(tx, room).await?.ok_or_else(|| Error::internal("a stay without a room"))?;
    let membership = Membership {
        room,
        room_type: it.room_type,
        role: stay.role,
        state: Standing::Current,
        from_rev: stay.from_rev,
        to_rev: None,
        own: own::settings(tx, room, user).await?,
        kept: None,
    };
    tx.record(StreamId::User(user), &Object::Membership(membership)).await
}
