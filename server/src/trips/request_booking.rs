//! Asking for seats.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{booking, trip, users};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::{Booking, BookingId, BookingStatus, ErrorCode, TripId, TripStatus};
use uuid::Uuid;

/// Digits and letters that are not mistaken for one another on paper or on the phone.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Asks for `seats` on `trip`.
#[derive(Debug)]
pub struct RequestBooking {
    /// Who asks.
    pub by: Caller,
    /// For which trip.
    pub trip: TripId,
    /// How many.
    pub seats: u16,
    /// The booking's id.
    pub id: BookingId,
    /// Where its number is drawn from; several draws, since a number may be taken.
    pub random: [u8; 30],
}

impl Job for RequestBooking {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, seats, .. } = self;
        rights::session(tx, by).await?;
        let trip = trip::by_id(tx, &by.tenant, self.trip).await?.ok_or(ErrorCode::TripNotFound)?;
        if trip.driver == by.user {
            return Err(Error::refused(ErrorCode::Forbidden, "the driver does not book"));
        }
        if trip.status != TripStatus::Planned {
            return Err(Error::refused(ErrorCode::NotNow, "the trip takes no more bookings"));
        }
        if !(1..=trip.seats).contains(seats) {
            return Err(Error::invalid("seats"));
        }
        if let Some(open) = open_booking(tx, self.trip, by).await? {
            // A second tap on the button is not a second wish.
            return if open.seats == *seats { Ok(open) } else { Err(ErrorCode::Conflict.into()) };
        }
        if trip.seats_free < *seats {
            return Err(ErrorCode::SeatsTaken.into());
        }
        let passenger_name =
            users::name(tx, by.user).await?.ok_or_else(|| Error::internal("no such account"))?;
        let mut new = Booking {
            id: self.id,
            number: String::new(),
            trip: self.trip,
            passenger: by.user,
            passenger_name,
            seats: *seats,
            status: BookingStatus::Requested,
            requested_at: tx.now(),
        };
        for draw in self.random.chunks(6) {
            new.number = number(draw);
            if booking::insert(tx, &new).await? {
                return Ok(new);
            }
        }
        Err(Error::internal("no free booking number was drawn"))
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.trip.0)
    }
}

async fn open_booking(tx: &mut Tx, trip: TripId, by: &Caller) -> Result<Option<Booking>> {
    let own = booking::of_trip(tx, trip, Some(by.user)).await?;
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
