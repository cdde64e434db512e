//! Rooms.

use crate::Millis;
use crate::ids::{BookingId, RoomId, TripId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a room is for; it decides who may join and what a newcomer may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoomType {
    /// The people of a trip. Made with it, by the server only.
    Trip,
    /// Passenger and driver, about one booking. Made with it, by the server only.
    Booking,
    /// Two people.
    Direct,
    /// A few people who were invited.
    Group,
    /// Many people, public or private.
    Channel,
    /// A person and the platform's support.
    Support,
}

/// A room as it now stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// What it is for.
    #[serde(rename = "type")]
    pub room_type: RoomType,
    /// Its title, if it was given one. A trip's room is titled by its trip.
    pub name: Option<String>,
    /// The trip that it belongs to.
    pub trip: Option<TripId>,
    /// The booking that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<BookingId>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub created_at: Millis,
    /// Whether it takes new messages.
    pub is_active: bool,
}
