//! Streams: numbered sequences of changes, and the cursors by which a client proves that it is whole.

use crate::ids::{RoomId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;
use uuid::Uuid;

/// A room's stream, or a person's inbox. On the wire `room:<id>` or `user:<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(type = "string")]
pub enum StreamId {
    /// The changes of a room.
    Room(RoomId),
    /// The changes of a person's inbox.
    User(UserId),
}

impl StreamId {
    /// The id of the room or person.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Room(room) => room.0,
            Self::User(user) => user.0,
        }
    }

    /// The room, if this is a room's stream.
    #[must_use]
    pub fn room(self) -> Option<RoomId> {
        match self {
            Self::Room(room) => Some(room),
            Self::User(_) => None,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room(room) => write!(f, "room:{room}"),
            Self::User(user) => write!(f, "user:{user}"),
        }
    }
}

/// The text is not `room:<uuid>` or `user:<uuid>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stream is named room:<id> or user:<id>")]
pub struct BadStreamId;

impl FromStr for StreamId {
    type Err = BadStreamId;
    fn from_str(text: &str) -> Result<Self, BadStreamId> {
        match text.split_once(':') {
            Some(("room", id)) => id.parse().map(Self::Room).map_err(|_| BadStreamId),
            Some(("user", id)) => id.parse().map(Self::User).map_err(|_| BadStreamId),
            _ => Err(BadStreamId),
        }
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        #[ts(type = "number")]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

number! {
    /// Names one life of a stream; drawn at random (53 bits, so that every JSON reader keeps it exact) when the
    /// stream is made and again when a backup is restored.
    Epoch,
    /// The number of a change in its stream: 1, 2, 3 … without a gap.
    Rev,
    /// How often the read and delivered marks of a room were changed; it only rises.
    MarksNo,
    /// The rev at which a message was made. It never changes, orders the room and is what marks and paging name.
    Seq,
}

impl Rev {
    /// The rev that follows this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// How far a client has stored a stream. On the wire `[epoch, rev]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(type = "[number, number]")]
pub struct Cursor(pub Epoch, pub Rev);

/// How far a client has stored a room. On the wire `[epoch, rev, marks]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomCursor(pub Epoch, pub Rev, pub MarksNo);

/// Where a stream stands. On the wire `[epoch, rev, marks]`; an inbox has no marks, and says 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head(pub Epoch, pub Rev, pub MarksNo);

/// A stretch of a room that may miss messages: those with a seq between the two, neither included. On the wire
/// `[after, before]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hole(pub Seq, pub Seq);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_stream_id_reads_back(bytes: [u8; 16], room: bool) {
            let uuid = Uuid::from_bytes(bytes);
            let id = if room { StreamId::Room(RoomId(uuid)) } else { StreamId::User(UserId(uuid)) };
            prop_assert_eq!(id.to_string().parse::<StreamId>(), Ok(id));
        }

        #[test]
        fn other_texts_are_refused(text in "[a-z]{0,6}:?[0-9a-f-]{0,30}") {
            prop_assert_eq!(text.parse::<StreamId>(), Err(BadStreamId));
        }
    }
}
