use super::super::messages;
use super::super::tests::fresh;
use super::super::{Cache, CacheError};
use super::*;
use proptest::prelude::*;
use tripchat_protocol::{Message, MessageId, Rev, UserId};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const OTHER: RoomId = RoomId(Uuid::from_u128(2));

fn message(seq: i64, body: Body) -> Message {
    let id = MessageId(Uuid::from_u128(u128::try_from(seq).unwrap()));
    let author = UserId(Uuid::from_u128(7));
    Message { id, seq: Seq(seq), author, body, at: 1_000 + seq, written_at: 2, edit_no: 0, edited_at: None }
}

fn put(cache: &Cache, room: RoomId, seq: i64, rev: i64, text: &str) {
    let message = message(seq, Body::Text { text: text.into() });
    messages::upsert(cache.read(), room, Rev(rev), &message).unwrap();
}

fn found(cache: &Cache, query: &str) -> Vec<i64> {
    find(cache.read(), query, None, 50).unwrap().into_iter().map(|(_, seq)| seq.0).collect()
}

#[test]
fn words_are_found_by_their_beginnings_whatever_their_case_and_marks() {
    let (cache, _folder) = fresh();
    put(&cache, ROOM, 1, 1, "Жду у ЁЛКИ, возле фонтана");
    put(&cache, ROOM, 2, 2, "La estación de Bishkek está cerca");
    put(&cache, ROOM, 3, 3, "Қорғас шекарасы");
    for (query, places) in [
        ("елк", vec![1]),
        ("ёлки", vec![1]),
        ("фонт ЖДУ", vec![1]),
        ("estacion", vec![2]),
        ("ESTA bish", vec![2]),
        ("қорғ", vec![3]),
        ("лки", vec![]),
        ("фонтана бишкек", vec![]),
    ] {
        assert_eq!(found(&cache, query), places, "{query}");
    }
}

#[test]
fn the_newest_come_first_and_no_more_than_asked_for() {
    let (cache, _folder) = fresh();
    // What is older may come later: a hole that is filled.
    for (room, seq) in [(ROOM, 7), (ROOM, 9), (OTHER, 8), (ROOM, 3), (OTHER, 9)] {
        put(&cache, room, seq, seq, "bus");
    }
    assert_eq!(found(&cache, "bus"), [9, 9, 8, 7, 3]);
    let two = find(cache.read(), "bus", Some(ROOM), 2).unwrap();
    assert_eq!(two, [(ROOM, Seq(9)), (ROOM, Seq(7))]);
    assert_eq!(find(cache.read(), "bus", Some(OTHER), 9).unwrap(), [(OTHER, Seq(9)), (OTHER, Seq(8))]);
    let plan: String = cache
        .read()
        .prepare("EXPLAIN QUERY PLAN SELECT rowid FROM search WHERE search MATCH 'words : a' ORDER BY rowid DESC LIMIT 2")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(3))
        .unwrap()
        .collect::<rusqlite::Result<Vec<_>>>()
        .unwrap()
        .join("; ");
    assert!(!plan.contains("TEMP B-TREE"), "nothing is sorted: {plan}");
}

#[test]
fn edits_and_deletions_are_followed_at_once_and_nothing_of_the_words_stays() {
    let (cache, _folder) = fresh();
    put(&cache, ROOM, 1, 1, "the password is swordfish");
    put(&cache, ROOM, 2, 2, "unrelated");
    put(&cache, ROOM, 1, 3, "never mind");
    assert_eq!((found(&cache, "swordfish"), found(&cache, "mind")), (vec![], vec![1]));
    messages::upsert(cache.read(), ROOM, Rev(4), &message(1, Body::Deleted)).unwrap();
    assert_eq!((found(&cache, "mind"), found(&cache, "unrel")), (vec![], vec![2]));
    let left = |word: &str| -> i64 {
        let index = "SELECT count(*) FROM search_data WHERE instr(block, ?1) > 0";
        cache.read().query_row(index, [word.as_bytes()], |row| row.get(0)).unwrap()
    };
    assert_eq!((left("swordfish"), left("mind")), (0, 0));
    assert_eq!(left("unrelated"), 1, "the index keeps words like this");
    messages::clear(cache.read(), ROOM).unwrap();
    assert_eq!(found(&cache, "unrelated"), Vec::<i64>::new());
    let rows: i64 = cache.read().query_row("SELECT count(*) FROM words", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0);
}

#[test]
fn a_cache_of_the_last_version_is_searched_and_counted_after_it_is_opened() -> Result<(), CacheError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cache.db");
    let old = Connection::open(&path)?;
    old.execute_batch(include_str!("../../../migrations/client/V0001__start.sql"))?;
    old.pragma_update(None, "user_version", 1)?;
    let author = UserId(Uuid::from_u128(7));
    for (seq, body) in [
        (1, r#"{"kind":"TEXT","text":"Встреча у Зелёного базара"}"#),
        (2, r#"{"kind":"STICKER","pack":1}"#),
        (3, r#"{"kind":"DELETED"}"#),
    ] {
        let id = Uuid::from_u128(seq);
        old.execute(
            "INSERT INTO message (room, seq, id, author, rev, body, at, written_at)
             VALUES (?1, ?2, ?3, ?4, ?2, ?5, 10, 9)",
            params![ROOM.to_string(), i64::try_from(seq).unwrap(), id.to_string(), author.to_string(), body],
        )?;
    }
    old.execute(
        "INSERT INTO outbox (id, room, text, written_at) VALUES (?1, ?2, 'waits', 5)",
        params![Uuid::from_u128(9).to_string(), ROOM.to_string()],
    )?;
    drop(old);
    let cache = Cache::open(&path)?;
    assert_eq!(found(&cache, "зеленого"), [1]);
    let me = UserId(Uuid::from_u128(8));
    assert_eq!(messages::countable(cache.read(), ROOM, me, (Seq(0), Seq(9)), 100)?, 2);
    assert_eq!(super::super::outbox::all(cache.read())?.len(), 1);
    Ok(())
}

#[test]
fn what_was_found_is_marked_where_it_stands() {
    assert_eq!(marks("Еду! 🚌 Ёлка, ёлочка", "елк ЕД"), [(0, 2), (8, 11)]);
    assert_eq!(marks("Еду", "?"), []);
    assert_eq!(marks("banana ban", "b ban"), [(0, 3), (7, 10)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_typed_is_answered(query in any::<String>(), signs in "[\"'*():^+\\-{}~ANDORT ]{0,12}") {
        let (cache, _folder) = fresh();
        cache.read().pragma_update(None, "synchronous", "OFF").unwrap();
        put(&cache, ROOM, 1, 1, &query);
        for asked in [query.as_str(), signs.as_str()] {
            find(cache.read(), asked, None, 5).unwrap();
            find(cache.read(), asked, Some(ROOM), 5).unwrap();
            marks(&query, asked);
        }
        let has_words = words(&query).len() <= MOST_WORDS && !joined(&query).is_empty();
        prop_assert_eq!(found(&cache, &query), if has_words { vec![1] } else { found(&cache, &query) });
    }
}
