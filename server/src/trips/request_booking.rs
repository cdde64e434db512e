//! Asking for seats. The booking's room is made in the same transaction: the two can talk at once.

use super::booked;
use crate::error::{Error, Result};
use crate::rights::{self, Acting};
use crate::store::tables::{booking, trip, users};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::rest::NewBooking;
use tripchat_protocol::{Booking, BookingId, BookingStatus, ErrorCode, Trip, TripId, TripStatus, UserId};
use uuid::Uuid;

/// Digits and letters that are not mistaken for one another on paper or on the phone.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Asks for seats on `trip`.
#[derive(Debug)]
pub struct RequestBooking {
    /// Who asks.
    pub by: Caller,
    /// For which trip.
    pub trip: TripId,
    /// How many seats, from where to where.
    pub wanted: NewBooking,
    /// The booking's id.
    pub id: BookingId,
    /// Where its number is drawn from; several draws, since a number may be taken.
    pub random: [u8; 30],
}

impl Job for RequestBooking {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, trip, wanted, id, random } = self;
        rights::session(tx, by).await?;
        ask(tx, by, Wish { trip: *trip, passenger: by.user, wanted, id: *id, random }).await
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.trip.0)
    }
}

/// Seats that somebody wants.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub trip: TripId,
    pub passenger: UserId,
    pub wanted: &'a NewBooking,
    pub id: BookingId,
    pub random: &'a [u8; 30],
}

/// Asks for seats, inside the transaction of whoever does it for their passenger.
///
/// # Errors
/// `TRIP_NOT_FOUND`, `FORBIDDEN` for the driver, `NOT_NOW`, `SEATS_TAKEN`; `CONFLICT` if they asked for other seats.
pub(super) async fn ask<B: Acting>(tx: &mut Tx, by: &B, wish: Wish<'_>) -> Result<Booking> {
    let Wish { trip, passenger, wanted, id, random } = wish;
    let seats = wanted.seats;
    let trip = trip::by_id(tx, by.tenant(), trip).await?.ok_or(ErrorCode::TripNotFound)?;
    if trip.driver == passenger {
        return Err(Error::refused(ErrorCode::Forbidden, "the driver does not book"));
    }
    if trip.status != TripStatus::Planned {
        return Err(Error::refused(ErrorCode::NotNow, "the trip takes no more bookings"));
    }
    if !(1..=trip.seats).contains(&seats) {
        return Err(Error::invalid("seats"));
    }
    let (pickup, dropoff) = stretch(wanted, &trip)?;
    if let Some(open) = open_booking(tx, trip.id, passenger).await? {
        // A second tap on the button is not a second wish.
        let same = (open.seats, open.pickup, open.dropoff) == (seats, pickup, dropoff);
        return if same { Ok(open) } else { Err(ErrorCode::Conflict.into()) };
    }
    if trip.seats_free < seats {
        return Err(ErrorCode::SeatsTaken.into());
    }
    let passenger_name =
        users::name(tx, passenger).await?.ok_or_else(|| Error::internal("no such account"))?;
    let mut new = Booking {
        id,
        number: String::new(),
        trip: trip.id,
        room: None,
        passenger,
        passenger_name,
        seats,
        pickup,
        dropoff,
        status: BookingStatus::Requested,
        requested_at: tx.now(),
    };
    for draw in random.chunks(6) {
        new.number = number(draw);
        if booking::insert(tx, &new).await? {
            booked::begin(tx, by.author(), &mut new, &trip).await?;
            return Ok(new);
        }
    }
    Err(Error::internal("no free booking number was drawn"))
}

/// Where one gets in and out, by the stops of the trip: nothing for its two ends.
fn stretch(wanted: &NewBooking, trip: &Trip) -> Result<(Option<u16>, Option<u16>)> {
    let last = u16::try_from(trip.stops.len().saturating_sub(1))
        .map_err(|_| Error::internal("more stops than a trip has"))?;
    let (pickup, dropoff) = (wanted.pickup.unwrap_or(0), wanted.dropoff.unwrap_or(last));
    if dropoff > last {
        return Err(Error::invalid("dropoff"));
    }
    if pickup >= dropoff {
        return Err(Error::invalid("pickup"));
    }
    Ok((Some(pickup).filter(|at| *at != 0), Some(dropoff).filter(|at| *at != last)))
}

async fn open_booking(tx: &mut Tx, trip: TripId, passenger: UserId) -> Result<Option<Booking>> {
    let own = booking::of_trip(tx, trip, Some(passenger)).await?;
    let open = |it: &Booking| {
        matches!(it.status, BookingStatus::Requested | BookingStatus::Confirmed | BookingStatus::Boarded)
    };
    Ok(own.into_iter().find(open))
}

/// A number that people can say, such as `B7K-42M`.
fn number(draw: &[u8]) -> String {
    let letters =
        draw.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from));
    let mut number: String = letters.collect();
    if number.len() == 6 {
        number.insert(3, '-');
    }
    number
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_number_can_be_said() {
        assert_eq!(super::number(&[0, 7, 8, 255, 64, 31]), "29A-Z2Z");
    }
}
