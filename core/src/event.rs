//! What the core tells the shell. An event says what to look at again; the data is read from the core.

use crate::view::{ConnectionView, Notice};
use serde::{Deserialize, Serialize};
use tripchat_protocol::{ErrorCode, RoomId};
use ts_rs::TS;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientEvent {
    /// The session's state.
    Connection {
        /// As it now is.
        connection: ConnectionView,
    },
    /// The list of rooms, or a row of it.
    Inbox,
    /// A room: its header, its members or its messages.
    Room {
        /// Which.
        room: RoomId,
    },
    /// Something new that is not on the screen: show a notification, in place of the room's last one.
    Notify {
        /// What it says.
        notice: Box<Notice>,
    },
    /// The room has nothing unread any more, here or on another device: take its notification away.
    Withdraw {
        /// Which.
        room: RoomId,
    },
    /// The server ended the session; what was not sent yet is kept.
    SignedOut {
        /// Why.
        #[ts(type = "string")]
        reason: ErrorCode,
    },
}
