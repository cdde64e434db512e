//! The stops of trips, found by the beginnings of the words of their places.

use super::super::fold::folded;
use super::super::value::params;
use crate::error::Result;
use crate::store::Tx;
use tripchat_protocol::{Stop, TripId};

pub(super) async fn insert(tx: &mut Tx, trip: TripId, stops: &[Stop]) -> Result<()> {
    for (position, stop) in (0_i64..).zip(stops) {
        tx.run(
            "INSERT INTO stop (trip_id, position, place, zone, at, folded) VALUES ($1, $2, $3, $4, $5, $6)",
            params![trip, position, stop.place.as_str(), stop.zone.as_str(), stop.at, words(&stop.place)],
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx, trip: TripId) -> Result<()> {
    tx.run("DELETE FROM stop WHERE trip_id = $1", params![trip]).await
}

pub(super) async fn of_trip(tx: &mut Tx, trip: TripId) -> Result<Vec<Stop>> {
    let rows = tx
        .all("SELECT place, zone, at FROM stop WHERE trip_id = $1 ORDER BY position", params![trip])
        .await?;
    rows.into_iter()
        .map(|mut stop| Ok(Stop { place: stop.take(0)?, zone: stop.take(1)?, at: stop.take(2)? }))
        .collect()
}

/// What matches every place.
pub(super) fn any() -> String {
    "%".into()
}

/// What matches the places with words that begin like these, in their order; `None` if there is no word. Words are
/// letters and digits alone, so nothing in them can be taken for a part of the pattern.
pub(super) fn pattern(asked: &str) -> Option<String> {
    let words = folded(asked);
    (!words.is_empty()).then(|| words.iter().map(|word| format!("% {word}")).collect::<String>() + "%")
}

/// The words of a place as they are stored, a space before each.
fn words(place: &str) -> String {
    folded(place).iter().map(|word| format!(" {word}")).collect()
}

/// Up to `limit` stops that an older server stored without their words.
///
/// # Errors
/// The failure of the database.
pub async fn without_words(tx: &mut Tx, limit: i64) -> Result<Vec<(TripId, i64, String)>> {
    let rows = tx
        .all("SELECT trip_id, position, place FROM stop WHERE folded IS NULL LIMIT $1", params![limit])
        .await?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}

/// Gives a stop of an older server the words of its place.
///
/// # Errors
/// The failure of the database.
pub async fn give_words(tx: &mut Tx, trip: TripId, position: i64, place: &str) -> Result<()> {
    tx.run(
        "UPDATE stop SET folded = $3 WHERE trip_id = $1 AND position = $2",
        params![trip, position, words(place)],
    )
    .await
}
