//! Noticing what did not come: pure, time passed in.
//!
//! A live change that does not follow the cursor is held for a moment, because a hint may overtake another; then
//! the stream is asked for from the cursor on. A `heads` frame that is ahead of the cursor, or of the marks, starts
//! the same clock, so that even a lost last change, which leaves no gap behind it, is found.
//!
//! Rooms that the first catch-up left behind have their turn one by one, in the order in which their heads were told:
//! newest activity first. One that somebody opens comes before the others.

use std::collections::BTreeMap;
use tripchat_protocol::frame::LiveChange;
use tripchat_protocol::{Cursor, Epoch, Head, MarksNo, Rev, StreamId};

/// How long a change that came too early waits for those before it.
const PATIENCE: u64 = 500;
/// Most changes held for one stream; the rest comes with the catch-up.
const HELD: usize = 256;
/// No answer to `catch_up` after this long: the connection is not what it seems.
const ANSWER: u64 = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Waiting for what may still come by itself.
    Waiting { until: u64 },
    /// Behind, until its turn comes.
    Queued { turn: i64 },
    /// `catch_up` is out; whether this was its turn.
    Asked { until: u64, in_turn: bool },
}

#[derive(Debug)]
struct Gap {
    state: State,
    /// Where the stream is known to stand, if it is known to be ahead.
    target: Option<(Epoch, Rev)>,
    /// The number that its marks are known to have, if it is higher than that of those that are stored.
    marks: Option<MarksNo>,
    /// Whether the marks were asked for, and did not come. Then the next `heads` starts it again.
    asked_for_marks: bool,
    held: BTreeMap<Rev, LiveChange>,
}

/// The streams that are known to be ahead of what is stored.
#[derive(Debug, Default)]
pub struct Gaps {
    streams: BTreeMap<StreamId, Gap>,
    /// Before `synced` the server reads to us unasked.
    open: bool,
    /// The turns that were given.
    turns: i64,
    /// How many were called before their turn.
    called: i64,
}

impl Gaps {
    /// `synced` has come: from here on whatever is missing is asked for.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// The connection is gone; the next one begins with the cursors.
    pub fn lost(&mut self) {
        *self = Self::default();
    }

    /// The stream may not be read any more.
    pub fn forget(&mut self, stream: StreamId) {
        self.streams.remove(&stream);
    }

    /// Whether what is missing of a stream is about to come. One that is behind is not: its turn may be far.
    pub fn is_coming(&self, stream: StreamId) -> bool {
        self.streams.get(&stream).is_some_and(|gap| !matches!(gap.state, State::Queued { .. }))
    }

    /// A live change came: returns it if it is to be stored now, keeps or drops it otherwise.
    pub fn live(&mut self, now: u64, cursor: Option<Cursor>, change: LiveChange) -> Option<LiveChange> {
        match cursor {
            Some(Cursor(epoch, _)) if epoch != change.epoch => {
                self.ahead(now, change.stream, (change.epoch, change.rev));
                None
            }
            Some(Cursor(_, rev)) if change.rev <= rev => None,
            cursor if change.rev == cursor.map_or(Rev(0), |cursor| cursor.1).next() => Some(change),
            _ => {
                self.ahead(now, change.stream, (change.epoch, change.rev));
                if let Some(gap) = self.streams.get_mut(&change.stream)
                    && gap.held.len() < HELD
                    && !matches!(gap.state, State::Queued { .. })
                {
                    gap.held.insert(change.rev, change);
                }
                None
            }
        }
    }

    /// A head is known, and what is stored; if it is beyond that, what is missing has to come.
    pub fn head(&mut self, now: u64, stored: (Option<Cursor>, MarksNo), stream: StreamId, head: Head) {
        let Head(epoch, rev, marks) = head;
        if !reached(stored.0, (epoch, rev)) {
            self.ahead(now, stream, (epoch, rev));
        }
        if marks > stored.1 {
            let gap = self.gap(now, stream);
            gap.marks = Some(marks);
            gap.asked_for_marks = false;
        }
    }

    /// As [`Gaps::head`], of a room that the server may leave behind: it has its turn after those before it.
    pub fn behind(&mut self, now: u64, stored: (Option<Cursor>, MarksNo), stream: StreamId, head: Head) {
        let is_new = !self.streams.contains_key(&stream);
        self.head(now, stored, stream, head);
        if let Some(gap) = self.streams.get_mut(&stream).filter(|_| is_new) {
            self.turns += 1;
            gap.state = State::Queued { turn: self.turns };
        }
    }

    /// Somebody looks at a room: if it is behind, its turn is next.
    pub fn opened(&mut self, stream: StreamId) {
        if let Some(Gap { state: State::Queued { turn }, .. }) = self.streams.get_mut(&stream) {
            self.called += 1;
            *turn = -self.called;
        }
    }

