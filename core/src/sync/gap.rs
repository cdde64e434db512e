//! Noticing what did not come: pure, time passed in.
//!
//! A live change that does not follow the cursor is held for a moment, because a hint may overtake another; then
//! the stream is asked for from the cursor on. A `heads` frame that is ahead of the cursor starts the same
//! clock, so that even a lost last change, which leaves no gap behind it, is found.

use std::collections::BTreeMap;
use tripchat_protocol::frame::LiveChange;
use tripchat_protocol::{Cursor, Epoch, Rev, StreamId};

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
    /// `catch_up` is out.
    Asked { until: u64 },
}

#[derive(Debug)]
struct Gap {
    state: State,
    /// Where the stream is known to stand, if it is known to be ahead.
    target: Option<(Epoch, Rev)>,
    held: BTreeMap<Rev, LiveChange>,
}

/// The streams that are known to be ahead of what is stored.
#[derive(Debug, Default)]
pub struct Gaps {
    streams: BTreeMap<StreamId, Gap>,
    /// Before `synced` the server reads to us unasked.
    open: bool,
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
                {
                    gap.held.insert(change.rev, change);
                }
                None
            }
        }
    }

    /// A head is known; if it is beyond the cursor, what is missing has to come.
    pub fn head(&mut self, now: u64, cursor: Option<Cursor>, stream: StreamId, head: (Epoch, Rev)) {
        if !reached(cursor, head) {
            self.ahead(now, stream, head);
        }
    }

    /// A page did not join what is stored.
    pub fn hole(&mut self, now: u64, stream: StreamId, upto: (Epoch, Rev)) {
        self.ahead(now, stream, upto);
        if let Some(gap) = self.streams.get_mut(&stream) {
            gap.state = State::Waiting { until: now + PATIENCE };
        }
    }

    /// A page was stored; whether another follows.
    pub fn page(&mut self, now: u64, stream: StreamId, more: bool) {
        if let Some(gap) = self.streams.get_mut(&stream)
            && matches!(gap.state, State::Asked { .. })
        {
            gap.state = if more {
                State::Asked { until: now + ANSWER }
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
        let closed = next.is_none() && gap.held.is_empty();
        if closed && gap.target.is_none_or(|target| reached(cursor, target)) {
            self.streams.remove(&stream);
        }
        next
    }

    /// The streams that have to be asked for now; they count as asked.
    pub fn due(&mut self, now: u64) -> Vec<StreamId> {
        if !self.open {
            return Vec::new();
        }
        let mut due = Vec::new();
        for (stream, gap) in &mut self.streams {
            if matches!(gap.state, State::Waiting { until } if until <= now) {
                gap.state = State::Asked { until: now + ANSWER };
                due.push(*stream);
            }
        }
        due
    }

    /// Whether an answer to `catch_up` is overdue.
    pub fn is_overdue(&self, now: u64) -> bool {
        self.streams.values().any(|gap| matches!(gap.state, State::Asked { until } if until <= now))
    }

    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        if !self.open {
            return None;
        }
        let until = |gap: &Gap| match gap.state {
            State::Waiting { until } | State::Asked { until } => until,
        };
        self.streams.values().map(until).min()
    }

    fn ahead(&mut self, now: u64, stream: StreamId, to: (Epoch, Rev)) {
        let gap = self.streams.entry(stream).or_insert_with(|| Gap {
            state: State::Waiting { until: now + PATIENCE },
            target: None,
            held: BTreeMap::new(),
        });
        gap.target = match gap.target {
            Some(target) if target.0 == to.0 && target.1 > to.1 => Some(target),
            _ => Some(to),
        };
    }
}

