//! Asking for seats for the person who rides.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::users;
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service};
use crate::trips::request_booking::{Wish, ask};
use tripchat_protocol::platform::NewPlatformBooking;
use tripchat_protocol::rest::NewBooking;
use tripchat_protocol::{Booking, BookingId, ErrorCode, TripId};
use uuid::Uuid;

/// Asks for seats on `trip` for a person of the tenant.
#[derive(Debug)]
pub struct BookFor {
    /// The platform.
    pub by: Service,
    /// For which trip.
    pub trip: TripId,
    /// Who rides, and on how many seats.
    pub booking: NewPlatformBooking,
    /// The booking's id.
    pub id: BookingId,
    /// Where its number is drawn from.
    pub random: [u8; 30],
}

impl Job for BookFor {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, trip, booking, id, random } = self;
        let NewPlatformBooking { passenger, seats, pickup, dropoff } = booking;
        rights::service(tx, by, Scope::BookingsWrite).await?;
        if users::name_in(tx, &by.tenant, *passenger).await?.is_none() {
            return Err(Error::refused(ErrorCode::InvalidInput, "passenger: no such person"));
        }
        let wanted = NewBooking { seats: *seats, pickup: *pickup, dropoff: *dropoff };
        let wish = Wish { trip: *trip, passenger: *passenger, wanted: &wanted, id: *id, random };
        ask(tx, by, wish).await
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.trip.0)
    }
}
