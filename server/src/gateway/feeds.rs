//! How far a connection has been told of each stream. Pure: it decides, the connection does.

use std::collections::BTreeMap;
use tripchat_protocol::{Cursor, Epoch, Rev, StreamId};

/// The streams of a connection and how far each was sent.
#[derive(Debug, Default)]
pub(super) struct Feeds(BTreeMap<StreamId, Option<Cursor>>);

/// What to do with a live change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It joins what was sent: send it.
    Next,
    /// It was sent already, or nobody listens any more.
    Known,
    /// Something is missing before it: read the database.
    Gap,
}

impl Feeds {
    /// Begins a feed at `since`; false if it had begun.
    pub(super) fn begin(&mut self, stream: StreamId, since: Option<Cursor>) -> bool {
        let fresh = !self.0.contains_key(&stream);
        if fresh {
            self.0.insert(stream, since);
        }
        fresh
    }

    /// Sets how far `stream` is known; false if it is not fed.
    pub(super) fn set(&mut self, stream: StreamId, since: Option<Cursor>) -> bool {
        self.0.get_mut(&stream).map(|cursor| *cursor = since).is_some()
    }

    pub(super) fn end(&mut self, stream: StreamId) {
        self.0.remove(&stream);
    }

    pub(super) fn since(&self, stream: StreamId) -> Option<Cursor> {
        self.0.get(&stream).copied().flatten()
    }

    /// Judges a live change, and counts it as sent if it is next.
    pub(super) fn judge(&mut self, stream: StreamId, epoch: Epoch, rev: Rev) -> Verdict {
        let Some(cursor) = self.0.get_mut(&stream) else { return Verdict::Known };
        match *cursor {
            Some(Cursor(known, sent)) if known == epoch && rev == sent.next() => {
                *cursor = Some(Cursor(epoch, rev));
                Verdict::Next
            }
            Some(Cursor(known, sent)) if known == epoch && rev <= sent => Verdict::Known,
            _ => Verdict::Gap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tripchat_protocol::RoomId;
    use uuid::Uuid;

    const EPOCH: Epoch = Epoch(3);

    fn stream() -> StreamId {
        StreamId::Room(RoomId(Uuid::from_u128(1)))
    }

    proptest! {
        /// Whatever arrives in whatever order: what is sent has no hole and no double.
        #[test]
        fn what_is_sent_is_a_run(start in 0_i64..5, arrivals in prop::collection::vec(1_i64..12, 0..60)) {
            let mut feeds = Feeds::default();
            feeds.begin(stream(), Some(Cursor(EPOCH, Rev(start))));
            let mut sent = start;
            for rev in arrivals {
                match feeds.judge(stream(), EPOCH, Rev(rev)) {
                    Verdict::Next => { prop_assert_eq!(rev, sent + 1); sent = rev; }
                    Verdict::Known => prop_assert!(rev <= sent),
                    Verdict::Gap => prop_assert!(rev > sent + 1),
                }
            }
        }
    }

    #[test]
    fn another_epoch_is_a_gap_and_an_unknown_stream_is_nothing() {
        let mut feeds = Feeds::default();
        assert_eq!(feeds.judge(stream(), EPOCH, Rev(1)), Verdict::Known);
        feeds.begin(stream(), Some(Cursor(EPOCH, Rev(4))));
        assert_eq!(feeds.judge(stream(), Epoch(4), Rev(5)), Verdict::Gap);
        feeds.end(stream());
        assert_eq!(feeds.judge(stream(), EPOCH, Rev(5)), Verdict::Known);
    }
}
