//! The driver agrees: seats are taken and the passenger enters the trip's room, all in one transaction.

use super::life::{Deed, Step};
use super::part::Part;
use super::{aboard, announce};
use crate::error::{Error, Result};
use crate::rights::Acting;
use crate::store::tables::trip;
use crate::store::{Job, Tx};
use crate::tokens::{Caller, Scope};
use tripchat_protocol::{Booking, BookingId, ErrorCode};

/// Confirms `booking`.
#[derive(Debug)]
pub struct ConfirmBooking<B = Caller> {
    /// Who agrees; must be the driver, or the platform for them.
    pub by: B,
    /// Which.
    pub booking: BookingId,
}

impl<B: Acting> Job for ConfirmBooking<B> {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, booking: id } = self;
        by.may(tx, Scope::BookingsWrite).await?;
        let mut part = Part::take(tx, by, *id, Deed::Confirm).await?;
        announce::rooms(tx, &part.trip).await?;
        if part.make(tx, Deed::Confirm).await? == Step::Stands {
            return Ok(part.booking);
        }
        let Part { booking, trip, .. } = part;
        if !trip::take_seats(tx, trip.id, booking.seats).await? {
            return Err(ErrorCode::SeatsTaken.into());
        }
        let trip = trip::by_id(tx, by.tenant(), trip.id)
            .await?
            .ok_or_else(|| Error::internal("the trip is gone"))?;
        announce::announce(tx, &trip).await?;
        aboard::come_in(tx, &trip, booking.passenger).await?;
        Ok(booking)
    }
}
