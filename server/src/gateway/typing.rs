//! How often a connection may say that its person is writing. Pure: times are passed in.

use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;
use tripchat_protocol::RoomId;

/// A client says it every three seconds; a frame that was held up on the road must not silence the next one.
const APART: Duration = Duration::from_millis(2_500);

/// Rooms that a person may write in at the same time; each costs a look at who is in it.
const ROOMS: usize = 16;

/// When the person was last said to be writing, by room.
#[derive(Debug, Default)]
pub(super) struct Typing(BTreeMap<RoomId, Instant>);

impl Typing {
    /// Whether it may be said of `room` now; then it counts as said.
    pub(super) fn may_say(&mut self, room: RoomId, now: Instant) -> bool {
        self.0.retain(|_, said| now.saturating_duration_since(*said) < APART);
        let may = !self.0.contains_key(&room) && self.0.len() < ROOMS;
        if may {
            self.0.insert(room, now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn typing_is_passed_on_once_in_three_seconds_for_a_room() {
        let (one, other) = (RoomId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        let (mut typing, start) = (Typing::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        assert!(typing.may_say(one, at(0)));
        assert!(typing.may_say(other, at(1)));
        assert!((0..25).all(|step| !typing.may_say(one, at(step * 100))));
        assert!(typing.may_say(one, at(2_900)), "held up by a tenth of a second, and then not");
        assert!(!typing.may_say(one, at(5_000)));
        assert_eq!(typing.0.len(), 1, "what is over is forgotten");
        let others = (10..90).filter(|room| typing.may_say(RoomId(Uuid::from_u128(*room)), at(5_000)));
        assert_eq!(others.count(), ROOMS - 1, "nobody writes in eighty rooms at once");
    }
}
