//! Telling rooms of another name, inside the transaction that gave it.

use crate::error::Result;
use crate::store::Tx;
use crate::store::tables::stay;
use tripchat_protocol::{Member, Object, Standing, StreamId, UserId};

/// Tells every room that `user` is in, in the order of their ids, that they are called `name` now.
///
/// # Errors
/// The failure of the database.
pub async fn renamed(tx: &mut Tx, user: UserId, name: &str) -> Result<()> {
    for (room, stay) in stay::current_rooms_of(tx, user).await? {
        let member =
            Member { user, name: name.into(), role: stay.role, state: Standing::Current, since: stay.since };
        tx.record(StreamId::Room(room), &Object::Member(member)).await?;
    }
    Ok(())
}
