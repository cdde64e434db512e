//! Looking at trips.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::trip::{self, Wanted};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::limits::FIELD_CHARS;
use tripchat_protocol::{ErrorCode, Millis, Trip, TripId};

/// Trips in one answer.
const LIMIT: i64 = 200;

/// Lists what is offered from now on, and all that the caller drives or has asked to ride on.
#[derive(Debug)]
pub struct ListTrips {
    /// For whom.
    pub by: Caller,
}

impl Job for ListTrips {
    type Out = Vec<Trip>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Trip>> {
        rights::session(tx, &self.by).await?;
        let now = tx.now();
        trip::list(tx, &self.by.tenant, self.by.user, now, LIMIT).await
    }
}

/// Looks for trips that are offered.
#[derive(Debug)]
pub struct SearchTrips {
    /// For whom.
    pub by: Caller,
    /// From where; empty: from their first stop, wherever that is.
    pub from: String,
    /// Where to; empty: anywhere.
    pub to: String,
    /// They leave the stop at `from` then or later, and not before now.
    pub after: Option<Millis>,
    /// And not later than this.
    pub before: Option<Millis>,
}

impl Job for SearchTrips {
    type Out = Vec<Trip>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Trip>> {
        let Self { by, from, to, after, before } = self;
        rights::session(tx, by).await?;
        for (name, place) in [("from", from), ("to", to)] {
            if place.chars().count() > FIELD_CHARS {
                return Err(Error::invalid(name));
            }
        }
        let now = tx.now();
        let after = after.map_or(now, |after| after.max(now));
        let wanted = Wanted { from, to, after, before: before.unwrap_or(Millis::MAX) };
        trip::search(tx, &by.tenant, &wanted, LIMIT).await
    }
}

/// Finds one trip.
#[derive(Debug)]
pub struct FindTrip {
    /// For whom.
    pub by: Caller,
    /// Which.
    pub id: TripId,
}

impl Job for FindTrip {
    type Out = Trip;

    async fn run(&self, tx: &mut Tx) -> Result<Trip> {
        rights::session(tx, &self.by).await?;
        Ok(trip::by_id(tx, &self.by.tenant, self.id).await?.ok_or(ErrorCode::TripNotFound)?)
    }
}
