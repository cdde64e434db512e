//! Whatever comes twice, out of order or not at all, the client ends as one that heard everything in order.

use super::*;
use crate::cache::tests::fresh;
use crate::sync::gap::Gaps;
use proptest::prelude::*;
use serde_json::{Value, json};
use tripchat_protocol::frame::RoomHead;
use tripchat_protocol::{Change, Epoch, Head, MarksNo, Message, MessageId, Seq};
use uuid::Uuid;

const EPOCH: Epoch = Epoch(77);
const NOW: i64 = 1_000;

fn me() -> UserId {
    UserId(Uuid::from_u128(1))
}

fn room() -> RoomId {
    RoomId(Uuid::from_u128(2))
}

fn stream() -> StreamId {
    StreamId::Room(room())
}

fn message(id: u128, author: UserId, seq: i64, text: &str) -> Object {
    let body = tripchat_protocol::Body::Text { text: text.into() };
    let id = MessageId(Uuid::from_u128(id));
    let seq = Seq(seq);
    let (edit_no, edited_at) = (0, None);
    Object::Message(Message { id, seq, author, body, at: seq.0, written_at: seq.0, edit_no, edited_at })
}

fn member(n: u128, name: &str) -> Object {
    let value =
        json!({"user": Uuid::from_u128(n), "name": name, "role": "MEMBER", "state": "current", "since": 1});
    Object::Member(serde_json::from_value(value).unwrap())
}

fn paged(from: i64, upto: i64, objects: Vec<(i64, Option<Object>)>, more: bool) -> Changes {
    let objects = objects.into_iter().map(|(rev, object)| Change { rev: Rev(rev), object }).collect();
    let (from, upto) = (Rev(from), Rev(upto));
    Changes { stream: stream(), epoch: EPOCH, from, upto, objects, more, reset: false, hole: None }
}

/// Everything that is stored of the room, and how far.
fn dump(cache: &Cache) -> (Vec<Value>, Vec<Message>, Option<Cursor>) {
    let objects = cache
        .read()
        .prepare("SELECT stream, kind, id, rev, body FROM object ORDER BY stream, kind, id")
        .unwrap()
        .query_map([], |row| {
            Ok(json!([
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, String>(4)?
            ]))
        })
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    let messages = messages::below(cache.read(), room(), (Seq(0), Seq(i64::MAX)), 10_000).unwrap();
    (objects, messages, cursors::get(cache.read(), stream()).unwrap())
}

/// A room's history: at each rev a message is written, or one is edited, or a member changes, or something is
/// withheld.
fn history() -> impl Strategy<Value = Vec<Option<Object>>> {
    proptest::collection::vec(0_u8..8, 1..40).prop_map(|kinds| {
        let mut seqs: Vec<i64> = Vec::new();
        (1_i64..)
            .zip(kinds)
            .map(|(rev, kind)| match (kind, seqs.first().copied()) {
                (0..4, _) => {
                    seqs.push(rev);
                    Some(message(u128::try_from(rev).unwrap() + 100, me(), rev, "first"))
                }
                (4, Some(seq)) => {
                    Some(message(u128::try_from(seq).unwrap() + 100, me(), seq, &format!("edited {rev}")))
                }
                (5 | 6, _) => Some(member(u128::from(kind), &format!("name {rev}"))),
                _ => None,
            })
            .collect()
    })
}

fn live_change(rev: i64, object: Option<Object>) -> LiveChange {
    LiveChange { stream: stream(), epoch: EPOCH, rev: Rev(rev), object }
}

/// A client as the engine drives it, without the rest of the engine.
struct Reader {
    cache: Cache,
    gaps: Gaps,
    now: u64,
    _folder: tempfile::TempDir,
}

impl Reader {
    fn new() -> Self {
        let (cache, folder) = fresh();
        cache.read().pragma_update(None, "synchronous", "OFF").unwrap();
        let mut gaps = Gaps::default();
        gaps.open();
        Self { cache, gaps, now: 0, _folder: folder }
    }

    fn cursor(&self) -> Option<Cursor> {
        cursors::get(self.cache.read(), stream()).unwrap()
    }

    fn rev(&self) -> i64 {
        self.cursor().map_or(0, |cursor| cursor.1.0)
    }

