//! Telling of a trip: in its own room, and in the room of each booking that is open.

use crate::error::Result;
use crate::store::Tx;
use crate::store::tables::booking;
use std::collections::BTreeSet;
use tripchat_protocol::{Object, RoomId, StreamId, Trip};

/// The rooms in which the trip is told of as its bookings stand now, held for this transaction. To be asked before
/// anything is recorded in one of them.
///
/// # Errors
/// The failure of the database.
pub(super) async fn rooms(tx: &mut Tx, trip: &Trip) -> Result<BTreeSet<RoomId>> {
    let rooms = told_in(tx, trip).await?;
    tx.hold(rooms.iter().copied().map(StreamId::Room)).await?;
    Ok(rooms)
}

/// Records the trip as it now stands wherever it is told of.
///
/// # Errors
/// The failure of the database.
pub async fn announce(tx: &mut Tx, trip: &Trip) -> Result<()> {
    let rooms = told_in(tx, trip).await?;
    announce_in(tx, &rooms, trip).await
}

/// Records the trip as it now stands in these rooms: those of bookings that end together with this change learn of it,
/// too.
///
/// # Errors
/// The failure of the database.
pub(super) async fn announce_in(tx: &mut Tx, rooms: &BTreeSet<RoomId>, trip: &Trip) -> Result<()> {
    for room in rooms {
        tx.record(StreamId::Room(*room), &Object::Trip(trip.clone())).await?;
    }
    Ok(())
}

async fn told_in(tx: &mut Tx, trip: &Trip) -> Result<BTreeSet<RoomId>> {
    let mut rooms: BTreeSet<RoomId> = booking::open_rooms(tx, trip.id).await?.into_iter().collect();
    rooms.insert(trip.room);
    Ok(rooms)
}
