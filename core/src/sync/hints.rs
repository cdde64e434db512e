//! Who is writing and who is there: pure, time passed in. Nothing of it is stored, and all of it is lost with the
//! connection that told it.

use std::collections::{BTreeMap, BTreeSet};
use tripchat_protocol::{Presence, RoomId, UserId};

/// How long somebody is shown as writing after their last sign of it.
const TYPING: u64 = 6_000;

/// What the connection has told.
#[derive(Debug, Default)]
pub struct Hints {
    /// Until when each is shown as writing.
    typing: BTreeMap<RoomId, BTreeMap<UserId, u64>>,
    /// Who was never told of is offline.
    presence: BTreeMap<UserId, Presence>,
}

impl Hints {
    /// Somebody writes; says whether that is new.
    pub fn typed(&mut self, now: u64, room: RoomId, user: UserId) -> bool {
        self.typing.entry(room).or_default().insert(user, now + TYPING).is_none()
    }

    /// A person's message came: they are done writing. Says whether they were shown as writing.
    pub fn wrote(&mut self, room: RoomId, user: UserId) -> bool {
        self.typing.get_mut(&room).is_some_and(|people| people.remove(&user).is_some())
    }

    /// Time has passed: the rooms in which somebody is not shown as writing any more.
    pub fn expire(&mut self, now: u64) -> Vec<RoomId> {
        let mut rooms = Vec::new();
        self.typing.retain(|room, people| {
            let before = people.len();
            people.retain(|_, until| *until > now);
            if people.len() < before {
                rooms.push(*room);
            }
            !people.is_empty()
        });
        rooms
    }

    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        self.typing.values().flat_map(BTreeMap::values).min().copied()
    }

    /// Who is writing in a room.
    pub fn typing(&self, room: RoomId) -> Vec<UserId> {
        self.typing.get(&room).map(|people| people.keys().copied().collect()).unwrap_or_default()
    }

    /// The presence of people was told: those of whom it is another now.
    pub fn told(&mut self, people: &BTreeMap<UserId, Presence>) -> Vec<UserId> {
        let mut changed = Vec::new();
        for (user, now) in people {
            if self.presence.insert(*user, *now).unwrap_or_default() != *now {
                changed.push(*user);
            }
        }
        changed
    }

    /// Whose presence was told.
    pub fn presence(&self) -> &BTreeMap<UserId, Presence> {
        &self.presence
    }

    /// The connection is gone. The rooms in which somebody was writing, and those who were there.
    pub fn lost(&mut self) -> (BTreeSet<RoomId>, Vec<UserId>) {
        let rooms = std::mem::take(&mut self.typing).into_keys().collect();
        let was_there = |(user, presence)| (presence != Presence::Offline).then_some(user);
        let people = std::mem::take(&mut self.presence).into_iter().filter_map(was_there).collect();
        (rooms, people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));
    const A: UserId = UserId(Uuid::from_u128(2));
    const B: UserId = UserId(Uuid::from_u128(3));

    #[test]
    fn typing_is_shown_for_six_seconds_after_its_last_signal() {
        let mut hints = Hints::default();
        assert!(hints.typed(1_000, ROOM, A));
        assert!(!hints.typed(4_000, ROOM, A), "it is shown already");
        assert_eq!((hints.typing(ROOM), hints.deadline()), (vec![A], Some(10_000)));
        assert_eq!(hints.expire(9_999), []);
        assert_eq!(hints.expire(10_000), [ROOM]);
        assert_eq!((hints.typing(ROOM), hints.deadline(), hints.expire(20_000)), (vec![], None, vec![]));
    }

    #[test]
    fn typing_is_cleared_by_the_persons_message() {
        let mut hints = Hints::default();
        hints.typed(0, ROOM, A);
        hints.typed(0, ROOM, B);
        assert!(hints.wrote(ROOM, A));
        assert!(!hints.wrote(ROOM, A));
        assert_eq!(hints.typing(ROOM), [B]);
    }

    #[test]
    fn who_was_never_told_of_is_offline_and_only_changes_are_news() {
        let mut hints = Hints::default();
        let told = BTreeMap::from([(A, Presence::Online), (B, Presence::Offline)]);
        assert_eq!(hints.told(&told), [A]);
        assert_eq!(hints.told(&told), []);
        assert_eq!(hints.told(&BTreeMap::from([(A, Presence::Away)])), [A]);
    }

    #[test]
    fn everything_is_lost_with_the_connection() {
        let mut hints = Hints::default();
        hints.typed(0, ROOM, A);
        hints.told(&BTreeMap::from([(A, Presence::Online), (B, Presence::Offline)]));
        assert_eq!(hints.lost(), (BTreeSet::from([ROOM]), vec![A]));
        assert_eq!((hints.typing(ROOM), hints.presence().len(), hints.deadline()), (vec![], 0, None));
    }
}
