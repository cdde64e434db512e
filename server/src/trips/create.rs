//! Offering a trip. Its room is made in the same transaction, with the driver as owner.

use super::check::checked;
use crate::error::{Error, Result};
use crate::rights;
use crate::rooms;
use crate::store::tables::{review, trip, users};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::rest::NewTrip;
use tripchat_protocol::{Object, Role, Room, RoomId, RoomType, StreamId, Trip, TripId, TripStatus, UserId};

/// Offers `trip` with the caller as its driver.
#[derive(Debug)]
pub struct CreateTrip {
    /// Who drives.
    pub by: Caller,
    /// The trip.
    pub trip: NewTrip,
    /// Its id.
    pub id: TripId,
    /// Its room's.
    pub room: RoomId,
}

impl Job for CreateTrip {
    type Out = Trip;

    async fn run(&self, tx: &mut Tx) -> Result<Trip> {
        let Self { by, trip, id, room } = self;
        rights::session(tx, by).await?;
        offer(tx, (&by.tenant, by.user), trip, (*id, *room)).await
    }
}

/// Offers `trip` as driven by somebody of a tenant, with the ids of itself and its room, inside the transaction of
/// whoever does it.
///
/// # Errors
/// `INVALID_INPUT` names the field.
pub(super) async fn offer(
    tx: &mut Tx,
    (tenant, driver): (&str, UserId),
    trip: &NewTrip,
    (id, room): (TripId, RoomId),
) -> Result<Trip> {
    let NewTrip { stops, vehicle, seats, price, luggage_note } = checked(trip, tx.now())?;
    let driver_name = users::name(tx, driver).await?.ok_or_else(|| Error::internal("no such account"))?;
    let driver_rating = review::rating(tx, driver).await?;
    let trip = Trip {
        id,
        room,
        driver,
        driver_name,
        driver_rating,
        status: TripStatus::Planned,
        stops,
        vehicle,
        seats,
        seats_free: seats,
        price,
        luggage_note,
    };
    let new = Room {
        id: room,
        room_type: RoomType::Trip,
        name: None,
        trip: Some(id),
        booking: None,
        created_by: driver,
        created_at: tx.now(),
        is_active: true,
    };
    rooms::open(tx, tenant, new).await?;
    trip::insert(tx, tenant, &trip).await?;
    tx.record(StreamId::Room(room), &Object::Trip(trip.clone())).await?;
    rooms::join(tx, room, driver, Role::Owner).await?;
    tx.tell_trip(&trip).await?;
    Ok(trip)
}
