use super::*;
use tripchat_protocol::RoomId;
use uuid::Uuid;

const EPOCH: Epoch = Epoch(7);

fn stream() -> StreamId {
    StreamId::Room(RoomId(Uuid::from_u128(1)))
}

fn at(rev: i64) -> Option<Cursor> {
    Some(Cursor(EPOCH, Rev(rev)))
}

fn change(rev: i64) -> LiveChange {
    LiveChange { stream: stream(), epoch: EPOCH, rev: Rev(rev), object: None }
}

fn stored(rev: i64) -> (Option<Cursor>, MarksNo) {
    (at(rev), MarksNo(5))
}

fn head(rev: i64, marks: i64) -> Head {
    Head(EPOCH, Rev(rev), MarksNo(marks))
}

fn room(n: u128) -> StreamId {
    StreamId::Room(RoomId(Uuid::from_u128(n)))
}

fn open() -> Gaps {
    let mut gaps = Gaps::default();
    gaps.open();
    gaps
}

#[test]
fn the_next_is_applied_and_the_old_ignored() {
    let mut gaps = open();
    assert_eq!(gaps.live(0, at(4), change(5)), Some(change(5)));
    assert_eq!(gaps.live(0, at(4), change(4)), None);
    assert_eq!(gaps.live(0, None, change(1)), Some(change(1)));
    assert_eq!(gaps.deadline(), None);
}

#[test]
fn one_that_overtook_waits_for_the_one_before_it() {
    let mut gaps = open();
    assert_eq!(gaps.live(100, at(4), change(6)), None);
    assert_eq!(gaps.live(110, at(4), change(5)), Some(change(5)));
    assert_eq!(gaps.next(stream(), at(5)), Some(change(6)));
    assert_eq!(gaps.next(stream(), at(6)), None);
    assert_eq!(gaps.deadline(), None);
}

#[test]
fn after_half_a_second_the_stream_is_asked_for_once() {
    let mut gaps = open();
    gaps.live(100, at(4), change(6));
    assert_eq!(gaps.deadline(), Some(600));
    assert_eq!(gaps.due(599), []);
    assert_eq!(gaps.due(600), [stream()]);
    assert_eq!(gaps.due(700), []);
    gaps.page(700, stream(), false);
    assert_eq!(gaps.next(stream(), at(6)), None);
    assert_eq!(gaps.deadline(), None);
}

#[test]
fn an_answer_that_does_not_come_is_noticed() {
    let mut gaps = open();
    gaps.live(0, at(4), change(6));
    gaps.due(500);
    assert!(!gaps.is_overdue(10_499));
    assert!(gaps.is_overdue(10_500));
    gaps.page(10_500, stream(), true);
    assert!(!gaps.is_overdue(20_499));
}

#[test]
fn a_lost_last_change_is_found_by_its_head() {
    let mut gaps = open();
    gaps.head(0, stored(9), stream(), head(9, 0));
    assert_eq!(gaps.deadline(), None);
    gaps.head(0, stored(8), stream(), head(9, 0));
    assert_eq!(gaps.due(500), [stream()]);
}

#[test]
fn a_head_of_another_epoch_is_ahead_whatever_its_rev() {
    let mut gaps = open();
    gaps.head(0, stored(9), stream(), Head(Epoch(8), Rev(3), MarksNo(0)));
    assert_eq!(gaps.next(stream(), at(9)), None);
    assert_eq!(gaps.due(500), [stream()]);
}

#[test]
fn what_was_held_is_let_go_with_the_connection() {
    let mut gaps = open();
    gaps.live(0, at(4), change(6));
    gaps.due(500);
    gaps.lost();
    gaps.open();
    assert_eq!((gaps.deadline(), gaps.is_overdue(99_999)), (None, false));
    assert_eq!(gaps.next(stream(), at(5)), None);
}

#[test]
fn what_was_held_of_another_epoch_is_let_go() {
    let mut gaps = open();
    gaps.live(0, at(4), change(6));
    assert_eq!(gaps.next(stream(), Some(Cursor(Epoch(8), Rev(5)))), None);
    assert_eq!(gaps.next(stream(), at(5)), None);
}

#[test]
fn another_epoch_is_asked_for_with_the_old_cursor() {
    let mut gaps = open();
    let other = LiveChange { epoch: Epoch(8), ..change(5) };
    assert_eq!(gaps.live(0, at(4), other), None);
    assert_eq!(gaps.due(500), [stream()]);
}

