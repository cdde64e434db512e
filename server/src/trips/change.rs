//! Changing what was offered, as long as the trip has not set out.

use super::part::driven;
use super::{announce, check, life};
use crate::error::{Error, Result};
use crate::messages;
use crate::rights::Acting;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::{Caller, Scope};
use tripchat_protocol::rest::TripChange;
use tripchat_protocol::{ErrorCode, MessageId, Millis, System, Trip, TripId};
use uuid::Uuid;

/// Changes `trip`.
#[derive(Debug)]
pub struct ChangeTrip<B = Caller> {
    /// Who does it; must be the driver, or the platform.
    pub by: B,
    /// Which trip.
    pub trip: TripId,
    /// What is changed.
    pub change: TripChange,
    /// The ids of what the room is told: of another time, of another vehicle.
    pub messages: [MessageId; 2],
}

impl<B: Acting> Job for ChangeTrip<B> {
    type Out = Trip;

    async fn run(&self, tx: &mut Tx) -> Result<Trip> {
        let Self { by, trip: id, change, messages: [delayed, vehicle_changed] } = self;
        by.may(tx, Scope::TripsWrite).await?;
        if *change == TripChange::default() {
            return Err(Error::invalid("nothing to change"));
        }
        let was = driven(tx, by, *id).await?;
        let is = changed(&was, change, tx.now())?;
        if is == was {
            return Ok(was);
        }
        if !life::is_open(was.status) {
            return Err(ErrorCode::NotNow.into());
        }
        let told = announce::rooms(tx, &was).await?;
        if !trip::change(tx, &is).await? {
            return Err(ErrorCode::SeatsTaken.into());
        }
        if is.stops.len() != was.stops.len() && booking::names_stops(tx, *id).await? {
            return Err(Error::refused(ErrorCode::NotNow, "stops: somebody gets in or out on the way"));
        }
        if is.stops != was.stops {
            trip::set_stops(tx, *id, &is.stops).await?;
        }
        tx.tell_trip_changed(&is, was.status).await?;
        let room = is.room;
        announce::announce_in(tx, &told, &is).await?;
        if let Some(minutes) = later(&was, &is) {
            messages::say(tx, room, by.author(), *delayed, System::Delayed { minutes }).await?;
        }
        if is.vehicle != was.vehicle {
            let vehicle = is.vehicle.clone();
            messages::say(tx, room, by.author(), *vehicle_changed, System::VehicleChanged { vehicle })
                .await?;
        }
        Ok(is)
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.trip.0)
    }
}

/// The trip with what is asked for. Only that is checked: what stands was good when it was taken.
fn changed(was: &Trip, change: &TripChange, now: Millis) -> Result<Trip> {
    let TripChange { stops, vehicle, seats, price, luggage_note } = change;
    let mut trip = was.clone();
    if let Some(stops) = stops.as_ref().filter(|stops| **stops != was.stops) {
        trip.stops = check::stops(stops, now)?;
    }
    if let Some(vehicle) = vehicle {
        trip.vehicle = check::vehicle(vehicle)?;
    }
    if let Some(seats) = seats {
        let taken = was.seats.saturating_sub(was.seats_free);
        trip.seats = check::seats(*seats)?;
        trip.seats_free = seats.checked_sub(taken).ok_or(ErrorCode::SeatsTaken)?;
    }
    if let Some(price) = price {
        trip.price = check::price(price)?;
    }
    if let Some(note) = luggage_note {
        trip.luggage_note = check::note(note)?;
    }
    Ok(trip)
}

/// How many minutes later the trip leaves, if there is one to be told.
fn later(was: &Trip, is: &Trip) -> Option<i32> {
    const MINUTE: Millis = 60_000;
    let by = is.stops.first()?.at.saturating_sub(was.stops.first()?.at);
    // Half a minute counts as one, either way.
    let minutes = (by.saturating_add(by.signum() * (MINUTE / 2))) / MINUTE;
    i32::try_from(minutes).ok().filter(|minutes| *minutes != 0)
}
