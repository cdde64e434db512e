//! The rooms of a platform's trips and bookings, as its backend sees them.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{stay, trip};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service};
use tripchat_protocol::platform::RoomMembers;
use tripchat_protocol::{ErrorCode, Room, RoomId, TripId};

/// Finds the room of a trip.
#[derive(Debug)]
pub struct FindServed {
    /// The platform.
    pub by: Service,
    /// Which trip's.
    pub trip: TripId,
}

impl Job for FindServed {
    type Out = Room;

    async fn run(&self, tx: &mut Tx) -> Result<Room> {
        let Self { by, trip } = self;
        rights::service(tx, by, Scope::RoomsRead).await?;
        let trip = trip::by_id(tx, &by.tenant, *trip).await?.ok_or(ErrorCode::TripNotFound)?;
        rights::served(tx, by, trip.room).await
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
