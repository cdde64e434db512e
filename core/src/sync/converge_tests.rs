//! Pages, limited pages, resets, live changes, history that is late, cuts: whatever the order, outside of its holes the
//! cache says at every moment what the server said at the cursor, and in the end it is a fresh client's.

use super::apply::{self, Paged};
use super::fill::{self, Filler, Look, Side};
use crate::cache::tests::fresh;
use crate::cache::{Cache, cursors, holes, messages};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tripchat_protocol::frame::LiveChange;
use tripchat_protocol::rest::{History, Placed};
use tripchat_protocol::{
    Body, Change, Changes, Cursor, Epoch, Hole, Message, MessageId, Object, Rev, RoomId, Seq, StreamId,
    UserId,
};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(2));
const STREAM: StreamId = StreamId::Room(ROOM);
const ME: UserId = UserId(Uuid::from_u128(1));
const EPOCH: Epoch = Epoch(5);
const NOW: i64 = 1_000;
/// The sizes of this server: small, so that everything happens in few steps.
const NEWEST: usize = 2;
const PAGE: usize = 3;
const HISTORY: usize = 2;

/// What one rev did: made a message, or changed the one that was made at a seq.
#[derive(Debug, Clone, Copy)]
enum Made {
    New,
    Edited(i64),
    Deleted(i64),
}

/// The server's room.
#[derive(Default)]
struct Truth(Vec<Made>);

impl Truth {
    fn head(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap()
    }

    /// The rev does something to the message that `pick` names, if there is one.
    fn grow(&mut self, kind: u8, pick: usize) {
        let seqs: Vec<i64> = self.at(self.head()).into_keys().collect();
        let made = match (kind, seqs.get(pick % seqs.len().max(1))) {
            (0, Some(seq)) => Made::Edited(*seq),
            (1, Some(seq)) => Made::Deleted(*seq),
            _ => Made::New,
        };
        self.0.push(made);
    }

    /// Every message as it stood at a rev, with the rev of its last change, by seq.
    fn at(&self, upto: i64) -> BTreeMap<i64, (i64, Message)> {
        let mut messages = BTreeMap::new();
        for (rev, made) in (1..=upto).zip(&self.0) {
            let (seq, body, edits) = match *made {
                Made::New => (rev, Body::Text { text: "new".into() }, 0),
                Made::Edited(seq) => (seq, Body::Text { text: format!("edited at {rev}") }, 1),
                Made::Deleted(seq) => (seq, Body::Deleted, 0),
            };
            let id = MessageId(Uuid::from_u128(u128::try_from(seq).unwrap()));
            let (author, at) = (UserId(Uuid::from_u128(9)), 1);
            let message = Message {
                id,
                seq: Seq(seq),
                author,
                body,
                at,
                written_at: 1,
                edit_no: edits,
                edited_at: None,
            };
            messages.insert(seq, (rev, message));
        }
        messages
    }

    /// The answer to a catch-up: limited if `limited` and there is something to leave out; the beginning if `reset`.
    fn pages(&self, since: i64, limited: bool, reset: bool) -> Vec<Changes> {
        let since = if reset { 0 } else { since };
        let now = self.at(self.head());
        let made_since: Vec<i64> = now.range(since + 1..).map(|(seq, _)| *seq).collect();
        let left_out = made_since.len().saturating_sub(NEWEST);
        let hole = (limited && left_out > 0).then(|| Hole(Seq(since), Seq(made_since[left_out])));
        let is_sent = |seq: i64| hole.is_none_or(|hole| seq <= hole.0.0 || seq >= hole.1.0);
        let mut objects: Vec<Change> = now
            .into_values()
            .filter(|(rev, message)| *rev > since && is_sent(message.seq.0))
            .map(|(rev, message)| Change { rev: Rev(rev), object: Some(Object::Message(message)) })
            .collect();
        objects.sort_by_key(|change| change.rev);
        let mut pages = Vec::new();
        let mut from = since;
        loop {
            let rest = objects.split_off(objects.len().min(PAGE));
            let more = !rest.is_empty();
            let upto = if more { objects.last().map_or(from, |change| change.rev.0) } else { self.head() };
            let (from_rev, upto_rev) = (Rev(from), Rev(upto));
            let page = Changes {
                stream: STREAM,
                epoch: EPOCH,
                from: from_rev,
                upto: upto_rev,
                objects,
                more,
                reset,
                hole,
            };
            pages.push(page);
            if !more {
                return pages;
            }
            (from, objects) = (upto, rest);
        }
    }

    fn history(&self, look: Look) -> History {
        let now = self.at(self.head());
        let mut found: Vec<Placed> = match look.side {
            Side::Before(seq) => now.range(..seq.0).rev().map(placed).collect(),
            Side::After(seq) => now.range(seq.0 + 1..).map(placed).collect(),
        };
        let has_more = found.len() > HISTORY;
        found.truncate(HISTORY);
        found.sort_by_key(|placed| placed.message.seq);
        History { epoch: EPOCH, messages: found, has_more }
    }
}

fn placed((_, (rev, message)): (&i64, &(i64, Message))) -> Placed {
    Placed { rev: Rev(*rev), message: message.clone() }
}

