//! What the screen shows, already derived: the screen only lays it out. TypeScript types are generated from here.

use serde::{Deserialize, Serialize};
use tripchat_protocol::{ErrorCode, MessageId, Millis, Role, RoomId, RoomType, Seq, Trip, UserId};
use ts_rs::TS;

/// Where the app stands when it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StartView {
    /// Who is signed in, if anyone.
    pub account: Option<AccountView>,
    /// The server that was used last, or the one that the app came with.
    pub server: String,
    /// The session's state.
    pub connection: ConnectionView,
    /// Whether the sign-in outlives the app: false where the system has no keyring.
    pub remembers: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountView {
    /// The person.
    pub user: UserId,
    /// The name that others see.
    pub name: String,
    /// The server.
    pub server: String,
}

/// The state of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionView {
    /// No one is signed in.
    SignedOut,
    /// On the way, or waiting to try again.
    Connecting,
    /// Connected, and catching up.
    Syncing,
    /// Everything is here.
    Online,
    /// The server speaks no version that this app knows.
    AppTooOld,
}

/// A row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxRow {
    /// The room.
    pub room: RoomId,
    /// What it is for.
    pub room_type: RoomType,
    /// The room's given name; a trip's room has none and is titled by its trip.
    pub name: Option<String>,
    /// The room's trip.
    pub trip: Option<Trip>,
    /// The newest line, unsent ones included.
    pub last: Option<LastLine>,
    /// When something last happened.
    #[ts(type = "number")]
    pub active_at: Millis,
}

/// The newest message of a room, as its row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastLine {
    /// Who wrote it.
    pub author_name: String,
    /// Whether that is oneself.
    pub mine: bool,
    /// What it says; absent for a kind that this version does not know.
    pub text: Option<String>,
    /// Where it stands.
    pub state: SendState,
}

/// A room's header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoomView {
    /// The room.
    pub room: RoomId,
    /// What it is for.
    pub room_type: RoomType,
    /// The room's given name.
    pub name: Option<String>,
    /// The room's trip.
    pub trip: Option<Trip>,
    /// Who is in it, owner first, then by name.
    pub members: Vec<MemberView>,
    /// Whether one may write.
    pub can_write: bool,
}

/// Someone in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberView {
    /// The person.
    pub user: UserId,
    /// The name they show.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A stretch of a room's messages, oldest first; one's own unsent ones at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineView {
    /// The rows.
    pub rows: Vec<TimelineRow>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// A message, or one's own that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineRow {
    /// The message's id: the same before and after it is sent, so that a bubble never jumps or doubles.
    pub id: MessageId,
    /// Its place in the room, once it is sent.
    pub seq: Option<Seq>,
    /// Who wrote it.
    pub author: UserId,
    /// Their name.
    pub author_name: String,
    /// Whether that is oneself.
    pub mine: bool,
    /// What it says; absent for a kind that this version does not know.
    pub text: Option<String>,
    /// When it was sent; while it waits, when it was written.
    #[ts(type = "number")]
    pub at: Millis,
    /// Where it stands.
    pub state: SendState,
    /// Why it was refused.
    #[ts(type = "string | null")]
    pub failure: Option<ErrorCode>,
}

/// Where a message stands. Nothing is `sent` before its `ok`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    /// In the outbox.
    Waiting,
    /// The server has stored it.
    Sent,
    /// The server refused it: retry, edit or discard.
    Failed,
}
