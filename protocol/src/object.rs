//! Objects: what a stream holds. A change carries a whole one; applying it is an upsert.

use crate::member::{Member, Membership};
use crate::message::Message;
use crate::room::Room;
use crate::trip::{Booking, Trip};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// An object as it now stands. On the wire an object with its `kind`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Object {
    /// The room itself.
    Room(Room),
    /// The room's trip.
    Trip(Trip),
    /// A booking (in its own room only).
    Booking(Booking),
    /// Someone in the room.
    Member(Member),
    /// A message.
    Message(Message),
    /// A room in one's inbox.
    Membership(Membership),
    /// A kind of a later version: stored, and the cursor moves on.
    #[serde(untagged)]
    Unknown(Unknown),
}

/// An object of a kind that this version does not know.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Unknown(pub Value);

impl Object {
    /// The name of its kind, as on the wire.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Room(_) => "room",
            Self::Trip(_) => "trip",
            Self::Booking(_) => "booking",
            Self::Member(_) => "member",
            Self::Message(_) => "message",
            Self::Membership(_) => "membership",
            Self::Unknown(Unknown(value)) => value.get("kind").and_then(Value::as_str).unwrap_or(""),
        }
    }

    /// What identifies it among the objects of its kind in its stream; nil for an unknown one without an id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self {
            Self::Room(room) => room.id.0,
            Self::Trip(trip) => trip.id.0,
            Self::Booking(booking) => booking.id.0,
            Self::Member(member) => member.user.0,
            Self::Message(message) => message.id.0,
            Self::Membership(membership) => membership.room.0,
            Self::Unknown(Unknown(value)) => value
                .get("id")
                .and_then(Value::as_str)
                .and_then(|id| Uuid::parse_str(id).ok())
                .unwrap_or_default(),
        }
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        enum Known {
            Room(Room),
            Trip(Trip),
            Booking(Booking),
            Member(Member),
            Message(Message),
            Membership(Membership),
        }
        const KINDS: [&str; 6] = ["room", "trip", "booking", "member", "message", "membership"];
        let value = Value::deserialize(from)?;
        match value.get("kind").and_then(Value::as_str) {
            None => return Err(serde::de::Error::missing_field("kind")),
            Some(kind) if !KINDS.contains(&kind) => return Ok(Self::Unknown(Unknown(value))),
            Some(_) => {}
        }
        Ok(match serde_json::from_value(value).map_err(serde::de::Error::custom)? {
            Known::Room(it) => Self::Room(it),
            Known::Trip(it) => Self::Trip(it),
            Known::Booking(it) => Self::Booking(it),
            Known::Member(it) => Self::Member(it),
            Known::Message(it) => Self::Message(it),
            Known::Membership(it) => Self::Membership(it),
        })
    }
}
