//! What waits for one connection: bounded in frames and in bytes. Pure.
//!
//! Frames that may be lost are replaced by newer ones of the same key and are dropped first when space runs out. A
//! change that does not fit is not kept: its stream is lagging from then on, and is read from the database when
//! everything before it has left.

use axum::extract::ws::Utf8Bytes;
use std::collections::{BTreeMap, BTreeSet};
use tripchat_protocol::limits::FRAME_OUT;
use tripchat_protocol::{Epoch, MarksNo, Rev, RoomId, StreamId, UserId};

/// Frames that may leave in one write.
pub const TOGETHER: usize = 64;
/// Frames that may wait; those that are being written count too: together at most 512.
pub(super) const FRAMES: usize = 512 - TOGETHER;
/// Bytes that may wait, with room for what is being written, which is one frame and what the socket gathers: together
/// at most 1 MiB.
pub(super) const BYTES: usize = 1024 * 1024 - FRAME_OUT - GATHERED;
/// Bytes that a socket gathers before it writes.
pub const GATHERED: usize = 4 * 1024;

/// A change on its way to a connection, as it goes on the wire.
#[derive(Debug, Clone)]
pub struct Live {
    /// The stream.
    pub stream: StreamId,
    /// Its epoch.
    pub epoch: Epoch,
    /// The change's number.
    pub rev: Rev,
    /// The `change` frame.
    pub frame: Utf8Bytes,
}

/// A frame that may be lost: a newer one makes it worthless, or a read from the database heals it.
#[derive(Debug, Clone)]
pub struct Ephemeral {
    /// What it is about.
    pub about: About,
    /// The frame.
    pub frame: Utf8Bytes,
}

/// What an ephemeral frame is about. The newer of two that are about the same stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Somebody writes in a room.
    Typing(RoomId, UserId),
    /// Somebody is there, or no longer.
    Presence(UserId),
    /// The marks of a room, with their number.
    Marks(RoomId, Epoch, MarksNo),
}

/// What leaves the queue.
#[derive(Debug, Clone)]
pub enum Queued {
    /// A change.
    Live(Live),
    /// A frame that might have been lost.
    Ephemeral(Ephemeral),
}

/// What ephemeral frames are coalesced by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Typing(RoomId, UserId),
    Presence(UserId),
    Marks(RoomId),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<u64, Queued>,
    ephemeral: BTreeMap<Key, u64>,
    next: u64,
    bytes: usize,
    lagging: BTreeSet<StreamId>,
}

impl Queue {
    /// Takes a change; if it does not fit, its stream is lagging.
    pub(super) fn push(&mut self, live: Live) {
        // What follows a change that was dropped would only show the gap.
        if self.lagging.contains(&live.stream) {
            return;
        }
        while !self.has_room(live.frame.len()) {
            if !self.drop_oldest_ephemeral() {
                self.lagging.insert(live.stream);
                return;
            }
        }
        self.put(Queued::Live(live));
    }

    /// Takes an ephemeral frame, in the place of an older one about the same; drops it if there is no room.
    pub(super) fn push_ephemeral(&mut self, new: Ephemeral) {
        let key = new.about.key();
        if let Some(place) = self.ephemeral.get(&key).copied() {
            let older = self.waiting.get(&place).map_or(0, Queued::len);
            if self.bytes - older + new.frame.len() <= BYTES {
                self.bytes = self.bytes - older + new.frame.len();
                self.waiting.insert(place, Queued::Ephemeral(new));
            } else {
                self.remove(place);
            }
        } else if self.has_room(new.frame.len()) {
            self.ephemeral.insert(key, self.next);
            self.put(Queued::Ephemeral(new));
        }
    }

    /// The oldest frame.
    pub(super) fn pop(&mut self) -> Option<Queued> {
        let place = *self.waiting.first_key_value()?.0;
        self.remove(place)
    }

    /// The streams that must be read, once everything that waited has left.
    pub(super) fn take_lagging(&mut self) -> Option<BTreeSet<StreamId>> {
        let due = self.waiting.is_empty() && !self.lagging.is_empty();
        due.then(|| std::mem::take(&mut self.lagging))
    }

