//! When a draft is sent: after a pause in the writing, or when the person turns away. Pure, time passed in.

use std::collections::BTreeMap;
use tripchat_protocol::{OperationId, RoomId};

/// This long without a key is a pause.
const PAUSE: u64 = 2_000;

/// The drafts that are being written.
#[derive(Debug, Default)]
pub struct Pauses(BTreeMap<RoomId, (OperationId, u64)>);

impl Pauses {
    /// A draft was changed.
    pub fn written(&mut self, now: u64, room: RoomId, id: OperationId) {
        self.0.insert(room, (id, now + PAUSE));
    }

    /// The person turned away from a room, or its draft is gone: the draft that was being written there.
    pub fn left(&mut self, room: RoomId) -> Option<OperationId> {
        self.0.remove(&room).map(|(id, _)| id)
    }

    /// Where something is being written.
    pub fn rooms(&self) -> Vec<RoomId> {
        self.0.keys().copied().collect()
    }

    /// Those whose writers pause by now; each once.
    pub fn due(&mut self, now: u64) -> Vec<(RoomId, OperationId)> {
        let due: Vec<_> =
            self.0.iter().filter(|(_, (_, at))| *at <= now).map(|(room, (id, _))| (*room, *id)).collect();
        for (room, _) in &due {
            self.0.remove(room);
        }
        due
    }

    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        self.0.values().map(|(_, at)| *at).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_draft_goes_two_seconds_after_the_last_key_or_when_the_person_leaves() {
        let (room, other) = (RoomId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        let id = |n| OperationId(Uuid::from_u128(n));
        let mut pauses = Pauses::default();
        pauses.written(0, room, id(1));
        pauses.written(1_500, room, id(2));
        pauses.written(1_600, other, id(3));
        assert_eq!(pauses.deadline(), Some(3_500));
        assert_eq!(pauses.due(3_499), []);
        assert_eq!(pauses.due(3_500), [(room, id(2))]);
        assert_eq!(pauses.left(other), Some(id(3)));
        assert_eq!((pauses.due(9_999), pauses.left(other), pauses.deadline()), (vec![], None, None));
    }
}
