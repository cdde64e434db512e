//! What is committed at most once a second for a room: the first at once, what follows together when the second is
//! over. Pure: times are passed in.

use crate::tokens::Caller;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tripchat_protocol::frame::{Done, Mark};
use tripchat_protocol::{ErrorCode, RoomId};

/// Between two commits for a room.
const APART: Duration = Duration::from_secs(1);

/// Which of a person's marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// They have seen it.
    Read,
    /// A device of theirs has stored it.
    Delivered,
}

/// One wish to raise a mark, and where its answer goes.
#[derive(Debug)]
pub struct Wish {
    /// Whose.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// Which.
    pub kind: MarkKind,
    /// What was asked for.
    pub frame: Mark,
    /// The answer; it follows the commit.
    pub answer: oneshot::Sender<Result<Done, ErrorCode>>,
}

/// What waits for each room.
#[derive(Debug)]
pub struct Gathering<T> {
    rooms: BTreeMap<RoomId, Waiting<T>>,
}

#[derive(Debug)]
struct Waiting<T> {
    items: Vec<T>,
    next: Next,
}

/// When a room may be committed again.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// A commit is on its way.
    Committing,
    /// From then on.
    From(Instant),
}

impl<T> Default for Gathering<T> {
    fn default() -> Self {
        Self { rooms: BTreeMap::new() }
    }
}

impl<T> Gathering<T> {
    /// Another one for `room`.
    pub fn push(&mut self, room: RoomId, item: T, now: Instant) {
        let fresh = || Waiting { items: Vec::new(), next: Next::From(now) };
        self.rooms.entry(room).or_insert_with(fresh).items.push(item);
    }

    /// Everything of the rooms whose turn it is; they are being committed from now on.
    pub fn due(&mut self, now: Instant) -> Vec<(RoomId, Vec<T>)> {
        let mut due = Vec::new();
        self.rooms.retain(|room, waiting| match waiting.next {
            Next::From(at) if at <= now && waiting.items.is_empty() => false,
            Next::From(at) if at <= now => {
                waiting.next = Next::Committing;
                due.push((*room, std::mem::take(&mut waiting.items)));
                true
            }
            Next::From(_) | Next::Committing => true,
        });
        due
    }

    /// The commit for `room` has ended. The second begins only now: however long the commit took, two are never
    /// closer.
    pub fn committed(&mut self, room: RoomId, now: Instant) {
        if let Some(waiting) = self.rooms.get_mut(&room) {
            waiting.next = Next::From(now + APART);
        }
    }

    /// When something is due, or can be forgotten.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        let at = |waiting: &Waiting<T>| match waiting.next {
            Next::From(at) => Some(at),
            Next::Committing => None,
        };
        self.rooms.values().filter_map(at).min()
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

    #[test]
    fn the_first_goes_at_once_and_what_follows_goes_together_a_second_later() {
        let (mut gathering, now) = (Gathering::default(), Instant::now());
        gathering.push(room(1), 'a', now);
        assert_eq!(gathering.due(now), [(room(1), vec!['a'])]);
        gathering.push(room(1), 'b', now);
        assert_eq!(gathering.due(now + 10 * APART), [], "the commit is still on its way");
        let ended = now + APART;
        gathering.committed(room(1), ended);
        gathering.push(room(1), 'c', ended);
        gathering.push(room(2), 'd', ended);
        assert_eq!(gathering.due(ended), [(room(2), vec!['d'])], "rooms do not wait for each other");
        assert_eq!(gathering.next_due(), Some(ended + APART));
        assert_eq!(gathering.due(ended + APART), [(room(1), vec!['b', 'c'])]);
    }

    #[test]
    fn a_quiet_room_is_forgotten() {
        let (mut gathering, now) = (Gathering::default(), Instant::now());
        gathering.push(room(1), 'a', now);
        gathering.due(now);
        gathering.committed(room(1), now);
        assert_eq!(gathering.due(now + APART), []);
        assert!(gathering.rooms.is_empty());
        assert_eq!(gathering.next_due(), None);
    }

    proptest! {
        /// Nothing is lost or doubled, order is kept, and two commits of a room are a second apart.
        #[test]
        fn everything_goes_once_in_order(
            steps in prop::collection::vec((0_u64..700, 0_u128..2, prop::bool::ANY), 1..200),
        ) {
            let (mut gathering, mut now) = (Gathering::default(), Instant::now());
            let mut out: BTreeMap<RoomId, Vec<usize>> = BTreeMap::new();
            let mut ended: BTreeMap<RoomId, Instant> = BTreeMap::new();
            let mut pushed = [Vec::new(), Vec::new()];
            for (number, (wait, of, end)) in steps.into_iter().enumerate() {
                now += Duration::from_millis(wait);
                gathering.push(room(of), number, now);
                pushed[usize::try_from(of).unwrap()].push(number);
                for (room, items) in gathering.due(now) {
                    prop_assert!(ended.get(&room).is_none_or(|ended| now - *ended >= APART));
                    out.entry(room).or_default().extend(items);
                }
                if end {
                    gathering.committed(room(of), now);
                    ended.insert(room(of), now);
                }
            }
            for of in 0..2 {
                gathering.committed(room(of), now);
            }
            for (room, items) in gathering.due(now + APART) {
                out.entry(room).or_default().extend(items);
            }
            for (of, pushed) in (0_u128..).zip(pushed) {
                prop_assert_eq!(out.remove(&room(of)).unwrap_or_default(), pushed);
            }
        }
    }
}
