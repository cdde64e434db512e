//! The wire of Tripchat: what crosses between client and server, and nothing about how either works.
//!
//! Read `docs/protocol.md` for the rules; this crate holds the shapes. Clients ignore fields and kinds that
//! they do not know, the server refuses them.

pub mod error;
pub mod frame;
pub mod ids;
pub mod limits;
pub mod member;
pub mod message;
pub mod object;
pub mod platform;
pub mod rest;
pub mod review;
pub mod room;
pub mod stream;
mod strict;
pub mod system;
pub mod trip;

pub use error::{ErrorCode, Retry};
pub use frame::{Change, Changes, ClientFrame, Failure, ServerFrame};
pub use ids::{
    BookingId, ConnectionId, DeviceId, MessageId, OperationId, RoomId, SessionId, TripId, UserId, WebhookId,
    WebhookMessageId,
};
pub use member::{
    Availability, Kept, Member, Membership, Own, PersonMarks, Presence, Role, Setting, Standing,
};
pub use message::{Body, Message, checked_text};
pub use object::{Object, Unknown};
pub use review::{Rating, Review};
pub use room::{Room, RoomType};
pub use stream::{Cursor, Epoch, Head, Hole, MarksNo, Rev, RoomCursor, Seq, StreamId};
pub use system::System;
pub use trip::{Booking, BookingStatus, Money, Stop, Trip, TripStatus, Vehicle};

/// UTC milliseconds since 1970. Shown to people and compared with expiry; never used to order anything.
pub type Millis = i64;

/// The protocol versions that this crate speaks, newest first.
pub const VERSIONS: [u16; 1] = [1];

/// The WebSocket subprotocol that names the framing.
pub const SUBPROTOCOL: &str = "tripchat.v1";
