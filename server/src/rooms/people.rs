//! Who is in a room now. Nodes keep it, to hand nothing to anybody else.

use crate::error::Result;
use crate::store::tables::{stay, stream};
use crate::store::{Job, Tx};
use std::collections::BTreeSet;
use tripchat_protocol::{Rev, RoomId, StreamId, UserId};

/// The people of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The rev at which they changed last.
    pub members_rev: Rev,
    /// Those who are in it now.
    pub people: BTreeSet<UserId>,
}

/// Reads who is in `room`. For the node itself; nobody is in a room that there is not.
#[derive(Debug)]
pub struct ReadMembers {
    /// Which room.
    pub room: RoomId,
}

impl Job for ReadMembers {
    type Out = Members;

    async fn run(&self, tx: &mut Tx) -> Result<Members> {
        let stream = stream::standing(tx, StreamId::Room(self.room)).await?;
        let people = stay::current_of(tx, self.room).await?.into_iter().collect();
        Ok(Members { members_rev: stream.map_or(Rev(0), |it| it.members_rev), people })
    }
}
