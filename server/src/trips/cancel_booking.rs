//! Calling a booking off: seats come back and the passenger's stay in the trip's room ends, all in one transaction.

use crate::error::{Error, Result};
use crate::rights;
use crate::rooms;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::{Booking, BookingId, BookingStatus, ErrorCode, Object, StreamId, Trip};

/// Cancels `booking`.
#[derive(Debug)]
pub struct CancelBooking {
    /// Who calls it off: its passenger or the driver of the trip.
    pub by: Caller,
    /// Which.
    pub booking: BookingId,
}

impl Job for CancelBooking {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, booking: id } = self;
        rights::session(tx, by).await?;
        let mut booking = booking::by_id(tx, *id).await?.ok_or(ErrorCode::BookingNotFound)?;
        let trip = trip::by_id(tx, &by.tenant, booking.trip).await?.ok_or(ErrorCode::BookingNotFound)?;
        if ![booking.passenger, trip.driver].contains(&by.user) {
            // A foreign booking is answered like one that is not there.
            return Err(ErrorCode::BookingNotFound.into());
        }
        let was = booking.status;
        match was {
            BookingStatus::Cancelled => return Ok(booking),
            BookingStatus::Requested | BookingStatus::Confirmed => {}
            _ => return Err(ErrorCode::Conflict.into()),
        }
        if !booking::advance(tx, *id, was, BookingStatus::Cancelled).await? {
            return Err(ErrorCode::Conflict.into());
        }
        booking.status = BookingStatus::Cancelled;
        if was == BookingStatus::Confirmed {
            give_back(tx, by, &booking, trip).await?;
        }
        Ok(booking)
    }
}

async fn give_back(tx: &mut Tx, by: &Caller, booking: &Booking, trip: Trip) -> Result<()> {
    trip::give_seats_back(tx, trip.id, booking.seats).await?;
    let trip =
        trip::by_id(tx, &by.tenant, trip.id).await?.ok_or_else(|| Error::internal("the trip is gone"))?;
    // Who leaves has missed nothing by not being told of the free seats: that comes after their end.
    rooms::leave(tx, trip.room, booking.passenger, Some(trip.clone())).await?;
    tx.record(StreamId::Room(trip.room), &Object::Trip(trip)).await?;
    Ok(())
}
