//! Opening a room and beginning a stay, inside the transaction of whoever does it.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::{room, stream, users};
use tripchat_protocol::{
    Member, Membership, Object, Own, Rev, Role, Room, RoomId, RoomType, Standing, StreamId, UserId,
};

/// Opens a room: its row, its stream, and itself as the first object.
///
/// # Errors
/// The failure of the database.
pub async fn open(tx: &mut Tx, tenant: &str, new: Room) -> Result<()> {
    room::insert(tx, tenant, &new).await?;
    let stream = StreamId::Room(new.id);
    tx.open_stream(stream).await?;
    tx.record(stream, &Object::Room(new)).await.map(drop)
}

/// Lets `user` into a trip's or booking's room, where everything may be read from the beginning. The room learns
/// of the member, the person's inbox of the room.
///
/// # Errors
/// The failure of the database; a constraint if the person is there already.
pub async fn join(tx: &mut Tx, room: RoomId, room_type: RoomType, user: UserId, role: Role) -> Result<()> {
    let from_rev = Rev(1);
    room::begin_stay(tx, room, user, role, from_rev).await?;
    let name = users::name(tx, user).await?.ok_or_else(|| Error::internal("a member without an account"))?;
    let (_, head) = stream::head(tx, StreamId::Room(room)).await?;
    let member = Member { user, name, role, state: Standing::Current, since: head.next() };
    tx.record(StreamId::Room(room), &Object::Member(member)).await?;
    let membership = Membership {
        room,
        room_type,
        role,
        state: Standing::Current,
        from_rev,
        to_rev: None,
        own: Own::default(),
        kept: None,
    };
    tx.record(StreamId::User(user), &Object::Membership(membership)).await.map(drop)
}
