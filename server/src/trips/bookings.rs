//! Looking at bookings. Of a trip, the driver sees all, anyone else only their own.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeMap;
use tripchat_protocol::rest::MyBooking;
use tripchat_protocol::{Booking, ErrorCode, TripId};

/// Bookings of a person in one answer.
const LIMIT: i64 = 200;

/// Lists them.
#[derive(Debug)]
pub struct ListBookings {
    /// For whom.
    pub by: Caller,
    /// Of which trip.
    pub trip: TripId,
}

impl Job for ListBookings {
    type Out = Vec<Booking>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Booking>> {
        rights::session(tx, &self.by).await?;
        let trip = trip::by_id(tx, &self.by.tenant, self.trip).await?.ok_or(ErrorCode::TripNotFound)?;
        let only = (trip.driver != self.by.user).then_some(self.by.user);
        booking::of_trip(tx, self.trip, only).await
    }
}

/// Lists what a person has booked.
#[derive(Debug)]
pub struct ListMyBookings {
    /// Whose.
    pub by: Caller,
}

impl Job for ListMyBookings {
    type Out = Vec<MyBooking>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<MyBooking>> {
        let Self { by } = self;
        rights::session(tx, by).await?;
        let mut trips = BTreeMap::new();
        let mut bookings = Vec::new();
        for booking in booking::of_passenger(tx, by.user, LIMIT).await? {
            let trip = match trips.get(&booking.trip) {
                Some(trip) => Clone::clone(trip),
                None => trip::by_id(tx, &by.tenant, booking.trip)
                    .await?
                    .ok_or_else(|| Error::internal("a booking without a trip"))?,
            };
            trips.insert(booking.trip, trip.clone());
            bookings.push(MyBooking { booking, trip });
        }
        Ok(bookings)
    }
}