    /// Marks with this number are stored.
    pub fn has_marks(&mut self, stream: StreamId, number: MarksNo) {
        if let Some(gap) = self.streams.get_mut(&stream)
            && gap.marks.is_some_and(|wanted| wanted <= number)
        {
            gap.marks = None;
        }
    }

    /// A page did not join what is stored.
    pub fn apart(&mut self, now: u64, stream: StreamId, upto: (Epoch, Rev)) {
        self.ahead(now, stream, upto);
        if let Some(gap) = self.streams.get_mut(&stream) {
            gap.state = State::Waiting { until: now + PATIENCE };
        }
    }

    /// A page was stored; whether another follows.
    pub fn page(&mut self, now: u64, stream: StreamId, more: bool) {
        if let Some(gap) = self.streams.get_mut(&stream)
            && let State::Asked { in_turn, .. } = gap.state
        {
            gap.state = if more {
                State::Asked { until: now + ANSWER, in_turn }
            } else {
                State::Waiting { until: now + PATIENCE }
            };
        }
    }

    /// The cursor has moved: the held change that follows it now, if there is one.
    pub fn next(&mut self, stream: StreamId, cursor: Option<Cursor>) -> Option<LiveChange> {
        let gap = self.streams.get_mut(&stream)?;
        let rev = cursor.map_or(Rev(0), |cursor| cursor.1);
        gap.held = gap.held.split_off(&rev.next());
        gap.held.retain(|_, change| cursor.is_none_or(|cursor| cursor.0 == change.epoch));
        let next = gap.held.remove(&rev.next());
        if next.is_none() && gap.held.is_empty() && gap.target.is_none_or(|target| reached(cursor, target)) {
            gap.target = None;
            if gap.marks.is_none() {
                self.streams.remove(&stream);
            }
        }
        next
    }

    /// The streams that have to be asked for now; they count as asked.
    pub fn due(&mut self, now: u64) -> Vec<StreamId> {
        if !self.open {
            return Vec::new();
        }
        let is_due = |gap: &Gap| matches!(gap.state, State::Waiting { until } if until <= now);
        self.streams.retain(|_, gap| !(is_due(gap) && gap.asked_for_marks && gap.target.is_none()));
        let mut due: Vec<StreamId> =
            self.streams.iter().filter(|(_, gap)| is_due(gap)).map(|(stream, _)| *stream).collect();
        let next = self.next_in_turn();
        due.extend(next);
        for stream in &due {
            if let Some(gap) = self.streams.get_mut(stream) {
                gap.state = State::Asked { until: now + ANSWER, in_turn: next == Some(*stream) };
                gap.asked_for_marks = gap.marks.is_some();
            }
        }
        due
    }

    /// Whether an answer to `catch_up` is overdue.
    pub fn is_overdue(&self, now: u64) -> bool {
        self.streams.values().any(|gap| matches!(gap.state, State::Asked { until, .. } if until <= now))
    }

    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        if !self.open {
            return None;
        }
        let until = |gap: &Gap| match gap.state {
            State::Waiting { until } | State::Asked { until, .. } => Some(until),
            State::Queued { .. } => None,
        };
        let in_turn = self.next_in_turn().map(|_| 0);
        self.streams.values().filter_map(until).chain(in_turn).min()
    }

    /// The one whose turn it is, unless the one before it is not done.
    fn next_in_turn(&self) -> Option<StreamId> {
        if self.streams.values().any(|gap| matches!(gap.state, State::Asked { in_turn: true, .. })) {
            return None;
        }
        let queued = |(stream, gap): (&StreamId, &Gap)| match gap.state {
            State::Queued { turn } => Some((turn, *stream)),
            _ => None,
        };
        self.streams.iter().filter_map(queued).min().map(|(_, stream)| stream)
    }

    fn ahead(&mut self, now: u64, stream: StreamId, to: (Epoch, Rev)) {
        let gap = self.gap(now, stream);
        gap.target = match gap.target {
            Some(target) if target.0 == to.0 && target.1 > to.1 => Some(target),
            _ => Some(to),
        };
    }

    fn gap(&mut self, now: u64, stream: StreamId) -> &mut Gap {
        self.streams.entry(stream).or_insert_with(|| Gap {
            state: State::Waiting { until: now + PATIENCE },
            target: None,
            marks: None,
            asked_for_marks: false,
            held: BTreeMap::new(),
        })
    }
}

fn reached(cursor: Option<Cursor>, head: (Epoch, Rev)) -> bool {
    match cursor {
        Some(Cursor(epoch, rev)) => epoch == head.0 && rev >= head.1,
        None => head.1 == Rev(0),
    }
}

#[cfg(test)]
#[path = "gap_tests.rs"]
mod tests;
