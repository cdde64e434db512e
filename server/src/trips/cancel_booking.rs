//! Calling a booking off: seats come back and the passenger's stay in the trip's room ends, all in one transaction.

use super::life::{Deed, Step};
use super::part::Part;
use super::{aboard, announce};
use crate::error::{Error, Result};
use crate::rights::Acting;
use crate::store::tables::trip;
use crate::store::{Job, Tx};
use crate::tokens::{Caller, Scope};
use tripchat_protocol::{Booking, BookingId, BookingStatus, Trip};

/// Cancels `booking`.
#[derive(Debug)]
pub struct CancelBooking<B = Caller> {
    /// Who calls it off: its passenger, the driver of the trip, or the platform.
    pub by: B,
    /// Which.
    pub booking: BookingId,
}

impl<B: Acting> Job for CancelBooking<B> {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, booking: id } = self;
        by.may(tx, Scope::BookingsWrite).await?;
        let mut part = Part::take(tx, by, *id, Deed::Cancel).await?;
        announce::rooms(tx, &part.trip).await?;
        let was = part.booking.status;
        let step = part.make(tx, Deed::Cancel).await?;
        let Part { booking, trip, .. } = part;
        if step == Step::Goes && was == BookingStatus::Confirmed {
            give_back(tx, by, &booking, trip).await?;
        }
        Ok(booking)
    }
}

async fn give_back<B: Acting>(tx: &mut Tx, by: &B, booking: &Booking, trip: Trip) -> Result<()> {
    trip::give_seats_back(tx, trip.id, booking.seats).await?;
    let trip =
        trip::by_id(tx, by.tenant(), trip.id).await?.ok_or_else(|| Error::internal("the trip is gone"))?;
    // Who leaves has missed nothing by not being told of the free seats: that comes after their end.
    aboard::go(tx, &trip, booking.passenger).await?;
    announce::announce(tx, &trip).await
}