    fn hear(&mut self, change: LiveChange) {
        if let Some(change) = self.gaps.live(self.now, self.cursor(), change) {
            live(&mut self.cache, me(), &change).unwrap();
            self.follow();
        }
    }

    fn follow(&mut self) {
        while let Some(change) = self.gaps.next(stream(), self.cursor()) {
            live(&mut self.cache, me(), &change).unwrap();
        }
    }

    /// Time passes; what is asked for is answered from the truth.
    fn heal(&mut self, truth: &[Option<Object>]) {
        self.now += 500;
        for _ in self.gaps.due(self.now) {
            for answer in read_from(truth, self.rev()) {
                assert!(matches!(page(&mut self.cache, me(), &answer, NOW).unwrap(), Paged::Stored(_)));
                self.gaps.page(self.now, stream(), answer.more);
                self.follow();
            }
        }
    }
}

/// The pages with which the server answers: each object once, as it stands, at the rev of its last change.
fn read_from(truth: &[Option<Object>], since: i64) -> Vec<Changes> {
    let head = i64::try_from(truth.len()).unwrap();
    let mut last = std::collections::BTreeMap::new();
    for (rev, object) in (1_i64..).zip(truth) {
        if let Some(object) = object {
            last.insert((object.kind().to_owned(), object.id()), (rev, object.clone()));
        }
    }
    let mut changed: Vec<(i64, Option<Object>)> =
        last.into_values().filter(|(rev, _)| *rev > since).map(|(rev, object)| (rev, Some(object))).collect();
    changed.sort_by_key(|(rev, _)| *rev);
    let mut pages = Vec::new();
    let mut from = since;
    while changed.len() > 3 {
        let rest = changed.split_off(3);
        let upto = changed.last().map_or(from, |(rev, _)| *rev);
        pages.push(paged(from, upto, changed, true));
        (from, changed) = (upto, rest);
    }
    pages.push(paged(from, head, changed, false));
    pages
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_doubles_and_losses_end_in_the_same_state(
        truth in history(),
        heard in proptest::collection::vec(any::<proptest::sample::Index>(), 0..80),
    ) {
        let head = i64::try_from(truth.len()).unwrap();
        let mut straight = Reader::new();
        for (rev, object) in (1_i64..).zip(&truth) {
            straight.hear(live_change(rev, object.clone()));
        }
        prop_assert_eq!(straight.rev(), head);

        let mut crooked = Reader::new();
        for index in heard {
            let at = index.index(truth.len());
            let before = crooked.rev();
            crooked.hear(live_change(i64::try_from(at).unwrap() + 1, truth[at].clone()));
            prop_assert!(crooked.rev() >= before);
        }
        crooked.heal(&truth);
        let stored = (crooked.cursor(), MarksNo(0));
        crooked.gaps.head(crooked.now, stored, stream(), Head(EPOCH, Rev(head), MarksNo(0)));
        crooked.heal(&truth);
        prop_assert_eq!(dump(&crooked.cache), dump(&straight.cache));
        prop_assert_eq!(crooked.gaps.deadline(), None);
    }

    #[test]
    fn a_cut_after_any_page_is_taken_up_where_it_was(truth in history(), since in 0_usize..40, cut in 0_usize..14) {
        let mut straight = Reader::new();
        let mut cut_off = Reader::new();
        for (rev, object) in (1_i64..).zip(&truth) {
            straight.hear(live_change(rev, object.clone()));
            if usize::try_from(rev).unwrap() <= since {
                cut_off.hear(live_change(rev, object.clone()));
            }
        }
        for answer in read_from(&truth, cut_off.rev()).iter().take(cut) {
            page(&mut cut_off.cache, me(), answer, NOW).unwrap();
        }
        for answer in read_from(&truth, cut_off.rev()) {
            prop_assert!(matches!(page(&mut cut_off.cache, me(), &answer, NOW).unwrap(), Paged::Stored(_)));
        }
        prop_assert_eq!(dump(&cut_off.cache), dump(&straight.cache));
    }
}