struct Client {
    cache: Cache,
    filler: Filler,
    /// Pages that are on their way, and an answer of the history.
    pages: Vec<Changes>,
    answer: Option<(Look, History)>,
    _folder: tempfile::TempDir,
}

impl Client {
    fn new() -> Self {
        let (cache, folder) = fresh();
        cache.read().pragma_update(None, "synchronous", "OFF").unwrap();
        let mut filler = Filler::default();
        filler.open();
        Self { cache, filler, pages: Vec::new(), answer: None, _folder: folder }
    }

    fn rev(&self) -> i64 {
        cursors::get(self.cache.read(), STREAM).unwrap().map_or(0, |Cursor(_, rev)| rev.0)
    }

    /// The next change, live; while pages are on their way it waits, as on the server.
    fn live(&mut self, truth: &Truth) {
        let rev = self.rev() + 1;
        if !self.pages.is_empty() || rev > truth.head() {
            return;
        }
        let changed = truth.at(rev).into_values().find(|(last, _)| *last == rev);
        let object = changed.map(|(_, message)| Object::Message(message));
        let change = LiveChange { stream: STREAM, epoch: EPOCH, rev: Rev(rev), object };
        apply::live(&mut self.cache, ME, &change).unwrap();
    }

    fn page(&mut self) {
        if self.pages.is_empty() {
            return;
        }
        let page = self.pages.remove(0);
        assert!(matches!(apply::page(&mut self.cache, ME, &page, NOW).unwrap(), Paged::Stored(_)));
        if page.reset {
            self.filler.begun_anew(ROOM);
        }
    }

    /// Asks for what is missing at the `pick`th hole; the answer is what stands now, and comes later.
    fn ask(&mut self, truth: &Truth, pick: usize, newest: bool) {
        let holes = holes::all(self.cache.read()).unwrap();
        if self.answer.is_some() || holes.is_empty() {
            return;
        }
        let Hole(after, before) = holes[pick % holes.len()].hole;
        let side = if newest { Side::Before(before) } else { Side::After(after) };
        self.filler.look(Look { room: ROOM, side });
        let look = self.filler.next(self.cache.read(), ME).unwrap().unwrap();
        self.answer = Some((look, truth.history(look)));
    }

    fn fill(&mut self) {
        if let Some((look, history)) = self.answer.take()
            && self.filler.answered()
        {
            fill::store(&mut self.cache, ME, look, &history).unwrap();
        }
    }

    fn stored(&self) -> BTreeMap<i64, Message> {
        let all = messages::above(self.cache.read(), ROOM, (Seq(0), Seq(i64::MAX)), 10_000).unwrap();
        all.into_iter().map(|message| (message.seq.0, message)).collect()
    }

    /// What has not changed since the cursor is stored as it stands, or is missing and in a hole. What has changed is yet
    /// to come.
    fn check(&self, truth: &Truth) {
        let stored = self.stored();
        for (seq, (rev, message)) in truth.at(truth.head()) {
            if holes::around(self.cache.read(), ROOM, Seq(seq)).unwrap().is_some() {
                assert!(!stored.contains_key(&seq), "{seq} is stored and missing at once");
            } else if rev <= self.rev() {
                assert_eq!(stored.get(&seq), Some(&message), "{seq} is not here, and in no hole");
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Grow(u8, usize),
    Live,
    CatchUp { limited: bool, reset: bool },
    Page,
    Cut,
    Ask(usize, bool),
    Fill,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0_u8..5, any::<usize>()).prop_map(|(kind, pick)| Step::Grow(kind, pick)),
        3 => Just(Step::Live),
        2 => (any::<bool>(), 0_u8..6).prop_map(|(limited, n)| Step::CatchUp { limited, reset: n == 0 }),
        4 => Just(Step::Page),
        1 => Just(Step::Cut),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(pick, newest)| Step::Ask(pick, newest)),
        2 => Just(Step::Fill),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn outside_its_holes_a_client_is_what_the_server_is(steps in steps()) {
        let (mut truth, mut client) = (Truth::default(), Client::new());
        for step in steps {
            match step {
                Step::Grow(kind, pick) => truth.grow(kind, pick),
                Step::Live => client.live(&truth),
                Step::CatchUp { limited, reset } if client.pages.is_empty() => {
                    client.pages = truth.pages(client.rev(), limited, reset);
                }
                Step::Page => client.page(),
                // The next catch-up begins at the cursor.
                Step::Cut => client.pages.clear(),
                Step::Ask(pick, newest) => client.ask(&truth, pick, newest),
                Step::Fill => client.fill(),
                Step::CatchUp { .. } => {}
            }
            client.check(&truth);
        }
        client.fill();
        client.pages = truth.pages(client.rev(), true, false);
        while !client.pages.is_empty() {
            client.page();
            client.check(&truth);
        }
        let mut rounds = 0;
        while !holes::all(client.cache.read()).unwrap().is_empty() {
            client.ask(&truth, rounds, rounds % 2 == 0);
            client.fill();
            client.check(&truth);
            rounds += 1;
            prop_assert!(rounds < 500, "holes are not closed");
        }
        let mut straight = Client::new();
        while straight.rev() < truth.head() {
            straight.live(&truth);
        }
        prop_assert_eq!(client.rev(), straight.rev());
        prop_assert_eq!(client.stored(), straight.stored());
    }
}
