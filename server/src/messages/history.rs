//! History: a page of a room's messages by their place. The only way in which a former member reads.

use crate::error::Result;
use crate::rights;
use crate::store::tables::stay::{Interval, Stay};
use crate::store::tables::{message, stay, stream};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::rest::{History, Placed};
use tripchat_protocol::{Body, ErrorCode, Message, RoomId, Seq, StreamId};

/// Which messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The last ones.
    Newest,
    /// Those just before a place.
    Before(Seq),
    /// Those just after a place.
    After(Seq),
    /// Those on both sides of a place, the message there included.
    Around(Seq),
}

/// Reads a page of `room`: what lies in the caller's stays. A member gets it as it stands, a former one as it stood
/// when they left.
#[derive(Debug)]
pub struct ReadHistory {
    /// For whom.
    pub by: Caller,
    /// Which room.
    pub room: RoomId,
    /// Which messages.
    pub which: Which,
    /// At most so many.
    pub limit: i64,
}

impl Job for ReadHistory {
    type Out = History;

    async fn run(&self, tx: &mut Tx) -> Result<History> {
        rights::session(tx, &self.by).await?;
        let stay = stay::of(tx, self.room, self.by.user).await?;
        if stay == Stay::Stranger {
            return Err(ErrorCode::RoomNotFound.into());
        }
        let (epoch, _) = stream::head(tx, StreamId::Room(self.room)).await?;
        let (mut messages, has_more) = match self.which {
            Which::Newest => self.before(tx, Seq(i64::MAX), self.limit).await?,
            Which::Before(seq) => self.before(tx, seq, self.limit).await?,
            Which::After(seq) => self.after(tx, seq, self.limit).await?,
            Which::Around(seq) => {
                let older = self.limit / 2;
                let (mut messages, more_before) = self.before(tx, seq, older).await?;
                let at = Seq(seq.0.saturating_sub(1));
                let (newer, more_after) = self.after(tx, at, self.limit - older).await?;
                messages.extend(newer);
                (messages, more_before || more_after)
            }
        };
        if matches!(stay, Stay::Former(_)) {
            let stays = stay::intervals(tx, self.room, self.by.user).await?;
            for placed in &mut messages {
                self.turn_back(tx, &stays, placed).await?;
            }
        }
        Ok(History { epoch, messages, has_more })
    }
}

impl ReadHistory {
    async fn before(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<(Vec<Placed>, bool)> {
        let mut found = message::before_seq(tx, self.room, self.by.user, seq, limit + 1).await?;
        let more = cut(&mut found, limit);
        found.reverse();
        Ok((found, more))
    }

    async fn after(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<(Vec<Placed>, bool)> {
        let mut found = message::after_seq(tx, self.room, self.by.user, seq, limit + 1).await?;
        let more = cut(&mut found, limit);
        Ok((found, more))
    }

    /// Gives `placed` as it stood at the end of the last stay that it lies in. Deleting always wins: of what was
    /// taken away later that is told, and nothing else.
    async fn turn_back(&self, tx: &mut Tx, stays: &[Interval], placed: &mut Placed) -> Result<()> {
        let seq = placed.message.seq;
        let to_rev = stays.iter().filter(|stay| stay.holds(seq)).filter_map(|stay| stay.to_rev).max();
        let Some(to_rev) = to_rev.filter(|to_rev| placed.rev > *to_rev) else { return Ok(()) };
        let then = message::as_of(tx, self.room, &placed.message, to_rev).await?;
        if placed.message.body == Body::Deleted {
            placed.message = Message { body: Body::Deleted, ..then.message };
        } else {
            *placed = then;
        }
        Ok(())
    }
}

/// Cuts what was read only to know whether there is more.
fn cut<T>(found: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = found.len() > limit;
    found.truncate(limit);
    more
}
