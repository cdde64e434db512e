//! What an `ok` leaves behind.

use super::*;
use crate::cache::{cursors, tests::fresh};
use tripchat_protocol::{Cursor, Epoch, MessageId, OperationId, StreamId};
use uuid::Uuid;

fn me() -> UserId {
    UserId(Uuid::from_u128(1))
}

fn room() -> RoomId {
    RoomId(Uuid::from_u128(2))
}

fn message() -> MessageId {
    MessageId(Uuid::from_u128(3))
}

fn operation(n: u128) -> OperationId {
    OperationId(Uuid::from_u128(n))
}

fn done(id: OperationId, rev: Option<i64>, seq: Option<i64>) -> Done {
    let stream = Some(StreamId::Room(room()));
    Done { id: Some(id), stream, rev: rev.map(Rev), seq: seq.map(Seq), at: 20, duplicate: false }
}

/// One's own message, stored at its place as it stood at `rev`.
fn stored(cache: &Cache, text: &str, edit_no: u32, rev: i64) {
    let body = Body::Text { text: text.into() };
    let edited_at = (edit_no > 0).then_some(15);
    let of = Message {
        id: message(),
        seq: Seq(5),
        author: me(),
        body,
        at: 12,
        written_at: 10,
        edit_no,
        edited_at,
    };
    messages::upsert(cache.read(), room(), Rev(rev), &of).unwrap();
}

fn shown(cache: &Cache) -> (Rev, Message) {
    messages::find(cache.read(), room(), me(), message()).unwrap().unwrap()
}

fn text(cache: &Cache) -> String {
    match shown(cache).1.body {
        Body::Text { text } => text,
        other => format!("{other:?}"),
    }
}

#[test]
fn an_ok_stores_the_message_and_leaves_the_cursor() {
    let (mut cache, _folder) = fresh();
    outbox::insert(cache.read(), message(), room(), "here", 10).unwrap();
    let before = Cursor(Epoch(7), Rev(3));
    cursors::set(cache.read(), StreamId::Room(room()), before).unwrap();
    let no_place = done(message().into(), None, None);
    assert_eq!(accepted(&mut cache, me(), &no_place).unwrap(), Settled::Unusable);
    let done = done(message().into(), Some(5), Some(5));
    assert_eq!(accepted(&mut cache, me(), &done).unwrap(), Settled::Stored(room()));
    assert_eq!(accepted(&mut cache, me(), &done).unwrap(), Settled::Known);
    assert_eq!(outbox::all(cache.read()).unwrap(), []);
    let (rev, stored) = shown(&cache);
    assert_eq!((rev, stored.seq, stored.at, stored.written_at), (Rev(5), Seq(5), 20, 10));
    assert_eq!(cursors::all(cache.read()).unwrap(), [(StreamId::Room(room()), before)]);
}

#[test]
fn a_repeat_of_a_message_that_was_edited_since_does_not_hide_the_edit() {
    let (mut cache, _folder) = fresh();
    outbox::insert(cache.read(), message(), room(), "first", 10).unwrap();
    let repeat = Done { duplicate: true, ..done(message().into(), Some(9), Some(5)) };
    assert_eq!(accepted(&mut cache, me(), &repeat).unwrap(), Settled::Stored(room()));
    stored(&cache, "second", 1, 9);
    assert_eq!(text(&cache), "second");
}

#[test]
fn an_edit_that_was_taken_never_flickers_back() {
    let (mut cache, _folder) = fresh();
    stored(&cache, "first", 0, 5);
    for (n, text) in [(11, "second"), (12, "third")] {
        let edit = Do::Edit { edit_no: u32::try_from(n - 11).unwrap(), text: text.into() };
        outbox::insert_change(cache.read(), operation(n), room(), message(), &edit).unwrap();
    }
    assert_eq!(
        accepted(&mut cache, me(), &done(operation(11), Some(8), None)).unwrap(),
        Settled::Stored(room())
    );
    assert_eq!(text(&cache), "second");
    assert_eq!(
        accepted(&mut cache, me(), &done(operation(12), Some(9), None)).unwrap(),
        Settled::Stored(room())
    );
    assert_eq!((text(&cache), shown(&cache).1.edit_no), ("third".into(), 2));
    stored(&cache, "second", 1, 8);
    assert_eq!(text(&cache), "third", "the first one's change comes late and undoes nothing");
    stored(&cache, "third", 2, 9);
    assert_eq!(shown(&cache).0, Rev(9), "the server's own word replaces ours");
    assert_eq!(shown(&cache).1.edited_at, Some(15));
}

#[test]
fn an_ok_that_comes_after_a_newer_version_changes_nothing_but_the_outbox() {
    let (mut cache, _folder) = fresh();
    stored(&cache, "newest", 4, 30);
    let edit = Do::Edit { edit_no: 0, text: "older".into() };
    outbox::insert_change(cache.read(), operation(11), room(), message(), &edit).unwrap();
    accepted(&mut cache, me(), &done(operation(11), Some(8), None)).unwrap();
    assert_eq!((text(&cache), outbox::all(cache.read()).unwrap()), ("newest".into(), vec![]));
}

#[test]
fn a_delete_that_was_taken_shows_at_once_and_an_edit_does_not_bring_it_back() {
    let (mut cache, _folder) = fresh();
    stored(&cache, "first", 0, 5);
    outbox::insert_change(cache.read(), operation(11), room(), message(), &Do::Delete).unwrap();
    let edit = Do::Edit { edit_no: 0, text: "too late".into() };
    outbox::insert_change(cache.read(), operation(12), room(), message(), &edit).unwrap();
    accepted(&mut cache, me(), &done(operation(11), Some(8), None)).unwrap();
    assert_eq!(shown(&cache).1.body, Body::Deleted);
    accepted(&mut cache, me(), &done(operation(12), None, None)).unwrap();
    assert_eq!(shown(&cache).1.body, Body::Deleted);
}

#[test]
fn a_change_to_a_message_that_is_not_here_settles_too() {
    let (mut cache, _folder) = fresh();
    outbox::insert_change(cache.read(), operation(11), room(), message(), &Do::Delete).unwrap();
    let settled = accepted(&mut cache, me(), &done(operation(11), Some(8), None)).unwrap();
    assert_eq!((settled, outbox::all(cache.read()).unwrap()), (Settled::Stored(room()), vec![]));
}
