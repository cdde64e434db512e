//! What people did, as far as they were told that it is kept: the oracle's own memory.

use std::collections::BTreeMap;
use tripchat_core::view::SendState;
use tripchat_protocol::{MessageId, OperationId, RoomId};

/// A message that was taken.
#[derive(Debug, Clone)]
pub struct Said {
    pub id: MessageId,
    pub device: usize,
    pub person: usize,
    pub room: RoomId,
    pub text: String,
    /// Whether its device was signed out, and what was unsent discarded, before it was seen to be sent.
    pub discarded: bool,
    /// Whether it was put aside once: an edit then sends it anew, behind what was written since.
    pub parked: bool,
    /// The edits that were taken, in their order: by which device, named by what, and to which text.
    pub edits: Vec<(usize, OperationId, String)>,
    /// The deletions that were taken.
    pub deletes: Vec<(usize, OperationId)>,
}

/// Everything that was done.
#[derive(Debug, Default)]
pub struct Model {
    pub said: Vec<Said>,
    /// The last value that each device gave: room and device. Only a person's first device sets anything.
    pub favourites: BTreeMap<(RoomId, usize), bool>,
    /// The highest message that each person has seen in each room.
    pub seen: BTreeMap<(RoomId, usize), i64>,
    /// Devices that were signed out at some time: what they wanted then went with it.
    pub signed_out: Vec<usize>,
    /// Rooms and people that left at some time.
    pub left: Vec<(RoomId, usize)>,
}

/// Whether a message in this state has reached the server.
pub fn is_sent(state: SendState) -> bool {
    !matches!(state, SendState::Waiting | SendState::Failed)
}
