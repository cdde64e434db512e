//! Opaque ids: one type for each noun, so that a room can never be passed for a trip.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

id! {
    /// A person, in one tenant.
    UserId,
    /// A chat room.
    RoomId,
    /// A message; made by its writer (UUIDv7) and unique per author and per room.
    MessageId,
    /// Something that a device asked for: names the answer. Of a `send` it is the message's id.
    OperationId,
    /// A ride from one place to another.
    TripId,
    /// A seat, or several, asked for by one passenger.
    BookingId,
    /// One sign-in on one device.
    SessionId,
    /// An installation of the app; made by it once.
    DeviceId,
    /// One WebSocket, for the logs.
    ConnectionId,
    /// An address at which a platform is told what happens.
    WebhookId,
    /// One thing that a platform is told.
    WebhookMessageId,
}

impl From<MessageId> for OperationId {
    fn from(id: MessageId) -> Self {
        Self(id.0)
    }
}