#[test]
fn nothing_is_asked_for_before_synced() {
    let mut gaps = Gaps::default();
    gaps.head(0, stored(1), stream(), head(9, 0));
    assert_eq!((gaps.due(9_999), gaps.deadline()), (vec![], None));
    gaps.next(stream(), at(9));
    gaps.open();
    assert_eq!(gaps.due(9_999), [], "it came by itself");
}

#[test]
fn no_more_than_256_are_held() {
    let mut gaps = open();
    for rev in 3..=1_000 {
        gaps.live(0, at(1), change(rev));
    }
    let mut cursor = 2;
    while gaps.next(stream(), at(cursor)).is_some() {
        cursor += 1;
    }
    assert_eq!(cursor, 2 + 256);
    assert_eq!(gaps.due(500), [stream()], "the rest is asked for");
}

#[test]
fn rooms_that_are_behind_are_asked_for_one_by_one_newest_first_and_an_opened_one_before_them() {
    let mut gaps = Gaps::default();
    for n in [9, 3, 7, 5] {
        gaps.behind(0, stored(1), room(n), head(4, 5));
    }
    assert_eq!(gaps.due(1_000), [], "the server may still read to us");
    gaps.page(10, room(9), false);
    assert_eq!(gaps.next(room(9), at(4)), None, "it came unasked");
    gaps.open();
    assert_eq!(gaps.deadline(), Some(0));
    assert_eq!(gaps.due(1_000), [room(3)]);
    assert_eq!((gaps.due(1_001), gaps.deadline()), (vec![], Some(11_000)));
    gaps.opened(room(5));
    gaps.page(1_100, room(3), true);
    assert_eq!(gaps.due(1_100), [], "not before the last page");
    gaps.page(1_200, room(3), false);
    assert_eq!(gaps.next(room(3), at(4)), None);
    assert_eq!(gaps.due(1_200), [room(5)]);
    assert!(gaps.is_coming(room(5)) && !gaps.is_coming(room(7)) && !gaps.is_coming(room(3)));
    gaps.page(1_300, room(5), false);
    assert_eq!(gaps.next(room(5), at(4)), None);
    assert_eq!(gaps.due(1_300), [room(7)]);
}

#[test]
fn a_live_change_of_a_room_that_is_behind_waits_for_its_turn() {
    let mut gaps = open();
    gaps.behind(0, stored(1), room(1), head(4, 5));
    gaps.behind(0, stored(1), room(2), head(4, 5));
    assert_eq!(gaps.due(0), [room(1)]);
    let change = LiveChange { stream: room(2), ..change(5) };
    assert_eq!(gaps.live(0, at(1), change), None);
    assert_eq!(gaps.due(9_000), []);
    gaps.page(9_000, room(1), false);
    gaps.next(room(1), at(4));
    assert_eq!(gaps.due(9_000), [room(2)]);
    gaps.page(9_100, room(2), false);
    assert_eq!(gaps.next(room(2), at(4)), None);
    assert_eq!(gaps.due(9_600), [room(2)], "what came meanwhile is known to be missing");
}

#[test]
fn marks_that_are_behind_are_asked_for_and_marks_that_came_are_not() {
    let mut gaps = open();
    gaps.head(0, stored(9), stream(), head(9, 5));
    assert_eq!(gaps.deadline(), None);
    gaps.head(0, stored(9), stream(), head(9, 7));
    gaps.has_marks(stream(), MarksNo(6));
    gaps.next(stream(), at(9));
    assert_eq!(gaps.due(500), [stream()]);
    gaps.page(600, stream(), false);
    gaps.has_marks(stream(), MarksNo(7));
    gaps.next(stream(), at(9));
    assert_eq!(gaps.deadline(), None);
}

#[test]
fn marks_that_do_not_come_are_not_asked_for_without_end() {
    let mut gaps = open();
    gaps.head(0, stored(9), stream(), head(9, 7));
    assert_eq!(gaps.due(500), [stream()]);
    gaps.page(600, stream(), false);
    gaps.next(stream(), at(9));
    assert_eq!((gaps.due(5_000), gaps.deadline()), (vec![], None));
    gaps.head(20_000, stored(9), stream(), head(9, 8));
    assert_eq!(gaps.due(20_500), [stream()], "the next word of it asks again");
}