#[test]
fn a_page_that_does_not_join_is_left_out() {
    let (mut cache, _folder) = fresh();
    let first = paged(0, 2, vec![(1, Some(member(5, "a")))], true);
    assert!(matches!(page(&mut cache, me(), &first, NOW).unwrap(), Paged::Stored(_)));
    let before = dump(&cache);
    let beyond = paged(3, 4, vec![(4, Some(member(6, "b")))], false);
    assert_eq!(page(&mut cache, me(), &beyond, NOW).unwrap(), Paged::Apart);
    let other = Changes { epoch: Epoch(78), ..paged(0, 4, vec![], false) };
    assert_eq!(page(&mut cache, me(), &other, NOW).unwrap(), Paged::Apart);
    assert_eq!(dump(&cache), before);
}

#[test]
fn a_page_that_overlaps_moves_the_cursor_only_forwards() {
    let mut reader = Reader::new();
    for rev in 1..=3 {
        reader.hear(live_change(rev, Some(message(u128::try_from(rev).unwrap(), me(), rev, "x"))));
    }
    let before = dump(&reader.cache);
    page(&mut reader.cache, me(), &paged(0, 2, vec![(2, Some(message(2, me(), 2, "older")))], true), NOW)
        .unwrap();
    assert_eq!(dump(&reader.cache), before);
    page(&mut reader.cache, me(), &paged(2, 4, vec![(4, None)], false), NOW).unwrap();
    assert_eq!(reader.rev(), 4);
}

#[test]
fn a_withheld_rev_and_a_kind_of_a_later_version_move_the_cursor_and_the_kind_is_kept() {
    let mut reader = Reader::new();
    reader.hear(live_change(1, None));
    assert_eq!(reader.cursor(), Some(Cursor(EPOCH, Rev(1))));
    let poll = json!({"kind": "poll", "id": Uuid::from_u128(5), "choices": [1, 2]});
    reader.hear(live_change(2, Some(serde_json::from_value(poll).unwrap())));
    let (objects, _, cursor) = dump(&reader.cache);
    assert_eq!((objects.len(), cursor), (1, Some(Cursor(EPOCH, Rev(2)))));
    assert_eq!(objects[0][1], "poll");
}

#[test]
fn a_reset_forgets_all_but_what_is_unsent() {
    let mut reader = Reader::new();
    let other = UserId(Uuid::from_u128(8));
    reader.hear(live_change(1, Some(message(101, other, 1, "old"))));
    reader.hear(live_change(2, Some(member(5, "old"))));
    holes::note(reader.cache.read(), room(), Some(EPOCH), Hole(Seq(4), Seq(9))).unwrap();
    outbox::insert(reader.cache.read(), MessageId(Uuid::from_u128(9)), room(), "mine", 1).unwrap();
    let fresh = Changes {
        epoch: Epoch(78),
        reset: true,
        ..paged(0, 1, vec![(1, Some(message(300, me(), 1, "new")))], false)
    };
    assert!(matches!(page(&mut reader.cache, me(), &fresh, NOW).unwrap(), Paged::Stored(_)));
    let (objects, messages, cursor) = dump(&reader.cache);
    assert_eq!((objects.len(), messages.len(), cursor), (0, 1, Some(Cursor(Epoch(78), Rev(1)))));
    assert_eq!(missing(&reader.cache), []);
    assert_eq!(outbox::all(reader.cache.read()).unwrap().len(), 1);
}

#[test]
fn ones_own_echo_settles_the_outbox() {
    let mut reader = Reader::new();
    let id = MessageId(Uuid::from_u128(101));
    outbox::insert(reader.cache.read(), id, room(), "mine", 1).unwrap();
    let other = UserId(Uuid::from_u128(8));
    let theirs =
        live(&mut reader.cache, me(), &live_change(1, Some(message(101, other, 1, "theirs")))).unwrap();
    assert_eq!(theirs.settled, [], "somebody else's message may have the same id");
    let mine = live(&mut reader.cache, me(), &live_change(2, Some(message(101, me(), 2, "mine")))).unwrap();
    assert_eq!(mine.settled, [id]);
    assert_eq!(outbox::all(reader.cache.read()).unwrap(), []);
    assert_eq!(dump(&reader.cache).1.len(), 2);
}