    /// `stream` must be read.
    pub(super) fn lag(&mut self, stream: StreamId) {
        self.lagging.insert(stream);
    }

    /// Nothing of `room` may leave any more: what waits is dropped, and the database is asked.
    pub(super) fn purge(&mut self, room: RoomId) {
        self.forget(StreamId::Room(room));
        self.lagging.insert(StreamId::Room(room));
    }

    /// Drops everything of `stream`.
    pub(super) fn forget(&mut self, stream: StreamId) {
        let is_of = |queued: &Queued| match queued {
            Queued::Live(live) => live.stream == stream,
            Queued::Ephemeral(Ephemeral { about, .. }) => match about {
                About::Typing(room, _) | About::Marks(room, _, _) => StreamId::Room(*room) == stream,
                About::Presence(_) => false,
            },
        };
        let places: Vec<u64> =
            self.waiting.iter().filter(|(_, it)| is_of(it)).map(|(place, _)| *place).collect();
        for place in places {
            self.remove(place);
        }
        self.lagging.remove(&stream);
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.waiting.len() < FRAMES && self.bytes + bytes <= BYTES
    }

    fn put(&mut self, queued: Queued) {
        self.bytes += queued.len();
        self.waiting.insert(self.next, queued);
        self.next += 1;
    }

    fn remove(&mut self, place: u64) -> Option<Queued> {
        let queued = self.waiting.remove(&place)?;
        self.bytes -= queued.len();
        if let Queued::Ephemeral(it) = &queued {
            self.ephemeral.remove(&it.about.key());
        }
        Some(queued)
    }

    fn drop_oldest_ephemeral(&mut self) -> bool {
        match self.ephemeral.values().min().copied() {
            Some(place) => self.remove(place).is_some(),
            None => false,
        }
    }
}

impl Queued {
    fn len(&self) -> usize {
        match self {
            Self::Live(live) => live.frame.len(),
            Self::Ephemeral(it) => it.frame.len(),
        }
    }
}

