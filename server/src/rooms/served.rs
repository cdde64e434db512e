//! The rooms of a platform's trips and bookings, as its backend sees them.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{booking, stay, trip};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service};
use tripchat_protocol::platform::RoomMembers;
use tripchat_protocol::{BookingId, ErrorCode, Room, RoomId, TripId};

/// Whose room is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomOf {
    /// That of all people of a trip.
    Trip(TripId),
    /// That of a passenger and the driver.
    Booking(BookingId),
}

/// Finds the room of a trip or booking.
#[derive(Debug)]
pub struct FindServed {
    /// The platform.
    pub by: Service,
    /// Whose.
    pub of: RoomOf,
}

impl Job for FindServed {
    type Out = Room;

    async fn run(&self, tx: &mut Tx) -> Result<Room> {
        let Self { by, of } = self;
        rights::service(tx, by, Scope::RoomsRead).await?;
        let room = match of {
            RoomOf::Trip(id) => trip::by_id(tx, &by.tenant, *id).await?.ok_or(ErrorCode::TripNotFound)?.room,
            RoomOf::Booking(id) => {
                let booking = booking::by_id(tx, *id).await?.ok_or(ErrorCode::BookingNotFound)?;
                trip::by_id(tx, &by.tenant, booking.trip).await?.ok_or(ErrorCode::BookingNotFound)?;
                // One that an older server made has none until somebody opens it.
                booking.room.ok_or(ErrorCode::RoomNotFound)?
            }
        };
        rights::served(tx, by, room).await
    }
}

/// Lists who is in a room now.
#[derive(Debug)]
pub struct ListServedMembers {
    /// The platform.
    pub by: Service,
    /// Which room.
    pub room: RoomId,
}

impl Job for ListServedMembers {
    type Out = RoomMembers;

    async fn run(&self, tx: &mut Tx) -> Result<RoomMembers> {
        rights::service(tx, &self.by, Scope::RoomsRead).await?;
        rights::served(tx, &self.by, self.room).await?;
        Ok(RoomMembers { members: stay::members_of(tx, self.room).await? })
    }
}