#[test]
fn what_one_was_allowed_to_see_stays_when_a_room_is_gone() {
    let mut reader = Reader::new();
    for rev in 1..=3 {
        let id = u128::try_from(rev).unwrap();
        reader.hear(live_change(rev, Some(message(100 + id, me(), rev, "x"))));
    }
    reader.hear(live_change(4, Some(member(5, "came after the end"))));
    heads::store(reader.cache.read(), &head(4)).unwrap();
    gone(&mut reader.cache, &Gone { stream: stream(), to_rev: Some(Rev(2)) }).unwrap();
    let (objects, messages, cursor) = dump(&reader.cache);
    assert_eq!((objects.len(), messages.len(), cursor), (0, 2, None));
    assert_eq!(heads::get(reader.cache.read(), room()).unwrap(), None, "nothing more is to come");
    gone(&mut reader.cache, &Gone { stream: stream(), to_rev: None }).unwrap();
    assert_eq!(dump(&reader.cache).1, []);
}

fn head(rev: i64) -> RoomHead {
    let (epoch, marks) = (EPOCH, MarksNo(0));
    RoomHead { room: room(), epoch, head: Rev(rev), marks, unread: 0, newest: None }
}

fn missing(cache: &Cache) -> Vec<(i64, i64)> {
    holes::all(cache.read()).unwrap().into_iter().map(|it| (it.hole.0.0, it.hole.1.0)).collect()
}

fn limited(from: i64, upto: i64, revs: &[i64], more: bool, hole: (i64, i64)) -> Changes {
    let made = |rev: &i64| (*rev, Some(message(u128::try_from(*rev).unwrap(), me(), *rev, "x")));
    let hole = Some(Hole(Seq(hole.0), Seq(hole.1)));
    Changes { hole, ..paged(from, upto, revs.iter().map(made).collect(), more) }
}

#[test]
fn a_limited_catch_up_notes_its_hole_with_the_cursor() {
    let mut reader = Reader::new();
    reader.hear(live_change(1, Some(message(1, me(), 1, "x"))));
    // What is named on every page is noted once; what is filled in between stays filled.
    page(&mut reader.cache, me(), &limited(1, 40, &[30, 40], true, (1, 50)), NOW).unwrap();
    assert_eq!((missing(&reader.cache), reader.rev()), (vec![(40, 50), (30, 40), (1, 30)], 40));
    holes::close(reader.cache.read(), room(), 2..=29).unwrap();
    page(&mut reader.cache, me(), &limited(40, 60, &[50, 60], false, (1, 50)), NOW).unwrap();
    assert_eq!((missing(&reader.cache), reader.rev()), (vec![(40, 50), (30, 40)], 60));
}

#[test]
fn ones_own_message_that_was_answered_is_not_missing() {
    let mut reader = Reader::new();
    reader.hear(live_change(1, Some(message(1, me(), 1, "x"))));
    let Object::Message(mine) = message(20, me(), 20, "mine") else { panic!() };
    messages::upsert(reader.cache.read(), room(), Rev(20), &mine).unwrap();
    page(&mut reader.cache, me(), &limited(1, 50, &[50], false, (1, 50)), NOW).unwrap();
    assert_eq!(missing(&reader.cache), [(20, 50), (1, 20)]);
}

#[test]
fn what_a_reset_does_not_bring_is_a_hole_and_what_it_does_not_name_is_dropped() {
    let mut reader = Reader::new();
    reader.hear(live_change(1, Some(member(5, "goes"))));
    reader.hear(live_change(2, Some(message(2, me(), 2, "old"))));
    holes::note(reader.cache.read(), room(), Some(EPOCH), Hole(Seq(4), Seq(9))).unwrap();
    let first = Changes { reset: true, ..limited(0, 50, &[50], true, (0, 50)) };
    let first = Changes {
        objects: [vec![Change { rev: Rev(7), object: Some(member(6, "stays")) }], first.objects].concat(),
        ..first
    };
    page(&mut reader.cache, me(), &first, NOW).unwrap();
    let second = Changes { reset: true, ..limited(50, 60, &[60], false, (0, 50)) };
    page(&mut reader.cache, me(), &second, NOW).unwrap();
    let (objects, messages, cursor) = dump(&reader.cache);
    assert_eq!((objects.len(), messages.len(), cursor), (1, 2, Some(Cursor(EPOCH, Rev(60)))));
    assert_eq!(missing(&reader.cache), [(0, 50)]);
    assert_eq!(objects::members(reader.cache.read(), room()).unwrap()[0].name, "stays");
}

