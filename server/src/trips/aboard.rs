//! Coming into the room of a trip and leaving it; those who are there can read that somebody did.

use crate::error::Result;
use crate::messages;
use crate::rooms;
use crate::store::Tx;
use tripchat_protocol::{MessageId, Role, System, Trip, UserId};

/// Lets `passenger` into the room of `trip`.
///
/// # Errors
/// The failure of the database; a constraint if they are there already.
pub(super) async fn come_in(tx: &mut Tx, trip: &Trip, passenger: UserId) -> Result<()> {
    rooms::join(tx, trip.room, passenger, Role::Member).await?;
    say(tx, trip, passenger, System::Joined).await
}

/// Ends the stay of `passenger` in the room of `trip`, if one goes on. That they left is no longer theirs to read.
///
/// # Errors
/// The failure of the database.
pub(super) async fn go(tx: &mut Tx, trip: &Trip, passenger: UserId) -> Result<()> {
    if rooms::leave(tx, trip.room, passenger, Some(trip.clone())).await? {
        say(tx, trip, passenger, System::Left).await?;
    }
    Ok(())
}

async fn say(tx: &mut Tx, trip: &Trip, who: UserId, said: System) -> Result<()> {
    let id = MessageId(tx.new_id());
    messages::say(tx, trip.room, who, id, said).await.map(drop)
}
