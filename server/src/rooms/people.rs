//! Who is in a room now. Nodes keep it, to hand nothing to anybody else.

use crate::error::Result;
use crate::rights;
use crate::store::tables::room;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::{BTreeMap, BTreeSet};
use tripchat_protocol::{Rev, RoomId, UserId};

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
        let people = room::current(tx, self.room).await?.into_iter().collect();
        Ok(Members { members_rev: Rev(0), people })
    }
}

/// Reads who shares a room with the caller now, the caller included, by room.
#[derive(Debug)]
pub struct ReadPeople {
    /// For whom.
    pub by: Caller,
}

impl Job for ReadPeople {
    type Out = BTreeMap<RoomId, BTreeSet<UserId>>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        rights::session(tx, &self.by).await?;
        let mut by_room = BTreeMap::<_, BTreeSet<_>>::new();
        for (room, user) in room::shared_with(tx, self.by.user).await? {
            by_room.entry(room).or_default().insert(user);
        }
        Ok(by_room)
    }
}