#[test]
fn a_reset_in_another_epoch_voids_marks_and_head() {
    let mut reader = Reader::new();
    reader.hear(live_change(1, None));
    let people = vec![tripchat_protocol::PersonMarks { user: me(), delivered: Seq(9), read: Seq(9) }];
    let known = tripchat_protocol::frame::Marks { room: room(), epoch: EPOCH, marks: MarksNo(4), people };
    marks::store(reader.cache.read(), &known).unwrap();
    heads::store(reader.cache.read(), &head(1)).unwrap();
    let known = |cache: &Cache| {
        let head = heads::get(cache.read(), room()).unwrap();
        (marks::of(cache.read(), room(), me()).unwrap().read, head.is_some())
    };
    let again = |epoch| Changes { epoch, reset: true, ..paged(0, 1, vec![], false) };
    page(&mut reader.cache, me(), &again(EPOCH), NOW).unwrap();
    assert_eq!(known(&reader.cache), (Seq(9), true));
    page(&mut reader.cache, me(), &again(Epoch(78)), NOW).unwrap();
    assert_eq!(known(&reader.cache), (Seq(0), false));
}

#[test]
fn what_did_not_come_before_one_left_is_a_hole() {
    let mut reader = Reader::new();
    for rev in 1..=3 {
        reader.hear(live_change(rev, Some(message(u128::try_from(rev).unwrap(), me(), rev, "x"))));
    }
    holes::note(reader.cache.read(), room(), Some(EPOCH), Hole(Seq(20), Seq(40))).unwrap();
    gone(&mut reader.cache, &Gone { stream: stream(), to_rev: Some(Rev(30)) }).unwrap();
    assert_eq!(missing(&reader.cache), [(0, 30)], "what is here may have been deleted before the end");
}

#[test]
fn who_missed_nothing_but_the_end_keeps_what_is_here() {
    let mut reader = Reader::new();
    for rev in 1..=3 {
        reader.hear(live_change(rev, Some(message(u128::try_from(rev).unwrap(), me(), rev, "x"))));
    }
    gone(&mut reader.cache, &Gone { stream: stream(), to_rev: Some(Rev(4)) }).unwrap();
    assert_eq!((missing(&reader.cache), dump(&reader.cache).1.len()), (vec![], 3));
}

#[test]
fn a_room_that_one_left_and_that_never_came_here_is_a_hole() {
    let (mut cache, _folder) = fresh();
    let membership = |state: &str, to_rev: Option<i64>| {
        serde_json::from_value::<Object>(json!({
            "kind": "membership", "room": room(), "room_type": "TRIP", "role": "MEMBER", "state": state,
            "from_rev": 1, "to_rev": to_rev,
        }))
        .unwrap()
    };
    let told = |cache: &mut Cache, rev, object| {
        let change =
            LiveChange { stream: StreamId::User(me()), epoch: EPOCH, rev: Rev(rev), object: Some(object) };
        live(cache, me(), &change).unwrap();
    };
    told(&mut cache, 1, membership("current", None));
    assert_eq!(missing(&cache), []);
    told(&mut cache, 2, membership("ended", Some(30)));
    assert_eq!(missing(&cache), [(0, 30)]);
    let mut was_here = Reader::new();
    was_here.hear(live_change(1, Some(message(1, me(), 1, "x"))));
    told(&mut was_here.cache, 2, membership("ended", Some(2)));
    assert_eq!(missing(&was_here.cache), [], "what is here stays");
    holes::close(cache.read(), room(), 0..=30).unwrap();
    told(&mut cache, 3, membership("ended", Some(30)));
    assert_eq!(missing(&cache), [], "it is the same stay");
    told(&mut cache, 6, membership("ended", Some(40)));
    assert_eq!(missing(&cache), [(0, 40)], "another stay went by unheard");
    holes::close(cache.read(), room(), 0..=40).unwrap();
    told(&mut cache, 7, membership("current", None));
    told(&mut cache, 8, membership("ended", Some(50)));
    assert_eq!(missing(&cache), [(0, 50)], "it began, and nothing of the room came");
}
