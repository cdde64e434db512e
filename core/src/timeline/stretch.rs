//! A piece of a room from the cache: bounded, in order, and without a hole in it.

use crate::cache::{holes, messages};
use crate::sync::whole;
use crate::view::{Edge, Place};
use rusqlite::Connection;
use tripchat_protocol::{Message, RoomId, Seq};

/// Most rows of a page.
const PAGE: u32 = 200;
/// Most rows of what is looked at again.
const AGAIN: u32 = 500;
/// Above and below every message.
const TOP: Seq = Seq(i64::MAX);
const BOTTOM: Seq = Seq(i64::MIN);

/// What lies beyond an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing.
    Nothing,
    /// More, here.
    More,
    /// A hole, to be filled from here.
    Hole(Seq),
    /// What the server has and did not send yet.
    Behind,
}

impl Beyond {
    /// As the screen is told.
    pub fn edge(self) -> Edge {
        match self {
            Self::Nothing => Edge::End,
            Self::More => Edge::More,
            Self::Hole(_) | Self::Behind => Edge::Hole,
        }
    }
}

/// The piece.
#[derive(Debug, PartialEq)]
pub struct Stretch {
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// What is before them.
    pub older: Beyond,
    /// What is after them.
    pub newer: Beyond,
}

impl Stretch {
    /// Whether what is written next follows it.
    pub fn is_at_the_end(&self) -> bool {
        matches!(self.newer, Beyond::Nothing | Beyond::Behind)
    }
}

/// A room, and how it stands.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    /// The cache.
    pub db: &'a Connection,
    /// The room.
    pub room: RoomId,
    /// Whether more than is stored is to come.
    pub behind: whole::Behind,
    /// Up to here one has read, if something above is unread.
    pub unread_above: Option<Seq>,
}

/// The piece at a place, of at most `limit` messages.
pub fn at(shelf: Shelf<'_>, place: Place, limit: u32) -> rusqlite::Result<Stretch> {
    let limit = limit.clamp(1, PAGE);
    match place {
        Place::Newest => shelf.before(TOP, limit),
        Place::FirstUnread => match shelf.unread_above {
            Some(read) => shelf.around(read, limit / 2, limit),
            None => shelf.before(TOP, limit),
        },
        Place::Before { seq } => shelf.before(seq, limit),
        Place::After { seq } => shelf.after(seq, limit),
        // With the message itself among the older ones.
        Place::Around { seq } => shelf.around(seq, limit / 2 + 1, limit),
        Place::Between { from, to } => shelf.between(from, to),
    }
}

impl Shelf<'_> {
    fn before(self, seq: Seq, limit: u32) -> rusqlite::Result<Stretch> {
        let (messages, older) = self.down(seq, limit)?;
        let (_, newer) = self.up(just_below(seq), 0)?;
        Ok(Stretch { messages, older, newer })
    }

    fn after(self, seq: Seq, limit: u32) -> rusqlite::Result<Stretch> {
        let (messages, newer) = self.up(seq, limit)?;
        let (_, older) = self.down(just_above(seq), 0)?;
        Ok(Stretch { messages, older, newer })
    }

    /// At most `older` messages up to a place, and what follows it.
    fn around(self, seq: Seq, older: u32, limit: u32) -> rusqlite::Result<Stretch> {
        let (mut messages, older) = self.down(just_above(seq), older)?;
        let rest = limit.saturating_sub(u32::try_from(messages.len()).unwrap_or(u32::MAX));
        let (above, newer) = self.up(seq, rest.max(1))?;
        messages.extend(above);
        Ok(Stretch { messages, older, newer })
    }

    fn between(self, from: Seq, to: Option<Seq>) -> rusqlite::Result<Stretch> {
        let start = just_below(from);
        let Some(to) = to else { return self.to_the_end(start) };
        let (mut messages, mut newer) = self.up(start, AGAIN)?;
        let whole = messages.len();
        messages.retain(|message| message.seq <= to);
        if messages.len() < whole {
            newer = Beyond::More;
        }
        let (_, older) = self.down(from, 0)?;
        Ok(Stretch { messages, older, newer })
    }

    /// Everything above a place. Of very much the newest, because whoever looks to the end stands there; but a hole
    /// ends it from below, because what is on the screen stays there.
    fn to_the_end(self, start: Seq) -> rusqlite::Result<Stretch> {
        if holes::above(self.db, self.room, start)?.is_some() {
            return self.after(start, AGAIN);
        }
        let (mut messages, mut older) = self.down(TOP, AGAIN)?;
        let all = messages.len();
        messages.retain(|message| message.seq > start);
        if messages.len() < all {
            older = self.down(just_above(start), 0)?.1;
        }
        let (_, newer) = self.up(TOP, 0)?;
        Ok(Stretch { messages, older, newer })
    }

    /// The newest messages below a place, down to a hole.
    fn down(self, seq: Seq, limit: u32) -> rusqlite::Result<(Vec<Message>, Beyond)> {
        let hole = holes::below(self.db, self.room, seq)?;
        let from = hole.map_or(BOTTOM, |hole| hole.1);
        let mut rows = messages::below(self.db, self.room, (from, seq), limit.saturating_add(1))?;
        let beyond = if exceeds(&rows, limit) {
            rows.remove(0);
            Beyond::More
        } else {
            match hole {
                Some(hole) => Beyond::Hole(hole.1.min(seq)),
                None if self.behind == whole::Behind::Nothing => Beyond::Behind,
                None => Beyond::Nothing,
            }
        };
        Ok((rows, beyond))
    }

    /// The oldest messages above a place, up to a hole.
    fn up(self, seq: Seq, limit: u32) -> rusqlite::Result<(Vec<Message>, Beyond)> {
        let hole = holes::above(self.db, self.room, seq)?;
        let to = hole.map_or(TOP, |hole| hole.0);
        let mut rows = messages::above(self.db, self.room, (seq, to), limit.saturating_add(1))?;
        let beyond = if exceeds(&rows, limit) {
            rows.pop();
            Beyond::More
        } else {
            match hole {
                Some(hole) => Beyond::Hole(hole.0.max(seq)),
                None if self.behind == whole::Behind::No => Beyond::Nothing,
                None => Beyond::Behind,
            }
        };
        Ok((rows, beyond))
    }
}

fn exceeds(rows: &[Message], limit: u32) -> bool {
    u32::try_from(rows.len()).map_or(true, |length| length > limit)
}

fn just_below(seq: Seq) -> Seq {
    Seq(seq.0.saturating_sub(1))
}

fn just_above(seq: Seq) -> Seq {
    Seq(seq.0.saturating_add(1))
}

#[cfg(test)]
#[path = "stretch_tests.rs"]
mod tests;
