//! The server was put back from a backup: what one had said since is not lost with it.

use super::super::apply::{self, Applied, Paged};
use super::YOUNG;
use crate::cache::tests::fresh;
use crate::cache::{Cache, outbox};
use tripchat_protocol::frame::LiveChange;
use tripchat_protocol::{
    Body, Change, Changes, Epoch, ErrorCode, Hole, Message, MessageId, Object, Rev, RoomId, Seq, StreamId,
    UserId,
};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(2));
const STREAM: StreamId = StreamId::Room(ROOM);
const ME: UserId = UserId(Uuid::from_u128(1));
const OTHER: UserId = UserId(Uuid::from_u128(3));
const BEFORE: Epoch = Epoch(5);
const AFTER: Epoch = Epoch(6);
const WRITTEN: i64 = 1_000_000;

fn id(n: i64) -> MessageId {
    MessageId(Uuid::from_u128(u128::try_from(n).unwrap()))
}

/// A message with the number of its place as its id.
fn message(n: i64, author: UserId, seq: i64) -> Object {
    let body = Body::Text { text: format!("text {n}") };
    let (at, seq) = (WRITTEN, Seq(seq));
    Object::Message(Message { id: id(n), seq, author, body, at, written_at: n, edit_no: 0, edited_at: None })
}

/// A cache that has heard these authors, one message each, from place 1 on.
fn heard(authors: &[UserId]) -> (Cache, tempfile::TempDir) {
    let (mut cache, folder) = fresh();
    for (n, author) in (1..).zip(authors) {
        let object = Some(message(n, *author, n));
        apply::live(&mut cache, ME, &LiveChange { stream: STREAM, epoch: BEFORE, rev: Rev(n), object })
            .unwrap();
    }
    (cache, folder)
}

fn reset(epoch: Epoch, objects: Vec<(i64, Object)>, upto: i64) -> Changes {
    let objects = objects.into_iter().map(|(rev, it)| Change { rev: Rev(rev), object: Some(it) }).collect();
    let (from, upto) = (Rev(0), Rev(upto));
    Changes { stream: STREAM, epoch, from, upto, objects, more: false, reset: true, hole: None }
}

fn apply(cache: &mut Cache, page: &Changes, now: i64) -> Applied {
    match apply::page(cache, ME, page, now).unwrap() {
        Paged::Stored(applied) => applied,
        Paged::Apart => panic!("it joins"),
    }
}

/// The outbox: each id, and whether it is parked.
fn waits(cache: &Cache) -> Vec<(i64, Option<ErrorCode>)> {
    let rows = outbox::all(cache.read()).unwrap();
    rows.iter().map(|row| (i64::try_from(row.id().0.as_u128()).unwrap(), row.refusal())).collect()
}

#[test]
fn what_the_server_lost_is_sent_again_before_what_waits_and_what_it_has_is_not() {
    let (mut cache, _folder) = heard(&[ME, OTHER, ME, OTHER, ME]);
    outbox::insert(cache.read(), id(9), ROOM, "unsent", 1).unwrap();
    // The backup ends with 2; meanwhile somebody has gone on.
    let page =
        reset(AFTER, vec![(1, message(1, ME, 1)), (2, message(2, OTHER, 2)), (3, message(20, OTHER, 3))], 3);
    let applied = apply(&mut cache, &page, WRITTEN + YOUNG);
    assert_eq!(applied.again, [(ROOM, id(3)), (ROOM, id(5))]);
    assert_eq!(waits(&cache), [(3, None), (5, None), (9, None)]);
    let row = outbox::get(cache.read(), id(3)).unwrap().unwrap();
    assert!(row.attempted(), "the server may have it: it is resent, never withdrawn");
    // It comes after all, in a later page: it is not sent twice.
    let late = Changes { from: Rev(3), reset: false, ..reset(AFTER, vec![(4, message(5, ME, 4))], 4) };
    let applied = apply(&mut cache, &late, WRITTEN);
    assert_eq!(applied.settled, [id(5)]);
    assert_eq!(waits(&cache), [(3, None), (9, None)]);
    // The same reset once more, in the epoch that is known by now, brings nothing back.
    let applied = apply(&mut cache, &page, WRITTEN);
    assert_eq!(applied.again, []);
    assert_eq!(waits(&cache), [(3, None), (9, None)]);
}

#[test]
fn a_reset_of_the_same_epoch_has_lost_nothing() {
    let (mut cache, _folder) = heard(&[ME, ME]);
    let applied = apply(&mut cache, &reset(BEFORE, vec![], 2), WRITTEN);
    assert_eq!((applied.again, waits(&cache)), (vec![], vec![]));
}

#[test]
fn what_was_said_yesterday_is_left_to_its_writer() {
    let (mut cache, _folder) = heard(&[ME, OTHER, ME]);
    let applied = apply(&mut cache, &reset(AFTER, vec![(1, message(1, ME, 1))], 1), WRITTEN + YOUNG + 1);
    assert_eq!(applied.again, []);
    assert_eq!(waits(&cache), [(3, Some(ErrorCode::TooLate))]);
}

#[test]
fn what_the_pages_leave_out_is_not_taken_for_lost() {
    let (mut cache, _folder) = heard(&[ME, ME, ME, ME]);
    let page = Changes { hole: Some(Hole(Seq(0), Seq(3))), ..reset(AFTER, vec![(3, message(3, ME, 3))], 3) };
    apply(&mut cache, &page, WRITTEN + YOUNG + 1);
    assert_eq!(waits(&cache), [(4, Some(ErrorCode::TooLate))]);
    // Young ones are sent, and answered as repeats if the server has them.
    let (mut cache, _folder) = heard(&[ME, ME, ME, ME]);
    apply(&mut cache, &page, WRITTEN);
    assert_eq!(waits(&cache), [(1, None), (2, None), (4, None)]);
}
