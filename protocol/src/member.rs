//! Who is in a room, seen from the room (`Member`) and from the person (`Membership`).

use crate::ids::{RoomId, UserId};
use crate::room::RoomType;
use crate::stream::Rev;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a member may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
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
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the room.
    Current,
    /// No longer in the room.
    Ended,
}

/// A person in a room, as the room's people see them. No phone number, no e-mail, ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Member {
    /// The person.
    pub user: UserId,
    /// The name they chose to show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they are here.
    pub state: Standing,
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
}
