//! Trips and their stops.

use super::super::value::{Row, params};
use super::{meaning, word};
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::{Millis, Money, Stop, Trip, TripId, UserId, Vehicle};

/// Stores a new trip with its stops.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, tenant: &str, trip: &Trip) -> Result<()> {
    let now = tx.now();
    let seats_taken = trip
        .seats
        .checked_sub(trip.seats_free)
        .ok_or_else(|| Error::internal("more seats free than offered"))?;
    let starts_at = trip.stops.first().map(|stop| stop.at);
    tx.run(
        "INSERT INTO trip (id, tenant, room_id, driver_id, status, vehicle_model, vehicle_colour, vehicle_plate,
                           seats, seats_taken, price_minor, currency, luggage_note, starts_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            trip.id,
            tenant,
            trip.room,
            trip.driver,
            word(trip.status)?,
            trip.vehicle.model.as_str(),
            trip.vehicle.colour.as_str(),
            trip.vehicle.plate.as_str(),
            trip.seats,
            seats_taken,
            trip.price.minor,
            trip.price.currency.as_str(),
            trip.luggage_note.as_str(),
            starts_at.unwrap_or(now),
            now,
        ],
    )
    .await?;
    for (position, stop) in (0_i64..).zip(&trip.stops) {
        tx.run(
            "INSERT INTO stop (trip_id, position, place, zone, at) VALUES ($1, $2, $3, $4, $5)",
            params![trip.id, position, stop.place.as_str(), stop.zone.as_str(), stop.at],
        )
        .await?;
    }
    Ok(())
}

/// The trip with this id.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, tenant: &str, id: TripId) -> Result<Option<Trip>> {
    let row = tx
        .one(
            "SELECT trip.id, room_id, driver_id, users.name, status, vehicle_model, vehicle_colour, vehicle_plate,
                    seats, seats_taken, price_minor, currency, luggage_note
             FROM trip JOIN users ON users.id = trip.driver_id
             WHERE trip.id = $1 AND trip.tenant = $2",
            params![id, tenant],
        )
        .await?;
    match row {
        Some(row) => trip(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// Trips that start after `from`, and all that `user` drives or has booked, earliest first, at most `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn list(tx: &mut Tx, tenant: &str, user: UserId, from: Millis, limit: i64) -> Result<Vec<Trip>> {
    let rows = tx
        .all(
            "SELECT trip.id, room_id, driver_id, users.name, status, vehicle_model, vehicle_colour, vehicle_plate,
                    seats, seats_taken, price_minor, currency, luggage_note
             FROM trip JOIN users ON users.id = trip.driver_id
             WHERE trip.tenant = $1
               AND ((trip.starts_at >= $3 AND trip.status = 'planned') OR trip.driver_id = $2
                    OR EXISTS (SELECT 1 FROM booking
                               WHERE booking.trip_id = trip.id AND booking.passenger_id = $2))
             ORDER BY trip.starts_at, trip.id LIMIT $4",
            params![tenant, user, from, limit],
        )
        .await?;
    let mut trips = Vec::with_capacity(rows.len());
    for row in rows {
        trips.push(trip(tx, row).await?);
    }
    Ok(trips)
}

/// Takes `seats` if so many are free; false if not. The row decides, so that the last seat is sold once.
///
/// # Errors
/// The failure of the database.
pub async fn take_seats(tx: &mut Tx, id: TripId, seats: u16) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE trip SET seats_taken = seats_taken + $2
             WHERE id = $1 AND seats_taken + $2 <= seats RETURNING seats_taken",
            params![id, seats],
        )
        .await?;
    Ok(row.is_some())
}

/// Gives `seats` back that were taken.
///
/// # Errors
/// The failure of the database; a constraint if so many were not taken.
pub async fn give_seats_back(tx: &mut Tx, id: TripId, seats: u16) -> Result<()> {
    tx.run("UPDATE trip SET seats_taken = seats_taken - $2 WHERE id = $1", params![id, seats]).await
}

async fn trip(tx: &mut Tx, mut row: Row) -> Result<Trip> {
    let id: TripId = row.take(0)?;
    let stops = tx
        .all("SELECT place, zone, at FROM stop WHERE trip_id = $1 ORDER BY position", params![id])
        .await?
        .into_iter()
        .map(|mut stop| Ok(Stop { place: stop.take(0)?, zone: stop.take(1)?, at: stop.take(2)? }))
        .collect::<Result<_>>()?;
    let seats: u16 = row.take(8)?;
    let taken: u16 = row.take(9)?;
    Ok(Trip {
        id,
        room: row.take(1)?,
        driver: row.take(2)?,
        driver_name: row.take(3)?,
        status: meaning(row.take(4)?)?,
        stops,
        vehicle: Vehicle { model: row.take(5)?, colour: row.take(6)?, plate: row.take(7)? },
        seats,
        seats_free: seats
            .checked_sub(taken)
            .ok_or_else(|| Error::internal("more seats taken than offered"))?,
        price: Money { minor: row.take(10)?, currency: row.take(11)? },
        luggage_note: row.take(12)?,
    })
}
