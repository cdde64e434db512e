//! What the screen shows, already derived: the screen only lays it out. TypeScript types are generated from here.

use serde::{Deserialize, Serialize};
use tripchat_protocol::{
    Booking, ErrorCode, MessageId, Millis, OperationId, Presence, Role, RoomId, RoomType, Seq, Standing,
    System, Trip, UserId,
};
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
    /// The room's given name; a trip's room has none and is titled by its trip, a booking's has the name of the other
    /// one of its two people.
    pub name: Option<String>,
    /// The room's trip.
    pub trip: Option<Trip>,
    /// The number of its booking, in a room about one.
    pub booking_number: Option<String>,
    /// The newest line, unsent ones included.
    pub last: Option<LastLine>,
    /// When something last happened.
    #[ts(type = "number")]
    pub active_at: Millis,
    /// How many messages one has not read; 100 means that many or more.
    pub unread: u32,
    /// Whether the person wants it shown as unread.
    pub marked_unread: bool,
    /// What was begun and not sent, on whichever device.
    pub draft: Option<String>,
    /// The names of those who are writing.
    pub typing: Vec<String>,
    /// Whether the other one is there: the only other member, else the driver of the trip; absent where that is
    /// oneself.
    pub presence: Option<Presence>,
    /// Whether one is still in it.
    pub state: Standing,
    /// Kept at the top.
    pub favourite: bool,
    /// Put out of sight.
    pub archived: bool,
    /// No notification before this time.
    #[ts(type = "number | null")]
    pub muted_until: Option<Millis>,
}

/// The newest message of a room, as its row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastLine {
    /// Who wrote it.
    pub author_name: String,
    /// Whether that is oneself.
    pub mine: bool,
    /// What it says; absent for a kind that this version does not know, and for one that was deleted.
    pub text: Option<String>,
    /// What the server says by itself, in place of a text.
    pub system: Option<System>,
    /// Whether its writer took it away.
    pub deleted: bool,
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
    /// The room's name, as in [`InboxRow`].
    pub name: Option<String>,
    /// The room's trip.
    pub trip: Option<Trip>,
    /// What it is about, in a booking's room.
    pub booking: Option<Booking>,
    /// Who is in it, owner first, then by name.
    pub members: Vec<MemberView>,
    /// Whether one may write.
    pub can_write: bool,
    /// Whether one is still in it. Who is not reads what they could read then.
    pub state: Standing,
    /// How many messages one has not read; 100 means that many or more.
    pub unread: u32,
    /// Up to here one has read. Where it stands when the room is opened, the divider goes.
    pub read: Seq,
    /// What was begun and not sent, on whichever device.
    pub draft: Option<String>,
    /// The names of those who are writing.
    pub typing: Vec<String>,
    /// Kept at the top.
    pub favourite: bool,
    /// Put out of sight.
    pub archived: bool,
    /// No notification before this time.
    #[ts(type = "number | null")]
    pub muted_until: Option<Millis>,
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
    /// Whether that is oneself.
    pub me: bool,
    /// Whether they are there.
    pub presence: Presence,
    /// A device of theirs has everything up to here.
    pub delivered: Seq,
    /// They have read up to here.
    pub read: Seq,
    /// They came at this place of the room: what is older was not sent to them.
    pub since: Seq,
}

/// Which stretch of a room is wanted. It never spans a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Place {
    /// The newest messages, and one's own unsent ones.
    Newest,
    /// Where one has read to, with what is on both sides; the newest if nothing is unread.
    FirstUnread,
    /// Just before a message.
    Before {
        /// Its place.
        seq: Seq,
    },
    /// Just after a message.
    After {
        /// Its place.
        seq: Seq,
    },
    /// On both sides of a message, itself included.
    Around {
        /// Its place.
        seq: Seq,
    },
    /// From one message to another, both included, whatever the limit: what is shown already, looked at again.
    Between {
        /// The first.
        from: Seq,
        /// The last; absent for everything after the first, unsent ones included.
        to: Option<Seq>,
    },
}

/// A stretch of a room's messages, oldest first; if it reaches the end, one's own unsent ones last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineView {
    /// The rows.
    pub rows: Vec<TimelineRow>,
    /// What is before them.
    pub older: Edge,
    /// What is after them.
    pub newer: Edge,
}

/// What lies beyond the end of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// Nothing.
    End,
    /// More, on this device.
    More,
    /// More, which is being fetched: an event tells when to look again. Without a network it waits for it.
    Hole,
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
    /// What it says, with one's own change that is not sent yet; absent for a kind that this version does not know,
    /// and for one that was deleted.
    pub text: Option<String>,
    /// What the server says by itself, in place of a text.
    pub system: Option<System>,
    /// Whether it stands there for the record only: neither unread nor new to anybody.
    pub silent: bool,
    /// Whether its writer took it away.
    pub deleted: bool,
    /// Whether it was edited.
    pub edited: bool,
    /// When it was sent; while it waits, when it was written.
    #[ts(type = "number")]
    pub at: Millis,
    /// Where it stands.
    pub state: SendState,
    /// One's own change to it that is on its way, or was refused.
    pub change: Option<ChangeView>,
    /// Why the message itself was refused.
    #[ts(type = "string | null")]
    pub failure: Option<ErrorCode>,
    /// Of one's own that are sent: how far they got.
    pub reach: Option<Reach>,
    /// Whether one may edit it now.
    pub can_edit: bool,
    /// Whether one may delete it now.
    pub can_delete: bool,
}

/// A change to a message that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeView {
    /// Names it: for retry and discard.
    pub id: OperationId,
    /// Whether it takes the message away; otherwise it is another text.
    pub delete: bool,
    /// Why it was refused; absent while it waits.
    #[ts(type = "string | null")]
    pub failure: Option<ErrorCode>,
}

/// How many of those who were in the room when it was sent, and still are, a message has reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reach {
    /// How many there are.
    pub of: u32,
    /// How many have it on a device.
    pub delivered: u32,
    /// How many have read it.
    pub read: u32,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hit {
    /// The room.
    pub room: RoomId,
    /// The room's name, as in [`InboxRow`]; a booking's with its number.
    pub room_name: Option<String>,
    /// The room's trip.
    pub trip: Option<Trip>,
    /// Its place.
    pub seq: Seq,
    /// Who wrote it.
    pub author_name: String,
    /// Whether that is oneself.
    pub mine: bool,
    /// When it was sent.
    #[ts(type = "number")]
    pub at: Millis,
    /// What it says.
    pub text: String,
    /// Where the words stand in it: from and to, in UTF-16 code units, as the screen counts.
    pub marks: Vec<(u32, u32)>,
}

/// What a notification says. One for each room; a new one replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// The room.
    pub room: RoomId,
    /// The room's name, as in [`InboxRow`]; a booking's with its number.
    pub room_name: Option<String>,
    /// The room's trip.
    pub trip: Option<Trip>,
    /// Who wrote the newest message.
    pub author_name: String,
    /// What it says; absent for a kind that this version does not know.
    pub text: Option<String>,
    /// What the server says by itself, in place of a text.
    pub system: Option<System>,
    /// How many messages of the room one has not read; 100 means that many or more.
    pub unread: u32,
}

/// Where a message stands. Nothing is `sent` before its `ok`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    /// In the outbox.
    Waiting,
    /// The server has stored it.
    Sent,
    /// Everyone who was in the room has it on a device.
    Delivered,
    /// Everyone who was in the room has read it.
    Read,
    /// The server refused it: retry, edit or discard.
    Failed,
}
