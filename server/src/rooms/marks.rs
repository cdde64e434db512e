//! How far people have got in a room. Marks only rise, and each commit that raised one gets a number.

use crate::error::Result;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::frame::{Done, Mark, Marks};
use tripchat_protocol::{ErrorCode, RoomId};
use uuid::Uuid;

/// Which of a person's marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// They have seen it.
    Read,
    /// A device of theirs has stored it.
    Delivered,
}

/// One wish to raise a mark.
#[derive(Debug)]
pub struct RaiseMark {
    /// Whose.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// Which.
    pub kind: MarkKind,
    /// What was asked for.
    pub frame: Mark,
}

/// Raises marks of one room, all in one transaction: one commit, one number, one hint.
#[derive(Debug)]
pub struct RaiseMarks {
    /// The room; what is asked for another one is refused.
    pub room: RoomId,
    /// In the order of their arrival.
    pub marks: Vec<RaiseMark>,
}

impl Job for RaiseMarks {
    /// One answer for each wish, in their order. A refusal of one spoils nothing for the others.
    type Out = Vec<std::result::Result<Done, ErrorCode>>;

    async fn run(&self, _tx: &mut Tx) -> Result<Self::Out> {
        Ok(self.marks.iter().map(|_| Err(ErrorCode::InvalidInput)).collect())
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.room.0)
    }
}

/// Reads the marks of `room`, whole: everybody's, in a large room the caller's own alone.
#[derive(Debug)]
pub struct ReadMarks {
    /// For whom.
    pub by: Caller,
    /// Of which room.
    pub room: RoomId,
}

impl Job for ReadMarks {
    type Out = Marks;

    async fn run(&self, _tx: &mut Tx) -> Result<Marks> {
        Err(ErrorCode::RoomNotFound.into())
    }
}
