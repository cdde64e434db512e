//! Where the rooms of a person stand that moved since their client knew.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{message, stream};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeMap;
use tripchat_protocol::frame::RoomHead;
use tripchat_protocol::{MarksNo, Rev, RoomCursor, RoomId, Seq};

/// Reads the heads of the caller's rooms.
#[derive(Debug)]
pub struct ReadHeads {
    /// For whom.
    pub by: Caller,
    /// How far their client has each room.
    pub known: BTreeMap<RoomId, RoomCursor>,
}

/// The caller's rooms.
#[derive(Debug)]
pub struct Heads {
    /// All of them.
    pub rooms: Vec<RoomId>,
    /// Those that moved, newest activity first.
    pub moved: Vec<RoomHead>,
    /// Those that the client knows and that are not theirs (any more), with the last rev that may be kept.
    pub gone: BTreeMap<RoomId, Option<Rev>>,
}

impl Job for ReadHeads {
    type Out = Heads;

    async fn run(&self, tx: &mut Tx) -> Result<Heads> {
        rights::session(tx, &self.by).await?;
        let all = stream::heads_of(tx, self.by.user).await?;
        let rooms: Vec<RoomId> = all.iter().map(|(room, _, _)| *room).collect();
        let gone = self.known.keys().filter(|room| !rooms.contains(room)).map(|room| (*room, None)).collect();
        let mut moved = Vec::new();
        for (room, epoch, head) in all {
            if self.known.get(&room) == Some(&RoomCursor(epoch, head, MarksNo(0))) {
                continue;
            }
            let newest = message::before_seq(tx, room, Seq(i64::MAX), 1).await?.into_iter().next();
            moved.push(RoomHead {
                room,
                epoch,
                head,
                marks: MarksNo(0),
                unread: 0,
                newest: newest.map(|it| it.message),
            });
        }
        Ok(Heads { rooms, moved, gone })
    }
}
