//! Where the rooms of a person stand that moved since their client knew: enough for the rows of a list.

use crate::error::Result;
use crate::rights;
use crate::store::tables::stay::Stay;
use crate::store::tables::stream::Standing;
use crate::store::tables::{message, own, stay, stream};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeMap;
use tripchat_protocol::frame::RoomHead;
use tripchat_protocol::limits::UNREAD_MAX;
use tripchat_protocol::{Rev, RoomCursor, RoomId, Seq};

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
        let rooms: Vec<RoomId> = all.iter().map(|(room, _)| *room).collect();
        let mut moved = Vec::new();
        for (room, stream) in all {
            if self.known.get(&room) != Some(&RoomCursor(stream.epoch, stream.head, stream.marks)) {
                moved.push(self.head(tx, room, stream).await?);
            }
        }
        let mut gone = BTreeMap::new();
        for room in self.known.keys().filter(|room| !rooms.contains(room)) {
            let to_rev = match stay::of(tx, *room, self.by.user).await? {
                Stay::Former(to_rev) => Some(to_rev),
                Stay::Current(_) | Stay::Stranger => None,
            };
            gone.insert(*room, to_rev);
        }
        Ok(Heads { rooms, moved, gone })
    }
}

impl ReadHeads {
    async fn head(&self, tx: &mut Tx, room: RoomId, stream: Standing) -> Result<RoomHead> {
        let me = self.by.user;
        let Standing { epoch, head, marks, .. } = stream;
        let newest = message::newest_line(tx, room, me).await?;
        let read = own::reached(tx, room, me).await?.map_or(Seq(0), |reached| reached.read);
        // A stay begins with its mark, so that what lies above it lies in the stay.
        let unread = message::count_unread(tx, room, me, read, UNREAD_MAX).await?;
        Ok(RoomHead { room, epoch, head, marks, unread, newest })
    }
}