fn reached(cursor: Option<Cursor>, head: (Epoch, Rev)) -> bool {
    match cursor {
        Some(Cursor(epoch, rev)) => epoch == head.0 && rev >= head.1,
        None => head.1 == Rev(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::RoomId;
    use uuid::Uuid;

    const EPOCH: Epoch = Epoch(7);

    fn stream() -> StreamId {
        StreamId::Room(RoomId(Uuid::from_u128(1)))
    }

    fn at(rev: i64) -> Option<Cursor> {
        Some(Cursor(EPOCH, Rev(rev)))
    }

    fn change(rev: i64) -> LiveChange {
        LiveChange { stream: stream(), epoch: EPOCH, rev: Rev(rev), object: None }
    }

    fn open() -> Gaps {
        let mut gaps = Gaps::default();
        gaps.open();
        gaps
    }

    #[test]
    fn the_next_is_applied_and_the_old_ignored() {
        let mut gaps = open();
        assert_eq!(gaps.live(0, at(4), change(5)), Some(change(5)));
        assert_eq!(gaps.live(0, at(4), change(4)), None);
        assert_eq!(gaps.live(0, None, change(1)), Some(change(1)));
        assert_eq!(gaps.deadline(), None);
    }

    #[test]
    fn one_that_overtook_waits_for_the_one_before_it() {
        let mut gaps = open();
        assert_eq!(gaps.live(100, at(4), change(6)), None);
        assert_eq!(gaps.live(110, at(4), change(5)), Some(change(5)));
        assert_eq!(gaps.next(stream(), at(5)), Some(change(6)));
        assert_eq!(gaps.next(stream(), at(6)), None);
        assert_eq!(gaps.deadline(), None);
    }

    #[test]
    fn after_half_a_second_the_stream_is_asked_for_once() {
        let mut gaps = open();
        gaps.live(100, at(4), change(6));
        assert_eq!(gaps.deadline(), Some(600));
        assert_eq!(gaps.due(599), []);
        assert_eq!(gaps.due(600), [stream()]);
        assert_eq!(gaps.due(700), []);
        gaps.page(700, stream(), false);
        assert_eq!(gaps.next(stream(), at(6)), None);
        assert_eq!(gaps.deadline(), None);
    }

    #[test]
    fn an_answer_that_does_not_come_is_noticed() {
        let mut gaps = open();
        gaps.live(0, at(4), change(6));
        gaps.due(500);
        assert!(!gaps.is_overdue(10_499));
        assert!(gaps.is_overdue(10_500));
        gaps.page(10_500, stream(), true);
        assert!(!gaps.is_overdue(20_499));
    }

    #[test]
    fn a_lost_last_change_is_found_by_its_head() {
        let mut gaps = open();
        gaps.head(0, at(9), stream(), (EPOCH, Rev(9)));
        assert_eq!(gaps.deadline(), None);
        gaps.head(0, at(8), stream(), (EPOCH, Rev(9)));
        assert_eq!(gaps.due(500), [stream()]);
    }

    #[test]
    fn another_epoch_is_asked_for_with_the_old_cursor() {
        let mut gaps = open();
        let other = LiveChange { epoch: Epoch(8), ..change(5) };
        assert_eq!(gaps.live(0, at(4), other), None);
        assert_eq!(gaps.due(500), [stream()]);
    }

    #[test]
    fn nothing_is_asked_for_before_synced() {
        let mut gaps = Gaps::default();
        gaps.head(0, at(1), stream(), (EPOCH, Rev(9)));
        assert_eq!((gaps.due(9_999), gaps.deadline()), (vec![], None));
        gaps.next(stream(), at(9));
        gaps.open();
        assert_eq!(gaps.due(9_999), [], "it came by itself");
    }

    #[test]
    fn no_more_than_256_are_held() {
        let mut gaps = open();
        for rev in 3..=1_000 {
            gaps.live(0, at(1), change(rev));
        }
        let mut cursor = 2;
        while gaps.next(stream(), at(cursor)).is_some() {
            cursor += 1;
        }
        assert_eq!(cursor, 2 + 256);
        assert_eq!(gaps.due(500), [stream()], "the rest is asked for");
    }
}
