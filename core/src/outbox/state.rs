//! What happens next to what is written: pure, time passed in.
//!
//! A lane per room, strictly one message of it in flight. A refusal for ever parks that one message and the lane
//! goes on; "later" waits; a refused token pauses everything until it is renewed. No answer in 10 s means that
//! the connection is not what it seems: it is dropped, and the same message is sent again, under the same id.

use crate::session::backoff;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tripchat_protocol::{ErrorCode, OperationId, Retry, RoomId};
use tripchat_runtime::{Plant, planted};

/// How long an answer may take.
const ANSWER: u64 = 10_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A row was stored, or un-parked, at the end of its lane.
    Queued(RoomId, OperationId),
    /// One that was sent once is to be sent again, before all that waits in its lane.
    Again(RoomId, OperationId),
    /// The connection is ready.
    Opened,
    /// The connection is gone, and with it whatever was on its way.
    Lost,
    /// The token was renewed and handed in.
    TokenRenewed,
    /// The result is stored.
    Settled(OperationId),
    /// The server refused it.
    Refused(Refusal),
    /// The person took it back.
    Withdrawn(OperationId),
    /// Time has passed.
    Tick,
}

/// How the server refused a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub id: OperationId,
    /// Why.
    pub code: ErrorCode,
    /// What to do about it.
    pub retry: Retry,
    /// How long to wait before that, in milliseconds, if the server said.
    pub after: Option<u64>,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Note the attempt, then send it.
    Transmit(OperationId),
    /// Note why it was refused.
    Park(RoomId, OperationId, ErrorCode),
    /// Renew the token.
    RenewToken,
    /// An answer did not come: drop the connection.
    Fault,
}

#[derive(Debug, Default)]
struct Lane {
    queue: VecDeque<OperationId>,
    /// When the answer for the first of the queue is overdue, while it is on its way.
    in_flight: Option<u64>,
    /// Not before this.
    wait: u64,
    /// How often the first of the queue was put off.
    put_off: u32,
    /// Those of the queue that are sent again, before the others.
    again: BTreeSet<OperationId>,
}

impl Lane {
    fn next(&self) -> Option<OperationId> {
        let next = if planted(Plant::LaneNotSerial) { self.queue.back() } else { self.queue.front() };
        next.copied()
    }

    /// Before all others, but behind one that is on its way and those that were put there so.
    fn put_first(&mut self, id: OperationId) {
        let last = self.queue.iter().rposition(|queued| self.again.contains(queued));
        let place = last.map_or(usize::from(self.in_flight.is_some()), |place| place + 1);
        self.queue.insert(place.min(self.queue.len()), id);
        self.again.insert(id);
    }
}

/// All lanes.
#[derive(Debug, Default)]
pub struct Lanes {
    rooms: BTreeMap<RoomId, Lane>,
    open: bool,
    /// Waiting for a fresh token.
    paused: bool,
}

impl Lanes {
    /// Takes what happened at `now`; `below` draws jitter.
    pub fn on(&mut self, now: u64, input: Input, below: impl Fn(u64) -> u64) -> Vec<Step> {
        let mut steps = Vec::new();
        match input {
            Input::Queued(room, id) => self.rooms.entry(room).or_default().queue.push_back(id),
            Input::Again(room, id) => self.rooms.entry(room).or_default().put_first(id),
            Input::Opened => (self.open, self.paused) = (true, false),
            Input::Lost => self.lost(),
            Input::TokenRenewed => self.paused = false,
            Input::Settled(id) | Input::Withdrawn(id) => self.take(id),
            Input::Refused(refusal) => self.refused(now, refusal, below, &mut steps),
            Input::Tick => self.overdue(now, &mut steps),
        }
        self.transmit(now, &mut steps);
        steps
    }

    /// When [`Input::Tick`] is due.
    pub fn deadline(&self) -> Option<u64> {
        if !self.open {
            return None;
        }
        let next = |lane: &Lane| match lane.in_flight {
            Some(until) => Some(until),
            None if lane.queue.is_empty() || self.paused => None,
            None => Some(lane.wait),
        };
        self.rooms.values().filter_map(next).min()
    }

    /// Whether it is on its way right now.
    #[cfg(test)]
    pub fn in_flight(&self) -> Vec<(RoomId, OperationId)> {
        let first =
            |(room, lane): (&RoomId, &Lane)| lane.in_flight.and(lane.queue.front()).map(|id| (*room, *id));
        self.rooms.iter().filter_map(first).collect()
    }

    fn lost(&mut self) {
        self.open = false;
        for lane in self.rooms.values_mut() {
            lane.in_flight = None;
        }
    }

    /// Removes it from its lane, wherever it stands.
    fn take(&mut self, id: OperationId) {
        for lane in self.rooms.values_mut() {
            lane.again.remove(&id);
            if lane.queue.front() == Some(&id) {
                lane.queue.pop_front();
                lane.in_flight = None;
                (lane.wait, lane.put_off) = (0, 0);
            } else {
                lane.queue.retain(|queued| *queued != id);
            }
        }
        self.rooms.retain(|_, lane| !lane.queue.is_empty());
    }

    fn refused(
        &mut self,
        now: u64,
        Refusal { id, code, retry, after }: Refusal,
        below: impl Fn(u64) -> u64,
        steps: &mut Vec<Step>,
    ) {
        let Some((room, lane)) = self.rooms.iter_mut().find(|(_, lane)| lane.queue.contains(&id)) else {
            return;
        };
        if retry == Retry::Never {
            steps.push(Step::Park(*room, id, code));
            self.take(id);
            return;
        }
        if lane.queue.front() != Some(&id) || lane.in_flight.is_none() {
            return;
        }
        lane.in_flight = None;
        let delay = || backoff::delay(lane.put_off, &below);
        match retry {
            // The first time a fresh token will do; a server that refuses fresh ones is not to be hurried.
            Retry::Auth => {
                lane.wait = if lane.put_off == 0 { now } else { now + delay() };
                self.paused = true;
                steps.push(Step::RenewToken);
            }
            Retry::Later | Retry::Never => lane.wait = now + after.unwrap_or_else(delay),
        }
        lane.put_off = lane.put_off.saturating_add(1);
    }

    fn overdue(&mut self, now: u64, steps: &mut Vec<Step>) {
        if self.rooms.values().any(|lane| lane.in_flight.is_some_and(|until| until <= now)) {
            steps.push(Step::Fault);
            self.lost();
        }
    }

    fn transmit(&mut self, now: u64, steps: &mut Vec<Step>) {
        if !self.open || self.paused {
            return;
        }
        for lane in self.rooms.values_mut() {
            if lane.in_flight.is_none()
                && lane.wait <= now
                && let Some(id) = lane.next()
            {
                lane.in_flight = Some(now + ANSWER);
                steps.push(Step::Transmit(id));
            }
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
