use super::super::tests::fresh;
use super::*;
use tripchat_protocol::{MessageId, System};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));

fn message(id: u128, seq: i64, text: &str) -> Message {
    let body = Body::Text { text: text.into() };
    let author = UserId(Uuid::from_u128(7));
    let id = MessageId(Uuid::from_u128(id));
    Message { id, seq: Seq(seq), author, body, at: 1, written_at: 2, edit_no: 0, edited_at: None }
}

fn all(db: &Connection) -> Vec<Message> {
    below(db, ROOM, (Seq(0), Seq(i64::MAX)), 99).unwrap()
}

#[test]
fn pages_go_both_ways_and_read_forwards() {
    let (cache, _folder) = fresh();
    for n in 1..=5_i64 {
        upsert(cache.read(), ROOM, Rev(n), &message(u128::try_from(n).unwrap(), n, "x")).unwrap();
    }
    let seqs = |found: rusqlite::Result<Vec<Message>>| -> Vec<i64> {
        found.unwrap().iter().map(|m| m.seq.0).collect()
    };
    let down = |from, before, limit| seqs(below(cache.read(), ROOM, (Seq(from), Seq(before)), limit));
    let up = |after, to, limit| seqs(above(cache.read(), ROOM, (Seq(after), Seq(to)), limit));
    assert_eq!(down(0, i64::MAX, 2), [4, 5]);
    assert_eq!(down(0, 4, 2), [2, 3]);
    assert_eq!(down(3, i64::MAX, 9), [3, 4, 5]);
    assert_eq!(up(1, i64::MAX, 2), [2, 3]);
    assert_eq!(up(1, 4, 9), [2, 3, 4]);
    assert_eq!(newest(cache.read(), ROOM).unwrap().unwrap().seq, Seq(5));
    assert_eq!(last_at_or_below(cache.read(), ROOM, Seq(3)).unwrap(), Some(Seq(3)));
    assert_eq!(last_at_or_below(cache.read(), ROOM, Seq(0)).unwrap(), None);
}

#[test]
fn a_later_version_keeps_the_place_and_an_older_one_is_ignored() {
    let (cache, _folder) = fresh();
    let edited = Message { edit_no: 1, edited_at: Some(8), ..message(1, 3, "edited") };
    assert!(upsert(cache.read(), ROOM, Rev(3), &message(1, 3, "first")).unwrap());
    assert!(upsert(cache.read(), ROOM, Rev(9), &edited).unwrap());
    assert!(!upsert(cache.read(), ROOM, Rev(3), &message(1, 3, "first")).unwrap());
    assert_eq!(all(cache.read()), [edited]);
}

#[test]
fn a_message_that_moved_leaves_its_old_place() {
    let (cache, _folder) = fresh();
    assert!(upsert(cache.read(), ROOM, Rev(3), &message(1, 3, "here")).unwrap());
    assert!(upsert(cache.read(), ROOM, Rev(9), &message(1, 9, "here")).unwrap());
    assert!(upsert(cache.read(), ROOM, Rev(10), &message(2, 9, "another in its place")).unwrap());
    assert_eq!(all(cache.read()), [message(2, 9, "another in its place")]);
}

#[test]
fn what_is_said_for_the_record_is_neither_counted_nor_the_newest_line() {
    let (cache, _folder) = fresh();
    let me = UserId(Uuid::from_u128(8));
    let said = |id: u128, seq, said| Message { body: Body::System(said), ..message(id, seq, "") };
    for (rev, it) in [said(1, 1, System::Confirmed), said(2, 2, System::Boarded), said(3, 3, System::Left)]
        .iter()
        .enumerate()
    {
        upsert(cache.read(), ROOM, Rev(i64::try_from(rev).unwrap() + 1), it).unwrap();
    }
    let above = (Seq(0), Seq(i64::MAX));
    assert_eq!(countable(cache.read(), ROOM, me, above, 9).unwrap(), 1);
    assert_eq!(newest_countable(cache.read(), ROOM, me, Seq(0)).unwrap().unwrap().seq, Seq(1));
    assert_eq!(newest_countable(cache.read(), ROOM, me, Seq(1)).unwrap(), None);
    assert_eq!(newest(cache.read(), ROOM).unwrap().unwrap().seq, Seq(1));
    assert_eq!(all(cache.read()).len(), 3, "it is there to be read");
}

#[test]
fn others_standing_messages_count_up_to_a_bound() {
    let (cache, _folder) = fresh();
    let (me, them) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(7)));
    for n in 1..=6_i64 {
        let mut it = message(u128::try_from(n).unwrap(), n, "x");
        it.author = if n == 2 { me } else { them };
        it.body = match n {
            3 => Body::Deleted,
            4 => Body::Unknown(serde_json::json!({"kind": "STICKER"})),
            _ => it.body,
        };
        upsert(cache.read(), ROOM, Rev(n), &it).unwrap();
    }
    let count = |after, to, most| countable(cache.read(), ROOM, me, (Seq(after), Seq(to)), most).unwrap();
    assert_eq!((count(0, 9, 100), count(1, 9, 100), count(0, 4, 100), count(0, 9, 2)), (4, 3, 2, 2));
    assert_eq!(newest_countable(cache.read(), ROOM, me, Seq(0)).unwrap().unwrap().seq, Seq(6));
    assert_eq!(newest_countable(cache.read(), ROOM, me, Seq(6)).unwrap(), None);
    // The count is asked for each row of the list: it reads nothing but its index.
    let plan: String = cache
        .read()
        .query_row(
            "EXPLAIN QUERY PLAN SELECT 1 FROM message INDEXED BY message_standing
             WHERE room = 'r' AND seq > 1 AND author <> 'a' AND deleted = 0 AND silent = 0 LIMIT 100",
            [],
            |row| row.get(3),
        )
        .unwrap();
    assert!(plan.contains("COVERING INDEX message_standing (room=? AND seq>?)"), "{plan}");
}