impl About {
    fn key(self) -> Key {
        match self {
            Self::Typing(room, user) => Key::Typing(room, user),
            Self::Presence(user) => Key::Presence(user),
            Self::Marks(room, _, _) => Key::Marks(room),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn room(number: u128) -> RoomId {
        RoomId(Uuid::from_u128(number))
    }

    fn user(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    fn live(number: u128, rev: i64, bytes: usize) -> Live {
        let stream = StreamId::Room(room(number));
        Live { stream, epoch: Epoch(1), rev: Rev(rev), frame: "x".repeat(bytes).into() }
    }

    fn typing(in_room: u128, by: u128, bytes: usize) -> Ephemeral {
        Ephemeral { about: About::Typing(room(in_room), user(by)), frame: "t".repeat(bytes).into() }
    }

    fn marks(in_room: u128, number: i64) -> Ephemeral {
        let about = About::Marks(room(in_room), Epoch(1), MarksNo(number));
        Ephemeral { about, frame: format!("marks {number}").into() }
    }

    fn revs(queue: &mut Queue) -> Vec<i64> {
        std::iter::from_fn(|| queue.pop())
            .filter_map(|it| if let Queued::Live(live) = it { Some(live.rev.0) } else { None })
            .collect()
    }

    #[test]
    fn ephemeral_frames_about_the_same_are_coalesced() {
        let mut queue = Queue::default();
        for number in 1..=100 {
            queue.push_ephemeral(marks(1, number));
            queue.push_ephemeral(marks(2, number));
            queue.push_ephemeral(typing(1, 7, 10));
        }
        let left: Vec<String> = std::iter::from_fn(|| queue.pop())
            .map(|it| match it {
                Queued::Ephemeral(it) => it.frame.to_string(),
                Queued::Live(_) => panic!("a change"),
            })
            .collect();
        assert_eq!(left, ["marks 100", "marks 100", "tttttttttt"]);
        assert_eq!(queue.bytes, 0);
    }

    #[test]
    fn ephemeral_frames_are_dropped_before_a_change_is() {
        let mut queue = Queue::default();
        for by in 0..u128::try_from(FRAMES).unwrap() {
            queue.push_ephemeral(typing(1, by, 10));
        }
        queue.push_ephemeral(typing(2, 1, 10));
        for rev in 1..=3 {
            queue.push(live(1, rev, 10));
        }
        assert_eq!(queue.waiting.len(), FRAMES);
        assert_eq!(queue.ephemeral.len(), FRAMES - 3);
        assert_eq!(queue.take_lagging(), None);
        assert_eq!(revs(&mut queue), [1, 2, 3]);
    }

    #[test]
    fn a_change_that_does_not_fit_makes_its_stream_lag_until_the_queue_is_empty() {
        let mut queue = Queue::default();
        let size = BYTES / 4;
        for rev in 1..=6 {
            queue.push(live(1, rev, size));
        }
        queue.push(live(2, 1, size));
        assert_eq!(queue.take_lagging(), None, "what waits goes first");
        assert_eq!(revs(&mut queue), [1, 2, 3, 4]);
        let both = [StreamId::Room(room(1)), StreamId::Room(room(2))];
        assert_eq!(queue.take_lagging(), Some(both.into()));
        queue.push(live(1, 7, size));
        assert_eq!(revs(&mut queue), [7], "once it is read, what comes is kept again");
    }

    #[test]
    fn purging_a_room_leaves_nothing_of_it_and_asks_the_database() {
        let mut queue = Queue::default();
        queue.push(live(1, 1, 10));
        queue.push(live(2, 9, 10));
        queue.push_ephemeral(typing(1, 5, 10));
        queue.push_ephemeral(marks(1, 3));
        queue.purge(room(1));
        assert_eq!(revs(&mut queue), [9]);
        assert_eq!(queue.take_lagging(), Some([StreamId::Room(room(1))].into()));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Change(u128, usize),
        Typing(u128, u128, usize),
        Pop,
        Purge(u128),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0_u128..3, 1_usize..200_000).prop_map(|(room, bytes)| Step::Change(room, bytes)),
            2 => (0_u128..3, 0_u128..300, 1_usize..4_000).prop_map(|(room, by, bytes)| Step::Typing(room, by, bytes)),
            2 => Just(Step::Pop),
            1 => (0_u128..3).prop_map(Step::Purge),
        ]
    }

    proptest! {
        /// I9: whatever comes in whatever order, the bounds hold; and a stream that lost a change is told.
        #[test]
        fn no_connection_queues_more_than_it_may(steps in prop::collection::vec(step(), 0..400)) {
            let mut queue = Queue::default();
            let mut made = [0_i64; 3];
            let mut sent = [0_i64; 3];
            for step in steps {
                match step {
                    Step::Change(of, bytes) => {
                        let place = usize::try_from(of).unwrap();
                        made[place] += 1;
                        queue.push(live(of, made[place], bytes));
                    }
                    Step::Typing(of, by, bytes) => queue.push_ephemeral(typing(of, by, bytes)),
                    Step::Purge(of) => queue.purge(room(of)),
                    Step::Pop => {
                        if let Some(Queued::Live(live)) = queue.pop() {
                            let place = usize::try_from(live.stream.uuid().as_u128()).unwrap();
                            prop_assert!(live.rev.0 > sent[place]);
                            sent[place] = live.rev.0;
                        }
                        // Reading a stream brings it to its head.
                        for stream in queue.take_lagging().into_iter().flatten() {
                            let place = usize::try_from(stream.uuid().as_u128()).unwrap();
                            sent[place] = made[place];
                        }
                    }
                }
                let bytes: usize = queue.waiting.values().map(Queued::len).sum();
                prop_assert_eq!(bytes, queue.bytes);
                prop_assert!(bytes + FRAME_OUT + GATHERED <= 1024 * 1024 && queue.waiting.len() + TOGETHER <= 512);
            }
            while let Some(queued) = queue.pop() {
                if let Queued::Live(live) = queued {
                    sent[usize::try_from(live.stream.uuid().as_u128()).unwrap()] = live.rev.0;
                }
            }
            for stream in queue.take_lagging().into_iter().flatten() {
                let place = usize::try_from(stream.uuid().as_u128()).unwrap();
                sent[place] = made[place];
            }
            prop_assert_eq!(sent, made);
        }
    }
}
