//! Bookings.

use super::super::value::{Row, params};
use super::{meaning, word};
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::limits::REQUEST_MS;
use tripchat_protocol::{Booking, BookingId, BookingStatus, RoomId, TripId, UserId};

/// The columns that [`booking`] reads, and where they are; the rest of the statement follows.
macro_rules! bookings {
    ($rest:literal) => {
        concat!(
            "SELECT booking.id, number, booking.trip_id, room.id, passenger_id, users.name, seats, status, requested_at,
                    pickup, dropoff
             FROM booking JOIN users ON users.id = booking.passenger_id
             LEFT JOIN room ON room.booking_id = booking.id ",
            $rest
        )
    };
}

/// Stores a new booking; false if its number is taken or the person has an open one for the trip.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, booking: &Booking) -> Result<bool> {
    let row = tx
        .one(
            "INSERT INTO booking (id, number, trip_id, passenger_id, seats, status, requested_at, pickup, dropoff)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING requested_at",
            params![
                booking.id,
                booking.number.as_str(),
                booking.trip,
                booking.passenger,
                booking.seats,
                word(booking.status)?,
                booking.requested_at,
                booking.pickup,
                booking.dropoff,
            ],
        )
        .await?;
    Ok(row.is_some())
}

/// The booking with this id.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, id: BookingId) -> Result<Option<Booking>> {
    let row = tx.one(bookings!("WHERE booking.id = $1"), params![id]).await?;
    row.map(booking).transpose()
}

/// The booking with this number.
///
/// # Errors
/// The failure of the database.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Booking>> {
    let row = tx.one("SELECT id FROM booking WHERE number = $1", params![number]).await?;
    match row {
        Some(mut row) => by_id(tx, row.take(0)?).await,
        None => Ok(None),
    }
}

/// The bookings of a trip, oldest first; only those of `passenger` if one is given.
///
/// # Errors
/// The failure of the database.
pub async fn of_trip(tx: &mut Tx, trip: TripId, passenger: Option<UserId>) -> Result<Vec<Booking>> {
    let rows = match passenger {
        None => {
            tx.all(bookings!("WHERE booking.trip_id = $1 ORDER BY requested_at, booking.id"), params![trip])
                .await?
        }
        Some(passenger) => {
            tx.all(
                bookings!(
                    "WHERE booking.trip_id = $1 AND passenger_id = $2 ORDER BY requested_at, booking.id"
                ),
                params![trip, passenger],
            )
            .await?
        }
    };
    rows.into_iter().map(booking).collect()
}

/// The bookings of a person, newest first, at most `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn of_passenger(tx: &mut Tx, passenger: UserId, limit: i64) -> Result<Vec<Booking>> {
    let rows = tx
        .all(
            bookings!("WHERE passenger_id = $1 ORDER BY requested_at DESC, booking.id DESC LIMIT $2"),
            params![passenger, limit],
        )
        .await?;
    rows.into_iter().map(booking).collect()
}

/// Moves a booking from one status to another; false if it was no longer in the first.
///
/// # Errors
/// The failure of the database.
pub async fn advance(tx: &mut Tx, id: BookingId, from: BookingStatus, to: BookingStatus) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE booking SET status = $3 WHERE id = $1 AND status = $2 RETURNING seats",
            params![id, word(from)?, word(to)?],
        )
        .await?;
    Ok(row.is_some())
}

/// The rooms of the bookings of a trip that are open: requested, confirmed or boarded.
///
/// # Errors
/// The failure of the database.
pub async fn open_rooms(tx: &mut Tx, trip: TripId) -> Result<Vec<RoomId>> {
    let rows = tx
        .all(
            "SELECT room.id FROM booking JOIN room ON room.booking_id = booking.id
             WHERE booking.trip_id = $1 AND status IN ('requested', 'confirmed', 'boarded')",
            params![trip],
        )
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Whether somebody whose booking is open gets in or out at a stop on the way.
///
/// # Errors
/// The failure of the database.
pub async fn names_stops(tx: &mut Tx, trip: TripId) -> Result<bool> {
    let row = tx
        .one(
            "SELECT 1 FROM booking
             WHERE trip_id = $1 AND status IN ('requested', 'confirmed', 'boarded')
               AND (pickup IS NOT NULL OR dropoff IS NOT NULL) LIMIT 1",
            params![trip],
        )
        .await?;
    Ok(row.is_some())
}

/// Requests whose time is over, at most `limit`, those that were made first.
///
/// # Errors
/// The failure of the database.
pub async fn overdue(tx: &mut Tx, limit: i64) -> Result<Vec<BookingId>> {
    let now = tx.now();
    let rows = tx
        .all(
            "SELECT booking.id FROM booking JOIN trip ON trip.id = booking.trip_id
             WHERE booking.status = 'requested' AND (booking.requested_at <= $1 OR trip.starts_at <= $2)
             ORDER BY booking.requested_at, booking.id LIMIT $3",
            params![now - REQUEST_MS, now, limit],
        )
        .await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Whether a booking is a request whose time is over.
///
/// # Errors
/// The failure of the database.
pub async fn is_overdue(tx: &mut Tx, id: BookingId) -> Result<bool> {
    let now = tx.now();
    let row = tx
        .one(
            "SELECT 1 FROM booking JOIN trip ON trip.id = booking.trip_id
             WHERE booking.id = $1 AND booking.status = 'requested'
               AND (booking.requested_at <= $2 OR trip.starts_at <= $3)",
            params![id, now - REQUEST_MS, now],
        )
        .await?;
    Ok(row.is_some())
}

fn booking(mut row: Row) -> Result<Booking> {
    Ok(Booking {
        id: row.take(0)?,
        number: row.take(1)?,
        trip: row.take(2)?,
        room: row.take(3)?,
        passenger: row.take(4)?,
        passenger_name: row.take(5)?,
        seats: row.take(6)?,
        status: meaning(row.take(7)?)?,
        requested_at: row.take(8)?,
        pickup: row.take(9)?,
        dropoff: row.take(10)?,
    })
}
