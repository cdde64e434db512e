use super::*;
use crate::cache::tests::fresh;
use crate::cache::{Cache, holes};
use tripchat_protocol::{Body, Epoch, Hole, MessageId, Rev, UserId};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));

/// Messages at every even seq up to 100, but for those in holes.
fn cache(missing: &[(i64, i64)]) -> (Cache, tempfile::TempDir) {
    let (cache, folder) = fresh();
    cache.read().pragma_update(None, "synchronous", "OFF").unwrap();
    for (after, before) in missing {
        holes::note(cache.read(), ROOM, Some(Epoch(1)), Hole(Seq(*after), Seq(*before))).unwrap();
    }
    for seq in (2..=100_i64).step_by(2) {
        if !missing.iter().any(|(after, before)| *after < seq && seq < *before) {
            let id = MessageId(Uuid::from_u128(u128::try_from(seq).unwrap()));
            let body = Body::Text { text: "x".into() };
            let author = UserId(Uuid::from_u128(7));
            let message = Message {
                id,
                seq: Seq(seq),
                author,
                body,
                at: 1,
                written_at: 1,
                edit_no: 0,
                edited_at: None,
            };
            messages::upsert(cache.read(), ROOM, Rev(seq), &message).unwrap();
        }
    }
    (cache, folder)
}

fn shelf(cache: &Cache) -> Shelf<'_> {
    Shelf { db: cache.read(), room: ROOM, behind: whole::Behind::No, unread_above: None }
}

/// The first and the last seq of a stretch, and what is beyond.
fn ends(shelf: Shelf<'_>, place: Place, limit: u32) -> (Option<(i64, i64)>, Beyond, Beyond) {
    let found = at(shelf, place, limit).unwrap();
    let seqs: Vec<i64> = found.messages.iter().map(|message| message.seq.0).collect();
    assert!(seqs.is_sorted());
    let ends = seqs.first().copied().zip(seqs.last().copied());
    if let Some((first, last)) = ends {
        let all = messages::above(shelf.db, ROOM, (Seq(first - 1), Seq(last)), 1_000).unwrap();
        assert_eq!(all.len(), seqs.len(), "nothing is left out between");
    }
    (ends, found.older, found.newer)
}

fn seq(seq: i64) -> Seq {
    Seq(seq)
}

use Beyond::{More, Nothing};

#[test]
fn a_whole_room_is_read_at_any_place() {
    let (cache, _folder) = cache(&[]);
    let read = |place, limit| ends(shelf(&cache), place, limit);
    assert_eq!(read(Place::Newest, 10), (Some((82, 100)), More, Nothing));
    assert_eq!(read(Place::Newest, 200), (Some((2, 100)), Nothing, Nothing));
    assert_eq!(read(Place::Newest, 0).0, Some((100, 100)), "at least one");
    assert_eq!(read(Place::Before { seq: seq(82) }, 10), (Some((62, 80)), More, More));
    assert_eq!(read(Place::Before { seq: seq(6) }, 10), (Some((2, 4)), Nothing, More));
    assert_eq!(read(Place::After { seq: seq(6) }, 3), (Some((8, 12)), More, More));
    assert_eq!(read(Place::After { seq: seq(94) }, 9), (Some((96, 100)), More, Nothing));
    assert_eq!(read(Place::After { seq: seq(100) }, 9), (None, More, Nothing));
    assert_eq!(read(Place::Around { seq: seq(50) }, 5), (Some((46, 54)), More, More));
    assert_eq!(read(Place::Around { seq: seq(2) }, 5), (Some((2, 10)), Nothing, More));
}

