use super::*;
use crate::cache::objects;
use crate::cache::tests::fresh;
use serde_json::json;
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Body, Message, MessageId, Object, Rev};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const ME: UserId = UserId(Uuid::from_u128(7));
const EPOCH: Epoch = Epoch(3);

fn with_holes(holes: &[(i64, i64)]) -> (Cache, tempfile::TempDir) {
    let (cache, folder) = fresh();
    let membership = json!({
        "kind": "membership", "room": ROOM, "room_type": "TRIP", "role": "MEMBER", "state": "current",
        "from_rev": 1, "to_rev": null,
    });
    let object: Object = serde_json::from_value(membership).unwrap();
    objects::upsert(cache.read(), StreamId::User(ME), Rev(1), &object).unwrap();
    cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(EPOCH, Rev(100))).unwrap();
    for (after, before) in holes {
        holes::note(cache.read(), ROOM, Some(EPOCH), Hole(Seq(*after), Seq(*before))).unwrap();
    }
    (cache, folder)
}

fn placed(seq: i64, rev: i64, text: &str) -> Placed {
    let id = MessageId(Uuid::from_u128(u128::try_from(seq).unwrap()));
    let author = UserId(Uuid::from_u128(8));
    let body = Body::Text { text: text.into() };
    let message =
        Message { id, seq: Seq(seq), author, body, at: seq, written_at: 1, edit_no: 0, edited_at: None };
    Placed { rev: Rev(rev), message }
}

fn history(seqs: &[i64], has_more: bool) -> History {
    let messages = seqs.iter().map(|seq| placed(*seq, *seq, "x")).collect();
    History { epoch: EPOCH, messages, has_more }
}

fn before(seq: i64) -> Look {
    Look { room: ROOM, side: Side::Before(Seq(seq)) }
}

fn after(seq: i64) -> Look {
    Look { room: ROOM, side: Side::After(Seq(seq)) }
}

fn left(cache: &Cache) -> Vec<(i64, i64)> {
    holes::all(cache.read()).unwrap().into_iter().map(|it| (it.hole.0.0, it.hole.1.0)).collect()
}

#[test]
fn one_request_at_a_time_looked_at_first_and_then_the_newest() {
    let (cache, _folder) = with_holes(&[(0, 10), (20, 30), (50, 60)]);
    let mut filler = Filler::default();
    assert!(!filler.is_due(9_999), "not without a connection");
    filler.look(after(20));
    filler.open();
    let next = |filler: &mut Filler| filler.next(cache.read(), ME).unwrap();
    assert_eq!(next(&mut filler), Some(after(20)));
    filler.look(before(10));
    filler.look(before(45));
    assert_eq!(filler.deadline(), None, "one at a time");
    assert!(filler.answered());
    filler.settle(5, after(20), Outcome::Filled, |_| 0);
    assert_eq!(next(&mut filler), Some(before(10)), "nothing is missing just before 45");
    filler.answered();
    filler.settle(5, before(10), Outcome::Filled, |_| 0);
    assert_eq!(next(&mut filler), Some(before(60)), "in the background the newest first");
    filler.answered();
    filler.settle(5, before(60), Outcome::Filled, |_| 0);
    holes::clear(cache.read(), ROOM).unwrap();
    assert_eq!((next(&mut filler), filler.deadline()), (None, None));
    filler.stir();
    assert!(filler.is_due(5));
}

#[test]
fn failures_wait_longer_each_time_and_a_refusal_is_not_repeated() {
    let (cache, _folder) = with_holes(&[(20, 30)]);
    let mut filler = Filler::default();
    filler.open();
    let mut waits = Vec::new();
    for _ in 0..3 {
        let look = filler.next(cache.read(), ME).unwrap().unwrap();
        filler.answered();
        filler.settle(1_000, look, Outcome::Failed, |bound| bound - 1);
        waits.push(filler.deadline().unwrap() - 1_000);
        assert!(!filler.is_due(1_000));
    }
    assert!(waits.is_sorted() && waits[0] < waits[2], "{waits:?}");
    let look = filler.next(cache.read(), ME).unwrap().unwrap();
    filler.answered();
    filler.settle(1_000, look, Outcome::Refused, |_| 0);
    assert_eq!(filler.next(cache.read(), ME).unwrap(), None);
    filler.look(look);
    assert_eq!(filler.next(cache.read(), ME).unwrap(), None);
    filler.lost();
    filler.open();
    assert_eq!(filler.next(cache.read(), ME).unwrap(), Some(before(30)), "a new connection asks again");
}

