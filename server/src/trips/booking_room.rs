//! The private room of a booking, for its two people.

use super::booked;
use super::part::Part;
use crate::error::Result;
use crate::rights::Acting;
use crate::store::{Job, Tx};
use crate::tokens::{Caller, Scope};
use tripchat_protocol::{Booking, BookingId};
use uuid::Uuid;

/// Finds the room of `booking`; of a booking that an older server made, opens it. The answer names it.
#[derive(Debug)]
pub struct OpenBookingRoom<B = Caller> {
    /// Who asks: its passenger, the driver of the trip, or the platform.
    pub by: B,
    /// Which booking.
    pub booking: BookingId,
}

impl<B: Acting> Job for OpenBookingRoom<B> {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, booking: id } = self;
        by.may(tx, Scope::RoomsRead).await?;
        let Part { mut booking, trip, .. } = Part::find(tx, by, *id).await?;
        booked::room_of(tx, &mut booking, &trip).await?;
        Ok(booking)
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.booking.0)
    }
}
