//! How often one says that one is writing: at most every 3 s for each room. Pure, time passed in.

use std::collections::BTreeMap;
use tripchat_protocol::RoomId;

/// The shortest time between two signals.
const EVERY: u64 = 3_000;

/// When each room was told last.
#[derive(Debug, Default)]
pub struct Signals(BTreeMap<RoomId, u64>);

impl Signals {
    /// Whether a signal may go now; it counts as sent.
    pub fn may_go(&mut self, now: u64, room: RoomId) -> bool {
        self.0.retain(|_, at| now.saturating_sub(*at) < EVERY);
        let free = !self.0.contains_key(&room);
        if free {
            self.0.insert(room, now);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    proptest! {
        #[test]
        fn typing_is_sent_at_most_every_three_seconds_for_a_room(
            keys in proptest::collection::vec((0_u64..2_000, 0_u128..2), 1..60),
        ) {
            let (mut signals, mut now) = (Signals::default(), 0);
            let mut last: BTreeMap<u128, u64> = BTreeMap::new();
            for (later, n) in keys {
                now += later;
                let since = last.get(&n).map(|at| now - at);
                let goes = signals.may_go(now, RoomId(Uuid::from_u128(n)));
                prop_assert_eq!(goes, since.is_none_or(|since| since >= 3_000));
                if goes {
                    last.insert(n, now);
                }
            }
        }
    }
}
