//! Looking at the bookings of a trip: the driver sees all, anyone else only their own.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::{Booking, ErrorCode, TripId};

/// Lists them.
#[derive(Debug)]
pub struct ListBookings {
    /// For whom.
    pub by: Caller,
    /// Of which trip.
    pub trip: TripId,
}

impl Job for ListBookings {
    type Out = Vec<Booking>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Booking>> {
        rights::session(tx, &self.by).await?;
        let trip = trip::by_id(tx, &self.by.tenant, self.trip).await?.ok_or(ErrorCode::TripNotFound)?;
        let only = (trip.driver != self.by.user).then_some(self.by.user);
        booking::of_trip(tx, self.trip, only).await
    }
}
