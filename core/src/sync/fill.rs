//! Filling holes from the history: pure, time passed in; and storing what the history says.
//!
//! One request at a time. What somebody looks at comes first, the last look before the others; then the holes above
//! the delivered mark, newest first. Without a connection it waits, and a failure waits longer each time.

use super::apply::Applied;
use crate::cache::{Cache, CacheError, cursors, holes, messages, outbox};
use crate::session::backoff;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use tripchat_protocol::rest::History;
use tripchat_protocol::{Cursor, Epoch, Hole, RoomId, Seq, StreamId, UserId};

/// From where a hole is filled, and in which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is just before a place.
    Before(Seq),
    /// What is just after a place.
    After(Seq),
}

/// What to fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The room.
    pub room: RoomId,
    /// Where.
    pub side: Side,
}

impl Look {
    /// The seq that is missing, if this is still to be done.
    fn missing(self) -> Seq {
        match self.side {
            Side::Before(seq) => Seq(seq.0.saturating_sub(1)),
            Side::After(seq) => Seq(seq.0.saturating_add(1)),
        }
    }
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered.
    Filled,
    /// The server will not answer this.
    Refused,
    /// It did not work this time.
    Failed,
}

/// The one who fills.
#[derive(Debug, Default)]
pub struct Filler {
    open: bool,
    asked: Option<Look>,
    /// What the answer that is on its way says is void: the room was begun anew after it was asked.
    void: bool,
    wanted: Vec<Look>,
    /// Nothing is left in the background, until something is noted.
    rests: bool,
    /// Not before this.
    wait: u64,
    tries: u32,
    /// Rooms that the server will not answer for, on this connection.
    refused: BTreeSet<RoomId>,
}

impl Filler {
    /// The connection is ready.
    pub fn open(&mut self) {
        self.open = true;
        self.rests = false;
        self.refused.clear();
        (self.wait, self.tries) = (0, 0);
    }

    /// The connection is gone. What was asked may still be answered.
    pub fn lost(&mut self) {
        self.open = false;
    }

    /// Somebody looks at a place where something is missing.
    pub fn look(&mut self, look: Look) {
        self.wanted.retain(|wanted| *wanted != look);
        self.wanted.push(look);
    }

    /// Holes may have been noted.
    pub fn stir(&mut self) {
        self.rests = false;
    }

    /// A room was begun anew: an answer that was asked for before that is older than what is known.
    pub fn begun_anew(&mut self, room: RoomId) {
        self.void |= self.asked.is_some_and(|asked| asked.room == room);
    }

    /// Whether something may be asked for now.
    pub fn is_due(&self, now: u64) -> bool {
        self.deadline().is_some_and(|at| at <= now)
    }

    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        let has_work = !self.rests || !self.wanted.is_empty();
        (self.open && self.asked.is_none() && has_work).then_some(self.wait)
    }

    /// What to ask for now; it counts as asked.
    pub fn next(&mut self, db: &Connection, me: UserId) -> rusqlite::Result<Option<Look>> {
        while let Some(look) = self.wanted.pop() {
            if !self.refused.contains(&look.room) && holes::around(db, look.room, look.missing())?.is_some() {
                self.asked = Some(look);
                return Ok(Some(look));
            }
        }
        let holes = super::whole::to_fill(db, me)?;
        let first = holes.into_iter().find(|hole| !self.refused.contains(&hole.room));
        self.asked = first.map(|it| Look { room: it.room, side: Side::Before(it.hole.1) });
        self.rests = self.asked.is_none();
        Ok(self.asked)
    }

    /// An answer came, or will not; says whether it may be stored.
    pub fn answered(&mut self) -> bool {
        self.asked = None;
        !std::mem::take(&mut self.void)
    }

    /// What became of it. What somebody looked at is not forgotten by a failure.
    pub fn settle(&mut self, now: u64, look: Look, outcome: Outcome, below: impl FnOnce(u64) -> u64) {
        match outcome {
            Outcome::Filled => (self.wait, self.tries) = (0, 0),
            Outcome::Refused => {
                self.refused.insert(look.room);
            }
            Outcome::Failed => {
                self.wanted.push(look);
                self.wait = now + backoff::delay(self.tries, below);
                self.tries = self.tries.saturating_add(1);
            }
        }
    }
}

/// Stores a page of history and closes the stretch that it covers, in one transaction. An answer of another epoch, and
/// one that covers nothing, is void: says `None`.
///
/// # Errors
/// When the disk refuses; then nothing has changed.
pub fn store(
    cache: &mut Cache,
    me: UserId,
    look: Look,
    history: &History,
) -> Result<Option<Applied>, CacheError> {
    let tx = cache.write()?;
    let Some(hole) = holes::around(&tx, look.room, look.missing())? else { return Ok(None) };
    if epoch_of(&tx, look.room)?.is_some_and(|epoch| epoch != history.epoch) {
        return Ok(None);
    }
    let Some(covered) = covered(look.side, hole, history).filter(|it| it.contains(&look.missing().0)) else {
        return Ok(None);
    };
    holes::set_epoch(&tx, look.room, history.epoch)?;
    let mut applied = Applied { inbox: true, ..Applied::default() };
    applied.rooms.insert(look.room);
    for placed in &history.messages {
        let message = &placed.message;
        messages::upsert(&tx, look.room, placed.rev, message)?;
        if message.author == me && outbox::remove(&tx, message.id)? {
            applied.settled.push(message.id);
        }
    }
    holes::close(&tx, look.room, covered)?;
    tx.commit()?;
    Ok(Some(applied))
}

/// The seqs of which an answer tells everything; nothing if it says that there is more and tells nothing.
fn covered(side: Side, hole: Hole, history: &History) -> Option<RangeInclusive<i64>> {
    let seqs = history.messages.iter().map(|placed| placed.message.seq.0);
    match (side, history.has_more) {
        (Side::Before(seq), true) => seqs.min().map(|first| first..=seq.0 - 1),
        (Side::Before(seq), false) => Some(i64::MIN..=seq.0 - 1),
        (Side::After(seq), true) => seqs.max().map(|last| seq.0 + 1..=last),
        // It says that there is nothing above, as it then was: what was noted since is not meant.
        (Side::After(seq), false) => Some(seq.0 + 1..=hole.1.0 - 1),
    }
}

/// In which epoch the seqs of a room count here, if that is known.
fn epoch_of(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Epoch>> {
    match cursors::get(db, StreamId::Room(room))? {
        Some(Cursor(epoch, _)) => Ok(Some(epoch)),
        None => holes::epoch(db, room),
    }
}

#[cfg(test)]
#[path = "fill_tests.rs"]
mod tests;