#[test]
fn a_page_closes_what_it_covers_and_no_more() {
    let (mut cache, _folder) = with_holes(&[(0, 90)]);
    let mut fill = |look, history: &History| store(&mut cache, ME, look, history).unwrap().is_some();
    assert!(fill(before(90), &history(&[70, 80], true)));
    assert!(fill(after(20), &history(&[25, 40], true)));
    assert!(fill(before(70), &history(&[60], true)));
    assert!(!fill(before(90), &history(&[70, 80], true)), "it is closed already");
    assert!(!fill(before(60), &history(&[], true)), "more of nothing covers nothing");
    assert!(!fill(before(60), &history(&[75], true)));
    assert_eq!(left(&cache), [(40, 60), (0, 21)]);
    let mut fill = |look, history: &History| store(&mut cache, ME, look, history).unwrap().is_some();
    assert!(fill(after(40), &history(&[], false)));
    assert!(fill(before(21), &history(&[3], false)));
    assert_eq!(left(&cache), []);
    let stored = messages::seqs_within(cache.read(), ROOM, Hole(Seq(0), Seq(99))).unwrap();
    assert_eq!(stored.iter().map(|seq| seq.0).collect::<Vec<_>>(), [3, 25, 40, 60, 70, 80]);
}

#[test]
fn an_answer_of_another_epoch_is_void_and_one_older_than_a_reset_too() {
    let (mut cache, _folder) = with_holes(&[(0, 90)]);
    let other = History { epoch: Epoch(4), ..history(&[80], false) };
    assert_eq!(store(&mut cache, ME, before(90), &other).unwrap(), None);
    assert_eq!((left(&cache), messages::newest(cache.read(), ROOM).unwrap()), (vec![(0, 90)], None));
    let mut filler = Filler::default();
    filler.open();
    filler.next(cache.read(), ME).unwrap();
    filler.begun_anew(RoomId(Uuid::from_u128(99)));
    assert!(filler.answered());
    filler.next(cache.read(), ME).unwrap();
    filler.begun_anew(ROOM);
    assert!(!filler.answered());
    filler.next(cache.read(), ME).unwrap();
    assert!(filler.answered(), "the next one counts");
}

#[test]
fn what_changed_meanwhile_is_not_undone_by_the_history() {
    let (mut cache, _folder) = with_holes(&[(0, 90)]);
    let edited = placed(50, 95, "edited");
    messages::upsert(cache.read(), ROOM, edited.rev, &edited.message).unwrap();
    assert_eq!(left(&cache), [(50, 90), (0, 50)], "a change inside a hole is stored");
    assert!(store(&mut cache, ME, before(90), &history(&[50, 60], false)).unwrap().is_some());
    assert_eq!(messages::at(cache.read(), ROOM, Seq(50)).unwrap(), Some(edited.message));
}

#[test]
fn ones_own_message_in_the_history_settles_the_outbox() {
    let (mut cache, _folder) = with_holes(&[(0, 90)]);
    let mut mine = placed(50, 50, "mine");
    mine.message.author = ME;
    outbox::insert(cache.read(), mine.message.id, ROOM, "mine", 1).unwrap();
    let answer = History { messages: vec![mine.clone()], ..history(&[], false) };
    let applied = store(&mut cache, ME, before(90), &answer).unwrap().unwrap();
    assert_eq!(applied.settled, [mine.message.id]);
    assert_eq!(outbox::all(cache.read()).unwrap(), []);
}

#[test]
fn that_nothing_is_above_is_not_said_of_what_was_noted_since() {
    let (mut cache, _folder) = with_holes(&[(10, 20), (30, 40)]);
    store(&mut cache, ME, after(10), &history(&[], false)).unwrap();
    assert_eq!(left(&cache), [(30, 40)]);
}
