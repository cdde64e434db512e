//! Looking at trips.

use crate::error::Result;
use crate::rights;
use crate::store::tables::trip;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::{ErrorCode, Trip, TripId};

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
