use super::*;
use crate::cache::Cache;
use crate::cache::tests::fresh;
use tripchat_protocol::frame::{Marks, RoomHead};
use tripchat_protocol::{Body, Epoch, Hole, MarksNo, MessageId, Object, PersonMarks, Rev};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const ME: UserId = UserId(Uuid::from_u128(7));
const EPOCH: Epoch = Epoch(3);

fn message(seq: i64) -> Message {
    let id = MessageId(Uuid::from_u128(u128::try_from(seq).unwrap()));
    let body = Body::Text { text: "x".into() };
    let author = UserId(Uuid::from_u128(8));
    Message { id, seq: Seq(seq), author, body, at: seq, written_at: 1, edit_no: 0, edited_at: None }
}

/// Messages 1 to `upto`, all of them stored.
fn cache(upto: i64) -> (Cache, tempfile::TempDir) {
    let (cache, folder) = fresh();
    cache.read().pragma_update(None, "synchronous", "OFF").unwrap();
    for seq in 1..=upto {
        messages::upsert(cache.read(), ROOM, Rev(seq), &message(seq)).unwrap();
    }
    cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(EPOCH, Rev(upto))).unwrap();
    (cache, folder)
}

fn read_up_to(cache: &Cache, number: i64, read: i64) {
    let people = vec![PersonMarks { user: ME, delivered: Seq(read), read: Seq(read) }];
    marks::store(cache.read(), &Marks { room: ROOM, epoch: EPOCH, marks: MarksNo(number), people }).unwrap();
}

fn told(cache: &Cache, rev: i64, count: u32) {
    let head = RoomHead {
        room: ROOM,
        epoch: EPOCH,
        head: Rev(rev),
        marks: MarksNo(0),
        unread: count,
        newest: Some(message(rev)),
    };
    heads::store(cache.read(), &head).unwrap();
}

fn count(cache: &Cache) -> u32 {
    unread(cache.read(), ME, ROOM).unwrap()
}

#[test]
fn unread_is_counted_where_everything_above_the_mark_is_here() {
    let (cache, _folder) = cache(150);
    assert_eq!(count(&cache), 100, "up to a hundred");
    told(&cache, 150, 33);
    read_up_to(&cache, 1, 140);
    assert_eq!(count(&cache), 10, "whatever the server counted");
    let mut deleted = message(145);
    deleted.body = Body::Deleted;
    messages::upsert(cache.read(), ROOM, Rev(151), &deleted).unwrap();
    assert_eq!(count(&cache), 9);
    read_up_to(&cache, 2, 150);
    assert_eq!(count(&cache), 0);
}

#[test]
fn the_servers_count_stands_where_a_hole_is_above_the_mark() {
    let (cache, _folder) = cache(50);
    holes::note(cache.read(), ROOM, Some(EPOCH), Hole(Seq(20), Seq(40))).unwrap();
    told(&cache, 50, 77);
    read_up_to(&cache, 1, 10);
    assert_eq!(count(&cache), 77);
    for seq in 51..=53 {
        messages::upsert(cache.read(), ROOM, Rev(seq), &message(seq)).unwrap();
    }
    assert_eq!(count(&cache), 80, "and what came after it");
    told(&cache, 50, 99);
    assert_eq!(count(&cache), 100, "up to a hundred");
    read_up_to(&cache, 2, 52);
    assert_eq!(count(&cache), 1, "the hole is below the mark now");
}

#[test]
fn a_room_that_is_behind_shows_what_was_told_of_it() {
    let (cache, _folder) = cache(10);
    assert_eq!(behind(cache.read(), ROOM, Standing::Current).unwrap(), Behind::No);
    read_up_to(&cache, 1, 10);
    told(&cache, 60, 42);
    assert_eq!(count(&cache), 42);
    assert_eq!(newest(cache.read(), ROOM).unwrap(), Some(message(60)));
    assert_eq!(behind(cache.read(), ROOM, Standing::Current).unwrap(), Behind::Yes);
    assert_eq!(behind(cache.read(), ROOM, Standing::Ended).unwrap(), Behind::No);
    read_up_to(&cache, 2, 60);
    assert_eq!(count(&cache), 0, "all that the server counted was read elsewhere");
    cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(EPOCH, Rev(60))).unwrap();
    assert_eq!((count(&cache), newest(cache.read(), ROOM).unwrap()), (0, Some(message(10))));
    cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(Epoch(4), Rev(99))).unwrap();
    assert_eq!(behind(cache.read(), ROOM, Standing::Current).unwrap(), Behind::Yes, "of another epoch");
    let other = RoomId(Uuid::from_u128(5));
    assert_eq!(behind(cache.read(), other, Standing::Current).unwrap(), Behind::Nothing);
}

#[test]
fn delivered_is_the_highest_seq_up_to_which_everything_is_stored() {
    let (cache, _folder) = cache(50);
    let delivered = || delivered_upto(cache.read(), ROOM).unwrap();
    assert_eq!(delivered(), Some(Seq(50)));
    messages::upsert(cache.read(), ROOM, Rev(60), &message(60)).unwrap();
    assert_eq!(delivered(), Some(Seq(50)), "one's own that was answered before what is between came");
    holes::note(cache.read(), ROOM, Some(EPOCH), Hole(Seq(20), Seq(40))).unwrap();
    assert_eq!(delivered(), Some(Seq(20)));
    holes::note(cache.read(), ROOM, Some(EPOCH), Hole(Seq(0), Seq(5))).unwrap();
    assert_eq!(delivered(), None);
    assert_eq!(delivered_upto(cache.read(), RoomId(Uuid::from_u128(5))).unwrap(), None);
}

#[test]
fn holes_above_the_delivered_mark_are_filled_unasked_newest_first() {
    let (cache, _folder) = cache(50);
    let (db, other, left) = (cache.read(), RoomId(Uuid::from_u128(2)), RoomId(Uuid::from_u128(3)));
    for (rev, room, state) in [(1, ROOM, "current"), (2, other, "current"), (3, left, "ended")] {
        let membership = serde_json::json!({
            "kind": "membership", "room": room, "room_type": "TRIP", "role": "MEMBER", "state": state,
            "from_rev": 1, "to_rev": null,
        });
        let object: Object = serde_json::from_value(membership).unwrap();
        objects::upsert(db, StreamId::User(ME), Rev(rev), &object).unwrap();
    }
    for (room, after, before) in [(ROOM, 5, 9), (ROOM, 20, 30), (ROOM, 40, 45), (other, 3, 9), (left, 3, 9)] {
        holes::note(db, room, Some(EPOCH), Hole(Seq(after), Seq(before))).unwrap();
    }
    messages::upsert(db, other, Rev(99), &Message { at: 9_999, ..message(99) }).unwrap();
    read_up_to(&cache, 1, 25);
    let holes: Vec<_> = to_fill(db, ME).unwrap().into_iter().map(|it| (it.room, it.hole.0.0)).collect();
    assert_eq!(holes, [(other, 3), (ROOM, 40), (ROOM, 20)]);
}
