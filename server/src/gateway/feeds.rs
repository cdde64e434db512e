//! How far a connection has been told of each stream. Pure: it decides, the connection does.

use std::collections::BTreeMap;
use tripchat_protocol::{Cursor, Epoch, Head, MarksNo, Rev, RoomId, StreamId};

/// The streams of a connection and how far each was sent.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    feeds: BTreeMap<StreamId, Feed>,
    /// Where each stream stood when that was told last.
    told: BTreeMap<StreamId, Head>,
    /// The marks of each room that were sent last.
    marks: BTreeMap<RoomId, (Epoch, MarksNo)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feed {
    /// Only its head is told; the client asks for the rest.
    Behind,
    /// Sent up to here; from its beginning, if there is no cursor.
    Live(Option<Cursor>),
}

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
        let fresh = !self.feeds.contains_key(&stream);
        if fresh {
            self.feeds.insert(stream, Feed::Live(since));
        }
        fresh
    }

    /// `stream` is sent up to here.
    pub(super) fn set(&mut self, stream: StreamId, since: Option<Cursor>) {
        self.feeds.insert(stream, Feed::Live(since));
    }

    /// Only the head of `stream` is told from now on.
    pub(super) fn leave_behind(&mut self, stream: StreamId) {
        self.feeds.insert(stream, Feed::Behind);
    }

    pub(super) fn end(&mut self, stream: StreamId) {
        self.feeds.remove(&stream);
        self.told.remove(&stream);
        if let Some(room) = stream.room() {
            self.marks.remove(&room);
        }
    }

    /// Whether `stream` is fed at all.
    pub(super) fn has(&self, stream: StreamId) -> bool {
        self.feeds.contains_key(&stream)
    }

    /// Whether only the head of `stream` is told.
    pub(super) fn is_behind(&self, stream: StreamId) -> bool {
        self.feeds.get(&stream) == Some(&Feed::Behind)
    }

    pub(super) fn since(&self, stream: StreamId) -> Option<Cursor> {
        match self.feeds.get(&stream) {
            Some(Feed::Live(since)) => *since,
            Some(Feed::Behind) | None => None,
        }
    }

    /// Judges a live change, and counts it as sent if it is next.
    pub(super) fn judge(&mut self, stream: StreamId, epoch: Epoch, rev: Rev) -> Verdict {
        let Some(Feed::Live(cursor)) = self.feeds.get_mut(&stream) else { return Verdict::Known };
        match *cursor {
            Some(Cursor(known, sent)) if known == epoch && rev == sent.next() => {
                *cursor = Some(Cursor(epoch, rev));
                Verdict::Next
            }
            Some(Cursor(known, sent)) if known == epoch && rev <= sent => Verdict::Known,
            _ => Verdict::Gap,
        }
    }

    /// Whether the database is ahead of what was sent of `stream`, which stands at `head`.
    pub(super) fn is_short_of(&self, stream: StreamId, head: Head) -> bool {
        let Head(epoch, rev, _) = head;
        match self.feeds.get(&stream) {
            Some(Feed::Live(Some(Cursor(known, sent)))) => *known != epoch || *sent < rev,
            Some(Feed::Live(None)) => true,
            Some(Feed::Behind) | None => false,
        }
    }

    /// Whether marks of `room` are worth sending; they count as sent then. They may come late: a lower number of the
    /// same epoch is old.
    pub(super) fn judge_marks(&mut self, room: RoomId, epoch: Epoch, marks: MarksNo) -> bool {
        let live = matches!(self.feeds.get(&StreamId::Room(room)), Some(Feed::Live(_)));
        let newer = self.marks.get(&room).is_none_or(|(known, sent)| *known != epoch || *sent < marks);
        if live && newer {
            self.marks.insert(room, (epoch, marks));
        }
        live && newer
    }

    /// The marks of `room` were sent, or the client had them.
    pub(super) fn sent_marks(&mut self, room: RoomId, epoch: Epoch, marks: MarksNo) {
        self.marks.insert(room, (epoch, marks));
    }

    /// Whether the marks of the room of `stream`, which stands at `head`, are others than those that were sent.
    pub(super) fn lacks_marks(&self, stream: StreamId, head: Head) -> Option<RoomId> {
        let Head(epoch, _, marks) = head;
        let room = stream.room()?;
        let live = matches!(self.feeds.get(&stream), Some(Feed::Live(_)));
        let sent = self.marks.get(&room).copied().unwrap_or((epoch, MarksNo(0)));
        (live && sent != (epoch, marks)).then_some(room)
    }

    /// The client knows that `stream` stands there.
    pub(super) fn tell(&mut self, stream: StreamId, head: Head) {
        self.told.insert(stream, head);
    }

    /// Those of `stands` that the client was not told; they count as told.
    pub(super) fn news(&mut self, stands: &BTreeMap<StreamId, Head>) -> BTreeMap<StreamId, Head> {
        let fed = stands.iter().filter(|(stream, _)| self.feeds.contains_key(stream));
        let news: BTreeMap<StreamId, Head> =
            fed.filter(|(stream, head)| self.told.get(stream) != Some(head)).map(|(s, h)| (*s, *h)).collect();
        self.told.extend(news.iter().map(|(stream, head)| (*stream, *head)));
        news
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

    fn head(rev: i64, marks: i64) -> Head {
        Head(EPOCH, Rev(rev), MarksNo(marks))
    }

    #[test]
    fn a_room_that_is_behind_gets_no_changes_but_its_head_is_told() {
        let mut feeds = Feeds::default();
        feeds.leave_behind(stream());
        feeds.tell(stream(), head(4, 1));
        assert_eq!(feeds.judge(stream(), EPOCH, Rev(5)), Verdict::Known);
        assert!(!feeds.is_short_of(stream(), head(5, 2)));
        assert_eq!(feeds.lacks_marks(stream(), head(5, 2)), None);
        assert_eq!(feeds.news(&[(stream(), head(5, 2))].into()), [(stream(), head(5, 2))].into());
        feeds.set(stream(), Some(Cursor(EPOCH, Rev(5))));
        assert_eq!(feeds.judge(stream(), EPOCH, Rev(6)), Verdict::Next);
    }

    #[test]
    fn heads_are_told_once_even_of_what_was_sent_and_of_marks_alone() {
        let mut feeds = Feeds::default();
        feeds.begin(stream(), Some(Cursor(EPOCH, Rev(4))));
        feeds.tell(stream(), head(4, 1));
        let mut news = |head| !feeds.news(&[(stream(), head)].into()).is_empty();
        assert_eq!(
            [news(head(4, 1)), news(head(5, 1)), news(head(5, 1)), news(head(5, 2))],
            [false, true, false, true]
        );
    }

    #[test]
    fn a_database_that_is_ahead_is_noticed_in_changes_and_in_marks() {
        let mut feeds = Feeds::default();
        let room = stream().room().unwrap();
        feeds.begin(stream(), Some(Cursor(EPOCH, Rev(4))));
        feeds.sent_marks(room, EPOCH, MarksNo(2));
        assert!(
            !feeds.is_short_of(stream(), head(4, 2)) && feeds.lacks_marks(stream(), head(4, 2)).is_none()
        );
        assert!(feeds.is_short_of(stream(), head(5, 2)));
        assert!(feeds.is_short_of(stream(), Head(Epoch(9), Rev(1), MarksNo(0))));
        assert_eq!(feeds.lacks_marks(stream(), head(4, 3)), Some(room));
    }
}
