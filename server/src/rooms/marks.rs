//! How far people have got in a room. Marks only rise, and each commit that raised one gets a number.

use super::membership;
use crate::error::{Error, Result};
use crate::gathering::MarkKind;
use crate::rights;
use crate::store::tables::own::{self, Reached};
use crate::store::tables::stream::{self, Standing};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeSet;
use tripchat_protocol::frame::{Done, Mark, Marks};
use tripchat_protocol::limits::RECEIPTS_ROOM;
use tripchat_protocol::{ErrorCode, Own, RoomId, Seq, StreamId};
use tripchat_runtime::{Plant, planted};
use uuid::Uuid;

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

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        let at = tx.now();
        let mut raised = BTreeSet::new();
        let mut answers = Vec::with_capacity(self.marks.len());
        for mark in &self.marks {
            answers.push(match mark.raise(tx, self.room).await {
                Ok(rose) => {
                    if rose {
                        raised.insert(mark.by.user);
                    }
                    let stream = rose.then_some(StreamId::Room(self.room));
                    Ok(Done { id: Some(mark.frame.id), stream, rev: None, seq: None, at, duplicate: false })
                }
                Err(Error::Refused { code, .. }) => Err(code),
                Err(failure) => return Err(failure),
            });
        }
        if !raised.is_empty() {
            tx.record_marks(self.room, &raised).await?;
        }
        Ok(answers)
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.room.0)
    }
}

impl RaiseMark {
    /// Whether a mark rose by it. Everything is asked before anything is written: a refusal leaves nothing.
    async fn raise(&self, tx: &mut Tx, room: RoomId) -> Result<bool> {
        let Self { by, generation, kind, frame } = self;
        let newer = rights::is_newer(tx, by, *generation).await?;
        if frame.room != room {
            return Err(Error::invalid("room"));
        }
        rights::member(tx, by, room).await?;
        let stream = standing(tx, room).await?;
        if frame.epoch != stream.epoch {
            return Err(ErrorCode::Conflict.into());
        }
        if newer {
            rights::take_over(tx, by, *generation).await?;
        }
        let before = own::reached(tx, room, by.user).await?;
        let before = before.ok_or_else(|| Error::internal("a member without marks"))?;
        let after = raised(before, *kind, frame.seq.min(Seq(stream.head.0)));
        if *kind == MarkKind::Read {
            clear_marked_unread(tx, room, by).await?;
        }
        if after == before { Ok(false) } else { own::raise(tx, room, by.user, after).await }
    }
}

/// The marks once `kind` was raised to `seq`; what was read has been delivered.
fn raised(before: Reached, kind: MarkKind, seq: Seq) -> Reached {
    if planted(Plant::MarksOverwritten) {
        let read = if kind == MarkKind::Read { seq } else { before.read };
        return Reached { read, delivered: seq.max(read) };
    }
    let read = if kind == MarkKind::Read { before.read.max(seq) } else { before.read };
    Reached { read, delivered: before.delivered.max(seq).max(read) }
}

/// Who reads has it no longer marked as unread.
async fn clear_marked_unread(tx: &mut Tx, room: RoomId, by: &Caller) -> Result<()> {
    let set = own::settings(tx, room, by.user).await?;
    if set.marked_unread {
        own::put_settings(tx, room, by.user, &Own { marked_unread: false, ..set }).await?;
        membership::record(tx, room, by.user).await?;
    }
    Ok(())
}

async fn standing(tx: &mut Tx, room: RoomId) -> Result<Standing> {
    let found = stream::standing(tx, StreamId::Room(room)).await?;
    found.ok_or_else(|| Error::internal("a room without a stream"))
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

    async fn run(&self, tx: &mut Tx) -> Result<Marks> {
        let Self { by, room } = self;
        rights::session(tx, by).await?;
        rights::member(tx, by, *room).await?;
        let stream = standing(tx, *room).await?;
        let mut people = own::marks(tx, *room).await?;
        if people.len() > RECEIPTS_ROOM {
            people.retain(|person| person.user == by.user);
        }
        Ok(Marks { room: *room, epoch: stream.epoch, marks: stream.marks, people })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_reached() -> impl Strategy<Value = Reached> {
        (0_i64..9, 0_i64..9).prop_map(|(read, more)| Reached { read: Seq(read), delivered: Seq(read + more) })
    }

    proptest! {
        #[test]
        fn marks_never_fall_and_what_is_read_is_delivered(
            before in any_reached(), read: bool, seq in -3_i64..30,
        ) {
            let kind = if read { MarkKind::Read } else { MarkKind::Delivered };
            let after = raised(before, kind, Seq(seq));
            prop_assert!(after.read >= before.read && after.delivered >= before.delivered);
            prop_assert!(after.delivered >= after.read);
            let read_up_to = if read { before.read.max(Seq(seq)) } else { before.read };
            prop_assert_eq!(after.read, read_up_to);
            prop_assert!(after.delivered.0 >= seq);
        }
    }
}
