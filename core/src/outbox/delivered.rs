//! Telling how far this device has stored each room: by itself, at most one report of a room on its way. Pure.
//!
//! Nothing of it is kept: what is stored is counted again after a restart, and a report that was lost is made again.

use std::collections::BTreeMap;
use tripchat_protocol::{Epoch, OperationId, RoomId, Seq};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Names it.
    pub id: OperationId,
    /// The epoch in which the seq counts.
    pub epoch: Epoch,
    /// Everything up to here is stored.
    pub seq: Seq,
}

/// What each room's server side knows, and what is on the way to it.
#[derive(Debug, Default)]
pub struct Reports {
    told: BTreeMap<RoomId, (Epoch, Seq)>,
    open: BTreeMap<RoomId, Report>,
}

impl Reports {
    /// Everything up to `seq` is stored, of which `known` is known to the server; `fresh` names a report. Says
    /// whether that report is to be queued.
    pub fn stored(&mut self, room: RoomId, known: Seq, next: Report) -> bool {
        let told =
            self.told.get(&room).filter(|told| told.0 == next.epoch).map_or(known, |told| told.1.max(known));
        if next.seq <= told {
            return false;
        }
        let free = !self.open.contains_key(&room);
        if free {
            self.open.insert(room, next);
        }
        free
    }

    /// A report that waits or is on its way.
    pub fn get(&self, id: OperationId) -> Option<(RoomId, Report)> {
        self.open.iter().find(|(_, report)| report.id == id).map(|(room, report)| (*room, *report))
    }

    /// It was answered, whatever the answer: what was refused for ever is not told again. Returns its room, where
    /// more may have been stored meanwhile.
    pub fn answered(&mut self, id: OperationId) -> Option<RoomId> {
        let (room, report) = self.get(id)?;
        self.open.remove(&room);
        self.told.insert(room, (report.epoch, report.seq));
        Some(room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn report(n: u128, epoch: i64, seq: i64) -> Report {
        Report { id: OperationId(Uuid::from_u128(n)), epoch: Epoch(epoch), seq: Seq(seq) }
    }

    #[test]
    fn at_most_one_report_of_a_room_is_on_its_way_and_nothing_is_told_twice() {
        let room = RoomId(Uuid::from_u128(9));
        let mut reports = Reports::default();
        assert!(!reports.stored(room, Seq(5), report(1, 7, 5)), "the server knows");
        assert!(reports.stored(room, Seq(5), report(1, 7, 6)));
        assert!(!reports.stored(room, Seq(5), report(2, 7, 8)), "one is on its way");
        assert_eq!(reports.get(report(1, 7, 6).id), Some((room, report(1, 7, 6))));
        assert_eq!(reports.answered(report(2, 7, 8).id), None);
        assert_eq!(reports.answered(report(1, 7, 6).id), Some(room));
        assert!(!reports.stored(room, Seq(5), report(3, 7, 6)));
        assert!(reports.stored(room, Seq(5), report(3, 7, 8)), "what was stored meanwhile follows");
        assert!(reports.answered(report(3, 7, 8).id).is_some());
        assert!(reports.stored(room, Seq(0), report(4, 8, 2)), "another life of the room counts anew");
    }
}
