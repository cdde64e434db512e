//! Opening a room and beginning a stay, inside the transaction of whoever does it.

use super::membership;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::stay::Current;
use crate::store::tables::{own, room, stay, stream, users};
use std::collections::BTreeSet;
use tripchat_protocol::{Member, Object, Rev, Role, Room, RoomId, Seq, Standing, StreamId, UserId};

/// Opens a room: its row, its stream, and itself as the first object.
///
/// # Errors
/// The failure of the database.
pub async fn open(tx: &mut Tx, tenant: &str, new: Room) -> Result<()> {
    room::insert(tx, tenant, &new).await?;
    let stream = StreamId::Room(new.id);
    tx.open_stream(stream).await?;
    tx.record(stream, &Object::Room(new.clone())).await?;
    tx.tell_room(&new).await
}

/// Lets `user` into a trip's or booking's room, where everything may be read from the beginning. The room learns
/// of the member, the person's inbox of the room; their marks stand where the stay begins.
///
/// # Errors
/// The failure of the database; a constraint if the person is there already.
pub async fn join(tx: &mut Tx, room: RoomId, user: UserId, role: Role) -> Result<()> {
    let name = users::name(tx, user).await?.ok_or_else(|| Error::internal("a member without an account"))?;
    let (_, head) = stream::head(tx, StreamId::Room(room)).await?;
    let since = head.next();
    stay::begin(tx, room, user, Current { role, from_rev: Rev(1), since }).await?;
    let member = Member { user, name, role, state: Standing::Current, since };
    if tx.record(StreamId::Room(room), &Object::Member(member)).await? != since {
        return Err(Error::internal("a stay began at another change than its own"));
    }
    own::begin(tx, room, user, Seq(since.0)).await?;
    membership::record(tx, room, user).await?;
    tx.record_marks(room, &BTreeSet::from([user])).await
}
