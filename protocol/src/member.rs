//! Who is in a room, seen from the room (`Member`) and from the person (`Membership`).

use crate::Millis;
use crate::ids::{RoomId, UserId};
use crate::room::{Room, RoomType};
use crate::stream::{Rev, Seq};
use crate::trip::Trip;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a member may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Also hides messages and mutes people.
    Moderator,
    /// Also changes the room and its members.
    Admin,
    /// Everything.
    Owner,
}

/// Whether a stay goes on. Nothing leaves a stream: an ended stay is a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the room.
    Current,
    /// No longer in the room.
    Ended,
}

/// A person in a room, as the room's people see them. No phone number, no e-mail, ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The person.
    pub user: UserId,
    /// The name they chose to show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they are here.
    pub state: Standing,
    /// The rev of the room at which their stay began: who came after a message is not waited for.
    pub since: Rev,
}

/// A room, as one person's inbox has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Membership {
    /// The room.
    pub room: RoomId,
    /// What the room is for.
    pub room_type: RoomType,
    /// What the person may do there.
    pub role: Role,
    /// Whether the stay goes on.
    pub state: Standing,
    /// The first rev of the stay that may be read.
    pub from_rev: Rev,
    /// The last rev that may be read, once the stay has ended.
    pub to_rev: Option<Rev>,
    /// What the person set about the room, the same on all devices.
    #[serde(default, flatten)]
    pub own: Own,
    /// Once the stay has ended: the room and its trip as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// What a person set about a room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Own {
    /// Kept at the top.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favourite: bool,
    /// No notification before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub muted_until: Option<Millis>,
    /// Put out of sight.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// Shown as unread; the next `read` clears it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked_unread: bool,
    /// What was begun and not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

/// A room that one has left, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Kept {
    /// The room.
    pub room: Room,
    /// Its trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trip: Option<Trip>,
}

/// One of the things that a person may set about a room; each is a value, the last one stands. On the wire an
/// object with one field: `{"draft": "…"}`, `{"muted_until": null}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// See [`Own::favourite`].
    Favourite(bool),
    /// See [`Own::muted_until`].
    MutedUntil(#[ts(type = "number | null")] Option<Millis>),
    /// See [`Own::archived`].
    Archived(bool),
    /// See [`Own::marked_unread`].
    MarkedUnread(bool),
    /// See [`Own::draft`]; at most [`crate::limits::TEXT_CHARS`].
    Draft(Option<String>),
}

/// How far a person has got in a room, over all their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonMarks {
    /// The person.
    pub user: UserId,
    /// A device of theirs has stored everything up to here.
    pub delivered: Seq,
    /// They have seen everything up to here.
    pub read: Seq,
}

/// Whether a person is there. Derived from live connections; nobody can raise it, only lower.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// No connection, for 15 s or more; or does not want to be seen.
    #[default]
    Offline,
    /// Connected, and not looking.
    Away,
    /// Connected.
    Online,
}

/// How far a person wants to be seen as present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// As they are.
    Online,
    /// Not more than away.
    Away,
    /// Not at all.
    Invisible,
}
