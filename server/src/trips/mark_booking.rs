//! What the driver notes of a booking: declined, boarded, let out again, not come.

use super::life::{Deed, Step};
use super::part::Part;
use super::{aboard, announce};
use crate::error::Result;
use crate::rights::Acting;
use crate::store::{Job, Tx};
use crate::tokens::{Caller, Scope};
use tripchat_protocol::{Booking, BookingId};

/// Notes that `deed` was done to `booking`: one that neither takes seats nor gives them back.
#[derive(Debug)]
pub struct MarkBooking<B = Caller> {
    /// Who notes it; must be the driver, or the platform.
    pub by: B,
    /// Which.
    pub booking: BookingId,
    /// What.
    pub deed: Deed,
}

impl<B: Acting> Job for MarkBooking<B> {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, booking: id, deed } = self;
        by.may(tx, Scope::BookingsWrite).await?;
        let mut part = Part::take(tx, by, *id, *deed).await?;
        announce::rooms(tx, &part.trip).await?;
        let step = part.make(tx, *deed).await?;
        let Part { booking, trip, .. } = part;
        if step == Step::Goes && *deed == Deed::NoShow {
            // The seat stays theirs, but the ride goes on without them.
            aboard::go(tx, &trip, booking.passenger).await?;
        }
        Ok(booking)
    }
}
