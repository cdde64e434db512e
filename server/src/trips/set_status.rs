//! Moving a trip along its way: its bookings follow, the room is told, all in one transaction.

use super::life::{self, Step};
use super::part::{driven, driving};
use super::{aboard, announce, booked};
use crate::error::{Error, Result};
use crate::messages;
use crate::rights::Acting;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::{Caller, Scope};
use tripchat_protocol::{Booking, BookingStatus, ErrorCode, MessageId, Trip, TripId, TripStatus, UserId};
use uuid::Uuid;

/// Brings `trip` to stand at `to`.
#[derive(Debug)]
pub struct SetStatus<B = Caller> {
    /// Who does it; must be the driver, or the platform.
    pub by: B,
    /// Which trip.
    pub trip: TripId,
    /// Where it shall stand.
    pub to: TripStatus,
    /// The id of what the room is told.
    pub message: MessageId,
}

impl<B: Acting> Job for SetStatus<B> {
    type Out = Trip;

    async fn run(&self, tx: &mut Tx) -> Result<Trip> {
        let Self { by, trip: id, to, message } = self;
        by.may(tx, Scope::TripsWrite).await?;
        let trip = driven(tx, by, *id).await?;
        let may = life::moves_trip(driving(by), trip.status, *to);
        if life::step(&trip.status, to, may)? == Step::Stands {
            return Ok(trip);
        }
        if !trip::advance(tx, *id, trip.status, *to).await? {
            return Err(ErrorCode::Conflict.into());
        }
        let was = trip.status;
        // Those whose bookings end with it are told of it, too.
        let mut told = announce::rooms(tx, &trip).await?;
        let followed = bookings_follow(tx, by.author(), &trip, *to).await?;
        told.extend(followed.iter().filter_map(|it| it.booking.room));
        let trip =
            trip::by_id(tx, by.tenant(), *id).await?.ok_or_else(|| Error::internal("the trip is gone"))?;
        announce::announce_in(tx, &told, &trip).await?;
        tx.tell_trip_changed(&trip, was).await?;
        if let Some(said) = life::said_of(*to) {
            messages::say(tx, trip.room, by.author(), *message, said).await?;
        }
        // After that: they read why.
        for it in followed.iter().filter(|it| it.leaves) {
            aboard::go(tx, &trip, it.booking.passenger).await?;
        }
        Ok(trip)
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.trip.0)
    }
}

/// A booking that moved with its trip.
#[derive(Debug)]
struct Followed {
    booking: Booking,
    /// Whether the passenger's stay ends with it.
    leaves: bool,
}

/// Moves the bookings of a trip that came to stand at `to`.
async fn bookings_follow(tx: &mut Tx, by: UserId, trip: &Trip, to: TripStatus) -> Result<Vec<Followed>> {
    let mut followed = Vec::new();
    for mut booking in booking::of_trip(tx, trip.id, None).await? {
        let was = booking.status;
        let Some(next) = life::follows(to, was) else { continue };
        booked::turn(tx, by, &mut booking, trip, next).await?;
        let leaves = next == BookingStatus::Cancelled && was != BookingStatus::Requested;
        if leaves {
            trip::give_seats_back(tx, trip.id, booking.seats).await?;
        }
        followed.push(Followed { booking, leaves });
    }
    Ok(followed)
}
