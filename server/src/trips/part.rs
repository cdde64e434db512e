//! Who has a part in a trip or a booking. Whoever has none is answered as if there were nothing.

use super::booked;
use super::life::{self, Deed, Step, Who};
use crate::error::Result;
use crate::rights::Acting;
use crate::store::Tx;
use crate::store::tables::{booking, trip};
use tripchat_protocol::{Booking, BookingId, ErrorCode, Trip, TripId, UserId};

/// The trip, for its driver and for the platform.
///
/// # Errors
/// `FORBIDDEN` for those who have booked it, `TRIP_NOT_FOUND` for anybody else.
pub(super) async fn driven<B: Acting>(tx: &mut Tx, by: &B, id: TripId) -> Result<Trip> {
    let trip = trip::by_id(tx, by.tenant(), id).await?.ok_or(ErrorCode::TripNotFound)?;
    let Some(person) = by.person().filter(|person| *person != trip.driver) else { return Ok(trip) };
    let booked = !booking::of_trip(tx, id, Some(person)).await?.is_empty();
    Err(if booked { ErrorCode::Forbidden } else { ErrorCode::TripNotFound }.into())
}

/// As whom somebody moves a trip that is [`driven`] by them.
pub(super) fn driving<B: Acting>(by: &B) -> Who {
    by.person().map_or(Who::Platform, |_| Who::Driver)
}

/// A booking in the hands of somebody who has a part in it.
#[derive(Debug)]
pub(super) struct Part {
    pub booking: Booking,
    pub trip: Trip,
    by: UserId,
    who: Who,
}

impl Part {
    /// Finds the booking.
    ///
    /// # Errors
    /// `BOOKING_NOT_FOUND`.
    pub async fn find<B: Acting>(tx: &mut Tx, by: &B, id: BookingId) -> Result<Self> {
        let booking = booking::by_id(tx, id).await?.ok_or(ErrorCode::BookingNotFound)?;
        let trip = trip::by_id(tx, by.tenant(), booking.trip).await?.ok_or(ErrorCode::BookingNotFound)?;
        let who = match by.person() {
            None => Who::Platform,
            Some(person) if person == trip.driver => Who::Driver,
            Some(person) if person == booking.passenger => Who::Passenger,
            _ => return Err(ErrorCode::BookingNotFound.into()),
        };
        Ok(Self { booking, trip, by: by.author(), who })
    }

    /// Takes the booking to do this to it.
    ///
    /// # Errors
    /// `BOOKING_NOT_FOUND`; `FORBIDDEN` for the one of the two whose deed it never is.
    pub async fn take<B: Acting>(tx: &mut Tx, by: &B, id: BookingId, deed: Deed) -> Result<Self> {
        let part = Self::find(tx, by, id).await?;
        if life::may_ask(part.who, deed.to()) { Ok(part) } else { Err(ErrorCode::Forbidden.into()) }
    }

    /// Does it, to the booking alone.
    ///
    /// # Errors
    /// `NOT_NOW`: not as things stand.
    pub async fn make(&mut self, tx: &mut Tx, deed: Deed) -> Result<Step> {
        let (from, to) = (self.booking.status, deed.to());
        let may = deed.is_about(from) && life::moves_booking(self.who, self.trip.status, from, to);
        let step = life::step(&from, &to, may)?;
        if step == Step::Goes {
            booked::turn(tx, self.by, &mut self.booking, &self.trip, to).await?;
        }
        Ok(step)
    }
}
