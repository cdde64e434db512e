//! A disk that refuses in the middle: what was begun leaves no trace, neither objects without their cursor nor a cursor
//! without its objects.

use super::*;
use crate::cache::tests::fresh;
use tripchat_protocol::{Body, Change, Message};
use uuid::Uuid;

const EPOCH: Epoch = Epoch(77);
const NOW: i64 = 1_000;
const ME: UserId = UserId(Uuid::from_u128(1));
const ROOM: RoomId = RoomId(Uuid::from_u128(2));

fn message(seq: i64) -> Object {
    let id = MessageId(Uuid::from_u128(u128::try_from(seq).unwrap()));
    let body = Body::Text { text: "x".into() };
    Object::Message(Message {
        id,
        seq: Seq(seq),
        author: ME,
        body,
        at: 1,
        written_at: 1,
        edit_no: 0,
        edited_at: None,
    })
}

/// Message 1 is here and everything up to it; 60, one's own, is unsent.
fn started() -> (Cache, tempfile::TempDir) {
    let (mut cache, folder) = fresh();
    live(&mut cache, ME, &change(1)).unwrap();
    outbox::insert(cache.read(), MessageId(Uuid::from_u128(60)), ROOM, "x", 1).unwrap();
    (cache, folder)
}

fn change(rev: i64) -> LiveChange {
    LiveChange { stream: StreamId::Room(ROOM), epoch: EPOCH, rev: Rev(rev), object: Some(message(rev)) }
}

/// A limited catch-up: two messages, and a hole before each.
fn limited() -> Changes {
    let objects = [50, 60].map(|rev| Change { rev: Rev(rev), object: Some(message(rev)) }).to_vec();
    let (stream, hole) = (StreamId::Room(ROOM), Some(Hole(Seq(1), Seq(50))));
    let (from, upto) = (Rev(1), Rev(60));
    Changes { stream, epoch: EPOCH, from, upto, objects, more: false, reset: false, hole }
}

/// The cursor, the places of the messages, the holes, and how many are unsent.
fn dump(cache: &Cache) -> (i64, Vec<i64>, Vec<(i64, i64)>, usize) {
    let db = cache.read();
    let Cursor(_, rev) = cursors::get(db, StreamId::Room(ROOM)).unwrap().unwrap();
    let seqs = messages::seqs_within(db, ROOM, Hole(Seq(0), Seq(i64::MAX))).unwrap();
    let holes = holes::all(db).unwrap().into_iter().map(|it| (it.hole.0.0, it.hole.1.0)).collect();
    (rev.0, seqs.into_iter().map(|seq| seq.0).collect(), holes, outbox::all(db).unwrap().len())
}

/// From here on the disk refuses what is done to a table.
fn refuse(cache: &Cache, what: &str) {
    let refuse = format!("CREATE TEMP TRIGGER refuse BEFORE {what} BEGIN SELECT RAISE(ABORT, 'full'); END");
    cache.read().execute_batch(&refuse).unwrap();
}

fn bear(cache: &Cache) {
    cache.read().execute_batch("DROP TRIGGER refuse").unwrap();
}

#[test]
fn objects_cursor_and_hole_of_a_page_are_stored_together_or_not_at_all() {
    for what in ["INSERT ON message", "INSERT ON cursor", "INSERT ON hole", "DELETE ON outbox"] {
        let (mut cache, _folder) = started();
        let before = dump(&cache);
        refuse(&cache, what);
        assert!(page(&mut cache, ME, &limited(), NOW).is_err(), "{what}");
        assert_eq!(dump(&cache), before, "{what}");
        bear(&cache);
        page(&mut cache, ME, &limited(), NOW).unwrap();
        assert_eq!(dump(&cache), (60, vec![1, 50, 60], vec![(1, 50)], 0));
    }
}

#[test]
fn a_live_change_and_its_cursor_are_stored_together_or_not_at_all() {
    for what in ["INSERT ON message", "INSERT ON cursor", "DELETE ON outbox"] {
        let (mut cache, _folder) = started();
        cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(EPOCH, Rev(59))).unwrap();
        let before = dump(&cache);
        refuse(&cache, what);
        assert!(live(&mut cache, ME, &change(60)).is_err(), "{what}");
        assert_eq!(dump(&cache), before, "{what}");
        bear(&cache);
        live(&mut cache, ME, &change(60)).unwrap();
        assert_eq!(dump(&cache), (60, vec![1, 60], vec![], 0));
    }
}
