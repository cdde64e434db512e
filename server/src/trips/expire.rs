//! Requests that nobody answered in time: they end a day after they were made, or when the trip leaves.

use super::life::{self, Who};
use super::{announce, booked};
use crate::error::{Error, Result};
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use tripchat_protocol::{BookingId, BookingStatus};

/// Requests in one turn.
const LIMIT: i64 = 1_000;

/// Finds requests whose time is over, those that were made first.
#[derive(Debug)]
pub struct FindOverdue;

impl Job for FindOverdue {
    type Out = Vec<BookingId>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<BookingId>> {
        booking::overdue(tx, LIMIT).await
    }
}

/// Ends `booking` if its time is over still: another node may have come first, or the driver.
#[derive(Debug)]
pub struct ExpireRequest {
    /// Which.
    pub booking: BookingId,
}

impl Job for ExpireRequest {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        if !booking::is_overdue(tx, self.booking).await? {
            return Ok(());
        }
        let lost = || Error::internal("a booking without a trip");
        let Some(mut booking) = booking::by_id(tx, self.booking).await? else { return Ok(()) };
        let tenant = trip::tenant(tx, booking.trip).await?.ok_or_else(lost)?;
        let trip = trip::by_id(tx, &tenant, booking.trip).await?.ok_or_else(lost)?;
        if !life::moves_booking(Who::Server, trip.status, booking.status, BookingStatus::Expired) {
            return Ok(());
        }
        announce::rooms(tx, &trip).await?;
        booked::turn(tx, trip.driver, &mut booking, &trip, BookingStatus::Expired).await
    }
}
