//! Reviews.

use super::super::value::{Row, params};
use crate::error::{Error, Result};
use crate::store::Tx;
use tripchat_protocol::limits::REVIEW_OPEN_MS;
use tripchat_protocol::rest::NewReview;
use tripchat_protocol::{BookingId, Millis, Rating, Review, TripId, UserId};

/// The columns that [`review`] reads; the rest of the statement follows.
macro_rules! reviews {
    ($rest:literal) => {
        concat!(
            "SELECT review.booking_id, review.author_id, users.name, review.subject_id, review.stars, review.text,
                    review.at
             FROM review JOIN users ON users.id = review.author_id ",
            $rest
        )
    };
}

/// Stores what `author` says of `subject`, or changes what they said; false if that has stood for too long.
///
/// # Errors
/// The failure of the database.
pub async fn put(
    tx: &mut Tx,
    booking: BookingId,
    (author, subject): (UserId, UserId),
    new: &NewReview,
) -> Result<bool> {
    let now = tx.now();
    let row = tx
        .one(
            "INSERT INTO review (booking_id, author_id, subject_id, stars, text, at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (booking_id, author_id) DO UPDATE SET stars = excluded.stars, text = excluded.text
             WHERE review.at > $7 RETURNING at",
            params![
                booking,
                author,
                subject,
                u16::from(new.stars),
                new.text.as_str(),
                now,
                now - REVIEW_OPEN_MS
            ],
        )
        .await?;
    Ok(row.is_some())
}

/// What `author` wrote about a booking.
///
/// # Errors
/// The failure of the database.
pub async fn by_author(tx: &mut Tx, booking: BookingId, author: UserId) -> Result<Option<Review>> {
    let row = tx
        .one(reviews!("WHERE review.booking_id = $1 AND review.author_id = $2"), params![booking, author])
        .await?;
    row.map(review).transpose()
}

/// The reviews of a trip's bookings, oldest first.
///
/// # Errors
/// The failure of the database.
pub async fn of_trip(tx: &mut Tx, trip: TripId) -> Result<Vec<Review>> {
    let rows = tx
        .all(
            reviews!(
                "JOIN booking ON booking.id = review.booking_id
                 WHERE booking.trip_id = $1 ORDER BY review.at, review.booking_id, review.author_id"
            ),
            params![trip],
        )
        .await?;
    rows.into_iter().map(review).collect()
}

/// The reviews about a person that come after the one of `after` in their order, newest first, at most `limit`.
///
/// # Errors
/// The failure of the database.
pub async fn about(
    tx: &mut Tx,
    person: UserId,
    after: Option<(Millis, BookingId)>,
    limit: i64,
) -> Result<Vec<Review>> {
    let rows = match after {
        None => {
            tx.all(
                reviews!(
                    "WHERE review.subject_id = $1 ORDER BY review.at DESC, review.booking_id DESC LIMIT $2"
                ),
                params![person, limit],
            )
            .await?
        }
        Some((at, booking)) => {
            tx.all(
                reviews!(
                    "WHERE review.subject_id = $1
                       AND (review.at < $2 OR (review.at = $2 AND review.booking_id < $3))
                     ORDER BY review.at DESC, review.booking_id DESC LIMIT $4"
                ),
                params![person, at, booking, limit],
            )
            .await?
        }
    };
    rows.into_iter().map(review).collect()
}

/// When the review about a person that a booking led to was written.
///
/// # Errors
/// The failure of the database.
pub async fn written_at(tx: &mut Tx, person: UserId, booking: BookingId) -> Result<Option<Millis>> {
    let row = tx
        .one("SELECT at FROM review WHERE subject_id = $1 AND booking_id = $2", params![person, booking])
        .await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// What the reviews about a person come to.
///
/// # Errors
/// The failure of the database.
pub async fn rating(tx: &mut Tx, person: UserId) -> Result<Option<Rating>> {
    let row = tx
        .one(
            "SELECT COUNT(*), CAST(COALESCE(SUM(stars), 0) AS BIGINT) FROM review WHERE subject_id = $1",
            params![person],
        )
        .await?;
    let mut row = row.ok_or_else(|| Error::internal("a count without a row"))?;
    Ok(Rating::of(row.take(1)?, row.take(0)?))
}

/// Whether `who` may read what is said about `person`: oneself; who has booked or driven with them, or rides along;
/// and everybody to whom they offer a trip that leaves from `now` on.
///
/// # Errors
/// The failure of the database.
pub async fn is_open_to(tx: &mut Tx, tenant: &str, person: UserId, who: UserId) -> Result<bool> {
    let now = tx.now();
    let row = tx
        .one(
            "SELECT 1 FROM users WHERE users.id = $1 AND users.tenant = $3 AND (
                 users.id = $2
                 OR EXISTS (SELECT 1 FROM trip
                            WHERE trip.driver_id = $1 AND trip.status = 'planned' AND trip.starts_at >= $4)
                 OR EXISTS (SELECT 1 FROM booking JOIN trip ON trip.id = booking.trip_id
                            WHERE (booking.passenger_id = $1 AND trip.driver_id = $2)
                               OR (booking.passenger_id = $2 AND trip.driver_id = $1))
                 OR EXISTS (SELECT 1 FROM booking AS theirs JOIN booking AS mine ON mine.trip_id = theirs.trip_id
                            WHERE theirs.passenger_id = $1 AND mine.passenger_id = $2
                              AND theirs.status IN ('confirmed', 'boarded', 'completed')
                              AND mine.status IN ('confirmed', 'boarded', 'completed')))",
            params![person, who, tenant, now],
        )
        .await?;
    Ok(row.is_some())
}

fn review(mut row: Row) -> Result<Review> {
    let stars: u16 = row.take(4)?;
    let at: Millis = row.take(6)?;
    Ok(Review {
        booking: row.take(0)?,
        author: row.take(1)?,
        author_name: row.take(2)?,
        subject: row.take(3)?,
        stars: u8::try_from(stars).map_err(|_| Error::internal("more stars than there are"))?,
        text: row.take(5)?,
        at,
        open_until: at + REVIEW_OPEN_MS,
    })
}

/// Forgets what a person said of others, and what others said of them.
///
/// # Errors
/// The failure of the database.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<()> {
    tx.run("DELETE FROM review WHERE author_id = $1 OR subject_id = $1", params![person]).await
}

/// What a person said of others.
///
/// # Errors
/// The failure of the database.
pub async fn written_by(tx: &mut Tx, person: UserId) -> Result<Vec<(BookingId, i64, String)>> {
    let rows = tx
        .all(
            "SELECT booking_id, stars, text FROM review WHERE author_id = $1 ORDER BY at, booking_id",
            params![person],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}
