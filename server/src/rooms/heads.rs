//! Where the rooms of a person stand that moved since their client knew.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{message, stream};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeMap;
use tripchat_protocol::frame::RoomHead;
use tripchat_protocol::{Cursor, RoomId, Seq};

/// Reads the heads of the caller's rooms.
#[derive(Debug)]
pub struct ReadHeads {
    /// For whom.
    pub by: Caller,
    /// How far their client has each room.
    pub known: BTreeMap<RoomId, Cursor>,
}

/// The caller's rooms.
#[derive(Debug)]
pub struct Heads {
    /// All of them.
    pub rooms: Vec<RoomId>,
    /// Those that moved, newest activity first.
    pub moved: Vec<RoomHead>,
}

impl Job for ReadHeads {
    type Out = Heads;

    async fn run(&self, tx: &mut Tx) -> Result<Heads> {
        rights::session(tx, &self.by).await?;
        let all = stream::heads_of(tx, self.by.user).await?;
        let rooms = all.iter().map(|(room, _, _)| *room).collect();
        let mut moved = Vec::new();
        for (room, epoch, head) in all {
            if self.known.get(&room) == Some(&Cursor(epoch, head)) {
                continue;
            }
            let newest = message::before_seq(tx, room, Seq(i64::MAX), 1).await?.into_iter().next();
            moved.push(RoomHead { room, epoch, head, newest });
        }
        Ok(Heads { rooms, moved })
    }
}
