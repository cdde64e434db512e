//! The driver agrees: seats are taken and the passenger enters the trip's room, all in one transaction.

use crate::error::{Error, Result};
use crate::rights;
use crate::rooms;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::{Booking, BookingId, BookingStatus, ErrorCode, Object, Role, StreamId};

/// Confirms `booking`.
#[derive(Debug)]
pub struct ConfirmBooking {
    /// Who agrees; must be the driver.
    pub by: Caller,
    /// Which.
    pub booking: BookingId,
}

impl Job for ConfirmBooking {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, booking: id } = self;
        rights::session(tx, by).await?;
        let mut booking = booking::by_id(tx, *id).await?.ok_or(ErrorCode::BookingNotFound)?;
        let trip = trip::by_id(tx, &by.tenant, booking.trip).await?.ok_or(ErrorCode::BookingNotFound)?;
        if trip.driver != by.user {
            // A foreign booking is answered like one that is not there, but to its own passenger.
            let own = booking.passenger == by.user;
            return Err(if own { ErrorCode::Forbidden } else { ErrorCode::BookingNotFound }.into());
        }
        if booking.status == BookingStatus::Confirmed {
            return Ok(booking);
        }
        if !booking::advance(tx, *id, BookingStatus::Requested, BookingStatus::Confirmed).await? {
            return Err(ErrorCode::Conflict.into());
        }
        if !trip::take_seats(tx, trip.id, booking.seats).await? {
            return Err(ErrorCode::SeatsTaken.into());
        }
        let trip =
            trip::by_id(tx, &by.tenant, trip.id).await?.ok_or_else(|| Error::internal("the trip is gone"))?;
        let room = trip.room;
        tx.record(StreamId::Room(room), &Object::Trip(trip)).await?;
        rooms::join(tx, room, booking.passenger, Role::Member).await?;
        booking.status = BookingStatus::Confirmed;
        Ok(booking)
    }
}
