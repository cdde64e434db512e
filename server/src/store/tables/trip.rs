//! Trips.

use super::super::value::{Row, params};
use super::{meaning, stop, word};
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::{Millis, Money, Rating, RoomId, Stop, Trip, TripId, TripStatus, UserId, Vehicle};

/// The columns that [`trip`] reads, and where they are; more joins and the rest of the statement follow.
macro_rules! trips {
    ($rest:literal) => {
        concat!(
            "SELECT trip.id, room_id, driver_id, users.name, status, vehicle_model, vehicle_colour, vehicle_plate,
                    seats, seats_taken, price_minor, currency, luggage_note,
                    (SELECT COUNT(*) FROM review WHERE review.subject_id = trip.driver_id),
                    (SELECT CAST(COALESCE(SUM(review.stars), 0) AS BIGINT) FROM review
                     WHERE review.subject_id = trip.driver_id)
             FROM trip JOIN users ON users.id = trip.driver_id ",
            $rest
        )
    };
}

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
            trip.stops.first().map_or(now, |stop| stop.at),
            now,
        ],
    )
    .await?;
    stop::insert(tx, trip.id, &trip.stops).await
}

/// The trip with this id.
///
/// # Errors
/// The failure of the database.
pub async fn by_id(tx: &mut Tx, tenant: &str, id: TripId) -> Result<Option<Trip>> {
    let row = tx.one(trips!("WHERE trip.id = $1 AND trip.tenant = $2"), params![id, tenant]).await?;
    match row {
        Some(row) => trip(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// Whose trip it is; `None` if there is no such trip.
///
/// # Errors
/// The failure of the database.
pub async fn tenant(tx: &mut Tx, id: TripId) -> Result<Option<String>> {
    let row = tx.one("SELECT tenant FROM trip WHERE id = $1", params![id]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Trips that start after `from`, and all that `user` drives or has booked, earliest first, at most `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn list(tx: &mut Tx, tenant: &str, user: UserId, from: Millis, limit: i64) -> Result<Vec<Trip>> {
    let rows = tx
        .all(
            trips!(
                "WHERE trip.tenant = $1
                   AND ((trip.starts_at >= $3 AND trip.status = 'planned') OR trip.driver_id = $2
                        OR EXISTS (SELECT 1 FROM booking
                                   WHERE booking.trip_id = trip.id AND booking.passenger_id = $2))
                 ORDER BY trip.starts_at, trip.id LIMIT $4"
            ),
            params![tenant, user, from, limit],
        )
        .await?;
    all(tx, rows).await
}

/// Trips of the tenant after this one in the order of their making, at most `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn after(tx: &mut Tx, tenant: &str, after: TripId, limit: i64) -> Result<Vec<Trip>> {
    let rows = tx
        .all(
            trips!("WHERE trip.tenant = $1 AND trip.id > $2 ORDER BY trip.id LIMIT $3"),
            params![tenant, after, limit],
        )
        .await?;
    all(tx, rows).await
}

/// The trip that the tenant's platform calls so.
///
/// # Errors
/// The failure of the database.
pub async fn by_reference(tx: &mut Tx, tenant: &str, reference: &str) -> Result<Option<Trip>> {
    let rows = trips!("WHERE trip.tenant = $1 AND trip.reference = $2");
    match tx.one(rows, params![tenant, reference]).await? {
        Some(row) => trip(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// What the platform calls a trip.
///
/// # Errors
/// The failure of the database.
pub async fn reference(tx: &mut Tx, id: TripId) -> Result<Option<String>> {
    let row = tx.one("SELECT reference FROM trip WHERE id = $1", params![id]).await?;
    row.map_or(Ok(None), |mut row| row.take(0))
}

/// Notes what the platform calls a trip.
///
/// # Errors
/// The failure of the database; a constraint if another trip of the tenant is called so.
pub async fn refer(tx: &mut Tx, id: TripId, reference: &str) -> Result<()> {
    tx.run("UPDATE trip SET reference = $2 WHERE id = $1", params![id, reference]).await
}

/// Which trips are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The beginnings of the words of a stop, in their order; not the last one. Without words: the first stop.
    pub from: &'a str,
    /// Those of a stop after it; without words: any.
    pub to: &'a str,
    /// It leaves the stop at `from` then or later.
    pub after: Millis,
    /// And not later than this.
    pub before: Millis,
}

/// Planned trips as `wanted`, earliest at that stop first, at most `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn search(tx: &mut Tx, tenant: &str, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<Trip>> {
    let (from, to) = (stop::pattern(wanted.from), stop::pattern(wanted.to));
    let rows = tx
        .all(
            trips!(
                "JOIN (SELECT origin.trip_id, MIN(origin.at) AS at
                       FROM stop AS origin
                       JOIN stop AS goal ON goal.trip_id = origin.trip_id AND goal.position > origin.position
                       WHERE origin.at >= $2 AND origin.at <= $3 AND origin.folded LIKE $4 AND goal.folded LIKE $5
                         AND (origin.position = 0 OR $6 = 1)
                       GROUP BY origin.trip_id) AS found ON found.trip_id = trip.id
                 WHERE trip.tenant = $1 AND trip.status = 'planned'
                 ORDER BY found.at, trip.id LIMIT $7"
            ),
            params![
                tenant,
                wanted.after,
                wanted.before,
                from.clone().unwrap_or_else(stop::any),
                to.unwrap_or_else(stop::any),
                from.is_some(),
                limit,
            ],
        )
        .await?;
    all(tx, rows).await
}

/// The trip whose room this is.
///
/// # Errors
/// The failure of the database.
pub async fn of_room(tx: &mut Tx, tenant: &str, room: RoomId) -> Result<Option<Trip>> {
    let row = tx.one(trips!("WHERE trip.room_id = $1 AND trip.tenant = $2"), params![room, tenant]).await?;
    match row {
        Some(row) => trip(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// What `user` drives or drove, earliest first.
///
/// # Errors
/// The failure of the database.
pub async fn driven_by(tx: &mut Tx, tenant: &str, user: UserId) -> Result<Vec<Trip>> {
    let rows = tx
        .all(
            trips!("WHERE trip.tenant = $1 AND trip.driver_id = $2 ORDER BY trip.starts_at, trip.id"),
            params![tenant, user],
        )
        .await?;
    all(tx, rows).await
}

async fn all(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Trip>> {
    let mut trips = Vec::with_capacity(rows.len());
    for row in rows {
        trips.push(trip(tx, row).await?);
    }
    Ok(trips)
}

/// Moves a trip from one status to another; false if it was no longer in the first.
///
/// # Errors
/// The failure of the database.
pub async fn advance(tx: &mut Tx, id: TripId, from: TripStatus, to: TripStatus) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE trip SET status = $3 WHERE id = $1 AND status = $2 RETURNING seats",
            params![id, word(from)?, word(to)?],
        )
        .await?;
    Ok(row.is_some())
}

/// Stores what a driver may change of a trip, its stops aside; false if more seats are taken than it now has.
///
/// # Errors
/// The failure of the database.
pub async fn change(tx: &mut Tx, trip: &Trip) -> Result<bool> {
    let row = tx
        .one(
            "UPDATE trip SET vehicle_model = $2, vehicle_colour = $3, vehicle_plate = $4, seats = $5,
                             price_minor = $6, currency = $7, luggage_note = $8
             WHERE id = $1 AND seats_taken <= $5 RETURNING seats_taken",
            params![
                trip.id,
                trip.vehicle.model.as_str(),
                trip.vehicle.colour.as_str(),
                trip.vehicle.plate.as_str(),
                trip.seats,
                trip.price.minor,
                trip.price.currency.as_str(),
                trip.luggage_note.as_str(),
            ],
        )
        .await?;
    Ok(row.is_some())
}

/// Puts other stops in the place of those of a trip.
///
/// # Errors
/// The failure of the database.
pub async fn set_stops(tx: &mut Tx, id: TripId, stops: &[Stop]) -> Result<()> {
    if let Some(first) = stops.first() {
        tx.run("UPDATE trip SET starts_at = $2 WHERE id = $1", params![id, first.at]).await?;
    }
    stop::remove(tx, id).await?;
    stop::insert(tx, id, stops).await
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
    let stops = stop::of_trip(tx, id).await?;
    let seats: u16 = row.take(8)?;
    let taken: u16 = row.take(9)?;
    Ok(Trip {
        id,
        room: row.take(1)?,
        driver: row.take(2)?,
        driver_name: row.take(3)?,
        driver_rating: Rating::of(row.take(14)?, row.take(13)?),
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