#[test]
fn no_stretch_spans_a_hole() {
    let (cache, _folder) = cache(&[(30, 60)]);
    let read = |place| ends(shelf(&cache), place, 200);
    assert_eq!(read(Place::Newest), (Some((60, 100)), Beyond::Hole(seq(60)), Nothing));
    assert_eq!(read(Place::Before { seq: seq(60) }), (None, Beyond::Hole(seq(60)), More));
    assert_eq!(read(Place::Before { seq: seq(45) }), (None, Beyond::Hole(seq(45)), Beyond::Hole(seq(44))));
    assert_eq!(read(Place::After { seq: seq(10) }), (Some((12, 30)), More, Beyond::Hole(seq(30))));
    assert_eq!(read(Place::Around { seq: seq(20) }), (Some((2, 30)), Nothing, Beyond::Hole(seq(30))));
    assert_eq!(
        read(Place::Between { from: seq(20), to: Some(seq(80)) }),
        (Some((20, 30)), More, Beyond::Hole(seq(30)))
    );
}

#[test]
fn the_first_unread_stands_with_what_is_on_both_sides() {
    let (whole, _folder) = cache(&[]);
    let unread = |cache: &Cache, read| {
        ends(Shelf { unread_above: Some(seq(read)), ..shelf(cache) }, Place::FirstUnread, 10)
    };
    assert_eq!(unread(&whole, 50), (Some((42, 60)), More, More));
    assert_eq!(unread(&whole, 0), (Some((2, 20)), Nothing, More));
    assert_eq!(ends(shelf(&whole), Place::FirstUnread, 10), (Some((82, 100)), More, Nothing));
    let (holed, _folder) = cache(&[(50, 90)]);
    assert_eq!(unread(&holed, 50), (Some((42, 50)), More, Beyond::Hole(seq(50))));
    let (deep, _folder) = cache(&[(0, 90)]);
    assert_eq!(unread(&deep, 50), (None, Beyond::Hole(seq(51)), Beyond::Hole(seq(50))));
}

#[test]
fn what_is_shown_is_looked_at_again_as_it_was() {
    let (cache, _folder) = cache(&[]);
    let read =
        |from, to: Option<i64>| ends(shelf(&cache), Place::Between { from: seq(from), to: to.map(seq) }, 1);
    assert_eq!(read(20, Some(80)), (Some((20, 80)), More, More));
    assert_eq!(read(2, Some(100)), (Some((2, 100)), Nothing, Nothing));
    assert_eq!(read(90, None), (Some((90, 100)), More, Nothing));
    assert_eq!(read(1, None), (Some((2, 100)), Nothing, Nothing));
}

#[test]
fn what_is_shown_stays_when_a_hole_comes_after_it() {
    let (cache, _folder) = cache(&[(30, 60)]);
    let again = ends(shelf(&cache), Place::Between { from: seq(20), to: None }, 1);
    assert_eq!(again, (Some((20, 30)), More, Beyond::Hole(seq(30))));
}

#[test]
fn a_room_that_is_behind_does_not_look_whole() {
    let (cache, _folder) = cache(&[]);
    let read = |behind, place| ends(Shelf { behind, ..shelf(&cache) }, place, 10);
    assert_eq!(read(whole::Behind::Yes, Place::Newest), (Some((82, 100)), More, Beyond::Behind));
    assert_eq!(read(whole::Behind::Yes, Place::Before { seq: seq(50) }).2, More);
    let (empty, _folder) = fresh();
    let nothing = Shelf { behind: whole::Behind::Nothing, ..shelf(&empty) };
    assert_eq!(ends(nothing, Place::Newest, 10), (None, Beyond::Behind, Beyond::Behind));
}

#[test]
fn ten_thousand_messages_are_read_a_page_at_a_time() {
    let (cache, _folder) = fresh();
    for sql in [
        "SELECT seq FROM message WHERE room = 'r' AND seq >= 1 AND seq < 9 ORDER BY seq DESC LIMIT 5",
        "SELECT seq FROM message WHERE room = 'r' AND seq > 1 AND seq <= 9 ORDER BY seq LIMIT 5",
        "SELECT after FROM hole WHERE room = 'r' AND after < 9 ORDER BY after DESC LIMIT 1",
        "SELECT after FROM hole WHERE room = 'r' AND before > 9 ORDER BY after LIMIT 1",
    ] {
        let plan: String =
            cache.read().query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [], |row| row.get(3)).unwrap();
        assert!(plan.starts_with("SEARCH") && plan.contains("PRIMARY KEY (room=?"), "{plan}");
    }
}
